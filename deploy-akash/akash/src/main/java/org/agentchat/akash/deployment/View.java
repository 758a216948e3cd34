package org.agentchat.akash.deployment;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.akash.chain.Balances;
import org.agentchat.akash.chain.Bid;
import org.agentchat.akash.chain.DeploymentState;
import org.agentchat.akash.chain.Lease;
import org.agentchat.akash.chain.MintTerms;
import org.agentchat.akash.chain.Provider;
import org.agentchat.akash.provider.LeaseStatus;
import org.agentchat.akash.provider.ManifestAnswer;

/// What the network shows at one moment. Parts that the phase does not need may be empty.
///
/// @param height of the chain
/// @param nowMs Unix time, of the last block or of this machine, whichever is earlier
/// @param pending what is seen of the pending transaction; there if and only if one is pending
/// @param balances of the owner
/// @param mint how ACT is minted
/// @param deployment this round's, if the chain has it
/// @param bids on it
/// @param providers of those bids, by address
/// @param leases of it
/// @param refusal what the chain said to the order that was last tried by this process and not sent
/// @param manifests what providers said last, by group
/// @param health how leases do, by group; a provider that does not answer is missing
/// @param silentSince the height since which some provider has not answered
/// @param freeDseq a number that no deployment of the owner has had
record View(
    long height,
    long nowMs,
    Optional<Fate.Sight> pending,
    Optional<Balances> balances,
    Optional<MintTerms> mint,
    Optional<DeploymentState> deployment,
    List<Bid> bids,
    Map<String, Provider> providers,
    List<Lease> leases,
    Optional<Refusal> refusal,
    Map<Integer, ManifestAnswer> manifests,
    Map<Integer, LeaseStatus> health,
    Optional<Long> silentSince,
    long freeDseq) {

  /// An order that the chain would not carry out; nothing was signed.
  record Refusal(Kind kind, String reason) {}

  Optional<String> refusalOf(Kind kind) {
    return refusal.filter(one -> one.kind() == kind).map(Refusal::reason);
  }
}
