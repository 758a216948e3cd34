package org.agentchat.escrow.chain;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.escrow.devchain.Anvil;

/// A process that brings a wish into a chain and kills itself with `kill -9` at a given one of its
/// calls to the outside, after the call had its effect.
final class KilledTransactor {
  private final AtomicInteger left;

  private KilledTransactor(int calls) {
    this.left = new AtomicInteger(calls);
  }

  /// Arguments: the node's address, the database, the number of the wish, calls before the end (0:
  /// none).
  public static void main(String[] arguments) throws Exception {
    int wish = Integer.parseInt(arguments[2]);
    int calls = Integer.parseInt(arguments[3]);
    KilledTransactor killed = new KilledTransactor(calls == 0 ? Integer.MAX_VALUE : calls);
    try (JsonRpcNode node = new JsonRpcNode(NodeSettings.of(URI.create(arguments[0])));
        OneWriter database = OneWriter.sqlite(Path.of(arguments[1]))) {
      JdbcTransactionStore store =
          new JdbcTransactionStore(
              Anvil.CHAIN_ID, killed.around(JdbcTransactionStore.Transactions.class, database));
      Transactor transactor =
          new Transactor(
              killed.around(ChainNode.class, node),
              store,
              Anvil.CHAIN_ID,
              new Finality.Depth(0),
              FeePolicy.DEFAULT);
      transactor.requireChain();
      Transactor.Report report =
          transactor.bring(wish(wish), RealChain.signer(0), RealChain.POLL, Duration.ofMinutes(1));
      boolean done =
          report.tracked().stage() instanceof Stage.Final
              && store.underWay(RealChain.signer(0).address()).equals(List.of());
      System.exit(done ? 0 : 1);
    }
  }

  static Request wish(int number) {
    return new Request(
        "wish-" + number,
        RealChain.signer(0).address(),
        Optional.of(receiver(number)),
        BigInteger.valueOf(7),
        "0x");
  }

  static Address receiver(int number) {
    return new Address("0x%040x".formatted(0xabc000 + number));
  }

  private <T> T around(Class<T> type, T inner) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                Object result = method.invoke(inner, arguments);
                if (left.decrementAndGet() == 0) {
                  kill();
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  private static void kill() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
        .start()
        .waitFor();
    Thread.sleep(Duration.ofMinutes(1));
  }
}
