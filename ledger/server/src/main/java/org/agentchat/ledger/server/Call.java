package org.agentchat.ledger.server;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.tlog.Policy;
import org.jspecify.annotations.Nullable;

/// The parameters of one request, read into types. Whatever is wrong is a [Problem] that names the
/// parameter.
final class Call {
  /// Most items of one page.
  static final int MAX_LIMIT = 1_000;

  /// Items of a page when nobody says.
  static final int DEFAULT_LIMIT = 50;

  private static final Pattern PROPOSAL_ID = Pattern.compile("[0-9A-Za-z_-]{1,128}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  private final Map<String, String> path;
  private final Map<String, ? extends Collection<String>> query;
  private final byte[] body;

  /// @param path by the names in the route's template, decoded
  /// @param query decoded
  /// @param known the names that the route takes
  Call(
      Map<String, String> path,
      Map<String, ? extends Collection<String>> query,
      Set<String> known) {
    this(path, query, new byte[0]);
    query.forEach((name, values) -> {
      if (!known.contains(name)) {
        throw Problem.badParameter(shortened(name), "no such parameter here");
      }
      if (values.size() != 1) {
        throw Problem.badParameter(name, "given " + values.size() + " times, once wanted");
      }
    });
  }

  private Call(
      Map<String, String> path, Map<String, ? extends Collection<String>> query, byte[] body) {
    this.path = path;
    this.query = query;
    this.body = body;
  }

  /// The same call with its body.
  Call with(byte[] content) {
    return new Call(path, query, content);
  }

  /// What was posted, as far as it was read.
  byte[] body() {
    return body.clone();
  }

  /// The policy in the query, if one is given.
  Optional<Policy> policy() {
    try {
      return Optional.ofNullable(value("policy"))
          .map(text -> Policy.parse(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      throw Problem.badParameter("policy", String.valueOf(e.getMessage()));
    }
  }

  /// The agent in the path, with or without its `@`.
  AgentId agent() {
    return agent("id", path.getOrDefault("id", ""));
  }

  /// The proposal in the path.
  String proposalId() {
    String id = path.getOrDefault("id", "");
    if (!PROPOSAL_ID.matcher(id).matches()) {
      throw Problem.badParameter(
          "id", "1 to 128 letters, digits, _ and - wanted, found " + shortened(id));
    }
    return id;
  }

  /// A part of the path as it came, for example to look it up.
  String part(String name) {
    return path.getOrDefault(name, "");
  }

  /// What a route that ends in `*` leaves open.
  String rest() {
    return path.getOrDefault("*", "");
  }

  /// The index of the first item wanted.
  long fromIndex() {
    return number("from", 0, Long.MAX_VALUE, 0);
  }

  /// The index before which items are wanted, if one is named.
  OptionalLong beforeIndex() {
    return optional("before", 0);
  }

  /// The size of the tree that proofs are wanted for, if one is named.
  OptionalLong tree() {
    return optional("tree", 1);
  }

  private OptionalLong optional(String name, long least) {
    return value(name) == null
        ? OptionalLong.empty()
        : OptionalLong.of(number(name, least, Long.MAX_VALUE, least));
  }

  /// The first agent wanted.
  Optional<AgentId> fromAgent() {
    return Optional.ofNullable(value("from")).map(text -> agent("from", text));
  }

  /// The most items wanted.
  int limit() {
    return (int) number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
  }

  private long number(String name, long least, long most, long otherwise) {
    String text = value(name);
    if (text == null) {
      return otherwise;
    }
    boolean digits = DIGITS.matcher(text).matches();
    long number = digits ? Long.parseLong(text) : -1;
    if (number < least || number > most) {
      String range = most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
      throw Problem.badParameter(
          name, "a whole number, " + range + ", wanted, found " + shortened(text));
    }
    return number;
  }

  private static AgentId agent(String name, String text) {
    return AgentId.parse(text.startsWith("@") ? text : "@" + text)
        .orElseThrow(() ->
            Problem.badParameter(
                name, "an agent's id such as @0123456789abcdef wanted, found " + shortened(text)));
  }

  private @Nullable String value(String name) {
    Collection<String> values = query.get(name);
    return values == null ? null : values.iterator().next();
  }

  /// What somebody sent is repeated only in part.
  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
