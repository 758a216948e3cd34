package org.agentchat.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import tools.jackson.databind.JsonNode;

/// One who talks, many who listen, and one who does not read, in one channel. Whoever listens must
/// hear every message once, in order. One thread.
final class Assembly implements AutoCloseable {
  private static final String CHANNEL = "#agents";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(1);
  private static final int BUFFER_BYTES = 8 * 1024;

  /// Messages on their way at the most.
  private static final int WINDOW = 32;

  /// A close frame with a short reason.
  private static final int FAREWELL_CHARS = 64;

  private static final byte[] MARK = "\"content\":\"said-".getBytes(StandardCharsets.US_ASCII);

  /// `{"type":"`, behind which the type begins.
  private static final int TYPE_AT = 9;

  private final URI relay;
  private final Selector selector;
  private final List<Member> members = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private BenchSocket deaf;
  private String deafId = "";
  private boolean deafLeft;
  private int joined;
  private long said;

  Assembly(URI relay, Selector selector) {
    this.relay = relay;
    this.selector = selector;
  }

  /// One who listens; the first of them also talks.
  private static final class Member {
    private final BenchSocket socket;
    private long heard;

    Member(BenchSocket socket) {
      this.socket = socket;
    }
  }

  /// Lets one in who does not read once it is in.
  void joinDeaf() throws IOException {
    deaf = BenchSocket.connect(relay, BUFFER_BYTES);
    say(deaf, new ClientMessage.Identify("deaf", null));
    say(deaf, new ClientMessage.Join(CHANNEL));
    boolean[] in = {false};
    while (!in[0]) {
      deaf.read((_, payload, offset, length) -> {
        JsonNode frame = parse(payload, offset, length);
        deafId = frame.path("agent_id").asString(deafId);
        in[0] |= frame.path("type").asString("").equals("JOINED");
      });
    }
  }

  /// Lets so many in and waits until all of them are.
  void join(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Member member = new Member(BenchSocket.connect(relay, BUFFER_BYTES));
      members.add(member);
      member.socket.unblock();
      member.socket.channel().register(selector, SelectionKey.OP_READ, member);
      say(member.socket, new ClientMessage.Identify("member-" + i, null));
      say(member.socket, new ClientMessage.Join(CHANNEL));
      look();
    }
    await(() -> joined == count);
  }

  /// Says something to the channel, as soon as nobody is too far behind.
  void talk() throws IOException {
    await(() -> said - heardByAll() < WINDOW);
    said++;
    say(talker(), new ClientMessage.Msg(CHANNEL, "said-" + said + " ", null, null, null));
  }

  void talkToDeaf(String text) throws IOException {
    say(talker(), new ClientMessage.Msg(deafId, text, null, null, null));
    await(() -> {
      try {
        return talker().flush();
      } catch (IOException e) {
        return complaints.add("talker: " + e.getMessage());
      }
    });
  }

  private BenchSocket talker() {
    return members.getFirst().socket;
  }

  /// Whether the others were told that the deaf one is gone.
  boolean hasDeafLeft() {
    return deafLeft;
  }

  /// Reads all that was kept for the deaf one: its last bytes. It answers no ping, for the relay is
  /// gone by then, and who writes to a closed socket loses what is still to be read.
  String farewellToDeaf() throws IOException {
    await(() -> deafLeft);
    StringBuilder end = new StringBuilder();
    ByteBuffer some = ByteBuffer.allocate(64 * 1024);
    while (deaf.channel().read(some.clear()) >= 0) {
      end.append(StandardCharsets.ISO_8859_1.decode(some.flip()));
      end.delete(0, Math.max(0, end.length() - FAREWELL_CHARS));
    }
    return end.toString();
  }

  long said() {
    return said;
  }

  /// How many messages everybody has heard.
  long heardByAll() {
    return members.stream().mapToLong(member -> member.heard).min().orElse(0);
  }

  /// Waits until all that was said is heard; who missed something, or was thrown out.
  List<String> complaints() throws IOException {
    await(() -> heardByAll() == said);
    return complaints;
  }

  private static void say(BenchSocket socket, ClientMessage message) throws IOException {
    socket.send(Json.text(ClientMessageCodec.encode(message)));
  }

  /// Reads on until it is so, somebody complains, or patience ends.
  private void await(BooleanSupplier wanted) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!wanted.getAsBoolean() && complaints.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        complaints.add(
            "after %s: %d joined, %d said, %d heard by all"
                .formatted(PATIENCE, joined, said, heardByAll()));
      }
      look();
    }
  }

  private void look() throws IOException {
    selector.select(key -> read(key, (Member) key.attachment()), LOOK.toMillis());
  }

  private void read(SelectionKey key, Member member) {
    try {
      member.socket.read((_, payload, offset, length) -> heard(member, payload, offset, length));
    } catch (IOException e) {
      key.cancel();
      complaints.add("member " + members.indexOf(member) + ": " + e.getMessage());
    }
  }

  private void heard(Member member, byte[] payload, int offset, int length) {
    switch (payload[offset + TYPE_AT]) {
      case 'M' -> message(member, payload, offset, length);
      case 'J' -> joined++;
      case 'E' -> refused(parse(payload, offset, length));
      case 'A' -> {
        if (member == members.getFirst()) {
          news(parse(payload, offset, length));
        }
      }
      default -> {}
    }
  }

  /// The deaf one may be gone before the talker hears of it.
  private void refused(JsonNode error) {
    if (!error.path("code").asString("").equals("AGENT_NOT_FOUND")) {
      complaints.add(error.toString());
    }
  }

  private void news(JsonNode frame) {
    deafLeft |=
        frame.path("type").asString("").equals("AGENT_LEFT")
            && frame.path("agent").asString("").equals(deafId);
  }

  private void message(Member member, byte[] payload, int offset, int length) {
    long number = number(payload, offset, length);
    if (number > 0 && number != ++member.heard) {
      complaints.add(
          "member %d heard %d as message %d"
              .formatted(members.indexOf(member), number, member.heard));
    }
  }

  /// The number of a message that was said here, or 0 for any other.
  private static long number(byte[] payload, int offset, int length) {
    int at = find(payload, offset, offset + length - MARK.length);
    long number = 0;
    for (int i = at + MARK.length; at >= 0 && payload[i] != ' '; i++) {
      number = number * 10 + payload[i] - '0';
    }
    return number;
  }

  private static int find(byte[] payload, int from, int to) {
    for (int at = from; at < to; at++) {
      if (isMark(payload, at)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean isMark(byte[] payload, int at) {
    for (int i = 0; i < MARK.length; i++) {
      if (payload[at + i] != MARK[i]) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode parse(byte[] payload, int offset, int length) {
    return Json.parse(new String(payload, offset, length, StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    deaf.close();
    for (Member member : members) {
      member.socket.close();
    }
  }
}
