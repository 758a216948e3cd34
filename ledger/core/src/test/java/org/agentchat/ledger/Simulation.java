package org.agentchat.ledger;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// A market of agents of whom most are honest, a few are busy, and some try everything.
/// Deterministic: the same seed says the same things to the same ledger.
final class Simulation {
  private static final int AGENTS = 2_000;
  private static final int BUSY_AGENTS = 12;
  private static final int REMEMBERED = 60;
  private static final long MINUTE = 60_000;

  private final Random random;
  private final List<Identity> agents;
  private final List<Proposal> recent = new ArrayList<>();
  private final List<byte[]> said = new ArrayList<>();

  /// Keys by name: those of everybody, and those that came later.
  private final Map<AgentId, Identity> keys = new HashMap<>();

  /// By the name of a key, the key that took its place.
  private final Map<AgentId, Identity> successors = new HashMap<>();

  /// Keys whose owners forget that they have another now.
  private final List<Identity> former = new ArrayList<>();

  private long now = World.START;
  private boolean named;

  /// The proposal that was taken to court last.
  private @Nullable Proposal contested;

  /// What is appended next.
  static final class Step {
    private final byte[] bytes;
    private final Optional<Event.Stated> event;
    private final boolean honest;

    private Step(byte[] bytes, Optional<Event.Stated> event, boolean honest) {
      this.bytes = bytes;
      this.event = event;
      this.honest = honest;
    }

    byte[] bytes() {
      return bytes;
    }

    /// Its event, when it is a statement.
    Optional<Event.Stated> event() {
      return event;
    }

    /// False when the entry must be refused whatever the state.
    boolean honest() {
      return honest;
    }
  }

  Simulation(long seed) {
    this.random = new Random(seed);
    this.agents = new ArrayList<>(IntStream.range(0, AGENTS).mapToObj(_ -> fresh()).toList());
  }

  private Identity fresh() {
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    Identity fresh = Identity.ofSeed("agent", seed, Instant.EPOCH);
    keys.put(fresh.id(), fresh);
    return fresh;
  }

  /// What is said next.
  ///
  /// @param ledger the state that agents look at before they speak
  Step next(Ledger ledger) {
    letTimePass(ledger);
    if (!named) {
      named = true;
      return own(new Event.Genesis(now, "relay-1", World.ORIGIN));
    }
    int choice = random.nextInt(100);
    if (choice < 3) {
      return own(new Event.Tick(now, "relay-2"));
    }
    if (choice < 4 && random.nextInt(3) > 0) {
      return ratings(ledger);
    }
    if (choice < 4) {
      return own(new Event.Genesis(now, "relay-3", "other.example/log"));
    }
    if (choice < 6) {
      return garbage();
    }
    if (choice < 8 && !said.isEmpty()) {
      return again();
    }
    Event.Stated event = choice == 10 ? keyChange() : said(statement(choice));
    return choice < 97 ? honest(event) : forged(event);
  }

  /// Mostly a true commitment to a recent size; at times a false root, a size of long ago or to
  /// come, the ratings of another log, or a signature that is not the ledger's.
  private Step ratings(Ledger ledger) {
    int choice = random.nextInt(12);
    long back = choice == 0 ? random.nextLong(-2, 2 * Ratings.WINDOW) : random.nextLong(4);
    long size = Math.max(1, ledger.size() - back);
    String root = ledger.ratingsRoot(size).orElse("00".repeat(32));
    String origin = choice == 1 ? "other.example/log" : World.ORIGIN;
    Event.RatingsCommitted event =
        Event.RatingsCommitted.sign(
            anybody(), now, "ledger-1", origin, size, choice == 2 ? Sha256.hex(root) : root);
    if (choice != 3) {
      return own(event);
    }
    Event forged =
        new Event.RatingsCommitted(
            now, "ledger-1", origin, size, root, event.key(), altered(event.sig()));
    return new Step(EventCodec.encode(forged), Optional.empty(), false);
  }

  private Event.Stated said(Statement statement) {
    return stated(signer(statement), scheme(statement), statement);
  }

  /// Mostly a rotation to a new key, at times to one that is somebody's already; seldom the end.
  /// Some agents change keys again and again.
  private Event.Stated keyChange() {
    Identity signer = random.nextInt(4) == 0 ? anybody() : agents.get(random.nextInt(2));
    Scheme.Bound scheme = new Scheme.Bound(World.ORIGIN, now, "%016x".formatted(random.nextLong()));
    if (random.nextInt(12) == 0) {
      return stated(signer, scheme, new KeyStatement.RevokeKey(maybe(2, "lost")));
    }
    Identity next = random.nextInt(10) == 0 ? anybody() : fresh();
    return stated(signer, scheme, KeyStatement.RotateKey.of(signer, next, World.ORIGIN));
  }

  private Statement statement(int choice) {
    if (choice < 10) {
      return World.skills(random.nextInt(100), "skill-" + random.nextInt(3));
    }
    return choice < 40 || recent.isEmpty() ? proposal() : answer();
  }

  /// What came of it.
  void learn(Applied applied) {
    World.effects(applied, Effect.ProposalOpened.class).forEach(opened -> learn(opened.proposal()));
    World.effects(applied, Effect.ProposalAccepted.class)
        .forEach(accepted -> learn(accepted.proposal()));
    World.effects(applied, Effect.KeyRotated.class)
        .forEach(rotated -> {
          successors.put(rotated.old().id(), keys.get(rotated.next().id()));
          replace(rotated.old(), rotated.next());
        });
    World.effects(applied, Effect.KeyRevoked.class)
        .forEach(revoked -> replace(revoked.key(), fresh().key()));
    World.effects(applied, CourtEffect.DisputeFiled.class)
        .forEach(filed -> contested = filed.proposal());
  }

  private Identity latest(Identity key) {
    Identity latest = key;
    while (successors.containsKey(latest.id())) {
      latest = successors.get(latest.id());
    }
    return latest;
  }

  /// Whoever lost a key comes back with another.
  private void replace(AgentKey old, AgentKey next) {
    Identity ended = keys.get(old.id());
    Identity later = keys.get(next.id());
    former.add(ended);
    agents.replaceAll(agent -> agent == ended ? later : agent);
  }

  private void learn(Proposal proposal) {
    recent.removeIf(known -> known.id().equals(proposal.id()));
    recent.add(proposal);
    if (recent.size() > REMEMBERED) {
      recent.removeFirst();
    }
  }

  /// Mostly minutes, at times hours or days, at times exactly until or just before the next
  /// deadline, at times backwards.
  private void letTimePass(Ledger ledger) {
    int choice = random.nextInt(1000);
    if (choice < 900) {
      now += random.nextLong(MINUTE);
    } else if (choice < 930) {
      now -= random.nextLong(5 * MINUTE);
    } else if (choice < 990) {
      long deadline = ledger.nextDeadline().orElse(now);
      now = Math.min(Math.max(now, deadline - random.nextInt(2)), now + 600 * MINUTE);
    } else if (choice < 998) {
      now += random.nextLong(120 * MINUTE);
    } else {
      now += random.nextLong(31L * 24 * 60 * MINUTE);
    }
  }

  private Identity anybody() {
    if (!former.isEmpty() && random.nextInt(20) == 0) {
      return former.get(random.nextInt(former.size()));
    }
    return agents.get(random.nextInt(random.nextInt(4) == 0 ? AGENTS : BUSY_AGENTS));
  }

  private Statement proposal() {
    return new Statement.Proposal(
        anybody().id(),
        "task " + random.nextInt(1000),
        maybe(2, new JsonNumber(BigDecimal.valueOf(random.nextInt(200)).toPlainString())),
        null,
        null,
        null,
        maybe(2, JsonNumber.of(random.nextInt(20_000))),
        maybe(2, stake()),
        maybe(5, "skill-" + random.nextInt(3)));
  }

  private int stake() {
    return switch (random.nextInt(12)) {
      case 0 -> random.nextInt(3_000);
      case 1, 2 -> 1_080 + random.nextInt(30);
      default -> random.nextInt(120);
    };
  }

  private Statement answer() {
    Proposal proposal = recent.get(random.nextInt(recent.size()));
    String id = random.nextInt(40) == 0 ? "prop_unknown" : proposal.id();
    boolean open = proposal.status() == Proposal.Status.PENDING;
    int choice = random.nextInt(20);
    if (choice < 2) {
      return new Statement.Reject(id, maybe(2, "busy"));
    }
    if (open ? choice < 18 : choice < 3) {
      return new Statement.Accept(id, null, maybe(2, stake()));
    }
    if (choice < 12) {
      return new Statement.Complete(id, maybe(2, "tx"));
    }
    return choice < 16 ? new Statement.Dispute(id, "no") : inCourt(id);
  }

  /// A nonce is one of a few, so that commitments are met, missed and used again.
  private Statement inCourt(String id) {
    String nonce = "the-nonce-%06d".formatted(random.nextInt(3));
    if (random.nextInt(3) > 0 && contested != null) {
      return new CourtStatement.DisputeReveal(contested.id(), nonce);
    }
    return new CourtStatement.DisputeIntent(id, "bad work", Sha256.hex(nonce));
  }

  private Identity signer(Statement statement) {
    return switch (statement) {
      case Statement.Proposal _, RegisterSkills _ -> anybody();
      case Statement.Accept accept -> party(accept.proposalId(), 12);
      case Statement.Reject reject -> party(reject.proposalId(), 12);
      case Statement.Complete complete -> party(complete.proposalId(), 2);
      case Statement.Dispute dispute -> party(dispute.proposalId(), 2);
      case CourtStatement.DisputeIntent intent -> party(intent.proposalId(), 2);
      case CourtStatement.DisputeReveal reveal -> party(reveal.proposalId(), 2);
      case CourtStatement _, KeyStatement _, EscrowStatement _, DeploymentStatement _ ->
          throw new IllegalStateException("not in the simulation");
    };
  }

  /// The recipient; once in so many times the proposer or a stranger.
  private Identity party(String id, int seldom) {
    Optional<Proposal> known =
        Stream.concat(Stream.ofNullable(contested), recent.stream())
            .filter(p -> p.id().equals(id))
            .findFirst();
    if (known.isEmpty() || random.nextInt(30) == 0) {
      return anybody();
    }
    AgentId wanted = random.nextInt(seldom) == 0 ? known.get().from() : known.get().to();
    Identity signed = keys.get(wanted);
    return random.nextInt(5) == 0 ? signed : latest(signed);
  }

  private Event.Stated stated(Identity signer, Scheme scheme, Statement statement) {
    SignedStatement signed = SignedStatement.sign(signer, scheme, statement);
    return new Event.Stated(now, "relay-1", signed, recipient(statement), pool(statement));
  }

  private Event.@Nullable Pool pool(Statement statement) {
    List<AgentId> online = agents.stream().limit(BUSY_AGENTS).map(Identity::id).sorted().toList();
    return statement instanceof CourtStatement.DisputeIntent
        ? new Event.Pool(online, Sha256.hex("relay"))
        : null;
  }

  private Scheme scheme(Statement statement) {
    return statement instanceof CourtStatement.DisputeReveal ? new Scheme.Joined() : scheme();
  }

  private Scheme scheme() {
    String origin = random.nextInt(60) == 0 ? "other.example/log" : World.ORIGIN;
    long off = random.nextInt(30) == 0 ? random.nextLong(-700_000, 700_000) : 0;
    String nonce = "%016x".formatted(random.nextInt(60) == 0 ? 7L : random.nextLong());
    return random.nextInt(4) == 0
        ? new Scheme.Joined()
        : new Scheme.Bound(origin, now + off, nonce);
  }

  private @Nullable AgentKey recipient(Statement statement) {
    if (!(statement instanceof Statement.Proposal proposal)) {
      return null;
    }
    return switch (random.nextInt(60)) {
      case 0 -> null;
      case 1 -> anybody().key();
      default -> keys.get(proposal.to()).key();
    };
  }

  private static Step own(Event event) {
    return new Step(EventCodec.encode(event), Optional.empty(), true);
  }

  private Step honest(Event.Stated event) {
    byte[] bytes = EventCodec.encode(event);
    said.add(bytes);
    if (said.size() > REMEMBERED) {
      said.removeFirst();
    }
    return new Step(bytes, Optional.of(event), true);
  }

  /// The very bytes of an earlier statement.
  private Step again() {
    byte[] bytes = said.get(random.nextInt(said.size()));
    try {
      return new Step(bytes, Optional.of((Event.Stated) EventCodec.decode(bytes)), true);
    } catch (MalformedEventException e) {
      throw new IllegalStateException(e);
    }
  }

  private Step forged(Event.Stated event) {
    SignedStatement signed = event.signed();
    SignedStatement forged =
        new SignedStatement(
            signed.statement(), signed.scheme(), signed.key(), altered(signed.signature()));
    Event.Stated changed =
        new Event.Stated(event.at(), event.relay(), forged, event.recipient(), event.pool());
    return new Step(EventCodec.encode(changed), Optional.of(changed), false);
  }

  private Signature altered(Signature signature) {
    byte[] raw = signature.raw();
    raw[random.nextInt(raw.length)] ^= (byte) (1 << random.nextInt(8));
    return Signature.ofRaw(raw);
  }

  private Step garbage() {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return new Step(bytes, Optional.empty(), false);
  }

  private <T> @Nullable T maybe(int times, T value) {
    return random.nextInt(times) == 0 ? value : null;
  }
}
