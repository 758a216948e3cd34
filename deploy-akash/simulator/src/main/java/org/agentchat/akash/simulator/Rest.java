package org.agentchat.akash.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The chain's REST API: snake case, 64-bit numbers as texts, decimals with 18 places.
final class Rest {
  record Answer(int status, JsonNode body) {}

  private final Chain chain;

  Rest(Chain chain) {
    this.chain = chain;
  }

  Answer compute(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    synchronized (chain) {
      return exchange.getRequestMethod().equals("POST")
          ? post(exchange.getRequestURI().getPath(), body)
          : get(exchange.getRequestURI().getPath(), Http.query(exchange));
    }
  }

  private static ObjectNode object() {
    return Http.JSON.createObjectNode();
  }

  private static Answer ok(JsonNode body) {
    return new Answer(200, body);
  }

  private static Answer error(int status, int code, String message) {
    return new Answer(
        status,
        object()
            .put("code", code)
            .put("message", message)
            .set("details", Http.JSON.createArrayNode()));
  }

  private static Answer notFound(String what) {
    return error(404, 5, "rpc error: code = NotFound desc = " + what);
  }

  private Answer post(String path, byte[] body) {
    JsonNode request = Http.JSON.readTree(body);
    byte[] raw = Base64.getDecoder().decode(request.path("tx_bytes").stringValue());
    switch (path) {
      case "/cosmos/tx/v1beta1/simulate" -> {
        try {
          long gas = chain.simulate(raw);
          ObjectNode answer = object();
          answer.putObject("gas_info").put("gas_wanted", "0").put("gas_used", Long.toString(gas));
          answer.putObject("result").put("log", "");
          return ok(answer);
        } catch (Refused refused) {
          return error(
              refused.code() == Refused.DECODE ? 400 : 500,
              2,
              refused.log() + " [simulated] with gas used: '" + Chain.GAS_USED + "'");
        }
      }
      case "/cosmos/tx/v1beta1/txs" -> {
        if (!"BROADCAST_MODE_SYNC".equals(request.path("mode").stringValue(""))) {
          return error(400, 3, "unsupported mode");
        }
        String hash = HexFormat.of().withUpperCase().formatHex(Curve.sha256(raw));
        try {
          chain.checkTx(raw);
          return ok(response(hash, 0, 0, "", "", 0));
        } catch (Refused refused) {
          return ok(response(hash, 0, refused.code(), refused.codespace(), refused.log(), 0));
        }
      }
      default -> {
        return error(501, 12, "Not Implemented");
      }
    }
  }

  private static JsonNode response(
      String hash, long height, int code, String codespace, String log, long gasWanted) {
    ObjectNode answer = object();
    answer
        .putObject("tx_response")
        .put("height", Long.toString(height))
        .put("txhash", hash)
        .put("codespace", codespace)
        .put("code", code)
        .put("raw_log", log)
        .put("gas_wanted", Long.toString(gasWanted))
        .put("gas_used", Long.toString(Chain.GAS_USED));
    return answer;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Answer get(String path, Map<String, String> query) {
    if (path.startsWith("/cosmos/auth/v1beta1/accounts/")) {
      return account(last(path));
    }
    if (path.startsWith("/cosmos/bank/v1beta1/balances/")) {
      return balances(last(path));
    }
    if (path.startsWith("/cosmos/tx/v1beta1/txs/")) {
      return transaction(last(path));
    }
    if (path.startsWith("/akash/provider/v1beta4/providers/")) {
      return provider(last(path));
    }
    if (path.startsWith("/akash/audit/v1/audit/attributes/")) {
      return audited(path.split("/", -1)[6]);
    }
    return switch (path) {
      case "/cosmos/base/tendermint/v1beta1/node_info" -> {
        ObjectNode answer = object();
        answer
            .putObject("default_node_info")
            .put("network", chain.chainId)
            .putObject("other")
            .put("tx_index", "on");
        yield ok(answer);
      }
      case "/cosmos/base/tendermint/v1beta1/blocks/latest" -> {
        ObjectNode answer = object();
        answer
            .putObject("block")
            .putObject("header")
            .put("chain_id", chain.chainId)
            .put("height", Long.toString(chain.height))
            .put("time", Instant.now().plus(chain.ahead).toString());
        yield ok(answer);
      }
      case "/akash/deployment/v1beta4/params" -> {
        ObjectNode answer = object();
        answer
            .putObject("params")
            .putArray("min_deposits")
            .addObject()
            .put("denom", Chain.ACT)
            .put("amount", Long.toString(Chain.MIN_DEPOSIT));
        yield ok(answer);
      }
      case "/akash/bme/v1/params" -> {
        ObjectNode answer = object();
        ObjectNode params = answer.putObject("params").put("mint_spread_bps", 25);
        params
            .putArray("min_mint")
            .addObject()
            .put("denom", Chain.ACT)
            .put("amount", Long.toString(Chain.MIN_MINT));
        yield ok(answer);
      }
      case "/akash/bme/v1/status" ->
          ok(
              object()
                  .put(
                      "status",
                      chain.faults.mintHalted ? "mint_status_halt_cr" : "mint_status_healthy")
                  .put("collateral_ratio", decimal(new BigDecimal("1.2")))
                  .put("mints_allowed", !chain.faults.mintHalted)
                  .put("refunds_allowed", true));
      case "/akash/oracle/v2/aggregated-price/uakt" -> {
        ObjectNode answer = object();
        answer
            .putObject("aggregated_price")
            .put("denom", Chain.AKT)
            .put("twap", decimal(chain.aktPrice))
            .put("median_price", decimal(chain.aktPrice));
        answer.putObject("price_health").put("is_healthy", true);
        yield ok(answer);
      }
      case "/akash/deployment/v1beta4/deployments/info" -> deployment(query);
      case "/akash/deployment/v1beta4/deployments/list" -> deployments(query);
      case "/akash/market/v1beta5/bids/list" -> bids(query);
      case "/akash/market/v1beta5/leases/list" -> leases(query);
      case "/akash/cert/v1/certificates/list" -> certificates(query);
      default -> error(501, 12, "Not Implemented");
    };
  }

  private Answer account(String address) {
    Chain.@Nullable Account account = chain.accounts.get(address);
    if (account == null) {
      return notFound("account " + address + " not found: key not found");
    }
    ObjectNode answer = object();
    ObjectNode json =
        answer
            .putObject("account")
            .put("@type", "/cosmos.auth.v1beta1.BaseAccount")
            .put("address", address)
            .put("account_number", Long.toString(account.number))
            .put("sequence", Long.toString(account.sequence));
    json.putNull("pub_key");
    return ok(answer);
  }

  private Answer balances(String address) {
    ObjectNode answer = object();
    ArrayNode balances = answer.putArray("balances");
    Chain.@Nullable Account account = chain.accounts.get(address);
    if (account != null) {
      account.balances.forEach((denom, amount) -> {
        if (amount > 0) {
          balances.addObject().put("denom", denom).put("amount", Long.toString(amount));
        }
      });
    }
    return ok(answer);
  }

  private Answer transaction(String hash) {
    Chain.@Nullable Included tx = chain.included.get(hash);
    return tx == null
        ? notFound("tx not found: " + hash)
        : ok(response(hash, tx.height(), tx.code(), tx.codespace(), tx.log(), tx.gasWanted()));
  }

  private Answer provider(String owner) {
    for (SimulatedProvider.Listing provider : chain.providers) {
      if (provider.owner().equals(owner)) {
        ObjectNode answer = object();
        ObjectNode json =
            answer.putObject("provider").put("owner", owner).put("host_uri", provider.hostUri());
        attributes(json.putArray("attributes"), provider.attributes());
        return ok(answer);
      }
    }
    return notFound("invalid provider: address not found");
  }

  private static void attributes(ArrayNode array, Map<String, String> attributes) {
    attributes.forEach((key, value) -> array.addObject().put("key", key).put("value", value));
  }

  private Answer audited(String owner) {
    for (SimulatedProvider.Listing provider : chain.providers) {
      if (provider.owner().equals(owner) && !provider.auditors().isEmpty()) {
        ObjectNode answer = object();
        ArrayNode list = answer.putArray("providers");
        for (String auditor : provider.auditors()) {
          ObjectNode json = list.addObject().put("owner", owner).put("auditor", auditor);
          attributes(json.putArray("attributes"), provider.attributes());
        }
        return ok(answer);
      }
    }
    return notFound("invalid provider: address not found");
  }

  private Answer certificates(Map<String, String> query) {
    ObjectNode answer = object();
    ArrayNode list = answer.putArray("certificates");
    for (SimulatedProvider.Listing provider : chain.providers) {
      if (provider.owner().equals(query.get("filter.owner"))
          && provider.serial().equals(query.get("filter.serial"))
          && "valid".equals(query.get("filter.state"))) {
        list.addObject()
            .put("serial", provider.serial())
            .putObject("certificate")
            .put("state", "valid")
            .put("cert", provider.certificate());
      }
    }
    return ok(answer);
  }

  static String decimal(BigDecimal value) {
    return value.setScale(18, RoundingMode.DOWN).toPlainString();
  }

  private Answer deployment(Map<String, String> query) {
    Chain.@Nullable Deployment deployment =
        chain.deployments.get(query.get("id.owner") + "/" + query.get("id.dseq"));
    // The real one forgets to say NotFound here.
    return deployment == null
        ? error(500, 2, "deployment not found: unknown request")
        : ok(json(deployment));
  }

  private Answer deployments(Map<String, String> query) {
    ObjectNode answer = object();
    ArrayNode list = answer.putArray("deployments");
    for (Chain.Deployment deployment : chain.deployments.values()) {
      String state = query.getOrDefault("filters.state", "");
      boolean wanted = state.isEmpty() || state.equals(deployment.active ? "active" : "closed");
      if (deployment.owner.equals(query.get("filters.owner")) && wanted) {
        list.add(json(deployment));
      }
    }
    return ok(answer);
  }

  private static JsonNode json(Chain.Deployment deployment) {
    ObjectNode answer = object();
    ObjectNode json = answer.putObject("deployment");
    json.putObject("id").put("owner", deployment.owner).put("dseq", Long.toString(deployment.dseq));
    json.put("state", deployment.active ? "active" : "closed")
        .put("hash", Base64.getEncoder().encodeToString(deployment.hash))
        .put("created_at", Long.toString(deployment.createdAt));
    ArrayNode groups = answer.putArray("groups");
    for (Chain.Group group : deployment.groups) {
      ObjectNode one = groups.addObject();
      one.putObject("id")
          .put("owner", deployment.owner)
          .put("dseq", Long.toString(deployment.dseq))
          .put("gseq", group.gseq);
      one.put("state", group.state).putObject("group_spec").put("name", group.name);
    }
    ObjectNode escrow = answer.putObject("escrow_account");
    escrow
        .putObject("id")
        .put("scope", "deployment")
        .put("xid", deployment.owner + "/" + deployment.dseq);
    ObjectNode state =
        escrow
            .putObject("state")
            .put("owner", deployment.owner)
            .put("state", deployment.escrowState);
    state
        .putArray("transferred")
        .addObject()
        .put("denom", Chain.ACT)
        .put("amount", decimal(deployment.transferred));
    state
        .putArray("funds")
        .addObject()
        .put("denom", Chain.ACT)
        .put("amount", decimal(deployment.funds));
    return answer;
  }

  private interface Each {
    void bid(Chain.Deployment deployment, Chain.Group group, Chain.Bid bid);
  }

  private void forEach(Map<String, String> query, Each each) {
    Chain.@Nullable Deployment deployment =
        chain.deployments.get(query.get("filters.owner") + "/" + query.get("filters.dseq"));
    if (deployment != null) {
      for (Chain.Group group : deployment.groups) {
        for (Chain.Bid bid : group.bids) {
          each.bid(deployment, group, bid);
        }
      }
    }
  }

  private static ObjectNode id(
      ObjectNode json, Chain.Deployment deployment, Chain.Group group, Chain.Bid bid) {
    json.putObject("id")
        .put("owner", deployment.owner)
        .put("dseq", Long.toString(deployment.dseq))
        .put("gseq", group.gseq)
        .put("oseq", 1)
        .put("provider", bid.provider)
        .put("bseq", 0);
    json.putObject("price").put("denom", Chain.ACT).put("amount", decimal(bid.price));
    return json;
  }

  private Answer bids(Map<String, String> query) {
    ObjectNode answer = object();
    ArrayNode list = answer.putArray("bids");
    forEach(
        query,
        (deployment, group, bid) ->
            id(list.addObject().putObject("bid"), deployment, group, bid)
                .put("state", bid.state)
                .put("created_at", Long.toString(bid.createdAt)));
    return ok(answer);
  }

  private Answer leases(Map<String, String> query) {
    ObjectNode answer = object();
    ArrayNode list = answer.putArray("leases");
    forEach(
        query,
        (deployment, group, bid) -> {
          if (!bid.lease.isEmpty()) {
            id(list.addObject().putObject("lease"), deployment, group, bid)
                .put("state", bid.lease)
                .put("created_at", Long.toString(bid.leasedAt));
          }
        });
    return ok(answer);
  }
}
