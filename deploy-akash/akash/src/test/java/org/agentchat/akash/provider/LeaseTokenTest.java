package org.agentchat.akash.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.agentchat.akash.Vectors;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Hashes;
import org.agentchat.akash.wallet.Mnemonic;
import org.agentchat.akash.wallet.Secp256k1;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class LeaseTokenTest {
  private static final JsonNode FILE = Vectors.json("jwt.json");
  private static final AccountKey KEY =
      AccountKey.of(Mnemonic.parse(FILE.path("mnemonic").stringValue()));

  @Test
  void tokenOfTheVectorIsTheSame() {
    assertThat(KEY.address().text()).isEqualTo(FILE.path("address").stringValue());
    JsonNode wanted = FILE.path("tokens").path(0);
    assertThat(wanted.path("alg").stringValue()).isEqualTo("ES256K");
    assertThat(LeaseToken.signed(KEY, FILE.path("payload")))
        .isEqualTo(wanted.path("token").stringValue());
  }

  @Test
  void everyChangedCharacterOfATokenIsFound() {
    String token = FILE.path("tokens").path(0).path("token").stringValue();
    assertThat(verifies(token)).isTrue();
    int end = token.lastIndexOf('.');
    for (int i = 0; i < end; i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      assertThat(verifies(token.substring(0, i) + other + token.substring(i + 1))).isFalse();
    }
  }

  private static boolean verifies(String token) {
    int end = token.lastIndexOf('.');
    byte[] hash = Hashes.sha256(token.substring(0, end).getBytes(StandardCharsets.US_ASCII));
    byte[] signature = Base64.getUrlDecoder().decode(token.substring(end + 1));
    return Secp256k1.verifies(KEY.publicKey(), hash, signature);
  }

  @Test
  void tokenIsGoodForFifteenMinutesAndItsScopesOnly() {
    Instant now = Instant.ofEpochSecond(1_700_000_000);
    String token =
        LeaseToken.of(
            KEY, Set.of(LeaseToken.Scope.STATUS, LeaseToken.Scope.SEND_MANIFEST), now, "one");
    JsonNode claims = Json.parse(Base64.getUrlDecoder().decode(token.split("\\.", 3)[1]));
    assertThat(claims.path("nbf").longValue()).isEqualTo(1_699_999_970);
    assertThat(claims.path("exp").longValue()).isEqualTo(1_700_000_900);
    assertThat(
            Vectors.list(claims.path("leases").path("scope")).stream().map(JsonNode::stringValue))
        .containsExactly("send-manifest", "status");
    assertThat(verifies(token)).isTrue();
  }
}
