package org.agentchat.relay;

import static org.agentchat.relay.TestRelay.MODERATION;
import static org.agentchat.relay.TestRelay.OPERATION;
import static org.agentchat.relay.TestRelay.identity;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.agentchat.relay.AccessRules.AuditFile;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// An admin bans, kicks and doubts agents that come in, join and speak at the same time, as fast as
/// they can. The admin is in the channels itself, so the relay's answers stand in one row with what
/// it hears: whom it is told to be banned is in no channel and says nothing from that frame on.
final class ModerationRaceTest {
  private static final int AGENTS = 4;
  private static final int ROUNDS = 60;
  private static final List<String> CHANNELS = List.of("#general", "#ops");

  private final ErrorLog errors = new ErrorLog();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<Identity> agents =
      IntStream.rangeClosed(1, AGENTS).mapToObj(i -> identity("agent-" + i, i)).toList();

  /// As `#channel @agent`: who is where, as the admin has heard it.
  private final Set<String> members = new HashSet<>();

  private volatile boolean over;
  private int acts;

  @TempDir private Path home;

  @Test
  void whoIsSentAwayIsNotHeardAgainWhateverIsUnderWay() throws Exception {
    Path audit = home.resolve("audit.jsonl");
    AccessRules rules =
        AccessRules.defaults().with(TestRelay.sharedKeys()).with(AuditFile.at(audit));
    try (TestRelay relay = new TestRelay(rules, new MemoryLog())) {
      Peer admin = relay.agent(identity("admin", 99));
      act(admin, "ADMIN_VERIFY", identity("admin", 99), ",\"verified\":true");
      for (String channel : CHANNELS) {
        ChatHarness.join(admin, channel);
      }
      List<Thread> crowd = agents.stream().map(agent -> start(relay.url(), agent)).toList();
      try {
        moderate(admin);
      } finally {
        over = true;
        for (Thread one : crowd) {
          one.join();
        }
      }
    } finally {
      errors.close();
    }
    assertThat(failures).isEmpty();
    assertThat(errors.errors()).isEmpty();
    assertThat(Files.readString(audit).lines().map(Json::parse))
        .filteredOn(line -> line.get("event").stringValue().startsWith("admin_"))
        .hasSize(acts);
  }

  private Thread start(String url, Identity agent) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            while (!over) {
              visit(url, agent);
            }
          } catch (Throwable e) {
            failures.add(e);
          }
        });
  }

  /// Comes in, joins and speaks until it is sent away or has said enough.
  private static void visit(String url, Identity agent) {
    try (Peer peer = new Peer(url)) {
      peer.send(TestRelay.identify(agent));
      await(peer, f -> Words.type(f).equals("CHALLENGE"))
          .ifPresent(challenge -> peer.prove(challenge, agent));
      for (int i = 0; i < 5 && peer.closeCode() < 0; i++) {
        for (String channel : CHANNELS) {
          peer.send("{\"type\":\"JOIN\",\"channel\":\"" + channel + "\"}");
          ChatHarness.say(peer, channel, "word");
        }
        peer.send("{\"type\":\"PING\"}");
        await(peer, f -> Words.type(f).equals("PONG"));
      }
    } catch (CompletionException _) {
      // Sent away in the middle of a word.
    }
  }

  /// The next such frame, or empty when the connection ended instead.
  private static Optional<JsonNode> await(Peer peer, Predicate<JsonNode> wanted) {
    while (peer.closeCode() < 0) {
      JsonNode frame = peer.poll(Duration.ofMillis(20));
      if (frame != null && wanted.test(frame)) {
        return Optional.of(frame);
      }
    }
    return Optional.empty();
  }

  private void moderate(Peer admin) {
    Random random = new Random(1);
    for (int round = 0; round < ROUNDS; round++) {
      Identity agent = agents.get(random.nextInt(AGENTS));
      String id = agent.id().toString();
      switch (random.nextInt(3)) {
        case 0 -> {
          act(admin, "ADMIN_BAN", agent, "");
          listen(admin, frame -> isOf(frame, id));
          act(admin, "ADMIN_UNBAN", agent, "");
        }
        case 1 -> act(admin, "ADMIN_KICK", agent, "");
        default -> {
          act(admin, "ADMIN_VERIFY", agent, ",\"verified\":true");
          boolean doubted = act(admin, "ADMIN_VERIFY", agent, ",\"verified\":false");
          listen(admin, frame -> doubted && isOf(frame, id) && channel(frame).equals("#ops"));
        }
      }
    }
  }

  /// Does something.
  ///
  /// @return whether it was done
  private boolean act(Peer admin, String type, Identity agent, String fields) {
    String mark = "act-" + acts++;
    admin.send(
        "{\"type\":\"%s\",\"admin_key\":\"%s\",\"agent_id\":\"%s\",\"client_msg_id\":\"%s\"%s}"
            .formatted(
                type,
                type.equals("ADMIN_VERIFY") ? OPERATION : MODERATION,
                agent.id(),
                mark,
                fields));
    return Words.type(hearUntil(admin, mark, _ -> false)).equals("ADMIN_RESULT");
  }

  /// Gives the crowd a while.
  private void listen(Peer admin, Predicate<JsonNode> forbidden) {
    for (int i = 0; i < 3; i++) {
      String mark = "listen-" + acts + "-" + i;
      admin.send("{\"type\":\"PING\",\"client_msg_id\":\"" + mark + "\"}");
      hearUntil(admin, mark, forbidden);
    }
  }

  private JsonNode hearUntil(Peer admin, String mark, Predicate<JsonNode> forbidden) {
    List<JsonNode> heard = new ArrayList<>();
    return admin.expect(
        frame -> {
          heard.add(frame);
          assertThat(forbidden.test(frame)).as("%s after %s", frame, heard).isFalse();
          follow(frame);
          return frame.path("client_msg_id").asString("").equals(mark);
        },
        mark);
  }

  /// Nobody speaks who has not joined, or has left.
  private void follow(JsonNode frame) {
    switch (Words.type(frame)) {
      case "AGENT_JOINED" ->
          assertThat(members.add(where(frame, "agent"))).as("%s", frame).isTrue();
      case "AGENT_LEFT" ->
          assertThat(members.remove(where(frame, "agent"))).as("%s", frame).isTrue();
      case "MSG" -> {
        if (frame.get("content").stringValue().equals("word")) {
          assertThat(members).as("%s", frame).contains(where(frame, "from"));
        }
      }
      default -> {}
    }
  }

  private static String where(JsonNode frame, String who) {
    return channel(frame) + " " + frame.get(who).stringValue();
  }

  private static String channel(JsonNode frame) {
    return frame.path(frame.has("channel") ? "channel" : "to").asString("");
  }

  /// Whether it lets the agent in or speak.
  private static boolean isOf(JsonNode frame, String agent) {
    String type = Words.type(frame);
    return (type.equals("AGENT_JOINED") && frame.path("agent").asString("").equals(agent))
        || (type.equals("MSG") && frame.path("from").asString("").equals(agent));
  }
}
