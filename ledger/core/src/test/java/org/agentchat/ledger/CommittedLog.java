package org.agentchat.ledger;

import static org.agentchat.ledger.World.ALICE;
import static org.agentchat.ledger.World.BOB;
import static org.agentchat.ledger.World.CAROL;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.schemas.rating.RatingPath;
import org.agentchat.schemas.statement.KeyStatement;

/// A log in which a ledger has committed to everybody's rating, for tests of what can be shown of
/// it elsewhere. Bob has rotated his key, and one of his entries is a tick.
public final class CommittedLog {
  /// Whose ratings are shown.
  public static final AgentId SUBJECT = BOB.id();

  /// Somebody else who has ratings.
  public static final AgentId OTHER = ALICE.id();

  /// Somebody of whom the log knows nothing.
  public static final AgentId STRANGER = World.agent("stranger").id();

  private static final Identity LATER = World.agent("bob, later");

  private final World world = World.named();
  private final RatingMap<RatingMap.Value> map;
  private final RatingLeaf subject;
  private final long index;
  private final Event.RatingsCommitted event;

  private CommittedLog(Identity ledger, UnaryOperator<RatingLeaf> said) {
    tell();
    subject = said.apply(world.ledger.ratingLeaf(SUBJECT).orElseThrow());
    map = committed();
    index = world.log.size();
    event =
        Event.RatingsCommitted.sign(
            ledger,
            world.now(),
            "ledger-1",
            World.ORIGIN,
            index,
            HexFormat.of().formatHex(map.root()));
    world.apply(event);
    world.says(LATER, World.skills(6, "translate"));
    world.tick();
  }

  /// A log whose ledger tells the truth.
  ///
  /// @param ledger whose key commits
  public static CommittedLog honest(Identity ledger) {
    return new CommittedLog(ledger, UnaryOperator.identity());
  }

  /// The same by a ledger that says of the subject what is not so. Every fold would refuse it.
  public static CommittedLog lying(Identity ledger, UnaryOperator<RatingLeaf> lie) {
    return new CommittedLog(ledger, lie);
  }

  /// A deal, an offer that lapses, a rotated key, and a deal of others.
  private void tell() {
    world.completed(CAROL, BOB, Terms.PLAIN);
    world.proposes(ALICE, BOB, Terms.PLAIN.lapsingAfter(60));
    world.says(BOB, KeyStatement.RotateKey.of(BOB, LATER, World.ORIGIN));
    String deal = world.proposes(ALICE, CAROL, Terms.PLAIN.inSkill("translate"));
    world.after(Duration.ofMinutes(2)).tick();
    world.says(CAROL, World.accept(deal));
    world.says(CAROL, World.complete(deal));
    world.says(LATER, World.skills(5, "translate"));
  }

  private RatingMap<RatingMap.Value> committed() {
    RatingMap<RatingMap.Value> committed = RatingMap.empty();
    for (Account account : world.ledger.accounts()) {
      RatingLeaf leaf = world.ledger.ratingLeaf(account.first()).orElseThrow();
      RatingLeaf held = leaf.agent().equals(SUBJECT) ? subject : leaf;
      committed = committed.with(RatingLeaf.keyOf(leaf.agent()), held::hash);
    }
    return committed;
  }

  /// The log's entries; some come after the commitment.
  public List<byte[]> entries() {
    return List.copyOf(world.log);
  }

  /// Where the commitment is in the log, and to how many entries.
  public long index() {
    return index;
  }

  /// The bytes of the commitment.
  public byte[] commitment() {
    return EventCodec.encode(event);
  }

  /// What was committed to for the subject.
  public RatingLeaf subject() {
    return subject;
  }

  /// From an account's place to the committed root.
  public RatingPath path(AgentId account) {
    return map.path(RatingLeaf.keyOf(account));
  }

  /// The indexes of the entries that name an account, up to the end of the log.
  public List<Long> named(AgentId account) {
    return world.refold(new Ledger()).stream()
        .filter(applied -> applied.named().contains(account))
        .map(applied -> applied.entry().index())
        .toList();
  }

  /// What the fold holds for somebody else; it may be of later than the commitment.
  public RatingLeaf other() {
    return world.ledger.ratingLeaf(OTHER).orElseThrow();
  }
}
