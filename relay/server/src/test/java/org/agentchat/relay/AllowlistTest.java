package org.agentchat.relay;

import static org.agentchat.relay.TestRelay.error;
import static org.agentchat.relay.TestRelay.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agentchat.relay.AccessRules.Allowlisting;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may come in (protocol.md section 5), and what becomes of damaged files.
final class AllowlistTest {
  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);

  @TempDir private Path home;

  private AccessRules rules(Allowlisting mode) {
    return AccessRules.defaults().with(mode).in(home);
  }

  private void approve(Identity agent) throws IOException {
    Files.writeString(
        home.resolve("allowlist.json"),
        """
        [{"pubkey":%s,"agentId":"%s","approvedAt":"2026-11-21T01:08:15.523Z",
          "approvedBy":"admin","note":""}]
        """
            .formatted(Json.text(agent.key().pem()), agent.id().name()));
  }

  @Test
  void strictRelayLetsInOnlyWhoIsOnTheList() throws Exception {
    approve(alice);
    try (TestRelay relay = new TestRelay(rules(Allowlisting.STRICT))) {
      Peer guest = relay.guest("guest");
      assertThat(error(guest, "NOT_ALLOWED"))
          .isEqualTo("ephemeral connections blocked in strict mode");
      guest.send(TestRelay.identify(bob));
      assertThat(error(guest, "NOT_ALLOWED")).isEqualTo("pubkey not in allowlist");
      guest.send(TestRelay.identify(alice));
      guest.prove(guest.expect("CHALLENGE"), alice);
      assertThat(guest.expect("WELCOME").get("verified").booleanValue()).isTrue();
    }
  }

  @Test
  void openRelayLetsEverybodyInAndVouchesForTheList() throws Exception {
    approve(alice);
    try (TestRelay relay = new TestRelay(rules(Allowlisting.OPEN))) {
      relay.guest("guest").expect("WELCOME");
      assertThat(relay.challenged(bob).expect("WELCOME").get("verified").booleanValue()).isFalse();
      assertThat(relay.challenged(alice).expect("WELCOME").get("verified").booleanValue()).isTrue();
    }
  }

  @Test
  void listIsNotReadWhenThereIsNone() throws Exception {
    approve(alice);
    try (TestRelay relay = new TestRelay(rules(Allowlisting.OFF))) {
      assertThat(relay.challenged(alice).expect("WELCOME").get("verified").booleanValue())
          .isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "{}",
        "null",
        "[null]",
        "[{}]",
        "[{\"pubkey\":\"x\",\"approvedAt\":\"\"}]",
        "[] x",
        "[{\"pubkey\":5}]"
      })
  void damagedAllowlistRefusesTheStart(String text) throws Exception {
    Files.writeString(home.resolve("allowlist.json"), text);
    assertRefuses("allowlist.json");
    assertThat(home.resolve("allowlist.json")).hasContent(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[{\"agentId\":",
        "{\"agentId\":\"x\"}",
        "[1]",
        "[{\"agentId\":\"a b\",\"bannedAt\":\"\"}]",
        "[{\"agentId\":\"deadbeefdeadbeef\"}]"
      })
  void damagedBansRefuseTheStart(String text) throws Exception {
    Files.writeString(home.resolve("bans.json"), text);
    assertRefuses("bans.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\n", "0123456789abcdef\n", "0123456789ABCDEF 5\n", "\n", "{}\n"})
  void damagedFirstSightsRefuseTheStart(String text) throws Exception {
    Files.writeString(home.resolve("first-seen.log"), text);
    assertRefuses("first-seen.log");
  }

  private void assertRefuses(String file) {
    assertThatThrownBy(() -> new TestRelay(rules(Allowlisting.STRICT)).close())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(home.resolve(file) + " is damaged (")
        .hasMessageEndingWith("); mend it, put a copy back, or move it away");
  }

  @Test
  void auditLogThatCannotBeAFileRefusesTheStart() {
    assertThatThrownBy(() ->
            new TestRelay(AccessRules.defaults().with(AccessRules.AuditFile.at(home))).close())
        .isInstanceOf(IOException.class)
        .hasMessage("audit log: a file in an existing folder wanted, found " + home);
  }

  /// A crash between the new file and its place leaves both; the old one counts.
  @Test
  void halfWrittenListDoesNotCount() throws Exception {
    approve(alice);
    Files.writeString(home.resolve("allowlist.json.new"), "[{\"pub");
    try (TestRelay relay = new TestRelay(rules(Allowlisting.STRICT))) {
      relay.agent(alice);
    }
  }
}
