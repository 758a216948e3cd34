package org.agentchat.receipt;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.rating.AgentHistory;
import org.agentchat.schemas.rating.HistoryEntry;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.tlog.InclusionProof;
import org.agentchat.tlog.TreeHash;
import org.agentchat.tlog.TreeHead;

/// Goes through the entries of a history file, one after another, and keeps of them a hash and some
/// numbers.
///
/// Each entry comes after the one before it and is one that the commitment covers; its event is the
/// one encoding of an event and, if that is signed, the signature is valid; it is in the tree of
/// the certificate's checkpoint. There are no more than the ledger committed to.
final class HistoryWalk {
  /// Keys of one account that are told apart, at the most: an account of this project has up to 65.
  private static final int MAX_KEYS = 1_000;

  private final Certified certified;
  private final EntryReader reader;
  private final TreeHead tree;
  private final AgentHistory wanted;

  /// The names of the account's first key and of those that follow it by a rotation in the file.
  private final Set<AgentId> keys = new HashSet<>();

  /// How many statements of each kind the account itself signed.
  private final NavigableMap<String, Long> own = new TreeMap<>();

  private AgentHistory found = AgentHistory.EMPTY;
  private long first = -1;
  private long last = -1;
  private long ofOthers;
  private long observed;

  HistoryWalk(Certified certified, Ed25519Verifier verifier) {
    this.certified = certified;
    this.reader = new EntryReader(verifier, new VerifiedEvents());
    this.tree = certified.judged().checkpoint().head();
    this.wanted = certified.leaf().map(RatingLeaf::history).orElse(AgentHistory.EMPTY);
    keys.add(certified.agent());
  }

  /// How many entries there were so far.
  long lines() {
    return found.events();
  }

  void add(HistoryEntry line) throws RejectedReceiptException {
    requirePlace(line.index());
    byte[] bytes = line.event().getBytes(StandardCharsets.UTF_8);
    Entry entry = reader.read(line.index(), bytes);
    Event event = event(entry);
    if (!proof(line).proves(TreeHash.ofLeaf(bytes), tree.root())) {
      throw new RejectedReceiptException(
          ReceiptCode.NOT_INCLUDED,
          "entry %d is not in the tree of %d entries that the checkpoint names"
              .formatted(line.index(), tree.size()));
    }
    found = found.with(line.index(), entry.hash());
    first = first < 0 ? line.index() : first;
    last = line.index();
    count(event);
  }

  private void requirePlace(long index) throws RejectedReceiptException {
    if (index == last) {
      throw new RejectedReceiptException(
          ReceiptCode.ENTRY_REPEATED, "entry %d comes twice".formatted(index));
    }
    if (index < last) {
      throw new RejectedReceiptException(
          ReceiptCode.ENTRIES_OUT_OF_ORDER, "entry %d comes after entry %d".formatted(index, last));
    }
    if (index >= certified.commitment().size()) {
      throw new RejectedReceiptException(
          ReceiptCode.ENTRY_FOREIGN,
          "entry %d is none of the first %d, which the ledger committed to"
              .formatted(index, certified.commitment().size()));
    }
    if (found.events() == wanted.events()) {
      throw new RejectedReceiptException(
          ReceiptCode.ENTRY_FOREIGN, "there are more than %s".formatted(committed()));
    }
  }

  private String committed() {
    return "the %d entries that name %s by the ledger's commitment"
        .formatted(wanted.events(), certified.agent());
  }

  private static Event event(Entry entry) throws RejectedReceiptException {
    return switch (entry.content()) {
      case Entry.Content.Sound(Event event) -> event;
      case Entry.Content.Forged _ ->
          throw new RejectedReceiptException(
              ReceiptCode.BAD_STATEMENT_SIGNATURE,
              "entry %d: it was altered, or signed with another key than the one that it names"
                  .formatted(entry.index()));
      case Entry.Content.Malformed(String why) ->
          throw new RejectedReceiptException(
              ReceiptCode.MALFORMED, "entry %d: %s".formatted(entry.index(), why));
    };
  }

  private InclusionProof proof(HistoryEntry line) throws RejectedReceiptException {
    try {
      List<TreeHash> path = line.path().stream().map(TreeHash::ofBase64).toList();
      return new InclusionProof(line.index(), tree.size(), path);
    } catch (IllegalArgumentException e) {
      throw new RejectedReceiptException(
          ReceiptCode.MALFORMED, "entry %d: path: %s".formatted(line.index(), e.getMessage()));
    }
  }

  private void count(Event event) {
    if (!(event instanceof Event.Stated stated)) {
      observed++;
      return;
    }
    SignedStatement signed = stated.signed();
    if (!keys.contains(signed.key().id())) {
      ofOthers++;
      return;
    }
    own.merge(signed.statement().type(), 1L, Long::sum);
    if (signed.statement() instanceof KeyStatement.RotateKey rotate
        && signed.scheme() instanceof Scheme.Bound bound
        && bound.origin().equals(certified.commitment().origin())
        && keys.size() < MAX_KEYS) {
      keys.add(rotate.newKey().id());
    }
  }

  /// What all of them show together.
  Verification conclude() throws RejectedReceiptException {
    if (found.events() < wanted.events()) {
      throw new RejectedReceiptException(
          ReceiptCode.ENTRY_MISSING,
          "of %s, %d are here: something was left out".formatted(committed(), found.events()));
    }
    if (!found.equals(wanted)) {
      throw new RejectedReceiptException(
          ReceiptCode.ENTRY_EXCHANGED,
          "there are %d entries, as the ledger committed to, and they are not those: the hash over them is %s, that of the commitment %s"
              .formatted(found.events(), found.head(), wanted.head()));
    }
    requireKey();
    return new HistoryConclusion(certified, found.events(), first, last, own, ofOthers, observed)
        .verification();
  }

  private void requireKey() throws RejectedReceiptException {
    boolean follows =
        certified.leaf().map(leaf -> keys.contains(leaf.key().id())).orElse(true)
            || keys.size() == MAX_KEYS;
    if (!follows) {
      throw new RejectedReceiptException(
          ReceiptCode.CLAIM_DIFFERS,
          "the ledger says that %s goes by a key that is not its first one, and no rotation among the entries leads there"
              .formatted(certified.agent()));
    }
  }
}
