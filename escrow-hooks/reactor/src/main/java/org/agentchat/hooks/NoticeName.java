package org.agentchat.hooks;

import java.util.Arrays;
import java.util.Optional;

/// What may happen, as hooks are told of it. The first five are the names that existing hook
/// authors know; in `escrow:created` and `escrow:released`, *escrow* is rating points at stake, in
/// all others it is money.
public enum NoticeName {
  /// Rating points are held for an accepted deal.
  ESCROW_CREATED("escrow:created"),
  /// Rating points are free again because their time is up.
  ESCROW_RELEASED("escrow:released"),
  /// A deal with stakes was completed.
  SETTLEMENT_COMPLETION("settlement:completion"),
  /// A deal was disputed.
  SETTLEMENT_DISPUTE("settlement:dispute"),
  /// A panel has found who is at fault.
  SETTLEMENT_VERDICT("settlement:verdict"),
  /// Work was offered.
  PROPOSAL_OPENED("proposal:opened"),
  /// An offer was taken.
  PROPOSAL_ACCEPTED("proposal:accepted"),
  /// An offer was declined.
  PROPOSAL_REJECTED("proposal:rejected"),
  /// An offer lapsed, or an accepted deal was given up.
  PROPOSAL_EXPIRED("proposal:expired"),
  /// A deal is finished and there is a receipt.
  RECEIPT_ISSUED("receipt:issued"),
  /// Money is in an escrow contract, says the observer that the deal names: the deal has started.
  ESCROW_LOCKED("escrow:locked"),
  /// Money was paid out by the contract, says the observer.
  ESCROW_SETTLED("escrow:settled"),
  /// Money went back to its payer, says the observer.
  ESCROW_REFUNDED("escrow:refunded"),
  /// An agent has a wallet for an escrow contract.
  WALLET_BOUND("wallet:bound"),
  /// Everything that a deal asks for runs on rented machines, says its acceptor; told again when
  /// machines were replaced.
  DEPLOYMENT_RUNNING("deployment:running"),
  /// Rented machines ran and are closed, says the acceptor.
  DEPLOYMENT_CLOSED("deployment:closed"),
  /// Machines never ran, says the acceptor, and nothing is open.
  DEPLOYMENT_FAILED("deployment:failed");

  private final String word;

  NoticeName(String word) {
    this.word = word;
  }

  /// The name as payloads and settings have it.
  public String word() {
    return word;
  }

  /// The name that is written so.
  public static Optional<NoticeName> of(String word) {
    return Arrays.stream(values()).filter(name -> name.word.equals(word)).findFirst();
  }
}
