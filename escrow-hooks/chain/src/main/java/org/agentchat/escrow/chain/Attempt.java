package org.agentchat.escrow.chain;

import java.util.OptionalLong;

/// One signed transaction. Several of the same nonce may be under way, and any of them may be the
/// one that is mined.
///
/// @param hash its name on the chain
/// @param raw the signed bytes, `0x` and hexadecimal digits; sent again as they are, never signed
///   anew
/// @param fees what it offers
/// @param gasLimit gas that it may use
/// @param sentAt the newest block when it was first handed to a node; absent before that
public record Attempt(Hash hash, String raw, Fees fees, long gasLimit, OptionalLong sentAt) {
  Attempt sent(long head) {
    return sentAt.isPresent()
        ? this
        : new Attempt(hash, raw, fees, gasLimit, OptionalLong.of(head));
  }
}
