package org.agentchat.deploy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.Network;
import org.agentchat.akash.deployment.Patience;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Mnemonic;

/// How the workers of these tests work.
final class Shop {
  static final AccountKey KEY =
      AccountKey.of(
          Mnemonic.parse(
              "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon"
                  + " abandon about"));
  static final long MAX_CEILING = 9_000_000;

  /// Blocks are fast here, so the waits for answers are long in blocks; only bids are not waited
  /// for.
  static final Patience PATIENCE = new Patience(3, 60, 1_000, 10_000, 20_000, 20_000, 1_000, 3);

  private Shop() {}

  /// Another wallet.
  static final AccountKey OTHER_KEY =
      AccountKey.of(
          Mnemonic.parse(
              "legal winner thank year wave sausage worth useful legal winner thank yellow"));

  static WorkerSettings settings(Path home, URI node, Patience patience) {
    return settings(home, node, patience, KEY);
  }

  static WorkerSettings settings(Path home, URI node, Patience patience, AccountKey key) {
    return new WorkerSettings(
        home,
        Bazaar.WORKER,
        new ChainClient(
            Network.TESTNET.at(node), HttpClient.newHttpClient(), Duration.ofSeconds(20)),
        key,
        Optional.of(Set.of(Bazaar.CUSTOMER.id())),
        MAX_CEILING,
        Duration.ofDays(7),
        false,
        patience,
        Duration.ofSeconds(20),
        Duration.ofMillis(50),
        Duration.ofMillis(200),
        Duration.ofMillis(15),
        Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }
}
