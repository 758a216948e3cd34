package org.agentchat.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentchat.relay.AccessRules;
import org.agentchat.relay.AccessRules.Allowlisting;
import org.agentchat.relay.AccessRules.AuditFile;
import org.agentchat.relay.CaptchaRules;
import org.agentchat.relay.ChatRules;
import org.agentchat.relay.RelayLimits;
import org.agentchat.relay.RelaySettings;
import org.agentchat.relay.TlsFiles;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.AdminKey;
import org.agentchat.schemas.message.AdminMessage;

/// The relay's settings out of a [Configuration]: a line for each.
///
/// @param home where files are kept that are not named
record RelayConfiguration(Configuration from, Path home) {
  private static final Duration FLOOD_WINDOW = Duration.ofSeconds(10);
  private static final int UNLIMITED = Integer.MAX_VALUE;

  /// Looks at everything now, so that what cannot be is said before anything runs.
  ///
  /// @throws ConfigurationException if something cannot be
  void check() {
    apply(RelaySettings.of("", 0, "check", "check"));
  }

  /// The settings with everything that was chosen.
  ///
  /// @throws ConfigurationException if something cannot be
  RelaySettings apply(RelaySettings settings) {
    RelaySettings chosen =
        settings
            .named(from.text(Setting.SERVER_NAME))
            .withChannels(from.several(Setting.CHANNELS), from.several(Setting.VERIFIED_CHANNELS))
            .with(limits())
            .with(chat())
            .with(access());
    Optional<String> motd = motd();
    if (motd.isPresent()) {
      chosen = chosen.withMotd(motd.get());
    }
    Optional<TlsFiles> tls = tls();
    return tls.isPresent() ? chosen.with(tls.get()) : chosen;
  }

  /// The certificate and its key, of which none or both are there.
  Optional<TlsFiles> tls() {
    Optional<Path> certificate = from.path(Setting.TLS_CERT);
    Optional<Path> key = from.path(Setting.TLS_KEY);
    if (certificate.isPresent() != key.isPresent()) {
      throw new ConfigurationException("Both --cert and --key must be provided for TLS");
    }
    return certificate.map(file -> new TlsFiles(file, key.orElseThrow()));
  }

  RelayLimits limits() {
    RelayLimits defaults = RelayLimits.defaults();
    long pause = from.whole(Setting.RATE_LIMIT_MS);
    RelayLimits.Rate messages =
        pause == 0
            ? RelayLimits.Rate.UNLIMITED
            : new RelayLimits.Rate(1000.0 / pause, from.small(Setting.RATE_LIMIT_BURST));
    int perAddress = from.small(Setting.MAX_CONNECTIONS_PER_IP);
    RelayLimits.Flood strangers = defaults.flood();
    RelayLimits limits =
        defaults
            .withReplay(from.small(Setting.MESSAGE_BUFFER_SIZE))
            .withRates(messages, defaults.requests())
            .with(
                RelayLimits.Statements.perMinute(
                    from.small(Setting.STATEMENT_RATE), from.small(Setting.STATEMENT_RATE_PER_IP)))
            .with(
                new RelayLimits.Flood(
                    strangers.strangers(),
                    strangers.strangersBytes(),
                    from.small(Setting.FLOOD_FRAMES),
                    FLOOD_WINDOW))
            .with(
                new RelayLimits.Sockets(
                    from.small(Setting.MAX_CONNECTIONS), perAddress == 0 ? UNLIMITED : perAddress))
            .with(defaults.waits().withChallenge(from.millis(Setting.CHALLENGE_TIMEOUT_MS)));
    return from.truth(Setting.UNMETERED) ? limits.unmetered() : limits;
  }

  ChatRules chat() {
    ChatRules defaults = ChatRules.defaults();
    ChatRules.ChannelRules channels = defaults.channels();
    return new ChatRules(
        new ChatRules.ChannelRules(
            from.truth(Setting.AUTO_JOIN),
            from.truth(Setting.VERIFIED_CREATE),
            from.truth(Setting.PRIVATE_CHANNELS_ENABLED),
            channels.created(),
            channels.createdPerAgent(),
            channels.emptyFor(),
            channels.invitations()),
        defaults.signals(),
        new ChatRules.FloorRules(
            from.millis(Setting.CLAIM_TTL_MS),
            defaults.floor().claims(),
            defaults.floor().claimsPerAgent()),
        new ChatRules.DirectRules(
            defaults.direct().allowed(),
            from.millis(Setting.DM_AGE_GATE_MS),
            defaults.direct().chunkEvery(),
            defaults.direct().chunkBurst()),
        defaults.verifications(),
        new ChatRules.CallbackRules(
            Duration.ofSeconds(from.whole(Setting.CB_MAX_DURATION_S)),
            from.small(Setting.CB_MAX_PER_AGENT),
            defaults.callbacks().inAll(),
            from.small(Setting.CB_MAX_PAYLOAD)),
        new ChatRules.IdleRules(
            from.truth(Setting.IDLE_PROMPTS), from.millis(Setting.IDLE_TIMEOUT_MS)),
        defaults.repeats());
  }

  AccessRules access() {
    Path folder = from.path(Setting.DATA_DIR).orElse(home);
    return new AccessRules(
        Optional.of(folder),
        allowlisting(),
        admins(),
        from.some(Setting.GENESIS_AGENT_ID).flatMap(Setting::agent),
        from.truth(Setting.LURK_DISABLED)
            ? Optional.empty()
            : Optional.of(from.millis(Setting.LURK_MS)),
        captcha(),
        network(),
        audit(folder));
  }

  private Allowlisting allowlisting() {
    boolean strict = from.truth(Setting.ALLOWLIST_STRICT);
    if (!from.truth(Setting.ALLOWLIST_ENABLED)) {
      if (strict) {
        throw from.wrong(Setting.ALLOWLIST_STRICT, "allowlist-enabled = true with it");
      }
      return Allowlisting.OFF;
    }
    return strict ? Allowlisting.STRICT : Allowlisting.OPEN;
  }

  private AccessRules.Admins admins() {
    return new AccessRules.Admins(
        from.some(Setting.ALLOWLIST_ADMIN_KEY).map(AdminKey::of),
        from.some(Setting.ADMIN_KEY).map(AdminKey::of),
        from.several(Setting.ADMINS).stream()
            .flatMap(one -> Setting.agent(one).stream())
            .collect(Collectors.toSet()),
        from.several(Setting.ADMINS).stream()
            .filter(Setting::isKey)
            .map(AgentKey::ofBase64)
            .collect(Collectors.toSet()));
  }

  private Optional<CaptchaRules> captcha() {
    if (!from.truth(Setting.CAPTCHA_ENABLED)) {
      return Optional.empty();
    }
    return Optional.of(
        new CaptchaRules(
            from.millis(Setting.CAPTCHA_TIMEOUT_MS),
            from.small(Setting.CAPTCHA_MAX_ATTEMPTS),
            from.choice(Setting.CAPTCHA_DIFFICULTY, CaptchaRules.Difficulty.class),
            from.truth(Setting.CAPTCHA_SKIP_ALLOWLISTED),
            from.choice(Setting.CAPTCHA_FAIL_ACTION, CaptchaRules.FailAction.class)));
  }

  private AccessRules.Network network() {
    Set<InetAddress> proxies =
        from.several(Setting.TRUSTED_PROXIES).stream()
            .map(InetAddress::ofLiteral)
            .collect(Collectors.toSet());
    return new AccessRules.Network(proxies, Set.copyOf(from.several(Setting.ALLOWED_ORIGINS)));
  }

  private Optional<AuditFile> audit(Path folder) {
    String text = from.text(Setting.AUDIT_LOG);
    String word = text.toLowerCase(Locale.ROOT);
    if (Kind.NO.contains(word)) {
      return Optional.empty();
    }
    Path file = Kind.YES.contains(word) ? folder.resolve("audit.jsonl") : Path.of(text);
    return Optional.of(new AuditFile(file, from.whole(Setting.AUDIT_LOG_BYTES)));
  }

  private Optional<String> motd() {
    Optional<String> text = from.some(Setting.MOTD);
    return text.isPresent() ? text : from.path(Setting.MOTD_FILE).flatMap(this::read);
  }

  private Optional<String> read(Path file) {
    try {
      if (Files.size(file) > 4L * AdminMessage.MAX_MOTD_CHARS) {
        throw from.wrong(
            Setting.MOTD_FILE, "a file of at most " + AdminMessage.MAX_MOTD_CHARS + " characters");
      }
      return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
    } catch (IOException _) {
      throw from.wrong(Setting.MOTD_FILE, "a file that can be read, in UTF-8,");
    }
  }
}
