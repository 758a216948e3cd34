/// The escrow contract on an EVM chain: its Solidity source, what the compiler made of it, and the
/// generated wrapper. Nothing here speaks to a chain by itself.
@NullMarked
package org.agentchat.escrow.contract;

import org.jspecify.annotations.NullMarked;
