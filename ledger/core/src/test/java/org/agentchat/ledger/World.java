package org.agentchat.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A log, its ledger and a clock, for tests that read like a story: given, when one more, then.
///
/// Whenever a statement is applied, what [Ledger#check] said of it beforehand is compared with what
/// came of it.
final class World {
  static final String ORIGIN = "example.com/log";
  static final long START = 1_795_000_000_000L;
  static final Identity ALICE = agent("alice");
  static final Identity BOB = agent("bob");
  static final Identity CAROL = agent("carol");

  /// The ledger that commits to ratings.
  static final Identity REGISTRAR = agent("registrar");

  /// Enough that each can make a deal with as many others as an arbiter must have had.
  static final List<Identity> JUDGES =
      IntStream.range(0, Bench.MIN_TRANSACTIONS + 1)
          .mapToObj(number -> agent("judge-" + number))
          .toList();

  final Ledger ledger = new Ledger();
  final List<byte[]> log = new ArrayList<>();

  /// Whom the relay would offer as arbiters.
  final NavigableSet<AgentId> online = new TreeSet<>();

  private final VerifiedEvents verified = new VerifiedEvents();
  private final EntryReader reader = new EntryReader(new Ed25519Verifier(), verified);
  private long now = START;
  private int nonces;

  /// A log with a name and nothing else.
  static World named() {
    World world = new World();
    world.apply(new Event.Genesis(START, "relay-1", ORIGIN));
    return world;
  }

  /// Another world with the same past, whose signatures are not verified again.
  World copy() {
    World copy = new World();
    log.stream().map(LeafHash::of).forEach(copy.verified::add);
    log.forEach(copy::append);
    copy.now = now;
    copy.nonces = nonces;
    return copy;
  }

  /// The agent that always has the same key.
  static Identity agent(String name) {
    byte[] seed = Sha256.of(name.getBytes(StandardCharsets.UTF_8));
    return Identity.ofSeed(name, seed, Instant.EPOCH);
  }

  /// The relay's clock.
  long now() {
    return now;
  }

  /// Lets time pass on the relay's clock; the log does not know until the next event.
  World after(Duration time) {
    now += time.toMillis();
    return this;
  }

  World at(long millis) {
    now = millis;
    return this;
  }

  Applied tick() {
    return apply(new Event.Tick(now, "relay-1"));
  }

  /// Signs with `agentchat/2`, a fresh nonce and the relay's time.
  Applied says(Identity signer, Statement statement) {
    return apply(stated(signer, schemeFor(statement), statement));
  }

  Scheme schemeFor(Statement statement) {
    String own = statement.json().path("nonce").asString("");
    return own.isEmpty() ? bound(now) : new Scheme.Bound(ORIGIN, now, own);
  }

  Scheme bound(long ts) {
    nonces++;
    return new Scheme.Bound(ORIGIN, ts, "nonce-%010d".formatted(nonces));
  }

  Event.Stated stated(Identity signer, Scheme scheme, Statement statement) {
    return stated(signer, scheme, statement, recipient(statement));
  }

  Event.Stated stated(
      Identity signer, Scheme scheme, Statement statement, @Nullable AgentKey recipient) {
    SignedStatement signed = SignedStatement.sign(signer, scheme, statement);
    return new Event.Stated(now, "relay-1", signed, recipient, pool(statement));
  }

  private Event.@Nullable Pool pool(Statement statement) {
    return statement instanceof CourtStatement.DisputeIntent intent
        ? new Event.Pool(List.copyOf(online), Sha256.hex(relayNonce(intent.commitment())))
        : null;
  }

  /// What the relay reveals once the nonce behind the commitment is known.
  static String relayNonce(String commitment) {
    return Sha256.hex("the relay's secret|" + commitment);
  }

  private static @Nullable AgentKey recipient(Statement statement) {
    return statement instanceof Statement.Proposal proposal
        ? Stream.concat(Stream.of(ALICE, BOB, CAROL), JUDGES.stream())
            .map(Identity::key)
            .filter(key -> key.id().equals(proposal.to()))
            .findFirst()
            .orElse(null)
        : null;
  }

  Applied apply(Event event) {
    Optional<Refusal.Code> said =
        event instanceof Event.Stated stated
            ? ledger.check(stated).map(Refusal::code)
            : Optional.empty();
    Applied applied = append(EventCodec.encode(event));
    if (event instanceof Event.Stated) {
      assertThat(said).as("check").isEqualTo(applied.refusal().map(Refusal::code));
    }
    return applied;
  }

  Applied append(byte[] bytes) {
    Entry entry = reader.read(log.size(), bytes);
    log.add(bytes);
    return ledger.apply(entry);
  }

  /// The proposal's name, after it was applied.
  String proposes(Identity from, Identity to, Terms terms) {
    return opened(says(from, terms.to(to)));
  }

  static String opened(Applied applied) {
    return effect(applied, Effect.ProposalOpened.class).proposal().id();
  }

  /// A proposal that the other side has accepted.
  String agreed(Identity from, Identity to, Terms terms) {
    String id = proposes(from, to, terms);
    assertThat(says(to, new Statement.Accept(id, null, terms.acceptorStake)).refusal()).isEmpty();
    return id;
  }

  /// A deal that the recipient completes.
  Applied completed(Identity from, Identity to, Terms terms) {
    return says(to, complete(agreed(from, to, terms)));
  }

  /// A list of skills that asks so much for each.
  static RegisterSkills skills(int rate, String... capabilities) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (String capability : capabilities) {
      list.addObject().put("capability", capability).put("rate", rate).put("currency", "TEST");
    }
    return new RegisterSkills(JsonText.of(list));
  }

  static Statement accept(String id) {
    return new Statement.Accept(id, null, null);
  }

  static Statement accept(String id, int stake) {
    return new Statement.Accept(id, null, stake);
  }

  static Statement reject(String id) {
    return new Statement.Reject(id, "busy");
  }

  static Statement complete(String id) {
    return new Statement.Complete(id, "tx:1");
  }

  static Statement dispute(String id) {
    return new Statement.Dispute(id, "not delivered");
  }

  Account account(Identity agent) {
    return ledger.account(agent.id()).orElseThrow();
  }

  Proposal proposal(String id) {
    return ledger.proposal(id).orElseThrow();
  }

  static Refusal.Code code(Applied applied) {
    return applied.refusal().orElseThrow().code();
  }

  static <E extends Effect> E effect(Applied applied, Class<E> kind) {
    return effects(applied, kind).getFirst();
  }

  static <E extends Effect> List<E> effects(Applied applied, Class<E> kind) {
    return applied.effects().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /// The names of what happened, in order.
  static List<String> names(Applied applied) {
    return applied.effects().stream().map(effect -> effect.getClass().getSimpleName()).toList();
  }

  /// Folds the log again.
  Ledger refolded() {
    Ledger again = new Ledger();
    refold(again);
    return again;
  }

  /// What every entry of the log did.
  List<Applied> refold(Ledger again) {
    List<Applied> applied = new ArrayList<>();
    for (byte[] bytes : log) {
      applied.add(again.apply(reader.read(again.size(), bytes)));
    }
    return applied;
  }

  /// A true commitment to the ratings of so many entries.
  Event.RatingsCommitted commitment(long size) {
    return commitment(size, ledger.ratingsRoot(size).orElseThrow());
  }

  Event.RatingsCommitted commitment(long size, String root) {
    return Event.RatingsCommitted.sign(REGISTRAR, now, "ledger-1", ORIGIN, size, root);
  }

  /// What a proposal says, beside who makes it to whom.
  record Terms(
      @Nullable Double amount,
      @Nullable Double expires,
      @Nullable Integer proposerStake,
      @Nullable Integer acceptorStake,
      @Nullable String capability) {

    static final Terms PLAIN = new Terms(null, null, null, null, null);

    Terms worth(double units) {
      return new Terms(units, expires, proposerStake, acceptorStake, capability);
    }

    Terms lapsingAfter(double seconds) {
      return new Terms(amount, seconds, proposerStake, acceptorStake, capability);
    }

    Terms staking(int proposer, int acceptor) {
      return new Terms(amount, expires, proposer, acceptor, capability);
    }

    Terms inSkill(String name) {
      return new Terms(amount, expires, proposerStake, acceptorStake, name);
    }

    Statement to(Identity recipient) {
      return new Statement.Proposal(
          recipient.id(),
          "task",
          number(amount),
          null,
          null,
          null,
          number(expires),
          proposerStake,
          capability);
    }

    private static @Nullable JsonNumber number(@Nullable Double value) {
      return value == null ? null : JsonNumber.exactly(BigDecimal.valueOf(value)).orElseThrow();
    }
  }
}
