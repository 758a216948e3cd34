package org.agentchat.schemas;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.EvmKey;
import org.agentchat.schemas.escrow.EvmSignature;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.escrow.WalletBinding;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.message.AdminKey;
import org.agentchat.schemas.message.AdminMessage;
import org.agentchat.schemas.message.ChatCodec;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.message.RatingChange;
import org.agentchat.schemas.message.RatingChanges;
import org.agentchat.schemas.message.SkillListing;
import org.agentchat.schemas.message.SkillQuery;
import org.agentchat.schemas.message.StakeOutcome;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Random values of every wire type, the same for the same seed, with a liking for odd ones.
public final class Samples {
  private static final String ID =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";
  private static final List<String> ODD =
      List.of(
          "\"",
          "\\",
          "/",
          "|",
          "\0",
          "\b",
          "\t",
          "\n",
          "\f",
          "\r",
          "\u001f",
          "\u007f",
          "\u0080",
          "\u2028",
          "\u2029",
          "\ufeff",
          "\ufffd",
          "\uffff",
          "\ud83d\ude02",
          "\udbff\udfff",
          "é",
          "e\u0301",
          "</script>",
          "{}",
          "@",
          "#",
          "null",
          " ");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "10",
          "0.1",
          "0.05",
          "1e21",
          "1e-7",
          "2.2250738585072014e-308",
          "1.7976931348623157e308",
          "123456789012345680000",
          "9007199254740991",
          "9007199254740992",
          "4.35");

  /// What a component of these names may hold; any other text is any text.
  private static final Map<String, List<String>> WORDS =
      Map.ofEntries(
          Map.entry("Proposal.status", List.of("pending")),
          Map.entry("Accept.status", List.of("accepted")),
          Map.entry("Reject.status", List.of("rejected")),
          Map.entry("Complete.status", List.of("completed")),
          Map.entry("Dispute.status", List.of("disputed")),
          Map.entry("Expired.status", List.of("expired")),
          Map.entry("PresenceChanged.presence", ChatCodec.STATUSES),
          Map.entry("VerifyRequest.status", List.of("pending")),
          Map.entry("AdminResult.action", List.of("approve", "list", "motd", "verify")),
          Map.entry("StakeOutcome.settlement", List.of("returned", "transferred", "burned")),
          Map.entry("Receipt.type", List.of("COMPLETE", "DISPUTE", "VERDICT")),
          Map.entry("Receipt.disputeId", List.of("disp_x")),
          Map.entry("Receipt.status", List.of("completed", "disputed")),
          Map.entry("Leg.type", Statement.TYPES),
          Map.entry("Leg.scheme", List.of(Scheme.JOINED, Scheme.BOUND)),
          Map.entry("Leg.leafHash", List.of("0f".repeat(32))));

  private final Random random;
  private final List<Identity> identities;

  /// @param seed names the values
  public Samples(long seed) {
    this.random = new Random(seed);
    this.identities = IntStream.range(0, 4).mapToObj(_ -> fresh()).toList();
  }

  private Identity fresh() {
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    return Identity.ofSeed("sample", seed, Instant.EPOCH);
  }

  /// The source of every choice.
  public Random random() {
    return random;
  }

  /// One of the values.
  public <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /// The value, or null.
  public <T> @Nullable T maybe(Supplier<T> value) {
    return random.nextBoolean() ? value.get() : null;
  }

  /// Text with a UTF-8 form.
  public String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(random.nextInt(3) == 0 ? one(ODD) : token(1, 6));
    }
    return text.toString();
  }

  private String some() {
    return token(1, 4) + text();
  }

  /// Letters, digits, hyphens and underscores.
  public String token(int min, int max) {
    StringBuilder token = new StringBuilder();
    for (int i = min + random.nextInt(max - min + 1); i > 0; i--) {
      token.append(ID.charAt(random.nextInt(ID.length())));
    }
    return token.toString();
  }

  /// A key pair.
  public Identity identity() {
    return one(identities);
  }

  /// A public key.
  public AgentKey key() {
    return identity().key();
  }

  /// A short name.
  public AgentId agent() {
    return random.nextBoolean() ? key().id() : new AgentId(token(1, 64));
  }

  /// Zero or more, exactly a double.
  public JsonNumber number() {
    BigDecimal decimal =
        random.nextBoolean()
            ? new BigDecimal(one(NUMBERS))
            : BigDecimal.valueOf(random.nextInt(1_000_000), random.nextInt(5));
    return JsonNumber.exactly(decimal).orElseThrow();
  }

  /// Milliseconds since 1970.
  public long millis() {
    return random.nextInt(5) == 0 ? (1L << 53) - 1 : 1_795_223_288_755L + random.nextInt();
  }

  private int stake() {
    return random.nextInt(5) == 0 ? Integer.MAX_VALUE : random.nextInt(3) * 10;
  }

  private String proposalId() {
    return "prop_" + token(26, 26);
  }

  /// One statement of each kind.
  public List<Statement> statements() {
    return List.of(
        proposal(),
        new Statement.Accept(proposalId(), maybe(this::text), maybe(this::stake)),
        new Statement.Reject(proposalId(), maybe(this::text)),
        new Statement.Complete(proposalId(), maybe(this::text)),
        new Statement.Dispute(proposalId(), some()),
        new RegisterSkills(skills()),
        new CourtStatement.DisputeIntent(proposalId(), some(), token(1, 128)),
        new CourtStatement.DisputeReveal(proposalId(), token(16, 64)),
        new CourtStatement.Evidence(disputeId(), items(), text()),
        new CourtStatement.ArbiterAccept(disputeId()),
        new CourtStatement.ArbiterDecline(disputeId(), maybe(this::text)),
        new CourtStatement.ArbiterVote(disputeId(), one(List.of(Verdict.values())), text()),
        KeyStatement.RotateKey.of(identity(), identity(), token(1, 64)),
        new KeyStatement.RevokeKey(maybe(this::text)),
        walletBind(identity()),
        new EscrowStatement.EscrowLocked(
            proposalId(), hash(), chain(), address(), hash(), count(), hash()),
        new EscrowStatement.EscrowSettled(
            proposalId(),
            hash(),
            chain(),
            address(),
            hash(),
            count(),
            hash(),
            tokenAmount(),
            tokenAmount(),
            one(List.of(EscrowOutcome.values()))),
        new EscrowStatement.EscrowRefunded(
            proposalId(), hash(), chain(), address(), hash(), count(), hash()),
        new DeploymentStatement.DeploymentRunning(
            proposalId(), "akashnet-2", leases(), count(), text()),
        new DeploymentStatement.DeploymentClosed(proposalId(), "sandbox-2", count(), some()),
        new DeploymentStatement.DeploymentFailed(proposalId(), "sandbox-2", count(), some()));
  }

  private String leases() {
    String lease = "%s/%d/1/2/%s".formatted(akash(), 1 + count(), akash());
    return random.nextBoolean() ? lease : lease + " " + lease;
  }

  private String akash() {
    return "akash1" + "q".repeat(36) + HexFormat.of().formatHex(bytes(1));
  }

  /// A binding that its wallet agreed to, or is said to.
  private EscrowStatement.WalletBind walletBind(Identity signer) {
    EvmKey wallet = EvmKey.of(bytes(32));
    EvmAddress contract = address();
    EvmChain chain = chain();
    String nonce = HexFormat.of().formatHex(bytes(32));
    long notAfter = count();
    WalletBinding binding =
        new WalletBinding(
            new EscrowContract(chain, contract), signer.key(), wallet.address(), notAfter, nonce);
    EvmSignature signature =
        random.nextInt(3) == 0
            ? EvmSignature.of(bytes(66 + random.nextInt(200)))
            : wallet.sign(binding.digest());
    return new EscrowStatement.WalletBind(
        new EvmAccount(chain, wallet.address()), contract, signature, nonce, notAfter);
  }

  /// The terms of an escrow.
  public EscrowTerms escrowTerms() {
    return new EscrowTerms(
        new TokenAmount(new BigInteger(1 + random.nextInt(128), random).max(BigInteger.ONE)),
        address(),
        chain(),
        address(),
        count(),
        1 + random.nextLong(EscrowTerms.MAX_PERIOD_SECONDS),
        key().id(),
        maybeZero(),
        1 + random.nextLong(EscrowTerms.MAX_PERIOD_SECONDS),
        random.nextInt(EscrowTerms.MAX_BPS + 1),
        maybeZero());
  }

  private EvmAddress maybeZero() {
    return random.nextBoolean() ? EvmAddress.ZERO : address();
  }

  private EvmAddress address() {
    return EvmAddress.of(bytes(EvmAddress.BYTES));
  }

  private EvmHash hash() {
    return EvmHash.of(bytes(32));
  }

  private EvmChain chain() {
    return new EvmChain(random.nextInt(5) == 0 ? (1L << 53) - 1 : 1 + random.nextInt(100_000));
  }

  private long count() {
    return random.nextInt(5) == 0 ? (1L << 53) - 1 : random.nextInt(Integer.MAX_VALUE);
  }

  private TokenAmount tokenAmount() {
    return new TokenAmount(new BigInteger(random.nextInt(257), random));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private String disputeId() {
    return "disp_" + token(26, 26);
  }

  private JsonText skills() {
    ArrayNode skills = JsonNodeFactory.instance.arrayNode();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      ObjectNode skill = skills.addObject().put("capability", token(1, 64));
      skill.set(token(1, 5), Json.parse(number().text()));
    }
    return JsonText.of(skills);
  }

  private SkillQuery query() {
    return SkillQuery.of(
        maybe(this::text), maybe(this::number), maybe(this::text), maybe(this::stake));
  }

  private SkillListing listing() {
    return new SkillListing(
        agent(),
        JsonNodeFactory.instance.objectNode().put("capability", text()).put(token(1, 5), text()),
        millis(),
        stake(),
        stake(),
        stake(),
        stake(),
        maybe(this::text));
  }

  private JsonText items() {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    for (int i = random.nextInt(3); i > 0; i--) {
      items.addObject().put("kind", token(1, 5)).put(token(1, 5), text());
    }
    return JsonText.of(items);
  }

  private Statement proposal() {
    return new Statement.Proposal(
        agent(),
        some(),
        maybe(this::number),
        maybe(this::text),
        maybe(this::text),
        maybe(this::text),
        maybe(() -> JsonNumber.of(random.nextInt(100_000))),
        maybe(this::stake),
        maybe(() -> token(1, 64)),
        random.nextInt(3) == 0 ? escrowTerms() : null);
  }

  /// A scheme that can carry the statement.
  public Scheme scheme(Statement statement) {
    if (random.nextBoolean() && joins(statement)) {
      return new Scheme.Joined();
    }
    String nonce = statement.json().path("nonce").asString(token(16, 64));
    return new Scheme.Bound(token(1, 128), millis(), nonce);
  }

  private static boolean joins(Statement statement) {
    boolean boundOnly =
        statement instanceof KeyStatement
            || statement instanceof EscrowStatement
            || statement instanceof DeploymentStatement
            || statement.json().has("escrow");
    return !boundOnly && !statement.json().toString().contains("|");
  }

  /// The statement, signed.
  public SignedStatement signed(Statement statement) {
    Identity signer = identity();
    Statement owned =
        statement instanceof EscrowStatement.WalletBind ? walletBind(signer) : statement;
    Scheme scheme = scheme(owned);
    return SignedStatement.sign(signer, scheme, agreed(signer, scheme, owned));
  }

  /// A rotation is agreed for its signer and its log only.
  private Statement agreed(Identity signer, Scheme scheme, Statement statement) {
    return statement instanceof KeyStatement.RotateKey && scheme instanceof Scheme.Bound bound
        ? KeyStatement.RotateKey.of(signer, identity(), bound.origin())
        : statement;
  }

  /// One event of each kind, a statement event for each kind of statement.
  public List<Event> events() {
    Stream<Event> stated = statements().stream().map(this::signed).map(this::stated);
    Stream<Event> own =
        Stream.of(
            new Event.Genesis(millis(), token(1, 64), token(1, 128)),
            new Event.PanelNonce(millis(), token(1, 64), disputeId(), token(1, 128)),
            Event.RatingsCommitted.sign(
                identity(),
                millis(),
                token(1, 64),
                token(1, 128),
                1 + random.nextLong(1L << 52),
                Sha256.hex(text())),
            new Event.Tick(millis(), token(1, 64)));
    return Stream.concat(own, stated).toList();
  }

  private Event stated(SignedStatement signed) {
    boolean proposal = signed.statement() instanceof Statement.Proposal;
    boolean filing = signed.statement() instanceof CourtStatement.DisputeIntent;
    return new Event.Stated(
        millis(),
        token(1, 64),
        signed,
        proposal ? maybe(this::key) : null,
        filing ? maybe(this::pool) : null);
  }

  private Event.Pool pool() {
    List<AgentId> agents =
        Stream.generate(this::agent).limit(random.nextInt(5)).distinct().sorted().toList();
    return new Event.Pool(agents, Sha256.hex(text()));
  }

  /// One client message of each kind, a statement message for each kind of statement.
  public List<ClientMessage> clientMessages() {
    Stream<ClientMessage> plain =
        Stream.of(
            new ClientMessage.Identify(token(1, 32), maybe(this::key), maybe(this::millis)),
            new ClientMessage.VerifyIdentity(
                some(), some(), JsonNumber.of(millis()), one(List.of(Scheme.JOINED, Scheme.BOUND))),
            new ClientMessage.Join("#" + token(1, 31)),
            new ClientMessage.Leave("#" + token(1, 31)),
            new ClientMessage.Msg("#" + token(1, 31), text(), null, null, maybe(this::text)),
            ClientMessageCodec.signed(
                identity(), agent().toString(), text(), millis(), maybe(this::text)),
            new ClientMessage.ListChannels(),
            new ClientMessage.ListAgents("#" + token(1, 31)),
            new ClientMessage.Resume(random.nextInt(1000) - 1L),
            new ClientMessage.SearchSkills(query(), maybe(this::text)),
            new ClientMessage.Ping(),
            new ChatMessage.SetPresence(one(ChatCodec.STATUSES), maybe(this::text)),
            new ChatMessage.SetNick(token(1, 24)),
            new ChatMessage.Typing("#" + token(1, 31)),
            new ChatMessage.RespondingTo(some(), "#" + token(1, 31), number()),
            new ChatMessage.CreateChannel(
                "#" + token(1, 31), random.nextBoolean(), random.nextBoolean()),
            new ChatMessage.Invite("#" + token(1, 31), agent()),
            new ChatMessage.FileChunk(agent().toString(), text()),
            new ChatMessage.VerifyRequest(agent(), token(16, 128)),
            new ChatMessage.VerifyResponse(some(), some(), some()));
    Stream<ClientMessage> stated =
        statements().stream()
            .map(this::signed)
            .map(signed ->
                new ClientMessage.State(
                    signed.statement(),
                    signed.scheme(),
                    signed.signature().base64(),
                    signed.scheme() instanceof Scheme.Bound ? signed.key() : null));
    return Stream.of(plain, adminMessages(), stated).flatMap(one -> one).toList();
  }

  private Stream<ClientMessage> adminMessages() {
    return Stream.of(
        new ClientMessage.CaptchaResponse(token(1, 128), some()),
        new AdminMessage.Approve(key(), maybe(this::adminKey), maybe(this::text)),
        new AdminMessage.Revoke(key(), maybe(this::agent), maybe(this::adminKey)),
        new AdminMessage.Revoke(null, agent(), maybe(this::adminKey)),
        new AdminMessage.ListApproved(maybe(this::adminKey)),
        new AdminMessage.Kick(agent(), maybe(this::adminKey), maybe(this::text)),
        new AdminMessage.Ban(agent(), maybe(this::adminKey), maybe(this::text)),
        new AdminMessage.Unban(agent(), maybe(this::adminKey)),
        new AdminMessage.SetMotd(
            maybe(this::adminKey), maybe(this::some), maybe(random::nextBoolean)),
        new AdminMessage.Vouch(agent(), maybe(this::adminKey), random.nextBoolean()));
  }

  private AdminKey adminKey() {
    return AdminKey.of(some());
  }

  /// A record with random components.
  public <R extends Record> R record(Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      boolean absent = isNullable(components[i]) && random.nextBoolean();
      String name = type.getSimpleName() + "." + components[i].getName();
      values[i] = absent ? null : component(name, components[i].getAnnotatedType());
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type + " refused its components", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.toString(), e);
    }
  }

  /// Whether the component may be null.
  public static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private Object component(String name, AnnotatedType annotated) {
    Type type = annotated.getType();
    if (WORDS.containsKey(name)) {
      return one(WORDS.getOrDefault(name, List.of()));
    }
    if (annotated instanceof AnnotatedParameterizedType list) {
      AnnotatedType element = list.getAnnotatedActualTypeArguments()[0];
      return IntStream.range(0, random.nextInt(4)).mapToObj(_ -> component("", element)).toList();
    }
    if (type == String.class) {
      return text();
    }
    if (type == AgentId.class) {
      return agent();
    }
    if (type == long.class || type == Long.class) {
      return millis();
    }
    if (type == int.class || type == Integer.class) {
      return stake();
    }
    if (type == boolean.class || type == Boolean.class) {
      return random.nextBoolean();
    }
    if (type == Verdict.class) {
      return one(List.of(Verdict.values()));
    }
    if (type == EscrowTerms.class) {
      return escrowTerms();
    }
    if (type == EvmAddress.class) {
      return address();
    }
    if (type == EvmHash.class) {
      return hash();
    }
    if (type == EvmChain.class) {
      return chain();
    }
    if (type == EvmAccount.class) {
      return new EvmAccount(chain(), address());
    }
    if (type == TokenAmount.class) {
      return tokenAmount();
    }
    if (type == EscrowOutcome.class) {
      return one(List.of(EscrowOutcome.values()));
    }
    if (type == JsonNumber.class) {
      return number();
    }
    if (type == JsonNode.class) {
      return query().text().value();
    }
    if (type == SkillListing.class) {
      return listing();
    }
    if (type == RatingChanges.class) {
      return ratingChanges();
    }
    return record(((Class<?>) type).asSubclass(Record.class));
  }

  private RatingChanges ratingChanges() {
    Map<String, RatingChange> agents = new LinkedHashMap<>();
    for (Identity identity : identities.subList(0, random.nextInt(3))) {
      agents.put(identity.id().toString(), record(RatingChange.class));
    }
    return new RatingChanges(agents, maybe(() -> record(StakeOutcome.class)));
  }

  /// The bytes with a few bits, bytes or stretches changed.
  public byte[] mutated(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int times = 1 + random.nextInt(3); times > 0 && changed.length > 2; times--) {
      changed = mutatedOnce(changed);
    }
    return changed;
  }

  private byte[] mutatedOnce(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int to = at + random.nextInt(Math.min(24, bytes.length - at) + 1);
    return switch (random.nextInt(7)) {
      case 0 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
      case 1 -> splice(bytes, at, bytes.length, new byte[0]);
      case 2 -> splice(bytes, at, to, new byte[0]);
      case 3 -> splice(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
      case 4 -> splice(bytes, at, at, one(ODD).getBytes(StandardCharsets.UTF_8));
      case 5 -> {
        int other = random.nextInt(bytes.length);
        byte swapped = bytes[at];
        bytes[at] = bytes[other];
        bytes[other] = swapped;
        yield bytes;
      }
      default -> {
        bytes[at] = (byte) "0123456789eE+-.,:{}[]\"\\tfn".charAt(random.nextInt(26));
        yield bytes;
      }
    };
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
    byte[] spliced = new byte[from + middle.length + bytes.length - to];
    System.arraycopy(bytes, 0, spliced, 0, from);
    System.arraycopy(middle, 0, spliced, from, middle.length);
    System.arraycopy(bytes, to, spliced, from + middle.length, bytes.length - to);
    return spliced;
  }
}
