package org.agentchat.escrow.chain;

import java.util.Optional;

/// That an attempt is in a block.
///
/// @param attempt the hash of the attempt
/// @param block where it is
/// @param succeeded false if the contract refused it, which costs gas and changes nothing else
/// @param created the contract that it made
public record Inclusion(
    Hash attempt, BlockRef block, boolean succeeded, Optional<Address> created) {}
