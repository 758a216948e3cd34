package org.agentchat.escrow.contract;

/// One deliberate mistake in the contract.
enum Mutant {
  NO_GUARD_AT_LOCK("function lock(", "payable nonReentrant", "payable"),
  NO_GUARD_AT_LOCK_FOR("function lockFor(", "nonReentrant", ""),
  NO_GUARD_AT_WITHDRAW("function withdraw(", "nonReentrant", ""),
  NO_GUARD_AT_WITHDRAW_TO("function withdrawTo(", "nonReentrant", ""),
  RELEASE_FROM_INSIDE("function release(", "whenIdle", ""),
  DISPUTE_FROM_INSIDE("function dispute(", "whenIdle", ""),
  ANYBODY_LOCKS(
      "function lock(", "if (msg.sender != terms.payer) revert NotAllowed(msg.sender);", ""),
  COIN_NEED_NOT_COME(
      "function lock(",
      "if (msg.value != terms.amount) revert WrongValue(msg.value, terms.amount);",
      ""),
  COIN_STRANDED_WITH_TOKENS(
      "function lock(", "if (msg.value != 0) revert WrongValue(msg.value, 0);", ""),
  TOKENS_NEED_NOT_COME("function lock(", "_pull(terms);", ""),
  COIN_LOCKED_FOR_OTHERS(
      "function lockFor(",
      "if (terms.token == address(0)) revert InvalidToken(address(0));",
      "if (terms.token == address(0)) return id(terms);"),
  NO_SIGNATURE_AT_LOCK_FOR(
      "function lockFor(",
      "_requireSignature(terms.payer, _hashTypedDataV4(hashed), payerSignature);",
      ""),
  SIGNATURE_WITHOUT_DOMAIN("function lockFor(", "_hashTypedDataV4(hashed)", "hashed"),
  OLD_SIGNATURES_ON_A_BRANCH("function lockFor(", "_hashTypedDataV4(hashed)", "escrow"),
  IDS_LOST_ON_A_BRANCH(
      "function _id(",
      "MessageHashUtils.toTypedDataHash(_home, hashed)",
      "_hashTypedDataV4(hashed)"),
  ANYBODY_DELIVERS(
      "function deliver(",
      "if (msg.sender != terms.payee && msg.sender != terms.operator) revert"
          + " NotAllowed(msg.sender);",
      ""),
  DELIVERED_TWICE(
      "function deliver(",
      "if (state != State.Locked) revert WrongState(escrow, state);",
      "_requireOpen(escrow, state);"),
  DELIVERED_AFTER_THE_DEADLINE("function deliver(", "_requireBefore(until);", ""),
  REVIEW_OF_THE_WRONG_LENGTH("function deliver(", "terms.reviewPeriod", "terms.disputePeriod"),
  RELEASED_WITHOUT_STATE("function release(", "_requireOpen(escrow, state);", ""),
  RELEASED_BY_ANYBODY(
      "function release(",
      "if (msg.sender != terms.payer) _requireMayRelease(terms, escrow, state, until);",
      ""),
  RELEASED_WHILE_FROZEN(
      "function _requireMayRelease(",
      "if (state == State.Disputed) revert WrongState(escrow, state);",
      ""),
  OPERATOR_RELEASES_INSTEAD_OF_REFUND(
      "function _requireMayRelease(", "if (state == State.Locked) _requireBefore(until);", ""),
  RELEASED_UNDELIVERED(
      "function _requireMayRelease(",
      "if (state == State.Locked) revert NotAllowed(msg.sender);",
      ""),
  REVIEW_CUT_SHORT("function _requireMayRelease(", "_requireReached(until);", ""),
  PAYER_SETTLES_FOR_LESS("function settle(", "&& toPayee == terms.amount", ""),
  PAYEE_SETTLES_FOR_MORE(
      "function settle(", "&& toPayee == 0) {", "&& toPayee != terms.amount + 1) {"),
  STRANGER_CANCELS("function settle(", "msg.sender == terms.payee && toPayee == 0", "toPayee == 0"),
  SETTLED_AFTER_THE_END("function settle(", "_requireOpen(escrow, state);", ""),
  SETTLED_TOO_LATE(
      "function settleSigned(", "if (block.timestamp > notAfter) revert TooLate(notAfter);", ""),
  SETTLED_WITHOUT_PAYER(
      "function settleSigned(", "_requireSignature(terms.payer, digest, payerSignature);", ""),
  SETTLED_WITHOUT_PAYEE(
      "function settleSigned(", "_requireSignature(terms.payee, digest, payeeSignature);", ""),
  SETTLEMENT_FOR_EVERY_ESCROW(
      "function settleSigned(",
      "SETTLEMENT_TYPEHASH, escrow, toPayee",
      "SETTLEMENT_TYPEHASH, bytes32(0), toPayee"),
  REFUNDED_EARLY("function refund(", "_requireReached(until);", ""),
  REFUNDED_AFTER_DELIVERY(
      "function refund(",
      "if (state != State.Locked) revert WrongState(escrow, state);",
      "_requireOpen(escrow, state);"),
  STRANGER_DISPUTES("function dispute(", "revert NotAllowed(msg.sender);", "{}"),
  DISPUTED_AGAIN(
      "function dispute(",
      "if (state != State.Locked && state != State.Delivered) revert WrongState(escrow, state);",
      "_requireOpen(escrow, state);"),
  DISPUTED_AFTER_THE_REVIEW("function dispute(", "_requireBefore(until);", ""),
  ANYBODY_RESOLVES(
      "function resolve(", "if (msg.sender != terms.arbiter) revert NotAllowed(msg.sender);", ""),
  RESOLVED_WITHOUT_DISPUTE(
      "function resolve(",
      "if (state != State.Disputed) revert WrongState(escrow, state);",
      "_requireOpen(escrow, state);"),
  RESOLVED_TOO_LATE("function resolve(", "_requireBefore(until);", ""),
  RESOLVED_WITH_MORE(
      "function resolve(",
      "if (toPayee > terms.amount) revert ShareTooLarge(toPayee, terms.amount);",
      ""),
  SILENCE_CUT_SHORT("function resolveSilent(", "_requireReached(until);", ""),
  SILENT_SHARE_TO_THE_WRONG_SIDE(
      "function resolveSilent(", "* terms.silentBps", "* (WHOLE_BPS - terms.silentBps)"),
  LOCKED_TWICE("function _open(", "if (_escrows[escrow] != 0) revert Exists(escrow);", ""),
  DEADLINE_NOT_KEPT("function _open(", "State.Locked, terms.deadline", "State.Locked, 0"),
  PAYEE_AS_OPERATOR("function _requireValid(", "|| terms.payee == terms.operator", ""),
  PARTY_AS_ARBITER("function _requireValid(", "|| terms.arbiter == terms.payee", ""),
  ANY_AMOUNT("function _requireValid(", "|| terms.amount > MAX_AMOUNT", ""),
  DEADLINE_IN_THE_PAST("function _requireValid(", "terms.deadline <= block.timestamp ||", ""),
  DEADLINE_NEVER("function _requireValid(", "|| terms.deadline > block.timestamp + MAX_WAIT", ""),
  NO_TIME_FOR_THE_ARBITER("function _requireValid(", "terms.disputePeriod == 0 ||", ""),
  SHARE_ABOVE_A_WHOLE(
      "function _requireValid(",
      "if (terms.silentBps > WHOLE_BPS) revert InvalidShare(terms.silentBps);",
      ""),
  CONTRACT_AS_PARTY("function _requireParty(", "|| account == address(this)", ""),
  TOKEN_WITHOUT_CODE(
      "function _pull(",
      "if (terms.token.code.length == 0) revert InvalidToken(terms.token);",
      "if (terms.token.code.length == 0) return;"),
  TOKEN_MAY_TAKE_A_FEE(
      "function _pull(",
      "_requireMoved(before, token.balanceOf(address(this)), terms.amount);",
      ""),
  PAYER_OF_THE_WRONG_TOKENS(
      "function _pull(", "safeTransferFrom(terms.payer", "safeTransferFrom(terms.payee"),
  ESCROW_NEVER_ENDS("function _end(", "_write(escrow, state, 0);", ""),
  WRONG_BENEFICIARY(
      "function _end(",
      "_credits[terms.token][terms.payee] += toPayee",
      "_credits[terms.token][terms.operator] += toPayee"),
  SIDES_SWAPPED("function _end(", "terms.payer] += toPayer", "terms.payee] += toPayer"),
  CREDIT_OVERWRITTEN("function _end(", "terms.payee] += toPayee", "terms.payee] = toPayee"),
  CREDIT_IN_THE_WRONG_TOKEN(
      "function _end(", "_credits[terms.token][terms.payee]", "_credits[address(0)][terms.payee]"),
  CREDIT_NEVER_USED_UP("function _withdraw(", "_credits[token][msg.sender] = 0;", ""),
  EFFECTS_AFTER_INTERACTION_WITHOUT_GUARD("", "", "") {
    @Override
    String applyTo(String source) {
      String unguarded = edit(source, "function withdraw(", "nonReentrant", "");
      String early = edit(unguarded, "function _withdraw(", "_credits[token][msg.sender] = 0;", "");
      return edit(
          early,
          "function _withdraw(",
          "Address.sendValue(payable(to), amount);",
          "Address.sendValue(payable(to), amount); _credits[token][msg.sender] = 0;");
    }
  },
  ANOTHERS_CREDIT(
      "function _withdraw(", "_credits[token][msg.sender] = 0", "_credits[token][to] = 0"),
  TOKEN_MAY_TAKE_MORE(
      "function _withdraw(",
      "_requireMoved(IERC20(token).balanceOf(address(this)), before, amount);",
      ""),
  RECEIVER_IGNORED(
      "function withdrawTo(",
      "return _withdraw(token, to);",
      "return _withdraw(token, msg.sender);"),
  CREDIT_TO_THE_CONTRACT("function withdrawTo(", "|| to == address(this)", ""),
  LAST_SECOND_DENIED(
      "function _requireBefore(", "block.timestamp >= until", "block.timestamp >= until - 1"),
  BEFORE_INCLUDES_THE_TIME_OUT("function _requireBefore(", ">= until", "> until"),
  TIME_OUT_A_SECOND_LATE("function _requireReached(", "< until", "<= until"),
  ANY_SIGNATURE(
      "function _requireSignature(",
      "if (!SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature)) revert"
          + " InvalidSignature(signer);",
      ""),
  SAME_DEAL_FOR_EVERYBODY(
      "function _hash(",
      "abi.encode(TERMS_TYPEHASH, terms)",
      "abi.encode(TERMS_TYPEHASH, terms.proposal)");

  private final String function;
  private final String from;
  private final String to;

  Mutant(String function, String from, String to) {
    this.function = function;
    this.from = from;
    this.to = to;
  }

  /// The source with the mistake in it.
  String applyTo(String source) {
    return edit(source, function, from, to);
  }

  /// Replaces one text in one function, and complains when it is not there once.
  private static String edit(String source, String function, String from, String to) {
    int start = source.indexOf(function);
    int end = source.indexOf("\n    }\n", start);
    if (start < 0 || end < 0) {
      throw new IllegalArgumentException("The contract has no " + function);
    }
    String body = source.substring(start, end);
    int first = body.indexOf(from);
    if (first < 0 || body.indexOf(from, first + 1) >= 0) {
      throw new IllegalArgumentException(function + " has not exactly one: " + from);
    }
    return source.substring(0, start) + body.replace(from, to) + source.substring(end);
  }
}
