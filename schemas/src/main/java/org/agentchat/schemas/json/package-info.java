/// JSON as this project reads and writes it: strict on the way in, canonical where bytes are
/// signed.
///
/// Nothing here knows what a message or an event is.
@NullMarked
package org.agentchat.schemas.json;

import org.jspecify.annotations.NullMarked;
