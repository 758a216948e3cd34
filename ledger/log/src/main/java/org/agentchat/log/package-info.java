/// Where it is written: the event log over Kafka (append, read from an index), over a file for
/// export and audit, and the embedded broker. An append is answered when it is durable.
///
/// May not: interpret an event beyond its bytes and index, or know the ledger's rules.
@NullMarked
package org.agentchat.log;

import org.jspecify.annotations.NullMarked;
