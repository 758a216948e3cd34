package org.agentchat.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.agentchat.akash.deployment.BidRules;
import org.agentchat.akash.sdl.DeployFile;
import org.agentchat.akash.wallet.Address;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What `deploy` may pay, whom, and for how long.
final class DeployTerms {
  /// Signs for providers that Akash itself has looked at.
  private static final String AKASH_AUDITOR = "akash1365yvmc4s7awdyj3n2sav7xfx76adc6dnmlx63";

  private static final BigDecimal MICRO = BigDecimal.valueOf(1_000_000);

  @Option(
      names = "--deposit",
      paramLabel = "<act>",
      description = {
        "ACT for the escrow (default: what the duration can cost, else 5).",
        "With --top-up: ACT that is added."
      })
  private @Nullable BigDecimal deposit;

  @Option(
      names = "--duration",
      paramLabel = "<time>",
      description = "How long it is wanted, for example 24h (default: until --close).")
  private @Nullable String duration;

  @Option(
      names = "--max-price",
      paramLabel = "<uact>",
      description = "The most that a group may cost a block (default: what the SDL says).")
  private @Nullable BigDecimal maxPrice;

  @Option(names = "--audited", description = "Only providers that Akash has audited.")
  private boolean audited;

  @Option(
      names = "--auditor",
      paramLabel = "<address>",
      description = "Only providers that one of these has audited. May be repeated.")
  private List<String> auditors = List.of();

  @Option(
      names = "--attribute",
      paramLabel = "<key=value>",
      description = "Only providers that say so of themselves. May be repeated.")
  private Map<String, String> attributes = Map.of();

  @Option(
      names = "--region",
      paramLabel = "<region>",
      description = "Only providers of one of these regions. May be repeated.")
  private List<String> regions = List.of();

  /// Which bids may be accepted.
  ///
  /// @throws IllegalArgumentException if an auditor is no address
  BidRules rules(Optional<Address> provider) {
    List<String> wanted = new ArrayList<>();
    auditors.forEach(auditor -> wanted.add(new Address(auditor).text()));
    if (audited) {
      wanted.add(AKASH_AUDITOR);
    }
    return new BidRules(
        Optional.ofNullable(maxPrice),
        wanted,
        new TreeMap<>(attributes),
        regions,
        provider.map(Address::text));
  }

  /// The deposit in uact; empty when it is not said.
  ///
  /// @throws IllegalArgumentException if it is no amount
  Optional<Long> depositUact() {
    if (deposit == null) {
      return Optional.empty();
    }
    try {
      long uact = deposit.multiply(MICRO).longValueExact();
      if (uact > 0) {
        return Optional.of(uact);
      }
    } catch (ArithmeticException _) {
      // The sentence below says it.
    }
    throw new IllegalArgumentException(
        "--deposit: an amount of ACT with at most six places wanted, found " + deposit);
  }

  /// How long, by option or by file.
  ///
  /// @throws IllegalArgumentException if the option is no duration
  Optional<Duration> duration(DeployFile file) {
    if (duration == null) {
      return file.duration();
    }
    Optional<Duration> given = DeployFile.duration(duration);
    if (given.isEmpty()) {
      throw new IllegalArgumentException(
          "--duration: a time such as 90m, 24h or 7d wanted, found '" + duration + "'");
    }
    return given;
  }
}
