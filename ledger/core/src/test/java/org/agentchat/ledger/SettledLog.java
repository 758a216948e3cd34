package org.agentchat.ledger;

import static org.agentchat.ledger.World.ALICE;
import static org.agentchat.ledger.World.BOB;
import static org.agentchat.ledger.World.CAROL;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;

/// A log with a finished deal in it, for tests of what can be shown of it elsewhere.
///
/// @param entries the log's
/// @param receipt of the deal that was finished last
/// @param rotations the entries that rotate a key of it
public record SettledLog(List<byte[]> entries, Receipt receipt, List<Long> rotations) {
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
    return new SettledLog(List.copyOf(world.log), receipt, List.of(rotations));
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
    return new SettledLog(List.copyOf(world.log), settled.receipt, List.of());
  }

  /// A deal that its proposer disputes.
  public static SettledLog disputed() {
    World world = World.named();
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

  /// A deal whose panel does not vote in time: no statement ends it.
  public static SettledLog judgedByTime() {
    Courtroom room = Courtroom.withDeal();
    room.ready();
    room.votes(room.panel().getFirst(), Verdict.RESPONDENT);
    return of(room.world, room.passes(Dispute.VOTING_TIME));
  }
}
