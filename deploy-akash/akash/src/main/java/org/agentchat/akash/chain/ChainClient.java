package org.agentchat.akash.chain;

import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agentchat.akash.tx.BidId;
import org.agentchat.akash.tx.Coin;
import org.agentchat.akash.tx.DeploymentId;
import org.agentchat.akash.tx.Price;
import org.agentchat.akash.wallet.Address;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.node.ObjectNode;

/// A node's REST API, as far as deployments need it. Thread-safe. Every method throws
/// [NodeException] when the node cannot be asked or its answer makes no sense.
public final class ChainClient {
  /// How long one answer may take.
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  /// More than any owner has; what is beyond is an error, not overlooked.
  private static final int PAGE = 1000;

  private static final String DEPLOYMENTS = "/akash/deployment/v1beta4/deployments/";
  private static final String MARKET = "/akash/market/v1beta5/";
  private static final int MAX_LOG_CHARS = 300;

  private final Network network;
  private final RestClient rest;

  public ChainClient(Network network, HttpClient http, Duration patience) {
    this.network = network;
    this.rest = new RestClient(http, network.rest(), patience);
  }

  public Network network() {
    return network;
  }

  private Answer ok(String path, Map<String, String> query) {
    return found(path, query)
        .orElseThrow(() -> new NodeException("%s knows no %s".formatted(network.rest(), path)));
  }

  /// Empty when the node says that there is no such thing.
  private Optional<Answer> found(String path, Map<String, String> query) {
    RestClient.Reply reply = rest.get(path, query);
    if (reply.isOk()) {
      return Optional.of(new Answer(reply.body(), path));
    }
    if (reply.isNotFound()) {
      return Optional.empty();
    }
    throw new NodeException(
        "%s answers %d to %s: %s".formatted(network.rest(), reply.status(), path, reply.message()));
  }

  /// Refuses a node of another network, and one that could not say what became of a transaction:
  /// what it does not find would be taken for lost.
  public void requireUsableNode() {
    Answer node =
        ok("/cosmos/base/tendermint/v1beta1/node_info", Map.of()).get("default_node_info");
    String chainId = node.get("network").text();
    if (!chainId.equals(network.chainId())) {
      throw new NodeException(
          "the node %s is of the network %s, wanted %s"
              .formatted(network.rest(), chainId, network.chainId()));
    }
    if (!node.get("other").get("tx_index").text().equals("on")) {
      throw new NodeException(
          "the node %s keeps no index of transactions; name another with --node"
              .formatted(network.rest()));
    }
  }

  /// The height of the last block.
  public long height() {
    return header().get("height").longInText();
  }

  /// The last block.
  public Block block() {
    Answer header = header();
    return new Block(
        header.get("height").longInText(), header.get("time").as(ChainClient::milliseconds));
  }

  private Answer header() {
    return ok("/cosmos/base/tendermint/v1beta1/blocks/latest", Map.of()).get("block").get("header");
  }

  private static long milliseconds(String time) {
    try {
      return Instant.parse(time).toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("a time wanted, found " + e.getParsedString(), e);
    }
  }

  /// Empty for an address that never had money.
  public Optional<Account> account(Address address) {
    return found("/cosmos/auth/v1beta1/accounts/" + address, Map.of())
        .map(answer -> answer.get("account"))
        .map(account ->
            new Account(
                account.get("account_number").longInText(), account.get("sequence").longInText()));
  }

  public Balances balances(Address address) {
    long uakt = 0;
    long uact = 0;
    for (Answer balance :
        ok("/cosmos/bank/v1beta1/balances/" + address, limited()).get("balances").list()) {
      switch (balance.get("denom").text()) {
        case Coin.UAKT -> uakt = balance.get("amount").longInText();
        case Coin.UACT -> uact = balance.get("amount").longInText();
        default -> {
          // Other coins pay for nothing here.
        }
      }
    }
    return Balances.of(uakt, uact);
  }

  private static Map<String, String> limited() {
    return Map.of("pagination.limit", Integer.toString(PAGE));
  }

  /// The least deposit, in uact.
  public long minDeposit() {
    for (Answer min :
        ok("/akash/deployment/v1beta4/params", Map.of()).get("params").get("min_deposits").list()) {
      if (min.get("denom").text().equals(Coin.UACT)) {
        return min.get("amount").longInText();
      }
    }
    throw new NodeException("the network takes no deposits in " + Coin.UACT);
  }

  public MintTerms mintTerms() {
    Answer status = ok("/akash/bme/v1/status", Map.of());
    Answer params = ok("/akash/bme/v1/params", Map.of()).get("params");
    long minimum = 0;
    for (Answer min : params.get("min_mint").list()) {
      if (min.get("denom").text().equals(Coin.UACT)) {
        minimum = min.get("amount").longInText();
      }
    }
    return new MintTerms(
        status.get("mints_allowed").bool(),
        status.get("status").text(),
        minimum,
        params.get("mint_spread_bps").integer(),
        aktPrice());
  }

  private Optional<BigDecimal> aktPrice() {
    RestClient.Reply reply = rest.get("/akash/oracle/v2/aggregated-price/uakt", Map.of());
    Answer price =
        new Answer(reply.body().path("aggregated_price").path("twap"), "aggregated-price");
    return reply.isOk() && !price.isMissing()
        ? Optional.of(price.decimalInText())
        : Optional.empty();
  }

  /// What would come of a transaction; nothing is sent.
  ///
  /// @param unsigned with an empty signature
  public Simulation simulate(ByteString unsigned) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("tx_bytes", Base64.getEncoder().encodeToString(unsigned.toByteArray()));
    RestClient.Reply reply = rest.post("/cosmos/tx/v1beta1/simulate", body);
    if (reply.isOk()) {
      return new Simulation.Gas(
          new Answer(reply.body(), "simulate").get("gas_info").get("gas_used").longInText());
    }
    // A node that is busy or broken is no verdict; the chain's own refusals carry a code.
    if (reply.status() == 429 || !reply.body().path("code").isInt()) {
      throw new NodeException(
          "%s cannot simulate now (%d): %s"
              .formatted(network.rest(), reply.status(), reply.message()));
    }
    return new Simulation.Refused(reply.message());
  }

  /// Sends a transaction. Whatever this says, only [#transaction] tells what became of it.
  public Broadcast broadcast(ByteString transaction) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("tx_bytes", Base64.getEncoder().encodeToString(transaction.toByteArray()));
    body.put("mode", "BROADCAST_MODE_SYNC");
    RestClient.Reply reply;
    try {
      reply = rest.post("/cosmos/tx/v1beta1/txs", body);
    } catch (NodeException e) {
      return new Broadcast.Unknown(String.valueOf(e.getMessage()));
    }
    if (!reply.isOk()) {
      return new Broadcast.Unknown(
          "%s answers %d: %s".formatted(network.rest(), reply.status(), reply.message()));
    }
    Answer answer = new Answer(reply.body(), "txs").get("tx_response");
    int code = answer.get("code").integer();
    String codespace = answer.get("codespace").text();
    boolean known = code == 19 && codespace.equals("sdk");
    return code == 0 || known
        ? new Broadcast.Taken()
        : new Broadcast.Refused(
            code, codespace, Json.excerpt(answer.get("raw_log").text(), MAX_LOG_CHARS));
  }

  /// A transaction in a block; empty if no block has it so far.
  public Optional<Included> transaction(String hash) {
    return found("/cosmos/tx/v1beta1/txs/" + hash, Map.of())
        .map(answer -> answer.get("tx_response"))
        .map(answer ->
            new Included(
                answer.get("height").longInText(),
                answer.get("code").integer(),
                answer.get("codespace").text(),
                Json.excerpt(answer.get("raw_log").text(), MAX_LOG_CHARS)));
  }

  /// Empty if there never was one of that number.
  public Optional<DeploymentState> deployment(DeploymentId id) {
    return found(
            DEPLOYMENTS + "info",
            Map.of("id.owner", id.owner().text(), "id.dseq", Long.toString(id.dseq())))
        .map(ChainClient::deployment);
  }

  /// All that are active and belong to an owner.
  public List<DeploymentState> activeDeployments(Address owner) {
    Answer answer =
        ok(
            DEPLOYMENTS + "list",
            Map.of(
                "filters.owner",
                owner.text(),
                "filters.state",
                "active",
                "pagination.limit",
                Integer.toString(PAGE)));
    requireLastPage(answer);
    return answer.get("deployments").list().stream().map(ChainClient::deployment).toList();
  }

  private static void requireLastPage(Answer answer) {
    Answer next = answer.get("pagination").get("next_key");
    if (!next.isMissing() && !next.text().isEmpty()) {
      throw new NodeException(
          "the answer to %s has more than %d entries".formatted(answer.path(), PAGE));
    }
  }

  private static DeploymentState deployment(Answer answer) {
    Answer deployment = answer.get("deployment");
    Answer escrow = answer.get("escrow_account").get("state");
    return new DeploymentState(
        id(deployment.get("id")),
        deployment.get("state").text().equals("active"),
        deployment.get("hash").as(text -> ByteString.copyFrom(Base64.getDecoder().decode(text))),
        deployment.get("created_at").longInText(),
        sum(escrow.get("funds")),
        sum(escrow.get("transferred")),
        escrow.get("state").text().equals("overdrawn"));
  }

  private static DeploymentId id(Answer id) {
    return new DeploymentId(id.get("owner").as(Address::new), id.get("dseq").longInText());
  }

  private static BigDecimal sum(Answer coins) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Answer coin : coins.list()) {
      if (coin.get("denom").text().equals(Coin.UACT)) {
        sum = sum.add(coin.get("amount").decimalInText());
      }
    }
    return sum;
  }

  private static Map<String, String> ofDeployment(DeploymentId id) {
    return Map.of(
        "filters.owner",
        id.owner().text(),
        "filters.dseq",
        Long.toString(id.dseq()),
        "pagination.limit",
        Integer.toString(PAGE));
  }

  /// All bids on all orders of a deployment.
  public List<Bid> bids(DeploymentId id) {
    Answer answer = ok(MARKET + "bids/list", ofDeployment(id));
    requireLastPage(answer);
    List<Bid> bids = new ArrayList<>();
    for (Answer entry : answer.get("bids").list()) {
      Answer bid = entry.get("bid");
      bids.add(
          new Bid(
              bidId(bid.get("id")),
              price(bid.get("price")),
              bid.get("state").text().equals("open")));
    }
    return bids;
  }

  private static BidId bidId(Answer id) {
    Answer bseq = id.get("bseq");
    return new BidId(
        id(id),
        id.get("gseq").integer(),
        id.get("oseq").integer(),
        id.get("provider").as(Address::new),
        bseq.isMissing() ? 0 : bseq.integer());
  }

  private static Price price(Answer price) {
    return new Price(price.get("denom").text(), price.get("amount").decimalInText());
  }

  /// All leases of a deployment, also those that ended.
  public List<Lease> leases(DeploymentId id) {
    Answer answer = ok(MARKET + "leases/list", ofDeployment(id));
    requireLastPage(answer);
    List<Lease> leases = new ArrayList<>();
    for (Answer entry : answer.get("leases").list()) {
      Answer lease = entry.get("lease");
      leases.add(
          new Lease(bidId(lease.get("id")), price(lease.get("price")), lease.get("state").text()));
    }
    return leases;
  }

  /// Empty if nobody registered under that address.
  public Optional<Provider> provider(Address owner) {
    return found("/akash/provider/v1beta4/providers/" + owner, Map.of())
        .map(answer -> answer.get("provider"))
        .map(provider ->
            new Provider(
                owner,
                provider.get("host_uri").text(),
                attributes(provider.get("attributes")),
                auditors(owner)));
  }

  private static SortedMap<String, String> attributes(Answer list) {
    SortedMap<String, String> attributes = new TreeMap<>();
    for (Answer attribute : list.list()) {
      attributes.put(attribute.get("key").text(), attribute.get("value").text());
    }
    return attributes;
  }

  private List<String> auditors(Address owner) {
    return found("/akash/audit/v1/audit/attributes/" + owner + "/list", Map.of())
        .map(answer -> answer.get("providers").list())
        .orElse(List.of())
        .stream()
        .map(audited -> audited.get("auditor").text())
        .toList();
  }

  /// The PEM texts of an owner's valid certificates with that serial.
  ///
  /// @param serial decimal digits
  public List<String> certificates(Address owner, String serial) {
    Answer answer =
        ok(
            "/akash/cert/v1/certificates/list",
            Map.of("filter.owner", owner.text(), "filter.serial", serial, "filter.state", "valid"));
    return answer.get("certificates").list().stream()
        .map(entry -> entry.get("certificate").get("cert").as(ChainClient::pem))
        .toList();
  }

  private static String pem(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }
}
