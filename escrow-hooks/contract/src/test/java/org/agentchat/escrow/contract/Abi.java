package org.agentchat.escrow.contract;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Reads the compiler's interface of a contract.
final class Abi {

  private Abi() {}

  /// For example `credit(address,address)`, which is what hashes and documentation go by.
  static String signature(JsonNode entry) {
    return entry.path("name").asString() + types(entry.path("inputs"));
  }

  private static String types(JsonNode parameters) {
    return parameters
        .valueStream()
        .map(parameter ->
            parameter.path("type").asString().equals("tuple")
                ? types(parameter.path("components"))
                : parameter.path("type").asString())
        .collect(Collectors.joining(",", "(", ")"));
  }
}
