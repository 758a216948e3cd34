package org.agentchat.hooks;

import java.time.Instant;

/// A dead letter: an intent that ended without its effect.
///
/// @param diedAt when it was given up
/// @param note why
public record Letter(Intent intent, Instant diedAt, String note) {}
