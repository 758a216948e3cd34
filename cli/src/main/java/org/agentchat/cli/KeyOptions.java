package org.agentchat.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agentchat.escrow.chain.Keystore;
import org.agentchat.escrow.chain.KeystoreException;
import org.agentchat.escrow.chain.Signer;
import picocli.CommandLine.Option;

/// Whose key on the chain signs. A password is never on the command line, where others could read
/// it.
final class KeyOptions {
  private static final Path STDIN = Path.of("-");

  @Option(
      names = "--keystore",
      paramLabel = "<file>",
      required = true,
      description = "The key, as 'agentchat escrow key' or another wallet wrote it (version 3).")
  private Path keystore = STDIN;

  @Option(
      names = "--password-file",
      paramLabel = "<file>",
      required = true,
      description = "A file whose first line opens the key, or - for standard input.")
  private Path passwordFile = STDIN;

  Path file() {
    return keystore;
  }

  Signer signer() throws KeystoreException, IOException {
    return Keystore.open(keystore, password());
  }

  String password() throws KeystoreException, IOException {
    return passwordFile.equals(STDIN) ? firstLine() : Keystore.password(passwordFile);
  }

  private static String firstLine() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = in.readLine();
    if (line == null || line.isEmpty()) {
      throw new CommandFailure(
          "KEYSTORE", Exit.FAILED, "The password was to come on standard input, and nothing came");
    }
    return line;
  }
}
