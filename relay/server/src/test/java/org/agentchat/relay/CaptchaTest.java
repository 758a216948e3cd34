package org.agentchat.relay;

import static org.agentchat.relay.TestRelay.error;
import static org.agentchat.relay.TestRelay.identity;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentchat.relay.CaptchaRules.Difficulty;
import org.agentchat.relay.CaptchaRules.FailAction;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The question before the welcome (protocol.md section 6).
final class CaptchaTest {
  private static final Pattern TERM = Pattern.compile("(\\d+) ([-+*]) (\\d+)");
  private static final Pattern QUOTED = Pattern.compile("\"([a-z]+)\"");

  private final Identity alice = identity("alice", 1);

  private static AccessRules rules(int attempts, FailAction action) {
    CaptchaRules asked =
        new CaptchaRules(Duration.ofSeconds(30), attempts, Difficulty.EASY, true, action);
    return AccessRules.defaults().with(asked);
  }

  @Test
  void rightAnswerIsWelcomed() throws Exception {
    try (TestRelay relay = new TestRelay(rules(1, FailAction.DISCONNECT))) {
      Peer guest = relay.guest("guest");
      JsonNode asked = guest.expect("CAPTCHA_CHALLENGE");
      assertThat(asked.get("captcha_id").stringValue()).matches("captcha_[0-9a-z]+_[0-9a-f]{8}");
      assertThat(asked.get("hint").stringValue()).startsWith("Respond with");
      assertThat(asked.get("expires_at").longValue() - asked.get("ts").longValue())
          .isEqualTo(30_000);
      guest.send("{\"type\":\"LIST_AGENTS\",\"channel\":\"#general\"}");
      guest.expectError("AUTH_REQUIRED");
      guest.send("{\"type\":\"IDENTIFY\",\"name\":\"again\"}");
      assertThat(error(guest, "INVALID_MSG")).isEqualTo("Captcha already pending");
      answer(guest, asked, solve(asked.get("question").stringValue()));
      assertThat(guest.expect("WELCOME").get("name").stringValue()).isEqualTo("guest");
    }
  }

  @Test
  void keyIsProvedFirstAndWelcomeDoesNotSayThatItIsNotVerified() throws Exception {
    try (TestRelay relay = new TestRelay(rules(1, FailAction.DISCONNECT))) {
      Peer peer = relay.challenged(alice);
      JsonNode asked = peer.expect("CAPTCHA_CHALLENGE");
      answer(peer, asked, " " + solve(asked.get("question").stringValue()) + " ");
      JsonNode welcome = peer.expect("WELCOME");
      assertThat(welcome.get("agent_id").stringValue()).isEqualTo(alice.id().toString());
      assertThat(welcome.has("verified")).isFalse();
    }
  }

  @Test
  void wrongAnswersAreCounted() throws Exception {
    try (TestRelay relay = new TestRelay(rules(2, FailAction.DISCONNECT))) {
      Peer guest = relay.guest("guest");
      JsonNode asked = guest.expect("CAPTCHA_CHALLENGE");
      answer(guest, asked, "zzz");
      assertThat(error(guest, "CAPTCHA_FAILED")).isEqualTo("Wrong answer. 1 attempt(s) remaining.");
      answer(guest, asked, "zzz");
      assertThat(error(guest, "CAPTCHA_FAILED")).isEqualTo("Captcha failed");
      assertThat(guest.expectClose()).isEqualTo("1000 Captcha failed");
    }
  }

  @Test
  void whoFailsMayListenWhereThatIsTheRule() throws Exception {
    try (TestRelay relay = new TestRelay(rules(1, FailAction.SHADOW_LURK))) {
      Peer peer = relay.challenged(alice);
      answer(peer, peer.expect("CAPTCHA_CHALLENGE"), "zzz");
      JsonNode welcome = peer.expect("WELCOME");
      assertThat(welcome.get("agent_id").stringValue()).matches("@[a-z0-9]{8}");
      assertThat(welcome.get("lurk").booleanValue()).isTrue();
      assertThat(welcome.has("lurk_until")).isFalse();
      peer.send("{\"type\":\"JOIN\",\"channel\":\"#general\"}");
      peer.expect("JOINED");
      peer.send("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"x\"}");
      assertThat(error(peer, "LURK_MODE"))
          .isEqualTo("Persistent identity required to send messages");
    }
  }

  @Test
  void lateAnswerEndsTheConnection() throws Exception {
    try (TestRelay relay = new TestRelay(rules(1, FailAction.DISCONNECT))) {
      Peer guest = relay.guest("guest");
      guest.expect("CAPTCHA_CHALLENGE");
      relay.skip(30_001);
      assertThat(error(guest, "CAPTCHA_EXPIRED")).isEqualTo("Captcha expired");
      assertThat(guest.expectClose()).isEqualTo("1000 Captcha expired");
    }
  }

  @Test
  void questionsOfOthersAreNotAnswered() throws Exception {
    try (TestRelay relay = new TestRelay(rules(1, FailAction.DISCONNECT))) {
      Peer guest = relay.guest("guest");
      JsonNode asked = guest.expect("CAPTCHA_CHALLENGE");
      Peer other = relay.guest("other");
      other.expect("CAPTCHA_CHALLENGE");
      answer(other, asked, solve(asked.get("question").stringValue()));
      assertThat(error(other, "INVALID_MSG"))
          .isEqualTo("Captcha belongs to a different connection");
      other.send("{\"type\":\"CAPTCHA_RESPONSE\",\"captcha_id\":\"captcha_x\",\"answer\":\"1\"}");
      assertThat(error(other, "CAPTCHA_EXPIRED")).isEqualTo("Captcha not found or expired");
    }
  }

  @Test
  void verifiedAgentIsNotAsked() throws Exception {
    try (TestRelay relay = new TestRelay(rules(1, FailAction.DISCONNECT).withGenesis(alice.id()))) {
      assertThat(relay.challenged(alice).expect("WELCOME").get("verified").booleanValue()).isTrue();
    }
  }

  @Test
  void verifiedAgentIsAskedWhereThatIsTheRule() throws Exception {
    CaptchaRules everybody =
        new CaptchaRules(Duration.ofSeconds(30), 1, Difficulty.HARD, false, FailAction.DISCONNECT);
    try (TestRelay relay =
        new TestRelay(AccessRules.defaults().with(everybody).withGenesis(alice.id()))) {
      Peer peer = relay.challenged(alice);
      JsonNode asked = peer.expect("CAPTCHA_CHALLENGE");
      answer(peer, asked, solve(asked.get("question").stringValue()));
      assertThat(peer.expect("WELCOME").get("verified").booleanValue()).isTrue();
    }
  }

  @Test
  void everyQuestionHasTheAnswerThatAReaderGives() {
    for (Difficulty difficulty : Difficulty.values()) {
      Random random = new Random(6);
      for (int i = 0; i < 2_000; i++) {
        CaptchaQuestion question = CaptchaQuestion.any(random, difficulty);
        assertThat(question.isAnsweredBy(solve(question.question())))
            .as(question.toString())
            .isTrue();
        assertThat(question.isAnsweredBy("zzz")).isFalse();
        assertThat(question.isAnsweredBy("")).isFalse();
      }
    }
  }

  @Test
  void numbersAreTheSameInEveryForm() {
    CaptchaQuestion ten = new CaptchaQuestion("", "", "10", List.of());
    assertThat(ten.isAnsweredBy("10.0")).isTrue();
    assertThat(ten.isAnsweredBy(" +10 ")).isTrue();
    assertThat(ten.isAnsweredBy("1e1")).isFalse();
    assertThat(ten.isAnsweredBy("10.1")).isFalse();
    assertThat(ten.isAnsweredBy("NaN")).isFalse();
    assertThat(ten.isAnsweredBy("9".repeat(256))).isFalse();
  }

  static void answer(Peer peer, JsonNode asked, String answer) {
    peer.send(
        "{\"type\":\"CAPTCHA_RESPONSE\",\"captcha_id\":\"%s\",\"answer\":%s}"
            .formatted(asked.get("captcha_id").stringValue(), Json.text(answer)));
  }

  static String solve(String question) {
    Matcher term = TERM.matcher(question);
    if (term.find()) {
      int a = Integer.parseInt(term.group(1));
      int b = Integer.parseInt(term.group(3));
      return Integer.toString(
          switch (term.group(2)) {
            case "+" -> a + b;
            case "-" -> a - b;
            default -> a * b;
          });
    }
    Matcher quoted = QUOTED.matcher(question);
    String word = quoted.find() ? quoted.group(1) : "";
    if (question.contains("reverse")) {
      return new StringBuilder(word).reverse().toString();
    } else if (question.contains("vowels")) {
      return Long.toString(word.chars().filter(c -> "aeiou".indexOf(c) >= 0).count());
    } else if (question.contains("How many")) {
      return Integer.toString(word.length());
    } else if (question.contains("first letter")) {
      return word.substring(0, 1).toUpperCase(Locale.ROOT);
    } else if (question.contains("last letter")) {
      return word.substring(word.length() - 1);
    } else if (question.contains("uppercase")) {
      return word.toUpperCase(Locale.ROOT);
    } else if (question.contains("2, 4, 6, 8")) {
      return "10";
    } else if (question.contains("1, 3, 5, 7")) {
      return "9";
    } else if (question.contains("Is 17")) {
      return "Yes";
    } else if (question.contains("Is 15")) {
      return "false";
    } else if (question.contains("third item")) {
      return "Cherry";
    } else if (question.contains("channel names")) {
      return "#";
    } else if (question.contains("agent IDs")) {
      return "at sign";
    } else if (question.contains("protocol is this")) {
      return "AgentChat";
    } else if (question.contains("message type")) {
      return "identify";
    }
    throw new AssertionError("a question that nobody knows: " + question);
  }
}
