package org.agentchat.cli;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Receipts in YAML: first the fields that existing tools export, in their order and with times as
/// text, then everything else that the receipt has.
final class ReceiptYaml {
  private static final List<String> FIRST =
      List.of(
          "proposal_id",
          "completed_at",
          "completed_by",
          "disputed_at",
          "disputed_by",
          "reason",
          "proof",
          "proposal");

  private ReceiptYaml() {}

  static String of(List<DealReceipt> receipts) {
    YAMLMapper mapper =
        YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLWriteFeature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document
        .putArray("receipts")
        .addAll(receipts.stream().map(receipt -> (JsonNode) arranged(receipt.json())).toList());
    return mapper.writeValueAsString(document);
  }

  private static ObjectNode arranged(JsonNode receipt) {
    ObjectNode arranged = JsonNodeFactory.instance.objectNode();
    FIRST.forEach(name -> put(arranged, name, receipt.path(name)));
    receipt.propertyNames().stream()
        .filter(name -> !FIRST.contains(name))
        .forEach(name -> put(arranged, name, receipt.path(name)));
    return arranged;
  }

  private static void put(ObjectNode arranged, String name, JsonNode value) {
    if (name.endsWith("ed_at") && value.isIntegralNumber()) {
      arranged.put(name, IsoTime.of(value.longValue()));
    } else if (!value.isMissingNode() && !value.isNull()) {
      arranged.set(name, value);
    }
  }
}
