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
import org.agentchat.ledger.Escrow;
import org.agentchat.log.BrokerSettings;
import org.agentchat.log.EmbeddedBroker;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reactors that end by `kill -9` at the moments that matter, over a real log: money moves once,
/// and the log says so once.
final class EvmHookKillIT {
  /// Before and after a node hears a signed transaction, while a deal is looked at, while reports
  /// are read for the log.
  private static final List<KillingProxy.Moment> LOCKING =
      List.of(
          new KillingProxy.Moment("eth_estimateGas", true),
          new KillingProxy.Moment("eth_sendRawTransaction", false),
          new KillingProxy.Moment("eth_sendRawTransaction", true),
          new KillingProxy.Moment("eth_getTransactionReceipt", true),
          new KillingProxy.Moment("eth_getLogs", true));

  private static final List<KillingProxy.Moment> PAYING =
      List.of(
          new KillingProxy.Moment("eth_sendRawTransaction", true),
          new KillingProxy.Moment("eth_getTransactionReceipt", true));

  @TempDir private Path folder;

  @Test
  void processThatIsKilledAtEachStepMovesMoneyOnceAndSaysItOnce() throws Exception {
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.in(folder.resolve("kafka")), _ -> {});
        EscrowBench bench =
            EscrowBench.start(
                KafkaEventLog.open(KafkaSettings.embedded(broker.bootstrapServers())));
        KillingProxy proxy = new KillingProxy(bench.anvil().url())) {
      String deal = bench.market().agree(bench.terms());
      for (KillingProxy.Moment moment : LOCKING) {
        killAt(bench, proxy, broker, moment);
      }
      // Its word is in the log, and it dies before it has noted that anywhere.
      Process speaker = process(bench, proxy, broker);
      awaitBlocks(bench, () -> bench.phase(deal) == Escrow.Phase.LOCKED);
      speaker.destroyForcibly().waitFor();
      bench.market().says(Market.PAYER, new Statement.Complete(deal, "good work"));
      for (KillingProxy.Moment moment : PAYING) {
        killAt(bench, proxy, broker, moment);
      }
      Process last = process(bench, proxy, broker);
      try {
        awaitBlocks(bench, () -> bench.phase(deal) == Escrow.Phase.SETTLED);
        awaitBlocks(bench, () -> EscrowBench.allDone(db()));
      } finally {
        last.destroyForcibly().waitFor();
      }
      requireOnce(bench, deal);
    }
  }

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

  private static long nonce(EscrowBench bench, int account, long head) throws Exception {
    Address address = EscrowBench.signer(account).address();
    return bench.node().nonceAt(address, head);
  }

  private void killAt(
      EscrowBench bench, KillingProxy proxy, EmbeddedBroker broker, KillingProxy.Moment moment)
      throws Exception {
    Process process = process(bench, proxy, broker);
    proxy.aimAt(process, moment);
    try {
      awaitBlocks(bench, () -> !process.isAlive());
      assertThat(process.exitValue()).as(output()).isEqualTo(128 + 9);
    } finally {
      proxy.spare();
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

  private Process process(EscrowBench bench, KillingProxy proxy, EmbeddedBroker broker)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            KilledHook.class.getName(),
            broker.bootstrapServers(),
            db().toString(),
            proxy.url(),
            Long.toString(Anvil.CHAIN_ID),
            bench.escrow().address().hex(),
            Long.toString(bench.firstBlock()))
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
