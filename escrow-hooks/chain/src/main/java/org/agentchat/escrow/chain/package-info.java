/// How a transaction gets into an EVM chain once and only once: nonces, fees, finality, keys. Knows
/// nothing of the log.
@NullMarked
package org.agentchat.escrow.chain;

import org.jspecify.annotations.NullMarked;
