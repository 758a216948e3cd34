/// What a client and a relay say to each other: one record for each WebSocket text frame, and the
/// codecs between frames and records. The protocol's limits, codes and words live here.
@NullMarked
package org.agentchat.schemas.message;

import org.jspecify.annotations.NullMarked;
