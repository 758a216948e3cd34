package org.agentchat.hooks.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.DevSigners;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.FeePolicy;
import org.agentchat.escrow.chain.Finality;
import org.agentchat.escrow.chain.Hash;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.escrow.chain.NodeSettings;
import org.agentchat.escrow.chain.Receipt;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.escrow.contract.AgentEscrow;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.escrow.devchain.Anvil;
import org.agentchat.escrow.devchain.AnvilBinary;
import org.agentchat.hooks.Hook;
import org.agentchat.hooks.Reactor;
import org.agentchat.hooks.ReactorSettings;
import org.agentchat.hooks.RetrySchedule;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogRecord;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmKey;
import org.agentchat.schemas.identity.Identity;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.utils.Numeric;

/// A real chain with the escrow contract, a log with two agents, and as many reactors as a test
/// wants. Account 0 of the chain is the payer's, 1 the payee's, 2 the operator's, 3 the arbiter's.
final class EscrowBench implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(2);
  static final int PAYER = 0;
  static final int PAYEE = 1;
  static final int OPERATOR = 2;
  static final int ARBITER = 3;
  static final long AMOUNT = 1_000_000;

  private final Anvil anvil;
  private final JsonRpcNode node;
  private final EscrowClient escrow;
  private final EscrowContract contract;
  private final EventLog log;
  private final Market market;
  private long firstBlock;

  private EscrowBench(Anvil anvil, EventLog log) throws Exception {
    this.anvil = anvil;
    this.log = log;
    this.node = new JsonRpcNode(NodeSettings.of(URI.create(anvil.url())));
    Address address = deploy();
    this.escrow = new EscrowClient(node, Anvil.CHAIN_ID, address);
    this.contract = new EscrowContract(new EvmChain(Anvil.CHAIN_ID), new EvmAddress(address.hex()));
    this.market = new Market(log, contract);
    market.bind(Market.PAYER, wallet(PAYER));
    market.bind(Market.PAYEE, wallet(PAYEE));
  }

  /// @param chain see [Anvil#start]
  static EscrowBench start(String... chain) throws Exception {
    return start(new MemoryLog(), chain);
  }

  /// @param log is closed with the bench
  /// @param chain see [Anvil#start]
  static EscrowBench start(EventLog log, String... chain) throws Exception {
    assumeTrue(AnvilBinary.find().isPresent(), AnvilBinary.MISSING);
    return new EscrowBench(Anvil.start(chain), log);
  }

  long firstBlock() {
    return firstBlock;
  }

  /// By an account that has no part in what follows.
  private Address deploy() throws Exception {
    Receipt receipt = deploy(9, AgentEscrow.creationCode());
    firstBlock = receipt.block().number();
    return receipt.created().orElseThrow();
  }

  private Receipt deploy(int account, String code) throws Exception {
    Transaction creation =
        Transaction.createContractTransaction(
            Anvil.key(account).getAddress(), null, null, BigInteger.valueOf(5_000_000), null, code);
    Hash hash = new Hash(anvil.web3j().ethSendTransaction(creation).send().getTransactionHash());
    anvil.mine(1);
    await(() -> node.receipt(hash).isPresent());
    return node.receipt(hash).orElseThrow();
  }

  /// A token of which the payer has a million.
  EvmAddress token() throws Exception {
    try (InputStream in = EscrowBench.class.getResourceAsStream("PlainToken.hex")) {
      String code = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
      return new EvmAddress(deploy(PAYER, code).created().orElseThrow().hex());
    }
  }

  Anvil anvil() {
    return anvil;
  }

  JsonRpcNode node() {
    return node;
  }

  EscrowClient escrow() {
    return escrow;
  }

  EscrowContract contract() {
    return contract;
  }

  Market market() {
    return market;
  }

  EventLog log() {
    return log;
  }

  static EvmKey wallet(int account) {
    return EvmKey.of(Numeric.toBytesPadded(Anvil.key(account).getEcKeyPair().getPrivateKey(), 32));
  }

  static Signer signer(int account) {
    return DevSigners.signer(account);
  }

  /// Terms that are due in a day of the chain's time.
  EscrowTerms terms() throws ChainException {
    return market.terms(
        AMOUNT, node.head().time() + 86_400, wallet(OPERATOR).address(), wallet(ARBITER).address());
  }

  EscrowTerms terms(EvmAddress token, long amount) throws ChainException {
    return market.terms(
        amount,
        node.head().time() + 86_400,
        wallet(OPERATOR).address(),
        wallet(ARBITER).address(),
        token);
  }

  EvmSettings settings(Finality finality, boolean observes, int... accounts) {
    return settings(
        finality,
        observes ? Optional.of(Market.OBSERVER) : Optional.empty(),
        anvil.url(),
        accounts);
  }

  EvmSettings settings(
      Finality finality, Optional<Identity> observer, String url, int... accounts) {
    return new EvmSettings(
        "money",
        new NodeSettings(
            URI.create(url),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            2,
            Duration.ofMillis(10)),
        contract,
        firstBlock,
        finality,
        FeePolicy.DEFAULT,
        IntStream.of(accounts).mapToObj(EscrowBench::signer).toList(),
        observer,
        true,
        true,
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        new RetrySchedule(List.of(Duration.ofMillis(100), Duration.ofMillis(200))));
  }

  /// A running one that has made its tables and read the log.
  Reactor reactor(Path database, EvmSettings settings) throws Exception {
    return reactor(database.toString(), settings);
  }

  /// @param database see [ReactorSettings]
  Reactor reactor(String database, EvmSettings settings) throws Exception {
    Reactor reactor =
        Reactor.start(
            new ReactorSettings(database, Optional.empty()),
            List.of(new Hook("money", "evm", new EvmHandler(settings), Hook.From.BEGINNING, 4)),
            log,
            new VerifiedEvents());
    reactor.awaitCaughtUp(PATIENCE);
    return reactor;
  }

  EscrowState state(String deal) throws ChainException {
    return escrow.status(id(deal), node.head().ref().number()).state();
  }

  Hash id(String deal) {
    return new Hash(market.escrow(deal).id().text());
  }

  Escrow.Phase phase(String deal) {
    return market.escrow(deal).phase();
  }

  /// How often the contract reported something about a deal's escrow, and of which kinds.
  List<String> reports(String deal) throws ChainException {
    Hash id = id(deal);
    List<String> reports = new ArrayList<>();
    for (org.agentchat.escrow.chain.ChainLog entry :
        node.logs(escrow.address(), 0, node.head().ref().number())) {
      if (entry.topics().size() > 1 && entry.topics().get(1).equals(id)) {
        reports.add(EscrowClient.event(entry).orElseThrow().getClass().getSimpleName());
      }
    }
    return reports;
  }

  /// Statements of the observer that are in the log, whether they applied or not.
  long observations() {
    return market.applied().stream()
        .filter(applied ->
            applied.entry().content() instanceof org.agentchat.ledger.Entry.Content.Sound sound
                && sound.event() instanceof org.agentchat.schemas.event.Event.Stated stated
                && stated.signed().statement()
                    instanceof org.agentchat.schemas.statement.EscrowStatement.Observation)
        .count();
  }

  /// All that is in the log.
  List<byte[]> records() {
    return market.applied().stream()
        .flatMap(applied -> log.read(applied.entry().index(), 1).stream())
        .map(LogRecord::value)
        .toList();
  }

  /// How many statements changed nothing.
  long refused() {
    return market.applied().stream()
        .filter(applied -> applied.effects().stream().anyMatch(Effect.Refused.class::isInstance))
        .count();
  }

  /// What is recorded of the hook's intents: their keys' last words with their states.
  static List<String> intents(Path database) throws SQLException {
    return intents("jdbc:sqlite:" + database);
  }

  private static List<String> intents(String url) throws SQLException {
    List<String> found = new ArrayList<>();
    try (java.sql.Connection connection = java.sql.DriverManager.getConnection(url);
        java.sql.Statement statement = connection.createStatement();
        java.sql.ResultSet rows =
            statement.executeQuery("SELECT event, state, note FROM intent ORDER BY id")) {
      while (rows.next()) {
        found.add(rows.getString(1) + " " + rows.getString(2) + ": " + rows.getString(3));
      }
    }
    return found;
  }

  static boolean allDone(Path database) throws SQLException {
    return allDone("jdbc:sqlite:" + database);
  }

  /// @param url as JDBC wants it
  static boolean allDone(String url) throws SQLException {
    List<String> intents = intents(url);
    return !intents.isEmpty() && intents.stream().allMatch(each -> each.contains(" done: "));
  }

  static void await(Callable<Boolean> condition) {
    org.awaitility.Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(condition);
  }

  /// A log that says what the chain says.
  void requireAgreement(String deal) throws ChainException {
    assertThat(Difference.kind(phase(deal), state(deal))).isEmpty();
  }

  @Override
  public void close() {
    node.close();
    anvil.close();
    log.close();
  }
}
