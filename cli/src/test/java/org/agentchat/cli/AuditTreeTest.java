package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.UnaryOperator;
import org.agentchat.ledger.tree.TreeFolder;
import org.agentchat.ledger.tree.WrittenTree;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.tlog.EntryBundle;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.TilePath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `agentchat audit` and `fsck` on published trees, honest ones and others.
class AuditTreeTest {
  private static final int ENTRIES = 600;

  @TempDir private Path folder;
  private Path tree;
  private Path policy;
  private Path home;

  @BeforeEach
  void publish() throws IOException {
    tree = folder.resolve("tree");
    home = folder.resolve("home");
    new SyntheticLog(8).write(tree, ENTRIES);
    NoteSigner signer = new NoteSigner(SyntheticLog.ORIGIN, SyntheticLog.agent(0));
    policy =
        Files.writeString(folder.resolve("policy"), "log " + signer.logKey() + "\nquorum none\n");
  }

  private static TilePath bundle(long index) {
    return TilePath.in(ENTRIES, TilePath.ENTRIES, index).orElseThrow();
  }

  /// Alters the text of one entry, keeping its bundle readable.
  private void alter(int index, UnaryOperator<String> change) throws IOException {
    TilePath path = bundle(index / TilePath.FULL);
    Path file = tree.resolve(path.toString());
    List<byte[]> entries = EntryBundle.decode(Files.readAllBytes(file), path.width());
    String text = new String(entries.get(index % TilePath.FULL), StandardCharsets.UTF_8);
    entries.set(index % TilePath.FULL, change.apply(text).getBytes(StandardCharsets.UTF_8));
    Files.write(file, EntryBundle.encode(entries));
  }

  @Test
  void honestTreeHolds() {
    Ran ran = Ran.command("audit", tree, "--policy", policy, "--home", home);

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
    assertThat(ran.out())
        .contains(
            "checkpoint signed by " + SyntheticLog.ORIGIN,
            "Entries: 600 (599 statements with a valid signature, 0 refused by the rules)",
            "Verdict: everything holds.");
  }

  @Test
  void trustedCheckpointGivesTheSameState() {
    Ran verified = Ran.command("audit", tree, "--policy", policy, "--home", home);
    Ran trusted =
        Ran.command("audit", tree, "--policy", policy, "--home", home, "--trust-checkpoint");

    assertThat(trusted.exit()).as(trusted.toString()).isEqualTo(Exit.OK);
    assertThat(trusted.out().lines().filter(line -> line.contains("State hash")).toList())
        .isEqualTo(verified.out().lines().filter(line -> line.contains("State hash")).toList());
  }

  @Test
  void alteredEntryIsFoundAtItsIndex() throws IOException {
    alter(300, text -> text.replace("review pull request", "delete pull request"));

    Ran ran = Ran.command("audit", tree, "--policy", policy, "--home", home);

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.DIFFERENCE);
    assertThat(ran.out()).contains("✗ entry 300: FORGED", "the checkpoint says");
  }

  @Test
  void alteredEntryIsFoundAlsoWhereSignaturesAreTrusted() throws IOException {
    alter(300, text -> text.replace("review pull request", "delete pull request"));

    Ran ran = Ran.command("audit", tree, "--policy", policy, "--home", home, "--trust-checkpoint");

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.DIFFERENCE);
    assertThat(ran.out()).contains("ROOT_DIFFERS");
  }

  @Test
  void missingBundleIsNamed() throws IOException {
    Files.delete(tree.resolve(bundle(1).toString()));

    Ran ran = Ran.command("audit", tree, "--home", home);

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.DIFFERENCE);
    assertThat(ran.out())
        .contains(
            "entry 256: ENTRIES_MISSING, tile/entries/001 is not there, though the checkpoint"
                + " covers it");
  }

  @Test
  void checkpointOfAnotherKeyIsNotTrusted() throws IOException {
    NoteSigner stranger = new NoteSigner(SyntheticLog.ORIGIN, SyntheticLog.agent(5));
    Files.writeString(policy, "log " + stranger.logKey() + "\nquorum none\n");

    Ran ran = Ran.command("audit", tree, "--policy", policy, "--home", home);

    assertThat(ran.exit()).isEqualTo(Exit.DIFFERENCE);
    assertThat(ran.err()).contains("the policy does not know the log bench.invalid/audit");
  }

  /// The same log, which somebody has signed at another size.
  private Path publish(String name, int agents, int entries) throws IOException {
    Path other = folder.resolve(name);
    new SyntheticLog(agents).write(other, entries);
    return other;
  }

  @Test
  void logThatGrewIsStillTheLogThatIsRemembered() throws IOException {
    Path larger = publish("larger", 8, 2 * ENTRIES);
    Ran.command("audit", tree, "--policy", policy, "--home", home);

    Ran ran = Ran.command("audit", larger, "--policy", policy, "--home", home);

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
  }

  @Test
  void logThatWasRolledBackIsCaught() throws IOException {
    Path smaller = publish("smaller", 8, ENTRIES / 2);
    Ran.command("audit", tree, "--policy", policy, "--home", home);

    Ran ran = Ran.command("audit", smaller, "--policy", policy, "--home", home);

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.DIFFERENCE);
    assertThat(ran.out())
        .contains("FORKED, the log has 300 entries", "it had 600: it was rolled back");
    assertThat(home.resolve("checkpoints")).isDirectoryNotContaining("glob:**fork-*");
  }

  @Test
  void logThatForkedIsCaughtAndTheEvidenceKept() throws IOException {
    Path forked = publish("forked", 9, 2 * ENTRIES);
    Ran.command("audit", tree, "--policy", policy, "--home", home);

    Ran ran = Ran.command("audit", forked, "--policy", policy, "--home", home);

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.DIFFERENCE);
    assertThat(ran.out()).contains("FORKED, the first 600 entries have the root ");
    Path evidence =
        Path.of(ran.err().replaceFirst("(?s).*Both checkpoints are in (\\S+): .*", "$1"));
    assertThat(Files.readString(evidence))
        .contains(
            "agentchat-fork/1",
            Files.readString(tree.resolve("checkpoint")).lines().skip(2).findFirst().orElseThrow());
  }

  /// A bookmark that speaks of other bytes than the tree's.
  private void bookmark() throws IOException {
    HomeFolder folder = new HomeFolder();
    CommandLine.populateCommand(folder, "--home", home.toString());
    new AuditBookmarks(folder, ProgramDigest.hex())
        .keep(
            new VerifiedPrefix(
                VerifiedPrefix.FORMAT,
                ProgramDigest.hex(),
                SyntheticLog.ORIGIN,
                ENTRIES - 1,
                "0f".repeat(32),
                List.of()));
  }

  @Test
  void bookmarkOfOtherBytesIsNoticed() throws IOException {
    bookmark();

    Ran ran = Ran.command("audit", tree, "--policy", policy, "--home", home);

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
    assertThat(ran.err())
        .contains(
            "Going on at entry 599: ",
            "The first 599 entries are not those that were verified before");
    assertThat(ran.out()).contains("(599 statements with a valid signature, 0 refused");
  }

  @Test
  void bookmarkIsLookedAtOnlyByAuditsThatMayResume() throws IOException {
    for (String alone : List.of("--fresh", "--no-remember", "--trust-checkpoint")) {
      bookmark();

      Ran ran = Ran.command("audit", tree, "--policy", policy, "--home", home, alone, "--json");

      assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
      assertThat(ran.out()).contains("\"resumed_at\":0,\"contradicted_at\":0,");
      assertThat(ran.err()).isEmpty();
    }
  }

  @Test
  void trustNeedsAPolicy() {
    Ran ran = Ran.command("audit", tree, "--trust-checkpoint");

    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).contains("--trust-checkpoint needs --policy: whom to trust");
  }

  @Test
  void soundTreePassesFsck() {
    Ran ran = Ran.command("fsck", tree);

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
    assertThat(ran.out())
        .contains("600 entries, root ", "every tile and the checkpoint are what the entries give");
  }

  @Test
  void fsckNamesEveryFileThatDiffers() throws IOException {
    Path tile = tree.resolve(new TilePath(0, 1, TilePath.FULL).toString());
    byte[] bytes = Files.readAllBytes(tile);
    bytes[40] ^= 1;
    Files.write(tile, bytes);
    Files.delete(tree.resolve(new TilePath(1, 0, 2).toString()));

    Ran ran = Ran.command("fsck", tree);

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.DIFFERENCE);
    assertThat(ran.out())
        .contains(
            "✗ from entry 256: tile/0/001 is not what the entries give",
            "✗ from entry 0: tile/1/000.p/2 is missing",
            "Verdict: 2 file(s) differ.");
  }

  @Test
  void fsckNoticesACheckpointThatIsNotOfTheseEntries() throws IOException {
    Path other = folder.resolve("other");
    Identity keys = SyntheticLog.agent(0);
    WrittenTree written = new WrittenTree(new TreeFolder(other), SyntheticLog.ORIGIN, keys);
    for (int i = 0; i < ENTRIES; i++) {
      written.append(new byte[] {(byte) i});
    }
    written.publish();
    Files.copy(
        other.resolve("checkpoint"),
        tree.resolve("checkpoint"),
        StandardCopyOption.REPLACE_EXISTING);

    Ran ran = Ran.command("fsck", tree);

    assertThat(ran.exit()).isEqualTo(Exit.DIFFERENCE);
    assertThat(ran.out()).contains("the checkpoint says 600 entries with the root ");
  }

  @Test
  void missingFolderIsNamed() {
    Ran ran = Ran.command("fsck", folder.resolve("nowhere"));

    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(ran.err()).contains("There is no folder ");
  }

  @Test
  void checkpointThatNobodyVouchesForProvesNothing() {
    Ran ran = Ran.command("audit", tree, "--home", home);

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
    assertThat(ran.out())
        .contains("whose checkpoint nobody vouched for (--policy)", "the log is sound in itself");
  }

  @Test
  void whatWasReadBeforeTheDamageIsAudited() throws IOException {
    alter(100, text -> text.replace("review pull request", "delete pull request"));
    Files.delete(tree.resolve(bundle(2).toString()));

    Ran ran = Ran.command("audit", tree, "--policy", policy, "--home", home);

    assertThat(ran.out())
        .contains("entry 100: FORGED", "entry 512: ENTRIES_MISSING, tile/entries/002");
  }

  @Test
  void badInputIsSaidInOneSentence() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken"), "log nonsense\nquorum none\n");
    Ran ran = Ran.command("audit", tree, "--policy", broken, "--home", home);
    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(ran.err()).contains("The policy ", "line 1: a key is <name>+<hex id>+<base64>");

    ran = Ran.command("audit", "--tiles", "localhost:6680", "--home", home);
    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(ran.err()).contains("A log's address looks like http://localhost:6680");

    Files.writeString(tree.resolve("checkpoint"), "<html>");
    ran = Ran.command("fsck", tree);
    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.FAILED);
    assertThat(ran.err()).contains("checkpoint is damaged");
  }

  @Test
  void fsckTakesAFullTileForThePartialOneThatItBeganWith() throws IOException {
    new SyntheticLog(8).write(folder.resolve("grown"), ENTRIES + TilePath.FULL);
    Path grown = folder.resolve("grown");
    Files.copy(
        tree.resolve("checkpoint"),
        grown.resolve("checkpoint"),
        StandardCopyOption.REPLACE_EXISTING);

    Ran ran = Ran.command("fsck", grown);

    // 600 entries leave a partial tile of 88; the larger tree has the full one instead.
    assertThat(ran.out()).doesNotContain("tile/0/002", "tile/entries/002");
  }
}
