package org.agentchat.ledger;

import static org.agentchat.ledger.World.ALICE;
import static org.agentchat.ledger.World.BOB;
import static org.agentchat.ledger.World.CAROL;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;

/// A log with a finished deal in it, for tests of what can be shown of it elsewhere.
///
/// @param entries the log's
/// @param receipt of the deal that was finished last
/// @param rotations the entries that rotate a key of it
/// @param escrow the entries that say something of its money
public record SettledLog(
    List<byte[]> entries, Receipt receipt, List<Long> rotations, List<Long> escrow) {
  /// The log's name.
  public static final String ORIGIN = World.ORIGIN;

  private static final Statement.Proposal OFFER =
      new Statement.Proposal(
          BOB.id(),
          "translate 10 pages",
          JsonNumber.of(25),
          "TEST",
          "pay-1",
          "by Friday, in plain words",
          null,
          5,
          "translate");

  private static SettledLog of(World world, Applied end, Long... rotations) {
    Receipt receipt = World.effect(end, Effect.ReceiptIssued.class).receipt();
    return new SettledLog(List.copyOf(world.log), receipt, List.of(rotations), List.of());
  }

  /// A deal of Carol's before, so that there is a tree, and Alice's offer to Bob, accepted.
  private static String agreed(World world) {
    world.completed(CAROL, BOB, Terms.PLAIN);
    String deal = World.opened(world.says(ALICE, OFFER));
    world.says(BOB, World.accept(deal, 5));
    return deal;
  }

  /// A deal that its recipient completes, after a stranger tried to; two entries come after it.
  public static SettledLog completed() {
    World world = World.named();
    String deal = agreed(world);
    world.says(CAROL, World.complete(deal));
    SettledLog settled = of(world, world.says(BOB, new Statement.Complete(deal, "tx:1")));
    world.tick();
    world.tick();
    return new SettledLog(List.copyOf(world.log), settled.receipt, List.of(), List.of());
  }

  /// A deal that its proposer disputes.
  public static SettledLog disputed() {
    World world = World.named();
    return of(world, world.says(ALICE, World.dispute(agreed(world))));
  }

  /// The second deal within the hour that the same pair disputes: it moves no ratings.
  public static SettledLog disputedAgain() {
    World world = World.named();
    String first = World.opened(world.says(ALICE, OFFER));
    world.says(BOB, World.accept(first, 5));
    world.says(ALICE, World.dispute(first));
    return of(world, world.says(ALICE, World.dispute(agreed(world))));
  }

  /// A deal all of whose statements are of the old scheme.
  public static SettledLog completedUnderTheOldScheme() {
    World world = World.named();
    String deal = World.opened(joined(world, ALICE, OFFER));
    joined(world, BOB, World.accept(deal, 5));
    return of(world, joined(world, ALICE, World.complete(deal)));
  }

  private static Applied joined(World world, Identity signer, Statement statement) {
    return world.apply(world.stated(signer, new Scheme.Joined(), statement));
  }

  /// A deal whose recipient rotates its key before it completes.
  public static SettledLog completedByALaterKey() {
    World world = World.named();
    String deal = agreed(world);
    Identity later = World.agent("bob, later");
    world.says(BOB, KeyStatement.RotateKey.of(BOB, later, ORIGIN));
    long rotation = world.log.size() - 1L;
    return of(world, world.says(later, World.complete(deal)), rotation);
  }

  /// A deal of two that rotate their keys as often as they may before the recipient completes it:
  /// the file needs the recipient's rotations only.
  public static SettledLog completedAfterManyRotations() {
    World world = World.named();
    String deal = agreed(world);
    Identity bob = BOB;
    Identity alice = ALICE;
    List<Long> needed = new ArrayList<>();
    for (int i = 1; i <= Account.MAX_ROTATIONS; i++) {
      alice = rotated(world, alice, "alice, " + i);
      bob = rotated(world, bob, "bob, " + i);
      needed.add(world.log.size() - 1L);
    }
    return of(world, world.says(bob, World.complete(deal)), needed.toArray(new Long[0]));
  }

  private static Identity rotated(World world, Identity from, String name) {
    Identity next = World.agent(name);
    world.says(from, KeyStatement.RotateKey.of(from, next, ORIGIN));
    return next;
  }

  /// A deal that its recipient completes, after a key tried to that it had made its next one in
  /// another log: the entry of the rotation, then that of the attempt.
  public static SettledLog completedByAKeyOfAnotherLog() {
    World world = World.named();
    String deal = agreed(world);
    Identity elsewhere = World.agent("bob, elsewhere");
    String other = "example.net/log";
    Scheme scheme = new Scheme.Bound(other, world.now(), "nonce-elsewhere1");
    world.apply(world.stated(BOB, scheme, KeyStatement.RotateKey.of(BOB, elsewhere, other)));
    long rotation = world.log.size() - 1L;
    world.says(elsewhere, World.complete(deal));
    return of(world, world.says(BOB, World.complete(deal)), rotation);
  }

  /// A deal that a panel of three has judged: two of three for who filed the case, and all that may
  /// be said on the way.
  public static SettledLog judged() {
    Courtroom room = Courtroom.withDeal(Terms.PLAIN.staking(5, 5), World.JUDGES.size());
    room.drawn();
    room.declines(room.panel().getFirst());
    room.panel().forEach(room::accepts);
    room.shows(ALICE, 2, "it is empty");
    room.shows(BOB, 1, "it is not");
    room.passes(Dispute.EVIDENCE_TIME);
    List<Verdict> votes = List.of(Verdict.DISPUTANT, Verdict.RESPONDENT, Verdict.DISPUTANT);
    List<Applied> said = new ArrayList<>();
    for (Verdict vote : votes) {
      said.add(room.votes(room.panel().get(said.size()), vote));
    }
    return of(room.world, said.getLast());
  }

  /// A deal that a panel has judged while keys changed: the filer's, twice, and after its last
  /// words; one arbiter's between its seat and its vote. The other side's change afterwards is not
  /// needed.
  public static SettledLog judgedWithLaterKeys() {
    Courtroom room = Courtroom.withDeal();
    World world = room.world;
    List<Long> needed = new ArrayList<>();
    room.filed();
    Identity alice = rotated(world, ALICE, "alice, later");
    needed.add(world.log.size() - 1L);
    world.says(alice, new CourtStatement.DisputeReveal(room.deal(), Courtroom.NONCE));
    room.relayReveals();
    List<Identity> panel = new ArrayList<>(room.panel());
    panel.set(0, rotated(world, panel.getFirst(), "judge, later"));
    needed.add(world.log.size() - 1L);
    panel.forEach(room::accepts);
    room.passes(Dispute.EVIDENCE_TIME);
    rotated(world, alice, "alice, latest");
    needed.add(world.log.size() - 1L);
    rotated(world, BOB, "bob, later");
    room.votes(panel.get(0), Verdict.DISPUTANT);
    room.votes(panel.get(1), Verdict.DISPUTANT);
    Applied end = room.votes(panel.get(2), Verdict.RESPONDENT);
    return of(world, end, needed.toArray(new Long[0]));
  }

  /// A deal whose panel does not vote in time: no statement ends it.
  public static SettledLog judgedByTime() {
    Courtroom room = Courtroom.withDeal();
    room.ready();
    room.votes(room.panel().getFirst(), Verdict.RESPONDENT);
    return of(room.world, room.passes(Dispute.VOTING_TIME));
  }

  /// What became of the money of a deal.
  public enum Paid {
    /// Nobody has said yet.
    NOT_YET,
    /// All of it is the payee's.
    RELEASED,
    /// The arbiter divided it.
    RESOLVED,
    /// It went back.
    REFUNDED
  }

  /// A deal whose money was locked first; another deal with money is in the log before it, and a
  /// stranger tells of this one's as well.
  public static SettledLog withMoney(Paid end) {
    return withMoney(Money.bind(BOB, Money.wallet("bob")), end);
  }

  /// The same with a payee whose wallet is a contract.
  public static SettledLog withAClaimedWallet() {
    return withMoney(Money.claim(Money.wallet("safe").address()), Paid.RELEASED);
  }

  private static SettledLog withMoney(EscrowStatement.WalletBind payee, Paid end) {
    World world = World.named();
    world.says(Money.OBSERVER, World.skills(1, "observing"));
    world.says(ALICE, Money.bind(ALICE, Money.wallet("alice")));
    world.says(BOB, payee);
    world.says(CAROL, Money.bind(CAROL, Money.wallet("carol")));
    Proposal other = accepted(world, CAROL, Money.OBSERVER);
    world.says(Money.OBSERVER, Money.locked(other));
    Proposal deal = accepted(world, BOB, Money.OBSERVER);
    world.says(CAROL, Money.locked(deal));
    long locked = index(world.says(Money.OBSERVER, Money.locked(deal)));
    world.says(BOB, World.skills(3, "translate"));
    SettledLog settled = of(world, world.says(BOB, World.complete(deal.id())));
    List<Long> escrow = new ArrayList<>(List.of(2L, 3L, locked));
    TokenAmount most = TokenAmount.of("700000000000000000");
    TokenAmount rest = TokenAmount.of("300000000000000000");
    switch (end) {
      case NOT_YET -> world.tick();
      case RELEASED -> escrow.add(index(world.says(Money.OBSERVER, Money.settled(deal))));
      case RESOLVED ->
          escrow.add(
              index(
                  world.says(
                      Money.OBSERVER, Money.settled(deal, most, rest, EscrowOutcome.RESOLVED))));
      case REFUNDED -> escrow.add(index(world.says(Money.OBSERVER, Money.refunded(deal))));
    }
    world.says(CAROL, Money.refunded(other));
    world.tick();
    return new SettledLog(List.copyOf(world.log), settled.receipt, List.of(), escrow);
  }

  /// A deal whose payer bound its wallet with an earlier key, and whose observer has a later one.
  public static SettledLog withMoneyAndLaterKeys() {
    World world = World.named();
    Identity later = World.agent("alice, later");
    Identity next = World.agent("observer, later");
    world.says(Money.OBSERVER, World.skills(1, "observing"));
    world.says(ALICE, Money.bind(ALICE, Money.wallet("alice")));
    world.says(BOB, Money.bind(BOB, Money.wallet("bob")));
    long first = index(world.says(ALICE, KeyStatement.RotateKey.of(ALICE, later, ORIGIN)));
    String id = World.opened(world.says(later, Money.offer(BOB, Money.terms())));
    world.says(BOB, World.accept(id));
    long second =
        index(world.says(Money.OBSERVER, KeyStatement.RotateKey.of(Money.OBSERVER, next, ORIGIN)));
    Proposal deal = world.proposal(id);
    long locked = index(world.says(next, Money.locked(deal)));
    SettledLog settled = of(world, world.says(BOB, World.dispute(id)));
    long ended = index(world.says(next, Money.refunded(deal)));
    return new SettledLog(
        List.copyOf(world.log),
        settled.receipt,
        List.of(first, second),
        List.of(2L, 3L, locked, ended));
  }

  private static Proposal accepted(World world, Identity by, Identity observer) {
    EscrowTerms terms = Money.terms(Money.CONTRACT, Money.terms().deadline(), observer);
    String id = World.opened(world.says(ALICE, Money.offer(by, terms)));
    world.says(by, World.accept(id));
    return world.proposal(id);
  }

  private static long index(Applied applied) {
    return applied.entry().index();
  }
}
