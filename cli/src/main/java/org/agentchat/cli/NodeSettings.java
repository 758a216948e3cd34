package org.agentchat.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.agentchat.hooks.config.HooksSettings;
import org.agentchat.log.Durability;
import org.agentchat.log.KafkaSettings;
import org.agentchat.relay.RelaySettings;
import org.agentchat.tlog.Policy;

/// Which parts a [Node] runs, and how.
///
/// @param home the folder that holds everything that is kept
/// @param parts relay, ledger, hooks, or several of them
/// @param host address that relay and API listen on
/// @param port the relay's; 0 takes a free one
/// @param apiPort the ledger API's; 0 takes a free one
/// @param kafka brokers to use; absent starts one in this process
/// @param topic the topic that holds the log
/// @param database a JDBC URL; absent uses a file in the home folder
/// @param relay the name in the relay's events; absent uses the one in the home folder
/// @param origin the name of a new log; absent uses the one in the home folder
/// @param refine what else the relay is told, on top of its defaults
/// @param durability what an acknowledgement of the embedded broker means
/// @param rebuild drop the ledger's rows and make them again
/// @param witnesses who cosigns a checkpoint before it is published; absent publishes at once
/// @param commitments how long ratings may have moved before the ledger commits to them; absent
///   never does
/// @param hooks what is done on the log's facts; absent does nothing
record NodeSettings(
    Path home,
    List<Part> parts,
    String host,
    int port,
    int apiPort,
    Optional<KafkaSettings> kafka,
    String topic,
    Optional<String> database,
    Optional<String> relay,
    Optional<String> origin,
    UnaryOperator<RelaySettings> refine,
    Durability durability,
    boolean rebuild,
    Optional<Policy> witnesses,
    Optional<Duration> commitments,
    Optional<HooksSettings> hooks) {

  /// What can run alone.
  enum Part {
    /// The WebSocket relay.
    RELAY,
    /// The ledger and its API.
    LEDGER,
    /// The hooks.
    HOOKS
  }

  /// Copies the list.
  NodeSettings {
    parts = List.copyOf(parts);
  }

  boolean runs(Part part) {
    return parts.contains(part);
  }
}
