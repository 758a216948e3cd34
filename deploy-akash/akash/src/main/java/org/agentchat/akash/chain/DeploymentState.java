package org.agentchat.akash.chain;

import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import org.agentchat.akash.tx.DeploymentId;

/// A deployment as the chain has it.
///
/// @param active it may hold leases and its escrow may be drained
/// @param manifestHash 32 bytes
/// @param createdAt a height
/// @param funds what is left in its escrow, in uact, when it was last settled
/// @param transferred what providers were paid, in uact, when it was last settled
/// @param overdrawn its escrow ran out
public record DeploymentState(
    DeploymentId id,
    boolean active,
    ByteString manifestHash,
    long createdAt,
    BigDecimal funds,
    BigDecimal transferred,
    boolean overdrawn) {}
