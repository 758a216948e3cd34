package org.agentchat.witness;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.Prover;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TreeHash;

/// A log for tests: its leaves are words with numbers, and it signs any size of it.
///
/// @param leaves hashes of all that it ever has
record SampleLog(NoteSigner signer, List<TreeHash> leaves) {
  static final String ORIGIN = "log.example/a";
  private static final int LEAVES = 300;

  /// The honest one.
  static SampleLog honest() {
    return of(ORIGIN, 1, LEAVES);
  }

  /// Signs under the same key and differs from that leaf on.
  static SampleLog forkedAt(int leaf) {
    return of(ORIGIN, 1, leaf);
  }

  static SampleLog of(String origin, int seed, int forkedAt) {
    return new SampleLog(
        signer(origin, seed),
        IntStream.range(0, LEAVES)
            .mapToObj(i -> (i < forkedAt ? "leaf " : "other ") + i)
            .map(leaf -> TreeHash.ofLeaf(leaf.getBytes(StandardCharsets.UTF_8)))
            .toList());
  }

  static NoteSigner signer(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return new NoteSigner(name, Identity.ofSeed("test", bytes, Instant.EPOCH));
  }

  Prover prover() {
    return new Prover(this::hash);
  }

  private TreeHash hash(int level, long index) {
    return level == 0
        ? leaves.get((int) index)
        : TreeHash.node(hash(level - 1, 2 * index), hash(level - 1, 2 * index + 1));
  }

  SignedNote note(long size) {
    String text = text(size);
    return new SignedNote(text, List.of(signer.sign(text)));
  }

  String text(long size) {
    return new Checkpoint(signer.name(), prover().head(size)).text();
  }

  AddCheckpoint request(long from, long size) {
    List<TreeHash> proof = from > size ? List.of() : prover().consistency(from, size).path();
    return AddCheckpoint.of(from, proof, note(size));
  }
}
