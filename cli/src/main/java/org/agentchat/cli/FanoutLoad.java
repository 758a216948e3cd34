package org.agentchat.cli;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import tools.jackson.databind.JsonNode;

/// A few agents who talk to many in one channel, all on one thread: whoever lags behind is the
/// server, not the listener.
///
/// Senders go on while the slowest receiver is less than a window behind, so that a server which
/// cuts off slow readers has no reason to.
///
/// @param bytes of each message's content
/// @param warmUp load before the measurement begins
record FanoutLoad(int receivers, int senders, int bytes, Duration warmUp, Duration duration) {
  /// Messages on their way at most: a quarter of what our relay keeps for a slow reader.
  private static final int WINDOW = 256;

  private static final String CHANNEL = "#agents";
  private static final Duration HANDSHAKE_WITHIN = Duration.ofSeconds(15);
  private static final Duration DRAIN_WITHIN = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(1);

  /// How long a sender rests after a refusal.
  private static final Duration REST = Duration.ofSeconds(1);

  /// What came out.
  ///
  /// @param messages sent and not refused while it was measured
  /// @param deliveries to receivers, while it was measured
  /// @param lost deliveries that did not come, in the whole run
  /// @param evicted connections that the server ended
  /// @param refused messages by error code
  record Result(
      long messages,
      long deliveries,
      double seconds,
      Latencies.Quantiles delivery,
      CpuMeter.Cost cpuMicros,
      long lost,
      long evicted,
      NavigableMap<String, Long> refused) {}

  /// Connects everybody and runs the load.
  Result run(BenchServer server) throws IOException {
    try (Selector selector = Selector.open();
        Run run = new Run(selector)) {
      run.connect(server.uri());
      run.warmUp();
      CpuMeter meter = new CpuMeter(server);
      run.measure();
      CpuMeter.Cost cost = meter.cost(run.deliveries);
      run.drain();
      return run.result(cost);
    }
  }

  /// One agent.
  private static final class Member {
    private final BenchSocket socket;
    private final boolean sends;
    private long delivered;
    private long restsUntil;
    private boolean gone;
    private String welcome = "";

    Member(BenchSocket socket, boolean sends) {
      this.socket = socket;
      this.sends = sends;
    }
  }

  /// One run: who is connected, and what was counted.
  private final class Run implements AutoCloseable {
    private final Selector selector;
    private final List<Member> members = new ArrayList<>();
    private final FanoutStamp stamp = new FanoutStamp();
    private final Latencies latencies = new Latencies();
    private final NavigableMap<String, Long> refused = new TreeMap<>();
    private final long origin = System.nanoTime();
    private long sent;
    private long notTaken;
    private long evicted;
    private long messages;
    private long deliveries;
    private double seconds;

    Run(Selector selector) {
      this.selector = selector;
    }

    void connect(URI relay) throws IOException {
      for (int i = 0; i < receivers; i++) {
        join(relay, "bench-r" + i, false);
      }
      for (int i = 0; i < senders; i++) {
        join(relay, "bench-s" + i, true);
      }
    }

    private void join(URI relay, String name, boolean sends) throws IOException {
      Member member = new Member(BenchSocket.connect(relay), sends);
      members.add(member);
      member.socket.unblock();
      member.socket.channel().register(selector, SelectionKey.OP_READ, member);
      ask(member, new ClientMessage.Identify(name, null), "WELCOME");
      ask(member, new ClientMessage.Join(CHANNEL), "JOINED");
    }

    private void ask(Member member, ClientMessage question, String answer) throws IOException {
      member.welcome = "";
      member.socket.send(Json.text(ClientMessageCodec.encode(question)));
      long deadline = System.nanoTime() + HANDSHAKE_WITHIN.toNanos();
      while (!member.welcome.equals(answer)) {
        if (member.gone || member.welcome.equals("ERROR") || System.nanoTime() - deadline > 0) {
          throw new IOException(
              "the server did not answer with %s%s"
                  .formatted(answer, refused.isEmpty() ? "" : " but with " + refused.firstKey()));
        }
        look();
      }
    }

    void warmUp() throws IOException {
      pump(System.nanoTime() + warmUp.toNanos());
      latencies.clear();
    }

    void measure() throws IOException {
      long messagesBefore = sent - notTaken;
      long deliveriesBefore = delivered();
      long begin = System.nanoTime();
      pump(begin + duration.toNanos());
      seconds = (System.nanoTime() - begin) / 1e9;
      messages = sent - notTaken - messagesBefore;
      deliveries = delivered() - deliveriesBefore;
    }

    private void pump(long until) throws IOException {
      for (long now = System.nanoTime(); now - until < 0; now = System.nanoTime()) {
        long room = WINDOW - outstanding();
        for (Member member : members) {
          if (member.sends && !member.gone && room > 0 && now - member.restsUntil >= 0) {
            room -= say(member);
          }
        }
        look();
      }
    }

    private int say(Member member) throws IOException {
      if (!member.socket.flush()) {
        return 0;
      }
      String text = stamp.text(micros(), bytes);
      ClientMessage message = new ClientMessage.Msg(CHANNEL, text, null, null, null);
      member.socket.send(Json.text(ClientMessageCodec.encode(message)));
      sent++;
      return 1;
    }

    /// Waits for what is still on its way.
    void drain() throws IOException {
      long deadline = System.nanoTime() + DRAIN_WITHIN.toNanos();
      while (outstanding() > 0 && System.nanoTime() - deadline < 0) {
        for (Member member : members) {
          if (member.sends && !member.gone) {
            member.socket.flush();
          }
        }
        look();
      }
    }

    /// How far the slowest receiver is behind.
    private long outstanding() {
      long slowest = Long.MAX_VALUE;
      for (Member member : members) {
        if (!member.gone) {
          slowest = Math.min(slowest, member.delivered);
        }
      }
      return slowest == Long.MAX_VALUE ? 0 : sent - notTaken - slowest;
    }

    private long delivered() {
      return members.stream()
          .filter(member -> !member.sends)
          .mapToLong(member -> member.delivered)
          .sum();
    }

    private long micros() {
      return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - origin);
    }

    private void look() throws IOException {
      selector.select(key -> read((Member) key.attachment()), LOOK.toMillis());
    }

    private void read(Member member) {
      try {
        long now = micros();
        member.socket.read(
            (_, payload, offset, length) -> heard(member, now, payload, offset, length));
      } catch (EOFException _) {
        end(member);
      } catch (IOException e) {
        refused.merge("BROKEN: " + e.getMessage(), 1L, Long::sum);
        end(member);
      }
    }

    private void heard(Member member, long now, byte[] payload, int offset, int length) {
      long micros = stamp.micros(payload, offset, length);
      if (micros >= 0) {
        member.delivered++;
        if (!member.sends) {
          latencies.add(TimeUnit.MICROSECONDS.toNanos(now - micros));
        }
      } else if (member.sends || member.delivered == 0) {
        other(member, Json.parse(new String(payload, offset, length, StandardCharsets.UTF_8)));
      }
    }

    /// A frame that is none of our messages: an answer, or news of others.
    private void other(Member member, JsonNode frame) {
      String type = frame.path("type").asString("");
      switch (type) {
        case "WELCOME", "JOINED" -> member.welcome = type;
        case "ERROR" -> {
          refused.merge(frame.path("code").asString("?"), 1L, Long::sum);
          member.welcome = type;
          member.restsUntil = System.nanoTime() + REST.toNanos();
          notTaken += member.sends && sent > notTaken ? 1 : 0;
        }
        default -> {}
      }
    }

    private void end(Member member) {
      evicted++;
      member.gone = true;
      close(member);
    }

    private static void close(Member member) {
      try {
        member.socket.close();
      } catch (IOException _) {
        // It is gone either way.
      }
    }

    Result result(CpuMeter.Cost cost) {
      long missing = (sent - notTaken) * receivers - delivered();
      return new Result(
          messages, deliveries, seconds, latencies.quantiles(), cost, missing, evicted, refused);
    }

    @Override
    public void close() {
      members.forEach(Run::close);
    }
  }
}
