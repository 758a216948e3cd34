package org.agentchat.cli;

import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a call refers to: 32 bytes that the contract writes down and does not look at.
final class ReferenceOption {
  private static final Pattern SHAPE = Pattern.compile("(?:0x)?[0-9a-fA-F]{64}");

  @Option(
      names = "--reference",
      paramLabel = "<hash>",
      description = {
        "What the call refers to, 64 hexadecimal digits (default: the leaf hash of the last entry"
            + " of the log that is about the deal)."
      })
  private @Nullable String reference;

  String hash(EscrowDeals.Found found, Output output) {
    if (reference == null) {
      return "0x" + HexFormat.of().formatHex(found.last().raw());
    }
    if (!SHAPE.matcher(reference).matches()) {
      throw output.usage(
          "--reference is 64 hexadecimal digits, not %d characters".formatted(reference.length()));
    }
    String digits = reference.startsWith("0x") ? reference.substring(2) : reference;
    return "0x" + digits.toLowerCase(java.util.Locale.ROOT);
  }
}
