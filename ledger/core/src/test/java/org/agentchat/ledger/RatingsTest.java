package org.agentchat.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.agentchat.ledger.World.ALICE;
import static org.agentchat.ledger.World.BOB;
import static org.agentchat.ledger.World.CAROL;
import static org.agentchat.ledger.World.code;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.junit.jupiter.api.Test;

/// What a ledger may commit to, and what a certificate is made of.
class RatingsTest {
  private final World world = World.named();

  @Test
  void trueRootIsCommittedTo() {
    world.completed(ALICE, BOB, Terms.PLAIN.inSkill("code_review"));
    Event.RatingsCommitted commitment = world.commitment(4);

    Applied applied = world.apply(commitment);

    assertThat(applied.effects())
        .containsExactly(new Effect.RatingsCommitted(4, commitment.root()));
    assertThat(applied.named()).isEmpty();
    CommittedRatings committed = world.ledger.committedRatings(World.REGISTRAR.key()).orElseThrow();
    assertThat(committed.index()).isEqualTo(4);
    assertThat(committed.event()).isEqualTo(commitment);
    RatingLeaf leaf = committed.leaf(ALICE.id()).orElseThrow();
    assertThat(leaf.transactions()).isEqualTo(1);
    assertThat(leaf.capabilities()).containsOnlyKeys("code_review");
    assertThat(leaf.history().events()).isEqualTo(3);
    RatingPathVerifier verifier = new RatingPathVerifier(commitment.root());
    assertThat(verifier.includes(leaf, committed.path(ALICE.id()))).isTrue();
    assertThat(verifier.excludes(RatingLeaf.keyOf(CAROL.id()), committed.path(CAROL.id())))
        .isTrue();
  }

  @Test
  void falseRootIsRefusedEvenIfTheSizeIsCommittedToAlready() {
    world.completed(ALICE, BOB, Terms.PLAIN);
    String lie = "5a".repeat(32);

    assertThat(code(world.apply(world.commitment(4, lie))))
        .isEqualTo(Refusal.Code.FALSE_RATINGS_ROOT);
    assertThat(world.ledger.committedRatings(World.REGISTRAR.key())).isEmpty();
    world.apply(world.commitment(4));
    assertThat(code(world.apply(world.commitment(4, lie))))
        .isEqualTo(Refusal.Code.FALSE_RATINGS_ROOT);
    assertThat(code(world.apply(world.commitment(3, world.commitment(4).root()))))
        .isEqualTo(Refusal.Code.FALSE_RATINGS_ROOT);
    assertThat(world.ledger.committedRatings(World.REGISTRAR.key()).orElseThrow().event().size())
        .isEqualTo(4);
  }

  @Test
  void refusalOfAFalseRootNamesTheKeyAndBothRoots() {
    world.completed(ALICE, BOB, Terms.PLAIN);
    String lie = "5a".repeat(32);

    assertThat(world.apply(world.commitment(4, lie)).refusal().orElseThrow().detail())
        .contains(World.REGISTRAR.id().toString(), lie, world.commitment(4).root());
  }

  @Test
  void sizeThatIsNotAboveTheLastIsRepeated() {
    world.completed(ALICE, BOB, Terms.PLAIN);
    world.apply(world.commitment(4));

    for (long size : new long[] {1, 3, 4}) {
      Refusal refusal = world.apply(world.commitment(size)).refusal().orElseThrow();
      assertThat(refusal.code()).isEqualTo(Refusal.Code.REPEATED);
      assertThat(refusal.firstIndex()).isEqualTo(4);
    }
    assertThat(world.apply(world.commitment(5)).refusal()).isEmpty();
  }

  /// Each ledger of a log certifies what it has committed to, whatever the others say.
  @Test
  void everyLedgerSpeaksForItself() {
    world.completed(ALICE, BOB, Terms.PLAIN);
    Identity other = World.agent("another ledger");
    Event.RatingsCommitted first = world.commitment(4);
    assertThat(world.apply(first).refusal()).isEmpty();

    Event.RatingsCommitted second = commitment(other, 4);
    assertThat(world.apply(second).refusal()).isEmpty();

    assertThat(world.ledger.committedRatings(World.REGISTRAR.key()).orElseThrow().event())
        .isEqualTo(first);
    assertThat(world.ledger.committedRatings(other.key()).orElseThrow().event()).isEqualTo(second);
    assertThat(code(world.apply(commitment(other, 3)))).isEqualTo(Refusal.Code.REPEATED);
    assertThat(world.refolded().stateHash()).isEqualTo(world.ledger.stateHash());
  }

  @Test
  void ledgerThatIsSilentForLongestIsForgotten() {
    world.completed(ALICE, BOB, Terms.PLAIN);
    world.apply(world.commitment(1));
    List<Identity> others =
        IntStream.range(0, Ratings.MAX_LEDGERS)
            .mapToObj(number -> World.agent("ledger " + number))
            .toList();
    others.subList(1, others.size()).forEach(other -> world.apply(commitment(other, 2)));
    world.apply(world.commitment(3));
    world.apply(commitment(others.getFirst(), 2));

    assertThat(world.ledger.committedRatings(others.get(1).key())).isEmpty();
    assertThat(world.ledger.committedRatings(others.get(2).key())).isPresent();
    assertThat(world.ledger.committedRatings(others.getFirst().key())).isPresent();
    assertThat(world.ledger.committedRatings(World.REGISTRAR.key()).orElseThrow().event().size())
        .isEqualTo(3);
  }

  private Event.RatingsCommitted commitment(Identity ledger, long size) {
    String root = world.ledger.ratingsRoot(size).orElseThrow();
    return Event.RatingsCommitted.sign(ledger, world.now(), "ledger-2", World.ORIGIN, size, root);
  }

  /// Whoever asks after every entry, and whoever asks once at the end, in any order.
  @Test
  void rootOfASizeIsTheSameWheneverItIsAskedFor() {
    List<String> roots = new ArrayList<>(List.of("00".repeat(32)));
    roots.add(world.ledger.ratingsRoot(1).orElseThrow());
    Random random = new Random(5);
    while (world.ledger.size() < 5 * Ratings.WINDOW) {
      List<Identity> agents = new ArrayList<>(World.JUDGES);
      Collections.shuffle(agents, random);
      world.after(Duration.ofSeconds(random.nextInt(900)));
      world.says(agents.getFirst(), World.skills(random.nextInt(9), "code_review"));
      roots.add(world.ledger.ratingsRoot(world.ledger.size()).orElseThrow());
    }

    Ledger quiet = world.refolded();
    List<Integer> sizes = new ArrayList<>();
    for (int size = roots.size() - Ratings.WINDOW; size < roots.size(); size++) {
      sizes.add(size);
    }
    Collections.shuffle(sizes, random);
    for (int size : sizes) {
      assertThat(quiet.ratingsRoot(size)).as("size %d", size).contains(roots.get(size));
      assertThat(world.ledger.ratingsRoot(size)).as("size %d", size).contains(roots.get(size));
    }
    assertThat(quiet.stateHash()).isEqualTo(world.ledger.stateHash());
  }

  @Test
  void onlyTheLastSizesAreKnown() {
    String root = world.commitment(1).root();
    for (int i = 0; i < Ratings.WINDOW - 2; i++) {
      world.tick();
    }

    assertThat(world.ledger.ratingsRoot(0)).contains("00".repeat(32));
    world.tick();
    assertThat(world.ledger.ratingsRoot(0)).isEmpty();
    assertThat(world.ledger.ratingsRoot(1)).isPresent();
    assertThat(world.ledger.ratingsRoot(world.ledger.size())).isPresent();
    assertThat(world.ledger.ratingsRoot(world.ledger.size() + 1)).isEmpty();
    assertThat(world.apply(world.commitment(1, root)).refusal()).isEmpty();
    world.tick();
    assertThat(code(world.apply(world.commitment(2, root)))).isEqualTo(Refusal.Code.STALE_RATINGS);
    long next = world.ledger.size() + 1;
    assertThat(code(world.apply(world.commitment(next, root))))
        .isEqualTo(Refusal.Code.STALE_RATINGS);
  }

  @Test
  void commitmentToTheRatingsOfAnotherLogIsRefused() {
    world.completed(ALICE, BOB, Terms.PLAIN);
    String root = world.commitment(4).root();

    Applied applied =
        world.apply(
            Event.RatingsCommitted.sign(
                World.REGISTRAR, world.now(), "ledger-1", "other.example/log", 4, root));

    assertThat(code(applied)).isEqualTo(Refusal.Code.WRONG_ORIGIN);
  }

  @Test
  void commitmentInALogWithoutANameIsRefused() {
    World nameless = new World();
    nameless.at(World.START).tick();

    assertThat(code(nameless.apply(nameless.commitment(1)))).isEqualTo(Refusal.Code.NO_GENESIS);
  }

  @Test
  void commitmentWithAnotherKeysSignatureIsForged() {
    world.completed(ALICE, BOB, Terms.PLAIN);
    Event.RatingsCommitted sound = world.commitment(4);
    Event forged =
        new Event.RatingsCommitted(
            sound.at(), "ledger-1", sound.origin(), 4, sound.root(), ALICE.key(), sound.sig());

    assertThat(code(world.apply(forged))).isEqualTo(Refusal.Code.BAD_SIGNATURE);
    assertThat(world.ledger.committedRatings(World.REGISTRAR.key())).isEmpty();
  }

  @Test
  void commitmentMovesNoRatingAndNoHistory() {
    world.agreed(ALICE, BOB, Terms.PLAIN.staking(5, 6));
    String before = world.ledger.ratingsRoot(world.ledger.size()).orElseThrow();
    List<Account> accounts = List.copyOf(world.ledger.accounts());

    world.apply(world.commitment(3));

    assertThat(world.ledger.ratingsRoot(world.ledger.size())).contains(before);
    assertThat(world.ledger.accounts()).containsExactlyElementsOf(accounts);
  }

  @Test
  void committedRatingsStayAsTheyWere() {
    world.completed(ALICE, BOB, Terms.PLAIN);
    world.apply(world.commitment(4));
    CommittedRatings committed = world.ledger.committedRatings(World.REGISTRAR.key()).orElseThrow();
    RatingLeaf leaf = committed.leaf(BOB.id()).orElseThrow();

    world.completed(ALICE, BOB, Terms.PLAIN);

    assertThat(committed.leaf(BOB.id())).contains(leaf);
    assertThat(world.ledger.committedRatings(World.REGISTRAR.key())).contains(committed);
    assertThat(world.ledger.ratingLeaf(BOB.id()).orElseThrow()).isNotEqualTo(leaf);
    assertThat(
            new RatingPathVerifier(committed.event().root())
                .includes(leaf, committed.path(BOB.id())))
        .isTrue();
  }

  // Whom an entry names

  @Test
  void proposalNamesBothSides() {
    assertThat(named(world.says(ALICE, Terms.PLAIN.to(BOB)))).containsExactlyInAnyOrder(ALICE, BOB);
  }

  @Test
  void answerNamesTheOtherSideToo() {
    String id = world.proposes(ALICE, BOB, Terms.PLAIN);
    assertThat(named(world.says(BOB, World.accept(id)))).containsExactlyInAnyOrder(ALICE, BOB);
    assertThat(named(world.says(ALICE, World.complete(id)))).containsExactlyInAnyOrder(ALICE, BOB);
  }

  @Test
  void statementAboutOneselfNamesItsSignerAlone() {
    assertThat(named(world.says(ALICE, World.skills(5, "x")))).containsExactly(ALICE);
    Identity later = World.agent("alice, later");
    Applied rotated = world.says(ALICE, KeyStatement.RotateKey.of(ALICE, later, World.ORIGIN));
    assertThat(named(rotated)).containsExactly(ALICE);
    assertThat(named(world.says(later, new KeyStatement.RevokeKey("lost")))).containsExactly(ALICE);
    RatingLeaf leaf = world.ledger.ratingLeaf(later.id()).orElseThrow();
    assertThat(leaf.agent()).isEqualTo(ALICE.id());
    assertThat(leaf.key()).isEqualTo(later.key());
    assertThat(leaf.revoked()).isTrue();
    assertThat(leaf.history().events()).isEqualTo(3);
  }

  @Test
  void refusedStatementNamesNobody() {
    String id = world.proposes(ALICE, BOB, Terms.PLAIN);
    long events = world.ledger.ratingLeaf(ALICE.id()).orElseThrow().history().events();

    Applied refused = world.says(CAROL, World.accept(id));

    assertThat(refused.refusal()).isPresent();
    assertThat(refused.named()).isEmpty();
    assertThat(world.ledger.ratingLeaf(ALICE.id()).orElseThrow().history().events())
        .isEqualTo(events);
    assertThat(world.ledger.ratingLeaf(CAROL.id())).isEmpty();
  }

  @Test
  void forgedStatementNamesNobody() {
    Event.Stated sound = world.stated(ALICE, new Scheme.Joined(), Terms.PLAIN.to(BOB));
    byte[] bytes = EventCodec.encode(sound);
    String other = new String(bytes, UTF_8).replace("\"task\":\"task\"", "\"task\":\"tosk\"");

    Applied applied = world.append(other.getBytes(UTF_8));

    assertThat(code(applied)).isEqualTo(Refusal.Code.BAD_SIGNATURE);
    assertThat(applied.named()).isEmpty();
  }

  /// Time that an entry lets pass names those whom it concerns, whatever the entry itself is.
  @Test
  void entryNamesThoseWhoseDeadlineItLetsPass() {
    world.agreed(ALICE, BOB, Terms.PLAIN.staking(5, 6).lapsingAfter(60));
    assertThat(world.ledger.ratingLeaf(ALICE.id()).orElseThrow().staked()).isEqualTo(5);

    Applied refused = world.after(Duration.ofMinutes(2)).says(CAROL, World.accept("prop_none"));

    assertThat(refused.refusal()).isPresent();
    assertThat(named(refused)).containsExactlyInAnyOrder(ALICE, BOB);
    assertThat(world.ledger.ratingLeaf(ALICE.id()).orElseThrow().staked()).isZero();
  }

  @Test
  void caseNamesItsSidesAndFromTheDrawOnItsArbiters() {
    Courtroom room = Courtroom.withDeal();
    assertThat(room.filed().named()).containsExactlyInAnyOrder(ALICE.id(), BOB.id());
    assertThat(room.reveals(ALICE, Courtroom.NONCE).named())
        .containsExactlyInAnyOrder(ALICE.id(), BOB.id());

    List<AgentId> drawn = room.relayReveals().named();
    List<Identity> panel = room.panel();
    assertThat(drawn).hasSize(5).contains(ALICE.id(), BOB.id());
    assertThat(drawn).containsAll(panel.stream().map(Identity::id).toList());

    List<AgentId> declined = room.declines(panel.getFirst()).named();
    assertThat(declined).hasSize(6).containsAll(drawn);
    List<AgentId> accepted = room.accepts(room.panel().getFirst()).named();
    assertThat(accepted).hasSize(5).doesNotContain(panel.getFirst().id());
  }

  private static List<Identity> named(Applied applied) {
    List<Identity> known = List.of(ALICE, BOB, CAROL);
    return applied.named().stream().map(id -> one(known, id)).toList();
  }

  private static Identity one(List<Identity> known, AgentId id) {
    return known.stream().filter(agent -> agent.id().equals(id)).findFirst().orElseThrow();
  }
}
