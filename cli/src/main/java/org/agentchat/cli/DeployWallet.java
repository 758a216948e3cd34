package org.agentchat.cli;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Mnemonic;
import org.agentchat.akash.wallet.WalletFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The wallet of `deploy`: its file and its password, which comes from a file, from standard input,
/// or from the person at the terminal. It never comes from the command line, which others can see.
final class DeployWallet {
  private static final String NAME = "akash-wallet.json";
  private static final int MAX_SECRET_BYTES = 4096;

  private record Made(String address, String file, @Nullable String mnemonic) {}

  private record Shown(String address, String pubkey, String created, String file) {}

  @Option(
      names = "--wallet",
      paramLabel = "<file>",
      description = "The wallet (default: " + NAME + " in --home).")
  private @Nullable Path file;

  @Option(
      names = "--password-file",
      paramLabel = "<file>",
      description = "The wallet's password is this file's first line; '-' is standard input.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--force",
      description = "With --generate-wallet, --import-wallet: replace a wallet.")
  private boolean force;

  WalletFile file(Path home) {
    return new WalletFile(file == null ? home.resolve(NAME) : file);
  }

  /// The same, unless the deployment file names another.
  WalletFile file(Path home, Optional<Path> named) {
    return named.isPresent() && file == null ? new WalletFile(named.get()) : file(home);
  }

  AccountKey open(WalletFile wallet) {
    wallet.read();
    char[] password = password("Password of the wallet: ");
    try {
      return wallet.open(password);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  void generate(Path home, Output output) {
    WalletFile wallet = target(home);
    Mnemonic mnemonic = Mnemonic.generate(new SecureRandom());
    String address = create(wallet, mnemonic);
    output.print(
        new Made(address, wallet.path().toString(), mnemonic.words()),
        List.of(
            "Wallet generated:",
            "  Address: " + address,
            "  File: " + wallet.path(),
            "",
            "These words are the wallet. Write them down now; they are not shown again:",
            "",
            "  " + mnemonic.words()));
  }

  void importWords(Path home, Output output) {
    WalletFile wallet = target(home);
    Mnemonic mnemonic;
    try {
      mnemonic = Mnemonic.parse(secret("Mnemonic: ", null));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("WALLET", Exit.FAILED, "This is no mnemonic: " + e.getMessage());
    }
    String address = create(wallet, mnemonic);
    output.print(
        new Made(address, wallet.path().toString(), null),
        List.of("Wallet imported:", "  Address: " + address, "  File: " + wallet.path()));
  }

  private WalletFile target(Path home) {
    WalletFile wallet = file(home);
    if (wallet.exists() && !force) {
      throw new CommandFailure(
          "WALLET_EXISTS",
          Exit.FAILED,
          "There is a wallet at %s already; --force replaces it, and whoever has not its words loses it"
              .formatted(wallet.path()));
    }
    return wallet;
  }

  private String create(WalletFile wallet, Mnemonic mnemonic) {
    char[] password = password("New password of the wallet: ");
    try {
      return wallet.create(mnemonic, password, Instant.now(), new SecureRandom(), force).address();
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  void show(Path home, Output output) {
    WalletFile wallet = file(home);
    WalletFile.Content content = wallet.read();
    output.print(
        new Shown(content.address(), content.pubkey(), content.created(), wallet.path().toString()),
        List.of(
            "Address: " + content.address(),
            "Public key: " + content.pubkey(),
            "Created: " + content.created(),
            "File: " + wallet.path()));
  }

  private char[] password(String prompt) {
    return secret(prompt, passwordFile).toCharArray();
  }

  /// A line of a file, of standard input, or of a person who does not see it.
  private static String secret(String prompt, @Nullable Path from) {
    try {
      if (from != null && !from.toString().equals("-")) {
        return firstLine(Files.readAllBytes(from));
      }
      Optional<Console> console =
          Optional.ofNullable(System.console()).filter(one -> from == null && one.isTerminal());
      if (console.isPresent()) {
        char[] typed = console.get().readPassword("%s", prompt);
        if (typed == null) {
          throw new CommandFailure("WALLET", Exit.FAILED, "Nothing was typed");
        }
        return new String(typed);
      }
      return firstLine(line());
    } catch (IOException e) {
      throw new CommandFailure("WALLET", Exit.FAILED, "Cannot read " + prompt.strip() + " " + e, e);
    }
  }

  /// One line of standard input and no byte more: what follows may be another secret.
  private static byte[] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = System.in.read(); c >= 0 && c != '\n'; c = System.in.read()) {
      if (line.size() >= MAX_SECRET_BYTES) {
        throw new IOException("the line is too long");
      }
      line.write(c);
    }
    return line.toByteArray();
  }

  private static String firstLine(byte[] bytes) throws IOException {
    if (bytes.length > MAX_SECRET_BYTES) {
      throw new IOException("it is too long");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.lines().findFirst().orElseThrow(() -> new IOException("it is empty"));
  }
}
