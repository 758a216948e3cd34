package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agentchat.client.Reply;
import org.agentchat.client.Subscription;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `agentchat serve` from its first start on: one home folder that goes through all tests, in
/// order.
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AllInOneAcceptanceIT {
  @TempDir private static Path home;

  private static String openOffer;
  private static String origin;
  private static String rootHash;

  @Test
  @Order(1)
  void dealIsMadeRatedAndReceiptedOverRealSockets() {
    try (ServeProcess serve = ServeProcess.start(home);
        Player alice = Player.connect("alice", serve.relay());
        Player bob = Player.connect("bob", serve.relay())) {
      origin = serve.origin();
      assertThat(serve.entriesAtStart()).isZero();

      String deal = alice.offers(bob, "review the parser", "12.5", 50);
      bob.accepts(deal, 30);
      bob.completes(deal);
      openOffer = alice.offers(bob, "and the printer", "3", 20);

      serve.awaitLedger(5);
      Receipt receipt = serve.api().receipts().getFirst();
      assertThat(receipt.proposalId()).isEqualTo(deal);
      assertThat(receipt.legs()).extracting(Receipt.Leg::index).containsExactly(1L, 2L, 3L);
      JsonNode rated = serve.api().agent(bob.id()).orElseThrow();
      assertThat(rated.path("rating").asInt()).isGreaterThan(1200);
      assertThat(rated.path("transactions").asInt()).isEqualTo(1);
      rootHash = serve.api().stats().path("root_hash").asString();

      assertThat(serve.signal("INT")).as(serve.toString()).isEqualTo(130);
      assertThat(serve.out()).endsWith("stopping%n".formatted());
      assertThat(serve.complaints()).isEmpty();
    }
  }

  @Test
  @Order(2)
  void restartOnTheSameHomeContinuesTheLogAndItsDeals() {
    try (ServeProcess serve = ServeProcess.start(home);
        Player alice = Player.connect("alice", serve.relay());
        Player bob = Player.connect("bob", serve.relay())) {
      assertThat(serve.origin()).isEqualTo(origin);
      assertThat(serve.entriesAtStart()).isEqualTo(5);
      serve.awaitLedger(5);
      assertThat(serve.api().stats().path("root_hash").asString()).isEqualTo(rootHash);

      bob.accepts(openOffer, 10);
      alice.completes(openOffer);
      serve.awaitLedger(7);
      assertThat(serve.api().receipts()).hasSize(2);
      assertThat(Ran.command("audit", serve.ledger()).exit()).isEqualTo(Exit.OK);

      secondProcessOnTheSameHomeIsTurnedAway();
      portInUseIsSaid(serve);
      assertThat(alice.client().ping()).as("the first one lives on").isInstanceOf(Reply.Done.class);

      assertThat(serve.signal("TERM")).as(serve.toString()).isEqualTo(143);
      assertThat(serve.complaints()).isEmpty();
    }
  }

  private static void secondProcessOnTheSameHomeIsTurnedAway() {
    try (ServeProcess second = ServeProcess.launch(home)) {
      assertThat(second.awaitExit()).isEqualTo(Exit.FAILED);
      assertSentence(second, home.toString(), "stop it");
    }
  }

  private static void portInUseIsSaid(ServeProcess first) {
    Path other = home.resolveSibling(home.getFileName() + "-other");
    String relayPort = Integer.toString(first.relay().getPort());
    try (ServeProcess second = ServeProcess.launch(other, "--port", relayPort)) {
      assertThat(second.awaitExit()).isEqualTo(Exit.FAILED);
      assertSentence(second, "annot listen on 127.0.0.1:" + relayPort, "Address already in use");
    }
    String apiPort = first.ledger().substring(first.ledger().lastIndexOf(':') + 1);
    try (ServeProcess second = ServeProcess.launch(other, "--api-port", apiPort)) {
      assertThat(second.awaitExit()).isEqualTo(Exit.FAILED);
      assertSentence(second, "annot listen on 127.0.0.1:" + apiPort, "Address already in use");
    } finally {
      delete(other);
    }
  }

  private static void assertSentence(ServeProcess process, String... parts) {
    assertThat(process.complaints())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("Error: ")
        .contains(parts);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @Order(3)
  void rowsAreMadeAnewOnRequestAndAreTheSame() {
    String before;
    try (ServeProcess serve = ServeProcess.start(home)) {
      serve.awaitLedger(7);
      before = published(serve);
      serve.signal("TERM");
    }
    try (ServeProcess serve = ServeProcess.start(home, "--rebuild")) {
      serve.awaitLedger(7);
      assertThat(published(serve)).isEqualTo(before);
    }
  }

  private static String published(ServeProcess serve) {
    try {
      return Json.text(Publications.of(serve.api()));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @Order(4)
  void clientsAreToldWhenTheServerStops() {
    try (ServeProcess serve = ServeProcess.start(home);
        Player alice = Player.connect("alice", serve.relay())) {
      CompletableFuture<String> reason = new CompletableFuture<>();
      Subscription _ = alice.client().onDisconnect(gone -> reason.complete(gone.toString()));
      serve.signal("TERM");
      assertThat(reason.orTimeout(90, TimeUnit.SECONDS).join()).contains("Server shutting down");
    }
  }

  @Test
  void kafkaThatIsNotThereIsSaidInOneSentence() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (ServeProcess serve =
        ServeProcess.launch(home.resolve("nothing"), "--kafka", "127.0.0.1:" + port)) {
      assertThat(serve.awaitExit()).isEqualTo(Exit.FAILED);
      assertThat(serve.complaints())
          .last(InstanceOfAssertFactories.STRING)
          .startsWith("Error: Kafka at 127.0.0.1:" + port);
      assertThat(serve.err()).doesNotContain("Exception", "\tat ");
    }
  }
}
