package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.log.LogRecord;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.ConsistencyProof;
import org.agentchat.tlog.EntryBundle;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.Prover;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.Tile;
import org.agentchat.tlog.TilePath;
import org.agentchat.tlog.TiledSubtrees;
import org.agentchat.tlog.TreeHash;
import org.agentchat.tlog.TreeHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The published tree over HTTP, from a server that was stopped, robbed and lied to.
class TreeIT {
  @TempDir private Path folder;

  private static List<byte[]> ticks(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> EventCodec.encode(new Event.Tick(1_000L + i, "relay")))
        .toList();
  }

  /// A log of that many entries, the first of which names it.
  private static FakeLog log(int size) {
    FakeLog log = new FakeLog();
    log.append(List.of(EventCodec.encode(new Event.Genesis(1, "relay", "example.com/log"))));
    log.append(ticks(1, size));
    return log;
  }

  private static SignedNote checkpoint(TestServer server) throws Exception {
    HttpResponse<String> answer = server.get("/checkpoint");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    return SignedNote.parse(answer.body());
  }

  private static byte[] fetch(TestServer server, TilePath path) {
    try {
      HttpResponse<byte[]> answer =
          java.net.http.HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(server.uri("/" + path)).build(),
                  HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).as(path.toString()).isEqualTo(200);
      return answer.body();
    } catch (java.io.IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static TiledSubtrees subtrees(TestServer server, long size) {
    return new TiledSubtrees(size, path -> Tile.decode(fetch(server, path), path.width()));
  }

  private static TreeHead head(SignedNote note) {
    return Checkpoint.parse(note.text()).head();
  }

  @Test
  void strangerRebuildsEveryEntryFromTheTilesUnderASignedCheckpoint() throws Exception {
    FakeLog log = log(1_000);
    try (TestServer server = TestServer.published(folder, log)) {
      SignedNote note = checkpoint(server);
      Policy policy = Policy.parse(server.get("/policy").body().getBytes(StandardCharsets.UTF_8));
      assertThat(policy.judge(note, new Ed25519Verifier()))
          .isInstanceOf(Policy.Judgement.Met.class);

      TreeHead head = head(note);
      assertThat(head.size()).isEqualTo(1_000);
      assertThat(new Prover(subtrees(server, 1_000)).head(1_000)).isEqualTo(head);
      List<byte[]> entries = new ArrayList<>();
      for (int bundle = 0; bundle < 4; bundle++) {
        TilePath path = TilePath.in(1_000, TilePath.ENTRIES, bundle).orElseThrow();
        entries.addAll(EntryBundle.decode(fetch(server, path), path.width()));
      }
      assertThat(entries)
          .containsExactlyElementsOf(log.read(0, 1_000).stream().map(LogRecord::value).toList());
      assertThat(
              new Prover(subtrees(server, 1_000))
                  .inclusion(777, 1_000)
                  .proves(TreeHash.ofLeaf(entries.get(777)), head.root()))
          .isTrue();
    }
  }

  @Test
  void filesThatAKilledLedgerLeftHalfWrittenGoAndNoOthersDo() throws Exception {
    Path tree = folder.resolve("tree");
    List<Path> leftovers =
        Stream.of(
                ".checkpoint1234567890.tmp",
                ".pending-checkpoint5.tmp",
                ".log-key.json77.tmp",
                "tile/0/.00099.tmp",
                "tile/0/x001/.2341.tmp",
                "tile/entries/000.p/.9123.tmp")
            .map(tree::resolve)
            .toList();
    List<Path> others =
        Stream.of(
                ".checkpoint.tmp",
                "checkpoint123.tmp",
                ".notes12.tmp",
                ".00099.tmp.bak",
                "tile/0/.1234.tmpx",
                "tile/.x0011.tmp")
            .map(tree::resolve)
            .toList();
    for (Path file : Stream.concat(leftovers.stream(), others.stream()).toList()) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "half");
    }
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Path linked = Files.writeString(elsewhere.resolve(".checkpoint1.tmp"), "not ours");
    Files.createSymbolicLink(tree.resolve("link"), elsewhere);
    Path folderOfThatName = Files.createDirectories(tree.resolve(".checkpoint2.tmp"));

    try (TestServer _ = TestServer.published(folder, log(3))) {
      assertThat(leftovers).noneMatch(Files::exists);
      assertThat(others).allMatch(Files::exists);
      assertThat(linked).exists();
      assertThat(folderOfThatName).exists();
    }
  }

  @Test
  void treeGrowsAcrossRestartsAndEveryCheckpointIsConsistent() throws Exception {
    FakeLog log = log(3);
    List<TreeHead> heads = new ArrayList<>();
    int size = 3;
    for (int more : new int[] {1, 252, 1, 300, 7}) {
      try (TestServer server = TestServer.published(folder, log)) {
        heads.add(head(checkpoint(server)));
        log.append(ticks(size, size + more));
        size += more;
        server.awaitCheckpoint(size);
        heads.add(head(checkpoint(server)));
        Prover prover = new Prover(subtrees(server, size));
        for (TreeHead earlier : heads) {
          ConsistencyProof proof = prover.consistency(earlier.size(), size);
          assertThat(proof.proves(earlier.root(), heads.getLast().root())).isTrue();
        }
      }
    }
  }

  @Test
  void rolledBackLogIsNotSigned() throws Exception {
    FakeLog log = log(300);
    TestServer.published(folder, log).close();
    String out = Files.readString(folder.resolve("tree/checkpoint"));
    Files.delete(folder.resolve("ledger.db"));
    log.truncate(290);

    try (TestServer server = TestServer.start(settings(), log)) {
      await().atMost(TestServer.PATIENCE).until(() -> publisher(server).isRefused());
      assertThat(publisher(server).trouble().orElseThrow())
          .startsWith(
              "a checkpoint of 300 entries is out, but the log has only 290: the log was rolled"
                  + " back or replaced");
      assertThat(checkpoint(server).encode()).isEqualTo(out);
    }
    assertThat(folder.resolve("tree/checkpoint")).hasContent(out);
  }

  @Test
  void replacedLogIsNotSignedAlsoWhenItIsLonger() throws Exception {
    TestServer.published(folder, log(100)).close();
    Files.delete(folder.resolve("ledger.db"));
    FakeLog other = log(90);
    other.append(ticks(500, 700));

    try (TestServer server = TestServer.start(settings(), other)) {
      await().atMost(TestServer.PATIENCE).until(() -> publisher(server).isRefused());
      assertThat(publisher(server).trouble().orElseThrow())
          .startsWith("a checkpoint of 100 entries is out with the root ")
          .contains("the log was replaced; nothing will be signed");
      assertThat(head(checkpoint(server)).size()).isEqualTo(100);
      server.ledger().awaitSize(290, TestServer.PATIENCE);
      HttpResponse<String> health = server.get("/health");
      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body()).contains("\"status\":\"tree_not_signed\"");
    }
  }

  @Test
  void fullTileThatWasAlteredIsNotWrittenOver() throws Exception {
    TestServer.published(folder, log(300)).close();
    Path tile = folder.resolve("tree/tile/0/000");
    byte[] bytes = Files.readAllBytes(tile);
    bytes[5] ^= 1;
    Files.write(tile, bytes);

    try (TestServer server = TestServer.start(settings(), log(300))) {
      await().atMost(TestServer.PATIENCE).until(() -> publisher(server).isRefused());
      assertThat(publisher(server).trouble().orElseThrow())
          .contains("tile/0/000 is written already, with other content");
    }
    assertThat(tile).hasBinaryContent(bytes);
  }

  @Test
  void otherKeyDoesNotSignOn() throws Exception {
    TestServer.published(folder, log(10)).close();
    Files.delete(folder.resolve("tree/log-key.json"));

    try (TestServer server = TestServer.start(settings(), log(10))) {
      await().atMost(TestServer.PATIENCE).until(() -> publisher(server).isRefused());
      assertThat(publisher(server).trouble().orElseThrow())
          .startsWith("the checkpoint that is out is not signed by this ledger's key");
    }
  }

  @Test
  void partialTilesGoOnceTheFullOneIsOut() throws Exception {
    FakeLog log = log(200);
    try (TestServer server = TestServer.published(folder, log)) {
      assertThat(folder.resolve("tree/tile/0/000.p/200")).exists();
      log.append(ticks(200, 260));
      server.awaitCheckpoint(260);
      await()
          .atMost(TestServer.PATIENCE)
          .until(() -> !Files.exists(folder.resolve("tree/tile/0/000.p")));
      assertThat(folder.resolve("tree/tile/entries/000")).exists();
      assertThat(server.get("/tile/0/000.p/200").statusCode()).isEqualTo(404);
      // Proofs for the size of old are still made, from the full tile.
      assertThat(new Prover(publisher(server).folder().subtrees(200)).head(200).size())
          .isEqualTo(200);
    }
  }

  @Test
  void keyIsForItsOwnerOnly() throws Exception {
    TestServer.published(folder, log(1)).close();

    assertThat(Files.getPosixFilePermissions(folder.resolve("tree/log-key.json")))
        .hasToString("[OWNER_READ, OWNER_WRITE]");
  }

  @Test
  void ledgerWithoutATreeSaysSo() throws Exception {
    try (TestServer server = TestServer.ready(folder.resolve("ledger.db"), log(1))) {
      assertThat(server.get("/checkpoint").statusCode()).isEqualTo(404);
      assertThat(server.get("/checkpoint").body()).contains("this ledger publishes no tree");
    }
  }

  private LedgerSettings settings() {
    return LedgerSettings.of(folder.resolve("ledger.db").toString())
        .withTree(TreeSettings.in(folder.resolve("tree")));
  }

  private static Publisher publisher(TestServer server) {
    return server.ledger().publisher().orElseThrow();
  }
}
