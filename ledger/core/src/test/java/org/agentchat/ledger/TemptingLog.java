package org.agentchat.ledger;

import static org.agentchat.ledger.World.ALICE;
import static org.agentchat.ledger.World.BOB;
import static org.agentchat.ledger.World.CAROL;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agentchat.schemas.escrow.EscrowAgreement;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;

/// A log with a deal whose money was locked and paid out, and with much else that is signed, some
/// of it refused, that could be put into its receipt file instead.
///
/// @param settled the deal
/// @param others by what is wrong with them, entries that tempt
public record TemptingLog(SettledLog settled, Map<String, Long> others) {
  /// Written anew each time, with the same bytes.
  public static TemptingLog written() {
    Map<String, Long> others = new TreeMap<>();
    World world = World.named();
    world.says(Money.OBSERVER, World.skills(1, "observing"));
    long payer = index(world.says(ALICE, Money.bind(ALICE, Money.wallet("alice"))));
    long soon = World.START / 1000 + 5;
    others.put(
        "over", bind(world, Money.bind(BOB, Money.wallet("bob"), Money.CONTRACT, "short", soon)));
    others.put(
        "for another contract",
        bind(world, Money.bind(BOB, Money.wallet("bob"), Money.contract(2), "2", Money.LATE)));
    others.put(
        "of the payer",
        bind(world, Money.bind(BOB, Money.wallet("alice"), Money.CONTRACT, "4", Money.LATE)));
    EscrowStatement.WalletBind good = Money.bind(BOB, Money.wallet("bob"));
    others.put("not agreed to", forged(world, good));
    long payee = bind(world, good);
    others.put("of a stranger", index(world.says(CAROL, Money.bind(CAROL, Money.wallet("carol")))));
    world.after(Duration.ofMinutes(1));
    Proposal other = accepted(world);
    others.put("lock of another deal", says(world, Money.locked(other)));
    Proposal deal = accepted(world);
    others.put("lock by a stranger", index(world.says(CAROL, Money.locked(deal))));
    others.put("lock between one wallet", says(world, betweenOne(deal)));
    others.put(
        "bound later",
        bind(world, Money.bind(BOB, Money.wallet("later"), Money.CONTRACT, "3", Money.LATE)));
    long locked = says(world, Money.locked(deal));
    others.put("not of money", index(world.says(BOB, World.skills(3, "translate"))));
    Applied end = world.says(BOB, World.complete(deal.id()));
    others.put("lock after the end", says(world, Money.locked(deal)));
    TokenAmount one = TokenAmount.of("1");
    others.put("wrong sum", says(world, Money.settled(deal, one, one, EscrowOutcome.SETTLED)));
    others.put("earlier block", says(world, Money.refunded(deal, 99)));
    long settled = says(world, Money.settled(deal));
    others.put("second end", says(world, Money.refunded(deal)));
    world.tick();
    Receipt receipt = World.effect(end, Effect.ReceiptIssued.class).receipt();
    return new TemptingLog(
        new SettledLog(
            new ArrayList<>(world.log), receipt, List.of(), List.of(payer, payee, locked, settled)),
        others);
  }

  private static Proposal accepted(World world) {
    String id = World.opened(world.says(ALICE, Money.offer(BOB, Money.terms())));
    world.says(BOB, World.accept(id));
    return world.proposal(id);
  }

  /// As if both sides had the payer's wallet: everything fits, but no contract would lock that.
  private static EscrowStatement.EscrowLocked betweenOne(Proposal deal) {
    EvmAddress wallet = Money.wallet("alice").address();
    EvmHash commitment =
        EscrowAgreement.commitment(deal.legs().getFirst().hash(), deal.legs().getLast().hash());
    EscrowStatement.EscrowLocked good = Money.locked(deal);
    return new EscrowStatement.EscrowLocked(
        good.proposalId(),
        new EscrowAgreement(Money.terms(), wallet, wallet, commitment).id(),
        good.chain(),
        good.contract(),
        good.tx(),
        good.blockNumber(),
        good.blockHash());
  }

  private static long says(World world, EscrowStatement.Observation seen) {
    return index(world.says(Money.OBSERVER, seen));
  }

  private static long bind(World world, EscrowStatement.WalletBind bind) {
    return index(world.says(BOB, bind));
  }

  /// Bob says that a wallet is his, with the signature of another.
  private static long forged(World world, EscrowStatement.WalletBind good) {
    EscrowStatement.WalletBind stolen =
        new EscrowStatement.WalletBind(
            good.account(),
            good.escrow(),
            Money.wallet("mallory").sign(good.binding(BOB.key()).digest()),
            good.nonce(),
            good.notAfter());
    SignedStatement signed =
        SignedStatement.sign(
            BOB, new Scheme.Bound(World.ORIGIN, world.now(), good.nonce()), stolen);
    Event event = new Event.Stated(world.now(), "relay-1", signed, null);
    return world.append(EventCodec.encode(event)).entry().index();
  }

  private static long index(Applied applied) {
    return applied.entry().index();
  }
}
