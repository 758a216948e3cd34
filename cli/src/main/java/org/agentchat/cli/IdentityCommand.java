package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.agentchat.client.IdentityFile;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "identity",
    description = "Make, show or change the agent's identity, an Ed25519 key pair.",
    mixinStandardHelpOptions = true)
final class IdentityCommand implements Callable<Integer> {
  /// At most one of these; none shows the identity if there is one.
  static final class Action {
    @Option(
        names = {"-g", "--generate"},
        description = "Make a new key pair.")
    private boolean generate;

    @Option(
        names = {"-s", "--show"},
        description = "Show the identity.")
    private boolean show;

    @Option(
        names = {"-e", "--export"},
        description = "Print the public key for sharing, as JSON.")
    private boolean export;

    @Option(
        names = {"-r", "--rotate"},
        description = "Make a new key that follows this one; with --server in the log too.")
    private boolean rotate;

    @Option(names = "--verify-chain", description = "Check the records of earlier keys.")
    private boolean verifyChain;

    @Option(
        names = "--revoke",
        arity = "0..1",
        fallbackValue = "revoked",
        paramLabel = "<reason>",
        description = "Print a notice that the key is not to be trusted; with --server end it.")
    private @Nullable String revoke;

    @Option(
        names = "--verify-revocation",
        paramLabel = "<file>",
        description = "Check a notice that somebody printed.")
    private @Nullable Path verifyRevocation;
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Shown(
      @Nullable String name,
      @Nullable String agentId,
      @Nullable String pubkey,
      @Nullable String created,
      @Nullable Integer rotations,
      @Nullable String originalAgentId,
      String file) {}

  @ArgGroup private Action action = new Action();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "<file>",
      description = "The identity file (default: identity.json in --home).")
  private @Nullable Path file;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "<name>",
      description = "Display name, for --generate (default: agent-<pid>).")
  private @Nullable String name;

  @Option(
      names = "--server",
      paramLabel = "<url>",
      description =
          "With --rotate or --revoke: the relay to tell, for example ws://localhost:6667.")
  private @Nullable String server;

  @Option(
      names = "--origin",
      paramLabel = "<origin>",
      description = "With --server: tell a relay of this log only (default: whatever it names).")
  private @Nullable String origin;

  @Option(
      names = "--ledger",
      paramLabel = "<url>",
      description = "With --verify-chain: the ledger whose log has to agree.")
  private @Nullable String ledger;

  @Option(names = "--force", description = "With --generate: replace the identity that is there.")
  private boolean force;

  @Mixin private HomeFolder home;
  @Mixin private Output output;

  @Override
  public Integer call() {
    Path path = file == null ? home.identity() : file;
    if (action.generate) {
      IdentityFile target = new IdentityFile(path);
      if (target.exists() && !force) {
        return refuseToReplace(path);
      }
      generate(target);
    } else if (action.export) {
      Object export = PublicIdentity.read(path, "-f").export();
      output.print(export, List.of(PrettyJson.of(export)));
    } else if (action.show) {
      PublicIdentity identity = PublicIdentity.read(path, "-f");
      List<String> lines = current(identity);
      lines.add("  File: " + path);
      output.print(shown(identity, path), lines);
    } else {
      return ofKeys(path);
    }
    return Exit.OK;
  }

  private @Nullable NamedRelay relay() {
    if (server == null && origin != null) {
      throw output.usage("--origin says of which log the relay must be: it needs --server");
    }
    return server == null ? null : new NamedRelay(server, origin);
  }

  private int ofKeys(Path path) {
    if (action.rotate) {
      return new IdentityRotation(path, relay(), output).run();
    }
    if (action.verifyChain) {
      return new IdentityChain(path, ledger(), output).run();
    }
    if (action.revoke != null) {
      return new IdentityRevocation(output).revoke(path, action.revoke, relay());
    }
    if (action.verifyRevocation != null) {
      return new IdentityRevocation(output).verify(action.verifyRevocation);
    }
    showIfThere(path);
    return Exit.OK;
  }

  private @Nullable LedgerApi ledger() {
    try {
      return ledger == null ? null : new LedgerApi(ledger);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  /// In the two lines that existing tools print, which do not begin with `Error`.
  private int refuseToReplace(Path path) {
    String what = "Identity already exists at " + path;
    if (output.isJson()) {
      throw new CommandFailure(
          "IDENTITY_EXISTS", Exit.FAILED, what + "; use --force to overwrite it");
    }
    output.err().println(what);
    output.err().println("Use --force to overwrite");
    return Exit.FAILED;
  }

  private void generate(IdentityFile target) {
    Identity identity = Identity.generate(validName(), new SecureRandom(), Instant.now());
    if (force) {
      target.replace(identity);
    } else {
      target.create(identity);
    }
    String id = identity.id().name();
    output.print(
        shown(PublicIdentity.read(target.path(), "-f"), target.path()),
        List.of(
            "Generated new identity:",
            "  Name: " + identity.name(),
            "  Fingerprint: " + id,
            "  Agent ID: " + id,
            "  Saved to: " + target.path()));
  }

  private String validName() {
    if (name == null) {
      return "agent-" + ProcessHandle.current().pid();
    }
    if (!ClientMessageCodec.isName(name)) {
      throw output.usage(
          "A name has 1 to 32 letters, digits, hyphens and underscores, unlike '" + name + "'");
    }
    return name;
  }

  private void showIfThere(Path path) {
    Optional<PublicIdentity> found = PublicIdentity.find(path, "-f");
    if (found.isEmpty()) {
      output.print(
          new Shown(null, null, null, null, null, null, path.toString()),
          List.of("No identity found.", "Use --generate to create one at " + path));
      return;
    }
    PublicIdentity identity = found.get();
    List<String> lines = current(identity);
    identity
        .originalId()
        .ifPresent(original -> {
          lines.add("  Rotations: " + identity.rotations().size());
          lines.add("  Original Agent ID: " + original);
        });
    output.print(shown(identity, path), lines);
  }

  private static List<String> current(PublicIdentity identity) {
    List<String> lines = new ArrayList<>();
    lines.add("Current identity:");
    lines.add("  Name: " + Printable.of(identity.name()));
    lines.add("  Fingerprint: " + identity.id().name());
    lines.add("  Agent ID: " + identity.id().name());
    lines.add("  Created: " + Printable.of(identity.created()));
    return lines;
  }

  private static Shown shown(PublicIdentity identity, Path path) {
    return new Shown(
        identity.name(),
        identity.id().name(),
        identity.key().pem(),
        identity.created(),
        identity.rotations().isEmpty() ? null : identity.rotations().size(),
        identity.originalId().orElse(null),
        path.toString());
  }
}
