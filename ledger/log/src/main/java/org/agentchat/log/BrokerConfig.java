package org.agentchat.log;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/// The settings of a Kafka node that is broker and controller in one, kept small: about 210 MB
/// resident instead of 400.
///
/// @param data Kafka's data folder
/// @param port the clients' port
/// @param controllerPort the port on which the node talks to itself
/// @param durability what an answered append has reached
record BrokerConfig(Path data, int port, int controllerPort, Durability durability) {

  static final int NODE_ID = 1;
  static final String CLIENT_LISTENER = "CLIENT";
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  static final String HOST = "127.0.0.1";

  Properties properties() {
    Properties all = new Properties();
    all.putAll(node());
    all.putAll(log());
    all.putAll(small());
    return all;
  }

  private Map<String, String> node() {
    return Map.ofEntries(
        Map.entry("process.roles", "broker,controller"),
        Map.entry("node.id", Integer.toString(NODE_ID)),
        Map.entry(
            "listeners",
            "%s://%s:%d,%s://%s:%d"
                .formatted(CLIENT_LISTENER, HOST, port, CONTROLLER_LISTENER, HOST, controllerPort)),
        Map.entry(
            "listener.security.protocol.map",
            "%s:PLAINTEXT,%s:PLAINTEXT".formatted(CLIENT_LISTENER, CONTROLLER_LISTENER)),
        Map.entry("inter.broker.listener.name", CLIENT_LISTENER),
        Map.entry("controller.listener.names", CONTROLLER_LISTENER),
        Map.entry("controller.quorum.voters", "%d@%s:%d".formatted(NODE_ID, HOST, controllerPort)),
        // After kill -9 the new broker waits until the old one's session has ended. Less than 2 s,
        // and a pause of the process fences a healthy broker.
        Map.entry("broker.session.timeout.ms", "2000"),
        Map.entry("broker.heartbeat.interval.ms", "500"),
        Map.entry("initial.broker.registration.timeout.ms", "30000"),
        // Twice a second by default, for followers that we do not have.
        Map.entry("metadata.max.idle.interval.ms", "5000"));
  }

  private Map<String, String> log() {
    return Map.ofEntries(
        Map.entry("log.dirs", data.toString()),
        Map.entry("auto.create.topics.enable", "false"),
        Map.entry("delete.topic.enable", "false"),
        Map.entry("log.retention.ms", "-1"),
        Map.entry(
            "log.flush.interval.messages",
            durability == Durability.FSYNC ? "1" : "9223372036854775807"),
        // After kill -9 the newest segment is read through once; its index is allocated ahead.
        Map.entry("log.segment.bytes", "268435456"),
        Map.entry("log.index.size.max.bytes", "1048576"));
  }

  private static Map<String, String> small() {
    return Map.ofEntries(
        Map.entry("num.network.threads", "1"),
        Map.entry("num.io.threads", "2"),
        Map.entry("background.threads", "2"),
        Map.entry("num.recovery.threads.per.data.dir", "1"),
        // The biggest saving of all: 128 MiB by default.
        Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
        Map.entry("log.cleaner.io.buffer.size", "65536"),
        Map.entry("auto.leader.rebalance.enable", "false"),
        Map.entry("offsets.topic.num.partitions", "1"),
        Map.entry("offsets.topic.replication.factor", "1"),
        Map.entry("transaction.state.log.num.partitions", "1"),
        Map.entry("transaction.state.log.replication.factor", "1"),
        Map.entry("transaction.state.log.min.isr", "1"),
        Map.entry("share.coordinator.state.topic.num.partitions", "1"),
        Map.entry("share.coordinator.state.topic.replication.factor", "1"),
        Map.entry("share.coordinator.state.topic.min.isr", "1"),
        Map.entry("group.initial.rebalance.delay.ms", "0"));
  }
}
