package org.agentchat.akash.provider;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The token by which a provider knows the owner of a lease: a JWT of 15 minutes, `ES256K`, signed
/// by the account's key. It opens no lease of anybody else, so a provider that keeps it gains
/// nothing.
public final class LeaseToken {
  /// What the token may be used for.
  public enum Scope {
    SEND_MANIFEST,
    STATUS,
    LOGS;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// How long a token is good.
  static final Duration LIFETIME = Duration.ofMinutes(15);

  /// A provider's clock may be behind by so much.
  private static final Duration SKEW = Duration.ofSeconds(30);

  private static final String VERSION = "v1";

  private LeaseToken() {}

  /// A token for all leases of the key's account.
  ///
  /// @param id any text that no other token has
  public static String of(AccountKey key, Set<Scope> scopes, Instant now, String id) {
    long issued = now.minus(SKEW).getEpochSecond();
    ObjectNode claims = Json.mapper().createObjectNode();
    claims.put("iss", key.address().text());
    claims.put("iat", issued);
    claims.put("nbf", issued);
    claims.put("exp", now.plus(LIFETIME).getEpochSecond());
    claims.put("jti", id);
    claims.put("version", VERSION);
    ObjectNode leases = claims.putObject("leases");
    leases.put("access", "scoped");
    scopes.stream().sorted().map(Scope::word).forEach(leases.putArray("scope")::add);
    return signed(key, claims);
  }

  /// The claims, in canonical form, with header and signature.
  static String signed(AccountKey key, JsonNode claims) {
    ObjectNode header = Json.mapper().createObjectNode();
    header.put("alg", "ES256K");
    header.put("typ", "JWT");
    String body = base64(Json.canonical(header)) + "." + base64(Json.canonical(claims));
    return body + "." + base64(key.sign(body.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
