package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.escrow.chain.EscrowClient;
import org.jspecify.annotations.Nullable;

/// Who can do what with an escrow now and later. Pure; the contract's source is what it follows.
final class EscrowMoves {
  private final boolean operator;
  private final long deadline;
  private final EscrowClient.Status status;
  private final long time;
  private final List<Move> moves = new ArrayList<>();

  /// Something that can be done.
  ///
  /// @param who `payer`, `payee`, `operator`, `arbiter` or `anyone`
  /// @param call the command's name
  /// @param from from when on, Unix seconds; absent: now
  /// @param until before when, Unix seconds; absent: without end
  record Move(String who, String call, @Nullable Long from, @Nullable Long until) {
    String line() {
      String since = from == null ? "" : " from " + IsoTime.of(from * 1_000) + " on";
      String before = until == null ? "" : " before " + IsoTime.of(until * 1_000);
      return "%-8s  %s%s%s".formatted(who, call, since, before);
    }
  }

  private EscrowMoves(boolean operator, long deadline, EscrowClient.Status status, long time) {
    this.operator = operator;
    this.deadline = deadline;
    this.status = status;
    this.time = time;
  }

  /// @param operator whether the terms name one
  /// @param deadline of the terms, Unix seconds
  /// @param time the chain's, Unix seconds
  static List<Move> of(boolean operator, long deadline, EscrowClient.Status status, long time) {
    EscrowMoves moves = new EscrowMoves(operator, deadline, status, time);
    moves.collect();
    return List.copyOf(moves.moves);
  }

  private void collect() {
    switch (status.state()) {
      case NONE -> {
        if (time < deadline) {
          add("payer", "lock", deadline);
        }
      }
      case LOCKED -> {
        add("payer", "release", null);
        add("payee", "refund --cancel", null);
        if (isInTime()) {
          add("payee", "deliver", status.until());
          addOperator("deliver", status.until());
          addOperator("release", status.until());
          addSides("dispute");
        }
        addAfter("refund");
      }
      case DELIVERED -> {
        add("payer", "release", null);
        add("payee", "refund --cancel", null);
        addOperator("release", null);
        if (isInTime()) {
          addSides("dispute");
        }
        addAfter("release");
      }
      case DISPUTED -> {
        add("payer", "release", null);
        add("payee", "refund --cancel", null);
        if (isInTime()) {
          add("arbiter", "resolve --to-payee", status.until());
        }
        addAfter("resolve --silent");
      }
      case RELEASED, REFUNDED, RESOLVED -> {}
    }
  }

  private boolean isInTime() {
    return time < status.until();
  }

  private void add(String who, String call, @Nullable Long until) {
    moves.add(new Move(who, call, null, until));
  }

  private void addOperator(String call, @Nullable Long until) {
    if (operator) {
      add("operator", call, until);
    }
  }

  private void addSides(String call) {
    add("payer", call, status.until());
    add("payee", call, status.until());
    addOperator(call, status.until());
  }

  private void addAfter(String call) {
    moves.add(new Move("anyone", call, isInTime() ? status.until() : null, null));
  }
}
