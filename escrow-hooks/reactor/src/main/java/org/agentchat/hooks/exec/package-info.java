/// Local commands that are told of notices.
@NullMarked
package org.agentchat.hooks.exec;

import org.jspecify.annotations.NullMarked;
