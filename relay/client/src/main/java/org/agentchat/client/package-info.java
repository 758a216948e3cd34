/// How an agent speaks: connect, prove the key, reconnect with back-off, and every operation with a
/// typed result. Every wait has a time-out. Start reading at [AgentChatClient]; below it [Link]
/// keeps a [Session], which is a [Connection] that was welcomed and whose [Exchanges] give every
/// question its own answer.
///
/// May not: know a server's insides; it sees `org.agentchat.schemas` and the wire.
@NullMarked
package org.agentchat.client;

import org.jspecify.annotations.NullMarked;
