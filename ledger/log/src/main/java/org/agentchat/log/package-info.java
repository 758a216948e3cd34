/// Where the log is written: bytes in one total order, in Apache Kafka or in a file.
///
/// What lives here: appending ([org.agentchat.log.EventLog]), reading
/// ([org.agentchat.log.LogSource]), the Kafka adapter, the Kafka broker that runs inside this
/// process ([org.agentchat.log.EmbeddedBroker]) and the file form ([org.agentchat.log.LogFile]).
/// What may not: any knowledge of what the bytes mean. Nothing here parses an event, verifies a
/// signature or depends on the ledger.
///
/// Start reading at [org.agentchat.log.LogSource], [org.agentchat.log.EventLog],
/// [org.agentchat.log.KafkaEventLog], [org.agentchat.log.EmbeddedBroker],
/// [org.agentchat.log.LogFile].
@NullMarked
package org.agentchat.log;

import org.jspecify.annotations.NullMarked;
