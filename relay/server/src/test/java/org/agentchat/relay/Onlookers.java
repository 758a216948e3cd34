package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import tools.jackson.databind.JsonNode;

/// Everybody who is connected to a simulated relay, and hears of every act what the model says and
/// nothing else.
final class Onlookers {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Pattern NAME = Pattern.compile("@\\w+\\b(?!\\.)");

  private final SimulatedRelay relay;
  private final RelayModel model;
  private final Map<String, Proposal> deals = new LinkedHashMap<>();
  private final Map<String, Dispute> cases = new LinkedHashMap<>();
  private final Map<Seat, Set<String>> indexes = new HashMap<>();
  private final Set<String> seen = new TreeSet<>();

  /// Signatures of the statements that were applied in the last act.
  private final Set<String> applied = new HashSet<>();

  private final List<Applied> news = new ArrayList<>();
  private final List<String> diary = new ArrayList<>();
  private long marks;
  private String act = "nothing yet";

  Onlookers(SimulatedRelay relay, RelayModel model) {
    this.relay = relay;
    this.model = model;
  }

  /// What has happened so far, by name.
  Set<String> seen() {
    return seen;
  }

  void see(String what) {
    seen.add(what);
  }

  /// Notes what became of the last act.
  void conclude(String outcome) {
    see(outcome);
    diary.add(outcome);
  }

  /// What was done and what became of it, the same for the same seed.
  List<String> diary() {
    return diary;
  }

  /// A relay makes up the names of those who have no key.
  private static String withoutGuests(String text) {
    return NAME.matcher(text)
        .replaceAll(name -> AgentId.of(name.group()).isPersistent() ? name.group() : Words.GUEST);
  }

  /// Turns the clock.
  void pass(Duration time) {
    act(time + " passes", _ -> {}, () -> relay.skip(time));
  }

  /// Every proposal that was ever made, oldest first.
  List<Proposal> deals() {
    return List.copyOf(deals.values());
  }

  /// Whether a statement with that signature was applied in the last act.
  boolean wasApplied(String signature) {
    return applied.contains(signature);
  }

  /// What was done last.
  @Override
  public String toString() {
    return act;
  }

  /// Does something, and compares what everybody hears of it with what the model says.
  ///
  /// @param expected tells the model
  void act(String what, Consumer<Expected> expected, Runnable deed) {
    act = what;
    diary.add(withoutGuests(what));
    applied.clear();
    List<Seat> seats = model.seats();
    seats.forEach(seat -> {
      seat.heard.clear();
      seat.heardBefore = Set.copyOf(seat.channels);
    });
    Expected all = new Expected();
    expected.accept(all);
    deed.run();
    relay.comeToRest();
    takeNews();
    expectNews(all);
    settle(all, seats);
  }

  /// Looks what the log says now.
  void takeNews() {
    take(relay.refold());
  }

  private void take(List<Applied> more) {
    for (Applied each : more) {
      news.add(each);
      if (each.refusal().isEmpty()
          && each.entry().content() instanceof Entry.Content.Sound(Event.Stated stated)) {
        applied.add(stated.signed().signature().base64());
      }
    }
  }

  private void expectNews(Expected e) {
    for (Applied each : news) {
      for (Effect effect : each.effects()) {
        switch (effect) {
          case Effect.KeyRotated(AgentKey old, AgentKey next) -> {
            see("rotated");
            model.rotated(e, old.id(), next.id());
          }
          case Effect.KeyRevoked(AgentKey key, _) -> model.revoked(e, key.id());
          case Effect.ProposalOpened(Proposal deal) -> deals.put(deal.id(), deal);
          case CourtEffect court -> expectNews(e, court);
          default -> {}
        }
      }
    }
    news.clear();
  }

  /// Whoever is here and is told of a step of its case.
  private void expectNews(Expected e, CourtEffect effect) {
    Dispute dispute = effect.dispute();
    cases.put(dispute.id(), dispute);
    see(effect.getClass().getSimpleName());
    List<AgentId> parties = List.of(dispute.disputant(), dispute.respondent());
    List<AgentId> judges = dispute.panel().arbiters();
    List<AgentId> asked = dispute.panel().seats().stream().map(place -> place.arbiter()).toList();
    switch (effect) {
      case CourtEffect.DisputeFiled _ ->
          tell(e, dispute, List.of(dispute.disputant()), "DISPUTE_INTENT_ACK");
      case CourtEffect.PanelFormed _ -> {
        tell(e, dispute, parties, "PANEL_FORMED");
        tell(e, dispute, asked, "ARBITER_ASSIGNED");
        tell(e, dispute, List.of(dispute.disputant()), "DISPUTE_REVEALED");
      }
      case CourtEffect.ArbiterReplaced replaced ->
          tell(e, dispute, List.of(replaced.seat().arbiter()), "ARBITER_ASSIGNED");
      case CourtEffect.EvidenceGiven _ -> {
        tell(e, dispute, parties, "EVIDENCE_RECEIVED");
        tell(e, dispute, judges, "EVIDENCE_RECEIVED");
      }
      case CourtEffect.VotingOpened _ -> tell(e, dispute, judges, "CASE_READY");
      case CourtEffect.VerdictReached _ -> {
        for (String type : List.of("VERDICT", "SETTLEMENT_COMPLETE")) {
          tell(e, dispute, parties, type);
          tell(e, dispute, judges, type);
        }
      }
      case CourtEffect.DisputeFellBack _ -> {
        tell(e, dispute, parties, "DISPUTE_FALLBACK");
        tell(e, dispute, asked, "DISPUTE_FALLBACK");
      }
      case CourtEffect.NonceRevealed _,
          CourtEffect.ArbiterAccepted _,
          CourtEffect.EvidenceOpened _,
          CourtEffect.VoteCast _ -> {}
    }
  }

  private void tell(Expected e, Dispute dispute, List<AgentId> those, String type) {
    those.stream()
        .flatMap(agent -> model.names(agent).stream())
        .flatMap(name -> model.online(name).stream())
        .forEach(seat -> e.learns(seat, Words.of(type, dispute.id())));
  }

  /// Waits until all has come that must come.
  private void settle(Expected expected, List<Seat> seats) {
    Instant deadline = Instant.now().plus(Peer.PATIENCE);
    Map<Seat, String> wrong;
    do {
      collect(seats);
      wrong = new LinkedHashMap<>();
      for (Seat seat : seats) {
        String problem = problem(expected, seat);
        if (!problem.isEmpty()) {
          wrong.put(seat, problem);
        }
      }
    } while (wrong.values().stream().anyMatch(p -> p.startsWith("missing"))
        && Instant.now().isBefore(deadline));
    assertThat(wrong).isEmpty();
    seats.forEach(this::look);
  }

  /// Takes all that was sent to each until now, or until its end.
  void collect(List<Seat> seats) {
    Map<Seat, String> wanted = new LinkedHashMap<>();
    seats.forEach(seat -> wanted.put(seat, ping(seat)));
    wanted.forEach(this::collect);
  }

  private String ping(Seat seat) {
    String mark = "until-" + marks++;
    try {
      seat.peer.send("{\"type\":\"PING\",\"client_msg_id\":\"" + mark + "\"}");
    } catch (CompletionException _) {
      // It has ended, which is seen when its frames are taken.
    }
    return mark;
  }

  private void collect(Seat seat, String mark) {
    Instant deadline = Instant.now().plus(Peer.PATIENCE);
    while (Instant.now().isBefore(deadline)) {
      JsonNode frame = seat.peer.poll(LOOK);
      if (frame == null && seat.peer.closeCode() >= 0) {
        seat.heard.addAll(seat.peer.rest());
        return;
      }
      if (frame != null && frame.path("client_msg_id").asString("").equals(mark)) {
        return;
      }
      if (frame != null) {
        seat.heard.add(frame);
      }
    }
    throw new AssertionError("no PONG to " + seat + ", but " + seat.heard);
  }

  /// What the peer should have heard and has not, or the other way round; empty when all is well.
  private static String problem(Expected expected, Seat seat) {
    String end = expected.end(seat);
    if (seat.stage == Seat.Stage.CLOSED && end == null) {
      return ""; // it went of itself
    }
    List<String> missing = new ArrayList<>(expected.words(seat));
    missing.removeIf(Onlookers::isVague);
    List<String> extra = new ArrayList<>();
    for (String word : words(seat)) {
      if (!missing.remove(word)) {
        extra.add(word);
      }
    }
    missing.removeIf(word -> expected.isOpen(seat, word));
    List<String> news = seat.heard.stream().map(Words::ofCase).toList();
    expected.news(seat).stream().filter(word -> !news.contains(word)).forEach(missing::add);
    extra.removeIf(word -> expected.isOpen(seat, word));

    String got = seat.end();
    if (end != null && got.isEmpty()) {
      missing.add("its end, " + end);
    } else if (!got.equals(end == null ? "" : end)) {
      extra.add("its end, " + got);
    }
    if (!extra.isEmpty()) {
      return "extra " + extra + ", missing " + missing;
    }
    return missing.isEmpty() ? "" : "missing " + missing;
  }

  private static List<String> words(Seat seat) {
    return seat.heard.stream()
        .filter(frame -> !Words.isOfTheMarket(frame) && !Words.isCry(frame))
        .map(Words::of)
        .filter(word -> !isVague(word))
        .toList();
  }

  /// What #bounties remembers depends on when it was told.
  private static boolean isVague(String word) {
    return word.startsWith("MSG ") && word.contains(" #bounties null true ");
  }

  /// What the log gave rise to may come at any time, but to those whom it concerns, and once.
  private void look(Seat seat) {
    for (JsonNode frame : seat.heard) {
      see(Words.name(frame));
      if (Words.isOfTheMarket(frame)) {
        assertThat(isAbout(seat, frame)).as("%s hears %s", seat, frame).isTrue();
        assertNew(seat, frame);
      } else if (Words.isCry(frame)) {
        String channel = frame.path("to").stringValue();
        assertThat(seat.heardBefore.contains(channel) || seat.channels.contains(channel))
            .as("%s hears %s", seat, frame)
            .isTrue();
      }
    }
  }

  /// A notice says not which entry it is of; the other frames do.
  private void assertNew(Seat seat, JsonNode frame) {
    String what = Words.ofCase(frame) + frame.path("index") + frame.path("proposal_id");
    assertThat(!frame.has("index") || indexes.computeIfAbsent(seat, _ -> new HashSet<>()).add(what))
        .as("%s hears again %s", seat, frame)
        .isTrue();
  }

  /// Whether the agent is a party to what the frame is about.
  private boolean isAbout(Seat seat, JsonNode frame) {
    Proposal deal = deals.get(frame.path("proposal_id").asString(""));
    Dispute dispute = cases.get(frame.path("dispute_id").asString(""));
    Stream<AgentId> named =
        Stream.of("from", "to", "agent_id")
            .map(field -> frame.path(field).asString(""))
            .flatMap(text -> AgentId.parse(text).stream());
    Stream<AgentId> parties = deal == null ? Stream.of() : Stream.of(deal.from(), deal.to());
    Stream<AgentId> court = dispute == null ? Stream.of() : those(dispute);
    AgentId self = relay.fold().owner(seat.id());
    return Stream.of(named, parties, court)
        .flatMap(agents -> agents)
        .anyMatch(agent -> relay.fold().owner(agent).equals(self));
  }

  private static Stream<AgentId> those(Dispute dispute) {
    return Stream.concat(
        Stream.of(dispute.disputant(), dispute.respondent()), dispute.panel().drawn().stream());
  }

  /// The relay is where the model is.
  void assertSame() {
    List<AgentId> here = ids(model.seats().stream().filter(Seat::isIn));
    relay.until(
        "%d connections and %s are there".formatted(model.seats().size(), here),
        () -> relay.countConnections() == model.seats().size() && relay.online().equals(here));
    for (Channel channel : relay.channels()) {
      assertThat(channel.agents().stream().map(Agent::id))
          .as(channel.name())
          .containsExactlyInAnyOrderElementsOf(
              ids(model.seats().stream().filter(seat -> model.isIn(channel.name(), seat))));
    }
    take(relay.assertSameFold());
    expectNews(new Expected());
  }

  private static List<AgentId> ids(Stream<Seat> seats) {
    return seats.map(Seat::id).sorted().collect(Collectors.toList());
  }
}
