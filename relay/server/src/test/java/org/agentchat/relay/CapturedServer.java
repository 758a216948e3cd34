package org.agentchat.relay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.message.AdminKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The servers whose traffic was captured, set up as they were.
enum CapturedServer {
  /// Defaults: lurk is on, everybody hears every open channel.
  LURKING("reference.jsonl", 1, 66),
  /// For trying things: lurk off, an allowlist that keeps nobody out, both admin keys `adm`.
  TRIED_OUT("reference.jsonl", 67, 1128),
  /// A question before the welcome: two attempts, a second and a half.
  QUESTIONING("reference.jsonl", 1129, 1144),
  /// Only agents of the allowlist.
  STRICT("reference.jsonl", 1145, 1158),
  /// The same with half a second for a challenge.
  HASTY("reference.jsonl", 1159, 1162),
  /// Version 0.36.11, the last one with direct messages.
  DIRECT("direct-messages.jsonl", 1, 22),
  /// Two parties and five arbiters in court, with seconds for its deadlines.
  COURT("agentcourt.jsonl", 1, 294);

  private static final String ORIGIN = "golden.example/log";

  private static final List<String> PUBLIC =
      List.of(
          "#general",
          "#engineering",
          "#pull-requests",
          "#help",
          "#love",
          "#agents",
          "#discovery",
          "#bounties");

  private final String file;
  private final int first;
  private final int last;

  CapturedServer(String file, int first, int last) {
    this.file = file;
    this.first = first;
    this.last = last;
  }

  /// A flood's PINGs were not captured, only their PONGs and the close after the last.
  private static List<Capture.Line> withUncapturedPings(List<Capture.Line> captured) {
    Map<String, Integer> pings = new HashMap<>();
    List<Capture.Line> lines = new ArrayList<>();
    for (Capture.Line line : captured) {
      if (line instanceof Capture.Said said && said.type().equals("PING")) {
        pings.merge(said.who(), 1, Integer::sum);
      }
      boolean ponged =
          line instanceof Capture.Heard heard
              && heard.type().equals("PONG")
              && pings.merge(heard.who(), -1, Integer::sum) < 0;
      boolean flooded = line instanceof Capture.Closed closed && closed.code() == 1008;
      if (ponged || flooded) {
        String who = ((Capture.ClientLine) line).who();
        pings.put(who, 0);
        lines.add(
            new Capture.Said(
                line.number(), who, JsonNodeFactory.instance.objectNode().put("type", "PING")));
      }
      lines.add(line);
    }
    return lines;
  }

  String file() {
    return file;
  }

  List<Capture.Line> lines() {
    List<Capture.Line> lines = Capture.lines(file, first, last);
    return this == COURT ? CourtTime.retimed(lines) : withUncapturedPings(lines);
  }

  /// A second before the first frame, milliseconds since 1970.
  long startedAt() {
    return lines().stream()
            .filter(Capture.Heard.class::isInstance)
            .map(Capture.Heard.class::cast)
            .findFirst()
            .orElseThrow()
            .at()
        - 1_000;
  }

  /// Whether the capture leaves out frames like this one: that of the court has nothing of who
  /// comes and goes.
  boolean leavesOut(JsonNode frame) {
    return this == COURT
        && (frame.path("type").asString("").equals("AGENT_JOINED")
            || frame.path("content").asString("").endsWith(" came online"));
  }

  /// What happened before: nothing, but the arbiters of a court have made enough deals, long ago
  /// and not with the parties.
  MemoryLog log(Keyring keyring) {
    MemoryLog log = new MemoryLog();
    if (this == COURT) {
      List<Identity> judges = new ArrayList<>(arbiters(keyring));
      judges.addAll(SeasonedLog.judges().subList(judges.size(), SeasonedLog.JUDGES));
      SeasonedLog.fill(log, ORIGIN, startedAt(), judges);
    }
    return log;
  }

  private List<Identity> arbiters(Keyring keyring) {
    return lines().stream()
        .filter(Capture.Said.class::isInstance)
        .map(Capture.Said.class::cast)
        .filter(said -> said.who().startsWith("arb") && said.type().equals("IDENTIFY"))
        .flatMap(said -> keyring.own(said.frame().path("pubkey").asString("")).stream())
        .toList();
  }

  /// How our relay is set up to be like this server.
  ///
  /// @param folder for what it keeps
  RelaySettings settings(Keyring keyring, Path folder) {
    RelaySettings defaults = RelaySettings.of("127.0.0.1", 0, "golden-relay", ORIGIN);
    return new RelaySettings(
        defaults.host(),
        defaults.port(),
        defaults.server(),
        defaults.relay(),
        defaults.origin(),
        PUBLIC,
        List.of("#ops"),
        this == LURKING ? Optional.of("hello motd") : Optional.empty(),
        Optional.empty(),
        this == COURT ? Optional.of(folder) : Optional.empty(),
        limits(defaults.limits()),
        chat(),
        access(keyring, folder));
  }

  private RelayLimits limits(RelayLimits defaults) {
    return switch (this) {
      case LURKING -> defaults;
      case HASTY ->
          defaults.unmetered().with(defaults.waits().withChallenge(Duration.ofMillis(479)));
      case TRIED_OUT, QUESTIONING, STRICT, DIRECT -> defaults.unmetered();
      case COURT -> patient(defaults.unmetered());
    };
  }

  /// Nobody is cut for the hours that a court takes.
  private static RelayLimits patient(RelayLimits limits) {
    RelayLimits.Waits waits = limits.waits();
    return limits.with(
        new RelayLimits.Waits(
            waits.identify(),
            waits.challenge(),
            waits.ping(),
            Duration.ofDays(100),
            waits.answer()));
  }

  private AccessRules access(Keyring keyring, Path folder) {
    AdminKey key = AdminKey.of("adm");
    AccessRules.Admins admins =
        new AccessRules.Admins(Optional.of(key), Optional.of(key), Set.of(), Set.of());
    AccessRules open = AccessRules.defaults();
    return switch (this) {
      case LURKING -> open.withLurk(Duration.ofHours(1));
      case TRIED_OUT ->
          open.with(AccessRules.Allowlisting.OPEN).with(admins).withGenesis(first(keyring));
      case QUESTIONING ->
          open.with(
              new CaptchaRules(
                  Duration.ofMillis(1_500),
                  2,
                  CaptchaRules.Difficulty.EASY,
                  true,
                  CaptchaRules.FailAction.DISCONNECT));
      case STRICT, HASTY ->
          new AccessRules(
              Optional.of(folder),
              AccessRules.Allowlisting.STRICT,
              admins,
              open.genesis(),
              Optional.of(Duration.ofHours(1)),
              open.captcha(),
              open.network(),
              open.audit());
      case DIRECT, COURT -> open;
    };
  }

  /// The first agent with a key.
  private AgentId first(Keyring keyring) {
    return lines().stream()
        .filter(Capture.Said.class::isInstance)
        .flatMap(
            line -> keyring.own(((Capture.Said) line).frame().path("pubkey").asString("")).stream())
        .findFirst()
        .orElseThrow()
        .id();
  }

  private ChatRules chat() {
    ChatRules defaults = ChatRules.defaults();
    boolean direct = this == DIRECT;
    return new ChatRules(
        new ChatRules.ChannelRules(
            !direct, !direct, this == TRIED_OUT, 1_000, 10, Duration.ofHours(1), 256),
        new ChatRules.SignalRules(1e6, 1_000, Duration.ofSeconds(30)),
        defaults.floor(),
        new ChatRules.DirectRules(direct, Duration.ZERO, Duration.ofMillis(100), 1),
        new ChatRules.VerificationRules(Duration.ofMillis(700), 16, 10_000),
        defaults.callbacks(),
        this == COURT ? new ChatRules.IdleRules(false, defaults.idle().after()) : defaults.idle(),
        defaults.repeats());
  }
}
