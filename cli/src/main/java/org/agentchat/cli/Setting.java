package org.agentchat.cli;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.agentchat.ledger.server.LedgerSettings;
import org.agentchat.log.KafkaSettings;
import org.agentchat.relay.AccessRules;
import org.agentchat.relay.RelaySettings;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.AdminKey;
import org.agentchat.schemas.message.AdminMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.LogOrigin;

/// Everything that `serve` can be told: the one list of settings, of which the flags' help, the
/// table in `docs/configuration.md` and the checks are made. Where a setting is read is
/// [RelayConfiguration] and [ServeOptions].
///
/// Each has a name for the file and for `--set`, and a name in the environment; those of existing
/// AgentChat servers (protocol.md section 19) have their names.
enum Setting {
  HOST("HOST", text(255), "0.0.0.0", "", "Address that relay and ledger API listen on."),
  PORT(
      "PORT",
      port(),
      Integer.toString(RelaySettings.DEFAULT_PORT),
      "",
      "Port of the relay; 0: any free one."),
  API_PORT(
      "AGENTCHAT_API_PORT",
      port(),
      Integer.toString(LedgerSettings.DEFAULT_PORT),
      "",
      "Port of the ledger API; 0: any free one."),
  SERVER_NAME("SERVER_NAME", text(64), "agentchat", "", "Server name shown to agents."),
  KAFKA(
      "AGENTCHAT_KAFKA",
      text(1024),
      "",
      "",
      "Kafka brokers, HOST:PORT,..., to use instead of starting one in this process."),
  TOPIC(
      "AGENTCHAT_TOPIC",
      text(249),
      KafkaSettings.DEFAULT_TOPIC,
      "",
      "Kafka topic that holds the log."),
  KAFKA_CONFIG(
      "AGENTCHAT_KAFKA_CONFIG",
      text(4096),
      "",
      "",
      "File of Java properties (security.*, sasl.*, ssl.*) for brokers that want TLS or a login."),
  DB(
      "AGENTCHAT_DB",
      form("jdbc:postgresql://HOST/DATABASE?user=...", text -> text.startsWith("jdbc:postgresql:")),
      "",
      "",
      "Database of the ledger; none: a file in the home folder."),
  ORIGIN(
      "AGENTCHAT_ORIGIN",
      form(LogOrigin.RULE, LogOrigin::isValid),
      "",
      "",
      "Name of a log that is started; none: agentchat.local/ and a random part."),
  RELAY_NAME(
      "AGENTCHAT_RELAY_NAME",
      form("1 to 64 of letters, digits, . _ -", Event::isRelayName),
      "",
      "",
      "Name of this relay in the log; none: relay- and a random part."),
  WITNESSES(
      "AGENTCHAT_WITNESSES",
      text(4096),
      "",
      "",
      "File (C2SP tlog-policy) with the witnesses who cosign a checkpoint before it is published."),
  COMMIT_RATINGS(
      "AGENTCHAT_COMMIT_RATINGS",
      whole(0, 86_400),
      "60",
      "seconds",
      "After how long the ledger commits to ratings that have moved; 0: never."),
  HOOKS(
      "AGENTCHAT_HOOKS",
      text(4096),
      "",
      "",
      "File (hooks.yaml, docs/hooks.md) with hooks to run in the same process; none: no hooks."),
  TLS_CERT("TLS_CERT", text(4096), "", "", "File with the TLS certificate chain (PEM)."),
  TLS_KEY("TLS_KEY", text(4096), "", "", "File with the TLS private key (PKCS#8 PEM)."),
  FSYNC(
      "AGENTCHAT_FSYNC",
      truth(),
      "true",
      "",
      "Whether the embedded broker answers only when a statement is on the disk."),
  UNMETERED(
      "AGENTCHAT_UNMETERED",
      truth(),
      "false",
      "",
      "No rate limits at all: for benchmarks and trusted networks only."),
  DATA_DIR(
      "DATA_DIR",
      text(4096),
      "",
      "",
      "Folder of allowlist, bans, first sights and audit log; none: the home folder."),
  LOG_LEVEL(
      "LOG_LEVEL",
      choice("debug", "info", "warn", "error"),
      "info",
      "",
      "What is logged on standard error."),
  CHANNELS(
      "AGENTCHAT_CHANNELS",
      channels(),
      "#general,#agents,#skills,#discovery,#bounties",
      "",
      "Public channels that exist from the start."),
  VERIFIED_CHANNELS(
      "AGENTCHAT_VERIFIED_CHANNELS",
      channels(),
      "#ops",
      "",
      "Channels for verified agents that exist from the start."),
  MESSAGE_BUFFER_SIZE(
      "MESSAGE_BUFFER_SIZE",
      whole(0, 8_191),
      "20",
      "messages",
      "Messages replayed to those who join a channel."),
  PRIVATE_CHANNELS_ENABLED(
      "PRIVATE_CHANNELS_ENABLED",
      truth(),
      "true",
      "",
      "Whether there may be invite-only channels."),
  VERIFIED_CREATE(
      "AGENTCHAT_VERIFIED_CREATE",
      truth(),
      "false",
      "",
      "Whether only verified agents may create channels."),
  AUTO_JOIN(
      "AGENTCHAT_AUTO_JOIN",
      truth(),
      "false",
      "",
      "Whether an agent hears every open channel at once."),
  IDLE_PROMPTS(
      "IDLE_PROMPTS",
      truth(),
      "true",
      "",
      "Whether the relay says something in channels that fell silent."),
  IDLE_TIMEOUT_MS(
      "IDLE_TIMEOUT_MS",
      whole(1_000, 31_536_000_000L),
      "3600000",
      "ms",
      "How long a channel must be silent for that."),
  DM_AGE_GATE_MS(
      "DM_AGE_GATE_MS",
      whole(0, 86_400_000),
      "0",
      "ms",
      "How long a connection must be open before it may write to an agent."),
  CLAIM_TTL_MS(
      "AGENTCHAT_CLAIM_TTL_MS",
      whole(1, 3_600_000),
      "45000",
      "ms",
      "How long a claim of the floor holds."),
  CB_MAX_DURATION_S(
      "AGENTCHAT_CB_MAX_DURATION_S",
      whole(1, 86_400),
      "3600",
      "s",
      "The longest delay of a callback; a longer one is shortened to it."),
  CB_MAX_PER_AGENT(
      "AGENTCHAT_CB_MAX_PER_AGENT",
      whole(0, 1_000),
      "50",
      "callbacks",
      "Callbacks of one connection that wait; those beyond are dropped."),
  CB_MAX_PAYLOAD(
      "AGENTCHAT_CB_MAX_PAYLOAD",
      whole(0, 10_000),
      "500",
      "characters",
      "The longest payload of a callback; a longer one is dropped."),
  RATE_LIMIT_MS(
      "RATE_LIMIT_MS",
      whole(0, 3_600_000),
      "1000",
      "ms",
      "Time between two chat messages of a connection, on average; 0: no limit."),
  RATE_LIMIT_BURST(
      "AGENTCHAT_RATE_LIMIT_BURST",
      whole(1, 10_000),
      "10",
      "messages",
      "Chat messages that a connection may send at once."),
  STATEMENT_RATE(
      "AGENTCHAT_STATEMENT_RATE",
      whole(0, 1_000_000),
      "120",
      "statements in 60 s",
      "Statements of one key, over all its connections, half of them at once; 0: no limit."),
  STATEMENT_RATE_PER_IP(
      "AGENTCHAT_STATEMENT_RATE_PER_IP",
      whole(0, 1_000_000),
      "1200",
      "statements in 60 s",
      "Statements of all keys from one IPv4 address or one IPv6 /64, half of them at once; 0: no"
          + " limit."),
  FLOOD_FRAMES(
      "AGENTCHAT_FLOOD_FRAMES",
      whole(1, 1_000_000),
      "60",
      "frames in 10 s",
      "Frames of an identified connection; one more closes it (1008)."),
  MAX_CONNECTIONS(
      "AGENTCHAT_MAX_CONNECTIONS",
      whole(1, 1_000_000),
      "10000",
      "sockets",
      "Sockets at the same time."),
  MAX_CONNECTIONS_PER_IP(
      "MAX_CONNECTIONS_PER_IP",
      whole(0, 1_000_000),
      "1024",
      "sockets",
      "Sockets from one IPv4 address or one IPv6 /64 at the same time; 0: no limit."),
  CHALLENGE_TIMEOUT_MS(
      "CHALLENGE_TIMEOUT_MS", whole(1, 3_600_000), "60000", "ms", "Time to answer a challenge."),
  TRUSTED_PROXIES(
      "AGENTCHAT_TRUSTED_PROXIES",
      new Kind.Several("IP addresses, separated by commas,", Setting::isAddress),
      "",
      "",
      "Proxies whose X-Forwarded-For is believed; none: the header is ignored."),
  ALLOWED_ORIGINS(
      "AGENTCHAT_ALLOWED_ORIGINS",
      new Kind.Several(
          "origins such as https://example.com, or *, separated by commas,", Setting::isOrigin),
      "",
      "",
      "Web pages that may connect, besides those of this machine; *: all. Clients that are no"
          + " browsers always may."),
  GENESIS_AGENT_ID(
      "GENESIS_AGENT_ID",
      form("an agent id such as @7f245a82471e5173", Setting::isAgent),
      "",
      "",
      "An agent that is verified from the start."),
  ALLOWLIST_ENABLED(
      "ALLOWLIST_ENABLED",
      truth(),
      "false",
      "",
      "Whether there is an allowlist, whose agents are verified."),
  ALLOWLIST_STRICT(
      "ALLOWLIST_STRICT",
      truth(),
      "false",
      "",
      "Whether only agents on the allowlist may come in."),
  ALLOWLIST_ADMIN_KEY(
      "ALLOWLIST_ADMIN_KEY",
      secret(),
      "",
      "",
      "Shared key for the allowlist, kicks and bans. A secret: never on the command line."),
  ADMIN_KEY(
      "AGENTCHAT_ADMIN_KEY",
      secret(),
      "",
      "",
      "Shared key for the message of the day, ADMIN_VERIFY and /api/connections. A secret: never"
          + " on the command line."),
  ADMINS(
      "AGENTCHAT_ADMINS",
      new Kind.Several(
          "agent ids (@7f245a82471e5173) or public keys (44 characters of base64), separated by"
              + " commas,",
          Setting::isAgentOrKey),
      "",
      "",
      "Agents that moderate without a shared key."),
  MOTD("MOTD", text(AdminMessage.MAX_MOTD_CHARS), "", "", "Message of the day."),
  MOTD_FILE(
      "MOTD_FILE",
      text(4096),
      "",
      "",
      "File with the message of the day, read at the start; MOTD counts before it."),
  LURK_DISABLED(
      "LURK_DISABLED",
      truth(),
      "true",
      "",
      "Whether new identities may speak at once; if not, agents without a key never may."),
  LURK_MS(
      "AGENTCHAT_LURK_MS",
      whole(1, 31_536_000_000L),
      "3600000",
      "ms",
      "How long new identities only listen, where they do."),
  CAPTCHA_ENABLED(
      "CAPTCHA_ENABLED", truth(), "false", "", "Whether a question is asked before the welcome."),
  CAPTCHA_TIMEOUT_MS(
      "CAPTCHA_TIMEOUT_MS", whole(1, 3_600_000), "30000", "ms", "Time to answer it."),
  CAPTCHA_MAX_ATTEMPTS(
      "CAPTCHA_MAX_ATTEMPTS", whole(1, 100), "1", "answers", "Answers that may be given."),
  CAPTCHA_DIFFICULTY(
      "CAPTCHA_DIFFICULTY",
      choice("easy", "medium", "hard"),
      "easy",
      "",
      "How large its numbers are."),
  CAPTCHA_SKIP_ALLOWLISTED(
      "CAPTCHA_SKIP_ALLOWLISTED", truth(), "true", "", "Whether verified agents are not asked."),
  CAPTCHA_FAIL_ACTION(
      "CAPTCHA_FAIL_ACTION",
      choice("disconnect", "shadow_lurk"),
      "disconnect",
      "",
      "What becomes of those who fail: the end, or listening without their key."),
  AUDIT_LOG(
      "AUDIT_LOG",
      text(4096),
      "true",
      "",
      "File of the audit log; true: audit.jsonl in DATA_DIR, false: none."),
  AUDIT_LOG_BYTES(
      "AGENTCHAT_AUDIT_LOG_BYTES",
      whole(4_096, 1L << 40),
      Long.toString(AccessRules.AuditFile.DEFAULT_MAX_BYTES),
      "bytes",
      "Size at which the audit log is put aside; four such files are kept.");

  private final String environment;

  @SuppressWarnings("ImmutableEnumChecker") // records of lists and of functions without state
  private final Kind kind;

  private final String fallback;
  private final String unit;
  private final String meaning;

  Setting(String environment, Kind kind, String fallback, String unit, String meaning) {
    this.environment = environment;
    this.kind = kind;
    this.fallback = fallback;
    this.unit = unit;
    this.meaning = meaning;
  }

  /// The name in the file and for `--set`: `rate-limit-ms`.
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String environment() {
    return environment;
  }

  Kind kind() {
    return kind;
  }

  /// The default; empty for none.
  String fallback() {
    return fallback;
  }

  /// Of what the value is a number, or empty.
  String unit() {
    return unit;
  }

  String meaning() {
    return meaning;
  }

  /// The setting of that name.
  static Optional<Setting> named(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key().equals(key)).findFirst();
  }

  private static Kind whole(long min, long max) {
    return new Kind.Whole(min, max);
  }

  private static Kind port() {
    return whole(0, 65_535);
  }

  private static Kind truth() {
    return new Kind.Truth();
  }

  private static Kind text(int maxChars) {
    return new Kind.Text(maxChars);
  }

  private static Kind secret() {
    return new Kind.Secret(AdminKey.MAX_CHARS);
  }

  private static Kind choice(String... words) {
    return new Kind.Choice(List.of(words));
  }

  private static Kind form(String wanted, Predicate<String> test) {
    return new Kind.Form(wanted, test);
  }

  private static Kind channels() {
    return new Kind.Several(
        "channels (# and 1 to 31 of letters, digits, _ -), separated by commas,",
        ClientMessageCodec::isChannel);
  }

  private static boolean isAddress(String text) {
    try {
      return !InetAddress.ofLiteral(text).getHostAddress().isEmpty();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean isOrigin(String text) {
    return text.equals("*") || text.matches("[a-z][a-z0-9+.-]*://[^/?#@\\s]+");
  }

  private static boolean isAgent(String text) {
    return agent(text).isPresent();
  }

  private static boolean isAgentOrKey(String text) {
    return isAgent(text) || isKey(text);
  }

  /// The id of a key, with or without its `@`.
  static Optional<AgentId> agent(String text) {
    return AgentId.parse(text.startsWith("@") ? text : "@" + text).filter(AgentId::isPersistent);
  }

  /// Whether the text is a public key in base64.
  static boolean isKey(String text) {
    try {
      return Base64.getDecoder().decode(text).length == AgentKey.BYTES
          && AgentKey.ofBase64(text).base64().equals(text);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
