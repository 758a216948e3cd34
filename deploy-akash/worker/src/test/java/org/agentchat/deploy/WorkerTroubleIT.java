package org.agentchat.deploy;

import static org.agentchat.deploy.Bazaar.CUSTOMER;
import static org.agentchat.deploy.Bazaar.SDL;
import static org.agentchat.deploy.Bazaar.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.DeploymentStore;
import org.agentchat.akash.deployment.Patience;
import org.agentchat.akash.deployment.Phase;
import org.agentchat.akash.deployment.Watcher;
import org.agentchat.akash.simulator.SimulatedAkash;
import org.agentchat.akash.simulator.SimulatedProvider;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.ledger.Deployment;
import org.agentchat.ledger.Proposal;
import org.agentchat.log.BrokerSettings;
import org.agentchat.log.EmbeddedBroker;
import org.agentchat.log.KafkaSettings;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A worker whose log, wallet, identity, folder or customers are not as they should be.
@Timeout(400)
final class WorkerTroubleIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration DAY = Duration.ofDays(1);
  private static final long CEILING = 6_000_000;

  /// Blocks until a provider bids that is not to bid before the test is over.
  private static final int NEVER = 100_000_000;

  @TempDir private static Path brokerFolder;
  private static EmbeddedBroker broker;
  private static int logs;

  @TempDir private Path home;
  private SimulatedAkash akash;
  private MoodyLog log;
  private Bazaar bazaar;
  private final List<Worker> workers = new ArrayList<>();
  private final List<MoodyLog> opened = new ArrayList<>();

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.in(brokerFolder), _ -> {});
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void begin() throws InterruptedException {
    akash = new SimulatedAkash("sandbox-2", Duration.ofMillis(30));
    akash.fund(Shop.KEY.address().text(), 50_000_000, 20_000_000);
    log = newLog();
    bazaar = new Bazaar(log, 0);
  }

  private MoodyLog newLog() throws InterruptedException {
    logs++;
    MoodyLog one =
        new MoodyLog(
            PatientLog.open(
                KafkaSettings.embedded(broker.bootstrapServers()).withTopic("trouble" + logs)));
    opened.add(one);
    return one;
  }

  @AfterEach
  void end() {
    workers.forEach(Worker::close);
    opened.forEach(MoodyLog::close);
    akash.close();
  }

  private Worker work() {
    return work(home, Shop.KEY, Duration.ZERO);
  }

  /// It is so much later for this worker and for the network.
  private Worker workLater(Duration later) {
    akash.skip(later);
    return work(home, Shop.KEY, later);
  }

  private Worker work(Path folder, AccountKey key, Duration later) {
    return work(folder, key, Clock.offset(Clock.systemUTC(), later));
  }

  private Worker work(Path folder, AccountKey key, Clock clock) {
    Patience slow = new Patience(3, 1_000_000, 1_000, 10_000, 20_000, 20_000, 1_000, 3);
    Worker one =
        Worker.start(Shop.settings(folder, akash.uri(), slow, key), log, Watcher.SILENT, clock);
    workers.add(one);
    return one;
  }

  private String offered(String terms) {
    return bazaar.offer(CUSTOMER, terms);
  }

  private void awaitStatus(String deal, Proposal.Status status) {
    await(deal + " " + status)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast("the worker stopped", () -> workers.getLast().stopped().isDone())
        .until(() -> bazaar.deal(deal).status() == status);
  }

  private void awaitOpen(long count) {
    await("open: " + count)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast("the worker stopped", () -> workers.getLast().stopped().isDone())
        .until(() -> akash.openDeployments() == count);
  }

  /// So many rounds of the worker have passed, at least.
  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      awaitStatus(offered("nonsense"), Proposal.Status.REJECTED);
    }
  }

  private DeploymentRecord record() {
    return DeploymentStore.reading(home, Clock.systemUTC()).records().getLast();
  }

  // ---- time

  @Test
  void dealWhoseTimeIsOverBeforeItIsBegunFailsAndIsNotCompleted() throws InterruptedException {
    log = newLog();
    bazaar = new Bazaar(log, 120_000);
    akash.provider("5", 1);
    String deal = offered(terms(SDL, CEILING, "1m"));
    bazaar.acceptByHand(deal);
    work();
    await("failed")
        .atMost(PATIENCE)
        .until(() ->
            bazaar
                .deployment(deal)
                .filter(one -> one.phase() == Deployment.Phase.FAILED)
                .isPresent());
    assertThat(bazaar.deal(deal).status()).isEqualTo(Proposal.Status.ACCEPTED);
    assertThat(akash.broadcasts()).isZero();
  }

  /// Neither closes it anything, nor does the log's clock jump with it.
  @Test
  void clockThatJumpsIsNoReasonToDoAnything() {
    akash.provider("5", 1);
    Skewed clock = new Skewed();
    Worker worker = work(home, Shop.KEY, clock);
    awaitStatus(offered(terms(SDL, CEILING, "24h")), Proposal.Status.COMPLETED);
    clock.skew = DAY.multipliedBy(20);
    awaitHealth(worker, WorkerHealth.Status.CHAIN_AWAY);
    assertThat(worker.health().reason()).contains("clock is", "ahead of");
    String unanswered = offered("nonsense");
    await("looks")
        .pollDelay(Duration.ofSeconds(2))
        .atMost(PATIENCE)
        .until(() -> worker.health().read() == log.size());
    assertThat(bazaar.deal(unanswered).status()).isEqualTo(Proposal.Status.PENDING);
    assertThat(akash.openDeployments()).isEqualTo(1);
    clock.skew = Duration.ZERO;
    awaitStatus(unanswered, Proposal.Status.REJECTED);
    assertThat(bazaar.story()).doesNotContain("DEPLOYMENT_CLOSED");
  }

  @Test
  void machinesAreClosedInTimeAlsoWhileTheLogIsAway() {
    akash.provider("5", 1);
    Worker first = work();
    String deal = offered(terms(SDL, CEILING, "24h"));
    awaitStatus(deal, Proposal.Status.COMPLETED);
    first.close();
    log.away(true);
    workLater(DAY);
    awaitOpen(0);
    log.away(false);
    await("said")
        .atMost(PATIENCE)
        .until(() -> bazaar.story().getLast().equals("DEPLOYMENT_CLOSED"));
  }

  /// Its key was replaced while it was renting: nothing that it says is heard any more.
  @Test
  void machinesAreClosedInTimeAlsoWhenNothingCanBeSaid() {
    SimulatedProvider slow = akash.provider("5", 1);
    slow.neverReady(true);
    Worker first = work();
    String deal = offered(terms(SDL, CEILING, "24h"));
    await("leased").atMost(PATIENCE).until(() -> !slow.manifestAnswers().isEmpty());
    bazaar.rotateWorker();
    slow.neverReady(false);
    await("runs").atMost(PATIENCE).until(() -> record().phase() == Phase.RUNNING);
    first.close();
    workLater(DAY);
    awaitOpen(0);
    assertThat(bazaar.story()).doesNotContain("DEPLOYMENT_RUNNING", "COMPLETE");
    assertThat(bazaar.deal(deal).status()).isEqualTo(Proposal.Status.ACCEPTED);
  }

  @Test
  void nothingIsRentedOfWhichTheLogWouldNotHear() {
    akash.provider("5", 1);
    String deal = offered(terms(SDL, CEILING, "24h"));
    bazaar.acceptByHand(deal);
    bazaar.rotateWorker();
    work();
    await("it was thought of")
        .pollDelay(Duration.ofSeconds(2))
        .atMost(PATIENCE)
        .until(() -> akash.broadcasts() == 0);
    assertThat(DeploymentStore.reading(home, Clock.systemUTC()).records()).isEmpty();
  }

  /// The fold forgets that within a day, and the deal stays open for thirty.
  @Test
  void failureIsSaidOnce() {
    String deal = offered(terms(SDL, 30_000_000, "7d"));
    bazaar.acceptByHand(deal);
    Worker first = work();
    await("failed").atMost(PATIENCE).until(() -> bazaar.deployment(deal).isPresent());
    rounds(1);
    first.close();
    bazaar.skip(Duration.ofHours(25));
    workLater(Duration.ofHours(25));
    rounds(3);
    assertThat(bazaar.deployment(deal)).isEmpty();
    assertThat(Collections.frequency(bazaar.story(), "DEPLOYMENT_FAILED")).isEqualTo(1);
    assertThat(bazaar.deal(deal).status()).isEqualTo(Proposal.Status.ACCEPTED);
  }

  // ---- the wrong log, wallet, folder or identity

  @Test
  void logThatDoesNotKnowADealIsNoReasonToCloseItsMachines() throws InterruptedException {
    akash.provider("5", 1);
    Worker first = work();
    String deal = offered(terms(SDL, CEILING, "24h"));
    awaitStatus(deal, Proposal.Status.COMPLETED);
    first.close();
    MoodyLog right = log;
    Bazaar rightBazaar = bazaar;
    log = newLog();
    bazaar = new Bazaar(log, 0);
    Worker lost = work();
    rounds(3);
    assertThat(akash.openDeployments()).isEqualTo(1);
    assertThat(lost.health().reason())
        .isEqualTo(deal + ": the log knows no such deal: it was made in another one");
    lost.close();
    log = right;
    bazaar = rightBazaar;
    workLater(DAY);
    awaitOpen(0);
  }

  @Test
  void anotherWalletBeginsNoSecondDeployment() {
    akash.fund(Shop.OTHER_KEY.address().text(), 50_000_000, 20_000_000);
    akash.provider("5", NEVER);
    Worker first = work();
    offered(terms(SDL, CEILING, "24h"));
    awaitOpen(1);
    first.close();
    work(home, Shop.OTHER_KEY, Duration.ZERO);
    rounds(3);
    assertThat(akash.deployments()).hasSize(1);
    assertThat(DeploymentStore.reading(home, Clock.systemUTC()).records()).hasSize(1);
  }

  @Test
  void lostJournalIsNoReasonToRentTheSameAgain() throws IOException {
    akash.provider("5", NEVER);
    Worker first = work();
    offered(terms(SDL, CEILING, "24h"));
    awaitOpen(1);
    first.close();
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    work(elsewhere, Shop.KEY, Duration.ZERO);
    rounds(3);
    assertThat(akash.deployments()).hasSize(1);
    assertThat(DeploymentStore.reading(elsewhere, Clock.systemUTC()).records()).isEmpty();
  }

  /// Whoever was heard last has the deal.
  @Test
  void oneOfTwoWorkersOfAnIdentityClosesWhatItRentedInVain() throws IOException {
    akash.fund(Shop.OTHER_KEY.address().text(), 50_000_000, 20_000_000);
    akash.provider("5", 1);
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    work();
    work(elsewhere, Shop.OTHER_KEY, Duration.ZERO);
    String deal = offered(terms(SDL, CEILING, "24h"));
    awaitStatus(deal, Proposal.Status.COMPLETED);
    await("both at rest")
        .atMost(PATIENCE)
        .until(() ->
            Stream.of(home, elsewhere)
                    .flatMap(folder ->
                        DeploymentStore.reading(folder, Clock.systemUTC()).records().stream())
                    .filter(record -> !record.phase().isOver())
                    .allMatch(record -> record.phase() == Phase.RUNNING)
                && akash.openDeployments() == 1);
    rounds(4);
    awaitOpen(1);
    assertThat(bazaar.story()).doesNotContain("DEPLOYMENT_CLOSED", "DEPLOYMENT_FAILED");
    String lease = String.valueOf(bazaar.deployment(deal).orElseThrow().lease());
    assertThat(akash.deployments())
        .as("the one that the log was told of is open, and no other")
        .filteredOn(line -> line.endsWith(" active"))
        .containsExactly(lease.split("/", -1)[1] + " active");
  }

  // ---- money

  @Test
  void noMoreIsPromisedThanTheWalletHas() {
    akash.provider("5", 1);
    String first = offered(terms(SDL, 8_000_000, "24h"));
    String second = offered(terms(SDL, 8_000_000, "24h"));
    String third = offered(terms(SDL, 8_000_000, "24h"));
    work();
    awaitStatus(third, Proposal.Status.REJECTED);
    assertThat(((Statement.Reject) bazaar.last("REJECT")).reason())
        .isEqualTo("the worker cannot pay for that at present");
    awaitStatus(first, Proposal.Status.COMPLETED);
    awaitStatus(second, Proposal.Status.COMPLETED);
  }

  @Test
  void walletWithoutFeesTakesNothingOn() {
    akash.fund(Shop.KEY.address().text(), -49_950_000, 0);
    work();
    awaitStatus(offered(terms(SDL, CEILING, "24h")), Proposal.Status.REJECTED);
    assertThat(((Statement.Reject) bazaar.last("REJECT")).reason())
        .isEqualTo("the worker cannot pay for that at present");
  }

  /// Each try is written down, so it is tried ever more rarely.
  @Test
  void whatCannotBeClosedIsTriedRarelyAndClosedInTheEnd() throws IOException {
    akash.provider("5", 1);
    Worker first = work();
    String deal = offered(terms(SDL, CEILING, "24h"));
    awaitStatus(deal, Proposal.Status.COMPLETED);
    first.close();
    long fees = akash.balance(Shop.KEY.address().text(), "uakt");
    akash.fund(Shop.KEY.address().text(), -fees, 0);
    workLater(DAY);
    bazaar.skip(DAY);
    rounds(20);
    assertThat(akash.openDeployments()).isEqualTo(1);
    assertThat(linesOf("CLOSE")).as("tries to close").isBetween(1L, 12L);
    WorkerHealth stuck = workers.getLast().health();
    assertThat(stuck.status()).isEqualTo(WorkerHealth.Status.STUCK);
    assertThat(stuck.reason()).startsWith(deal + ": the deployment ").contains("insufficient");
    assertThat(stuck.deployments()).hasSize(1);
    assertThat(stuck.deployments().getFirst().phase()).isEqualTo("closing");
    akash.fund(Shop.KEY.address().text(), fees, 0);
    awaitOpen(0);
    await("said")
        .atMost(PATIENCE)
        .until(() -> bazaar.story().getLast().equals("DEPLOYMENT_CLOSED"));
    assertThat(((DeploymentStatement.DeploymentClosed) bazaar.last("DEPLOYMENT_CLOSED")).paid())
        .isPositive();
  }

  private long linesOf(String kind) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("deployments"))) {
      Path journal =
          files.filter(file -> file.toString().endsWith(".jsonl")).findFirst().orElseThrow();
      return Files.readAllLines(journal).stream()
          .filter(line -> line.contains("\"kind\":\"" + kind + "\""))
          .count();
    }
  }

  // ---- what cannot be said

  /// One more would make a statement that nobody can read, in every round.
  @Test
  void fullListOfSkillsIsLeftAsItIs() {
    ArrayNode skills = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < RegisterSkills.MAX_SKILLS; i++) {
      skills.addObject().put("capability", "skill" + i);
    }
    bazaar.says(Bazaar.WORKER, new RegisterSkills(JsonText.of(skills)));
    work();
    rounds(1);
    long before = log.size();
    rounds(3);
    assertThat(log.size()).isEqualTo(before + 6);
  }

  // ---- health

  @Test
  void healthSaysWhatRunsAndWhatItCosts() throws Exception {
    akash.provider("5", 1);
    Worker worker = work();
    String deal = offered(terms(SDL, CEILING, "24h"));
    awaitStatus(deal, Proposal.Status.COMPLETED);
    awaitHealth(worker, WorkerHealth.Status.HEALTHY);
    HttpResponse<String> answer = get(worker, "/health");
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode body = Json.parse(answer.body());
    assertThat(body.path("status").stringValue()).isEqualTo("healthy");
    assertThat(body.path("read").longValue()).isEqualTo(log.size());
    assertThat(body.path("chain").path("id").stringValue()).isEqualTo("sandbox-2");
    assertThat(body.path("chain").path("answers").booleanValue()).isTrue();
    assertThat(body.path("chain").path("height").longValue()).isPositive();
    JsonNode open = body.path("deployments").path(0);
    assertThat(open.path("deal").stringValue()).isEqualTo(deal);
    assertThat(open.path("phase").stringValue()).isEqualTo("running");
    assertThat(open.path("price").stringValue()).isEqualTo("5");
    assertThat(open.path("dseq").longValue()).isEqualTo(record().id().orElseThrow().dseq());
    assertThat(open.path("deposited_uact").longValue()).isEqualTo(CEILING);
    assertThat(open.path("fees_uakt").longValue()).isPositive();
    assertThat(open.path("until").longValue()).isEqualTo(record().plan().untilMs());
    assertThat(open.has("trouble")).isFalse();
    assertThat(get(worker, "/").statusCode()).isEqualTo(404);
  }

  @Test
  void healthSaysWhatIsAwayAndThatItIsBack() throws Exception {
    Worker worker = work();
    awaitHealth(worker, WorkerHealth.Status.HEALTHY);
    akash.disturb("/cosmos", 500, 1_000_000);
    awaitHealth(worker, WorkerHealth.Status.CHAIN_AWAY);
    HttpResponse<String> answer = get(worker, "/health");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(Json.parse(answer.body()).path("reason").stringValue()).contains("answers 500");
    akash.disturb("/cosmos", 500, 0);
    awaitHealth(worker, WorkerHealth.Status.HEALTHY);
    log.away(true);
    awaitHealth(worker, WorkerHealth.Status.LOG_AWAY);
    assertThat(worker.health().reason()).contains("the log sulks");
    log.away(false);
    awaitHealth(worker, WorkerHealth.Status.HEALTHY);
  }

  private static void awaitHealth(Worker worker, WorkerHealth.Status status) {
    await(status.toString()).atMost(PATIENCE).until(() -> worker.health().status() == status);
  }

  private static HttpResponse<String> get(Worker worker, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      int port = worker.healthAddress().orElseThrow().getPort();
      return http.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  // ---- several deals

  /// A deal whose price nobody bids keeps the worker busy meanwhile.
  @Test
  void machinesWhoseTimeIsOverAreClosedWhileOthersAreRented() {
    akash.provider("5", 1);
    Skewed clock = new Skewed();
    work(home, Shop.KEY, clock);
    awaitStatus(offered(terms(SDL, CEILING, "1h")), Proposal.Status.COMPLETED);
    offered(terms(SDL.replace("10000", "1"), CEILING, "7d"));
    awaitOpen(2);
    akash.skip(DAY);
    clock.skew = DAY;
    awaitOpen(1);
    await("said")
        .atMost(PATIENCE)
        .until(() -> bazaar.story().getLast().equals("DEPLOYMENT_CLOSED"));
  }

  /// A clock that can be put forward.
  private static final class Skewed extends Clock {
    private volatile Duration skew = Duration.ZERO;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("one zone is enough");
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(skew);
    }
  }

  @Test
  void providerWithMoreAddressesThanAStatementHoldsDoesNoHarm() {
    akash.provider("5", 1).claim(Stream.generate(() -> "a".repeat(300)).limit(50).toList());
    work();
    String services =
        Stream.of("web", "web2", "web3", "web4", "web5")
            .map(name ->
                SDL.substring(SDL.indexOf("  web:"), SDL.indexOf("profiles:"))
                    .replace("web:", name + ":"))
            .reduce("", String::concat);
    String rollouts =
        Stream.of("web", "web2", "web3", "web4", "web5")
            .map(name -> "  %s:\n    dcloud: {profile: web, count: 1}\n".formatted(name))
            .reduce("", String::concat);
    String sdl =
        "version: \"2.0\"\nservices:\n"
            + services
            + SDL.substring(SDL.indexOf("profiles:"), SDL.indexOf("deployment:"))
            + "deployment:\n"
            + rollouts;
    String deal = offered(terms(sdl, CEILING, "24h"));
    awaitStatus(deal, Proposal.Status.COMPLETED);
    assertThat(((DeploymentStatement.DeploymentRunning) bazaar.last("DEPLOYMENT_RUNNING")).uris())
        .hasSizeBetween(7_800, 8_192);
  }
}
