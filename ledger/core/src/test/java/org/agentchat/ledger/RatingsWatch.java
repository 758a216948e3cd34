package org.agentchat.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.rating.AgentHistory;
import org.agentchat.schemas.rating.RatingLeaf;

/// Watches a ledger entry by entry, and knows by itself which accounts each entry changed, what
/// their histories are, and what the rating map must be.
final class RatingsWatch {
  private static final int MANY = 50;
  private static final AgentId STRANGER = new AgentId("no-such-agent");

  private final Ledger ledger;
  private final Map<AgentId, Account> accounts = new HashMap<>();
  private final Map<AgentId, List<AgentHistory.Link>> links = new HashMap<>();

  RatingsWatch(Ledger ledger) {
    this.ledger = ledger;
  }

  /// Watches a world that has a past.
  static RatingsWatch of(World world) {
    RatingsWatch watch = new RatingsWatch(world.ledger);
    world.refold(new Ledger()).forEach(watch::link);
    world.ledger.accounts().forEach(account -> watch.accounts.put(account.first(), account));
    return watch;
  }

  private void link(Applied applied) {
    Entry entry = applied.entry();
    for (AgentId account : applied.named()) {
      links
          .computeIfAbsent(account, _ -> new ArrayList<>())
          .add(new AgentHistory.Link(entry.index(), entry.hash()));
    }
  }

  /// Takes note of an entry that the ledger has just applied.
  void saw(Applied applied) {
    Entry entry = applied.entry();
    link(applied);
    assertThat(applied.named()).allMatch(account -> ledger.owner(account).equals(account));
    for (Account account : ledger.accounts()) {
      Account before = accounts.put(account.first(), account);
      if (!account.equals(before)) {
        assertThat(applied.named())
            .as("named by entry %d", entry.index())
            .contains(account.first());
      }
    }
    if (!World.effects(applied, Effect.RatingsCommitted.class).isEmpty()
        && entry.content() instanceof Entry.Content.Sound(Event.RatingsCommitted commitment)) {
      CommittedRatings committed = ledger.committedRatings(commitment.key()).orElseThrow();
      assertThat(committed.index()).isEqualTo(entry.index());
      assertCommitted(committed);
    }
  }

  /// Every leaf of the present map, and the map's root from the leaves alone.
  void assertLeaves() {
    RatingMap<RatingMap.Value> map = RatingMap.empty();
    for (Account account : ledger.accounts()) {
      RatingLeaf leaf = ledger.ratingLeaf(account.id()).orElseThrow();
      assertThat(leaf.agent()).isEqualTo(account.first());
      assertThat(leaf.key()).isEqualTo(account.key());
      assertThat(leaf.rating()).isEqualTo(account.rating());
      assertThat(leaf.transactions()).isEqualTo(account.transactions());
      assertThat(leaf.staked()).isEqualTo(account.staked());
      assertThat(leaf.revoked()).isEqualTo(account.isRevoked());
      assertThat(leaf.capabilities().keySet()).isEqualTo(account.skills().keySet());
      assertThat(leaf.history())
          .isEqualTo(AgentHistory.of(links.getOrDefault(account.first(), List.of())));
      map = map.with(RatingLeaf.keyOf(leaf.agent()), leaf::hash);
    }
    assertThat(ledger.ratingsRoot(ledger.size())).contains(HexFormat.of().formatHex(map.root()));
    assertThat(links).hasSameSizeAs(ledger.accounts());
  }

  /// Certificates, against the committed root alone, of many at most as paths take time; and a
  /// stranger has none.
  private void assertCommitted(CommittedRatings ratings) {
    RatingPathVerifier verifier = new RatingPathVerifier(ratings.event().root());
    for (Account account : ledger.accounts().stream().limit(MANY).toList()) {
      AgentId first = account.first();
      List<AgentHistory.Link> covered =
          links.get(first).stream().filter(link -> link.index() < ratings.event().size()).toList();
      assertThat(ratings.leaf(first).isPresent()).isEqualTo(!covered.isEmpty());
      ratings
          .leaf(first)
          .ifPresentOrElse(
              leaf -> {
                assertThat(verifier.includes(leaf, ratings.path(first))).isTrue();
                assertThat(leaf.history()).isEqualTo(AgentHistory.of(covered));
              },
              () ->
                  assertThat(verifier.excludes(RatingLeaf.keyOf(first), ratings.path(first)))
                      .isTrue());
    }
    assertThat(verifier.excludes(RatingLeaf.keyOf(STRANGER), ratings.path(STRANGER))).isTrue();
  }
}
