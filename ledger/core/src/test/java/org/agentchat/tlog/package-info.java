@NullMarked
package org.agentchat.tlog;

import org.jspecify.annotations.NullMarked;
