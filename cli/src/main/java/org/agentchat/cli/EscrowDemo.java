package org.agentchat.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientSettings;
import org.agentchat.database.Database;
import org.agentchat.database.Tenant;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.ChainSchema;
import org.agentchat.escrow.chain.DevSigners;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.FeePolicy;
import org.agentchat.escrow.chain.Finality;
import org.agentchat.escrow.chain.JdbcTransactionStore;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.escrow.chain.NodeSettings;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.escrow.chain.Stage;
import org.agentchat.escrow.chain.Transactor;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.escrow.devchain.Anvil;
import org.agentchat.hooks.Hook;
import org.agentchat.hooks.Reactor;
import org.agentchat.hooks.ReactorSettings;
import org.agentchat.hooks.RetrySchedule;
import org.agentchat.hooks.evm.Difference;
import org.agentchat.hooks.evm.EvmHandler;
import org.agentchat.hooks.evm.EvmSettings;
import org.agentchat.hooks.evm.Reconciler;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// Two deals with money in a contract on a local chain: one that the payer completes, and one whose
/// payer stays silent. The money is moved by the same hook that an operator would run.
final class EscrowDemo implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration REVIEW = Duration.ofHours(24);
  private static final Duration DEADLINE = Duration.ofDays(7);
  private static final BigInteger COIN = BigInteger.TEN.pow(18);
  private static final Tenant TENANT = new Tenant("escrow", Tenant.Rows.NOWHERE_ELSE);

  private final Node node;
  private final Path scratch;
  private final PrintWriter out;
  private final Anvil anvil;
  private final JsonRpcNode chain;
  private final Map<String, Identity> identities = new HashMap<>();
  private final Map<String, AgentChatClient> clients = new HashMap<>();

  /// Starts a chain and connects the agents.
  EscrowDemo(Node node, Path scratch, PrintWriter out) {
    this.node = node;
    this.scratch = scratch;
    this.out = out;
    QuietLog.begin();
    this.anvil = Anvil.start();
    this.chain = new JsonRpcNode(NodeSettings.of(URI.create(anvil.url())));
    for (String name : List.of("alice", "bob", "observer")) {
      Identity identity = Identity.generate(name, new SecureRandom(), Instant.now());
      AgentChatClient client =
          AgentChatClient.of(ClientSettings.of(URI.create(node.url()), identity));
      clients.put(name, client);
      identities.put(name, identity);
      client.connect().orThrow();
      say("%s proves its key and is %s".formatted(name, identity.id()));
    }
  }

  /// Makes both deals.
  ///
  /// @throws IOException if something that must happen does not
  void run() throws IOException, InterruptedException, ChainException, SQLException {
    say("A chain of our own runs at " + anvil.url() + " (chain " + Anvil.CHAIN_ID + ")");
    EscrowClient escrow = deploy();
    EscrowContract contract =
        new EscrowContract(new EvmChain(Anvil.CHAIN_ID), new EvmAddress(escrow.address().hex()));
    introduceObserver();
    bind("alice", 0, contract);
    bind("bob", 1, contract);
    try (Reactor _ = reactor(contract)) {
      String first = agree("draw the logo", terms(contract, "1.5"));
      completed(first, escrow);
      String second = agree("translate the page", terms(contract, "0.25"));
      delivered(second, escrow);
      compare(contract, escrow);
    }
  }

  /// Account 9 pays for it; it has no other part in this.
  private EscrowClient deploy()
      throws IOException, InterruptedException, ChainException, SQLException {
    Signer deployer = DevSigners.signer(9);
    try (Database database = Database.open(scratch.resolve("escrow.db").toString(), TENANT)) {
      database.migrate(ChainSchema.LOCATION, ChainSchema.HISTORY);
      Transactor transactor =
          new Transactor(
              chain,
              new JdbcTransactionStore(Anvil.CHAIN_ID, new OneConnection(database)),
              Anvil.CHAIN_ID,
              new Finality.Depth(0),
              FeePolicy.DEFAULT);
      Transactor.Report report =
          transactor.bring(
              EscrowClient.deployment("deploy", deployer.address()), deployer, POLL, PATIENCE);
      if (!(report.tracked().stage() instanceof Stage.Final done)) {
        throw new IOException("the contract was not deployed: " + report.tracked().stage());
      }
      Address address = done.where().created().orElseThrow();
      say(
          "The escrow contract stands at %s, block %d"
              .formatted(address, done.where().block().number()));
      return new EscrowClient(chain, Anvil.CHAIN_ID, address);
    }
  }

  /// Both sides will believe its key, so the log must know it.
  private void introduceObserver() {
    JsonText skills = JsonText.of(Json.parse("[{\"capability\":\"escrow-observer\"}]"));
    client("observer").registerSkills(new RegisterSkills(skills)).orThrow();
    say("observer offers to say in the log what happens on the chain");
  }

  private void bind(String name, int account, EscrowContract contract) throws IOException {
    String origin = Optional.ofNullable(client(name).welcome().origin()).orElseThrow();
    client(name)
        .submit(
            BoundWallet.sign(
                identity(name), DevSigners.signer(account), contract, origin, Duration.ofDays(365)))
        .orThrow();
    say(
        "%s binds the account %s"
            .formatted(name, DevSigners.signer(account).address().checksummed()));
  }

  private Reactor reactor(EscrowContract contract) {
    EvmSettings settings =
        new EvmSettings(
            "money",
            NodeSettings.of(URI.create(anvil.url())),
            contract,
            0,
            new Finality.Depth(0),
            FeePolicy.DEFAULT,
            List.of(DevSigners.signer(0), DevSigners.signer(1)),
            Optional.of(identity("observer")),
            true,
            true,
            POLL,
            Duration.ofSeconds(5),
            RetrySchedule.DEFAULT);
    say("A hook holds both accounts' keys and is the observer");
    return Reactor.start(
        new ReactorSettings(scratch.resolve("hooks.db").toString(), Optional.empty()),
        List.of(new Hook("money", "evm", new EvmHandler(settings), Hook.From.BEGINNING, 4)),
        node.log(),
        new VerifiedEvents());
  }

  private EscrowTerms terms(EscrowContract contract, String coins) throws ChainException {
    BigInteger amount = new BigDecimal(coins).multiply(new BigDecimal(COIN)).toBigIntegerExact();
    return new EscrowTerms(
        new TokenAmount(amount),
        new EvmAddress(DevSigners.signer(3).address().hex()),
        contract.chain(),
        contract.address(),
        chain.head().time() + DEADLINE.toSeconds(),
        Duration.ofDays(3).toSeconds(),
        identity("observer").id(),
        EvmAddress.ZERO,
        REVIEW.toSeconds(),
        5_000,
        EvmAddress.ZERO);
  }

  private String agree(String task, EscrowTerms terms) throws IOException, InterruptedException {
    ServerMessage.Proposal offer =
        client("alice")
            .propose(
                new Statement.Proposal(
                    identity("bob").id(),
                    task,
                    null,
                    null,
                    null,
                    null,
                    JsonNumber.of(3_600),
                    null,
                    null,
                    terms))
            .orThrow();
    say("");
    say(
        "alice offers bob: \"%s\" for %s in escrow -> %s"
            .formatted(task, coins(terms.amount().units()), offer.id()));
    client("bob").accept(new Statement.Accept(offer.id(), null, null)).orThrow();
    say("bob accepts; alice's money is locked");
    Escrow locked = await(offer.id(), Escrow.Phase.LOCKED);
    say(line("ESCROW_LOCKED", locked.locked()));
    return offer.id();
  }

  private void completed(String deal, EscrowClient escrow)
      throws IOException, InterruptedException, ChainException {
    client("alice").complete(new Statement.Complete(deal, "the logo is perfect")).orThrow();
    say("alice completes, so all of it is bob's");
    end(deal, escrow);
  }

  private void delivered(String deal, EscrowClient escrow)
      throws IOException, InterruptedException, ChainException {
    client("bob").complete(new Statement.Complete(deal, "page-es.html")).orThrow();
    awaitState(deal, escrow, EscrowState.DELIVERED);
    say("bob completes: the contract gives alice %d h to object".formatted(REVIEW.toHours()));
    anvil.travel(REVIEW.plusMinutes(1));
    say("alice stays silent, and the chain's clock goes on by as much");
    end(deal, escrow);
  }

  private void end(String deal, EscrowClient escrow)
      throws IOException, InterruptedException, ChainException {
    Escrow settled = await(deal, Escrow.Phase.SETTLED);
    say(line("ESCROW_SETTLED", settled.ended()));
    Address bob = DevSigners.signer(1).address();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (escrow.credit(Address.ZERO, bob, chain.head().ref().number()).signum() > 0) {
      requireTime(deadline, "bob's money was not withdrawn");
      Thread.sleep(POLL);
    }
    say(
        "bob's account has withdrawn it and holds %s"
            .formatted(coins(chain.balanceAt(bob, chain.head().ref().number()))));
  }

  private static String line(String type, Escrow.@Nullable Sighting sighting) {
    Escrow.Sighting seen = Objects.requireNonNull(sighting, type);
    return "%s is entry %d: transaction %.10s... in block %d"
        .formatted(type, seen.index(), seen.seen().tx().text(), seen.seen().blockNumber());
  }

  private void compare(EscrowContract contract, EscrowClient escrow)
      throws IOException, ChainException {
    Reconciler reconciler = new Reconciler(contract, escrow);
    List<Reconciler.Entry> entries = reconciler.entries(EscrowDeals.fold(node.log()));
    List<Difference> differences = reconciler.compare(entries, chain.head().ref().number());
    if (!differences.isEmpty()) {
      throw new IOException(differences.getFirst().sentence());
    }
    say("");
    say(
        "Log and chain agree on %d escrows; the contract holds %s"
            .formatted(
                entries.size(),
                coins(chain.balanceAt(escrow.address(), chain.head().ref().number()))));
  }

  private Escrow await(String deal, Escrow.Phase phase) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Escrow escrow = EscrowDeals.find(node.log(), deal).escrow();
      if (escrow.phase() == phase) {
        return escrow;
      }
      requireTime(deadline, "the escrow of %s is %s".formatted(deal, escrow.phase().word()));
      Thread.sleep(POLL);
    }
  }

  private void awaitState(String deal, EscrowClient escrow, EscrowState state)
      throws IOException, InterruptedException, ChainException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (escrow
            .status(EscrowDeals.find(node.log(), deal).deal().id(), chain.head().ref().number())
            .state()
        != state) {
      requireTime(deadline, "the escrow of %s is not %s".formatted(deal, state));
      Thread.sleep(POLL);
    }
  }

  private static void requireTime(long deadline, String what) throws IOException {
    if (System.nanoTime() > deadline) {
      throw new IOException(what + " after " + PATIENCE.toSeconds() + " s");
    }
  }

  private static String coins(BigInteger wei) {
    return new BigDecimal(wei).divide(new BigDecimal(COIN)).stripTrailingZeros().toPlainString()
        + " coins";
  }

  private Identity identity(String name) {
    return Optional.ofNullable(identities.get(name)).orElseThrow();
  }

  private AgentChatClient client(String name) {
    return Optional.ofNullable(clients.get(name)).orElseThrow();
  }

  private void say(String line) {
    out.println(line.isEmpty() ? "" : "  " + line);
    out.flush();
  }

  @Override
  public void close() {
    clients.values().forEach(AgentChatClient::close);
    chain.close();
    anvil.close();
  }
}
