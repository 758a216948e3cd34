package org.agentchat.hooks.config;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.FeePolicy;
import org.agentchat.escrow.chain.Finality;
import org.agentchat.escrow.chain.Keystore;
import org.agentchat.escrow.chain.KeystoreException;
import org.agentchat.escrow.chain.NodeSettings;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.hooks.Secret;
import org.agentchat.hooks.evm.EvmSettings;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.identity.Identity;

/// Reads the section `evm` of a hook.
final class EvmReader {
  private static final List<String> KEYS =
      List.of(
          "rpc",
          "chain",
          "contract",
          "first-block",
          "finality",
          "keys",
          "observer",
          "time-outs",
          "withdraw",
          "poll",
          "reconcile",
          "timeout",
          "max-fee-gwei",
          "max-tip-gwei",
          "stuck-after");

  private static final List<String> KEY_KEYS = List.of("keystore", "password-file");
  private static final String RPC = "the http or https address of a node";
  private static final String CHAIN = "the chain's number, or eip155: and the number,";
  private static final String ADDRESS = "an address, 0x and 40 hexadecimal digits,";
  private static final String FINALITY = "'finalized' or a number of blocks";
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,15}");
  private static final int MAX_BLOCK = 999_999_999;
  private static final int MAX_GWEI = 1_000_000;
  private static final int MAX_STUCK_AFTER = 1_000;
  private static final Duration SHORTEST_POLL = Duration.ofMillis(100);
  private static final Duration LONGEST_POLL = Duration.ofMinutes(10);
  private static final Duration DEFAULT_POLL = Duration.ofSeconds(5);
  private static final Duration SHORTEST_RECONCILE = Duration.ofSeconds(1);
  private static final Duration LONGEST_RECONCILE = Duration.ofDays(1);
  private static final Duration DEFAULT_RECONCILE = Duration.ofMinutes(10);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);

  /// An identity file is about 500 bytes, more when keys were rotated.
  private static final long MAX_IDENTITY_BYTES = 1 << 20;

  private EvmReader() {}

  /// @throws HooksFileException saying what cannot be
  static EvmSettings read(Section hook, HookReader common) {
    Section section = hook.requiredSection("evm", KEYS);
    return new EvmSettings(
        common.name(),
        node(section),
        new EscrowContract(chain(section), contract(section)),
        section.whole("first-block", 0, MAX_BLOCK, 0),
        finality(section),
        fees(section),
        signers(section),
        section
            .path("observer", "the path of an identity file")
            .map(file -> identity(section, file)),
        section.truth("time-outs", true),
        section.truth("withdraw", true),
        section.duration("poll", SHORTEST_POLL, LONGEST_POLL, DEFAULT_POLL),
        section.duration("reconcile", SHORTEST_RECONCILE, LONGEST_RECONCILE, DEFAULT_RECONCILE),
        common.retries());
  }

  private static NodeSettings node(Section section) {
    Secret url = section.textOrSecret("rpc", RPC).orElseThrow(() -> section.wrong("rpc", RPC));
    try {
      NodeSettings settings = NodeSettings.of(URI.create(url.reveal()));
      Duration timeout =
          section.duration("timeout", SHORTEST_POLL, LONGEST_TIMEOUT, settings.callTimeout());
      return settings.withCallTimeout(timeout);
    } catch (IllegalArgumentException _) {
      throw section.wrongSecret("rpc", RPC);
    }
  }

  private static EvmChain chain(Section section) {
    String text = section.text("chain", CHAIN);
    return parsed(
        section,
        "chain",
        CHAIN,
        number -> EvmChain.of(NUMBER.matcher(number).matches() ? "eip155:" + number : number),
        text);
  }

  private static EvmAddress contract(Section section) {
    String text = section.text("contract", ADDRESS);
    try {
      EvmAddress address = new EvmAddress(Address.parse(text).hex());
      if (address.isZero()) {
        throw section.wrong("contract", ADDRESS);
      }
      return address;
    } catch (IllegalArgumentException e) {
      throw section.wrong("contract: " + e.getMessage());
    }
  }

  private static Finality finality(Section section) {
    String text = section.text("finality", FINALITY);
    return parsed(section, "finality", FINALITY, Finality::parse, text);
  }

  private static <T> T parsed(
      Section section, String key, String wanted, Function<String, T> parse, String text) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException _) {
      throw section.wrong(key, wanted);
    }
  }

  private static FeePolicy fees(Section section) {
    FeePolicy usual = FeePolicy.DEFAULT;
    BigInteger cap = gwei(section, "max-fee-gwei", usual.maxFeeCap());
    BigInteger tip = gwei(section, "max-tip-gwei", usual.maxTip().min(cap));
    int stuckAfter = section.whole("stuck-after", 1, MAX_STUCK_AFTER, usual.stuckAfter());
    if (tip.compareTo(cap) > 0) {
      throw section.wrong("max-tip-gwei", "at most as much as max-fee-gwei");
    }
    return new FeePolicy(cap, usual.minTip(), tip, stuckAfter);
  }

  private static BigInteger gwei(Section section, String key, BigInteger otherwise) {
    int usual = otherwise.divide(GWEI).intValueExact();
    return BigInteger.valueOf(section.whole(key, 1, MAX_GWEI, usual)).multiply(GWEI);
  }

  private static List<Signer> signers(Section section) {
    List<Section> keys = section.sections("keys", KEY_KEYS);
    if (keys.size() > EvmSettings.MAX_SIGNERS) {
      throw section.wrong("keys", "at most %d keys".formatted(EvmSettings.MAX_SIGNERS));
    }
    List<Signer> signers = new ArrayList<>();
    for (Section key : keys) {
      Signer signer = signer(key);
      if (signers.stream().anyMatch(other -> other.address().equals(signer.address()))) {
        throw key.wrong("the key of %s is there twice".formatted(signer.address()));
      }
      signers.add(signer);
    }
    return signers;
  }

  private static Signer signer(Section key) {
    String wanted = "the path of a file";
    Path keystore = key.path("keystore", wanted).orElseThrow(() -> key.wrong("keystore", wanted));
    Path password =
        key.path("password-file", wanted).orElseThrow(() -> key.wrong("password-file", wanted));
    try {
      return Keystore.open(keystore, Keystore.password(password));
    } catch (KeystoreException e) {
      throw key.wrong(String.valueOf(e.getMessage()));
    }
  }

  private static Identity identity(Section section, Path file) {
    try {
      if (Files.size(file) > MAX_IDENTITY_BYTES) {
        throw section.wrong("observer", "the path of an identity file");
      }
      return Identity.ofJson(Files.readString(file));
    } catch (IOException | IllegalArgumentException e) {
      throw section.wrong("observer: %s is no readable identity file".formatted(file));
    }
  }
}
