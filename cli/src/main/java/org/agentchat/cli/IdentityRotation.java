package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientSettings;
import org.agentchat.client.IdentityFile;
import org.agentchat.client.ReconnectPolicy;
import org.agentchat.client.Reply;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// `identity --rotate`: another key takes the place of the one in the file, in the log first when a
/// relay is named.
///
/// The new key is on the disk, beside the file, before anybody hears of it, and the file is
/// replaced only when the log has it. So whenever this is interrupted, running it again finishes
/// what was begun, and neither key is lost meanwhile.
final class IdentityRotation {
  private static final String DRAFT = ".next";

  private final Path file;
  private final @Nullable String server;
  private final Output output;

  /// @param index of the entry that says so; null without a relay, or when it said so before
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Rotated(
      String oldAgentId, String newAgentId, int rotations, @Nullable Long index, String file) {}

  /// @param server the relay to tell, or null
  IdentityRotation(Path file, @Nullable String server, Output output) {
    this.file = file;
    this.server = server;
    this.output = output;
  }

  int run() {
    IdentityFile current = new IdentityFile(file);
    if (!current.exists()) {
      throw PublicIdentity.missing(file);
    }
    Identity old = current.load();
    IdentityFile draft = new IdentityFile(file.resolveSibling(file.getFileName() + DRAFT));
    Identity next = next(draft, old);
    Long index = server == null ? null : tell(server, old, next);
    current.replace(next);
    delete(draft.path());
    print(old, next, index);
    return Exit.OK;
  }

  private Identity next(IdentityFile draft, Identity old) {
    if (draft.exists()) {
      Identity begun = draft.load();
      if (follows(begun, old)) {
        output.err().println("Going on with the rotation that was begun in " + draft.path());
        return begun;
      }
      if (!begun.key().equals(old.key())) {
        throw new CommandFailure(
            "IDENTITY",
            Exit.FAILED,
            draft.path()
                + " holds another key than one that follows that of "
                + file
                + "; move it away if it is not needed");
      }
      // The last rotation replaced the file and was interrupted before it tidied up.
      delete(draft.path());
    }
    Identity next = old.successor(new SecureRandom(), Instant.now());
    draft.create(next);
    return next;
  }

  private static boolean follows(Identity next, Identity old) {
    return !next.rotations().isEmpty()
        && next.rotations().getLast().path("old_pubkey").asString("").equals(old.key().pem());
  }

  private static void delete(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      throw new CommandFailure("IO", Exit.FAILED, "Cannot delete " + draft, e);
    }
  }

  /// Tells the log, through a relay.
  ///
  /// @return the index of the entry, or null when an earlier attempt had been recorded
  private @Nullable Long tell(String relay, Identity old, Identity next) {
    ClientSettings settings =
        ClientSettings.of(RelayOptions.uri(relay, output), old)
            .withReconnect(ReconnectPolicy.NEVER);
    try (AgentChatClient client = AgentChatClient.of(settings)) {
      Reply<ServerMessage.Welcome> welcome = client.connect();
      if (isDone(welcome, next)) {
        return null;
      }
      Refusals.done(welcome);
      Reply<ServerMessage.KeyRotated> reply = client.rotateKey(next);
      return isDone(reply, next) ? null : Refusals.done(reply).index();
    }
  }

  /// Whether the relay refuses the old key because it has been rotated to the new one already.
  private static boolean isDone(Reply<?> reply, Identity next) {
    return reply instanceof Reply.Refused<?>(String code, String message, _)
        && (code.equals(ErrorCode.NOT_ALLOWED.name())
            || code.equals(ErrorCode.VERIFICATION_FAILED.name()))
        && message.contains("rotated")
        && message.contains(next.id().toString());
  }

  private void print(Identity old, Identity next, @Nullable Long index) {
    String oldId = old.id().name();
    String newId = next.id().name();
    int rotations = next.rotations().size();
    String text =
        """
        Rotating identity...
          Old Agent ID: %s
          Old Fingerprint: %s

        Rotation complete:
          New Agent ID: %s
          New Fingerprint: %s
          Total rotations: %d

        The new key has been signed by the old key for chain of custody.
        Share the rotation record to prove key continuity.\
        """
            .formatted(oldId, oldId, newId, newId, rotations);
    output.print(
        new Rotated(oldId, newId, rotations, index, file.toString()),
        List.copyOf(text.lines().toList()));
    output.err().println(heard(index));
  }

  private String heard(@Nullable Long index) {
    if (server == null) {
      return "No relay was told: to the log, the old key is still the account's (--server tells"
          + " it)";
    }
    return index == null
        ? "The log had the rotation already."
        : "The log has the rotation at index " + index + ".";
  }
}
