package org.agentchat.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.junit.jupiter.api.Test;

/// Notes, checkpoints, cosignatures and proofs: our own, and those that others published.
class NoteTest {
  /// From the documentation of golang.org/x/mod/sumdb/note.
  private static final String GO_KEY =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

  private static final String GO_NOTE =
      """
      If you think cryptography is the answer to your problem,
      then you don't know what your problem is.

      \u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
      """;

  private final Ed25519Verifier verifier = new Ed25519Verifier();
  private final NoteSigner log = signer("example.com/log", 1);
  private final NoteSigner witness = signer("witness.example", 2);
  private final List<TreeHash> leaves = Trees.leaves(21);
  private final Prover prover = new Prover(Trees.subtrees(leaves));
  private final String text = new Checkpoint("example.com/log", prover.head(21)).text();

  private static NoteSigner signer(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return new NoteSigner(name, Identity.ofSeed(name, bytes, Instant.EPOCH));
  }

  private SignedNote signed() {
    return new SignedNote(text, List.of(log.sign(text)));
  }

  @Test
  void noteOfAnotherProjectIsRead() {
    VerifierKey key = VerifierKey.parse(GO_KEY);
    SignedNote note = SignedNote.parse(GO_NOTE);

    assertThat(note.check(key, verifier)).isEqualTo(SignedNote.Check.VALID);
    assertThat(note.encode()).isEqualTo(GO_NOTE);
    assertThat(key).hasToString(GO_KEY);
    SignedNote altered = SignedNote.parse(GO_NOTE.replace("answer", "ANSWER"));
    assertThat(altered.check(key, verifier)).isEqualTo(SignedNote.Check.INVALID);
  }

  @Test
  void checkpointIsThatOfTheSpecificationsExample() {
    String example =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    Checkpoint checkpoint = Checkpoint.parse(example);

    assertThat(checkpoint.origin()).isEqualTo("example.com/behind-the-sofa");
    assertThat(checkpoint.head().size()).isEqualTo(20_852_163);
    assertThat(checkpoint.text()).isEqualTo(example);
  }

  @Test
  void malformedCheckpointIsRefused() {
    String root = TreeHash.EMPTY.base64();
    for (String wrong :
        List.of(
            "",
            "a\n1\n" + root,
            "a\n01\n" + root + "\n",
            "a\n-1\n" + root + "\n",
            "a\n9223372036854775808\n" + root + "\n",
            "\n1\n" + root + "\n",
            "a\n1\n" + root.replace("=", "") + "\n",
            "a\n1\n" + root + "\n\n",
            "a\n1\n")) {
      assertThatThrownBy(() -> Checkpoint.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void malformedNoteIsRefused() {
    String good = signed().encode();
    for (String wrong :
        List.of(
            "",
            "text\n",
            "text\n\n",
            good.strip(),
            good.replace("\u2014 ", "- "),
            good.replace("\n\n", "\n"),
            good + "\n",
            good.replace("example.com/log\n21", "example.com/log\r\n21"),
            good.replace("\u2014 example.com/log ", "\u2014 "),
            text + "\n" + log.sign(text).line().repeat(SignedNote.MAX_SIGNATURES + 1))) {
      assertThatThrownBy(() -> SignedNote.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void signatureUnderAKnownNameAndAnUnknownIdIsIgnored() {
    NoteSigner impostor = signer("example.com/log", 9);
    SignedNote note = new SignedNote(text, List.of(impostor.sign(text), log.sign(text)));

    assertThat(note.check(log.logKey(), verifier)).isEqualTo(SignedNote.Check.VALID);
    assertThat(signed().check(impostor.logKey(), verifier)).isEqualTo(SignedNote.Check.ABSENT);
  }

  @Test
  void cosignatureBindsTextAndTimeAndIsNoLogSignature() {
    NoteSignature cosigned = witness.cosign(text, 1_679_315_147);
    SignedNote note = signed().with(List.of(cosigned));

    assertThat(SignedNote.parse(note.encode())).isEqualTo(note);
    assertThat(note.check(witness.witnessKey(), verifier)).isEqualTo(SignedNote.Check.VALID);
    assertThat(note.check(witness.logKey(), verifier)).isEqualTo(SignedNote.Check.ABSENT);
    byte[] later = cosigned.signature();
    later[7]++;
    NoteSignature moved = new NoteSignature(cosigned.name(), cosigned.keyId(), later);
    assertThat(signed().with(List.of(moved)).check(witness.witnessKey(), verifier))
        .isEqualTo(SignedNote.Check.INVALID);
  }

  @Test
  void publishedCosignatureIsRead() {
    // The example of C2SP tlog-cosignature; its signer's key is not published.
    String line =
        "\u2014 witness.example.com/w1"
            + " jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==";
    NoteSignature signature = NoteSignature.parse(line);

    assertThat(Cosignature.decode(signature.signature()).map(Cosignature::seconds))
        .contains(1_679_315_147L);
    assertThat(signature.line()).isEqualTo(line + "\n");
  }

  @Test
  void keyWhoseIdIsAnothersIsRefused() {
    String vkey = log.logKey().toString();
    assertThat(VerifierKey.parse(vkey)).isEqualTo(log.logKey());
    for (String wrong :
        List.of(
            "",
            "name",
            vkey.replace("example", "example2"),
            vkey.replace("+", "++"),
            GO_KEY.replace("c74f20a3", "C74F20A3"),
            GO_KEY.replace("ARpc", "BhpC"),
            vkey + "AAAA")) {
      assertThatThrownBy(() -> VerifierKey.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void proofProvesItsEntryAndNoOther() {
    byte[] entry = "leaf 7".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    LogProof proof = new LogProof(prover.inclusion(7, 21), signed());

    assertThat(proof.proves(entry)).isTrue();
    assertThat(LogProof.parse(proof.encode())).isEqualTo(proof);
    assertThat(proof.proves("leaf 8".getBytes(java.nio.charset.StandardCharsets.UTF_8))).isFalse();
    LogProof noted = new LogProof(Optional.of("AAEC"), proof.inclusion(), proof.checkpoint());
    assertThat(LogProof.parse(noted.encode())).isEqualTo(noted);
    assertThat(proof.encode()).startsWith("c2sp.org/tlog-proof@v1\nindex 7\n");
  }

  @Test
  void malformedProofIsRefused() {
    String good = new LogProof(prover.inclusion(7, 21), signed()).encode();
    for (String wrong :
        List.of(
            "",
            "c2sp.org/tlog-proof@v1",
            "\n\n",
            good.replace("@v1", "@v2"),
            good.replace("index 7", "index 07"),
            good.replace("index 7", "index 21"),
            good.replace("index 7", "index"),
            good.replace("index 7\n", "extra AA\n"),
            good.replace("index 7\n", ""),
            good.replace("index 7\n", "extra ?\nindex 7\n"),
            good.replaceFirst("=\n", "\n"),
            good.substring(0, good.indexOf("\n\n") + 2))) {
      assertThatThrownBy(() -> LogProof.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
