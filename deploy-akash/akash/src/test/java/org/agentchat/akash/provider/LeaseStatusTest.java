package org.agentchat.akash.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.agentchat.akash.Vectors;
import org.agentchat.akash.messages.ResourceUnit;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.sdl.SdlReader;
import org.junit.jupiter.api.Test;

/// What counts as running.
final class LeaseStatusTest {
  private static LeaseStatus of(int available, int total) {
    return new LeaseStatus(
        List.of(new LeaseStatus.Service("web", available, total, available, List.of())), List.of());
  }

  @Test
  void everythingRunsWhenAllReplicasDo() {
    assertThat(of(2, 2).isReady(Map.of("web", 2))).isTrue();
    assertThat(of(1, 2).isReady(Map.of("web", 2))).isFalse();
    assertThat(of(1, 1).isReady(Map.of("web", 2))).isFalse();
  }

  /// A provider that has not begun yet knows of no replicas at all.
  @Test
  void noneOfNoneIsNotRunning() {
    assertThat(of(0, 0).isReady(Map.of("web", 1))).isFalse();
  }

  @Test
  void serviceThatTheProviderDoesNotNameDoesNotRun() {
    assertThat(of(1, 1).isReady(Map.of("web", 1, "db", 1))).isFalse();
    assertThat(new LeaseStatus(List.of(), List.of()).isReady(Map.of("web", 1))).isFalse();
  }

  @Test
  void whatMustRunIsWhatTheManifestSays() {
    Manifest manifest = Manifest.of(SdlReader.read(Vectors.text("multi-persistent.yaml")));
    assertThat(manifest.groups()).isNotEmpty();
    for (int gseq = 1; gseq <= manifest.groups().size(); gseq++) {
      int replicas =
          manifest.groups().get(gseq - 1).getResourcesList().stream()
              .mapToInt(ResourceUnit::getCount)
              .sum();
      assertThat(manifest.replicas(gseq).values().stream().mapToInt(one -> one).sum())
          .as("group %d", gseq)
          .isEqualTo(replicas)
          .isPositive();
    }
  }

  /// An old replica answers until a new one takes its place.
  @Test
  void replicasOfAnEarlierManifestAreNotCounted() {
    LeaseStatus old =
        new LeaseStatus(List.of(new LeaseStatus.Service("web", 2, 2, 1, List.of())), List.of());
    assertThat(old.isReady(Map.of("web", 2))).isTrue();
    assertThat(old.isRenewed(Map.of("web", 2))).isFalse();
    assertThat(of(2, 2).isRenewed(Map.of("web", 2))).isTrue();
    assertThat(of(1, 2).isRenewed(Map.of("web", 2))).isFalse();
  }
}
