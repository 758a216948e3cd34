/// Lets money follow the log: what deals with escrow ask for becomes calls of the escrow contract,
/// and what happened in the contract becomes statements in the log.
///
/// Start reading at [Deal], then [Goal], [EvmPlanner], [Course] (what is next, pure), [EvmHandler]
/// and [ChainWatcher].
@NullMarked
package org.agentchat.hooks.evm;

import org.jspecify.annotations.NullMarked;
