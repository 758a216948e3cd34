package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// What became of the stakes: `_escrow` of a frame.
///
/// @param settlement `returned` or `transferred`
/// @param transferredTo the winner, `@id`
/// @param transferredAmount the loser's stake
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StakeOutcome(
    int proposerStake,
    int acceptorStake,
    String settlement,
    @Nullable String transferredTo,
    @Nullable Integer transferredAmount) {}
