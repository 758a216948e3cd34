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
import org.agentchat.schemas.message.AdminKey;
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
  DIRECT("direct-messages.jsonl", 1, 22);

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
    return withUncapturedPings(Capture.lines(file, first, last));
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

  /// How our relay is set up to be like this server.
  ///
  /// @param folder for what it keeps
  RelaySettings settings(Keyring keyring, Path folder) {
    RelaySettings defaults = RelaySettings.of("127.0.0.1", 0, "golden-relay", "golden.example/log");
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
        Optional.empty(),
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
    };
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
      case DIRECT -> open;
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
        defaults.idle(),
        defaults.repeats());
  }
}
