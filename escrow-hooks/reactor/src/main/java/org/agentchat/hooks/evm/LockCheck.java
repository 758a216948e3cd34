package org.agentchat.hooks.evm;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.ChainNode;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.Request;
import org.agentchat.escrow.chain.Token;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.hooks.Workbench;

/// What must hold before money goes into a contract: the contract is ours, contract wallets agree
/// to be whose they are said to be, and the token lets the contract take the amount.
final class LockCheck {
  private final ChainNode node;
  private final EscrowClient escrow;
  private final WalletCheck wallets;

  /// How long one lock keeps others with the same purse waiting, if it does not come about.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /// By purse, which is a sender and a token: the lock that an approval is for. A second approval
  /// would replace it.
  private final Map<String, Turn> turns = new ConcurrentHashMap<>();

  LockCheck(ChainNode node, EscrowClient escrow, Workbench workbench) {
    this.node = node;
    this.escrow = escrow;
    this.wallets = new WalletCheck(node, workbench.log());
  }

  /// Whose turn it is with a purse.
  private record Turn(Errand errand, long since) {}

  /// What comes of the check.
  sealed interface Result {}

  /// The lock can be tried.
  record Ready() implements Result {}

  /// It must not be tried.
  record Never(String why) implements Result {}

  /// The token must be told first.
  record First(Request approval) implements Result {}

  /// Something else comes first.
  record Busy(String why) implements Result {}

  Result of(Errand errand) throws ChainException {
    if (!escrow.isGenuine()) {
      return new Never(
          "the code at %s is not this build's AgentEscrow: no money goes there"
              .formatted(escrow.address()));
    }
    Optional<String> stranger = wallets.problem(errand.deal());
    if (stranger.isPresent()) {
      return new Never(stranger.get());
    }
    return errand.deal().terms().isNativeCoin() ? new Ready() : allowance(errand);
  }

  private Result allowance(Errand errand) throws ChainException {
    Address contract = Deal.address(errand.deal().terms().token());
    BigInteger amount = errand.deal().terms().amount().units();
    Token token = new Token(node, contract);
    long head = node.head().ref().number();
    Optional<Errand> other = other(errand, errand.by() + "/" + contract, head);
    if (other.isPresent()) {
      return new Busy("another lock with the same token comes first: " + other.get().key());
    }
    BigInteger allowed = token.allowance(errand.by(), escrow.address(), head);
    if (allowed.compareTo(amount) >= 0) {
      return new Ready();
    }
    // One approval for each state of the account: what another lock has used up is approved anew.
    long nonce = node.nonceAt(errand.by(), head);
    String key = "%s/approve/%d".formatted(errand.key(), nonce);
    return new First(token.approval(key, errand.by(), escrow.address(), amount));
  }

  /// Whose turn it is, if it is not this errand's.
  private Optional<Errand> other(Errand errand, String purse, long head) throws ChainException {
    long now = System.nanoTime();
    Turn turn = turns.computeIfAbsent(purse, _ -> new Turn(errand, now));
    if (turn.errand().key().equals(errand.key())) {
      return Optional.empty();
    }
    boolean over =
        now - turn.since() > PATIENCE.toNanos()
            || escrow.status(turn.errand().deal().id(), head).state() != EscrowState.NONE;
    if (over && turns.replace(purse, turn, new Turn(errand, now))) {
      return Optional.empty();
    }
    return Optional.of(turn.errand());
  }
}
