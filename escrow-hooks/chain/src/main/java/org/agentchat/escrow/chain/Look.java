package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a chain shows of one sender at one head. Questions are asked when they are needed, and each
/// once; what contradicts itself is not decided upon.
final class Look {
  /// More gas than the estimate, by a quarter: the state may be another one by then.
  private static final long GAS_MARGIN_DIVISOR = 4;

  /// Which height is final at a head.
  @FunctionalInterface
  interface FinalHeight {
    long at(BlockRef head) throws ChainException;
  }

  private final ChainNode node;
  private final Address sender;
  private final Block head;
  private final FinalHeight finalHeight;
  private final long nonce;
  private final Map<Long, Optional<Block>> blocks = new HashMap<>();
  private @Nullable BigInteger balance;
  private @Nullable BigInteger tip;

  private Look(ChainNode node, Address sender, Block head, FinalHeight finalHeight, long nonce) {
    this.node = node;
    this.sender = sender;
    this.head = head;
    this.finalHeight = finalHeight;
    this.nonce = nonce;
  }

  static Look at(ChainNode node, Address sender, FinalHeight finalHeight) throws ChainException {
    Block head = node.head();
    return new Look(node, sender, head, finalHeight, node.nonceAt(sender, head.ref().number()));
  }

  Block head() {
    return head;
  }

  Address sender() {
    return sender;
  }

  /// The sender's transactions up to the head.
  long nonce() {
    return nonce;
  }

  /// Those and the ones that wait. A node behind a balancer may know less than the one before.
  long pendingNonce() throws ChainException {
    return Math.max(nonce, node.pendingNonce(sender));
  }

  ChainView view(Tracked tracked, List<Tracked> underWay) throws ChainException {
    BigInteger spendable = spendable(underWay);
    return switch (tracked.stage()) {
      case Stage.Planned _ -> view(spendable, preflight(tracked.request(), spendable));
      case Stage.Signed signed -> view(spendable, signed.nonce(), signed.attempts());
      case Stage.Sent sent -> view(spendable, sent.nonce(), sent.attempts());
      case Stage.Mined mined -> view(spendable, mined.nonce(), mined.attempts());
      case Stage.Final _, Stage.Reverted _, Stage.Replaced _ ->
          throw new IllegalArgumentException("it is over: " + tracked);
    };
  }

  private ChainView view(BigInteger spendable, Preflight preflight) throws ChainException {
    return view(-1, 0, spendable, preflight, new Sighting.InNoBlock(false));
  }

  private ChainView view(BigInteger spendable, long ofNonce, List<Attempt> attempts)
      throws ChainException {
    boolean used = nonce > ofNonce;
    long finalNumber = used ? finalHeight.at(head.ref()) : -1;
    Sighting sighting = used ? sighting(attempts) : waiting(attempts);
    long finalNonce = 0;
    if (used && finalNumber >= 0 && sighting instanceof Sighting.InNoBlock) {
      finalNonce = node.nonceAt(sender, finalNumber);
      // A receipt that came in between must not be missed: giving up is for good.
      sighting = sighting(attempts);
    }
    return view(finalNumber, finalNonce, spendable, new Preflight.NotTried(), sighting);
  }

  private ChainView view(
      long finalNumber,
      long finalNonce,
      BigInteger spendable,
      Preflight preflight,
      Sighting sighting)
      throws ChainException {
    return new ChainView(
        head.ref(),
        finalNumber,
        head.baseFee(),
        tip(),
        nonce,
        finalNonce,
        spendable,
        preflight,
        sighting);
  }

  private Preflight preflight(Request request, BigInteger spendable) throws ChainException {
    if (spendable.compareTo(request.value()) < 0) {
      return new Preflight.NotTried();
    }
    try {
      long gas = node.estimateGas(Call.of(request));
      return new Preflight.Gas(Math.addExact(gas, gas / GAS_MARGIN_DIVISOR));
    } catch (RevertedException e) {
      return new Preflight.Reverts(e.error());
    } catch (NodeRefusedException e) {
      return new Preflight.Declined(String.valueOf(e.getMessage()));
    }
  }

  /// What the sender has, less what its transactions under way may cost.
  private BigInteger spendable(List<Tracked> underWay) throws ChainException {
    BigInteger spendable = balance();
    for (Tracked tracked : underWay) {
      spendable = spendable.subtract(mayCost(tracked));
    }
    return spendable;
  }

  private BigInteger mayCost(Tracked tracked) {
    return switch (tracked.stage()) {
      case Stage.Signed signed -> mayCost(tracked.request(), signed.nonce(), signed.attempts());
      case Stage.Sent sent -> mayCost(tracked.request(), sent.nonce(), sent.attempts());
      // A block has taken it from the balance already, or has given the nonce to another.
      case Stage.Planned _, Stage.Mined _, Stage.Final _, Stage.Reverted _, Stage.Replaced _ ->
          BigInteger.ZERO;
    };
  }

  private BigInteger mayCost(Request request, long ofNonce, List<Attempt> attempts) {
    if (ofNonce < nonce) {
      return BigInteger.ZERO;
    }
    Attempt dearest = attempts.getLast();
    return dearest.fees().costOf(BigInteger.valueOf(dearest.gasLimit())).add(request.value());
  }

  private Sighting sighting(List<Attempt> attempts) throws ChainException {
    for (Attempt attempt : attempts.reversed()) {
      Optional<Receipt> receipt = node.receipt(attempt.hash());
      if (receipt.isPresent()) {
        return checked(attempt, receipt.get());
      }
    }
    return waiting(attempts);
  }

  private Sighting waiting(List<Attempt> attempts) throws ChainException {
    return new Sighting.InNoBlock(node.knows(attempts.getLast().hash()));
  }

  /// Believes a receipt only when the chain's own block has the transaction.
  private Sighting checked(Attempt attempt, Receipt receipt) throws ChainException {
    Optional<Block> block = block(receipt.block().number());
    boolean holds =
        block.isPresent()
            && block.get().ref().equals(receipt.block())
            && block.get().transactions().contains(attempt.hash())
            && receipt.from().equals(sender)
            && receipt.block().number() <= head.ref().number();
    return holds
        ? new Sighting.InBlock(
            new Inclusion(attempt.hash(), receipt.block(), receipt.succeeded(), receipt.created()))
        : new Sighting.Unclear(
            "the node says that %s of %s is in block %s, which its chain does not bear out at head"
                    .formatted(attempt.hash(), receipt.from(), receipt.block())
                + " "
                + head.ref());
  }

  private BigInteger balance() throws ChainException {
    if (balance == null) {
      balance = node.balanceAt(sender, head.ref().number());
    }
    return balance;
  }

  private BigInteger tip() throws ChainException {
    if (tip == null) {
      tip = node.suggestedTip();
    }
    return tip;
  }

  private Optional<Block> block(long number) throws ChainException {
    if (!blocks.containsKey(number)) {
      blocks.put(number, node.block(number));
    }
    return blocks.getOrDefault(number, Optional.empty());
  }
}
