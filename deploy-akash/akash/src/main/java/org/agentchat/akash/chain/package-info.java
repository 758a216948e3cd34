/// Asking and telling the network, over its REST API. Nothing here decides anything: answers become
/// types, whatever does not fit is an error, every wait and every answer has a bound.
@NullMarked
package org.agentchat.akash.chain;

import org.jspecify.annotations.NullMarked;
