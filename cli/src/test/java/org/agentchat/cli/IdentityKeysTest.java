package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.agentchat.cli.Commands.Ran;
import org.agentchat.client.IdentityFile;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys that follow each other and end, as far as files go.
final class IdentityKeysTest {
  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void makeIdentity() {
    file = folder.resolve("alice.json");
    assertThat(run("-g", "-n", "alice").exit()).isZero();
  }

  @Test
  void rotationKeepsTheRecordAndTheChainHolds() {
    String old = PublicIdentity.read(file, "-f").id().name();
    Ran rotated = run("--rotate");
    PublicIdentity now = PublicIdentity.read(file, "-f");
    String id = now.id().name();

    assertThat(rotated.exit()).isZero();
    assertThat(rotated.out())
        .isEqualTo(
            """
            Rotating identity...
              Old Agent ID: %s
              Old Fingerprint: %1$s

            Rotation complete:
              New Agent ID: %s
              New Fingerprint: %2$s
              Total rotations: 1

            The new key has been signed by the old key for chain of custody.
            Share the rotation record to prove key continuity.
            """
                .formatted(old, id));
    assertThat(rotated.err()).contains("No relay was told").hasLineCount(1);
    assertThat(file.resolveSibling("alice.json.next")).doesNotExist();
    assertThat(run("--verify-chain").out())
        .isEqualTo(
            """
            Verifying rotation chain (1 rotation(s))...
            Chain verified successfully!
              Original Agent ID: %s
              Current Agent ID: %s
              Rotations: 1
            """
                .formatted(old, id));
    assertThat(run().out()).contains("  Rotations: 1\n  Original Agent ID: " + old + "\n");
    assertThat(Json.parse(run("--export").out()).path("rotations").size()).isEqualTo(1);
  }

  @Test
  void keyThatTheLogTakesIsKeptWhenNoRelayWasTold() {
    PublicIdentity first = PublicIdentity.read(file, "-f");
    Path kept = folder.resolve("alice.json.untold");
    Ran rotated = run("--rotate");

    assertThat(rotated.err())
        .contains(kept.toString(), "identity --rotate --server URL -f " + file);
    assertThat(new IdentityFile(kept).load().key()).isEqualTo(first.key());
    assertThat(run("--rotate").exit()).isZero();
    assertThat(new IdentityFile(kept).load().key())
        .as("the first of several: the log knows nothing of those between")
        .isEqualTo(first.key());
  }

  @Test
  void wrongAddressIsAUsageErrorBeforeAnythingIsWritten() {
    String before = PublicIdentity.read(file, "-f").id().name();
    for (String url : List.of("ws://my_relay:6667", "http://localhost", "ws://local host")) {
      for (String action : List.of("--rotate", "--revoke=stolen")) {
        Ran ran = run(action, "--server", url);
        assertThat(ran.exit()).as(url).isEqualTo(Exit.USAGE);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(url).doesNotContain("fault of AgentChat", "WARNING");
      }
    }
    assertThat(PublicIdentity.read(file, "-f").id().name()).isEqualTo(before);
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void complaintNamesTheOptionThatThereIs() {
    Ran ran = Commands.run("identity", "--show", "-f", folder.resolve("none.json").toString());
    assertThat(ran.err()).contains("No identity at", "name another file with -f");
  }

  @Test
  void identityThatWasNeverRotatedHasNoChain() {
    assertThat(run("--verify-chain").out())
        .isEqualTo(
            "No rotations to verify (original identity).\n  Agent ID: %s\n"
                .formatted(PublicIdentity.read(file, "-f").id().name()));
  }

  @Test
  void alteredRecordIsFound() throws IOException {
    run("--rotate");
    Files.writeString(
        file, Files.readString(file).replaceFirst("\"timestamp\" ?: ?\"20", "\"timestamp\":\"19"));
    Ran ran = run("--verify-chain");

    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(ran.err())
        .isEqualTo("Chain verification FAILED:\n  - Rotation 1: the signature is not valid\n");
  }

  @Test
  void rotationThatWasBegunIsFinished() {
    Identity old = new IdentityFile(file).load();
    Identity next = old.successor(new SecureRandom(), Instant.now());
    new IdentityFile(folder.resolve("alice.json.next")).create(next);
    Ran ran = run("--rotate");

    assertThat(ran.err()).contains("Going on with the rotation that was begun");
    assertThat(PublicIdentity.read(file, "-f").key()).isEqualTo(next.key());
    assertThat(folder.resolve("alice.json.next")).doesNotExist();
  }

  @Test
  void whatWasLeftOverByAFinishedRotationIsTidiedUp() {
    new IdentityFile(folder.resolve("alice.json.next")).create(new IdentityFile(file).load());
    Ran ran = run("--rotate");

    assertThat(ran.exit()).isZero();
    assertThat(PublicIdentity.read(file, "-f").rotations()).hasSize(1);
    assertThat(run("--verify-chain").exit()).isZero();
  }

  @Test
  void keyOfSomebodyElseIsNotTaken() {
    Identity other = Identity.generate("bob", new SecureRandom(), Instant.now());
    new IdentityFile(folder.resolve("alice.json.next")).create(other);
    Ran ran = run("--rotate");

    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(ran.err()).contains("holds another key");
    assertThat(PublicIdentity.read(file, "-f").rotations()).isEmpty();
  }

  @Test
  void revocationNoticeIsPrintedAndHolds() throws IOException {
    String original = PublicIdentity.read(file, "-f").id().name();
    run("--rotate");
    String id = PublicIdentity.read(file, "-f").id().name();
    Ran ran = run("--revoke", "key leaked");

    assertThat(ran.exit()).isZero();
    assertThat(ran.err())
        .isEqualTo(
            """
            Generating revocation notice for identity...
              Agent ID: %s
              Reason: key leaked

            WARNING: Publishing this notice declares your key as untrusted.

            """
                .formatted(id));
    assertThat(ran.out()).startsWith("{\n  \"type\": \"REVOCATION\",\n");
    Path notice = Files.writeString(folder.resolve("notice.json"), ran.out());
    assertThat(run("--verify-revocation", notice.toString()).out())
        .isEqualTo(
            """
            Verifying revocation notice...
            Revocation notice is VALID
              Agent ID: %s
              Fingerprint: %1$s
              Reason: key leaked
              Timestamp: %s
              Original Agent ID: %s
            """
                .formatted(id, Json.parse(ran.out()).path("timestamp").stringValue(), original));

    Files.writeString(notice, ran.out().replace("key leaked", "key lost"));
    Ran bad = run("--verify-revocation", notice.toString());
    assertThat(bad.exit()).isEqualTo(Exit.FAILED);
    assertThat(bad.out()).isEqualTo("Verifying revocation notice...\n");
    assertThat(bad.err()).startsWith("Revocation notice is INVALID\n");
  }

  @Test
  void reasonOfARevocationMayBeLeftOut() {
    assertThat(Json.parse(run("--revoke", "--json").out()).path("reason").stringValue())
        .isEqualTo("revoked");
  }

  private Ran run(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "identity";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 2] = "-f";
    all[all.length - 1] = file.toString();
    return Commands.run(all);
  }
}
