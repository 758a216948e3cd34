package org.agentchat.ledger.tree;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.agentchat.log.LogException;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.log.Tail;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.Prover;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TreeHead;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that publishes the tree: it follows the log, writes tiles, and signs a checkpoint
/// at most once a second, after its tiles are on the disk.
///
/// At every start it reads the log from the first entry and holds it against what is out already.
/// When they differ, or when the log is shorter, it signs nothing any more and says why: two
/// checkpoints that contradict each other are proof of a fork, whoever made it.
public final class Publisher implements AutoCloseable {
  /// From one checkpoint to the next, at least.
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /// Rests after a failure that may pass, a full disk or a log that does not answer: from the first
  /// to the longest, doubled each time, because a new attempt reads the whole log.
  private static final Duration FIRST_REST = Duration.ofSeconds(1);

  private static final Duration LONGEST_REST = Duration.ofSeconds(30);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final TreeFolder folder;
  private final LogSource source;
  private final Identity keys;
  private final Cosigning cosigning;
  private final Thread thread;
  private volatile @Nullable SignedNote current;
  private volatile @Nullable NoteSigner signer;
  private volatile @Nullable String trouble;
  private volatile boolean refused;
  private volatile boolean closing;
  private volatile @Nullable Tail tail;
  private Duration rest = FIRST_REST;
  private long triedAt = System.nanoTime() - INTERVAL.toNanos();

  /// @param source stays its owner's
  /// @param keys of the log: signs under the name that the log's first entry gives
  public Publisher(TreeFolder folder, LogSource source, Identity keys, Cosigning cosigning) {
    this.folder = folder;
    this.source = source;
    this.keys = keys;
    this.cosigning = cosigning;
    this.thread = Thread.ofPlatform().name("publisher").unstarted(this::run);
  }

  /// Starts the thread.
  public void start() {
    thread.start();
  }

  /// The checkpoint that is out; empty before the first.
  public Optional<SignedNote> checkpoint() {
    return Optional.ofNullable(current);
  }

  /// Who signs; empty before the log's first entry was read.
  public Optional<NoteSigner> signer() {
    return Optional.ofNullable(signer);
  }

  /// What keeps checkpoints from being signed, one sentence, if anything does.
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /// Whether nothing will be signed before somebody has looked.
  public boolean isRefused() {
    return refused;
  }

  /// The published files.
  public TreeFolder folder() {
    return folder;
  }

  private void run() {
    while (!closing) {
      try {
        follow();
      } catch (TreeRefusedException e) {
        refuse(e);
        return;
      } catch (LogUnavailableException | UncheckedIOException e) {
        report(e);
        rest();
      } catch (LogException e) {
        refuse(e);
        return;
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        refuse(e);
        return;
      }
    }
  }

  /// Who sees that nothing will be signed also sees why.
  private void refuse(Exception e) {
    report(e);
    refused = true;
  }

  private void report(Exception e) {
    String sentence = String.valueOf(e.getMessage());
    if (!closing && !sentence.equals(trouble)) {
      log.error("no checkpoint is signed: {}", sentence, e);
      trouble = sentence;
    }
  }

  private void rest() {
    try {
      Thread.sleep(rest);
      Duration doubled = rest.multipliedBy(2);
      rest = doubled.compareTo(LONGEST_REST) < 0 ? doubled : LONGEST_REST;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  /// From the first entry on, until something fails.
  private void follow() throws InterruptedException {
    int leftovers = folder.begin();
    if (leftovers > 0) {
      log.info("{} files that a killed ledger left half-written are deleted", leftovers);
    }
    folder.checkpoint().ifPresent(this::show);
    Optional<TreeHead> out = lastSigned();
    requireLongEnough(out);
    TileWriter writer = new TileWriter(folder::write);
    try (Tail following = source.tail(0)) {
      tail = following;
      while (!closing) {
        List<LogRecord> records = following.poll(INTERVAL);
        for (LogRecord entry : records) {
          append(writer, entry, out);
        }
        boolean waiting = records.size() == LogSource.MAX_READ_RECORDS;
        if (mayPublish(writer, out) && !(waiting && tooSoon())) {
          publish(writer);
        }
      }
    }
  }

  /// What is out stays out, whatever becomes of the log.
  private void show(SignedNote published) {
    NoteSigner named = new NoteSigner(Checkpoint.parse(published.text()).origin(), keys);
    if (published.check(named.logKey(), new Ed25519Verifier()) == SignedNote.Check.VALID) {
      signer = named;
      current = published;
    }
  }

  /// The larger of what is out and what may be: a witness may have signed it and have been heard.
  private Optional<TreeHead> lastSigned() {
    Optional<TreeHead> published = folder.checkpoint().map(Publisher::head);
    Optional<TreeHead> pending = folder.pending().map(Publisher::head);
    if (pending.isPresent() && published.isPresent()) {
      return pending.get().size() > published.get().size() ? pending : published;
    }
    return pending.or(() -> published);
  }

  private static TreeHead head(SignedNote note) {
    return Checkpoint.parse(note.text()).head();
  }

  private void requireLongEnough(Optional<TreeHead> out) {
    if (out.isPresent()) {
      long size = source.size();
      if (size < out.get().size()) {
        throw TreeRefusedException.shorter(out.get(), size);
      }
    }
  }

  private void append(TileWriter writer, LogRecord entry, Optional<TreeHead> out) {
    if (entry.index() == 0) {
      begin(entry.value());
    }
    writer.append(entry.value());
    if (out.isPresent() && writer.size() == out.get().size()) {
      requireSame(out.get(), writer.head());
      trouble = null;
    }
  }

  private void begin(byte[] first) {
    NoteSigner named = new NoteSigner(origin(first), keys);
    Optional<SignedNote> published = folder.checkpoint();
    if (published.isPresent()
        && published.get().check(named.logKey(), new Ed25519Verifier()) != SignedNote.Check.VALID) {
      throw TreeRefusedException.otherKey("the checkpoint that is out", named.logKey().toString());
    }
    signer = named;
    current = published.orElse(null);
  }

  private static String origin(byte[] first) {
    try {
      if (EventCodec.decode(first) instanceof Event.Genesis genesis) {
        return genesis.origin();
      }
      throw new TreeRefusedException("the log's first entry does not name the log");
    } catch (MalformedEventException e) {
      throw new TreeRefusedException(
          "the log's first entry does not name the log: " + e.getMessage());
    }
  }

  private static void requireSame(TreeHead published, TreeHead log) {
    if (!published.equals(log)) {
      throw TreeRefusedException.different(published, log);
    }
  }

  /// Only what is more than is out, and only once the log was read as far as that.
  private boolean mayPublish(TileWriter writer, Optional<TreeHead> out) {
    SignedNote published = current;
    long least = published == null ? 0 : head(published).size();
    boolean caughtUp = out.isEmpty() || writer.size() >= out.get().size();
    return writer.size() > least && caughtUp;
  }

  private boolean tooSoon() {
    return System.nanoTime() - triedAt < INTERVAL.toNanos();
  }

  private void publish(TileWriter writer) throws InterruptedException {
    long left = INTERVAL.toNanos() - (System.nanoTime() - triedAt);
    if (left > 0) {
      Thread.sleep(Duration.ofNanos(left));
    }
    triedAt = System.nanoTime();
    NoteSigner named = Optional.ofNullable(signer).orElseThrow();
    TreeHead head = writer.flush();
    String text = new Checkpoint(named.name(), head).text();
    SignedNote note = new SignedNote(text, List.of(named.sign(text)));
    folder.prepare(note);
    switch (cosigning.cosign(note, new Prover(folder.subtrees(head.size())))) {
      case Cosigning.Outcome.Enough(SignedNote cosigned) -> {
        folder.publish(cosigned);
        current = cosigned;
        if (trouble != null) {
          log.info("checkpoints are published again, the first of {} entries", head.size());
        }
        trouble = null;
        rest = FIRST_REST;
        folder.dropPartials();
      }
      case Cosigning.Outcome.NotYet(String why) -> {
        if (!why.equals(trouble)) {
          log.warn("no checkpoint is published: {}; asking again", why);
        }
        trouble = why;
      }
      case Cosigning.Outcome.Contradicted(String why) ->
          throw TreeRefusedException.contradicted(why);
    }
  }

  /// Stops the thread between two checkpoints.
  @Override
  public void close() {
    closing = true;
    Tail following = tail;
    if (following != null) {
      following.close();
    }
    thread.interrupt();
    try {
      if (thread.getState() != Thread.State.NEW) {
        thread.join(STOP_TIMEOUT);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
