/// A real EVM chain on this machine, for demonstrations and tests: `anvil`, started and steered.
@NullMarked
package org.agentchat.escrow.devchain;

import org.jspecify.annotations.NullMarked;
