package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CommittedRatings;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.ledger.tree.TreeFolder;
import org.agentchat.ledger.tree.WrittenTree;
import org.agentchat.receipt.FileVerifier;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.rating.HistoryEntry;
import org.agentchat.schemas.rating.HistoryHeader;
import org.agentchat.schemas.rating.RatingCertificate;
import org.agentchat.tlog.LogProof;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.Prover;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TreeHash;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `agentchat verify` on the history of somebody who has done much: larger than any file that is
/// read into memory.
class LongHistoryTest {
  private static final int DEALS = 5_200;
  private static final Identity LEDGER = WrittenLog.agent(77);
  private static final AgentId SUBJECT = WrittenLog.agent(0).id();

  private static final List<Long> NAMED = new ArrayList<>();
  private static final List<String> LINES = new ArrayList<>();

  @TempDir private static Path folder;
  private static Path policy;
  private final List<String> lines = new ArrayList<>(LINES);

  @BeforeAll
  static void write() throws IOException {
    NoteSigner signer = new NoteSigner(WrittenLog.ORIGIN, LEDGER);
    policy =
        Files.writeString(folder.resolve("policy"), "log " + signer.logKey() + "\nquorum none\n");
    List<byte[]> entries = new ArrayList<>(WrittenLog.of(DEALS).events());
    CommittedRatings ratings = commit(entries);
    WrittenTree tree =
        new WrittenTree(new TreeFolder(folder.resolve("tree")), WrittenLog.ORIGIN, LEDGER);
    entries.forEach(tree::append);
    SignedNote checkpoint = tree.publish();
    Prover prover = new Prover(new TreeFolder(folder.resolve("tree")).subtrees(entries.size()));
    LINES.add(new HistoryHeader(certificate(ratings, prover, checkpoint)).encode());
    NAMED.forEach(index -> LINES.add(line(index, entries, prover)));
  }

  /// Folds the log, and appends a commitment to its ratings.
  private static CommittedRatings commit(List<byte[]> entries) {
    EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
    Ledger ledger = new Ledger();
    for (byte[] entry : entries) {
      Applied applied = ledger.apply(reader.readUnverified(ledger.size(), entry));
      if (applied.named().contains(SUBJECT)) {
        NAMED.add(applied.entry().index());
      }
    }
    long size = ledger.size();
    String root = ledger.ratingsRoot(size).orElseThrow();
    byte[] commitment =
        EventCodec.encode(
            Event.RatingsCommitted.sign(
                LEDGER, ledger.clock(), "ledger", WrittenLog.ORIGIN, size, root));
    entries.add(commitment);
    ledger.apply(reader.read(size, commitment));
    return ledger.committedRatings(LEDGER.key()).orElseThrow();
  }

  private static RatingCertificate certificate(
      CommittedRatings ratings, Prover prover, SignedNote checkpoint) {
    long size = ratings.index() + 1;
    return new RatingCertificate(
        SUBJECT.toString(),
        new String(ratings.leaf(SUBJECT).orElseThrow().bytes(), StandardCharsets.UTF_8),
        ratings.path(SUBJECT),
        new String(EventCodec.encode(ratings.event()), StandardCharsets.UTF_8),
        new LogProof(prover.inclusion(ratings.index(), size), checkpoint).encode());
  }

  private static String line(long index, List<byte[]> entries, Prover prover) {
    List<String> path =
        prover.inclusion(index, entries.size()).path().stream().map(TreeHash::base64).toList();
    String event = new String(entries.get((int) index), StandardCharsets.UTF_8);
    return new HistoryEntry(index, event, path).encode();
  }

  private Ran verify() throws IOException {
    Path file = Files.write(folder.resolve("history"), lines);
    assertThat(Files.size(file)).isGreaterThan(FileVerifier.MAX_BYTES);
    return Ran.command("verify", file, "--policy", policy, "--home", folder);
  }

  @Test
  void isVerifiedLineByLine() throws IOException {
    Ran ran = verify();

    assertThat(ran.exit()).as(ran.toString()).isZero();
    assertThat(ran.out())
        .contains("nothing that names it was left out: %d entries".formatted(NAMED.size()));
  }

  @Test
  void oneEntryThatIsMissingShows() throws IOException {
    lines.remove(lines.size() / 2);

    Ran ran = verify();

    assertThat(ran.exit()).isEqualTo(17);
    assertThat(ran.out()).startsWith("✗ ENTRY_MISSING (incomplete");
  }

  @Test
  void whatIsWrongFarBehindIsFound() throws IOException {
    int last = lines.size() - 1;
    lines.set(last, lines.get(last).replace("{\"index\":", "{\"index\":1"));

    assertThat(verify().out()).startsWith("✗ ENTRY_FOREIGN");

    lines.set(last, "{}");
    assertThat(verify().out()).startsWith("✗ MALFORMED (malformed): line " + (last + 1) + ": ");
  }
}
