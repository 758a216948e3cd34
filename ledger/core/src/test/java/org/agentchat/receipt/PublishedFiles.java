package org.agentchat.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Folders of files that tests here make and tests elsewhere read, so that the command, the API and
/// the browser page are asked the same. `-Dagentchat.golden=write` writes them anew.
final class PublishedFiles {
  private PublishedFiles() {}

  /// @param folder under this package's resources
  /// @param files texts by name, all that are there
  static void requireSame(String folder, Map<String, String> files) throws IOException {
    Path published =
        Path.of("src/test/resources/org/agentchat/receipt").resolve(folder).toAbsolutePath();
    if ("write".equals(System.getProperty("agentchat.golden"))) {
      write(published, files);
    }
    List<String> names = new ArrayList<>();
    try (Stream<Path> found = Files.list(published)) {
      found.forEach(file -> names.add(String.valueOf(file.getFileName())));
    }
    assertThat(names).containsExactlyInAnyOrderElementsOf(files.keySet());
    files.forEach((name, text) -> assertThat(published.resolve(name)).hasContent(text));
  }

  private static void write(Path published, Map<String, String> files) throws IOException {
    Files.createDirectories(published);
    files.forEach((name, text) -> {
      try {
        Files.writeString(published.resolve(name), text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }
}
