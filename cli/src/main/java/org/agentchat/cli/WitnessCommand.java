package org.agentchat.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.VerifierKey;
import org.agentchat.witness.WitnessKey;
import org.agentchat.witness.WitnessServer;
import org.agentchat.witness.WitnessSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs a witness until it is told to stop.
@Command(
    name = "witness",
    description = {
      "Cosign the checkpoints of others' logs, each only if it grew from the one before.",
      "Key, memory and evidence are in the folder 'witness' of the home folder."
    },
    mixinStandardHelpOptions = true)
final class WitnessCommand implements Callable<Integer> {
  private static final String FOLDER = "witness";
  private static final String KEY = "key.json";

  @Spec private CommandSpec spec;

  @Mixin private HomeFolder home;

  @Option(
      names = {"-p", "--port"},
      description = "Port to listen on (default: ${DEFAULT-VALUE}; 0: any free one).")
  private int port = WitnessSettings.DEFAULT_PORT;

  @Option(
      names = {"-H", "--host"},
      paramLabel = "ADDRESS",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host = "0.0.0.0";

  @Option(
      names = {"-n", "--name"},
      description = {
        "Name of the witness's key, a URL without its scheme; fixed at the first start",
        "(default: agentchat.local/witness- and a random part)."
      })
  private @Nullable String name;

  @Option(
      names = "--log",
      paramLabel = "VKEY",
      description = "Key of a log to cosign: <name>+<hex id>+<base64>. May be repeated.")
  private List<String> logs = List.of();

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "Cosign the logs of this policy (C2SP tlog-policy).")
  private @Nullable Path policy;

  @Override
  public Integer call() throws Exception {
    WitnessSettings settings = settings(home.path().resolve(FOLDER), keys());
    PrintWriter out = spec.commandLine().getOut();
    try (StopSignal signal = StopSignal.install();
        WitnessServer server = WitnessServer.start(settings)) {
      out.println("witness of " + String.join(", ", server.heads().keySet()));
      InetSocketAddress address = server.address();
      out.println("witness ready: " + url(address));
      out.println("For a policy (with the address under which others reach it):");
      NoteSigner signer = settings.signer();
      out.println("witness %s %s %s".formatted(signer.name(), signer.witnessKey(), url(address)));
      out.println("Press Ctrl+C to stop");
      out.flush();
      signal.await();
      out.println("stopping");
      out.flush();
      return Exit.OK;
    }
  }

  private WitnessSettings settings(Path folder, List<VerifierKey> keys) {
    try {
      NoteSigner signer = WitnessKey.in(folder.resolve(KEY), Optional.ofNullable(name));
      return new WitnessSettings(host, port, folder, signer, keys);
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
  }

  private List<VerifierKey> keys() throws IOException {
    try {
      Set<VerifierKey> keys = new LinkedHashSet<>();
      for (String vkey : logs) {
        keys.add(VerifierKey.parse(vkey));
      }
      if (policy != null) {
        Policy.parse(Files.readAllBytes(policy)).logs().forEach(log -> keys.add(log.key()));
      }
      if (keys.isEmpty()) {
        throw new IllegalArgumentException(
            "no log to cosign: add --log VKEY, or --policy FILE with a log line");
      }
      return List.copyOf(keys);
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
  }

  private ParameterException usage(IllegalArgumentException e) {
    return new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
  }

  /// An address that stands for all of them is reached as this machine.
  private static String url(InetSocketAddress address) {
    String shown =
        address.getAddress().isAnyLocalAddress()
            ? "localhost"
            : address.getAddress().getHostAddress();
    return "http://%s:%d"
        .formatted(shown.contains(":") ? "[" + shown + "]" : shown, address.getPort());
  }
}
