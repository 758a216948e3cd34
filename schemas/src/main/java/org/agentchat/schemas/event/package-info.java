/// What the log records: events, their bytes, and the names made from those bytes.
@NullMarked
package org.agentchat.schemas.event;

import org.jspecify.annotations.NullMarked;
