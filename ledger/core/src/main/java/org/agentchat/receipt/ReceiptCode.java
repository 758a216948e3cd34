package org.agentchat.receipt;

/// What came of verifying a file, a receipt, a rating certificate or a history: one code for each
/// way in which it can be wrong. When a file is wrong in several ways, the first check that fails
/// names the code.
public enum ReceiptCode {
  /// Everything that a receipt can prove is proved.
  OK(Group.OK),
  /// Not a receipt file: not strict JSON, a field missing or unknown, a leg that is no event, a
  /// proof that is none.
  MALFORMED(Group.MALFORMED),
  /// A receipt file of a format that is not known here.
  UNKNOWN_FORMAT(Group.UNKNOWN),
  /// A statement was altered, or its key did not sign it.
  BAD_STATEMENT_SIGNATURE(Group.BAD_SIGNATURE),
  /// A leg's hash is not that of its event.
  WRONG_LEAF_HASH(Group.NOT_INCLUDED),
  /// A leg and its proof, or the receipt and its last leg, name different entries.
  WRONG_INDEX(Group.NOT_INCLUDED),
  /// A statement that the deal needs is not there.
  LEG_MISSING(Group.CONTRADICTION),
  /// A statement belongs to another deal, or to nobody who may make it.
  LEG_FOREIGN(Group.CONTRADICTION),
  /// The statements are not in the order in which they were recorded, or cannot be.
  LEGS_OUT_OF_ORDER(Group.CONTRADICTION),
  /// The receipt says something else than the statements that were signed.
  CLAIM_DIFFERS(Group.CONTRADICTION),
  /// A statement was signed for another log, or the checkpoint is of another one.
  WRONG_ORIGIN(Group.CONTRADICTION),
  /// The escrow is not the deal's: its id is not made of the terms, the wallets and the deal, or
  /// what was seen is about another one, or another amount.
  ESCROW_DIFFERS(Group.CONTRADICTION),
  /// A wallet was not bound by the side whose it should be, not for the contract of the terms, or
  /// not when the deal was accepted; or the contract would never lock between the two.
  ESCROW_WALLET_FOREIGN(Group.CONTRADICTION),
  /// What happened to the money is said by somebody whom the terms do not name.
  ESCROW_OBSERVER_FOREIGN(Group.CONTRADICTION),
  /// What is said to have happened to the money cannot have happened in this order.
  ESCROW_OUT_OF_ORDER(Group.CONTRADICTION),
  /// The proofs end at different checkpoints.
  MIXED_CHECKPOINTS(Group.NOT_INCLUDED),
  /// The policy lists no log of that name whose key signed the checkpoint.
  UNKNOWN_LOG(Group.UNKNOWN),
  /// The checkpoint says that a known key signed it, and it did not.
  BAD_CHECKPOINT_SIGNATURE(Group.BAD_SIGNATURE),
  /// The log signed the checkpoint, but not enough witnesses did.
  TOO_FEW_WITNESSES(Group.POLICY_NOT_MET),
  /// A statement is not in the tree that the checkpoint names.
  NOT_INCLUDED(Group.NOT_INCLUDED),
  /// Of the entries that name the agent, as many as the ledger committed to, one was left out.
  ENTRY_MISSING(Group.INCOMPLETE),
  /// There are as many entries as the ledger committed to, and they are not those: one was left out
  /// and another put in its place.
  ENTRY_EXCHANGED(Group.INCOMPLETE),
  /// There are more entries than the ledger committed to, or one from after the commitment.
  ENTRY_FOREIGN(Group.CONTRADICTION),
  /// An entry comes twice.
  ENTRY_REPEATED(Group.CONTRADICTION),
  /// The entries are not in the order in which they were recorded.
  ENTRIES_OUT_OF_ORDER(Group.CONTRADICTION),
  /// The log has signed another tree of the same size: it tells different people different things.
  FORK(Group.FORK);

  /// Kinds of codes, each with the exit code of a command that verifies.
  public enum Group {
    /// All is well.
    OK(0, "verified"),
    /// See [#BAD_STATEMENT_SIGNATURE] and [#BAD_CHECKPOINT_SIGNATURE].
    BAD_SIGNATURE(10, "a signature is not valid"),
    /// The log was not shown to hold the statements.
    NOT_INCLUDED(11, "not shown to be in the log"),
    /// See [ReceiptCode#FORK].
    FORK(12, "the log forked: it signed two trees of one size"),
    /// The policy wants more than there is.
    POLICY_NOT_MET(13, "too few witnesses for the policy"),
    /// See [ReceiptCode#MALFORMED].
    MALFORMED(14, "malformed"),
    /// Neither good nor bad: of another format, or of a log that the policy does not list.
    UNKNOWN(15, "of an unknown format, or of a log that the policy does not list"),
    /// The parts do not belong together.
    CONTRADICTION(16, "its parts do not belong together"),
    /// A history that is not whole: something that names the agent is missing.
    INCOMPLETE(17, "incomplete: an entry that names the agent was left out");

    private final int exit;
    private final String words;

    Group(int exit, String words) {
      this.exit = exit;
      this.words = words;
    }

    /// The exit code, different for each group.
    public int exit() {
      return exit;
    }

    /// In a few words.
    public String words() {
      return words;
    }
  }

  private final Group group;

  ReceiptCode(Group group) {
    this.group = group;
  }

  /// The kind that it belongs to.
  public Group group() {
    return group;
  }
}
