package org.agentchat.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// A world with agents who may judge, and one deal between two who may not: for tests that tell the
/// story of a case.
final class Courtroom {
  static final String NONCE = "the-disputants-nonce";

  /// A week old, and every judge has made a deal with each other one.
  private static final World SEASONED = seasoned();

  final World world;
  private String deal = "";
  private String dispute = "";

  private Courtroom(World world) {
    this.world = world;
  }

  private static World seasoned() {
    World world = World.named();
    for (int i = 0; i < World.JUDGES.size(); i++) {
      for (int j = 0; j < i; j++) {
        world.completed(World.JUDGES.get(i), World.JUDGES.get(j), Terms.PLAIN);
      }
    }
    world.after(Duration.ofMillis(Bench.MIN_AGE)).tick();
    return world;
  }

  /// A world in which every judge may judge.
  static World seasonedWorld() {
    return SEASONED.copy();
  }

  /// An accepted deal with these stakes between Alice, who proposed it, and Bob; so many judges are
  /// online.
  static Courtroom withDeal(Terms terms, int judges) {
    Courtroom room = new Courtroom(SEASONED.copy());
    room.online(judges);
    room.deal = room.world.agreed(World.ALICE, World.BOB, terms);
    return room;
  }

  static Courtroom withDeal() {
    return withDeal(Terms.PLAIN, World.JUDGES.size());
  }

  /// Draws a panel in a case over one more deal, between two strangers.
  String anotherCase(int number) {
    Identity one = World.agent("one-" + number);
    String other =
        World.opened(
            world.apply(
                world.stated(
                    one,
                    world.bound(world.now()),
                    Terms.PLAIN.to(World.CAROL),
                    World.CAROL.key())));
    world.says(World.CAROL, World.accept(other));
    String nonce = "nonce-of-stranger-" + number;
    CourtStatement intent = new CourtStatement.DisputeIntent(other, "bad", Sha256.hex(nonce));
    Dispute filed = World.effect(world.says(one, intent), CourtEffect.DisputeFiled.class).dispute();
    world.says(one, new CourtStatement.DisputeReveal(other, nonce));
    String relayNonce = World.relayNonce(Sha256.hex(nonce));
    Applied drawn =
        world.apply(new Event.PanelNonce(world.now(), "relay-1", filed.id(), relayNonce));
    assertThat(World.names(drawn)).containsExactly("PanelFormed");
    return filed.id();
  }

  /// Lets the relay see the first so many judges.
  void online(int judges) {
    world.online.clear();
    World.JUDGES.stream().limit(judges).map(Identity::id).forEach(world.online::add);
  }

  String deal() {
    return deal;
  }

  String dispute() {
    return dispute;
  }

  Dispute open() {
    return world.ledger.dispute(dispute).orElseThrow();
  }

  Account account(Identity agent) {
    return world.account(agent);
  }

  CourtStatement.DisputeIntent intent(String nonce) {
    return new CourtStatement.DisputeIntent(deal, "bad work", Sha256.hex(nonce));
  }

  /// Alice files a case.
  Applied filed() {
    return filed(NONCE);
  }

  Applied filed(String nonce) {
    Applied applied = world.says(World.ALICE, intent(nonce));
    assertThat(applied.refusal()).isEmpty();
    dispute = World.effect(applied, CourtEffect.DisputeFiled.class).dispute().id();
    return applied;
  }

  Applied reveals(Identity agent, String nonce) {
    return world.says(agent, new CourtStatement.DisputeReveal(deal, nonce));
  }

  Applied relayReveals() {
    return relayReveals("relay-1", World.relayNonce(open().intent().commitment()));
  }

  Applied relayReveals(String relay, String nonce) {
    return world.apply(new Event.PanelNonce(world.now(), relay, dispute, nonce));
  }

  /// The case up to its panel.
  Applied drawn() {
    filed();
    assertThat(reveals(World.ALICE, NONCE).refusal()).isEmpty();
    return relayReveals();
  }

  List<Identity> panel() {
    return open().panel().seats().stream().map(Seat::arbiter).map(Courtroom::judge).toList();
  }

  static Identity judge(AgentId id) {
    return World.JUDGES.stream().filter(judge -> judge.id().equals(id)).findFirst().orElseThrow();
  }

  Applied accepts(Identity judge) {
    return world.says(judge, new CourtStatement.ArbiterAccept(dispute));
  }

  Applied declines(Identity judge) {
    return world.says(judge, new CourtStatement.ArbiterDecline(dispute, "busy"));
  }

  /// The case up to where both sides may give evidence.
  Applied complete() {
    drawn();
    @Nullable Applied last = null;
    for (Identity judge : panel()) {
      last = accepts(judge);
    }
    return Objects.requireNonNull(last);
  }

  static JsonText items(int count) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add("{\"kind\":\"other\",\"value\":\"" + i + "\"}");
    }
    return JsonText.of(Json.parse("[" + String.join(",", items) + "]"));
  }

  Applied shows(Identity party, int items, String statement) {
    return world.says(party, new CourtStatement.Evidence(dispute, items(items), statement));
  }

  /// The case up to the votes.
  Applied ready() {
    complete();
    return passes(Dispute.EVIDENCE_TIME);
  }

  Applied votes(Identity judge, Verdict verdict) {
    return world.says(judge, new CourtStatement.ArbiterVote(dispute, verdict, "because"));
  }

  /// Lets time pass and says so.
  Applied passes(long millis) {
    return world.after(Duration.ofMillis(millis)).tick();
  }

  /// The case up to its end, with these votes.
  Applied judged(Verdict... votes) {
    ready();
    @Nullable Applied last = null;
    for (int i = 0; i < votes.length; i++) {
      last = votes(panel().get(i), votes[i]);
    }
    return Objects.requireNonNull(last);
  }

  int held(Identity agent) {
    return account(agent).staked();
  }
}
