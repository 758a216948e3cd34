package org.agentchat.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.agentchat.log.DurableFile;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.StrictJson;

/// Where audits that did not come to their end have stopped, a file for each log under `audits` of
/// the home folder.
///
/// Whoever may write there can have an audit leave out signatures, as whoever may write to the rest
/// of the folder can have it forget a checkpoint: it is the auditor's own. The bytes that a file
/// speaks of are told by their root, so nobody else can make it speak of others.
final class AuditBookmarks implements Resumption.Bookmarks {
  private final Path folder;
  private final String program;

  /// @param program see [ProgramDigest]
  AuditBookmarks(HomeFolder home, String program) {
    this.folder = home.path().resolve("audits");
    this.program = program;
  }

  @Override
  public String program() {
    return program;
  }

  /// {@inheritDoc}
  ///
  /// A file that cannot be read, or that another program wrote, counts as none: then everything is
  /// verified, as without it.
  @Override
  public Optional<VerifiedPrefix> last(String origin) {
    try {
      Optional<byte[]> file = DurableFile.read(file(origin));
      return file.isPresent()
          ? Optional.of(StrictJson.read(StrictJson.parse(file.get()), VerifiedPrefix.class))
              .filter(prefix -> isOurs(prefix, origin))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private boolean isOurs(VerifiedPrefix prefix, String origin) {
    return prefix.format().equals(VerifiedPrefix.FORMAT)
        && prefix.origin().equals(origin)
        && prefix.size() > 0
        && prefix.program().equals(program);
  }

  @Override
  public void keep(VerifiedPrefix prefix) throws IOException {
    DurableFile.write(
        file(prefix.origin()), (Json.text(prefix) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void drop(String origin) throws IOException {
    Files.deleteIfExists(file(origin));
  }

  private Path file(String origin) {
    return folder.resolve(CheckpointMemory.name(origin));
  }
}
