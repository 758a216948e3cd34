/// Who may say what to whom: connections, proof of keys, channels, rate limits, and the way of a
/// signed statement to the log and its answer back.
///
/// May not: answer a statement before it is durable and applied, change the ledger other than by
/// appending to the log, store chat, or parse, verify or block on an I/O thread.
@NullMarked
package org.agentchat.relay;

import org.jspecify.annotations.NullMarked;
