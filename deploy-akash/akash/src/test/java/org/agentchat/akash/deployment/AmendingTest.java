package org.agentchat.akash.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.agentchat.akash.Vectors;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.sdl.SdlReader;
import org.junit.jupiter.api.Test;

/// What may be changed of a deployment that runs.
final class AmendingTest {
  private static final String SDL = Vectors.text("web.yaml");

  private static Optional<String> difference(String from, String to) {
    String changed = SDL.replace(from, to);
    assertThat(changed).isNotEqualTo(SDL);
    return Amending.difference(
        Manifest.of(SdlReader.read(SDL)).groups(), Manifest.of(SdlReader.read(changed)).groups());
  }

  private static DeploymentRecord running(Step... more) {
    DeploymentRecord record =
        DeploymentRecord.of(
            List.of(
                new Step.Planned(Stage.plan()),
                new Step.Numbered(7),
                new Step.Ready(1_000, List.of())));
    for (Step step : more) {
      record.apply(step);
    }
    return record;
  }

  @Test
  void whatContainersRunMayChange() {
    assertThat(difference("server:1.4.2", "server:1.5.0")).isEmpty();
    assertThat(difference("MOTD=<b>a & b</b>", "MOTD=hello")).isEmpty();
    assertThat(difference("- chat.example.com", "- talk.example.com")).isEmpty();
  }

  @Test
  void whatIsRentedMayNotChangeAndIsNamed() {
    assertThat(difference("units: 0.5", "units: 1")).hasValueSatisfying(is("cpu"));
    assertThat(difference("size: 512Mi", "size: 1Gi")).hasValueSatisfying(is("memory"));
    assertThat(difference("size: 1Gi", "size: 2Gi")).hasValueSatisfying(is("storage"));
    assertThat(difference("amount: 1000", "amount: 2000")).hasValueSatisfying(is("price"));
    assertThat(difference("count: 1", "count: 2")).hasValueSatisfying(is("count"));
    assertThat(difference("as: 80", "as: 81")).hasValueSatisfying(is("ports open to the world"));
    assertThat(difference("dcloud", "elsewhere"))
        .contains("the placements were [dcloud] and would be [elsewhere]");
    assertThat(
            difference("      pricing:", "      attributes:\n        region: eu\n      pricing:"))
        .contains("placement dcloud: what is asked of the provider would change");
  }

  private static Consumer<String> is(String what) {
    return found -> assertThat(found).isEqualTo("placement dcloud: would change: " + what);
  }

  @Test
  void changeIsTakenUpOnlyWhileItRunsAndNoOtherIsUnderWay() {
    assertThat(Amending.topUp(running(), 5, 0)).isEqualTo(new Step.TopUpWanted(5, 0));
    assertThatThrownBy(() -> Amending.topUp(running(), 0, 0))
        .isInstanceOf(AmendmentException.class)
        .hasMessageContaining("found 0 uact");
    assertThatThrownBy(() -> Amending.topUp(running(new Step.TopUpWanted(5, 0)), 5, 0))
        .isInstanceOf(AmendmentException.class)
        .hasMessageContaining("is not finished; --resume goes on with it");
    assertThatThrownBy(
            () -> Amending.topUp(running(new Step.CloseWanted("enough", false, "")), 5, 0))
        .isInstanceOf(AmendmentException.class)
        .hasMessageContaining("the deployment is closing");
    DeploymentRecord planned = DeploymentRecord.of(List.of(new Step.Planned(Stage.plan())));
    assertThatThrownBy(() -> Amending.update(planned, SDL))
        .isInstanceOf(AmendmentException.class)
        .hasMessageContaining("the deployment is planned");
  }

  @Test
  void passwordsOfAnUpdateAreInNoText() {
    assertThat(new Step.UpdateWanted("secret").toString()).doesNotContain("secret");
    assertThat(new Amendment.Update("secret", 1, 2).toString()).doesNotContain("secret");
  }
}
