package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientSettings;
import org.agentchat.client.IdentityFile;
import org.agentchat.client.Reply;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// `identity --rotate`: another key takes the place of the one in the file, in the log first when a
/// relay is named.
///
/// The new key is on the disk, beside the file, before anybody hears of it, and the file is
/// replaced only when the log has it. Without a relay the log goes on to take the old key only, so
/// that one is kept beside the file until a relay was told. So whenever this is interrupted,
/// running it again finishes what was begun, and neither key is lost meanwhile: the old one goes
/// only after the log has answered that the new one has its place.
final class IdentityRotation {
  private static final String DRAFT = ".next";
  private static final String UNTOLD = ".untold";
  private static final String ENDED = ".ended";

  private final Path file;
  private final @Nullable NamedRelay server;
  private final Output output;

  /// @param index of the entry that says so; null without a relay, or when it said so before
  /// @param kept where the old key is kept, if it is
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Rotated(
      String oldAgentId,
      String newAgentId,
      int rotations,
      @Nullable Long index,
      @Nullable String kept,
      String file) {}

  /// @param server the relay to tell, or null
  IdentityRotation(Path file, @Nullable NamedRelay server, Output output) {
    this.file = file;
    this.server = server;
    this.output = output;
  }

  int run() {
    IdentityFile current = new IdentityFile(file);
    if (!current.exists()) {
      throw PublicIdentity.missing(file, "-f");
    }
    Identity now = current.load();
    Optional<Identity> untold = untold(file, now);
    if (server == null) {
      rotateHere(current, now);
    } else if (untold.isPresent()) {
      finish(server, untold.get(), now);
    } else {
      rotateEverywhere(server, current, now);
    }
    return Exit.OK;
  }

  /// Says on standard error when the log knows another key as the agent's than the one in the file.
  static void warnIfUntold(Path file, Identity identity, Output output) {
    untold(file, identity)
        .ifPresent(old ->
            output
                .err()
                .println(
                    "To the log, "
                        + identity.id()
                        + " is a new agent: its rotation from "
                        + old.id()
                        + " was told to no relay; "
                        + howToFinish(file)));
  }

  /// The last identity that a relay can have been told of, when it is not the one in the file.
  private static Optional<Identity> untold(Path file, Identity now) {
    IdentityFile kept = beside(file, UNTOLD);
    if (!kept.exists()) {
      return Optional.empty();
    }
    Identity old = kept.load();
    boolean earlier =
        now.rotations().stream()
            .anyMatch(record -> record.path("old_pubkey").asString("").equals(old.key().pem()));
    if (!earlier && !old.key().equals(now.key())) {
      throw new CommandFailure(
          "IDENTITY",
          Exit.FAILED,
          kept.path()
              + " holds another key than one that came before that of "
              + file
              + "; move it away if it is not needed");
    }
    return earlier ? Optional.of(old) : Optional.empty();
  }

  private static IdentityFile beside(Path file, String suffix) {
    return new IdentityFile(file.resolveSibling(file.getFileName() + suffix));
  }

  private static String howToFinish(Path file) {
    return "'agentchat identity --rotate --server URL -f %s' tells one and finishes it"
        .formatted(file);
  }

  /// The file gets a new key, and the one that the log takes stays beside it. After several
  /// rotations that is the first one: the log lets the last of them follow it at once.
  private void rotateHere(IdentityFile current, Identity old) {
    IdentityFile draft = beside(file, DRAFT);
    Identity next = next(draft, old);
    IdentityFile kept = beside(file, UNTOLD);
    if (!kept.exists()) {
      kept.create(old);
    }
    current.replace(next);
    delete(draft.path());
    print(old, next, null, kept.path());
    output
        .err()
        .println(
            "No relay was told: to the log, the key kept in "
                + kept.path()
                + " is still the account's; "
                + howToFinish(file));
  }

  private void rotateEverywhere(NamedRelay relay, IdentityFile current, Identity old) {
    ClientSettings settings = relay.signing(old, output);
    IdentityFile draft = beside(file, DRAFT);
    Identity next = next(draft, old);
    Long index = tell(settings, next);
    Path kept = index == null ? keep(old) : null;
    current.replace(next);
    delete(beside(file, UNTOLD).path());
    delete(draft.path());
    print(old, next, index, kept);
    output.err().println(heard(index, kept));
  }

  /// Tells a relay of rotations that were made without one.
  private void finish(NamedRelay relay, Identity old, Identity now) {
    Long index = tell(relay.signing(old, output), now);
    Path kept = index == null ? keep(old) : null;
    delete(beside(file, UNTOLD).path());
    print(old, now, index, kept);
    output.err().println(heard(index, kept));
  }

  /// That the log had the rotation before is what a relay says in words for people: the only copy
  /// of a key is not thrown away for them.
  private Path keep(Identity old) {
    IdentityFile kept = beside(file, "." + old.id().name() + ENDED);
    kept.replace(old);
    return kept.path();
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
  /// @param settings of a connection as the old identity
  /// @return the index of the entry, or null when an earlier attempt had been recorded
  private static @Nullable Long tell(ClientSettings settings, Identity next) {
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

  private void print(Identity old, Identity next, @Nullable Long index, @Nullable Path kept) {
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
        new Rotated(
            oldId, newId, rotations, index, kept == null ? null : kept.toString(), file.toString()),
        List.copyOf(text.lines().toList()));
  }

  private static String heard(@Nullable Long index, @Nullable Path kept) {
    return index == null
        ? "The log had the rotation already. The old key is kept in "
            + kept
            + ": delete it when you are sure."
        : "The log has the rotation at index " + index + ".";
  }
}
