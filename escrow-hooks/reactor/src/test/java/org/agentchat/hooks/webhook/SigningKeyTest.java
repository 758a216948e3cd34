package org.agentchat.hooks.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our signatures, judged by the library that the Standard Webhooks project publishes.
final class SigningKeyTest {
  private static final String SECRET = secret("0123456789abcdef0123456789abcdef");
  private static final String OTHER = secret("fedcba9876543210fedcba9876543210");
  private static final String ID = "msg_7a2976ed56d25cbac21eae27ab8d5f48";
  private static final String BODY = "{\"task\":\"caf\u00e9 \u2603 \ud83d\ude00\"}";

  private static String secret(String key) {
    return "whsec_" + Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static HttpHeaders headers(String id, long timestamp, String signature) {
    return HttpHeaders.of(
        Map.of(
            "webhook-id", List.of(id),
            "webhook-timestamp", List.of(Long.toString(timestamp)),
            "webhook-signature", List.of(signature)),
        (_, _) -> true);
  }

  @Test
  void signatureIsTheOneOfTheSpecificationsExample() {
    // Standard Webhooks, "Verifying the signature" of its reference libraries.
    SigningKey key = SigningKey.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    assertThat(key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void publishedLibraryAcceptsOurs() {
    long now = Instant.now().getEpochSecond();
    String signature = SigningKey.of(SECRET).sign(ID, now, BODY);
    assertThatCode(() -> new Webhook(SECRET).verify(BODY, headers(ID, now, signature)))
        .doesNotThrowAnyException();
  }

  @Test
  void publishedLibraryAcceptsOldAndNewSecretWhileBothSign() {
    long now = Instant.now().getEpochSecond();
    String both =
        SigningKey.of(SECRET).sign(ID, now, BODY) + " " + SigningKey.of(OTHER).sign(ID, now, BODY);
    for (String secret : List.of(SECRET, OTHER)) {
      assertThatCode(() -> new Webhook(secret).verify(BODY, headers(ID, now, both)))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void publishedLibraryRefusesWhatWasAltered() throws Exception {
    long now = Instant.now().getEpochSecond();
    String signature = SigningKey.of(SECRET).sign(ID, now, BODY);
    Webhook webhook = new Webhook(SECRET);
    assertThatThrownBy(() -> webhook.verify(BODY + " ", headers(ID, now, signature)))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() -> webhook.verify(BODY, headers("msg_other", now, signature)))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() -> webhook.verify(BODY, headers(ID, now - 1, signature)))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() -> new Webhook(OTHER).verify(BODY, headers(ID, now, signature)))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void shortestAndLongestKeysAreTaken() {
    assertThat(SigningKey.of(secret("x".repeat(24)))).isNotNull();
    assertThat(SigningKey.of(secret("x".repeat(64)))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "whsec_",
        "0123456789abcdef0123456789abcdef",
        "whsec_!!!!topsecret!!!!",
        "whsec_dG9wc2VjcmV0",
        "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
      })
  void otherSecretsAreRefusedAndNotRepeated(String secret) {
    assertThatThrownBy(() -> SigningKey.of(secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("whsec_ and base64 of 24 to 64 bytes")
        .hasMessageNotContaining("topsecret")
        .hasNoCause();
  }

  @Test
  void keyShowsNothingOfItself() {
    assertThat(SigningKey.of(SECRET)).hasToString("(secret)");
  }
}
