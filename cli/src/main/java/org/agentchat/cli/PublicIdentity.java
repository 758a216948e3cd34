package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What an identity file tells everybody. Reading it loads no cryptography and looks at no private
/// key, so that commands which only want to know who we are start fast.
///
/// @param created ISO 8601, as it stands in the file
/// @param rotations records of earlier keys, oldest first
record PublicIdentity(String name, AgentKey key, String created, List<JsonNode> rotations) {
  private record Export(String name, String pubkey, String created, List<JsonNode> rotations) {}

  PublicIdentity {
    rotations = List.copyOf(rotations);
  }

  /// @param option with which the command at hand is told another file
  /// @throws CommandFailure if there is no such file or it is no identity; never quoting it
  static PublicIdentity read(Path file, String option) {
    try {
      return of(Json.parse(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      throw missing(file, option);
    } catch (JacksonException | IllegalArgumentException _) {
      // Without the cause: its text may quote the file, and with it the private key.
      throw new CommandFailure(
          "IDENTITY",
          Exit.FAILED,
          file
              + " is not an identity file; name another with "
              + option
              + ", or make one with 'agentchat identity --generate'");
    } catch (IOException e) {
      throw new CommandFailure("IDENTITY", Exit.FAILED, "Cannot read " + file, e);
    }
  }

  /// The identity in the file, or empty when there is no such file.
  static Optional<PublicIdentity> find(Path file, String option) {
    return Files.exists(file) ? Optional.of(read(file, option)) : Optional.empty();
  }

  /// The complaint that there is no identity, to be thrown.
  ///
  /// @param option with which the command at hand is told another file
  static CommandFailure missing(Path file, String option) {
    return new CommandFailure(
        "NO_IDENTITY",
        Exit.FAILED,
        "No identity at "
            + file
            + "; make one with 'agentchat identity --generate', or name another file with "
            + option);
  }

  private static PublicIdentity of(JsonNode file) {
    String pem = file.path("publicKey").asString(file.path("pubkey").asString(""));
    List<JsonNode> rotations = List.copyOf(file.path("rotations").values());
    return new PublicIdentity(
        file.path("name").asString("agent"),
        AgentKey.ofPem(pem),
        file.path("created").asString("unknown"),
        rotations);
  }

  AgentId id() {
    return key.id();
  }

  /// The first key's short name, when the key has been changed since.
  Optional<String> originalId() {
    return rotations.stream()
        .findFirst()
        .map(record -> record.path("old_agent_id").asString("unknown"));
  }

  /// What to give to others.
  Object export() {
    return new Export(name, key.pem(), created, rotations);
  }
}
