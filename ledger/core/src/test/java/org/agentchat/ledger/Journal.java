package org.agentchat.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.ProposalId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// A log that a test writes by hand: honest when it comes from here, and the same in every run.
final class Journal {
  static final String ORIGIN = "test.example/journal";
  static final Identity ANN = agent("ann", 1);
  static final Identity BEN = agent("ben", 2);
  static final Identity EVE = agent("eve", 3);

  /// The key that follows Eve's.
  static final Identity EVE_LATER = agent("eve", 4);

  private static final long BEGIN = 1_800_000_000_000L;
  private static final String RELAY = "relay-one";

  private final List<byte[]> events = new ArrayList<>();
  private long clock = BEGIN;
  private int nonces;

  private Journal() {
    add(new Event.Genesis(clock, RELAY, ORIGIN));
  }

  static Journal begun() {
    return new Journal();
  }

  /// One of everything that an honest log holds: every statement in the schemes that carry it with
  /// every field, deals done, disputed, declined, lapsed and open with stakes, keys that follow
  /// each other and end, time that passes, and what two racing relays leave behind.
  static Journal ofEveryKind() {
    Journal journal = begun();
    String bound = journal.propose(ANN, BEN, journal.bound(), 20);
    journal.accept(BEN, bound, journal.bound(), 10);
    journal.accept(BEN, bound, journal.bound(), 10); // the other relay was first
    journal.state(BEN, journal.bound(), new Statement.Complete(bound, "tx:5abc"));

    String joined = journal.propose(BEN, EVE, new Scheme.Joined(), 15);
    journal.accept(EVE, joined, new Scheme.Joined(), 5);
    journal.state(BEN, new Scheme.Joined(), new Statement.Dispute(joined, "nothing came"));

    String done = journal.propose(EVE, ANN, new Scheme.Joined(), 0);
    journal.accept(ANN, done, new Scheme.Joined(), 0);
    journal.state(EVE, new Scheme.Joined(), new Statement.Complete(done, "commit:1f0c"));

    String blamed = journal.propose(ANN, EVE, journal.bound(), 0);
    journal.accept(EVE, blamed, journal.bound(), 0);
    journal.state(ANN, journal.bound(), new Statement.Dispute(blamed, "late"));

    String declined = journal.propose(EVE, BEN, journal.bound(), 0);
    journal.state(BEN, journal.bound(), new Statement.Reject(declined, "no time"));
    String refused = journal.propose(BEN, ANN, new Scheme.Joined(), 0);
    journal.state(ANN, new Scheme.Joined(), new Statement.Reject(refused, "no money"));

    journal.propose(EVE, ANN, journal.bound(), 0);
    journal.later(3_600_000).add(new Event.Tick(journal.clock, RELAY));
    journal.state(BEN, new Scheme.Joined(), World.skills(5, "code_review", "parsing"));
    journal.state(EVE, journal.bound(), World.skills(7, "code_review"));
    journal.state(EVE, journal.bound(), KeyStatement.RotateKey.of(EVE, EVE_LATER, ORIGIN));
    String ended = journal.propose(EVE_LATER, ANN, journal.bound(), 0);
    journal.accept(ANN, ended, journal.bound(), 0);
    journal.state(EVE_LATER, journal.bound(), new KeyStatement.RevokeKey("stolen"));
    journal.state(ANN, journal.bound(), new Statement.Complete(ended, "tx:6"));
    String open = journal.propose(ANN, BEN, journal.bound(), 7);
    journal.accept(BEN, open, journal.bound(), 3);
    return journal;
  }

  String propose(Identity from, Identity to, Scheme scheme, int stake) {
    byte[] event =
        add(
            new Event.Stated(
                clock, RELAY, SignedStatement.sign(from, scheme, terms(to, stake)), to.key()));
    return ProposalId.of(LeafHash.of(event));
  }

  static Statement.Proposal terms(Identity to, int stake) {
    return new Statement.Proposal(
        to.id(),
        "review the parser",
        new JsonNumber("12.5"),
        "SOL",
        "pay-1",
        "by friday",
        JsonNumber.of(3600),
        stake,
        "code_review");
  }

  Journal accept(Identity by, String proposal, Scheme scheme, int stake) {
    return state(by, scheme, new Statement.Accept(proposal, "pay-2", stake));
  }

  Journal state(Identity by, Scheme scheme, Statement statement) {
    add(new Event.Stated(clock, RELAY, SignedStatement.sign(by, scheme, statement), null));
    return this;
  }

  Scheme bound() {
    return new Scheme.Bound(ORIGIN, clock, "%016d".formatted(nonces++));
  }

  Journal later(long millis) {
    clock += millis;
    return this;
  }

  List<byte[]> events() {
    return List.copyOf(events);
  }

  private byte[] add(Event event) {
    byte[] bytes = EventCodec.encode(event);
    events.add(bytes);
    clock += 1_000;
    return bytes;
  }

  static List<Entry> entries(List<byte[]> events) {
    EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
    List<Entry> entries = new ArrayList<>();
    for (byte[] event : events) {
      entries.add(reader.read(entries.size(), event));
    }
    return entries;
  }

  /// What an honest ledger publishes of these events.
  static Publication publication(List<byte[]> events) {
    Ledger ledger = new Ledger();
    List<Receipt> receipts = new ArrayList<>();
    for (Entry entry : entries(events)) {
      for (Effect effect : ledger.apply(entry).effects()) {
        if (effect instanceof Effect.ReceiptIssued issued) {
          receipts.add(issued.receipt());
        }
      }
    }
    return new Publication(
        ledger.origin().orElse(""),
        ledger.size(),
        ledger.rootHash(),
        ledger.stateHash(),
        ledger.accounts().stream()
            .map(account ->
                new Publication.Standing(
                    account.id(), account.rating(), account.transactions(), account.staked()))
            .toList(),
        receipts);
  }

  static Auditor audit(List<byte[]> events, @Nullable Publication published) {
    Auditor auditor = new Auditor(Optional.ofNullable(published));
    entries(events).forEach(auditor::read);
    auditor.finish();
    return auditor;
  }

  private static Identity agent(String name, int number) {
    byte[] seed = new byte[32];
    new Random(number).nextBytes(seed);
    return Identity.ofSeed(name, seed, Instant.EPOCH);
  }
}
