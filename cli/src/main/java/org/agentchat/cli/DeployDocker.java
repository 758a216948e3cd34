package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.akash.docker.ComposeFile;
import org.agentchat.akash.docker.Dockerfile;
import org.agentchat.akash.docker.ServerSetup;
import org.agentchat.akash.docker.SystemdUnit;
import picocli.CommandLine.Option;

/// `deploy --provider docker`: files for a machine of one's own; nothing is started.
final class DeployDocker {
  private record FilesShown(List<String> files) {}

  @Option(
      names = "--out",
      paramLabel = "<dir>",
      description = "With --provider docker: where the files go (default: here).")
  private Path folder = Path.of("");

  @Option(
      names = "--image",
      paramLabel = "<name>",
      description = "With --provider docker: the image's name (default: ${DEFAULT-VALUE}).")
  private String image = ServerSetup.DEFAULT.image();

  @Option(
      names = "--port",
      paramLabel = "<port>",
      description = "With --provider docker: the relay's port (default: ${DEFAULT-VALUE}).")
  private int port = ServerSetup.DEFAULT.port();

  @Option(
      names = "--api-port",
      paramLabel = "<port>",
      description = "With --provider docker: the API's port (default: ${DEFAULT-VALUE}).")
  private int apiPort = ServerSetup.DEFAULT.apiPort();

  /// Writes the files and says which.
  void write(Output output) throws IOException {
    ServerSetup setup;
    try {
      setup = new ServerSetup(image, port, apiPort);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
    Files.createDirectories(folder);
    List<String> written = new ArrayList<>();
    written.add(write("Dockerfile", Dockerfile.of(setup)));
    written.add(write("docker-compose.yml", ComposeFile.of(setup)));
    written.add(write("agentchat.service", SystemdUnit.of(setup)));
    output.print(
        new FilesShown(written), written.stream().map(file -> "Written: " + file).toList());
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
