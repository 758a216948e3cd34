package org.agentchat.relay;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;

/// What `/health` says: the fields that existing tools read (protocol.md section 16), and the
/// log's.
final class RelayHealth {
  private final RelaySettings settings;
  private final LiveLedger ledger;
  private final Directory directory;
  private final Channels channels;
  private final RelayClock clock;
  private final long startedAt;

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

  boolean isHealthy() {
    return ledger.broken().isEmpty();
  }

  Map<String, Object> report() {
    long now = clock.millis();
    Optional<String> broken = ledger.broken();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("status", broken.isEmpty() ? "healthy" : "unhealthy");
    broken.ifPresent(reason -> report.put("reason", reason));
    report.put("server", settings.server());
    report.put("version", version());
    report.put("uptime_seconds", (now - startedAt) / 1000);
    report.put("started_at", Instant.ofEpochMilli(startedAt).toString());
    report.put("agents", agents());
    report.put("channels", Map.of("total", channels.size(), "public", channels.size()));
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
    proposals.put("agents", ledger.accounts().size());
    return proposals;
  }

  private static Map<String, Object> log(Ledger ledger) {
    Map<String, Object> log = new LinkedHashMap<>();
    log.put("origin", ledger.origin().orElse(""));
    log.put("size", ledger.size());
    log.put("clock", ledger.clock());
    return log;
  }

  private static String version() {
    String version = RelayHealth.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
