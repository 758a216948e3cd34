package org.agentchat.escrow.devchain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnvilBinaryTest {

  @TempDir private Path home;

  @Test
  void environmentNamesOneAndNoOtherIsTaken() throws IOException {
    executable(".cache/agentchat/anvil-linux-amd64-1.7.1/bin/anvil");
    Path named = executable("mine/anvil");
    assertThat(AnvilBinary.find(Map.of("AGENTCHAT_ANVIL", named.toString()), home)).contains(named);
    assertThat(AnvilBinary.find(Map.of("AGENTCHAT_ANVIL", home + "/none"), home)).isEmpty();
  }

  @Test
  void whatTheBuildFetchedComesBeforeThePath() throws IOException {
    Path installed = executable("bin/anvil");
    Map<String, String> path =
        Map.of("PATH", home.resolve("empty") + File.pathSeparator + installed.getParent());
    assertThat(AnvilBinary.find(path, home)).contains(installed);
    Path fetched = executable(".cache/agentchat/anvil-linux-amd64-1.7.1/bin/anvil");
    assertThat(AnvilBinary.find(path, home)).contains(fetched);
  }

  @Test
  void emptyNameInTheEnvironmentNamesNone() throws IOException {
    Path fetched = executable(".cache/agentchat/anvil-linux-amd64-1.7.1/bin/anvil");
    assertThat(AnvilBinary.find(Map.of("AGENTCHAT_ANVIL", ""), home)).contains(fetched);
  }

  @Test
  void cacheFolderOfTheEnvironmentCounts() throws IOException {
    Path fetched = executable("caches/agentchat/anvil-linux-amd64-1.7.1/bin/anvil");
    assertThat(AnvilBinary.find(Map.of("XDG_CACHE_HOME", home + "/caches"), home))
        .contains(fetched);
  }

  @Test
  void versionIsTheOneThatTheBuildFetches() {
    assertThat(AnvilBinary.VERSION).isEqualTo(System.getProperty("anvil.version"));
  }

  @Test
  void nothingIsFoundWhereNothingIs() {
    assertThat(AnvilBinary.find(Map.of(), home)).isEmpty();
  }

  private Path executable(String name) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
