package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Turns what a node answers into values, or says what is wrong with it. Nothing that a node says
/// is used before it was here.
final class Wire {
  /// More digits than any quantity has (a 256-bit number).
  private static final Pattern QUANTITY = Pattern.compile("0x[0-9a-fA-F]{1,64}");

  private static final Pattern DATA = Pattern.compile("0x(?:[0-9a-fA-F]{2})*");
  private static final int MAX_TOPICS = 4;

  private final String method;

  /// @param method what was asked, for messages
  Wire(String method) {
    this.method = method;
  }

  BigInteger quantity(JsonNode node) throws GarbledAnswerException {
    if (node == null || !node.isString() || !QUANTITY.matcher(node.stringValue()).matches()) {
      throw wrong("a number as 0x...", node);
    }
    return new BigInteger(node.stringValue().substring(2), 16);
  }

  long number(JsonNode node) throws GarbledAnswerException {
    BigInteger value = quantity(node);
    if (value.bitLength() > 63) {
      throw wrong("a number below 2^63", node);
    }
    return value.longValue();
  }

  String data(JsonNode node) throws GarbledAnswerException {
    if (node == null || !node.isString() || !DATA.matcher(node.stringValue()).matches()) {
      throw wrong("bytes as 0x...", node);
    }
    return lower(node);
  }

  Hash hash(JsonNode node) throws GarbledAnswerException {
    return value(node, "a hash", text -> new Hash(text));
  }

  Address address(JsonNode node) throws GarbledAnswerException {
    return value(node, "an address", text -> new Address(text));
  }

  private <T> T value(JsonNode node, String wanted, Function<String, T> parse)
      throws GarbledAnswerException {
    try {
      if (node != null && node.isString()) {
        return parse.apply(lower(node));
      }
    } catch (IllegalArgumentException _) {
      // Said below, with the method.
    }
    throw wrong(wanted, node);
  }

  private static String lower(JsonNode node) {
    return node.stringValue().toLowerCase(java.util.Locale.ROOT);
  }

  Block block(JsonNode node) throws GarbledAnswerException {
    requireObject(node);
    List<Hash> transactions = new ArrayList<>();
    for (JsonNode transaction : list(node.get("transactions"))) {
      transactions.add(hash(transaction));
    }
    return new Block(
        new BlockRef(number(node.get("number")), hash(node.get("hash"))),
        hash(node.get("parentHash")),
        number(node.get("timestamp")),
        quantity(node.get("baseFeePerGas")),
        transactions);
  }

  Receipt receipt(JsonNode node) throws GarbledAnswerException {
    requireObject(node);
    List<ChainLog> logs = new ArrayList<>();
    for (JsonNode log : list(node.get("logs"))) {
      logs.add(log(log));
    }
    return new Receipt(
        hash(node.get("transactionHash")),
        new BlockRef(number(node.get("blockNumber")), hash(node.get("blockHash"))),
        address(node.get("from")),
        succeeded(node.get("status")),
        created(node.get("contractAddress")),
        number(node.get("gasUsed")),
        logs);
  }

  private boolean succeeded(JsonNode node) throws GarbledAnswerException {
    long status = number(node);
    if (status > 1) {
      throw wrong("a status of 0x0 or 0x1", node);
    }
    return status == 1;
  }

  private Optional<Address> created(JsonNode node) throws GarbledAnswerException {
    return node == null || node.isNull() ? Optional.empty() : Optional.of(address(node));
  }

  ChainLog log(JsonNode node) throws GarbledAnswerException {
    requireObject(node);
    List<Hash> topics = new ArrayList<>();
    for (JsonNode topic : list(node.get("topics"))) {
      topics.add(hash(topic));
    }
    if (topics.size() > MAX_TOPICS) {
      throw wrong("at most 4 topics", node.get("topics"));
    }
    return new ChainLog(
        address(node.get("address")),
        topics,
        data(node.get("data")),
        new BlockRef(number(node.get("blockNumber")), hash(node.get("blockHash"))),
        hash(node.get("transactionHash")),
        number(node.get("logIndex")));
  }

  List<JsonNode> list(JsonNode node) throws GarbledAnswerException {
    if (node == null || !node.isArray()) {
      throw wrong("a list", node);
    }
    return node.valueStream().toList();
  }

  private void requireObject(JsonNode node) throws GarbledAnswerException {
    if (node == null || !node.isObject()) {
      throw wrong("an object", node);
    }
  }

  GarbledAnswerException wrong(String wanted, JsonNode found) {
    return new GarbledAnswerException(
        "the node's answer to %s is wrong: wanted %s, found %s"
            .formatted(method, wanted, found == null ? "nothing" : Words.of(found.toString())));
  }
}
