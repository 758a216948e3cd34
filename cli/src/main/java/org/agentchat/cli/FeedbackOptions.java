package org.agentchat.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An ERC-8004 feedback file of a receipt ("Off-Chain Feedback File Structure"), and who the two
/// sides are on a chain, which no receipt knows.
final class FeedbackOptions {
  /// CAIP-10: chain and address.
  private static final Pattern ACCOUNT = Pattern.compile("[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}:.+");

  @Option(
      names = "--agent-registry",
      paramLabel = "<caip10>",
      description = "For erc8004: the identity registry, such as eip155:1:0x...")
  private @Nullable String registry;

  @Option(
      names = "--agent-token",
      paramLabel = "<n>",
      description = "For erc8004: the other side's agentId in that registry.")
  private @Nullable Long agentId;

  @Option(
      names = "--client-address",
      paramLabel = "<caip10>",
      description = "For erc8004: our own address, such as eip155:1:0x...")
  private @Nullable String client;

  /// The file. A deal that was done is worth 100, a disputed one 0; what else the receipt says is
  /// inside, with its proofs.
  ///
  /// @throws picocli.CommandLine.ParameterException if somebody is not named
  String of(DealReceipt receipt, String file, Output output) {
    if (registry == null || agentId == null || client == null) {
      throw output.usage(
          "ERC-8004 names both sides by their chain: --agent-registry, --agent-token and"
              + " --client-address are wanted");
    }
    ObjectNode feedback = JsonNodeFactory.instance.objectNode();
    feedback.put("agentRegistry", account(registry, output));
    feedback.put("agentId", agentId);
    feedback.put("clientAddress", account(client, output));
    feedback.put("createdAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    feedback.put("value", receipt.isDispute() ? 0 : 100);
    feedback.put("valueDecimals", 0);
    feedback.put("tag1", "agentchat");
    feedback.put("tag2", receipt.isDispute() ? "disputed" : "completed");
    receipt.task().ifPresent(task -> feedback.put("task", task));
    feedback.set("agentchat", Json.parse(file));
    return Json.pretty(feedback) + "\n";
  }

  private static String account(String text, Output output) {
    if (!ACCOUNT.matcher(text).matches()) {
      throw output.usage("An account on a chain looks like eip155:1:0x..., not like " + text);
    }
    return text;
  }
}
