package org.agentchat.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;

/// The servers whose traffic was captured, set up as they were.
enum CapturedServer {
  /// Defaults: lurk is on, everybody hears every open channel.
  LURKING("reference.jsonl", 1, 66),
  /// For trying things: lurk off, an allowlist that keeps nobody out, both admin keys `adm`.
  TRIED_OUT("reference.jsonl", 67, 1128),
  /// Version 0.36.11, the last one with direct messages.
  DIRECT("direct-messages.jsonl", 1, 22),
  /// The deadlines of the court are seconds.
  COURT("agentcourt.jsonl", 1, 294);

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

  RelaySettings settings() {
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
        this == LURKING ? defaults.limits() : defaults.limits().unmetered(),
        chat());
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
