package org.agentchat.receipt;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.SettledLog;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.LogProof;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.ProofSource;
import org.agentchat.tlog.Prover;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TreeHash;

/// A log with its key and one witness: makes checkpoints, proofs and receipt files of it, the way a
/// ledger does, and as slowly as the definitions read.
final class Notary {
  static final NoteSigner LOG = signer(SettledLog.ORIGIN, "log");
  static final NoteSigner WITNESS = signer("witness.example", "witness");

  /// Wants the log and the witness.
  static final String POLICY =
      "log %s\nwitness W %s\nquorum W\n".formatted(LOG.logKey(), WITNESS.witnessKey());

  private final List<byte[]> entries;
  private final List<TreeHash> leaves;

  Notary(List<byte[]> entries) {
    this.entries = List.copyOf(entries);
    this.leaves = entries.stream().map(TreeHash::ofLeaf).toList();
  }

  static NoteSigner signer(String name, String seed) {
    byte[] bytes = Sha256.of(("notary " + seed).getBytes(StandardCharsets.UTF_8));
    return new NoteSigner(name, Identity.ofSeed(seed, bytes, Instant.EPOCH));
  }

  static Policy policy() {
    return Policy.parse(POLICY.getBytes(StandardCharsets.UTF_8));
  }

  int size() {
    return entries.size();
  }

  private Prover prover() {
    return new Prover((level, index) ->
        root(leaves.subList((int) (index << level), (int) ((index + 1) << level))));
  }

  private static TreeHash root(List<TreeHash> full) {
    int half = full.size() / 2;
    return half == 0
        ? full.getFirst()
        : TreeHash.node(root(full.subList(0, half)), root(full.subList(half, full.size())));
  }

  /// Signed by the log, then by the witness.
  SignedNote checkpoint(int size) {
    return signed(new Checkpoint(SettledLog.ORIGIN, prover().head(size)).text(), LOG);
  }

  static SignedNote signed(String text, NoteSigner log) {
    return new SignedNote(text, List.of(log.sign(text), WITNESS.cosign(text, 1_795_000_000L)));
  }

  LogProof proof(long index, int size) {
    return new LogProof(prover().inclusion(index, size), checkpoint(size));
  }

  /// As a ledger would answer that has published everything.
  ProofSource source() {
    return indexes -> Optional.of(indexes.stream().map(index -> proof(index, size())).toList());
  }

  /// The receipt's file, with proofs for the whole log.
  ReceiptFile file(Receipt receipt, List<Long> rotations) {
    return file(receipt, rotations, List.of());
  }

  /// @param escrow the entries that say something of the deal's money
  ReceiptFile file(Receipt receipt, List<Long> rotations, List<Long> escrow) {
    List<Receipt.Leg> rotated = rotations.stream().map(this::leg).toList();
    List<Receipt.Leg> money = escrow.stream().map(this::leg).toList();
    List<String> proofs =
        Stream.of(receipt.legs(), rotated, money)
            .flatMap(List::stream)
            .map(leg -> proof(leg.index(), size()).encode())
            .toList();
    return new ReceiptFile(receipt, rotated, money, proofs);
  }

  static ReceiptFile file(SettledLog settled) {
    return new Notary(settled.entries())
        .file(settled.receipt(), settled.rotations(), settled.escrow());
  }

  /// An entry as a leg of a receipt.
  Receipt.Leg leg(long index) {
    byte[] bytes = entries.get((int) index);
    Entry entry =
        new EntryReader(new Ed25519Verifier(), new VerifiedEvents()).readUnverified(index, bytes);
    if (!(entry.content() instanceof Entry.Content.Sound(Event.Stated stated))) {
      throw new IllegalArgumentException("entry " + index + " is no statement");
    }
    return new Receipt.Leg(
        stated.signed().statement().type(),
        index,
        entry.hash().toString(),
        stated.signed().key().id(),
        stated.signed().scheme().name(),
        new String(bytes, StandardCharsets.UTF_8));
  }

  /// The hash of an entry.
  LeafHash hash(long index) {
    return LeafHash.of(entries.get((int) index));
  }

  /// The same log with another last entry: what a log that forks tells somebody else.
  Notary forked() {
    List<byte[]> other = new ArrayList<>(entries);
    other.set(other.size() - 1, "another entry".getBytes(StandardCharsets.UTF_8));
    return new Notary(other);
  }
}
