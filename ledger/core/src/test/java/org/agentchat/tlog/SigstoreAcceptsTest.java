package org.agentchat.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigstore.encryption.signers.Verifier;
import dev.sigstore.encryption.signers.Verifiers;
import dev.sigstore.merkle.InclusionProofVerificationException;
import dev.sigstore.merkle.InclusionProofVerifier;
import dev.sigstore.rekor.client.Checkpoints;
import dev.sigstore.rekor.client.ImmutableInclusionProof;
import dev.sigstore.rekor.client.ImmutableRekorEntry;
import dev.sigstore.rekor.client.ImmutableVerification;
import dev.sigstore.rekor.client.RekorEntry;
import dev.sigstore.rekor.client.RekorParseException;
import dev.sigstore.rekor.client.RekorVerificationException;
import dev.sigstore.rekor.client.RekorVerifier;
import dev.sigstore.trustroot.ImmutableLogId;
import dev.sigstore.trustroot.ImmutablePublicKey;
import dev.sigstore.trustroot.ImmutableTransparencyLog;
import dev.sigstore.trustroot.ImmutableValidFor;
import dev.sigstore.trustroot.PublicKey;
import dev.sigstore.trustroot.TransparencyLog;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.tlog.Vectors.Inclusion;
import org.agentchat.tlog.Vectors.Verdict;
import org.junit.jupiter.api.Test;

/// A stranger's verifier believes what ours believes, and nothing else: the one that Sigstore's
/// Java client uses for entries of its own log.
class SigstoreAcceptsTest {
  private static final int SIZE = 70;
  private static final List<TreeHash> LEAVES = Trees.leaves(SIZE);

  /// Sigstore takes the host of a log's address for the name of its signer.
  private final NoteSigner log = signer("ledger.example", 1);

  private final NoteSigner witness = signer("witness.example/w1", 2);
  private final Prover prover = new Prover(Trees.subtrees(LEAVES));

  private static NoteSigner signer(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return new NoteSigner(name, Identity.ofSeed("keys", bytes, Instant.EPOCH));
  }

  private static TreeHash root(int size) {
    return Trees.root(LEAVES.subList(0, size));
  }

  @Test
  void everyProofOfEveryTreeIsAccepted() {
    for (int size = 1; size <= SIZE; size++) {
      for (int index = 0; index < size; index++) {
        InclusionProof proof = prover.inclusion(index, size);
        assertThat(accepts(proof, LEAVES.get(index), root(size))).isTrue();
      }
    }
  }

  @Test
  void proofWithAnyPartAlteredIsRejected() {
    for (int size = 2; size <= SIZE; size++) {
      int index = size / 2 & ~1;
      TreeHash leaf = LEAVES.get(index);
      TreeHash root = root(size);
      InclusionProof proof = prover.inclusion(index, size);
      InclusionProof moved = new InclusionProof(index + 1, size, proof.path());

      assertThat(accepts(proof, flip(leaf), root)).isFalse();
      assertThat(accepts(proof, leaf, flip(root))).isFalse();
      assertThat(accepts(moved, leaf, root)).isFalse();
      for (List<TreeHash> path : altered(proof.path())) {
        InclusionProof wrong = new InclusionProof(index, size, path);
        assertThat(accepts(wrong, leaf, root)).isFalse();
        assertThat(wrong.proves(leaf, root)).isFalse();
      }
    }
  }

  private static List<List<TreeHash>> altered(List<TreeHash> path) {
    List<List<TreeHash>> paths = new ArrayList<>();
    paths.add(path.subList(1, path.size()));
    paths.add(path.subList(0, path.size() - 1));
    for (int at = 0; at < path.size(); at++) {
      List<TreeHash> flipped = new ArrayList<>(path);
      flipped.set(at, flip(path.get(at)));
      paths.add(flipped);
      List<TreeHash> longer = new ArrayList<>(path);
      longer.add(at, path.get(at));
      paths.add(longer);
    }
    return paths;
  }

  private static TreeHash flip(TreeHash hash) {
    byte[] raw = hash.raw();
    raw[31] ^= 1;
    return TreeHash.of(raw);
  }

  /// Sigstore's verifier hashes the path to its end and does not ask whether that is the tree's
  /// height: with an index or a size that wants a longer path, the same hashes pass. Ours asks.
  @Test
  void publishedVectorsAreDecidedAlikeButForAPathThatEndsTooLow() {
    List<Inclusion> vectors = Vectors.inclusion().stream().filter(Inclusion::wellFormed).toList();
    assertThat(vectors).hasSizeGreaterThan(40);
    assertThat(vectors.stream().filter(vector -> acceptsVector(vector) != vector.valid()))
        .extracting(Inclusion::toString)
        .containsExactly(
            "inclusion/0/treeSize-*-2",
            "inclusion/1/treeSize-*-2",
            "inclusion/2/treeSize-*-2",
            "inclusion/3/leafIdx---1",
            "inclusion/4/treeSize-*-2");
    assertThat(vectors)
        .allSatisfy(vector ->
            assertThat(vector.verdict(Vectors::hash) == Verdict.PROVED).isEqualTo(vector.valid()));
  }

  private static boolean acceptsVector(Inclusion vector) {
    return accepts(vector.proof(Vectors::hash), vector.leaf(), vector.root());
  }

  private static boolean accepts(InclusionProof proof, TreeHash leaf, TreeHash root) {
    try {
      List<byte[]> path = proof.path().stream().map(TreeHash::raw).toList();
      InclusionProofVerifier.verify(leaf.raw(), proof.index(), proof.size(), path, root.raw());
      return true;
    } catch (InclusionProofVerificationException _) {
      return false;
    }
  }

  @Test
  void checkpointIsReadAsItWasWritten() throws RekorParseException {
    String text = new Checkpoint(log.name(), prover.head(21)).text();
    SignedNote note = new SignedNote(text, List.of(log.sign(text)));
    RekorEntry.Checkpoint read = Checkpoints.from(note.encode());

    assertThat(read.getSignedData()).isEqualTo(text);
    assertThat(read.getOrigin()).isEqualTo("ledger.example");
    assertThat(read.getSize()).isEqualTo(21);
    assertThat(read.getBase64Hash()).isEqualTo(root(21).base64());
    assertThat(read.getSignatures())
        .singleElement()
        .satisfies(signature -> {
          assertThat(signature.getIdentity()).isEqualTo("ledger.example");
          assertThat(signature.getKeyHint()).isEqualTo(keyId(log));
          assertThat(signature.getSignature()).isEqualTo(log.sign(text).signature());
        });
  }

  /// The names that logs of ours get when nobody gives them one have a path.
  @Test
  void checkpointOfALogWithAPathInItsNameIsAccepted()
      throws RekorParseException, GeneralSecurityException {
    NoteSigner local = signer("agentchat.local/0a1b2c3d", 3);
    String text = new Checkpoint(local.name(), prover.head(21)).text();
    SignedNote note = new SignedNote(text, List.of(local.sign(text)));
    RekorEntry.Checkpoint read = Checkpoints.from(note.encode());
    byte[] signed = read.getSignedData().getBytes(StandardCharsets.UTF_8);
    byte[] signature = read.getSignatures().getFirst().getSignature();
    Verifier verifier = Verifiers.newVerifier(publicKey(local).toJavaPublicKey());

    assertThat(read.getOrigin()).isEqualTo("agentchat.local/0a1b2c3d");
    assertThat(verifier.verify(signed, signature)).isTrue();
    signed[signed.length - 2] ^= 1;
    assertThat(verifier.verify(signed, signature)).isFalse();
  }

  @Test
  void checkpointWithoutSignatureOrLineIsRejected() {
    String text = new Checkpoint(log.name(), prover.head(21)).text();
    String note = new SignedNote(text, List.of(log.sign(text))).encode();
    for (String wrong :
        List.of(
            text,
            text + "\n",
            note.stripTrailing(),
            note.replace("\n21\n", "\n2l\n"),
            note.replace("\n21\n", "\n"))) {
      assertThatThrownBy(() -> Checkpoints.from(wrong))
          .as(wrong)
          .isInstanceOf(RekorParseException.class);
      assertThatThrownBy(() -> Checkpoint.parse(SignedNote.parse(wrong).text()))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void entryWithProofAndCheckpointIsAccepted() {
    for (int index = 0; index < 21; index++) {
      LogProof proof = LogProof.parse(proof(index).encode());
      RekorEntry entry = entry(body(index), proof);
      assertThatCode(() -> verifier().verifyEntry(entry)).doesNotThrowAnyException();
    }
  }

  @Test
  void witnessesSignaturesDoNotDisturb() {
    LogProof proof = proof(7);
    NoteSignature cosigned = witness.cosign(proof.checkpoint().text(), 1_679_315_147);
    SignedNote before = new SignedNote(proof.checkpoint().text(), List.of(cosigned));
    SignedNote note = before.with(proof.checkpoint().signatures());
    RekorEntry entry = entry(body(7), new LogProof(proof.inclusion(), note));

    assertThatCode(() -> verifier().verifyEntry(entry)).doesNotThrowAnyException();
  }

  @Test
  void alteredEntryIsRejected() {
    assertRejected(entry(body(8), proof(7)), "Inclusion proof verification failed");
  }

  @Test
  void alteredIndexIsRejected() {
    LogProof proof = proof(7);
    InclusionProof moved = new InclusionProof(6, 21, proof.inclusion().path());
    assertRejected(
        entry(body(7), new LogProof(moved, proof.checkpoint())),
        "Inclusion proof verification failed");
  }

  @Test
  void alteredSizeIsRejected() {
    assertRejected(
        entry(body(7), rewritten(proof(7), "\n21\n", "\n22\n", 22)),
        "Checkpoint signature was invalid");
  }

  @Test
  void otherRootIsRejected() {
    String root = root(21).base64();
    String other = root(20).base64();
    assertRejected(
        entry(body(7), rewritten(proof(7), root, other, 21)),
        "Inclusion proof verification failed");
  }

  @Test
  void alteredSignatureIsRejected() {
    LogProof proof = proof(7);
    NoteSignature signed = proof.checkpoint().signatures().getFirst();
    for (int bit = 0; bit < 8 * signed.signature().length; bit += 31) {
      byte[] bytes = signed.signature();
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      NoteSignature wrong = new NoteSignature(signed.name(), signed.keyId(), bytes);
      SignedNote note = new SignedNote(proof.checkpoint().text(), List.of(wrong));
      assertThatThrownBy(
              () -> verifier().verifyEntry(entry(body(7), new LogProof(proof.inclusion(), note))))
          .isInstanceOf(RekorVerificationException.class);
    }
  }

  @Test
  void signatureOfAnotherKeyIsRejected() {
    LogProof proof = proof(7);
    String text = proof.checkpoint().text();
    NoteSigner impostor = signer("ledger.example", 9);
    SignedNote note = new SignedNote(text, List.of(impostor.sign(text)));
    assertRejected(
        entry(body(7), new LogProof(proof.inclusion(), note)),
        "Checkpoint key hint did not match provided log public key");
    NoteSignature disguised =
        new NoteSignature(log.name(), log.logKey().id(), impostor.sign(text).signature());
    SignedNote forged = new SignedNote(text, List.of(disguised));
    assertRejected(
        entry(body(7), new LogProof(proof.inclusion(), forged)),
        "Checkpoint signature was invalid");
  }

  @Test
  void checkpointThatOnlyAWitnessSignedIsRejected() {
    LogProof proof = proof(7);
    String text = proof.checkpoint().text();
    SignedNote note = new SignedNote(text, List.of(witness.cosign(text, 1_679_315_147)));
    assertThatThrownBy(
            () -> verifier().verifyEntry(entry(body(7), new LogProof(proof.inclusion(), note))))
        .isInstanceOf(RekorVerificationException.class);
  }

  private void assertRejected(RekorEntry entry, String why) {
    assertThatThrownBy(() -> verifier().verifyEntry(entry))
        .isInstanceOf(RekorVerificationException.class)
        .hasMessageContaining(why);
  }

  private LogProof proof(int index) {
    String text = new Checkpoint(log.name(), prover.head(21)).text();
    return new LogProof(prover.inclusion(index, 21), new SignedNote(text, List.of(log.sign(text))));
  }

  /// The proof with its checkpoint's text changed after it was signed.
  private static LogProof rewritten(LogProof proof, String from, String to, long size) {
    String text = proof.checkpoint().text().replace(from, to);
    InclusionProof inclusion = proof.inclusion();
    return new LogProof(
        new InclusionProof(inclusion.index(), size, inclusion.path()),
        new SignedNote(text, proof.checkpoint().signatures()));
  }

  private static byte[] body(int index) {
    return ("leaf " + index).getBytes(StandardCharsets.UTF_8);
  }

  /// A proof of ours in Sigstore's words.
  private RekorEntry entry(byte[] body, LogProof proof) {
    Checkpoint checkpoint = Checkpoint.parse(proof.checkpoint().text());
    InclusionProof inclusion = proof.inclusion();
    return ImmutableRekorEntry.builder()
        .body(Base64.getEncoder().encodeToString(body))
        .integratedTime(0)
        .logID(HexFormat.of().formatHex(keyId(log)))
        .logIndex(inclusion.index())
        .verification(
            ImmutableVerification.builder()
                .inclusionProof(
                    ImmutableInclusionProof.builder()
                        .logIndex(inclusion.index())
                        .treeSize(inclusion.size())
                        .hashes(inclusion.path().stream().map(TreeHash::toString).toList())
                        .rootHash(checkpoint.head().root().toString())
                        .checkpoint(proof.checkpoint().encode())
                        .build())
                .build())
        .build();
  }

  private RekorVerifier verifier() {
    TransparencyLog trusted =
        ImmutableTransparencyLog.builder()
            .baseUrl(URI.create("https://" + log.name()))
            .hashAlgorithm("SHA2_256")
            .logId(ImmutableLogId.builder().keyId(keyId(log)).build())
            .publicKey(publicKey(log))
            .build();
    return RekorVerifier.newRekorVerifier(List.of(trusted));
  }

  private static byte[] keyId(NoteSigner signer) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(signer.logKey().id()).array();
  }

  private static PublicKey publicKey(NoteSigner signer) {
    String pem = signer.keys().key().pem();
    return ImmutablePublicKey.builder()
        .rawBytes(Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "")))
        .keyDetails("PKIX_ED25519")
        .validFor(ImmutableValidFor.builder().start(Instant.EPOCH).build())
        .build();
  }
}
