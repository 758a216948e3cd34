package org.agentchat.deploy;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.deployment.Patience;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;

/// How a worker works.
///
/// @param home the folder whose `deployments` it keeps; no other process may change them meanwhile
/// @param identity the worker's own
/// @param key of the wallet that pays
/// @param customers whose offers it accepts; empty is everybody's. An offer of somebody else may be
///   accepted by hand, with the worker's identity, and is then fulfilled like any other
/// @param maxCeiling the most that a deal may ask for, in uact
/// @param maxDuration the longest that a deal may ask for
/// @param mayMint whether AKT may be burned for ACT that is missing
/// @param providerPatience how long a provider may take to answer
/// @param look between two looks at the log
/// @param watch between two looks at a deployment that runs
/// @param pause between two looks at the chain while something is under way
/// @param listen where health is told; empty: nowhere
public record WorkerSettings(
    Path home,
    Identity identity,
    ChainClient chain,
    AccountKey key,
    Optional<Set<AgentId>> customers,
    long maxCeiling,
    Duration maxDuration,
    boolean mayMint,
    Patience patience,
    Duration providerPatience,
    Duration look,
    Duration watch,
    Duration pause,
    Optional<InetSocketAddress> listen) {
  /// Where health is told when nothing else is said: on this machine only.
  public static final int DEFAULT_PORT = 6683;
}
