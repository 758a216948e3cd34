package org.agentchat.akash.deployment;

import org.agentchat.akash.tx.Coin;

/// What a deployment has cost so far.
///
/// @param fees in uakt
/// @param burned for ACT, in uakt
/// @param deposited what lies in escrow, or was paid from it since, in uact
/// @param paid to providers by deployments that are closed, in uact
/// @param pendingAkt what a transaction of unknown fate would cost, in uakt
/// @param pendingAct what it would move into escrow, in uact
public record Money(
    long fees, long burned, long deposited, long paid, long pendingAkt, long pendingAct) {
  static final Money NOTHING = new Money(0, 0, 0, 0, 0, 0);

  Money pending(Step.Signed signed) {
    return new Money(
        fees, burned, deposited, paid, signed.fee() + signed.burned(), signed.deposited());
  }

  Money delivered(Step.Signed signed) {
    return new Money(
        fees + signed.fee(), burned + signed.burned(), deposited + signed.deposited(), paid, 0, 0);
  }

  Money undone(Step.Signed signed) {
    return new Money(fees + signed.fee(), burned, deposited, paid, 0, 0);
  }

  Money dropped() {
    return new Money(fees, burned, deposited, paid, 0, 0);
  }

  Money settled(long paidFromEscrow) {
    return new Money(fees, burned, 0, paid + paidFromEscrow, pendingAkt, pendingAct);
  }

  /// One line for a person.
  @Override
  public String toString() {
    StringBuilder line =
        new StringBuilder(
            "fees %s, paid to providers %s".formatted(Coin.uakt(fees), Coin.uact(paid)));
    if (deposited > 0) {
      line.append(", in escrow or paid from it ").append(Coin.uact(deposited));
    }
    if (burned > 0) {
      line.append(", burned for ACT ").append(Coin.uakt(burned));
    }
    if (pendingAkt > 0) {
      line.append(
          ", perhaps also %s and %s".formatted(Coin.uakt(pendingAkt), Coin.uact(pendingAct)));
    }
    return line.toString();
  }
}
