@NullMarked
package org.agentchat.receipt;

import org.jspecify.annotations.NullMarked;
