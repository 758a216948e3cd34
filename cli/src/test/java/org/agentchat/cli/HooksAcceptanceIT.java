package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Hooks through the front door: real processes, a real log, a receiver on this machine.
@Timeout(600)
final class HooksAcceptanceIT {
  private static final List<String> DEAL =
      List.of(
          "proposal:opened",
          "proposal:accepted",
          "escrow:created",
          "settlement:completion",
          "receipt:issued");

  private static final Pattern HEALTH = Pattern.compile("health at (http://\\S+)");

  @TempDir private Path home;

  @BeforeEach
  void writeSecret() throws IOException {
    Files.writeString(home.resolve("secret"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
  }

  private Path file(HookReceiver receiver) throws IOException {
    return Files.writeString(
        home.resolve("hooks.yaml"),
        """
        version: 1
        listen: 127.0.0.1:0
        hooks:
          - name: billing
            webhook:
              url: %s
              secrets: {file: secret}
              allow-private: true
            retries: [100ms, 100ms]
            from: beginning
          - name: archive
            exec:
              command: [/bin/sh, -c, 'cat >> archive.jsonl']
              directory: .
            events: receipt:issued
            from: beginning
        """
            .formatted(receiver.url()));
  }

  private static void until(Callable<Boolean> wanted) {
    await().atMost(ServeProcess.PATIENCE).pollInterval(Duration.ofMillis(50)).until(wanted);
  }

  private static void deal(ServeProcess serve) {
    try (Player alice = Player.connect("alice", serve.relay());
        Player bob = Player.connect("bob", serve.relay())) {
      String deal = alice.offers(bob, "review the parser", "12.5", 5);
      bob.accepts(deal, 3);
      bob.completes(deal);
    }
  }

  private JsonNode list() {
    Ran ran = Ran.command("hooks", "list", "--home", home, "--json");
    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
    return Json.parse(ran.out());
  }

  private JsonNode hook(String name) {
    for (JsonNode hook : list().path("hooks")) {
      if (hook.path("name").asString().equals(name)) {
        return hook;
      }
    }
    throw new AssertionError("no hook " + name);
  }

  @Test
  void hooksInOneProcessFromTheFirstDealToTheRevivedDeadLetter() throws Exception {
    HookReceiver receiver = HookReceiver.start();
    Path file = file(receiver);
    try (ServeProcess serve = ServeProcess.start(home, "--unmetered", "--hooks", file.toString())) {
      assertThat(serve.out()).contains("hooks ready: billing, archive");
      deal(serve);
      until(() -> receiver.events().containsAll(DEAL));
      assertThat(receiver.events()).containsExactlyElementsOf(DEAL);
      until(() -> Files.exists(home.resolve("archive.jsonl")));
      assertThat(Files.readString(home.resolve("archive.jsonl")))
          .contains("\"event\":\"receipt:issued\"");
      until(() -> hook("billing").path("done").asLong() == DEAL.size());
      until(() -> health(serve).path("status").asString().equals("healthy"));

      receiver.close();
      deal(serve);
      until(() -> hook("billing").path("dead").asLong() == DEAL.size());
      Ran dead = Ran.command("hooks", "dead", "--home", home, "--hook", "billing");
      assertThat(dead.exit()).isEqualTo(Exit.OK);
      assertThat(dead.out())
          .contains(
              "receipt:issued of prop_", "given up after 3 attempts", "no delivery to http://")
          .doesNotContain("whsec_");
      assertThat(Ran.command("hooks", "list", "--home", home).out())
          .contains("billing", "archive", "The reactor was seen", "'agentchat hooks dead' says");

      try (HookReceiver again = HookReceiver.startAt(receiver.port())) {
        Ran test = Ran.command("hooks", "test", "billing", "--home", home);
        assertThat(test.exit()).as(test.toString()).isEqualTo(Exit.OK);
        assertThat(test.out()).startsWith("It works: HTTP 204 from http://127.0.0.1");
        Ran retried = Ran.command("hooks", "retry", "--all", "--home", home);
        assertThat(retried.out()).contains("5 intent(s) are tried again.");
        until(() -> hook("billing").path("open").asLong() == 0);
        assertThat(hook("billing").path("dead").asLong()).isZero();
        assertThat(again.events()).containsAll(DEAL).hasSize(DEAL.size() + 1);
      }
      assertThat(serve.signal("TERM")).as(serve.toString()).isEqualTo(143);
      assertThat(serve.err()).doesNotContain("whsec_", "Exception");
    }
    Ran later = Ran.command("hooks", "list", "--home", home);
    assertThat(later.exit()).isEqualTo(Exit.OK);
  }

  private static JsonNode health(ServeProcess serve) throws IOException {
    Matcher found = HEALTH.matcher(serve.out());
    assertThat(found.find()).isTrue();
    try (InputStream in = URI.create(found.group(1)).toURL().openStream()) {
      return Json.parse(in.readAllBytes());
    }
  }

  @Test
  void hooksBesideAServerOutliveItsRestartsAndTheirOwn() throws Exception {
    try (HookReceiver receiver = HookReceiver.start()) {
      file(receiver);
      List<String> command = List.of("serve", "hooks", "--home", home.toString());
      ServeProcess serve = ServeProcess.start(home, "--unmetered");
      ServeProcess hooks = ServeProcess.child(AgentChat.class, command).awaitReady();
      try {
        deal(serve);
        until(() -> receiver.events().size() == DEAL.size());

        hooks.kill();
        deal(serve);
        hooks.close();
        hooks = ServeProcess.child(AgentChat.class, command).awaitReady();
        until(() -> receiver.events().size() == 2 * DEAL.size());

        assertThat(serve.signal("TERM")).isEqualTo(143);
        serve.close();
        serve = ServeProcess.start(home, "--unmetered");
        deal(serve);
        until(() -> receiver.events().size() == 3 * DEAL.size());
        assertThat(receiver.deliveries()).isEqualTo(3 * DEAL.size());
        assertThat(hooks.signal("TERM")).as(hooks.toString()).isEqualTo(143);
        assertThat(hooks.out()).endsWith("stopping%n".formatted());
      } finally {
        hooks.close();
        serve.close();
      }
    }
  }
}
