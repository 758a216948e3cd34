package org.agentchat.ledger.server;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.event.DisputeId;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.ProposalId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Writes events by hand, signed by agents that are the same in every run.
final class Deals {
  static final String ORIGIN = "test/deals";
  static final long HOUR = 3_600_000;

  private final List<byte[]> events = new ArrayList<>();
  private final String origin;
  private long clock = 1_800_000_000_000L;
  private long nonces;
  private boolean joined;

  Deals(String origin) {
    this.origin = origin;
    add(new Event.Genesis(clock, "relay", origin));
  }

  static Deals begun() {
    return new Deals(ORIGIN);
  }

  static Identity agent(int number) {
    byte[] seed = new byte[32];
    new Random(number).nextBytes(seed);
    return Identity.ofSeed("agent" + number, seed, Instant.EPOCH);
  }

  List<byte[]> events() {
    return List.copyOf(events);
  }

  List<Entry> entries() {
    EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
    List<Entry> entries = new ArrayList<>();
    for (byte[] event : events) {
      entries.add(reader.read(entries.size(), event));
    }
    return entries;
  }

  Deals later(long millis) {
    clock += millis;
    return this;
  }

  Deals tick() {
    add(new Event.Tick(clock, "relay"));
    return this;
  }

  Deals raw(byte[] bytes) {
    events.add(bytes);
    return this;
  }

  Deals raw(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  /// From here on agents sign under `agentchat/1`, or no longer.
  Deals joined(boolean old) {
    joined = old;
    return this;
  }

  /// What a proposal may say, all of it at will.
  record Terms(
      String task,
      @Nullable Integer amount,
      @Nullable Integer expires,
      @Nullable Integer stake,
      @Nullable String capability) {
    static final Terms PLAIN = new Terms("a task", null, null, null, null);

    static Terms worth(int amount) {
      return new Terms("a task", amount, null, null, null);
    }

    static Terms in(String capability) {
      return new Terms("a task", 10, null, null, capability);
    }

    static Terms staking(int stake, @Nullable Integer expires) {
      return new Terms("a task", 10, expires, stake, null);
    }
  }

  String propose(Identity from, Identity to, Terms terms) {
    Statement.Proposal proposal =
        new Statement.Proposal(
            to.id(),
            terms.task(),
            number(terms.amount()),
            terms.amount() == null ? null : "SOL",
            null,
            "by friday \\ or never",
            number(terms.expires()),
            terms.stake(),
            terms.capability());
    return propose(from, to, proposal);
  }

  String propose(Identity from, Identity to, Statement.Proposal proposal) {
    byte[] event = add(new Event.Stated(clock, "relay", signed(from, proposal), to.key()));
    return ProposalId.of(LeafHash.of(event));
  }

  /// Seconds since 1970, as the next event will have it.
  long seconds() {
    return clock / 1000;
  }

  /// The leaf hash of the last event.
  LeafHash last() {
    return LeafHash.of(events.getLast());
  }

  Deals accept(Identity by, String id, @Nullable Integer stake) {
    return state(by, new Statement.Accept(id, null, stake));
  }

  Deals reject(Identity by, String id) {
    return state(by, new Statement.Reject(id, "no time"));
  }

  Deals complete(Identity by, String id) {
    return state(by, new Statement.Complete(id, "tx:" + id));
  }

  Deals dispute(Identity by, String id) {
    return state(by, new Statement.Dispute(id, "nothing came"));
  }

  /// A deal from offer to end.
  String finish(Identity from, Identity to, Terms terms) {
    String id = propose(from, to, terms);
    accept(to, id, null).complete(from, id);
    return id;
  }

  /// Takes an accepted deal to court; nobody is there to judge.
  ///
  /// @return the case
  String file(Identity by, String id, String nonce) {
    Statement intent = new CourtStatement.DisputeIntent(id, "bad \0 work", Sha256.hex(nonce));
    Event.Pool pool = new Event.Pool(List.of(), Sha256.hex("relay"));
    return DisputeId.of(
        LeafHash.of(add(new Event.Stated(clock, "relay", signed(by, intent), null, pool))));
  }

  Deals state(Identity by, Statement statement) {
    add(new Event.Stated(clock, "relay", signed(by, statement), null));
    return this;
  }

  private SignedStatement signed(Identity by, Statement statement) {
    String nonce =
        statement instanceof EscrowStatement.WalletBind bind
            ? bind.nonce()
            : "%016d".formatted(nonces++);
    Scheme scheme = joined ? new Scheme.Joined() : new Scheme.Bound(origin, clock, nonce);
    return SignedStatement.sign(by, scheme, statement);
  }

  private byte[] add(Event event) {
    byte[] bytes = EventCodec.encode(event);
    events.add(bytes);
    clock++;
    return bytes;
  }

  private static @Nullable JsonNumber number(@Nullable Integer value) {
    return value == null ? null : JsonNumber.of(value);
  }

  /// One of everything: every end of a deal, skills, stakes let go by time, refusals, text that
  /// databases dislike, and a day so long that the fold forgets.
  static Deals ofEveryKind() {
    Identity ann = agent(1);
    Identity ben = agent(2);
    Identity eve = agent(3);
    Deals deals = begun();
    deals.finish(ann, ben, Terms.worth(10));
    deals.finish(ben, ann, Terms.worth(10)); // within the hour: moves no rating
    deals.finish(ann, eve, Terms.in("code"));
    deals.finish(ben, eve, Terms.in("")); // a name like any other
    deals.finish(eve, ben, new Terms("nul \0 and \\0 and \u2603", 5, null, null, "c\0de\\"));
    String staked = deals.propose(ann, ben, Terms.staking(50, null));
    deals.accept(ben, staked, 30).dispute(ann, staked);
    String rejected = deals.propose(eve, ann, Terms.PLAIN);
    deals.reject(ann, rejected).accept(ann, rejected, null);
    deals.complete(eve, "prop_unknown").raw("not an event").raw(new byte[] {(byte) 0xff, 0});
    String released = deals.propose(ben, eve, Terms.staking(20, 60));
    deals.accept(eve, released, 10);
    String lapsing = deals.propose(eve, ben, new Terms("late", null, 60, null, null));
    deals.later(HOUR).tick().accept(ben, lapsing, null);
    deals.propose(ann, eve, Terms.PLAIN);
    String givenUp = deals.propose(ann, ben, Terms.PLAIN);
    deals.accept(ben, givenUp, null).later(31L * 24 * HOUR).tick();
    deals.later(25 * HOUR).finish(ann, ben, Terms.in("code"));
    String open = deals.propose(ben, ann, Terms.staking(5, null));
    deals.accept(ann, open, null).propose(eve, ann, Terms.PLAIN);
    deals.keysChange(ben, eve);
    return deals;
  }

  /// Skills, and keys that follow each other within one batch and end.
  private void keysChange(Identity ben, Identity eve) {
    Identity later = agent(4);
    Identity latest = agent(5);
    Identity gone = agent(6);
    state(ben, skills("parsing"));
    state(eve, skills("c\u0000de")).state(eve, skills("code", "nul \u0000 and \\ and \u2603"));
    rotate(eve, later).rotate(later, latest).rotate(later, ben);
    finish(latest, ben, Terms.in("code"));
    state(gone, skills("nothing")).state(gone, new KeyStatement.RevokeKey("nul \0 and \\"));
  }

  Deals rotate(Identity old, Identity next) {
    return state(old, KeyStatement.RotateKey.of(old, next, origin));
  }

  static Statement skills(String... capabilities) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (String capability : capabilities) {
      list.addObject().put("capability", capability).put("rate", 5);
    }
    return new RegisterSkills(JsonText.of(list));
  }

  /// Many deals among some agents, seeded: a quarter is disputed, some are staked, some have
  /// skills, an hour passes now and then.
  static Deals many(long seed, int agents, int deals) {
    Random random = new Random(seed);
    List<Identity> all = IntStream.range(0, agents).mapToObj(Deals::agent).toList();
    Deals log = begun();
    for (int i = 0; i < deals; i++) {
      int from = random.nextInt(agents);
      int to = (from + 1 + random.nextInt(agents - 1)) % agents;
      Terms terms =
          new Terms(
              "task " + i,
              random.nextInt(100),
              null,
              random.nextInt(4) == 0 ? random.nextInt(20) : null,
              random.nextInt(3) == 0 ? "skill" + random.nextInt(5) : null);
      String id = log.propose(all.get(from), all.get(to), terms);
      log.accept(all.get(to), id, random.nextInt(4) == 0 ? random.nextInt(20) : null);
      if (random.nextInt(4) == 0) {
        log.dispute(all.get(to), id);
      } else {
        log.complete(all.get(from), id);
      }
      if (random.nextInt(50) == 0) {
        log.later(HOUR);
      }
    }
    return log;
  }
}
