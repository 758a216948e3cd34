package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.RegisterSkills;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  /// X stands for enough letters; the forms are put together here so that no scanner of this
  /// repository takes them for real ones.
  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "sk-ant-X = anthropic_api_key",
        "sk-X = openai_api_key",
        "ghp_36 = github_pat",
        "github_pat_X = github_pat_fine",
        "gho_36 = github_oauth",
        "AKIA16 = aws_access_key",
        "xoxb-X = slack_token",
        "sk_live_X = stripe_key",
        "rk_test_X = stripe_key",
        "AIza35 = google_api_key",
        "eyJX.eyJX.X = jwt",
      })
  void secretIsReplacedByItsName(String form, String name) {
    String secret =
        form.replace("36", "a".repeat(36))
            .replace("35", "a".repeat(35))
            .replace("16", "A".repeat(16))
            .replace("X", "abcdefghij0123456789ABCDE");

    assertThat(Secrets.redact("key " + secret + " end"))
        .isEqualTo("key [REDACTED:" + name + "] end");
    assertThat(Secrets.find("key " + secret + " end")).contains(name);
  }

  @Test
  void secretsNextToTheirNamesAreReplacedWithThem() {
    String key = "abcdefghij".repeat(4);

    assertThat(Secrets.redact("aws_secret_access_key = " + key + "!"))
        .isEqualTo("[REDACTED:aws_secret_key]!");
    assertThat(Secrets.redact("my password: 'abcdefgh12345678' here"))
        .isEqualTo("my [REDACTED:generic_secret] here");
    assertThat(Secrets.redact("{\"api_key\":\"abcdefgh12345678\"}"))
        .isEqualTo("{\"[REDACTED:generic_secret]}");
  }

  @Test
  void everySecretOfATextIsReplaced() {
    String openai = "sk-" + "a".repeat(20);
    String token = "eyJaaaaaaaaaa.eyJbbbbbbbbbb.cccccccccc";

    assertThat(Secrets.redact(openai + " and " + openai))
        .isEqualTo("[REDACTED:openai_api_key] and [REDACTED:openai_api_key]");
    assertThat(Secrets.redact("x_" + token + " " + token))
        .isEqualTo("x_[REDACTED:jwt] [REDACTED:jwt]");
    assertThat(Secrets.redact("eyJshort.eyJaaaaaaaaaa.eyJbbbbbbbbbb.cccccccccc"))
        .isEqualTo("eyJshort.[REDACTED:jwt]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "sk-short",
        "ghp_abc",
        "token: abcdefgh12345678",
        "eyJaaaaaaaaaa.eyJbbbbbbbbbb",
        "the password is 'short'",
      })
  void whatOnlyLooksAlikeStays(String text) {
    assertThat(Secrets.redact(text)).isEqualTo(text);
    assertThat(Secrets.find(text)).isEmpty();
  }

  /// W55: values of the relay's own environment are not looked for.
  @Test
  void environmentOfTheRelayIsNoOracle() {
    for (String value : System.getenv().values()) {
      assertThat(Secrets.redact("guess " + value)).doesNotContain("REDACTED:env");
    }
  }

  @Test
  void signedTextIsRefusedWithTheNameOfTheForm() {
    assertThat(Secrets.refusal("statement", "see sk-" + "a".repeat(30)))
        .contains(
            "statement holds a secret (openai_api_key): a signed text is not redacted, remove it");
    assertThat(Secrets.refusal("statement", "see the log")).isEmpty();
  }

  /// In JSON it is written with backslashes, which no form has.
  @Test
  void quotedSecretInAListIsFound() {
    String secret = "password=\"" + "a".repeat(20) + "\"";
    RegisterSkills skills =
        new RegisterSkills(
            new JsonText(Json.text(List.of(Map.of("capability", "code", "description", secret)))));
    assertThat(Secrets.refusal(skills))
        .hasValueSatisfying(why -> assertThat(why).startsWith("skills"));
  }

  /// Two million characters that make careless patterns take hours.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "eyJ",
        "eyJaaaaaaaaaa.",
        "eyJaaaaaaaaaaeyJ.eyJ",
        "sk-",
        "token='",
        "token ",
        "auth=",
        "aws_secret_access_key=",
        "=",
        "xoxb-a",
        "@@cb:1",
      })
  void longestMessageTakesLittleTime(String part) {
    String text = part.repeat(2 * 1024 * 1024 / part.length());
    assertTimeoutPreemptively(Duration.ofSeconds(30), () -> Secrets.redact(text));
  }
}
