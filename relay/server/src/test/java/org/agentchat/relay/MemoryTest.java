package org.agentchat.relay;

import static org.agentchat.relay.ChatHarness.heardUntilNow;
import static org.agentchat.relay.ChatHarness.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What all connections together may make the process hold.
@Timeout(120)
final class MemoryTest {
  private static final ChatRules PUSHY =
      ChatRules.defaults()
          .with(new ChatRules.DirectRules(true, Duration.ZERO, Duration.ofMillis(1), 1_000_000));

  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);
  private final Identity carol = identity("carol", 3);
  private ChatHarness relay;

  /// Room for one frame of each kind.
  private static RelayLimits limits(long outgoing) {
    return RelayLimits.defaults()
        .unmetered()
        .with(
            new RelayLimits.Memory(
                IncomingRoom.SMALL, IncomingRoom.MEDIUM, ClientMessageCodec.MAX_FRAME, outgoing));
  }

  @AfterEach
  void stop() {
    if (relay != null) {
      relay.close();
    }
  }

  @Test
  void frameForWhichThereIsNoRoomIsReadWhenThereIs() throws Exception {
    relay = new ChatHarness(PUSHY, limits(1L << 30));
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    Peer c = relay.online(carol);
    a.sendPart("{\"type\":\"PING\",\"x\":\"" + "x".repeat(100_000), false);
    // The relay has read that much: what is sent behind it was answered.
    assertThat(heardUntilNow(c)).hasSize(1);
    await().atMost(Peer.PATIENCE).until(() -> relay.stalled(alice));
    b.send("{\"type\":\"PING\",\"x\":\"" + "x".repeat(100_000) + "\"}");
    assertThat(b.poll(Duration.ofMillis(300))).isNull();
    assertThat(heardUntilNow(c)).as("small frames go on").hasSize(1);
    a.sendPart("\"}", true);
    a.expect("PONG");
    b.expect("PONG");
    assertThat(heardUntilNow(b)).hasSize(1);
  }

  @Test
  void roomOfAPeerThatHasGoneIsGivenBack() throws Exception {
    relay = new ChatHarness(PUSHY, limits(1L << 30));
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    a.sendPart("x".repeat(100_000), false);
    await().atMost(Peer.PATIENCE).until(() -> relay.stalled(alice));
    b.send("{\"type\":\"PING\",\"x\":\"" + "x".repeat(100_000) + "\"}");
    a.close();
    b.expect("PONG");
  }

  @Test
  void largeFrameThatIsNotWholeWithinAMinuteEndsTheConnection() throws Exception {
    relay = new ChatHarness(PUSHY, limits(1L << 30));
    Peer a = relay.online(alice);
    a.sendPart("x".repeat(100_000), false);
    await().atMost(Peer.PATIENCE).until(() -> relay.stalled(alice));
    relay.skip(Duration.ofSeconds(61));
    await().atMost(Peer.PATIENCE).until(() -> a.closeCode() == 1008);
    assertThat(a.closeReason()).isEqualTo("Frame not whole within a minute");
  }

  @Test
  void hundredsOfFramesOfAllSizesGoThroughLittleRoom() throws Exception {
    relay = new ChatHarness(PUSHY, limits(1L << 30));
    List<Peer> peers = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      peers.add(relay.online(identity("agent-" + i, i)));
    }
    for (int round = 0; round < 5; round++) {
      for (int size : List.of(10, 5_000, 70_000, 1_000_000, 3_000)) {
        for (Peer peer : peers) {
          peer.send("{\"type\":\"PING\",\"x\":\"" + "x".repeat(size) + "\"}");
        }
      }
    }
    for (Peer peer : peers) {
      for (int i = 0; i < 25; i++) {
        peer.expect("PONG");
      }
    }
  }

  @Test
  void whoIsFurthestBehindIsCutOffWhenTooMuchWaitsForAll() throws Exception {
    relay = new ChatHarness(PUSHY, limits(3_000_000));
    Peer a = relay.online(alice);
    ChatHarness.join(a, "#general");
    try (DeafPeer deaf = relay.deaf("#general")) {
      a.send("{\"type\":\"LIST_AGENTS\",\"channel\":\"#general\"}");
      String id = a.expect("AGENTS").get("list").get(1).get("id").stringValue();
      String chunk =
          "{\"type\":\"FILE_CHUNK\",\"to\":\"%s\",\"content\":\"%s\"}"
              .formatted(id, "x".repeat(1_000_000));
      await()
          .atMost(Peer.PATIENCE)
          .until(() -> {
            a.send(chunk);
            return heardUntilNow(a).toString().contains("AGENT_NOT_FOUND");
          });
      await().atMost(Peer.PATIENCE).until(deaf::isCut);
    }
    assertThat(heardUntilNow(a)).hasSize(1);
  }

  @Test
  void frameForManyCountsOnce() {
    OutgoingRoom room = new OutgoingRoom(1_000, List.of());
    OutgoingFrame frame = OutgoingFrame.text(new byte[500]);
    for (int i = 0; i < 10; i++) {
      room.hold(frame);
    }
    assertThat(room.used()).isBetween(500L, 999L);
    for (int i = 0; i < 10; i++) {
      room.letGo(frame);
    }
    assertThat(room.used()).isZero();
  }

  @Test
  void whoWaitsForRoomGetsItInTurn() {
    ByteBudget budget = new ByteBudget(10);
    List<String> granted = new ArrayList<>();
    assertThat(budget.take(8, () -> {})).isTrue();
    assertThat(budget.take(5, () -> granted.add("first"))).isFalse();
    assertThat(budget.take(1, () -> granted.add("second"))).isFalse();
    assertThat(granted).isEmpty();
    budget.release(4);
    assertThat(granted).containsExactly("first", "second");
    assertThat(budget.used()).isEqualTo(10);
  }

  /// Once all but the frame in hand was dropped when the Close was read.
  @Test
  void whatWasSentBeforeALeaveIsHeard() throws Exception {
    relay = new ChatHarness(ChatRules.defaults(), limits(1L << 30));
    Peer a = relay.in(alice, "#general");
    List<String> frames = new ArrayList<>();
    frames.add("{\"type\":\"IDENTIFY\",\"name\":\"passer-by\"}");
    frames.add("{\"type\":\"JOIN\",\"channel\":\"#general\"}");
    for (int i = 0; i < 30; i++) {
      frames.add("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"word " + i + "\"}");
    }
    relay.sayAndLeave(frames);
    for (int i = 0; i < 30; i++) {
      ChatHarness.content(a, "word " + i);
    }
    a.expect("AGENT_LEFT");
  }

  /// Once the socket stayed open, counted, with no thread behind it.
  @Test
  void errorEndsTheConnectionThatItHappenedOn() throws Exception {
    MemoryLog log = new MemoryLog();
    RelaySettings settings = RelaySettings.of("127.0.0.1", 0, "test-relay", "test.example/log");
    try (Relay running = Relay.start(settings, log, new VerifiedEvents());
        Peer a = Peer.identified(running.url(), alice);
        Peer b = Peer.identified(running.url(), bob)) {
      log.spoil(new StackOverflowError("a test"));
      a.state(
          alice,
          new Scheme.Joined(),
          new Statement.Proposal(bob.id(), "work", null, null, null, null, null, null, null));
      await().atMost(Peer.PATIENCE).until(() -> a.closeCode() == 1011);
      assertThat(heardUntilNow(b)).hasSize(1);
    }
  }
}
