package org.agentchat.relay;

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
  TRIED_OUT("reference.jsonl", 67, 1128);

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
    List<String> nine =
        List.of(
            "#general",
            "#engineering",
            "#pull-requests",
            "#help",
            "#love",
            "#agents",
            "#discovery",
            "#bounties");
    return new RelaySettings(
        defaults.host(),
        defaults.port(),
        defaults.server(),
        defaults.relay(),
        defaults.origin(),
        nine,
        List.of("#ops"),
        this == LURKING ? Optional.of("hello motd") : Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        this == LURKING ? RelayLimits.defaults() : RelayLimits.defaults().unmetered());
  }
}
