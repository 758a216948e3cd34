package org.agentchat.hooks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.EvmKey;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.escrow.WalletBinding;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.ProposalId;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// A log that tests write as a story, with the fold over it and the notices of every entry. The
/// same story gives the same bytes.
final class Story {
  static final String ORIGIN = "example.com/log";
  static final long START = 1_795_000_000_000L;
  static final Identity ALICE = agent("alice");
  static final Identity BOB = agent("bob");
  static final Identity CAROL = agent("carol");
  static final Identity OBSERVER = agent("observer");

  private static final String RELAY = "relay";
  private static final String NETWORK = "akashnet-2";
  private static final int JUDGES = 11;
  private static final EscrowContract CONTRACT =
      new EscrowContract(new EvmChain(31_337), EvmAddress.of(address("contract")));
  private static final TokenAmount AMOUNT = TokenAmount.of("1000000000000000000");

  final Ledger ledger = new Ledger();
  final List<byte[]> events = new ArrayList<>();
  final List<Notice> notices = new ArrayList<>();

  private final EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
  private long clock = START;
  private int nonces;

  private Story() {}

  /// What a proposal may say.
  record Offer(
      String task,
      @Nullable Integer amount,
      @Nullable String currency,
      @Nullable Integer expires,
      @Nullable Integer stake,
      @Nullable String capability,
      @Nullable EscrowTerms escrow) {
    static final Offer PLAIN = new Offer("a task", null, null, null, null, null, null);

    static Offer staking(int stake) {
      return new Offer("a task", 10, "SOL", null, stake, null, null);
    }

    static Offer in(String capability) {
      return new Offer("a task", 10, "SOL", null, null, capability, null);
    }
  }

  static Story begun() {
    Story story = new Story();
    story.append(new Event.Genesis(START, RELAY, ORIGIN));
    return story;
  }

  static Identity agent(String name) {
    return Identity.ofSeed(name, hash(name), Instant.EPOCH);
  }

  private static byte[] hash(String name) {
    return Sha256.of(name.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] address(String name) {
    return Arrays.copyOf(hash(name), EvmAddress.BYTES);
  }

  Story later(Duration time) {
    clock += time.toMillis();
    return this;
  }

  Story tick() {
    append(new Event.Tick(clock, RELAY));
    return this;
  }

  String propose(Identity from, Identity to, Offer offer) {
    Statement terms =
        new Statement.Proposal(
            to.id(),
            offer.task(),
            number(offer.amount()),
            offer.currency(),
            null,
            null,
            number(offer.expires()),
            offer.stake(),
            offer.capability(),
            offer.escrow());
    Applied opened = append(stated(from, bound(), terms, to, null));
    return ProposalId.of(opened.entry().hash());
  }

  private static @Nullable JsonNumber number(@Nullable Integer value) {
    return value == null ? null : JsonNumber.of(value);
  }

  Story says(Identity by, Statement statement) {
    append(stated(by, bound(), statement, null, null));
    return this;
  }

  Story accept(Identity by, String id, @Nullable Integer stake) {
    return says(by, new Statement.Accept(id, null, stake));
  }

  Story complete(Identity by, String id) {
    return says(by, new Statement.Complete(id, "tx:abc"));
  }

  Story dispute(Identity by, String id) {
    return says(by, new Statement.Dispute(id, "not delivered"));
  }

  /// A deal without stakes from offer to end: four notices.
  String finish(Identity from, Identity to, Offer offer) {
    String id = propose(from, to, offer);
    accept(to, id, null).complete(from, id);
    return id;
  }

  Story rotate(Identity old, Identity next) {
    return says(old, KeyStatement.RotateKey.of(old, next, ORIGIN));
  }

  /// A deal whose panel finds against its proposer's opponent.
  ///
  /// @return the deal
  String verdict(Verdict verdict, @Nullable Integer stakes) {
    Map<AgentId, Identity> judges = new HashMap<>();
    List<Identity> all = IntStream.range(0, JUDGES).mapToObj(i -> agent("judge-" + i)).toList();
    for (int i = 0; i < JUDGES; i++) {
      judges.put(all.get(i).id(), all.get(i));
      for (int j = 0; j < i; j++) {
        finish(all.get(i), all.get(j), Offer.PLAIN);
      }
    }
    later(Duration.ofDays(7)).tick();
    Offer offer = new Offer("contested", 10, null, null, stakes, "code", null);
    String deal = propose(ALICE, BOB, offer);
    accept(BOB, deal, stakes);
    String nonce = "nonce-of-the-disputant";
    String relayNonce = "nonce-of-the-relay";
    Event.Pool pool =
        new Event.Pool(judges.keySet().stream().sorted().toList(), Sha256.hex(relayNonce));
    Statement intent = new CourtStatement.DisputeIntent(deal, "bad work", Sha256.hex(nonce));
    Applied filed = append(stated(ALICE, bound(), intent, null, pool));
    String dispute = ((CourtEffect.DisputeFiled) filed.effects().getLast()).dispute().id();
    append(
        stated(
            ALICE,
            new Scheme.Bound(ORIGIN, clock, nonce),
            new CourtStatement.DisputeReveal(deal, nonce),
            null,
            null));
    append(new Event.PanelNonce(clock, RELAY, dispute, relayNonce));
    for (int seat = 0; seat < 3; seat++) {
      says(arbiter(judges, dispute, seat), new CourtStatement.ArbiterAccept(dispute));
    }
    JsonText items = JsonText.of(Json.parse("[]"));
    says(ALICE, new CourtStatement.Evidence(dispute, items, "nothing came"));
    says(BOB, new CourtStatement.Evidence(dispute, items, "it did"));
    later(Duration.ofHours(1)).tick();
    for (int seat = 0; seat < 3; seat++) {
      says(
          arbiter(judges, dispute, seat),
          new CourtStatement.ArbiterVote(dispute, verdict, "so it is"));
    }
    return deal;
  }

  private Identity arbiter(Map<AgentId, Identity> judges, String dispute, int seat) {
    Dispute open = ledger.dispute(dispute).orElseThrow();
    return judges.get(open.panel().seats().get(seat).arbiter());
  }

  /// A deal that demands money, from the wallets to the payout.
  ///
  /// @return the deal
  String escrow(boolean refunded) {
    says(OBSERVER, new RegisterSkills(JsonText.of(Json.parse("[{\"capability\":\"observing\"}]"))));
    bind(ALICE);
    bind(BOB);
    EscrowTerms terms =
        new EscrowTerms(
            AMOUNT,
            EvmAddress.of(address("arbiter")),
            CONTRACT.chain(),
            CONTRACT.address(),
            clock / 1000 + Duration.ofDays(3).toSeconds(),
            Duration.ofDays(7).toSeconds(),
            OBSERVER.id(),
            EvmAddress.ZERO,
            Duration.ofDays(1).toSeconds(),
            5_000,
            EvmAddress.ZERO);
    String deal = propose(ALICE, BOB, new Offer("paid", 1, "ETH", null, null, "code", terms));
    accept(BOB, deal, null);
    says(
        OBSERVER,
        new EscrowStatement.EscrowLocked(
            deal,
            escrowId(deal),
            CONTRACT.chain(),
            CONTRACT.address(),
            evmHash("lock"),
            100,
            evmHash("block 100")));
    if (refunded) {
      later(Duration.ofDays(4)).tick();
      return says(
              OBSERVER,
              new EscrowStatement.EscrowRefunded(
                  deal,
                  escrowId(deal),
                  CONTRACT.chain(),
                  CONTRACT.address(),
                  evmHash("refund"),
                  200,
                  evmHash("block 200")))
          .known(deal);
    }
    return complete(ALICE, deal)
        .says(
            OBSERVER,
            new EscrowStatement.EscrowSettled(
                deal,
                escrowId(deal),
                CONTRACT.chain(),
                CONTRACT.address(),
                evmHash("settle"),
                200,
                evmHash("block 200"),
                AMOUNT,
                TokenAmount.ZERO,
                EscrowOutcome.RELEASED))
        .known(deal);
  }

  /// A deal for machines: they run, are replaced, and are closed long after the deal; or never run.
  ///
  /// @return the deal
  String machines(boolean failed) {
    String deal = propose(ALICE, BOB, Offer.in(DeploymentStatement.CAPABILITY));
    accept(BOB, deal, null);
    if (failed) {
      return says(
              BOB, new DeploymentStatement.DeploymentFailed(deal, NETWORK, 0, "no provider bid"))
          .known(deal);
    }
    return says(BOB, running(deal, 1_001))
        .complete(BOB, deal)
        .says(BOB, running(deal, 1_002))
        .later(Duration.ofDays(2))
        .tick()
        .says(
            BOB,
            new DeploymentStatement.DeploymentClosed(deal, NETWORK, 7_250_000, "its time is over"))
        .known(deal);
  }

  private Statement running(String deal, long dseq) {
    return new DeploymentStatement.DeploymentRunning(
        deal,
        NETWORK,
        lease(dseq),
        clock / 1000 + Duration.ofDays(2).toSeconds(),
        "relay.example.com:443");
  }

  static String lease(long dseq) {
    String owner = "akash1" + "q".repeat(38);
    String provider = "akash1" + "p".repeat(38);
    return "%s/%d/1/1/%s".formatted(owner, dseq, provider);
  }

  private String known(String deal) {
    return deal;
  }

  private EvmHash escrowId(String deal) {
    Proposal proposal = ledger.proposal(deal).orElseThrow();
    return proposal.escrow().id();
  }

  private static EvmHash evmHash(String name) {
    return EvmHash.of(hash(name));
  }

  private void bind(Identity agent) {
    EvmKey wallet = EvmKey.of(hash("wallet of " + agent.id()));
    String nonce =
        HexFormat.of().formatHex(hash("binding %d of %s".formatted(nonces++, agent.id())));
    long notAfter = START / 1000 + Duration.ofDays(3_650).toSeconds();
    WalletBinding binding =
        new WalletBinding(CONTRACT, agent.key(), wallet.address(), notAfter, nonce);
    EscrowStatement.WalletBind bind =
        new EscrowStatement.WalletBind(
            new EvmAccount(CONTRACT.chain(), wallet.address()),
            CONTRACT.address(),
            wallet.sign(binding.digest()),
            nonce,
            notAfter);
    append(stated(agent, new Scheme.Bound(ORIGIN, clock, nonce), bind, null, null));
  }

  private Scheme bound() {
    nonces++;
    return new Scheme.Bound(ORIGIN, clock, "%016d".formatted(nonces));
  }

  private Event stated(
      Identity by,
      Scheme scheme,
      Statement statement,
      @Nullable Identity recipient,
      Event.@Nullable Pool pool) {
    SignedStatement signed = SignedStatement.sign(by, scheme, statement);
    return new Event.Stated(clock, RELAY, signed, recipient == null ? null : recipient.key(), pool);
  }

  private Applied append(Event event) {
    byte[] bytes = EventCodec.encode(event);
    clock++;
    events.add(bytes);
    Applied applied = ledger.apply(reader.read(ledger.size(), bytes));
    applied
        .refusal()
        .ifPresent(refusal -> {
          throw new IllegalStateException(event + " was refused: " + refusal);
        });
    notices.addAll(Notices.of(applied, ledger));
    return applied;
  }

  /// The names of all notices, in order.
  List<String> names() {
    return notices.stream().map(notice -> notice.name().word()).toList();
  }

  /// The last notice of that name.
  Notice last(NoticeName name) {
    return notices.stream()
        .filter(notice -> notice.name() == name)
        .reduce((_, later) -> later)
        .orElseThrow();
  }
}
