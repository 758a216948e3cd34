package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.agentchat.ledger.tree.TreeFolder;
import org.agentchat.ledger.tree.WrittenTree;
import org.agentchat.tlog.EntryBundle;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.TilePath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An audit in a process of its own that is killed in the middle, over a web server that is slow
/// enough for that on any machine.
class ResumedAuditIT {
  private static final int ENTRIES = 40 * TilePath.FULL;
  private static final long BUNDLE_MILLIS = 150;

  @TempDir private Path folder;
  private Path tree;
  private Path policy;
  private Path home;
  private HttpServer server;
  private volatile long bundleMillis = BUNDLE_MILLIS;

  @BeforeEach
  void publish() throws IOException {
    tree = folder.resolve("tree");
    home = folder.resolve("home");
    new SyntheticLog(60).write(tree, ENTRIES);
    NoteSigner signer = new NoteSigner(SyntheticLog.ORIGIN, SyntheticLog.agent(0));
    policy =
        Files.writeString(folder.resolve("policy"), "log " + signer.logKey() + "\nquorum none\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith("/tile/entries/")) {
        Thread.sleep(bundleMillis);
      }
      Path file = tree.resolve(path.substring(1));
      byte[] content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      exchange.sendResponseHeaders(Files.exists(file) ? 200 : 404, content.length);
      exchange.getResponseBody().write(content);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> arguments() {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return List.of(
        "audit", "--tiles", url, "--policy", policy.toString(), "--home", home.toString());
  }

  private Ran audit() {
    bundleMillis = 0;
    return Ran.command(arguments().toArray());
  }

  /// Kills an audit once it has left a bookmark, and says how many entries that is for.
  private long killInTheMiddle() throws IOException {
    try (ServeProcess audit = ServeProcess.child(AgentChat.class, arguments())) {
      await().atMost(ServeProcess.PATIENCE).until(() -> bookmark().isPresent());
      audit.kill();
    }
    String bookmark = Files.readString(bookmark().orElseThrow());
    return Long.parseLong(bookmark.replaceFirst("(?s).*\"size\":([0-9]+).*", "$1"));
  }

  private Optional<Path> bookmark() throws IOException {
    Path audits = home.resolve("audits");
    if (!Files.exists(audits)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(audits)) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).findFirst();
    }
  }

  @Test
  void killedAuditGoesOnWhereItWas() throws IOException {
    long stopped = killInTheMiddle();
    assertThat(stopped).isBetween(1L, ENTRIES - 1L);

    Ran resumed = audit();

    assertThat(resumed.exit()).as(resumed.toString()).isEqualTo(Exit.OK);
    assertThat(resumed.err()).contains("Going on at entry " + stopped + ": ");
    assertThat(resumed.out())
        .contains(
            "Entries: %d (%d statements with a valid signature, 0 refused by the rules)"
                .formatted(ENTRIES, ENTRIES - 1),
            "Resumed at entry " + stopped + ": ",
            "Verdict: everything holds.");
    assertThat(bookmark()).as("it has come to its end").isEmpty();
    Ran whole = audit();
    assertThat(whole.out()).doesNotContain("Resumed");
    assertThat(whole.out().lines().filter(line -> line.contains(" hash: ")).toList())
        .hasSize(2)
        .isEqualTo(resumed.out().lines().filter(line -> line.contains(" hash: ")).toList());
  }

  /// The log's owner signs another log in the meantime, in which one statement is not its signer's.
  @Test
  void killedAuditIsNotTakenForOneOfAnotherLog() throws IOException {
    long stopped = killInTheMiddle();
    forge(5);

    Ran ran = audit();

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.DIFFERENCE);
    assertThat(ran.err())
        .contains("The first " + stopped + " entries are not those that were verified before");
    assertThat(ran.out())
        .contains(
            "The first " + stopped + " entries are not those of the audit that was interrupted",
            "✗ entry 5: FORGED");
  }

  /// Signs the tree once more, with an entry whose text is not what was signed.
  private void forge(int index) throws IOException {
    Path other = folder.resolve("other");
    WrittenTree written =
        new WrittenTree(new TreeFolder(other), SyntheticLog.ORIGIN, SyntheticLog.agent(0));
    for (long bundle = 0; bundle < ENTRIES / TilePath.FULL; bundle++) {
      TilePath path = TilePath.in(ENTRIES, TilePath.ENTRIES, bundle).orElseThrow();
      byte[] content = Files.readAllBytes(tree.resolve(path.toString()));
      for (byte[] entry : EntryBundle.decode(content, path.width())) {
        written.append(written.size() == index ? forged(entry) : entry);
      }
    }
    written.publish();
    tree = other;
  }

  private static byte[] forged(byte[] entry) {
    return new String(entry, StandardCharsets.UTF_8)
        .replace("review pull request", "delete pull request")
        .getBytes(StandardCharsets.UTF_8);
  }
}
