package org.agentchat.hooks;

import org.jspecify.annotations.Nullable;

/// How far the log was planned from, and which log that was.
///
/// @param size entries read: the index of the next one
/// @param rootHash of those entries (RFC 6962 section 2.1), 64 hexadecimal digits
/// @param origin the log's name, or null while it has none
public record ReadPosition(long size, String rootHash, @Nullable String origin) {}
