package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What an agent is told of the log when it comes back.
final class BacklogTest {
  private static final String ORIGIN = "test.example/log";

  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);
  private final MemoryLog log = new MemoryLog();
  private final List<Peer> peers = new ArrayList<>();
  @TempDir private Path folder;
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    relay = relay("relay-1", folder);
  }

  private Relay relay(String name, Path home) throws Exception {
    RelaySettings settings = RelaySettings.of("127.0.0.1", 0, name, ORIGIN).keptIn(home);
    return Relay.start(settings, log, new VerifiedEvents(), System::currentTimeMillis);
  }

  @AfterEach
  void stop() {
    peers.forEach(Peer::close);
    relay.close();
  }

  @Test
  void agentThatWasAwayHearsWhatItMissedInOrderAndOnce() {
    leave(online(bob));
    Peer offering = online(alice);
    List<String> ids = List.of(offer(offering, "one"), offer(offering, "two"));

    Peer back = online(bob);
    assertThat(heard(back)).containsExactlyElementsOf(ids);
    leave(back);
    String third = offer(offering, "three");
    Peer again = online(bob);
    String fourth = offer(offering, "four");
    assertThat(again.expect("PROPOSAL").get("id").stringValue()).isEqualTo(third);
    assertThat(again.expect("PROPOSAL").get("id").stringValue()).isEqualTo(fourth);
    assertThat(heard(again)).isEmpty();
  }

  @Test
  void whatArrivedBeforeACutIsNotToldAgain() {
    Peer listening = online(bob);
    Peer offering = online(alice);
    String first = offer(offering, "one");
    assertThat(listening.expect("PROPOSAL").get("id").stringValue()).isEqualTo(first);
    awaitHeard(bob, 1);
    listening.close();
    String second = offer(offering, "two");

    assertThat(heard(online(bob))).containsExactly(second);
  }

  @Test
  void agentMayAskForTheLogSinceAnIndexOfItsOwn() {
    Peer offering = online(alice);
    Peer listening = online(bob);
    List<String> ids =
        List.of(offer(offering, "one"), offer(offering, "two"), offer(offering, "three"));
    assertThat(heard(listening)).isEqualTo(ids);

    listening.send("{\"type\":\"RESUME\",\"since\":1,\"client_msg_id\":\"r\"}");
    List<String> again = heard(listening, "RESUMED");
    assertThat(again).isEqualTo(ids.subList(1, 3));
    listening.send("{\"type\":\"RESUME\",\"since\":-2}");
    listening.expectError("INVALID_MSG");

    Peer elsewhere = connect();
    elsewhere.send(identify(bob, "\"since\":2"));
    elsewhere.prove(elsewhere.expect("CHALLENGE"), bob);
    elsewhere.expect("WELCOME");
    JsonNode proposal = elsewhere.expect("PROPOSAL");
    assertThat(proposal.get("index").longValue()).isEqualTo(3);
    JsonNode resumed = elsewhere.expect("RESUMED");
    assertThat(resumed.get("since").longValue()).isEqualTo(2);
    assertThat(resumed.get("up_to").longValue()).isEqualTo(3);
    assertThat(resumed.get("complete").booleanValue()).isTrue();
  }

  @Test
  void whoSkipsSomethingIsToldItTheNextTime() {
    leave(online(bob));
    Peer offering = online(alice);
    String missed = offer(offering, "one");
    Peer once = connect();
    once.send(identify(bob, "\"since\":9007199254740991"));
    once.prove(once.expect("CHALLENGE"), bob);
    once.expect("RESUMED");
    String answered = offer(offering, "two");
    assertThat(once.expect("PROPOSAL").get("id").stringValue()).isEqualTo(answered);
    leave(once);

    assertThat(heard(online(bob))).containsExactly(missed, answered);
  }

  @Test
  void positionsAndFramesSurviveARestart() throws Exception {
    Peer offering = online(alice);
    Peer listening = online(bob);
    String first = offer(offering, "one");
    assertThat(heard(listening)).containsExactly(first);
    leave(listening);
    awaitHeard(bob, 1);
    String second = offer(offering, "two");
    stop();
    relay = relay("relay-1", folder);

    Peer back = online(bob);
    assertThat(heard(back)).containsExactly(second);
    back.send("{\"type\":\"RESUME\",\"since\":-1}");
    assertThat(heard(back, "RESUMED")).containsExactly(first, second);
  }

  @Test
  void anotherRelayOfTheLogStartsAtItsEnd(@TempDir Path other) throws Exception {
    offerWhileBobListens();
    stop();
    relay = relay("relay-2", other);

    assertThat(heard(online(bob))).isEmpty();
  }

  @Test
  void positionsOfAnotherLogOrOfNobodyAreNotUsed() throws Exception {
    Files.writeString(folder.resolve("positions"), "positions/1 other.example/log 900\n@x 7\n");
    Positions other = positions(12);
    assertThat(other.of(AgentId.of("@x"))).isEqualTo(11);
    other.heard(AgentId.of("@x"), 14);
    other.write();
    Files.writeString(
        folder.resolve("positions"), Files.readString(folder.resolve("positions")) + "@x 1");

    Positions torn = positions(20);
    assertThat(torn.of(AgentId.of("@x"))).isEqualTo(1);
    assertThat(torn.of(AgentId.of("@y"))).isEqualTo(11);
    assertThat(positions(5).of(AgentId.of("@y"))).isEqualTo(4);
  }

  private Positions positions(long size) throws IOException {
    return Positions.open(
        Optional.of(folder), ORIGIN, size, agent -> !agent.equals(AgentId.of("@nobody")));
  }

  /// Anybody can make keys and connect with them.
  @Test
  void agentThatTheLogHasNothingForIsNotRemembered() throws Exception {
    Positions positions = positions(12);
    long before = positions.of(AgentId.of("@nobody"));
    positions.heard(AgentId.of("@x"), 14);
    positions.heard(AgentId.of("@nobody"), 14);
    positions.write();
    assertThat(positions.of(AgentId.of("@nobody"))).isEqualTo(before);
    assertThat(Files.readString(folder.resolve("positions")))
        .contains("@x")
        .doesNotContain("nobody");
  }

  @Test
  void damagedPositionsArePutAside() throws Exception {
    Path file = folder.resolve("positions");
    Files.write(file, new byte[] {(byte) 0xff, 1, 2, 3});
    assertThat(positions(12).of(AgentId.of("@x"))).isEqualTo(11);
    assertThat(folder.resolve("positions.damaged"))
        .hasBinaryContent(new byte[] {(byte) 0xff, 1, 2, 3});
    assertThat(file).exists();
  }

  /// Agents come and go while entries come in; what each hears is compared with all that was said.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyAgentHearsEverythingInOrderAndNothingTwice(long seed) throws Exception {
    Random random = new Random(seed);
    Backlog backlog = new Backlog(Spool.open(Optional.empty()));
    List<AgentId> agents = List.of(alice.id(), bob.id());
    Map<AgentId, List<Long>> said = new HashMap<>();
    Map<AgentId, Ear> ears = new HashMap<>();
    Map<AgentId, List<Long>> heard = new HashMap<>();
    for (long index = 0; index < 1_000; index++) {
      AgentId agent = agents.get(random.nextInt(2));
      Ear ear = ears.get(agent);
      switch (random.nextInt(20)) {
        case 0 -> {
          if (ear == null) {
            List<Long> before = heard.computeIfAbsent(agent, _ -> new ArrayList<>());
            Ear next = new Ear(before);
            ears.put(agent, next);
            backlog.attach(agent, next, next.heardUpTo());
          } else {
            backlog.detach(agent, ear);
            ears.remove(agent);
          }
        }
        default -> {
          boolean both = random.nextBoolean();
          AgentId other = agents.get(agent.equals(alice.id()) ? 1 : 0);
          for (int frames = 1 + random.nextInt(2); frames > 0; frames--) {
            said.computeIfAbsent(agent, _ -> new ArrayList<>()).add(index);
            if (both) {
              said.computeIfAbsent(other, _ -> new ArrayList<>()).add(index);
            }
            byte[] frame = ByteBuffer.allocate(Long.BYTES).putLong(index).array();
            backlog.add(both ? List.of(agent, other) : List.of(agent), index, frame);
          }
          backlog.entryEnded(index);
        }
      }
    }
    for (AgentId agent : agents) {
      List<Long> all = heard.computeIfAbsent(agent, _ -> new ArrayList<>());
      if (!ears.containsKey(agent)) {
        Ear last = new Ear(all);
        backlog.attach(agent, last, last.heardUpTo());
      }
      assertThat(all).as("seed %d", seed).isEqualTo(said.get(agent));
    }
  }

  /// Once it took its successor's place for good, which then heard nothing.
  @Test
  void connectionThatWasDisplacedWhileItCameInDoesNotListen() throws Exception {
    Backlog backlog = new Backlog(Spool.open(Optional.empty()));
    Ear successor = new Ear(new ArrayList<>());
    backlog.attach(alice.id(), successor, -1);
    Ear displaced = new Ear(new ArrayList<>(), true);
    backlog.attach(alice.id(), displaced, -1);
    backlog.detach(alice.id(), displaced);
    backlog.add(List.of(alice.id()), 0, ByteBuffer.allocate(Long.BYTES).array());
    assertThat(successor.heard()).hasSize(1);
    assertThat(displaced.heard()).isEmpty();
  }

  private record Ear(List<Long> heard, boolean isShut) implements Backlog.Listener {
    Ear(List<Long> heard) {
      this(heard, false);
    }

    @Override
    public void tell(byte[] utf8) {
      heard.add(ByteBuffer.wrap(utf8).getLong());
    }

    @Override
    public void toldUpTo(long index) {}

    @Override
    public boolean awaitRoom() {
      return true;
    }

    long heardUpTo() {
      return heard.isEmpty() ? -1 : heard.getLast();
    }
  }

  private void offerWhileBobListens() {
    Peer listening = online(bob);
    offer(online(alice), "one");
    listening.expect("PROPOSAL");
  }

  private String offer(Peer peer, String task) {
    Statement.Proposal proposal =
        new Statement.Proposal(bob.id(), task, null, null, null, null, null, null, null);
    peer.state(alice, new Scheme.Joined(), proposal);
    return peer.expect("PROPOSAL").get("id").stringValue();
  }

  /// The proposals that have come; those that were on their way come before the PONG.
  private static List<String> heard(Peer peer) {
    peer.send("{\"type\":\"PING\"}");
    return heard(peer, "PONG");
  }

  private static List<String> heard(Peer peer, String end) {
    List<String> ids = new ArrayList<>();
    peer.expect(
        frame -> {
          if (frame.get("type").stringValue().equals("PROPOSAL")) {
            ids.add(frame.get("id").stringValue());
          }
          return frame.get("type").stringValue().equals(end);
        },
        end);
    return ids;
  }

  /// Waits until the relay has noted how far the agent has heard the log: it asks by pings between
  /// the frames, and again by and by.
  private void awaitHeard(Identity agent, long index) {
    String line = agent.id() + " " + index + "\n";
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> Files.readString(folder.resolve("positions")).contains(line));
  }

  /// Closes as a well-behaved client does, and waits until the relay has noticed.
  private static void leave(Peer peer) {
    peer.socket().sendClose(1000, "bye").join();
    await().atMost(Peer.PATIENCE).until(() -> peer.closeCode() == 1000);
  }

  private Peer connect() {
    Peer peer = new Peer(relay.url());
    peers.add(peer);
    return peer;
  }

  private Peer online(Identity identity) {
    Peer peer = Peer.identified(relay.url(), identity);
    peers.add(peer);
    return peer;
  }

  private static String identify(Identity identity, String more) {
    return "{\"type\":\"IDENTIFY\",\"name\":\"%s\",\"pubkey\":%s,%s}"
        .formatted(identity.name(), Json.text(identity.key().pem()), more);
  }

  private static Identity identity(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.ofSeed(name, bytes, Instant.EPOCH);
  }
}
