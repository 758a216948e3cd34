package org.agentchat.witness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.agentchat.log.DurableFile;
import org.agentchat.log.FolderLock;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.ConsistencyProof;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TreeHead;
import org.agentchat.tlog.VerifierKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a witness knows of each log, the rules by which it cosigns, and the files that make it
/// remember. Thread-safe.
///
/// For each log one request at a time is checked, stored and signed, and it is on the disk before
/// it is signed. So whatever happens, no size is cosigned after a larger one.
final class WitnessState implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WitnessState.class);

  private final NoteSigner signer;
  private final Clock clock;
  private final FolderLock lock;
  private final EvidenceFolder evidence;
  private final Map<String, Log> logs = new TreeMap<>();
  private final Ed25519Verifier verifier = new Ed25519Verifier();

  /// One log. Whoever reads or changes it has its monitor.
  private static final class Log {
    private final Path file;
    private final List<VerifierKey> keys = new ArrayList<>();
    private @Nullable SignedNote last;
    private TreeHead head = TreeHead.EMPTY;

    private Log(Path file) {
      this.file = file;
    }
  }

  private WitnessState(Path folder, NoteSigner signer, Clock clock, FolderLock lock) {
    this.signer = signer;
    this.clock = clock;
    this.lock = lock;
    this.evidence = new EvidenceFolder(folder.resolve("evidence"));
  }

  /// Opens the folder, which is made when there is none.
  ///
  /// @param keys of the logs: a key's name is the log's origin, and an origin may have several
  /// @throws UncheckedIOException when another process uses the folder, or a file cannot be read or
  ///   is damaged: a witness that forgot what it signed must not sign
  static WitnessState open(Path folder, NoteSigner signer, List<VerifierKey> keys, Clock clock) {
    FolderLock lock = lock(folder);
    boolean opened = false;
    try {
      WitnessState state = new WitnessState(folder, signer, clock, lock);
      keys.forEach(key -> state.add(folder, key));
      opened = true;
      return state;
    } finally {
      if (!opened) {
        release(lock);
      }
    }
  }

  private static FolderLock lock(Path folder) {
    try {
      return FolderLock.take(folder, "witness");
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private void add(Path folder, VerifierKey key) {
    Log known = logs.computeIfAbsent(key.name(), origin -> read(file(folder, origin), origin));
    known.keys.add(key);
  }

  /// Named by a hash: an origin may hold any character.
  private static Path file(Path folder, String origin) {
    byte[] hash = Sha256.of(origin.getBytes(StandardCharsets.UTF_8));
    return folder.resolve("logs").resolve(HexFormat.of().formatHex(hash));
  }

  private static Log read(Path file, String origin) {
    Log known = new Log(file);
    try {
      Optional<byte[]> bytes = DurableFile.read(file);
      if (bytes.isPresent()) {
        SignedNote last = SignedNote.parse(new String(bytes.get(), StandardCharsets.UTF_8));
        Checkpoint checkpoint = Checkpoint.parse(last.text());
        if (!checkpoint.origin().equals(origin)) {
          throw new IllegalArgumentException("it is of " + checkpoint.origin());
        }
        known.last = last;
        known.head = checkpoint.head();
      }
      return known;
    } catch (IOException | IllegalArgumentException e) {
      throw new UncheckedIOException(
          "the last checkpoint of %s in %s cannot be read: %s"
              .formatted(origin, file, e.getMessage()),
          e instanceof IOException io ? io : new IOException(e));
    }
  }

  /// The tree cosigned last of each log, by origin; empty trees for logs that never came.
  Map<String, TreeHead> heads() {
    Map<String, TreeHead> heads = new TreeMap<>();
    logs.forEach((origin, known) -> {
      synchronized (known) {
        heads.put(origin, known.head);
      }
    });
    return heads;
  }

  /// Checks a checkpoint, and records and cosigns it if all is well.
  ///
  /// @throws UncheckedIOException when it cannot be recorded; then it is not cosigned
  WitnessAnswer add(AddCheckpoint request) {
    String origin = request.checkpoint().origin();
    Log known = logs.get(origin);
    if (known == null) {
      return new WitnessAnswer.UnknownOrigin(origin);
    }
    Optional<VerifierKey> key =
        known.keys.stream()
            .filter(trusted -> request.note().check(trusted, verifier) == SignedNote.Check.VALID)
            .findFirst();
    if (key.isEmpty()) {
      return new WitnessAnswer.NotSigned(origin);
    }
    long size = request.checkpoint().head().size();
    if (request.oldSize() > size) {
      return new WitnessAnswer.Malformed(
          "the old size %d is larger than the checkpoint's, %d".formatted(request.oldSize(), size));
    }
    synchronized (known) {
      return decide(known, key.get(), request);
    }
  }

  private WitnessAnswer decide(Log known, VerifierKey key, AddCheckpoint request) {
    TreeHead head = request.checkpoint().head();
    TreeHead before = known.head;
    boolean sameSize = head.size() == before.size();
    if (sameSize && !head.root().equals(before.root())) {
      report(known, ForkEvidence.Kind.FORK, request);
    }
    if (request.oldSize() != before.size()) {
      return new WitnessAnswer.OtherSize(before.size());
    }
    if (sameSize && !head.root().equals(before.root())) {
      return new WitnessAnswer.OtherRoot(before.size());
    }
    ConsistencyProof proof = new ConsistencyProof(before.size(), head.size(), request.proof());
    if (!proof.proves(before.root(), head.root())) {
      report(known, ForkEvidence.Kind.DOUBT, request);
      return new WitnessAnswer.NotConsistent(before.size());
    }
    if (!sameSize || known.last == null) {
      store(known, key, request);
    }
    long seconds = clock.instant().getEpochSecond();
    return new WitnessAnswer.Cosigned(signer.cosign(request.note().text(), seconds));
  }

  /// Keeps the log's own signature only: the others are not this witness's to vouch for.
  private static void store(Log known, VerifierKey key, AddCheckpoint request) {
    SignedNote note =
        new SignedNote(
            request.note().text(),
            request.note().signatures().stream().filter(key::isNamedBy).limit(1).toList());
    try {
      DurableFile.write(known.file, note.encode().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + known.file + ": " + e.getMessage(), e);
    }
    known.last = note;
    known.head = request.checkpoint().head();
  }

  private void report(Log known, ForkEvidence.Kind kind, AddCheckpoint request) {
    SignedNote last = known.last;
    if (last == null) {
      return;
    }
    Optional<Path> kept = evidence.keep(new ForkEvidence(kind, last, request.note()));
    if (kept.isPresent()) {
      String origin = request.checkpoint().origin();
      long size = request.checkpoint().head().size();
      switch (kind) {
        case FORK ->
            log.error("FORK: {} signed two roots for the size {}: {}", origin, size, kept.get());
        case DOUBT ->
            log.warn(
                "{} came with a tree of {} that is not shown to have grown from {}: {}",
                origin,
                size,
                known.head.size(),
                kept.get());
      }
    }
  }

  /// Lets go of the folder.
  @Override
  public void close() {
    release(lock);
  }

  private static void release(FolderLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot let go of the witness's folder", e);
    }
  }
}
