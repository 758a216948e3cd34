package org.agentchat.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;

/// What `/health` says: the fields that existing tools read (protocol.md section 16), and the
/// log's.
final class RelayHealth {
  private static final Duration MAX_AGE = Duration.ofSeconds(1);

  private final RelaySettings settings;
  private final LiveLedger ledger;
  private final Directory directory;
  private final Channels channels;
  private final RelayClock clock;
  private final long startedAt;
  private @Nullable Report last;
  private long lastAt;

  RelayHealth(
      RelaySettings settings,
      LiveLedger ledger,
      Directory directory,
      Channels channels,
      RelayClock clock) {
    this.settings = settings;
    this.ledger = ledger;
    this.directory = directory;
    this.channels = channels;
    this.clock = clock;
    this.startedAt = clock.millis();
  }

  /// What is said, as JSON.
  record Report(boolean healthy, String json) {}

  /// At most a second old: making one walks every proposal while the ledger waits, and anybody may
  /// ask. Those who ask meanwhile wait for the same one.
  synchronized Report report() {
    Report report = last;
    if (report == null || System.nanoTime() - lastAt >= MAX_AGE.toNanos()) {
      report = make();
      last = report;
      lastAt = System.nanoTime();
    }
    return report;
  }

  private Report make() {
    Optional<String> trouble = ledger.trouble();
    return new Report(trouble.isEmpty(), Json.text(fields(trouble)));
  }

  private Map<String, Object> fields(Optional<String> trouble) {
    long now = clock.millis();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("status", trouble.isEmpty() ? "healthy" : "unhealthy");
    trouble.ifPresent(reason -> report.put("reason", reason));
    report.put("server", settings.server());
    report.put("version", version());
    report.put("uptime_seconds", (now - startedAt) / 1000);
    report.put("started_at", Instant.ofEpochMilli(startedAt).toString());
    report.put("agents", agents());
    report.put("channels", Map.of("total", channels.size(), "public", channels.publicSize()));
    report.put("proposals", ledger.read(RelayHealth::proposals));
    report.put("log", ledger.read(RelayHealth::log));
    report.put("timestamp", Instant.ofEpochMilli(now).toString());
    return report;
  }

  private Map<String, Object> agents() {
    Collection<Connection> all = directory.all();
    Map<String, Object> agents = new LinkedHashMap<>();
    agents.put("connected", all.size());
    agents.put(
        "with_identity",
        all.stream().flatMap(c -> c.agent().stream()).filter(a -> a.key() != null).count());
    return agents;
  }

  private static Map<String, Object> proposals(Ledger ledger) {
    Map<String, Integer> byStatus = new TreeMap<>();
    for (Proposal proposal : ledger.proposals()) {
      byStatus.merge(proposal.status().word(), 1, Integer::sum);
    }
    Map<String, Object> proposals = new LinkedHashMap<>();
    proposals.put("total", ledger.proposals().size());
    proposals.put("byStatus", byStatus);
    proposals.put("agents", ledger.accountCount());
    return proposals;
  }

  private static Map<String, Object> log(Ledger ledger) {
    Map<String, Object> log = new LinkedHashMap<>();
    log.put("origin", ledger.origin().orElse(""));
    log.put("size", ledger.size());
    log.put("clock", ledger.clock());
    return log;
  }

  /// The version that the build wrote into the jar's manifest.
  static String version() {
    String version = RelayHealth.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
