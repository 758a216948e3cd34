package org.agentchat.akash.deployment;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.NodeException;
import org.agentchat.akash.chain.Provider;
import org.agentchat.akash.provider.ProviderClient;
import org.agentchat.akash.provider.ProviderException;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Address;

/// Clients of the providers that are spoken to, one for each. Not thread-safe.
public final class Providers implements AutoCloseable {
  private final ChainClient chain;
  private final AccountKey key;
  private final Clock clock;
  private final Duration patience;
  private final Map<Address, ProviderClient> clients = new HashMap<>();

  public Providers(ChainClient chain, AccountKey key, Clock clock, Duration patience) {
    this.chain = chain;
    this.key = key;
    this.clock = clock;
    this.patience = patience;
  }

  /// The client of a provider, at the address that the chain has for it.
  ///
  /// @throws ProviderException if the address is none
  /// @throws NodeException if the chain does not know the provider, or cannot be asked
  public ProviderClient of(Address owner) {
    return clients.computeIfAbsent(owner, this::client);
  }

  private ProviderClient client(Address owner) {
    String hostUri = chain.provider(owner).map(Provider::hostUri).orElse("");
    return new ProviderClient(hostUri, owner, key, chain::certificates, clock, patience);
  }

  @Override
  public void close() {
    clients.values().forEach(ProviderClient::close);
    clients.clear();
  }
}
