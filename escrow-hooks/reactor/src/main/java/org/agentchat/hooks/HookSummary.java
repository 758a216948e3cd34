package org.agentchat.hooks;

import org.jspecify.annotations.Nullable;

/// How a hook does.
///
/// @param open intents that are not done, those below among them
/// @param failing open intents that have failed and are attempted again
/// @param waiting open intents whose handler looks again by itself
/// @param stuck those of the waiting ones that an operator should know of
/// @param dead intents that want an operator
/// @param done intents that are done and still remembered
/// @param oldestOpenAt when the oldest open intent was planned, milliseconds since 1970, or null
/// @param trouble what the newest failure among the open intents was, or where one is stuck, or
///   null
public record HookSummary(
    HookState state,
    long open,
    long failing,
    long waiting,
    long stuck,
    long dead,
    long done,
    @Nullable Long oldestOpenAt,
    @Nullable String trouble) {}
