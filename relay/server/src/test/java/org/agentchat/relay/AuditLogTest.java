package org.agentchat.relay;

import static org.agentchat.relay.TestRelay.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentchat.relay.AccessRules.AuditFile;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The audit log (protocol.md section 18).
final class AuditLogTest {
  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);
  private final RelayMetrics metrics = new RelayMetrics();

  @TempDir private Path home;

  private Path file() {
    return home.resolve("audit.jsonl");
  }

  private AuditLog open(long maxBytes) throws Exception {
    AuditLog log =
        new AuditLog(Optional.of(new AuditFile(file(), maxBytes)), () -> 1_000L, metrics);
    log.start();
    return log;
  }

  @Test
  void whatAgentsDoIsWrittenDownWithoutWhatTheySay() throws Exception {
    try (TestRelay relay = new TestRelay(AccessRules.defaults().with(AuditFile.at(file())))) {
      Peer peer = relay.agent(alice);
      Peer other = relay.agent(bob);
      peer.send("{\"type\":\"JOIN\",\"channel\":\"#general\"}");
      peer.expect("JOINED");
      peer.send("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"confidential\"}");
      peer.expect(f -> f.path("content").asString("").equals("confidential"), "own message");
      peer.send(
          "{\"type\":\"MSG\",\"to\":\"%s\",\"content\":\"confidential\"}".formatted(bob.id()));
      other.expect(f -> f.path("content").asString("").equals("confidential"), "message");
      peer.send("{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#mine\"}");
      peer.expect("JOINED");
      String secret = "AKIA" + "ABCDEFGHIJKLMNOP";
      peer.send(
          "{\"type\":\"MSG\",\"to\":\"#mine\",\"content\":\"confidential %s\"}".formatted(secret));
      peer.expect(f -> f.path("content").asString("").contains("REDACTED"), "redacted message");
      peer.send("{\"type\":\"LEAVE\",\"channel\":\"#general\"}");
      peer.expect("LEFT");
      peer.close();
      await()
          .atMost(Peer.PATIENCE)
          .until(() -> Files.readString(file()).contains("\"disconnect\""));
    }
    String text = Files.readString(file());
    assertThat(text).doesNotContain("confidential", "AKIA");
    List<JsonNode> lines = text.lines().map(Json::parse).toList();
    assertThat(lines.stream().map(line -> line.get("event").stringValue()))
        .contains(
            "server_start",
            "connection",
            "identify",
            "join",
            "channel_msg",
            "dm_send",
            "create_channel",
            "secrets_redacted",
            "leave",
            "disconnect",
            "server_stop");
    JsonNode said =
        lines.stream()
            .filter(line -> line.get("event").stringValue().equals("channel_msg"))
            .findFirst()
            .orElseThrow();
    assertThat(said.propertyNames())
        .containsExactly(
            "ts", "level", "event", "agent", "name", "ip", "channel", "msg_id", "content_length");
    assertThat(said.get("content_length").intValue()).isEqualTo("confidential".length());
  }

  @Test
  void sizeOfAllFilesIsBounded() throws Exception {
    try (AuditLog log = open(4_096)) {
      for (int i = 0; i < 2_000; i++) {
        log.record(AuditEvent.refusedAddress("198.51.100." + i));
        if (i % 50 == 0) {
          int written = i;
          await().atMost(Peer.PATIENCE).until(() -> all().contains("198.51.100." + written));
        }
      }
    }
    assertThat(all().lines().map(Json::parse).map(line -> line.get("ip").stringValue()))
        .contains("198.51.100.1999")
        .doesNotContain("198.51.100.1");
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .isSubsetOf(
              "audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.3", "audit.jsonl.4");
    }
  }

  private String all() throws Exception {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(home)) {
      for (Path path : files.toList()) {
        text.append(Files.readString(path));
      }
    } catch (NoSuchFileException _) {
      // The writer renames files meanwhile.
      return "";
    }
    return text.toString();
  }

  /// A device that is always full takes the place of a full disk.
  @Test
  void fullDiskIsCountedAndStopsNobody() throws Exception {
    Files.createSymbolicLink(file(), Path.of("/dev/full"));
    try (AuditLog log = open(4_096)) {
      log.record(AuditEvent.refusedAddress("198.51.100.1"));
      await().atMost(Peer.PATIENCE).until(() -> lost() == 1);
      log.record(AuditEvent.refusedAddress("198.51.100.2"));
      await().atMost(Peer.PATIENCE).until(() -> lost() == 2);
      Files.delete(file());
      log.record(AuditEvent.refusedAddress("198.51.100.3"));
      await()
          .atMost(Peer.PATIENCE)
          .until(() -> Files.exists(file()) && Files.readString(file()).contains("100.3"));
    }
    assertThat(lost()).isEqualTo(2);
  }

  private double lost() {
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith("agentchat_relay_audit_lost_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElse(0);
  }

  @Test
  void lineThatACrashCutOffDoesNotSwallowTheNext() throws Exception {
    Files.writeString(file(), "{\"ts\":\"cut o");
    try (AuditLog log = open(4_096)) {
      log.record(AuditEvent.refusedAddress("198.51.100.1"));
    }
    List<String> lines = Files.readAllLines(file());
    assertThat(lines).hasSize(2);
    assertThat(Json.parse(lines.get(1)).get("ip").stringValue()).isEqualTo("198.51.100.1");
  }

  @Test
  void whatIsWrittenStaysWhenTheRelayStartsAgain() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (AuditLog log = open(4_096)) {
        log.record(AuditEvent.serverStart("r"));
      }
    }
    assertThat(Files.readAllLines(file())).hasSize(2);
  }
}
