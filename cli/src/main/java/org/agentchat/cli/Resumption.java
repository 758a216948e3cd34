package org.agentchat.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.Ledger;
import org.jspecify.annotations.Nullable;

/// Lets an audit that was interrupted go on where it was. The fold begins anew, for its state is
/// nowhere but in the log; signatures that were verified are not verified again, and they are most
/// of the work.
///
/// They are left out on the word of a bookmark, and the fold then says whether the log begins with
/// the very bytes that the bookmark speaks of. When it does not, nothing of what was read counts,
/// and the log is to be read once more with every signature.
///
/// One thread folds; [#covers] may be asked from any.
final class Resumption {
  /// Work that an interruption costs at the most.
  private static final Duration EVERY = Duration.ofSeconds(2);

  /// Where it is kept how far audits have come.
  interface Bookmarks {
    /// Which program this is, see [ProgramDigest].
    String program();

    /// What this very program has verified of the log; empty when that is not known.
    Optional<VerifiedPrefix> last(String origin);

    /// Remembers it in the place of what was remembered of the same log before.
    ///
    /// @throws IOException when it cannot be written
    void keep(VerifiedPrefix prefix) throws IOException;

    /// Forgets the log.
    ///
    /// @throws IOException when that cannot be
    void drop(String origin) throws IOException;
  }

  private final @Nullable Bookmarks bookmarks;
  private final boolean fresh;
  private final Consumer<String> notice;
  private final List<Long> forged = new ArrayList<>();
  private volatile @Nullable VerifiedPrefix prefix;
  private boolean asked;
  private boolean dense = true;
  private boolean confirmed;
  private boolean contradicted;
  private long contradictedAt;
  private long keptAt = System.nanoTime();

  private Resumption(@Nullable Bookmarks bookmarks, boolean fresh, Consumer<String> notice) {
    this.bookmarks = bookmarks;
    this.fresh = fresh;
    this.notice = notice;
  }

  /// Remembers nothing.
  static Resumption none() {
    return new Resumption(null, true, _ -> {});
  }

  /// @param fresh whether what is remembered is not to be believed
  /// @param notice told, in sentences, what is left out, and what went wrong
  static Resumption by(Bookmarks bookmarks, boolean fresh, Consumer<String> notice) {
    return new Resumption(bookmarks, fresh, notice);
  }

  /// Whether the signature of the entry need not be verified, because it was found valid before.
  boolean covers(long index) {
    VerifiedPrefix known = prefix;
    return known != null && known.covers(index);
  }

  /// After each entry.
  ///
  /// @param logSize how many entries the log has in all
  void look(Entry entry, Ledger ledger, long logSize) {
    dense &= entry.index() == ledger.size() - 1;
    if (entry.content() instanceof Entry.Content.Forged
        && forged.size() <= VerifiedPrefix.MAX_FORGED) {
      forged.add(entry.index());
    }
    if (!asked && ledger.origin().isPresent()) {
      asked = true;
      prefix = fresh ? null : remembered(ledger, logSize);
    }
    VerifiedPrefix known = prefix;
    if (known != null && known.size() == ledger.size()) {
      confirmed = dense && known.root().equals(ledger.rootHash());
      contradicted = !confirmed;
    }
  }

  /// A log that is shorter now cannot be told to be the same: of it everything is verified.
  private @Nullable VerifiedPrefix remembered(Ledger ledger, long logSize) {
    VerifiedPrefix known =
        bookmarks == null ? null : bookmarks.last(ledger.origin().orElseThrow()).orElse(null);
    if (known == null || known.size() <= ledger.size() || known.size() > logSize) {
      return null;
    }
    notice.accept(
        "Going on at entry %d: an audit that was interrupted verified the signatures before it"
                .formatted(known.size())
            + " (--fresh verifies them again)");
    return known;
  }

  /// Whether the log does not begin with the bytes whose signatures were left out: to read on is of
  /// no use.
  boolean isContradicted() {
    return contradicted;
  }

  /// To be called when the log was read as far as it can be.
  ///
  /// @return whether all signatures are verified, now or before; otherwise the log is to be read
  ///   again, and nothing is left out
  boolean isComplete() {
    VerifiedPrefix known = prefix;
    if (known == null || (confirmed && dense)) {
      return true;
    }
    contradictedAt = known.size();
    confirmed = false;
    contradicted = false;
    prefix = null;
    forged.clear();
    dense = true;
    notice.accept(
        "The first %d entries are not those that were verified before: verifying all of them"
            .formatted(contradictedAt));
    return false;
  }

  /// How many entries' signatures were left out, as they were verified before.
  long resumedAt() {
    VerifiedPrefix known = prefix;
    return known == null ? 0 : known.size();
  }

  /// How many entries a bookmark spoke of that the log does not begin with; 0 when none did.
  long contradictedAt() {
    return contradictedAt;
  }

  /// Remembers now and then how far the audit has come.
  void keep(Ledger ledger) {
    if (bookmarks == null
        || System.nanoTime() - keptAt < EVERY.toNanos()
        || !dense
        || ledger.origin().isEmpty()
        || ledger.size() <= resumedAt()
        || forged.size() > VerifiedPrefix.MAX_FORGED) {
      return;
    }
    keptAt = System.nanoTime();
    try {
      bookmarks.keep(
          new VerifiedPrefix(
              VerifiedPrefix.FORMAT,
              bookmarks.program(),
              ledger.origin().get(),
              ledger.size(),
              ledger.rootHash(),
              forged));
    } catch (IOException e) {
      keptAt = Long.MAX_VALUE;
      notice.accept("An interrupted audit will have to start again: " + e);
    }
  }

  /// The audit has come to its end: the next one begins at the beginning.
  void end(Ledger ledger) {
    if (bookmarks != null && ledger.origin().isPresent()) {
      try {
        bookmarks.drop(ledger.origin().get());
      } catch (IOException e) {
        notice.accept("The next audit will leave out what this one verified: " + e);
      }
    }
  }
}
