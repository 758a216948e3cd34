/// The words: identities, statements and their signatures, messages, events, canonical JSON, and
/// the published JSON Schemas. Bytes from outside become valid values here and nowhere else.
///
/// May not: do I/O, read a clock or a random source it was not handed, start threads, log, or know
/// any other module.
@NullMarked
package org.agentchat.schemas;

import org.jspecify.annotations.NullMarked;
