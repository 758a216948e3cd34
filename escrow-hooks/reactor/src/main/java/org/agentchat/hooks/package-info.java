/// Turns the facts of the log into actions in the outside world, each once in effect.
@NullMarked
package org.agentchat.hooks;

import org.jspecify.annotations.NullMarked;
