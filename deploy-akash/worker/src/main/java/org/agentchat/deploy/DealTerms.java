package org.agentchat.deploy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.agentchat.akash.deployment.BidRules;
import org.agentchat.akash.sdl.DeployFile;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.sdl.SdlException;
import org.agentchat.akash.tx.Price;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a proposal asks for: its `terms` are a JSON object of `sdl` (an SDL, or the short
/// `deploy.yaml`), `ceiling_uact` (the most that providers may be paid) and `duration` (`90m`,
/// `24h`, `7d`, counted from the acceptance).
///
/// @param sdl the whole SDL
/// @param ceiling in uact; it is also what is put into escrow, so the chain itself holds it
record DealTerms(String sdl, Manifest manifest, long ceiling, Duration duration) {
  /// A year: what is agreed is remembered until it is over.
  static final Duration LONGEST = Duration.ofDays(366);

  private static final String PROVIDER = "akash";
  private static final List<String> FIELDS = List.of("sdl", "ceiling_uact", "duration");
  static final long MAX_CEILING = 1L << 53;

  /// Each has a lease of its own, and a statement names so many at the most.
  private static final int MAX_PLACEMENTS = 20;

  /// @throws UnusableTermsException with one sentence
  static DealTerms read(@Nullable String terms) {
    JsonNode object = object(terms);
    for (String name : object.propertyNames()) {
      if (!FIELDS.contains(name)) {
        throw new UnusableTermsException("terms: unknown field " + Json.excerpt(name, 64));
      }
    }
    DeployFile file = file(object.path("sdl"));
    Duration duration = duration(object.path("duration"));
    if (file.duration().filter(said -> !said.equals(duration)).isPresent()) {
      throw new UnusableTermsException("terms.sdl: the duration is not that of the terms");
    }
    Manifest manifest = Manifest.of(file.sdl());
    if (manifest.groups().size() > MAX_PLACEMENTS) {
      throw new UnusableTermsException(
          "terms.sdl: at most %d placements wanted, found %d"
              .formatted(MAX_PLACEMENTS, manifest.groups().size()));
    }
    return new DealTerms(file.sdlText(), manifest, ceiling(object.path("ceiling_uact")), duration);
  }

  private static JsonNode object(@Nullable String terms) {
    try {
      JsonNode value = terms == null ? null : Json.parse(terms);
      if (value != null && value.isObject()) {
        return value;
      }
    } catch (JacksonException _) {
      // The sentence below says it.
    }
    throw new UnusableTermsException(
        "terms: a JSON object of sdl, ceiling_uact and duration wanted");
  }

  /// The short form says more than what to deploy: that must not be something else.
  private static DeployFile file(JsonNode sdl) {
    if (!sdl.isString()) {
      throw new UnusableTermsException("terms.sdl: a text wanted");
    }
    DeployFile file;
    try {
      file = DeployFile.read(sdl.stringValue());
    } catch (SdlException e) {
      throw new UnusableTermsException("terms.sdl: " + e.getMessage());
    }
    if (!file.provider().equals(PROVIDER)) {
      throw new UnusableTermsException(
          "terms.sdl: provider: %s wanted, found %s".formatted(PROVIDER, file.provider()));
    }
    return file;
  }

  private static long ceiling(JsonNode ceiling) {
    if (!ceiling.isIntegralNumber()
        || !ceiling.canConvertToLong()
        || ceiling.longValue() < 1
        || ceiling.longValue() >= MAX_CEILING) {
      throw new UnusableTermsException("terms.ceiling_uact: a whole number from 1 on wanted");
    }
    return ceiling.longValue();
  }

  private static Duration duration(JsonNode duration) {
    Optional<Duration> time =
        duration.isString() ? DeployFile.duration(duration.stringValue()) : Optional.empty();
    return time.filter(one -> one.compareTo(LONGEST) <= 0)
        .orElseThrow(() ->
            new UnusableTermsException(
                "terms.duration: a time such as 90m, 24h or 7d wanted, at most 366d"));
  }

  /// Bids that are so cheap that the ceiling lasts for the whole time.
  BidRules rules() {
    BigDecimal blocks =
        BigDecimal.valueOf(duration.toMillis())
            .divide(BigDecimal.valueOf(Price.BLOCK_MS), 0, RoundingMode.CEILING);
    BigDecimal aBlock =
        BigDecimal.valueOf(ceiling)
            .divide(
                blocks.multiply(BigDecimal.valueOf(manifest.groups().size())),
                Price.PLACES,
                RoundingMode.FLOOR);
    return new BidRules(
        Optional.of(aBlock), List.of(), new TreeMap<>(), List.of(), Optional.empty());
  }
}
