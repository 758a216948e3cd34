package org.agentchat.cli;

import org.agentchat.schemas.json.Json;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/// JSON over several lines as `JSON.stringify(value, null, 2)` prints it, which is what files and
/// exports of existing tools look like.
final class PrettyJson {
  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

  private PrettyJson() {}

  static String of(Object value) {
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter()
            .withSeparators(separators)
            .withObjectIndenter(INDENT)
            .withArrayIndenter(INDENT);
    return Json.mapper().writer().with(printer).writeValueAsString(value);
  }
}
