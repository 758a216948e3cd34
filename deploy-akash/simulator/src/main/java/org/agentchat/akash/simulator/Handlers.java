package org.agentchat.akash.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What each message does, checked first and done then, so that one that fails changes nothing.
final class Handlers {
  private static final long MI = 1024 * 1024;

  private final Chain chain;
  private final String signer;

  Handlers(Chain chain, String signer) {
    this.chain = chain;
    this.signer = signer;
  }

  private interface Change {
    void make() throws Refused;
  }

  void run(Transaction tx) throws Refused {
    checked(tx).make();
  }

  /// As far as a message can be checked without doing it.
  void dry(Transaction tx) throws Refused {
    checked(tx);
  }

  private Change checked(Transaction tx) throws Refused {
    Wire message = tx.message();
    return switch (tx.type()) {
      case "/cosmos.bank.v1beta1.MsgSend" -> send(message);
      case "/akash.bme.v1.MsgMintACT" -> mint(message);
      case "/akash.deployment.v1beta4.MsgCreateDeployment" -> create(message);
      case "/akash.deployment.v1beta4.MsgUpdateDeployment" -> update(message);
      case "/akash.deployment.v1beta4.MsgCloseDeployment" -> close(message);
      case "/akash.market.v1beta5.MsgCreateLease" -> lease(message);
      case "/akash.escrow.v1.MsgAccountDeposit" -> deposit(message);
      default -> throw Refused.decoding("unable to resolve type URL " + tx.type());
    };
  }

  private void requireSigner(String address) throws Refused {
    if (!address.equals(signer)) {
      throw Refused.sdk(Refused.UNAUTHORIZED, address + " did not sign: unauthorized");
    }
  }

  private void requireFunds(String denom, long amount) throws Refused {
    Chain.Account account = chain.account(signer);
    if (account.balance(denom) < amount) {
      account.take(denom, amount);
    }
  }

  private record Coin(String denom, long amount) {}

  private static Coin coin(Wire wire) throws Refused {
    Coin coin = new Coin(wire.text(1), Chain.amount(wire.text(2)));
    wire.end();
    return coin;
  }

  private Change send(Wire message) throws Refused {
    requireSigner(message.text(1));
    String to = message.text(2);
    Coin coin = coin(message.message(3));
    message.end();
    requireFunds(coin.denom(), coin.amount());
    return () -> {
      chain.account(signer).take(coin.denom(), coin.amount());
      chain.account(to).add(coin.denom(), coin.amount());
    };
  }

  private Change mint(Wire message) throws Refused {
    requireSigner(message.text(1));
    requireSigner(message.text(2));
    Coin burned = coin(message.message(3));
    message.end();
    if (!burned.denom().equals(Chain.AKT)) {
      throw new Refused("bme", 3, "invalid denom: " + burned.denom());
    }
    if (chain.faults.mintHalted) {
      throw new Refused("bme", 9, "circuit breaker is active: mints are not allowed");
    }
    if (chain.worth(burned.amount()) < Chain.MIN_MINT) {
      throw new Refused("bme", 12, "requested mint amount is below minimum");
    }
    requireFunds(Chain.AKT, burned.amount());
    return () -> {
      chain.account(signer).take(Chain.AKT, burned.amount());
      chain.addMint(signer, burned.amount());
    };
  }

  private long id(Wire id) throws Refused {
    requireSigner(id.text(1));
    long dseq = id.number(2);
    id.end();
    if (dseq == 0) {
      throw new Refused("deployment", 8, "Invalid: deployment id");
    }
    return dseq;
  }

  private static String key(String owner, long dseq) {
    return owner + "/" + dseq;
  }

  private Chain.Deployment active(long dseq) throws Refused {
    Chain.Deployment deployment = chain.deployments.get(key(signer, dseq));
    if (deployment == null) {
      throw new Refused("deployment", 4, "Deployment not found");
    }
    if (!deployment.active) {
      throw new Refused("deployment", 5, "Deployment closed");
    }
    return deployment;
  }

  private static byte[] hash(Wire message) throws Refused {
    byte[] hash = message.bytes(3).toByteArray();
    if (hash.length == 0) {
      throw new Refused("deployment", 9, "Invalid: empty hash");
    }
    if (hash.length != 32) {
      throw invalidHash();
    }
    return hash;
  }

  private static Refused invalidHash() {
    return new Refused("deployment", 10, "Invalid: deployment hash");
  }

  private static long deposit(Wire deposit, long min) throws Refused {
    Coin coin = coin(deposit.message(1));
    List<Long> sources = deposit.numbers(5);
    deposit.end();
    if (sources.isEmpty() || !sources.stream().allMatch(source -> source == 1)) {
      throw new Refused(
          "deposit", 2, "this account has a balance and no grants: sources " + sources);
    }
    if (!coin.denom().equals(Chain.ACT)) {
      throw new Refused(
          "deployment", 20, "Deposit invalid: denom " + coin.denom() + " is not uact");
    }
    if (coin.amount() < min) {
      throw new Refused(
          "deployment", 20, "Deposit invalid: %duact < %duact".formatted(coin.amount(), min));
    }
    return coin.amount();
  }

  private Change create(Wire message) throws Refused {
    long dseq = id(message.message(1));
    List<Chain.Group> groups = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Wire group : message.messages(2)) {
      groups.add(group(group, groups.size() + 1));
      if (!names.add(groups.getLast().name)) {
        throw new Refused("deployment", 25, "duplicate group name");
      }
    }
    byte[] hash = hash(message);
    long deposit = deposit(message.message(4), Chain.MIN_DEPOSIT);
    message.end();
    if (groups.isEmpty()) {
      throw new Refused("deployment", 7, "Invalid groups");
    }
    if (chain.deployments.containsKey(key(signer, dseq))) {
      throw new Refused("deployment", 3, "Deployment exists");
    }
    requireFunds(Chain.ACT, deposit);
    return () -> {
      chain.account(signer).take(Chain.ACT, deposit);
      Chain.Deployment deployment = new Chain.Deployment(signer, dseq, hash, chain.height, deposit);
      deployment.groups.addAll(groups);
      chain.deployments.put(key(signer, dseq), deployment);
    };
  }

  private Chain.Group group(Wire group, int gseq) throws Refused {
    String name = group.text(1);
    Wire requirements = group.message(2);
    Wire signedBy = requirements.message(1);
    List<String> allOf = signedBy.texts(1);
    List<String> anyOf = signedBy.texts(2);
    signedBy.end();
    Map<String, String> attributes = attributes(requirements.messages(2));
    requirements.end();
    BigDecimal price = BigDecimal.ZERO;
    Map<Long, Chain.Unit> rented = new TreeMap<>();
    List<Wire> units = group.messages(3);
    group.end();
    if (name.isEmpty() || units.isEmpty() || units.size() > 20) {
      throw new Refused("deployment", 19, "group needs a name and 1 to 20 resource units");
    }
    for (Wire unit : units) {
      long count = unit.number(2);
      resources(unit.message(1), count, rented);
      Wire dec = unit.message(3);
      if (!dec.text(1).equals(Chain.ACT)) {
        throw new Refused("deployment", 24, "invalid price denom " + dec.text(1));
      }
      BigDecimal amount = Chain.decimal(dec.text(2));
      dec.end();
      unit.end();
      range("count", count, 1, 50);
      if (amount.signum() <= 0 || amount.compareTo(BigDecimal.valueOf(10_000_000)) > 0) {
        throw new Refused("deployment", 24, "invalid price " + amount);
      }
      price = price.add(amount.multiply(BigDecimal.valueOf(count)));
    }
    for (long id = 1; id <= units.size(); id++) {
      if (!rented.containsKey(id)) {
        throw new Refused("deployment", 19, "resource ids must count from 1: " + rented.keySet());
      }
    }
    return new Chain.Group(gseq, name, price, attributes, anyOf, allOf, rented, chain.height);
  }

  private static void resources(Wire resources, long count, Map<Long, Chain.Unit> rented)
      throws Refused {
    long id = resources.number(1);
    Wire cpu = resources.message(2);
    long cpus = value(cpu.message(1));
    range("cpu", cpus, 10, 384_000);
    attributes(cpu.messages(2));
    cpu.end();
    Wire memory = resources.message(3);
    long bytes = value(memory.message(1));
    range("memory", bytes, MI, 2 * MI * MI);
    attributes(memory.messages(2));
    memory.end();
    List<Wire> storage = resources.messages(4);
    if (storage.isEmpty()) {
      throw new Refused("deployment", 19, "no storage");
    }
    List<String> volumes = new ArrayList<>();
    for (Wire volume : storage) {
      if (volume.text(1).isEmpty()) {
        throw new Refused("deployment", 19, "storage without a name");
      }
      long size = value(volume.message(2));
      range("storage", size, 5 * MI, 32 * MI * MI);
      volumes.add(volume.text(1) + "=" + size);
      attributes(volume.messages(3));
      volume.end();
    }
    Wire gpu = resources.message(5);
    long gpus = value(gpu.message(1));
    range("gpu", gpus, 0, 24);
    if (attributes(gpu.messages(2)).isEmpty() != (gpus == 0)) {
      throw new Refused("deployment", 19, "gpu attributes are there if and only if units are");
    }
    gpu.end();
    List<Long> endpoints = new ArrayList<>();
    for (Wire endpoint : resources.messages(6)) {
      range("endpoint kind", endpoint.number(1), 0, 2);
      range("endpoint number", endpoint.number(2), 0, 255);
      endpoints.add(endpoint.number(1));
      endpoint.end();
    }
    resources.end();
    rented.put(id, new Chain.Unit(cpus, bytes, volumes, gpus, count, endpoints));
  }

  private static void range(String what, long value, long min, long max) throws Refused {
    if (value < min || value > max) {
      throw new Refused(
          "deployment",
          19,
          "invalid unit %s (%d > %d > %d fails)".formatted(what, max, value, min));
    }
  }

  private static long value(Wire value) throws Refused {
    long number = Chain.amount(value.text(1));
    value.end();
    return number;
  }

  private static Map<String, String> attributes(List<Wire> wires) throws Refused {
    Map<String, String> attributes = new TreeMap<>();
    for (Wire wire : wires) {
      if (attributes.put(wire.text(1), wire.text(2)) != null) {
        throw new Refused("base", 4, "duplicate attribute");
      }
      wire.end();
    }
    return attributes;
  }

  private Change update(Wire message) throws Refused {
    Chain.Deployment deployment = active(id(message.message(1)));
    byte[] hash = hash(message);
    message.end();
    if (Arrays.equals(hash, deployment.hash)) {
      // There would be nothing to change.
      throw invalidHash();
    }
    return () -> deployment.hash = hash;
  }

  private Change close(Wire message) throws Refused {
    Chain.Deployment deployment = active(id(message.message(1)));
    message.end();
    return () -> chain.end(deployment, "closed", "closed");
  }

  private Change deposit(Wire message) throws Refused {
    requireSigner(message.text(1));
    Wire id = message.message(2);
    String xid = id.text(2);
    if (id.number(1) != 1 || !xid.matches("akash1[a-z0-9]{38}/[1-9][0-9]{0,18}")) {
      throw new Refused("escrow", 12, "invalid ID");
    }
    id.end();
    long amount = deposit(message.message(3), 1);
    message.end();
    Chain.Deployment deployment = chain.deployments.get(xid);
    if (deployment == null) {
      throw new Refused("escrow", 3, "account not found");
    }
    if (!deployment.active) {
      throw new Refused("escrow", 2, "account closed");
    }
    // Narrower than the real one: nobody here pays for others, so that would be a mistake.
    requireSigner(deployment.owner);
    if (chain.account(signer).balance(Chain.ACT) < amount) {
      throw new Refused("escrow", 16, "insufficient balance: invalid deposit");
    }
    return () -> {
      chain.account(signer).take(Chain.ACT, amount);
      deployment.funds = deployment.funds.add(BigDecimal.valueOf(amount));
    };
  }

  private Change lease(Wire message) throws Refused {
    Wire id = message.message(1);
    message.end();
    requireSigner(id.text(1));
    long dseq = id.number(2);
    long gseq = id.number(3);
    long oseq = id.number(4);
    String provider = id.text(5);
    long bseq = id.number(6);
    id.end();
    Chain.Deployment deployment = active(dseq);
    Chain.Group group =
        deployment.groups.stream()
            .filter(candidate -> candidate.gseq == gseq && oseq == 1 && bseq == 0)
            .findFirst()
            .orElseThrow(() -> new Refused("market", 4, "order not found"));
    Chain.Bid bid =
        group.bids.stream()
            .filter(candidate -> candidate.provider.equals(provider))
            .findFirst()
            .orElseThrow(() -> new Refused("market", 14, "bid not found"));
    if (!bid.state.equals("open")) {
      throw new Refused("market", 15, "bid not open");
    }
    if (!group.order.equals("open") || !group.state.equals("open")) {
      throw new Refused("market", 16, "order not open");
    }
    return () -> {
      for (Chain.Bid other : group.bids) {
        if (other.state.equals("open")) {
          other.state = "lost";
        }
      }
      bid.state = "active";
      bid.lease = "active";
      bid.leasedAt = chain.height;
      group.order = "active";
    };
  }
}
