package org.agentchat.hooks.evm;

import static org.agentchat.hooks.evm.EscrowBench.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.devchain.Anvil;
import org.agentchat.hooks.DyingReactor;
import org.agentchat.hooks.Receiver;
import org.agentchat.ledger.Escrow;
import org.agentchat.log.BrokerSettings;
import org.agentchat.log.EmbeddedBroker;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reactors that end by `kill -9` at each of their steps, over a real log and a real chain: money
/// moves once, the log says so once, and a webhook is told of it once.
final class EvmHookKillIT {
  private static final int KILLED = 128 + 9;

  /// Where a process dies.
  private sealed interface Moment {
    /// At a moment that it knows itself, come to for the so-manieth time.
    record Within(String name, int times) implements Moment {}

    /// At a question to the node.
    record Asking(KillingProxy.Moment question) implements Moment {}
  }

  /// In the order in which they come: each process goes on where the one before has died.
  private static final List<Moment> LOCKING =
      List.of(
          // What is to be done is planned, and in no database.
          new Moment.Within("PLANNED", 1),
          // It is, with how far the log was read; nothing is done.
          new Moment.Within("RECORDED", 1),
          new Moment.Within("ATTEMPTING", 2),
          // A call is wanted, and nothing signed.
          new Moment.Asking(new KillingProxy.Moment("eth_estimateGas", true)),
          // The signed bytes are in the database, and no node has heard them.
          new Moment.Asking(new KillingProxy.Moment("eth_sendRawTransaction", false)),
          // The node has them, and the database does not say so.
          new Moment.Asking(new KillingProxy.Moment("eth_sendRawTransaction", true)),
          // The transaction is in a block, and the database does not say so.
          new Moment.Asking(new KillingProxy.Moment("eth_getTransactionReceipt", true)),
          // The contract's reports are read, and nothing is said of them in the log.
          new Moment.Asking(new KillingProxy.Moment("eth_getLogs", true)),
          new Moment.Within(KilledHook.APPENDING, 1),
          // The log has it, and the database does not say that it was read.
          new Moment.Within(KilledHook.APPENDED, 1),
          // Attempts have ended, webhooks are delivered, and the database does not say so.
          new Moment.Within("ATTEMPTED", 3),
          new Moment.Within("ENDED", 3));

  private static final List<Moment> PAYING =
      List.of(
          new Moment.Within("RECORDED", 1),
          new Moment.Asking(new KillingProxy.Moment("eth_sendRawTransaction", true)),
          new Moment.Asking(new KillingProxy.Moment("eth_getTransactionReceipt", true)),
          new Moment.Within(KilledHook.APPENDED, 1));

  @TempDir private Path folder;

  @Test
  void processThatIsKilledAtEachStepMovesMoneyOnceSaysItOnceAndTellsItOnce() throws Exception {
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.in(folder.resolve("kafka")), _ -> {});
        EscrowBench bench =
            EscrowBench.start(
                KafkaEventLog.open(KafkaSettings.embedded(broker.bootstrapServers())));
        Receiver receiver = new Receiver();
        KillingProxy proxy = new KillingProxy(bench.anvil().url())) {
      Places places = new Places(bench, broker.bootstrapServers(), proxy, receiver);
      String deal = bench.market().agree(bench.terms());
      for (Moment moment : LOCKING) {
        killAt(places, moment);
      }
      assertThat(bench.phase(deal)).isEqualTo(Escrow.Phase.LOCKED);
      bench.market().says(Market.PAYER, new Statement.Complete(deal, "good work"));
      for (Moment moment : PAYING) {
        killAt(places, moment);
      }
      Process last = process(places, "none", 1);
      try {
        awaitBlocks(bench, () -> bench.phase(deal) == Escrow.Phase.SETTLED);
        awaitBlocks(bench, () -> EscrowBench.allDone(db()));
        await(() -> receiver.ids().equals(DyingReactor.expected(bench.records())));
      } finally {
        last.destroyForcibly().waitFor();
      }
      requireOnce(bench, deal);
      requireTold(receiver, deal);
    }
  }

  private record Places(EscrowBench bench, String kafka, KillingProxy proxy, Receiver receiver) {}

  private static void requireOnce(EscrowBench bench, String deal) throws Exception {
    long head = bench.node().head().ref().number();
    assertThat(bench.reports(deal)).containsExactly("Locked", "Released");
    assertThat(bench.observations()).isEqualTo(2);
    assertThat(bench.refused()).isZero();
    // The payer locked and released, the payee withdrew.
    assertThat(nonce(bench, EscrowBench.PAYER, head)).isEqualTo(2);
    assertThat(nonce(bench, EscrowBench.PAYEE, head)).isEqualTo(1);
    assertThat(bench.node().balanceAt(bench.escrow().address(), head)).isEqualTo(BigInteger.ZERO);
    bench.requireAgreement(deal);
  }

  /// What came again under an id that had come before is not counted, as receivers are told to do.
  private static void requireTold(Receiver receiver, String deal) {
    assertThat(receiver.effects())
        .filteredOn(effect -> effect.path("proposal_id").asString().equals(deal))
        .extracting(effect -> effect.path("event").asString())
        .containsExactly(
            "proposal:opened",
            "proposal:accepted",
            "escrow:locked",
            "receipt:issued",
            "escrow:settled");
  }

  private static long nonce(EscrowBench bench, int account, long head) throws Exception {
    Address address = EscrowBench.signer(account).address();
    return bench.node().nonceAt(address, head);
  }

  private void killAt(Places places, Moment moment) throws Exception {
    Process process =
        switch (moment) {
          case Moment.Within(String name, int times) -> process(places, name, times);
          case Moment.Asking(KillingProxy.Moment question) -> {
            Process victim = process(places, "none", 1);
            places.proxy().aimAt(victim, question);
            yield victim;
          }
        };
    try {
      awaitBlocks(places.bench(), () -> !process.isAlive());
      assertThat(process.exitValue()).as("%s: %s", moment, output()).isEqualTo(KILLED);
    } finally {
      places.proxy().spare();
      process.destroyForcibly().waitFor();
    }
  }

  /// Blocks come by themselves, as on a chain that others use, too.
  private static void awaitBlocks(EscrowBench bench, Callable<Boolean> condition) {
    await(() -> {
      if (condition.call()) {
        return true;
      }
      bench.anvil().mine(1);
      return false;
    });
  }

  private Process process(Places places, String moment, int times) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            KilledHook.class.getName(),
            places.kafka(),
            db().toString(),
            places.proxy().url(),
            Long.toString(Anvil.CHAIN_ID),
            places.bench().escrow().address().hex(),
            Long.toString(places.bench().firstBlock()),
            places.receiver().url(),
            moment,
            Integer.toString(times))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("out").toFile())
        .start();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("out"));
  }

  private Path db() {
    return folder.resolve("hooks.db");
  }
}
