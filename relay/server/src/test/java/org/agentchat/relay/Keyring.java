package org.agentchat.relay;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;

/// A key of ours for every key of a capture, always the same.
final class Keyring {
  /// An Ed25519 key in DER and base64, public or private, whatever stands around it.
  private static final Pattern BODY =
      Pattern.compile("MCowBQYDK2VwAyEA[^\r\n-]{44}|MC4C[^\r\n-]{60}");

  private static final int SEED_BYTES = 32;

  private final Map<AgentKey, Identity> identities = new LinkedHashMap<>();

  /// Our identity for the captured PEM text; empty when it is none.
  Optional<Identity> own(String pem) {
    return body(pem).isEmpty() ? Optional.empty() : Optional.of(own(captured(pem)));
  }

  Identity own(AgentKey captured) {
    return identities.computeIfAbsent(captured, _ -> next());
  }

  private Identity next() {
    byte[] seed = new byte[SEED_BYTES];
    Arrays.fill(seed, (byte) (identities.size() + 1));
    return Identity.ofSeed("replayed", seed, Instant.EPOCH);
  }

  /// The line of base64 in the text; empty when there is none.
  static String body(String pem) {
    Matcher matcher = BODY.matcher(pem);
    return matcher.find() ? matcher.group() : "";
  }

  static boolean isPrivate(String pem) {
    return pem.contains("BEGIN PRIVATE KEY");
  }

  /// The key in a captured PEM text, however malformed the text.
  AgentKey captured(String pem) {
    byte[] der = Base64.getDecoder().decode(body(pem));
    byte[] raw = Arrays.copyOfRange(der, der.length - SEED_BYTES, der.length);
    return isPrivate(pem)
        ? Identity.ofSeed("captured", raw, Instant.EPOCH).key()
        : AgentKey.ofBase64(Base64.getEncoder().encodeToString(raw));
  }

  /// The PEM of our private key for the captured one.
  String privatePem(String pem) {
    String json = own(captured(pem)).json();
    return org.agentchat.schemas.json.Json.parse(json).path("privateKey").stringValue();
  }
}
