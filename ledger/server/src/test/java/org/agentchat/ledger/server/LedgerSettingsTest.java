package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LedgerSettingsTest {
  @Test
  void defaultsServeThisMachineOnly() {
    assertThat(LedgerSettings.of("ledger.db"))
        .isEqualTo(new LedgerSettings("127.0.0.1", 6680, "ledger.db", false, Optional.empty()));
  }

  @Test
  void everySettingCanBeChanged() {
    assertThat(
            LedgerSettings.of("x.db")
                .withHost("0.0.0.0")
                .withTree(TreeSettings.in(Path.of("tree")))
                .withPort(0)
                .withRebuild())
        .isEqualTo(
            new LedgerSettings(
                "0.0.0.0", 0, "x.db", true, Optional.of(TreeSettings.in(Path.of("tree")))));
  }

  @Test
  void senselessSettingsAreNamed() {
    assertThatThrownBy(() -> LedgerSettings.of(" ")).hasMessageStartingWith("database:");
    assertThatThrownBy(() -> LedgerSettings.of("x").withPort(65_536))
        .hasMessageStartingWith("port:");
    assertThatThrownBy(() -> LedgerSettings.of("x").withHost("")).hasMessageStartingWith("host:");
  }
}
