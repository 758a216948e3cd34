package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.agentchat.escrow.contract.EscrowDomain;
import org.agentchat.escrow.contract.Terms;
import org.agentchat.escrow.devchain.Anvil;
import org.agentchat.escrow.devchain.AnvilBinary;

/// A running anvil and what tests do with it.
final class RealChain implements AutoCloseable {
  /// Waiting for something that takes milliseconds, on a machine that is busy with other things.
  static final Duration PATIENCE = Duration.ofMinutes(2);

  static final Duration POLL = Duration.ofMillis(20);

  private final Anvil anvil;
  private final JsonRpcNode node;

  private RealChain(Anvil anvil) {
    this.anvil = anvil;
    this.node = node(Duration.ofSeconds(20));
  }

  static RealChain start(String... arguments) {
    assumeTrue(AnvilBinary.find().isPresent(), AnvilBinary.MISSING);
    return new RealChain(Anvil.start(arguments));
  }

  Anvil anvil() {
    return anvil;
  }

  JsonRpcNode node() {
    return node;
  }

  JsonRpcNode node(Duration timeout) {
    return new JsonRpcNode(
        new NodeSettings(
            URI.create(anvil.url()), Duration.ofSeconds(5), timeout, 3, Duration.ofMillis(1)));
  }

  /// One of anvil's rich accounts.
  static Signer signer(int account) {
    return DevSigners.signer(account);
  }

  /// Puts the escrow contract on the chain.
  EscrowClient deploy(Transactor transactor) throws Exception {
    Request request = EscrowClient.deployment("deploy", signer(9).address());
    Transactor.Report report = transactor.bring(request, signer(9), POLL, PATIENCE);
    if (!(report.tracked().stage() instanceof Stage.Final done)) {
      throw new AssertionError("not deployed: " + report);
    }
    return new EscrowClient(node, Anvil.CHAIN_ID, done.where().created().orElseThrow());
  }

  /// Terms of a deal between accounts 0 and 1 with 2 as operator and 3 as arbiter, due in a day.
  Terms terms(int number) throws ChainException {
    return new Terms(
        signer(0).address().hex(),
        signer(1).address().hex(),
        signer(2).address().hex(),
        signer(3).address().hex(),
        Address.ZERO.hex(),
        BigInteger.valueOf(1_000_000 + number),
        node.head().time() + Duration.ofDays(1).toSeconds(),
        3_600,
        3_600,
        5_000,
        "0x%064x".formatted(number));
  }

  static Hash id(EscrowClient escrow, Terms terms) {
    return new Hash(new EscrowDomain(Anvil.CHAIN_ID, escrow.address().hex()).id(terms));
  }

  /// How often the contract reported something of a kind about an escrow.
  long reports(EscrowClient escrow, Hash id) throws ChainException {
    return node.logs(escrow.address(), 0, node.head().ref().number()).stream()
        .filter(log -> log.topics().size() > 1 && log.topics().get(1).equals(id))
        .count();
  }

  /// Stops the process for a while without ending it, as a machine that swaps or hangs. Tests of
  /// one JVM run one after another, so every anvil below this JVM is this test's.
  void pause(boolean on) throws Exception {
    List<ProcessHandle> mine =
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().command().orElse("").endsWith("anvil"))
            .toList();
    assertThat(mine).isNotEmpty();
    for (ProcessHandle process : mine) {
      new ProcessBuilder("kill", on ? "-STOP" : "-CONT", Long.toString(process.pid()))
          .start()
          .waitFor();
    }
  }

  @Override
  public void close() {
    node.close();
    anvil.close();
  }
}
