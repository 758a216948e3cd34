package org.agentchat.relay;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Says again to a relay what captured clients said, and listens to what each of them hears.
///
/// A client's frame is said when everything has come that was captured before it, and everything
/// that the captured server had written before it answered. After its frame an identified client
/// sends a PING of its own: its PONG says that the relay has handled the frame. So the order of
/// frames at each client does not depend on who is quicker. The clock is the capture's.
final class Replay {
  /// How long a frame is waited for; only frames that are missing make anybody wait.
  private static final Duration PATIENCE = Peer.PATIENCE;

  /// The same when so many have been waited for in vain that the replay has failed anyway.
  private static final Duration IMPATIENCE = Duration.ofMillis(300);

  private static final int MAX_IN_VAIN = 1;

  /// Timers fire when their time is over, so the clock goes a little beyond.
  private static final long TIMER_MILLIS = 1;

  private static final int LEFT_BY_CLIENT = 1005;
  private static final String BARRIER = "barrier-";

  /// What answers a frame, where it is not a frame of the same type.
  private static final Map<String, Set<String>> ANSWERS =
      Map.ofEntries(
          Map.entry("IDENTIFY", Set.of("CHALLENGE", "WELCOME", "CAPTCHA_CHALLENGE")),
          Map.entry("VERIFY_IDENTITY", Set.of("WELCOME", "CAPTCHA_CHALLENGE", "SESSION_DISPLACED")),
          Map.entry("JOIN", Set.of("JOINED", "AGENT_JOINED")),
          Map.entry("LEAVE", Set.of("LEFT", "AGENT_LEFT")),
          Map.entry("ADMIN_KICK", Set.of("ADMIN_RESULT", "KICKED")),
          Map.entry("ADMIN_BAN", Set.of("ADMIN_RESULT", "BANNED")),
          Map.entry("ADMIN_MOTD", Set.of("ADMIN_RESULT", "MOTD_UPDATE")),
          Map.entry("CREATE_CHANNEL", Set.of("JOINED")),
          Map.entry("LIST_CHANNELS", Set.of("CHANNELS")),
          Map.entry("LIST_AGENTS", Set.of("AGENTS")),
          Map.entry("PING", Set.of("PONG")),
          Map.entry("SET_PRESENCE", Set.of("PRESENCE_CHANGED")),
          Map.entry("SET_NICK", Set.of("NICK_CHANGED")),
          Map.entry("RESPONDING_TO", Set.of("FLOOR_CLAIMED", "YIELD")),
          Map.entry("INVITE", Set.of("MSG")),
          Map.entry("REGISTER_SKILLS", Set.of("SKILLS_REGISTERED")),
          Map.entry("SEARCH_SKILLS", Set.of("SEARCH_RESULTS")),
          Map.entry("VERIFY_RESPONSE", Set.of("VERIFY_SUCCESS", "VERIFY_FAILED")),
          Map.entry("DISPUTE_INTENT", Set.of("DISPUTE_INTENT_ACK")),
          Map.entry("DISPUTE_REVEAL", Set.of("PANEL_FORMED", "DISPUTE_FALLBACK")),
          Map.entry("EVIDENCE", Set.of("EVIDENCE_RECEIVED")));

  private final CapturedServer server;
  private final String file;
  private final List<Capture.Line> lines;
  private final Waivers waivers;
  private final Keyring keyring;
  private final Draws draws;
  private final AtomicLong clock;
  private final Names names = new Names();
  private final Resigner resigner = new Resigner();
  private final Map<String, Hearing> hearings = new LinkedHashMap<>();
  private final Map<String, Participant> participants = new LinkedHashMap<>();
  private final Map<String, AgentKey> capturedKeys = new HashMap<>();
  private final Map<String, String> barriers = new HashMap<>();
  private final List<String> welcomed = new ArrayList<>();
  private final BlockingQueue<Participant.Event> events = new LinkedBlockingQueue<>();
  private final List<Difference> differences = new ArrayList<>();
  private int said;
  private int inVain;

  /// @param clock the relay's; the replay turns it
  Replay(CapturedServer server, Waivers waivers, Keyring keyring, Draws draws, AtomicLong clock) {
    this.server = server;
    this.file = server.file();
    this.lines = server.lines();
    this.waivers = waivers;
    this.keyring = keyring;
    this.draws = draws;
    this.clock = clock;
    lines.stream()
        .filter(Capture.ClientLine.class::isInstance)
        .map(Capture.ClientLine.class::cast)
        .forEach(this::expect);
  }

  private void expect(Capture.ClientLine line) {
    Hearing hearing = hearings.computeIfAbsent(line.who(), _ -> new Hearing(names));
    boolean waived = waivers.isWaived(file, line.number(), Difference.Kind.MISSING);
    if (line instanceof Capture.Heard heard) {
      resigner.learn(heard.frame());
    }
    switch (line) {
      case Capture.Heard heard when !waived -> hearing.expect(new Hearing.CapturedFrame(heard));
      case Capture.Heard heard -> miss(heard.number(), heard.type(), heard.frame());
      case Capture.Closed closed when closed.byServer() && !waived ->
          hearing.expect(new Hearing.CapturedEnd(closed));
      case Capture.Closed closed when waived -> miss(closed.number(), "CLOSE", null);
      case Capture.Closed _, Capture.Said _ -> {}
    }
    waivers.extras(file, line.number()).forEach(extra -> expect(extra, line));
  }

  private void expect(Waivers.Waiver extra, Capture.ClientLine line) {
    hearings
        .computeIfAbsent(extra.hearer(line.who()), _ -> new Hearing(names))
        .expect(new Hearing.Ours(line.number(), extra.frameType(), extra.type()));
  }

  private void miss(int line, String type, @org.jspecify.annotations.Nullable JsonNode wanted) {
    differences.add(
        new Difference(
            file, line, Difference.Kind.MISSING, type, "", String.valueOf(wanted), "nothing"));
  }

  /// Replays the lines to the relay at the address.
  ///
  /// @return where the two part, in no order
  List<Difference> play(String url, Comparison comparison) throws InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    try {
      for (int i = 0; i < lines.size(); i++) {
        switch (lines.get(i)) {
          case Capture.Said frame when isUnsaid(frame) ->
              differences.add(
                  new Difference(
                      file,
                      frame.number(),
                      Difference.Kind.UNSAID,
                      frame.type(),
                      "",
                      frame.text(),
                      "nothing"));
          case Capture.Said frame -> {
            settle(i, answeredAt(i, frame));
            Participant participant =
                participants.computeIfAbsent(
                    frame.who(), who -> new Participant(http, url, who, events));
            say(participant, frame);
          }
          case Capture.Closed closed -> {
            if (closed.code() == LEFT_BY_CLIENT && goesOn(i)) {
              settle(i, 0);
              hearings.get(closed.who()).said(closed.number());
              participants.get(closed.who()).leave();
            }
          }
          case Capture.Heard _, Capture.Note _ -> {}
        }
      }
      settle(lines.size(), Long.MAX_VALUE);
      participants.keySet().stream().filter(welcomed::contains).forEach(this::barrier);
      awaitHandled();
    } finally {
      // Closing would wait for connections for ever, and hide why the replay ended early.
      participants.values().forEach(Participant::abort);
      http.shutdownNow();
    }
    collect(comparison);
    return differences;
  }

  private boolean isUnsaid(Capture.Said frame) {
    return waivers.isWaived(file, frame.number(), Difference.Kind.UNSAID);
  }

  /// Whether a client says or hears anything after the line: else the capture is over there.
  private boolean goesOn(int i) {
    return lines.subList(i, lines.size()).stream()
        .anyMatch(line -> line instanceof Capture.Said || line instanceof Capture.Heard);
  }

  /// When the captured server handled the frame, as the first of its answers shows, or of what it
  /// told others; 0 when it told nobody.
  private long answeredAt(int i, Capture.Said frame) {
    Set<String> answers = ANSWERS.getOrDefault(frame.type(), Set.of(frame.type(), "ADMIN_RESULT"));
    long first = Long.MAX_VALUE;
    for (Capture.Line line : lines.subList(i + 1, lines.size())) {
      if (line instanceof Capture.Said(_, String who, _) && who.equals(frame.who())) {
        break;
      }
      if (line instanceof Capture.Heard heard && !heard.isCallback()) {
        boolean own = heard.who().equals(frame.who());
        boolean refusal = own && heard.type().equals("ERROR");
        if (refusal || answers.contains(heard.type())) {
          first = Math.min(first, heard.at());
          if (own) {
            break;
          }
        }
      }
    }
    return first == Long.MAX_VALUE ? 0 : first;
  }

  /// Waits until everything has come that should come before the line, and turns the clock to the
  /// time of each in order.
  ///
  /// @param answeredAt what the server wrote before this time comes before the line, too
  private void settle(int i, long answeredAt) throws InterruptedException {
    int number = i < lines.size() ? lines.get(i).number() : Integer.MAX_VALUE;
    Predicate<Hearing.Item> due =
        item -> item.line() < number || (isLive(item) && at(item) < answeredAt);
    awaitHandled();
    long[] times =
        hearings.values().stream()
            .flatMap(hearing -> hearing.open(due))
            .mapToLong(Replay::at)
            .filter(time -> time < Long.MAX_VALUE)
            .sorted()
            .distinct()
            .toArray();
    for (long time : times) {
      turn(time + TIMER_MILLIS);
      await(() -> hasAll(item -> due.test(item) && at(item) <= time));
    }
    if (answeredAt < Long.MAX_VALUE) {
      turn(answeredAt);
    }
    await(() -> hasAll(due));
  }

  private boolean hasAll(Predicate<Hearing.Item> wanted) {
    return hearings.values().stream().allMatch(hearing -> hearing.has(wanted));
  }

  private static boolean isLive(Hearing.Item item) {
    return item instanceof Hearing.CapturedFrame(Capture.Heard heard) && !heard.isReplay();
  }

  /// When the captured server wrote it; beyond all times when the capture does not say.
  private static long at(Hearing.Item item) {
    return item instanceof Hearing.CapturedFrame(Capture.Heard heard) ? heard.at() : Long.MAX_VALUE;
  }

  private void turn(long millis) {
    clock.accumulateAndGet(millis, Math::max);
  }

  private void awaitHandled() throws InterruptedException {
    await(barriers::isEmpty);
  }

  private void await(java.util.function.BooleanSupplier done) throws InterruptedException {
    long deadline = System.nanoTime() + (inVain < MAX_IN_VAIN ? PATIENCE : IMPATIENCE).toNanos();
    while (!done.getAsBoolean()) {
      Participant.Event event =
          events.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (event == null) {
        inVain++;
        barriers.clear();
        return;
      }
      take(event);
    }
  }

  private void take(Participant.Event event) {
    Hearing hearing = hearings.get(event.who());
    switch (event) {
      case Participant.Frame(String who, JsonNode frame) -> {
        String id = frame.path("client_msg_id").asString("");
        if (id.startsWith(BARRIER)) {
          barriers.remove(who, id);
          return;
        }
        if (server.leavesOut(frame)) {
          return;
        }
        hearing.hear(frame);
        resigner.learn(frame);
        if (frame.path("type").asString("").equals("WELCOME")) {
          welcomed.add(who);
          barrier(who);
        }
      }
      case Participant.End(String who, int code, String reason) -> {
        barriers.remove(who);
        welcomed.remove(who);
        if (!hearing.end(code, reason) && code != 1000) {
          differences.add(
              new Difference(
                  file, 0, Difference.Kind.EXTRA, "CLOSE", "", who, code + " " + reason));
        }
      }
    }
  }

  private void barrier(String who) {
    Participant participant = participants.get(who);
    if (participant != null) {
      String id = BARRIER + ++said;
      barriers.put(who, id);
      participant.say("{\"type\":\"PING\",\"client_msg_id\":\"%s\"}".formatted(id));
    }
  }

  private void say(Participant participant, Capture.Said frame) {
    hearings.get(frame.who()).said(frame.number());
    participant.say(rewrite(frame));
    if (welcomed.contains(frame.who())) {
      barrier(frame.who());
    }
  }

  private String rewrite(Capture.Said said) {
    JsonNode captured = said.frame();
    if (captured.isString()) {
      return captured.stringValue();
    }
    String pem = captured.path("pubkey").asString("");
    keyring
        .own(pem)
        .ifPresent(identity -> {
          names.bind(Keyring.body(pem), Keyring.body(identity.key().pem()));
          if (said.type().equals("IDENTIFY")) {
            AgentKey key = keyring.captured(pem);
            names.bind(key.id().name(), identity.id().name());
            capturedKeys.put(said.who(), key);
          }
        });
    if (said.type().equals("DISPUTE_INTENT")) {
      draws.bind(said, names);
    }
    ObjectNode own = (ObjectNode) names.translate(captured);
    if (Keyring.isPrivate(pem)) {
      own.put("pubkey", keyring.privatePem(pem));
    }
    AgentKey key = capturedKeys.get(said.who());
    Optional<String> field = Resigner.field(captured);
    if (key != null && field.isPresent()) {
      Identity identity = keyring.own(key);
      String signature = resigner.sign(captured, key, own, identity);
      names.bind(captured.path(field.get()).stringValue(), signature);
      own.put(field.get(), signature);
    }
    return own.toString();
  }

  private void collect(Comparison comparison) {
    for (Hearing hearing : hearings.values()) {
      for (Hearing.Pair pair : hearing.pairs()) {
        for (Comparison.Unequal unequal :
            comparison.compare(names.translate(pair.wanted().frame()), pair.got())) {
          differences.add(
              new Difference(
                  file,
                  pair.wanted().number(),
                  Difference.Kind.DIFFERS,
                  pair.wanted().type(),
                  unequal.field(),
                  unequal.wanted(),
                  unequal.got()));
        }
      }
      for (Hearing.Item item : hearing.missing()) {
        switch (item) {
          case Hearing.CapturedFrame(Capture.Heard heard) ->
              miss(heard.number(), heard.type(), names.translate(heard.frame()));
          case Hearing.CapturedEnd(Capture.Closed closed) -> miss(closed.number(), "CLOSE", null);
          case Hearing.Ours _ -> {}
        }
      }
      for (Hearing.Extra extra : hearing.extras()) {
        differences.add(
            new Difference(
                file,
                extra.line(),
                Difference.Kind.EXTRA,
                extra.label(),
                "",
                "nothing",
                extra.got().toString()));
      }
    }
  }
}
