package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// What became of the stakes: `_escrow` of a frame.
///
/// @param settlement `returned`, `transferred`, or `burned` when both sides are at fault
/// @param transferredTo the winner, `@id`
/// @param transferredAmount the loser's stake
/// @param burnedAmount both stakes
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StakeOutcome(
    int proposerStake,
    int acceptorStake,
    String settlement,
    @Nullable String transferredTo,
    @Nullable Integer transferredAmount,
    @Nullable Integer burnedAmount) {

  /// Each side has its own stake back.
  public static StakeOutcome returned(int proposerStake, int acceptorStake) {
    return new StakeOutcome(proposerStake, acceptorStake, "returned", null, null, null);
  }

  /// The winner has the other side's stake.
  public static StakeOutcome transferred(
      int proposerStake, int acceptorStake, String winner, int amount) {
    return new StakeOutcome(proposerStake, acceptorStake, "transferred", winner, amount, null);
  }

  /// Nobody has either stake back.
  public static StakeOutcome burned(int proposerStake, int acceptorStake) {
    return new StakeOutcome(
        proposerStake, acceptorStake, "burned", null, null, proposerStake + acceptorStake);
  }
}
