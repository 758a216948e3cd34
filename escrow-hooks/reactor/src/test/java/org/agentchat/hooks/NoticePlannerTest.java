package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.junit.jupiter.api.Test;

final class NoticePlannerTest {
  private static final Identity ALICE_LATER = Story.agent("alice's next key");

  private final Story story = Story.begun();

  private List<Action> planned(String hook, NoticeFilter filter) {
    Planner planner = new NoticePlanner(hook, filter);
    EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
    Ledger ledger = new Ledger();
    List<Action> actions = new ArrayList<>();
    for (byte[] event : story.events) {
      Applied applied = ledger.apply(reader.read(ledger.size(), event));
      actions.addAll(planner.plan(applied, Notices.of(applied, ledger), ledger));
    }
    return actions;
  }

  private List<String> events(NoticeFilter filter) {
    return planned("hook", filter).stream().map(Action::event).toList();
  }

  @Test
  void planningAgainGivesTheSameActions() {
    story.finish(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    assertThat(planned("hook", NoticeFilter.ALL)).isEqualTo(planned("hook", NoticeFilter.ALL));
  }

  @Test
  void idsDifferByHookAndEventAndAreOnesThatStandardWebhooksAllows() {
    story.finish(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    story.finish(Story.BOB, Story.CAROL, Story.Offer.PLAIN);
    List<String> keys = new ArrayList<>();
    planned("one", NoticeFilter.ALL).forEach(action -> keys.add(action.key()));
    planned("other", NoticeFilter.ALL).forEach(action -> keys.add(action.key()));
    assertThat(keys)
        .hasSize(12)
        .doesNotHaveDuplicates()
        .allSatisfy(key -> assertThat(key).matches("msg_[0-9a-f]{32}"));
  }

  @Test
  void idIsTheOneThatEveryReleaseGives() {
    story.propose(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    assertThat(planned("hook", NoticeFilter.ALL).getFirst().key())
        .isEqualTo("msg_7a2976ed56d25cbac21eae27ab8d5f48");
  }

  @Test
  void dealIsALane() {
    String first = story.finish(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    String second = story.finish(Story.BOB, Story.CAROL, Story.Offer.PLAIN);
    assertThat(planned("hook", NoticeFilter.ALL).stream().map(Action::lane).distinct())
        .containsExactly(first, second);
  }

  @Test
  void filterByNameLetsOnlyThatThrough() {
    story.finish(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    assertThat(events(new NoticeFilter(Set.of(NoticeName.RECEIPT_ISSUED), Set.of(), Set.of())))
        .containsExactly("receipt:issued");
  }

  @Test
  void filterByAgentLetsItsDealsThroughUnderAnyOfItsKeys() {
    story.finish(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    story.rotate(Story.ALICE, ALICE_LATER);
    story.finish(ALICE_LATER, Story.BOB, Story.Offer.PLAIN);
    story.finish(Story.BOB, Story.CAROL, Story.Offer.PLAIN);
    NoticeFilter byFirst = new NoticeFilter(Set.of(), Set.of(Story.ALICE.id()), Set.of());
    assertThat(events(byFirst)).hasSize(6);
    NoticeFilter byLast = new NoticeFilter(Set.of(), Set.of(ALICE_LATER.id()), Set.of());
    // Before the rotation nobody could know that this name would be Alice's.
    assertThat(events(byLast)).hasSize(3);
  }

  @Test
  void filterByCapabilityLetsNoOtherWorkThrough() {
    story.finish(Story.ALICE, Story.BOB, Story.Offer.in("code"));
    story.finish(Story.ALICE, Story.CAROL, Story.Offer.in("prose"));
    story.finish(Story.BOB, Story.CAROL, Story.Offer.PLAIN);
    assertThat(events(new NoticeFilter(Set.of(), Set.of(), Set.of("code")))).hasSize(3);
  }
}
