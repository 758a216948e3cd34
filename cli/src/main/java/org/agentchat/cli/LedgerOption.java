package org.agentchat.cli;

import org.agentchat.ledger.server.LedgerSettings;
import picocli.CommandLine.Option;

/// `--ledger`: where the ledger's HTTP API is. Without it `AGENTCHAT_LEDGER`, without that the port
/// of this machine that `agentchat serve` uses.
final class LedgerOption {
  static final String DEFAULT = "http://localhost:" + LedgerSettings.DEFAULT_PORT;

  @Option(
      names = "--ledger",
      paramLabel = "<url>",
      defaultValue = "${env:AGENTCHAT_LEDGER:-" + DEFAULT + "}",
      description = "The ledger's address (AGENTCHAT_LEDGER, else " + DEFAULT + ").")
  private String url = DEFAULT;

  /// @throws picocli.CommandLine.ParameterException if the address is none
  LedgerApi api(Output output) {
    try {
      return new LedgerApi(url.isBlank() ? DEFAULT : url);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }
}
