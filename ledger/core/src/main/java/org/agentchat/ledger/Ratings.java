package org.agentchat.ledger;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.rating.AgentHistory;
import org.agentchat.schemas.rating.RatingLeaf;

/// The rating map after each of the latest entries, and those that ledgers committed to last. Keeps
/// for each account the history of entries that name it.
final class Ratings {
  /// For how many sizes the map is known. A ledger commits to what it has folded, and others append
  /// before its commitment is in the log: this many entries are more than a busy relay appends in
  /// the fifth of a second that this takes.
  static final int WINDOW = Event.RatingsCommitted.WINDOW;

  /// Entries whose changes wait for the map at the most: the more there are, the more of them
  /// change what others change again. A change takes about 100 bytes, so they are 1 MB where an
  /// entry names two accounts.
  private static final int MAX_CHANGING = 4 * WINDOW;

  /// Every so many sizes the map that somebody asked for is kept, so that none is made of more
  /// changes than those of so many entries: anybody who may append may commit to any known size,
  /// and everybody has to find out whether it is true.
  private static final int STEP = 32;

  /// Of how many ledgers the last commitment is kept: more than share one log. The one that has
  /// said nothing for longest is forgotten, as anybody who may append may commit with ever new
  /// keys.
  static final int MAX_LEDGERS = 8;

  private final Accounts accounts;
  private final Map<AgentId, Place> places = new HashMap<>();
  private final MessageDigest digest = Sha256.digest();

  /// The map of the first so many entries: at most those of the oldest size that is known, at least
  /// [#WINDOW] fewer.
  private Version base = new Version(0, RatingMap.empty());

  /// What has changed since, in the order of the log.
  private final List<Change> changes = new ArrayList<>();

  /// The maps of whole steps that were asked for, by size.
  private final NavigableMap<Long, Version> steps = new TreeMap<>();

  /// What was asked for last: whoever asks for a root often asks again.
  private Version asked = base;

  /// By the ledger's key, the one that spoke last at the end.
  private final SequencedMap<AgentKey, CommittedRatings> committed = new LinkedHashMap<>();

  private long size;
  private long makings;

  /// The map of the first so many entries.
  private record Version(long size, RatingMap<Standing> map) {}

  /// @param size of the log with the entry that changed it
  private record Change(long size, Place place, Standing standing) {}

  /// An account's key in the map, and its history so far.
  private static final class Place {
    private final byte[] key;
    private AgentHistory history = AgentHistory.EMPTY;

    /// Which making of a map has its latest change already.
    private long making;

    Place(AgentId account) {
      this.key = RatingLeaf.keyOf(account);
    }
  }

  Ratings(Accounts accounts) {
    this.accounts = accounts;
  }

  /// Takes note of an entry that was applied, the next one. The map is made when somebody asks for
  /// it, and otherwise once for many entries.
  ///
  /// @param named the accounts that it names
  void add(Entry entry, List<AgentId> named) {
    size++;
    for (AgentId account : named) {
      Place place = places.computeIfAbsent(account, Place::new);
      place.history = place.history.with(entry.index(), entry.hash(), digest);
      changes.add(new Change(size, place, new Standing(accounts.get(account), place.history)));
    }
    if (size - base.size() >= MAX_CHANGING) {
      forget();
    }
  }

  /// Forgets the sizes that are known no more.
  private void forget() {
    base = after(base, size - WINDOW + 1);
    changes.subList(0, until(base.size())).clear();
    steps.headMap(base.size()).clear();
  }

  /// The map of the first so many entries, of which there are at least those of the earlier one.
  private Version after(Version earlier, long wanted) {
    List<RatingMap.Put<Standing>> latest = new ArrayList<>();
    makings++;
    for (Change change : changes.subList(until(earlier.size()), until(wanted)).reversed()) {
      if (change.place().making != makings) {
        change.place().making = makings;
        latest.add(new RatingMap.Put<>(change.place().key, change.standing()));
      }
    }
    return new Version(wanted, earlier.map().withAll(latest));
  }

  /// How many of the changes are in the first so many entries.
  private int until(long wanted) {
    int low = 0;
    int high = changes.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (changes.get(middle).size() <= wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// The map of the first so many entries, if it is still known.
  private Optional<RatingMap<Standing>> map(long wanted) {
    if (wanted < 0 || wanted > size || wanted <= size - WINDOW) {
      return Optional.empty();
    }
    if (asked.size() != wanted) {
      if (size - base.size() >= 2 * WINDOW) {
        forget();
      }
      asked = after(step(wanted - wanted % STEP), wanted);
    }
    return Optional.of(asked.map());
  }

  /// The map of a whole step, or the oldest one if that is younger. Makes those before it that are
  /// missing, as they are on the way.
  private Version step(long wanted) {
    Map.Entry<Long, Version> known = steps.floorEntry(wanted);
    Version version = known == null ? base : known.getValue();
    while (version.size() < wanted) {
      version = after(version, Math.min(wanted, version.size() - version.size() % STEP + STEP));
      steps.put(version.size(), version);
    }
    return version;
  }

  /// The root of that map, 64 hexadecimal digits.
  Optional<String> root(long wanted) {
    return map(wanted).map(Ratings::root);
  }

  private static String root(RatingMap<Standing> map) {
    return HexFormat.of().formatHex(map.root());
  }

  /// What is held for an account now.
  Optional<RatingLeaf> leaf(AgentId account) {
    return Optional.ofNullable(places.get(account))
        .map(place -> new Standing(accounts.get(account), place.history).leaf());
  }

  /// Why a commitment does not stand, or empty. A false one is told as such even if it comes twice.
  /// What another ledger has committed to does not matter: each speaks for itself, with its key.
  Optional<Refusal> check(Event.RatingsCommitted commitment) {
    Optional<String> root = root(commitment.size());
    if (root.isEmpty()) {
      return refusal(
          Refusal.Code.STALE_RATINGS,
          "a commitment to %d entries at entry %d, when those to the last %d are known"
              .formatted(commitment.size(), size, WINDOW));
    }
    if (!root.get().equals(commitment.root())) {
      return refusal(
          Refusal.Code.FALSE_RATINGS_ROOT,
          "%s, whose key is %s, commits to ratings with the root %s, the first %d entries give %s"
              .formatted(
                  commitment.relay(),
                  commitment.key().id(),
                  commitment.root(),
                  commitment.size(),
                  root.get()));
    }
    return committed(commitment.key())
        .filter(last -> commitment.size() <= last.event().size())
        .map(last ->
            new Refusal(
                Refusal.Code.REPEATED,
                "%d entries are committed to at index %d"
                    .formatted(last.event().size(), last.index()),
                last.index()));
  }

  private static Optional<Refusal> refusal(Refusal.Code code, String detail) {
    return Optional.of(new Refusal(code, detail));
  }

  /// Keeps the map that was committed to.
  void commit(long index, Event.RatingsCommitted commitment) {
    map(commitment.size())
        .ifPresent(map -> {
          committed.remove(commitment.key());
          committed.put(commitment.key(), new CommittedRatings(index, commitment, map));
          if (committed.size() > MAX_LEDGERS) {
            committed.pollFirstEntry();
          }
        });
  }

  /// The last commitment of this ledger that stands.
  Optional<CommittedRatings> committed(AgentKey ledger) {
    return Optional.ofNullable(committed.get(ledger));
  }

  /// The maps of earlier sizes follow from the log, which the state names too.
  void digest(StateDigest state) {
    state.add("ratings").add(map(size).orElseThrow().root());
    for (Account account : accounts.all()) {
      Place place = Objects.requireNonNull(places.get(account.first()), "an account not named");
      state.add(place.history.events()).add(place.history.head());
    }
    if (committed.isEmpty()) {
      state.add(-1L).add(0L).add("");
    }
    for (CommittedRatings last : committed.sequencedValues()) {
      state.add(last.index()).add(last.event().size()).add(last.event().root());
    }
  }
}
