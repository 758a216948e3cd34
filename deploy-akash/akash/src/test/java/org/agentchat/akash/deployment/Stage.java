package org.agentchat.akash.deployment;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.akash.Vectors;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.Network;
import org.agentchat.akash.sdl.SdlReader;
import org.agentchat.akash.simulator.SimulatedAkash;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Address;
import org.agentchat.akash.wallet.Mnemonic;

/// A simulated network, a funded wallet and a home folder, for one scenario.
final class Stage implements AutoCloseable {
  static final String MNEMONIC =
      "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon"
          + " about";
  static final AccountKey KEY = AccountKey.of(Mnemonic.parse(MNEMONIC));
  static final String OWNER = KEY.address().text();
  static final long DEPOSIT = 5_000_000;
  static final String CREATE = "/akash.deployment.v1beta4.MsgCreateDeployment";
  static final String LEASE = "/akash.market.v1beta5.MsgCreateLease";
  static final String CLOSE = "/akash.deployment.v1beta4.MsgCloseDeployment";
  static final String TOP_UP = "/akash.escrow.v1.MsgAccountDeposit";
  static final String UPDATE = "/akash.deployment.v1beta4.MsgUpdateDeployment";
  static final String MINT = "/akash.bme.v1.MsgMintACT";

  /// Blocks are fast here, so the waits for answers are long in blocks.
  static final Patience PATIENCE = new Patience(3, 60, 100, 1_000, 2_000, 2_000, 100, 3);

  private static final Duration BLOCK = Duration.ofMillis(30);
  private static final Duration LOOK = Duration.ofMillis(15);

  /// How long answers may take: a busy machine is no silent provider.
  Duration chainPatience = Duration.ofSeconds(10);

  Duration providerPatience = Duration.ofSeconds(10);

  /// How far the deployer's clock is ahead.
  Duration ahead = Duration.ZERO;

  final SimulatedAkash akash;
  final Path home;
  private final HttpClient http = HttpClient.newHttpClient();
  final List<String> story = new ArrayList<>();

  /// The process dies once, having written a step of that name and done nothing about it.
  String diesAfter = "";

  /// How a process of this stage dies.
  static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  Stage(Path home) {
    this.home = home;
    this.akash = new SimulatedAkash("sandbox-2", BLOCK);
  }

  Stage funded() {
    akash.fund(OWNER, 50_000_000, 20_000_000);
    return this;
  }

  ChainClient chain() {
    return new ChainClient(Network.TESTNET.at(akash.uri()), http, chainPatience);
  }

  static Plan plan() {
    return plan(BidRules.ANY, 0);
  }

  static Plan plan(BidRules rules, long burn) {
    return plan(rules, burn, PATIENCE);
  }

  static Plan plan(BidRules rules, long burn, Patience patience) {
    String sdl = Vectors.text("web.yaml");
    SdlReader.read(sdl);
    return new Plan("web", "sandbox-2", OWNER, sdl, DEPOSIT, burn, 0, rules, patience);
  }

  /// It is so much later now, for everybody.
  void skip(Duration time) {
    ahead = ahead.plus(time);
    akash.skip(time);
  }

  static Plan planUntil(long untilMs) {
    Plan forever = plan();
    return new Plan(
        forever.name(),
        forever.chainId(),
        forever.owner(),
        forever.sdl(),
        forever.deposit(),
        0,
        untilMs,
        forever.rules(),
        forever.patience());
  }

  private final class Teller implements Watcher {
    @Override
    public void wrote(DeploymentRecord record, Step step) {
      story.add(step.toString());
      if (step.getClass().getSimpleName().equals(diesAfter)) {
        diesAfter = "";
        throw new Died();
      }
    }

    @Override
    public void waits(DeploymentRecord record, String what) {
      if (story.isEmpty() || !story.getLast().equals(what)) {
        story.add(what);
      }
    }
  }

  private interface Play<T> {
    T with(DeploymentRunner runner, DeploymentStore store);
  }

  private <T> T play(Play<T> play) {
    ChainClient chain = chain();
    try (Providers providers = new Providers(chain, KEY, Clock.systemUTC(), providerPatience);
        DeploymentStore store = DeploymentStore.changing(home, Clock.systemUTC())) {
      return play.with(
          new DeploymentRunner(
              chain, KEY, providers, Clock.offset(Clock.systemUTC(), ahead), LOOK, new Teller()),
          store);
    }
  }

  DeploymentRecord run(Plan plan) {
    return play((runner, store) -> runner.begin(store, plan));
  }

  DeploymentRecord runUntil(Plan plan, Phase phase) {
    return play((runner, store) -> runner.begin(store, plan, record -> record.phase() == phase));
  }

  void resume() {
    play((runner, store) -> {
      runner.resume(store);
      return store;
    });
  }

  DeploymentRecord closeDeployment(long dseq) {
    return play((runner, store) -> runner.close(store, dseq).orElseThrow());
  }

  DeploymentRecord topUp(long dseq, long deposit, long burn) {
    return play((runner, store) -> runner.topUp(store, dseq, deposit, burn).orElseThrow());
  }

  DeploymentRecord update(long dseq, String sdl) {
    return play((runner, store) -> runner.update(store, dseq, sdl).orElseThrow());
  }

  /// The SDL of [#plan], with another image.
  static String newSdl(String version) {
    return Vectors.text("web.yaml").replace("server:1.4.2", "server:" + version);
  }

  DeploymentRecord accept(long dseq, String provider) {
    return play((runner, store) -> runner.accept(store, dseq, new Address(provider)).orElseThrow());
  }

  DeploymentRecord record() {
    return DeploymentStore.reading(home, Clock.systemUTC()).records().getLast();
  }

  /// What the wallet lost of AKT and ACT since it was funded.
  long spentAkt() {
    return 50_000_000 - akash.balance(OWNER, "uakt");
  }

  long spentAct() {
    return 20_000_000 - akash.balance(OWNER, "uact");
  }

  @Override
  public void close() {
    akash.close();
    http.shutdownNow();
  }
}
