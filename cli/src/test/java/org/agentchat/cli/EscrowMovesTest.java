package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.agentchat.escrow.chain.EscrowClient.Status;
import org.agentchat.escrow.contract.EscrowState;
import org.junit.jupiter.api.Test;

/// Who can do what, in every state, before its time-out and after it.
final class EscrowMovesTest {
  private static final long DEADLINE = 1_800_000_000;
  private static final String AT = "2027-01-15T08:00:00.000Z";

  @Test
  void nothingLockedIsForThePayerUntilTheDeadline() {
    assertThat(moves(EscrowState.NONE, DEADLINE - 1)).containsExactly("payer lock <");
    assertThat(moves(EscrowState.NONE, DEADLINE)).isEmpty();
  }

  @Test
  void lockedIsForThePayeeUntilTheDeadline() {
    assertThat(moves(EscrowState.LOCKED, DEADLINE - 1))
        .containsExactly(
            "payer release",
            "payee refund --cancel",
            "payee deliver <",
            "operator deliver <",
            "operator release <",
            "payer dispute <",
            "payee dispute <",
            "operator dispute <",
            "anyone refund >");
    assertThat(moves(EscrowState.LOCKED, DEADLINE))
        .containsExactly("payer release", "payee refund --cancel", "anyone refund");
  }

  @Test
  void deliveredIsForThePayerUntilTheReviewEnds() {
    assertThat(moves(EscrowState.DELIVERED, DEADLINE - 1))
        .containsExactly(
            "payer release",
            "payee refund --cancel",
            "operator release",
            "payer dispute <",
            "payee dispute <",
            "operator dispute <",
            "anyone release >");
    assertThat(moves(EscrowState.DELIVERED, DEADLINE))
        .containsExactly(
            "payer release", "payee refund --cancel", "operator release", "anyone release");
  }

  @Test
  void disputedIsForTheArbiterUntilItsTimeIsOver() {
    assertThat(moves(EscrowState.DISPUTED, DEADLINE - 1))
        .containsExactly(
            "payer release",
            "payee refund --cancel",
            "arbiter resolve --to-payee <",
            "anyone resolve --silent >");
    assertThat(moves(EscrowState.DISPUTED, DEADLINE))
        .containsExactly("payer release", "payee refund --cancel", "anyone resolve --silent");
  }

  @Test
  void whatIsOverIsOver() {
    for (EscrowState state :
        List.of(EscrowState.RELEASED, EscrowState.REFUNDED, EscrowState.RESOLVED)) {
      assertThat(moves(state, 1)).isEmpty();
    }
  }

  @Test
  void operatorThatIsNobodyCanDoNothing() {
    assertThat(EscrowMoves.of(false, DEADLINE, new Status(EscrowState.LOCKED, DEADLINE), 1))
        .extracting(EscrowMoves.Move::who)
        .doesNotContain("operator");
  }

  @Test
  void linesSayWhen() {
    List<EscrowMoves.Move> moves =
        EscrowMoves.of(false, DEADLINE, new Status(EscrowState.DISPUTED, DEADLINE), 1);
    assertThat(moves.stream().map(EscrowMoves.Move::line))
        .contains(
            "arbiter   resolve --to-payee before " + AT,
            "anyone    resolve --silent from " + AT + " on");
  }

  private static List<String> moves(EscrowState state, long time) {
    long until = state == EscrowState.NONE || state.isFinal() ? 0 : DEADLINE;
    return EscrowMoves.of(true, DEADLINE, new Status(state, until), time).stream()
        .map(move ->
            move.who()
                + " "
                + move.call()
                + (move.from() != null ? " >" : "")
                + (move.until() != null ? " <" : ""))
        .toList();
  }
}
