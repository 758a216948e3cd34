package org.agentchat.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.ledger.tree.Cosigning;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.Policy.Quorum;
import org.agentchat.tlog.SignedNote;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A log asks real witnesses, and some that are not what they should be.
@Timeout(60)
class WitnessClientTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final SampleLog log = SampleLog.honest();
  private final List<AutoCloseable> open = new ArrayList<>();
  @TempDir private Path folder;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  private static NoteSigner signer(int number) {
    return SampleLog.signer("witness.example/w" + number, 10 + number);
  }

  private Policy.Witness witness(int number) {
    WitnessServer server =
        WitnessServer.start(
            new WitnessSettings(
                "127.0.0.1",
                0,
                folder.resolve("w" + number),
                signer(number),
                List.of(log.signer().logKey())));
    open.add(server);
    return listed(number, server.address().getPort());
  }

  private static Policy.Witness listed(int number, int port) {
    return new Policy.Witness(
        "w" + number, signer(number).witnessKey(), "http://127.0.0.1:" + port + "/");
  }

  /// Answers every request alike.
  private Policy.Witness canned(int number, int status, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    open.add(() -> server.stop(0));
    return listed(number, server.getAddress().getPort());
  }

  private WitnessClient client(Duration timeout, int wanted, Policy.Witness... witnesses) {
    List<Quorum> members =
        List.of(witnesses).stream()
            .map(witness -> (Quorum) new Quorum.One(witness.name()))
            .toList();
    Policy policy =
        new Policy(List.of(), List.of(witnesses), new Quorum.Group("all", wanted, members));
    WitnessClient client = new WitnessClient(policy, timeout);
    open.add(client);
    return client;
  }

  private WitnessRound ask(WitnessClient client, SampleLog asking, long size)
      throws InterruptedException {
    return client.ask(asking.note(size), asking.prover());
  }

  @Test
  void allWitnessesCosignAGrowingLog() throws Exception {
    WitnessClient client = client(LONG, 2, witness(1), witness(2));
    for (long size : new long[] {5, 5, 8, 21, 300}) {
      WitnessRound round = ask(client, log, size);

      assertThat(round.quorum()).as(round.toString()).isTrue();
      assertThat(round.complaints()).isEmpty();
      assertThat(round.note().signatures()).hasSize(3);
      for (int number = 1; number <= 2; number++) {
        assertThat(round.note().check(signer(number).witnessKey(), new Ed25519Verifier()))
            .isEqualTo(SignedNote.Check.VALID);
      }
      assertThat(round.outcome()).isEqualTo(new Cosigning.Outcome.Enough(round.note()));
    }
  }

  @Test
  void clientThatForgotTheSizeLearnsIt() throws Exception {
    Policy.Witness one = witness(1);
    ask(client(LONG, 1, one), log, 10);

    assertThat(ask(client(LONG, 1, one), log, 12).quorum()).isTrue();
  }

  @Test
  void witnessThatIsDownIsNamedAndQuorumIsMetWithoutIt() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    WitnessRound round = ask(client(LONG, 1, witness(1), listed(2, nobody)), log, 10);

    assertThat(round.quorum()).isTrue();
    assertThat(round.complaints())
        .singleElement()
        .asString()
        .startsWith("witness w2 did not cosign: nobody listens at http://127.0.0.1:");
  }

  @Test
  void tooFewWitnessesIsNotYetEnough() throws Exception {
    WitnessRound round =
        ask(client(LONG, 2, witness(1), canned(2, 503, "busy\u001b[31m")), log, 10);

    assertThat(round.quorum()).isFalse();
    assertThat(round.outcome())
        .isEqualTo(
            new Cosigning.Outcome.NotYet(
                "too few witnesses: witness w2 did not cosign: it answers 503: busy [31m"));
  }

  @Test
  void witnessThatNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      WitnessRound round =
          ask(client(Duration.ofMillis(500), 1, listed(1, mute.getLocalPort())), log, 10);

      assertThat(round.quorum()).isFalse();
      assertThat(round.complaints()).singleElement().asString().contains("in time");
    }
  }

  @Test
  void cosignaturesOfUnknownKeysAndFalseOnesAreLeftOut() throws Exception {
    String text = log.text(10);
    String stranger = signer(3).cosign(text, 1).line();
    String ofAnotherText = signer(1).cosign(log.text(9), 1).line();
    String good = signer(2).cosign(text, 1).line();
    WitnessRound round =
        ask(
            client(
                LONG, 1, canned(1, 200, stranger + ofAnotherText), canned(2, 200, stranger + good)),
            log,
            10);

    assertThat(round.replies().getFirst())
        .isInstanceOfSatisfying(
            WitnessReply.Silent.class,
            silent -> assertThat(silent.why()).contains("no valid cosignature"));
    assertThat(round.note().encode()).isEqualTo(log.note(10).encode() + good);
  }

  @Test
  void nonsenseIsASilentWitness() throws Exception {
    for (Policy.Witness nonsense :
        List.of(
            canned(1, 200, ""),
            canned(1, 200, "x".repeat(1_000_000)),
            canned(1, 409, "many\n"),
            canned(1, 409, "0\n"),
            canned(1, 422, ""),
            canned(1, 302, ""))) {
      WitnessRound round = ask(client(LONG, 1, nonsense), log, 10);

      assertThat(round.replies().getFirst())
          .as(round.toString())
          .isInstanceOf(WitnessReply.Silent.class);
      assertThat(round.contradiction()).isEmpty();
    }
  }

  @Test
  void rolledBackLogIsToldApart() throws Exception {
    Policy.Witness one = witness(1);
    Policy.Witness two = witness(2);
    ask(client(LONG, 1, one), log, 20);

    WitnessRound round = ask(client(LONG, 1, one, two), log, 10);

    assertThat(round.replies().getFirst()).isEqualTo(new WitnessReply.Ahead("w1", 20, 10));
    assertThat(round.outcome())
        .as("although another witness cosigned")
        .isEqualTo(
            new Cosigning.Outcome.Contradicted(
                "witness w1 has seen a larger tree (20 entries) than this log (10): the log was"
                    + " rolled back"));
  }

  @Test
  void forkedLogIsToldApart() throws Exception {
    Policy.Witness one = witness(1);
    ask(client(LONG, 1, one), log, 20);
    for (long size : new long[] {20, 25}) {
      WitnessRound round = ask(client(LONG, 1, one), SampleLog.forkedAt(7), size);

      assertThat(round.replies()).containsExactly(new WitnessReply.Forked("w1", 20));
      assertThat(round.outcome()).isInstanceOf(Cosigning.Outcome.Contradicted.class);
    }
  }

  @Test
  void policyThatCannotBeMetIsRefused() {
    Policy.Witness unreachable = new Policy.Witness("w1", signer(1).witnessKey(), "");
    assertThatThrownBy(() -> client(LONG, 1, unreachable))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be met");
    Policy.Witness odd = new Policy.Witness("w1", signer(1).witnessKey(), "ftp://w1.example");
    assertThatThrownBy(() -> client(LONG, 1, odd))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http or https URL wanted");
  }
}
