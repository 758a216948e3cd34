package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.relay.AccessRules;
import org.agentchat.relay.AccessRules.Allowlisting;
import org.agentchat.relay.CaptchaRules;
import org.agentchat.relay.ChatRules;
import org.agentchat.relay.RelayLimits;
import org.agentchat.relay.RelaySettings;
import org.agentchat.schemas.identity.AgentId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ConfigurationTest {
  private static final String KEY = "A".repeat(43) + "=";

  @TempDir private Path home;

  private static Configuration environment(String... namesAndValues) {
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      variables.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Configuration.of(Map.of(), variables, Map.of());
  }

  private RelaySettings relay(Configuration configuration) {
    return new RelayConfiguration(configuration, home)
        .apply(RelaySettings.of("localhost", 0, "r", "o"));
  }

  private Path write(String text) throws Exception {
    return Files.writeString(home.resolve("relay.conf"), text);
  }

  @Test
  void flagCountsBeforeEnvironmentBeforeFileBeforeDefault() throws Exception {
    Map<Setting, Configuration.Given> file =
        ConfigurationFile.read(
            write("# ours\n\n port = 1 \nserver-name = from file\nrate-limit-ms=7\n"));
    Configuration all =
        Configuration.of(
            Map.of(Setting.PORT, new Configuration.Given("3", "--port")),
            Map.of("PORT", "2", "SERVER_NAME", "from environment", "HOST", ""),
            file);

    assertThat(all.small(Setting.PORT)).isEqualTo(3);
    assertThat(all.source(Setting.PORT)).isEqualTo("--port");
    assertThat(all.text(Setting.SERVER_NAME)).isEqualTo("from environment");
    assertThat(all.source(Setting.SERVER_NAME)).isEqualTo("environment variable SERVER_NAME");
    assertThat(all.whole(Setting.RATE_LIMIT_MS)).isEqualTo(7);
    assertThat(all.source(Setting.RATE_LIMIT_MS)).isEqualTo("relay.conf line 5");
    assertThat(all.text(Setting.HOST)).isEqualTo("0.0.0.0");
    assertThat(all.source(Setting.HOST)).isEqualTo("the default");
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void everyDefaultHasTheFormThatIsWanted(Setting setting) {
    assertThat(setting.fallback().isEmpty() || setting.kind().fits(setting.fallback())).isTrue();
    assertThat(setting.meaning()).endsWith(".");
    assertThat(Setting.named(setting.key())).contains(setting);
  }

  @Test
  void namesAreUnique() {
    assertThat(Arrays.stream(Setting.values()).map(Setting::environment)).doesNotHaveDuplicates();
  }

  /// AGENTCHAT_CB_POLL_MS and LOG_MESSAGES are the only ones without a meaning here.
  @Test
  void variablesOfExistingServersAreHonoured() {
    assertThat(Arrays.stream(Setting.values()).map(Setting::environment))
        .contains(
            "PORT",
            "HOST",
            "SERVER_NAME",
            "TLS_CERT",
            "TLS_KEY",
            "RATE_LIMIT_MS",
            "MESSAGE_BUFFER_SIZE",
            "DATA_DIR",
            "IDLE_TIMEOUT_MS",
            "IDLE_PROMPTS",
            "PRIVATE_CHANNELS_ENABLED",
            "AGENTCHAT_CB_MAX_DURATION_S",
            "AGENTCHAT_CB_MAX_PER_AGENT",
            "AGENTCHAT_CB_MAX_PAYLOAD",
            "AGENTCHAT_CLAIM_TTL_MS",
            "AUDIT_LOG",
            "LOG_LEVEL",
            "CHALLENGE_TIMEOUT_MS",
            "GENESIS_AGENT_ID",
            "ALLOWLIST_ENABLED",
            "ALLOWLIST_STRICT",
            "ALLOWLIST_ADMIN_KEY",
            "AGENTCHAT_ADMIN_KEY",
            "MOTD",
            "MOTD_FILE",
            "MAX_CONNECTIONS_PER_IP",
            "LURK_DISABLED",
            "CAPTCHA_ENABLED",
            "CAPTCHA_TIMEOUT_MS",
            "CAPTCHA_MAX_ATTEMPTS",
            "CAPTCHA_DIFFICULTY",
            "CAPTCHA_SKIP_ALLOWLISTED",
            "CAPTCHA_FAIL_ACTION");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PORT | abc | port (environment variable PORT): a whole number from 0 to 65535 wanted,"
            + " found 'abc'",
        "PORT | 65536 | port (environment variable PORT): a whole number from 0 to 65535 wanted,"
            + " found '65536'",
        "RATE_LIMIT_MS | -1 | rate-limit-ms (environment variable RATE_LIMIT_MS): a whole number"
            + " from 0 to 3600000 wanted, found '-1'",
        "CAPTCHA_ENABLED | maybe | captcha-enabled (environment variable CAPTCHA_ENABLED): true or"
            + " false wanted, found 'maybe'",
        "CAPTCHA_DIFFICULTY | brutal | captcha-difficulty (environment variable"
            + " CAPTCHA_DIFFICULTY): one of easy, medium, hard wanted, found 'brutal'",
        "GENESIS_AGENT_ID | bob | genesis-agent-id (environment variable GENESIS_AGENT_ID): an"
            + " agent id such as @7f245a82471e5173 wanted, found 'bob'",
        "AGENTCHAT_TRUSTED_PROXIES | proxy.example | trusted-proxies (environment variable"
            + " AGENTCHAT_TRUSTED_PROXIES): IP addresses, separated by commas, wanted, found"
            + " 'proxy.example'",
        "MESSAGE_BUFFER_SIZE | 8192 | message-buffer-size (environment variable"
            + " MESSAGE_BUFFER_SIZE): a whole number from 0 to 8191 wanted, found '8192'"
      })
  void wrongValueIsExplainedInOneSentence(String variable, String value, String sentence) {
    assertThatThrownBy(() -> environment(variable, value))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(sentence);
  }

  @Test
  void secretIsNotShownWhenItIsWrong() {
    assertThatThrownBy(() -> environment("AGENTCHAT_ADMIN_KEY", "s".repeat(2_000)))
        .hasMessage(
            "admin-key (environment variable AGENTCHAT_ADMIN_KEY): at most 1024 characters wanted,"
                + " found 2000 characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prot = 5 | relay.conf line 1: there is no setting 'prot', perhaps port is meant",
        "rate-limit = 5 | relay.conf line 1: there is no setting 'rate-limit', perhaps"
            + " rate-limit-ms is meant",
        "port 5 | relay.conf line 1: 'name = value' wanted, found no '='",
        "port = x | port (relay.conf line 1): a whole number from 0 to 65535 wanted, found 'x'",
        "port = | port (relay.conf line 1): a whole number from 0 to 65535 wanted, found ''"
      })
  void wrongLineIsExplainedInOneSentence(String line, String sentence) {
    assertThatThrownBy(
            () -> Configuration.of(Map.of(), Map.of(), ConfigurationFile.read(write(line + "\n"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(sentence);
  }

  @Test
  void settingIsWantedOnce() {
    assertThatThrownBy(() -> ConfigurationFile.read(write("port = 1\nport = 2\n")))
        .hasMessage("relay.conf line 2: port wanted once, found before in relay.conf line 1");
  }

  @Test
  void wrongSettingEndsServeWithTheUsageCode() throws Exception {
    write("port = many\n");
    Ran ran = Ran.command("serve", "--home", home);
    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err())
        .startsWith(
            "Error: port (relay.conf line 1): a whole number from 0 to 65535 wanted, found 'many'")
        .hasLineCount(1);

    ran = Ran.command("serve", "--home", home, "--config", home.resolve("missing.conf"));
    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).startsWith("Error: the configuration file cannot be read: ");

    ran = Ran.command("serve", "--home", home.resolve("x"), "--set", "motd-file=/nowhere/motd");
    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err())
        .startsWith(
            "Error: motd-file (--set motd-file): a file that can be read, in UTF-8, wanted");

    ran = Ran.command("serve", "--home", home.resolve("x"), "--set", "allowlist-strict=true");
    assertThat(ran.err())
        .startsWith(
            "Error: allowlist-strict (--set allowlist-strict): allowlist-enabled = true with it"
                + " wanted, found 'true'");
  }

  @Test
  void secretIsNotTakenFromTheCommandLine() {
    Ran ran = Ran.command("serve", "--home", home, "--set", "admin-key=hunter2");
    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).contains("AGENTCHAT_ADMIN_KEY").doesNotContain("hunter2");
  }

  /// Existing servers cannot be told to have no limit (W60).
  @Test
  void rateLimitMayBeNone() {
    RelayLimits limits = relay(environment("RATE_LIMIT_MS", "0")).limits();
    assertThat(limits.messages()).isEqualTo(RelayLimits.Rate.UNLIMITED);
    assertThat(limits.requests()).isEqualTo(RelayLimits.defaults().requests());
    assertThat(relay(environment("RATE_LIMIT_MS", "250")).limits().messages())
        .isEqualTo(new RelayLimits.Rate(4, 10));
  }

  @Test
  void nothingSaidMeansTheRelaysDefaults() {
    RelaySettings settings = relay(environment());
    assertThat(settings.limits()).isEqualTo(RelayLimits.defaults().withReplay(20));
    AccessRules defaults = AccessRules.defaults();
    assertThat(settings.access())
        .isEqualTo(defaults.in(home).with(AccessRules.AuditFile.at(home.resolve("audit.jsonl"))));
    assertThat(settings.chat()).isEqualTo(ChatRules.defaults());
    RelaySettings relayDefaults = RelaySettings.of("localhost", 0, "r", "o");
    assertThat(settings.channels()).isEqualTo(relayDefaults.channels());
    assertThat(settings.verifiedChannels()).isEqualTo(relayDefaults.verifiedChannels());
    assertThat(settings.server()).isEqualTo(relayDefaults.server());
  }

  @Test
  void everythingCanBeChosen() throws Exception {
    Path motd = Files.writeString(home.resolve("motd.txt"), "Be kind.\n");
    RelaySettings settings =
        relay(
            environment(
                "SERVER_NAME", "ours",
                "AGENTCHAT_CB_MAX_DURATION_S", "10",
                "AGENTCHAT_CB_MAX_PER_AGENT", "3",
                "AGENTCHAT_CB_MAX_PAYLOAD", "20",
                "AGENTCHAT_CLAIM_TTL_MS", "5000",
                "IDLE_PROMPTS", "false",
                "IDLE_TIMEOUT_MS", "60000",
                "PRIVATE_CHANNELS_ENABLED", "false",
                "DM_AGE_GATE_MS", "300000",
                "AGENTCHAT_AUTO_JOIN", "true",
                "AGENTCHAT_CHANNELS", "#a, #b",
                "AGENTCHAT_VERIFIED_CHANNELS", "#c",
                "MOTD_FILE", motd.toString(),
                "MAX_CONNECTIONS_PER_IP", "0",
                "AGENTCHAT_MAX_CONNECTIONS", "7",
                "CHALLENGE_TIMEOUT_MS", "300000",
                "DATA_DIR", "/data",
                "AUDIT_LOG", "false",
                "ALLOWLIST_ENABLED", "TRUE",
                "ALLOWLIST_STRICT", "1",
                "ALLOWLIST_ADMIN_KEY", "one",
                "AGENTCHAT_ADMIN_KEY", "two",
                "AGENTCHAT_ADMINS", "@7f245a82471e5173," + KEY,
                "GENESIS_AGENT_ID", "8addfe276526c9f6",
                "LURK_DISABLED", "false",
                "AGENTCHAT_TRUSTED_PROXIES", "10.0.0.1, ::1",
                "AGENTCHAT_ALLOWED_ORIGINS", "https://a.example",
                "CAPTCHA_ENABLED", "true",
                "CAPTCHA_TIMEOUT_MS", "5",
                "CAPTCHA_MAX_ATTEMPTS", "2",
                "CAPTCHA_DIFFICULTY", "Hard",
                "CAPTCHA_SKIP_ALLOWLISTED", "false",
                "CAPTCHA_FAIL_ACTION", "shadow_lurk"));

    assertThat(settings.server()).isEqualTo("ours");
    ChatRules chat = settings.chat();
    assertThat(chat.callbacks().longest()).isEqualTo(Duration.ofSeconds(10));
    assertThat(chat.callbacks().perAgent()).isEqualTo(3);
    assertThat(chat.callbacks().payloadChars()).isEqualTo(20);
    assertThat(chat.floor().claimFor()).isEqualTo(Duration.ofSeconds(5));
    assertThat(chat.idle()).isEqualTo(new ChatRules.IdleRules(false, Duration.ofMinutes(1)));
    assertThat(chat.channels().privateChannels()).isFalse();
    assertThat(chat.channels().autoJoin()).isTrue();
    assertThat(chat.direct().after()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.channels()).containsExactly("#a", "#b");
    assertThat(settings.verifiedChannels()).containsExactly("#c");
    assertThat(settings.motd()).contains("Be kind.");
    assertThat(settings.limits().sockets())
        .isEqualTo(new RelayLimits.Sockets(7, Integer.MAX_VALUE));
    assertThat(settings.limits().waits().challenge()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.limits().waits().identify()).isEqualTo(Duration.ofMinutes(5));
    AccessRules access = settings.access();
    assertThat(access.folder()).contains(Path.of("/data"));
    assertThat(access.audit()).isEmpty();
    assertThat(access.allowlist()).isEqualTo(Allowlisting.STRICT);
    assertThat(access.admins().moderation().orElseThrow().reveal()).isEqualTo("one");
    assertThat(access.admins().operation().orElseThrow().reveal()).isEqualTo("two");
    assertThat(access.admins().agents()).containsExactly(new AgentId("7f245a82471e5173"));
    assertThat(access.admins().keys()).hasSize(1);
    assertThat(access.genesis()).contains(new AgentId("8addfe276526c9f6"));
    assertThat(access.lurk()).contains(Duration.ofHours(1));
    assertThat(access.network().proxies()).hasSize(2);
    assertThat(access.network().origins()).containsExactly("https://a.example");
    assertThat(access.captcha())
        .isEqualTo(
            Optional.of(
                new CaptchaRules(
                    Duration.ofMillis(5),
                    2,
                    CaptchaRules.Difficulty.HARD,
                    false,
                    CaptchaRules.FailAction.SHADOW_LURK)));
  }

  @Test
  void auditLogMayBeAnywhere() {
    assertThat(relay(environment("AUDIT_LOG", "/var/log/audit.jsonl")).access().audit())
        .contains(AccessRules.AuditFile.at(Path.of("/var/log/audit.jsonl")));
    assertThat(relay(environment("AUDIT_LOG", "0")).access().audit()).isEmpty();
  }

  /// The help repeats defaults, which picocli cannot look up.
  @Test
  void helpSaysTheDefaults() {
    String help = Ran.command("serve", "--help").out().replaceAll("\\s+", "");
    for (Setting setting :
        List.of(
            Setting.PORT,
            Setting.API_PORT,
            Setting.HOST,
            Setting.SERVER_NAME,
            Setting.TOPIC,
            Setting.MESSAGE_BUFFER_SIZE)) {
      assertThat(help).contains("(default:" + setting.fallback());
    }
    assertThat(Ran.command("serve", "--help").out().lines().count())
        .as("one screen")
        .isLessThan(80);
  }

  @Test
  void kafkaIsToldItsLoginByAFile() throws Exception {
    Path file = home.resolve("kafka.properties");
    Files.writeString(file, "security.protocol=SASL_SSL\nsasl.mechanism = PLAIN\n");
    assertThat(KafkaFile.settings("broker:9092", file).security())
        .isEqualTo(Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN"));

    Files.writeString(file, "acks=0\n");
    for (String command : List.of("audit", "serve")) {
      Ran ran = Ran.command(command, "--kafka", "localhost:1", "--kafka-config", file);
      assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.USAGE);
      assertThat(ran.err()).contains("kafka.properties", "found acks");
    }
    Ran alone = Ran.command("serve", "--kafka-config", file);
    assertThat(alone.exit()).isEqualTo(Exit.USAGE);
    assertThat(alone.err()).contains("name them with --kafka");
  }

  /// The table in the documentation is made of the settings; on a difference, put in what the test
  /// prints.
  @Test
  void documentedTableIsTheCode() throws Exception {
    String documented = Files.readString(Path.of("..", "docs", "configuration.md"));
    StringBuilder table = new StringBuilder("| Name | Environment | Default | Unit | Meaning |\n");
    table.append("|---|---|---|---|---|\n");
    for (Setting setting : Setting.values()) {
      table.append(
          "| `%s` | `%s` | %s | %s | %s |\n"
              .formatted(
                  setting.key(),
                  setting.environment(),
                  setting.fallback().isEmpty() ? "none" : "`" + setting.fallback() + "`",
                  setting.unit(),
                  setting.meaning()));
    }
    assertThat(documented).contains(table);
  }
}
