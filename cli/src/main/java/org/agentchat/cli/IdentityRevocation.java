package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientSettings;
import org.agentchat.client.IdentityFile;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.RevocationNotice;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// `identity --revoke` and `identity --verify-revocation`.
final class IdentityRevocation {
  /// A notice with hundreds of earlier keys fits, in bytes.
  private static final long MAX_BYTES = 1024 * 1024;

  private final Output output;

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Verified(
      boolean valid,
      String agentId,
      String reason,
      String timestamp,
      @Nullable String originalAgentId) {}

  IdentityRevocation(Output output) {
    this.output = output;
  }

  /// Prints the notice, and then tells the log if a relay is named: the notice holds whatever
  /// becomes of that.
  int revoke(Path file, String reason, @Nullable NamedRelay server) {
    IdentityFile stored = new IdentityFile(file);
    if (!stored.exists()) {
      throw PublicIdentity.missing(file, "-f");
    }
    Identity identity = stored.load();
    @Nullable ClientSettings settings = server == null ? null : server.signing(identity, output);
    if (settings != null) {
      IdentityRotation.warnIfUntold(file, identity, output);
    }
    output.err().println("Generating revocation notice for identity...");
    output.err().println("  Agent ID: " + identity.id().name());
    output.err().println("  Reason: " + Printable.of(reason));
    output.err().println();
    output.err().println("WARNING: Publishing this notice declares your key as untrusted.");
    output.err().println();
    RevocationNotice notice = RevocationNotice.of(identity, reason, Instant.now());
    output.print(notice.json(), List.of(PrettyJson.of(notice.json())));
    if (settings != null) {
      ServerMessage.KeyRevoked revoked = tell(settings, reason);
      output.err().println("The log has the revocation at index " + revoked.index() + ".");
    }
    return Exit.OK;
  }

  private static ServerMessage.KeyRevoked tell(ClientSettings settings, String reason) {
    try (AgentChatClient client = AgentChatClient.of(settings)) {
      Refusals.done(client.connect());
      return Refusals.done(client.revokeKey(reason));
    }
  }

  /// Says whether a notice holds.
  int verify(Path file) {
    JsonNode notice = read(file);
    Optional<String> flaw = new RevocationNotice(notice).flaw(new Ed25519Verifier());
    if (flaw.isPresent()) {
      return invalid(flaw.get());
    }
    String original = notice.path("original_agent_id").asString("");
    Verified verified =
        new Verified(
            true,
            notice.path("agent_id").asString(""),
            notice.path("reason").asString(""),
            notice.path("timestamp").asString(""),
            original.isEmpty() ? null : original);
    List<String> lines = new ArrayList<>();
    lines.add("Verifying revocation notice...");
    lines.add("Revocation notice is VALID");
    lines.add("  Agent ID: " + verified.agentId());
    lines.add("  Fingerprint: " + verified.agentId());
    lines.add("  Reason: " + Printable.of(verified.reason()));
    lines.add("  Timestamp: " + Printable.of(verified.timestamp()));
    if (!original.isEmpty()) {
      lines.add("  Original Agent ID: " + original);
    }
    output.print(verified, lines);
    return Exit.OK;
  }

  /// In the lines that existing tools print, which do not begin with `Error`.
  private int invalid(String flaw) {
    if (output.isJson()) {
      throw new CommandFailure("REVOCATION", Exit.FAILED, flaw);
    }
    output.out().println("Verifying revocation notice...");
    output.out().flush();
    output.err().println("Revocation notice is INVALID");
    output.err().println("  " + Printable.of(flaw));
    return Exit.FAILED;
  }

  private static JsonNode read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new CommandFailure(
            "REVOCATION_FILE", Exit.FAILED, file + " is too large for a revocation notice");
      }
      return Json.parse(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CommandFailure("REVOCATION_FILE", Exit.FAILED, "Cannot read " + file, e);
    } catch (JacksonException e) {
      throw new CommandFailure("REVOCATION_FILE", Exit.FAILED, file + " is not JSON", e);
    }
  }
}
