package org.agentchat.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.agentchat.escrow.chain.Keystore;
import org.agentchat.escrow.chain.KeystoreException;
import org.agentchat.escrow.chain.Signer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "key",
    description = {
      "Make a key for EVM chains, or import one, into a keystore that other wallets read, too.",
      "Without --new and --import: say whose key a keystore holds."
    },
    mixinStandardHelpOptions = true)
final class EscrowKeyCommand implements Runnable {
  /// At most one of these.
  static final class Action {
    @Option(names = "--new", description = "Make a new key.")
    private boolean fresh;

    @Option(
        names = "--import",
        description = {
          "Take 64 hexadecimal digits from standard input, never from the command line; the"
              + " password then comes from a file."
        })
    private boolean imported;
  }

  private record Shown(String address, String keystore) {}

  @ArgGroup private Action action = new Action();
  @Mixin private KeyOptions keys;
  @Mixin private Output output;

  @Override
  public void run() {
    try {
      if (action.fresh) {
        written(Keystore.newKey(new SecureRandom()), "New key:");
      } else if (action.imported) {
        written(read(), "Imported key:");
      } else {
        show(keys.signer(), "Key:");
      }
    } catch (KeystoreException e) {
      throw Failures.of(e);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(
          "KEYSTORE_EXISTS",
          Exit.FAILED,
          "There is a file %s already, and a key is never overwritten".formatted(keys.file()),
          e);
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private void written(Signer signer, String heading) throws IOException, KeystoreException {
    Keystore.write(keys.file(), signer, keys.password(), Keystore.Cost.STANDARD);
    show(signer, heading);
  }

  private static Signer read() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = in.readLine();
    try {
      return Signer.ofHex(line == null ? "" : line.strip());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("KEY", Exit.FAILED, "Standard input: " + e.getMessage(), e);
    }
  }

  private void show(Signer signer, String heading) {
    Path file = keys.file();
    output.print(
        new Shown(signer.address().hex(), file.toString()),
        List.of(heading, "  Address: " + signer.address().checksummed(), "  Keystore: " + file));
  }
}
