package org.agentchat.akash.sdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.agentchat.akash.Vectors;
import org.junit.jupiter.api.Test;

final class DeployFileTest {
  private static final String SHORT =
      """
      # deploy.yaml
      provider: akash
      image: ghcr.io/yourusername/agentchat:latest
      resources:
        cpu: 0.5
        memory: 512Mi
        storage: 1Gi
      wallet: ./wallet.json
      duration: 24h  # Lease duration
      """;

  @Test
  void shortFormMeansOneServiceOpenToTheWorld() {
    DeployFile file = DeployFile.read(SHORT);
    assertThat(file.provider()).isEqualTo("akash");
    assertThat(file.wallet()).contains(Path.of("./wallet.json"));
    assertThat(file.duration()).contains(Duration.ofHours(24));
    Sdl.Rollout rollout = file.sdl().rollouts().getFirst();
    assertThat(rollout.service().image()).isEqualTo("ghcr.io/yourusername/agentchat:latest");
    assertThat(rollout.compute().cpuMilli()).isEqualTo(500);
    assertThat(rollout.compute().memory()).isEqualTo(512L << 20);
    assertThat(rollout.service().exposes().getFirst().isIngress()).isTrue();
    assertThat(SdlReader.read(file.sdlText())).isEqualTo(file.sdl());
  }

  @Test
  void everythingElseMayBeSaidToo() {
    DeployFile file =
        DeployFile.read(
            SHORT
                + """
                name: relay
                port: 8080
                env: ["SERVER_NAME=a \\"quoted\\" name", LOG=true]
                max_price: 250.5
                attributes: {region: eu-west, host: akash}
                """);
    Manifest manifest = Manifest.of(file.sdl());
    assertThat(manifest.json())
        .contains("\"port\":8080", "SERVER_NAME=a \\\"quoted\\\" name", "LOG=true");
    assertThat(manifest.groups().getFirst().getRequirements().getAttributesList().toString())
        .contains("eu-west");
    assertThat(manifest.groups().getFirst().getResources(0).getPrice().getAmount())
        .isEqualTo("250500000000000000000");
  }

  @Test
  void wholeSdlIsTakenAsItIs() {
    DeployFile file = DeployFile.read(Vectors.text("web.yaml"));
    assertThat(file.sdlText()).isEqualTo(Vectors.text("web.yaml"));
    assertThat(file.duration()).isEmpty();
  }

  @Test
  void mistakesAreNamedWithTheirLine() {
    refused("24h", "tomorrow", "line 9: duration: a duration such as 90m, 24h or 7d wanted");
    refused("provider: akash", "provider: fly", "line 2: provider: akash or docker wanted");
    refused("cpu: 0.5", "cpus: 0.5", "line 5: resources.cpus: there is no such key");
    refused("memory: 512Mi", "memory: lots", "a size such as 512Mi or 10Gi wanted, found 'lots'");
    refused("image:", "picture:", "line 3: picture: there is no such key");
  }

  private static void refused(String from, String to, String message) {
    assertThatThrownBy(() -> DeployFile.read(SHORT.replace(from, to)))
        .isInstanceOf(SdlException.class)
        .hasMessageContaining(message);
  }

  @Test
  void durationsAreMinutesHoursOrDays() {
    assertThat(DeployFile.duration("90m")).contains(Duration.ofMinutes(90));
    assertThat(DeployFile.duration("7d")).contains(Duration.ofDays(7));
    for (String wrong : new String[] {"", "0h", "24", "h", "-1h", "1s", "1000000h"}) {
      assertThat(DeployFile.duration(wrong)).isEmpty();
    }
  }
}
