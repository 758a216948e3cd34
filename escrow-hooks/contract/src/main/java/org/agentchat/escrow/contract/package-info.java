/// The escrow contract on an EVM chain, `AgentEscrow`: what its compiler made of it, its terms,
/// calls, events and errors as types. The source is in `src/main/solidity`. Nothing here has a key,
/// and nothing sends a transaction.
///
/// Addresses are `0x` and 40 hexadecimal digits in lower case everywhere, 32-byte values `0x` and
/// 64; amounts are in base units, times in Unix seconds.
@NullMarked
package org.agentchat.escrow.contract;

import org.jspecify.annotations.NullMarked;
