package org.agentchat.escrow.chain;

import java.math.BigInteger;

/// What one look at the chain showed of a request and its sender.
///
/// @param head the newest block
/// @param finalNumber the newest height that counts as final
/// @param baseFee what a unit of gas costs at least, wei
/// @param suggestedTip the tip that the node suggests, wei
/// @param nonce the sender's transactions up to the head
/// @param finalNonce the sender's transactions up to the final height
/// @param spendable the sender's coin less what its transactions under way may cost, wei
/// @param preflight what a trial of the call showed
/// @param sighting where its attempts are
record ChainView(
    BlockRef head,
    long finalNumber,
    BigInteger baseFee,
    BigInteger suggestedTip,
    long nonce,
    long finalNonce,
    BigInteger spendable,
    Preflight preflight,
    Sighting sighting) {

  boolean isFinal(Inclusion inclusion) {
    return inclusion.block().number() <= finalNumber;
  }
}
