package org.agentchat.hooks;

import org.jspecify.annotations.Nullable;

/// What the outbox knows of a hook.
///
/// @param nextIndex the first entry that it has not planned from
/// @param disabled why it is not wanted any more, or null
public record HookState(String name, String kind, long nextIndex, @Nullable String disabled) {}
