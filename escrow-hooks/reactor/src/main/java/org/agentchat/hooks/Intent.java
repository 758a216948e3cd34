package org.agentchat.hooks;

import java.time.Instant;

/// A recorded [Action] of a hook, which is open until an [Outcome] ends it.
///
/// @param id its number in the outbox, rising in the order of the log
/// @param hook the name of the hook
/// @param key see [Action]
/// @param lane see [Action]
/// @param event see [Action]
/// @param payload see [Action]
/// @param entryIndex of the entry that it follows from
/// @param plannedAt when it was recorded, by this machine's clock
/// @param attempts how often it has failed ([Outcome.Retry]) since it was recorded or revived
public record Intent(
    long id,
    String hook,
    String key,
    String lane,
    String event,
    String payload,
    long entryIndex,
    Instant plannedAt,
    int attempts) {}
