package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ClientFrame;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Whatever clients send, before and after they say who they are: a frame that is no message is
/// refused, every other is answered or silently taken, nobody else notices, nothing is logged as an
/// error and nothing is kept.
///
/// `-Dfuzz.seed=N` runs one seed again, `-Dfuzz.frames=N` makes the campaigns longer.
final class FuzzTest {
  private static final int FRAMES = Integer.getInteger("fuzz.frames", 500);

  /// Peers that talk at the same time; every other one has said who it is.
  private static final int PEERS = 4;

  /// How the relay may end a connection: a challenge expired or the identity is claimed elsewhere,
  /// a limit is exceeded, a frame is too large, the reader too slow.
  private static final Set<Integer> ENDS = Set.of(1000, 1008, 1009, 1013);

  /// Who still writes when the relay closes may find the line broken before it has read why.
  private static final Set<Integer> TOO_LARGE = Set.of(1006, 1009);

  /// What a heap may differ by when nothing is kept: about a third of what a short campaign sends.
  private static final long NOISE_BYTES = 4 * 1024 * 1024;

  /// What a frame may leave behind on average: every deal is kept, in the log and its fold.
  private static final long DEAL_BYTES = 1024;

  /// More than the largest frame.
  private static final int LARGE_CHARS = 2_200_000;

  private static final String JOIN = "{\"type\":\"JOIN\",\"channel\":\"%s\"}";

  private final ErrorLog errors = new ErrorLog();
  private final List<Talker> talkers = new ArrayList<>();
  private Relay relay;
  private long bytes;
  private int identities;

  /// A known seed, and one that nobody has seen.
  static LongStream seeds() {
    Long wanted = Long.getLong("fuzz.seed");
    return wanted == null ? LongStream.of(1, System.nanoTime()) : LongStream.of(wanted);
  }

  @BeforeEach
  void start() throws Exception {
    RelaySettings settings = RelaySettings.of("127.0.0.1", 0, "test-relay", "test.example/log");
    relay =
        Relay.start(
            settings.with(RelayLimits.defaults().unmetered()),
            new MemoryLog(),
            new VerifiedEvents());
  }

  @AfterEach
  void stop() {
    talkers.forEach(Talker::close);
    relay.close();
    errors.close();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void codecRefusesEveryFrameThatItDoesNotAccept(long seed) {
    WildFrames wild = new WildFrames(seed);
    for (int i = 0; i < 20 * FRAMES; i++) {
      String text = wild.next();
      assertThatNoException()
          .as("-Dfuzz.seed=%d: %s", seed, text)
          .isThrownBy(() -> assertSound(ClientMessageCodec.decode(text)));
    }
  }

  private static void assertSound(ClientFrame decoded) {
    if (decoded instanceof ClientFrame.Invalid(String complaint, _)) {
      assertThat(complaint).isNotBlank().hasSizeLessThan(200).matches(Json::isWellFormed);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void relaySurvivesEverySequenceOfFrames(long seed) throws Exception {
    System.out.println("fuzzing the relay with -Dfuzz.seed=" + seed);
    WildFrames wild = new WildFrames(seed);
    try (Peer bystander = Peer.identified(relay.url(), identity())) {
      bystander.send(JOIN.formatted("#general"));
      bystander.expect("JOINED");
      // What is there once only, classes and histories of channels, is there after two.
      campaign(wild, bystander);
      campaign(wild, bystander);
      long before = heap();
      bytes = 0;
      campaign(wild, bystander);

      long growth = heap() - before;
      System.out.printf("%,d frames of %,d bytes, heap grew by %,d%n", FRAMES, bytes, growth);
      assertThat(growth)
          .as("growth after %d bytes in %d frames", bytes, FRAMES)
          .isLessThan(NOISE_BYTES + (long) FRAMES * DEAL_BYTES);
      bystander.send("{\"type\":\"PING\"}");
      bystander.expect("PONG");
    }
    assertThat(errors.errors()).isEmpty();
  }

  private void campaign(WildFrames wild, Peer bystander) {
    for (int i = 0; i < PEERS; i++) {
      talkers.add(talker(i));
    }
    for (int i = 0; i < FRAMES; i++) {
      int at = wild.random().nextInt(PEERS);
      if (talkers.get(at).hasEnded() || wild.percent(2)) {
        talkers.set(at, talker(at)).close();
      }
      say(talkers.get(at), wild, frame(talkers.get(at), wild));
      bystander.rest();
    }
    talkers.forEach(Talker::close);
    talkers.clear();
    await().atMost(Peer.PATIENCE).until(this::connections, count -> count == 1);
    bystander.rest();
  }

  private Talker talker(int at) {
    return at % 2 == 0
        ? Talker.stranger(relay.url(), identity())
        : Talker.identified(relay.url(), identity());
  }

  /// Always another one, so that nobody waits for its own former connection to end.
  private Identity identity() {
    identities++;
    byte[] seed = ByteBuffer.allocate(32).putInt(identities).array();
    return Identity.ofSeed("agent-" + identities, seed, Instant.EPOCH);
  }

  private String frame(Talker talker, WildFrames wild) {
    if (wild.percent(2)) {
      return "{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"%s\"}"
          .formatted("x".repeat(wild.random().nextInt(LARGE_CHARS)));
    }
    return switch (wild.random().nextInt(4)) {
      case 0 -> Json.text(sensible(talker, wild));
      case 1 -> wild.changed(sensible(talker, wild));
      default -> wild.next();
    };
  }

  /// What gets somewhere: into a channel, or on with a deal.
  private JsonNode sensible(Talker talker, WildFrames wild) {
    return switch (wild.random().nextInt(8)) {
      case 0 -> Json.parse(JOIN.formatted(wild.percent(50) ? "#general" : "#agents"));
      case 1 -> Json.parse("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"hello\"}");
      default ->
          ClientMessageCodec.encode(
              SignedStatement.sign(talker.identity(), new Scheme.Joined(), statement(wild)));
    };
  }

  private Statement statement(WildFrames wild) {
    String proposal = wild.heardLike("prop_");
    return switch (wild.random().nextInt(6)) {
      case 0 -> new Statement.Accept(proposal, null, null);
      case 1 -> new Statement.Reject(proposal, null);
      case 2 -> new Statement.Complete(proposal, null);
      case 3 -> new Statement.Dispute(proposal, "broken");
      default ->
          new Statement.Proposal(
              wild.one(talkers).identity().id(),
              "work " + wild.random().nextInt(),
              null,
              null,
              null,
              null,
              null,
              null,
              null);
    };
  }

  private void say(Talker talker, WildFrames wild, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    String frame = new String(utf8, StandardCharsets.UTF_8);
    bytes += utf8.length;
    Optional<List<JsonNode>> heard = talker.say(frame);
    if (heard.isEmpty()) {
      assertThat(talker.closeCode())
          .as("close after %s", Json.excerpt(frame, 1_000))
          .isIn(isTooLarge(frame) ? TOO_LARGE : ENDS);
      return;
    }
    heard.get().forEach(wild::hear);
    if (ClientMessageCodec.decode(frame) instanceof ClientFrame.Invalid(String complaint, _)) {
      assertThat(heard.get())
          .as("answers to %s", frame)
          .anySatisfy(answer -> {
            assertThat(answer.path("code").asString("")).isEqualTo("INVALID_MSG");
            assertThat(answer.path("message").asString("")).isEqualTo(complaint);
          });
    }
  }

  private static boolean isTooLarge(String frame) {
    return frame.length() > RelayLimits.defaults().flood().strangersBytes();
  }

  /// Open sockets, as the relay's own metrics have them.
  private int connections() throws IOException, InterruptedException {
    URI uri = URI.create(relay.url().replace("ws://", "http://") + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith("agentchat_relay_connections "))
          .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
          .sum();
    }
  }

  /// Bytes in use when nothing is left to collect: what two collections in a row agree on.
  private static long heap() throws InterruptedException {
    long before = Long.MAX_VALUE;
    for (long now = collected(); now < before; now = collected()) {
      before = now;
    }
    return before;
  }

  private static long collected() throws InterruptedException {
    System.gc();
    // What waits for a finalizer or a cleaner of the first collection goes with the second.
    Thread.sleep(100);
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
