package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What nobody should send, sent to the real thing. Each time the documented error comes, the log
/// grows by nothing that was not answered, and the deal that stood before still stands.
@Timeout(180)
final class ProtocolAbuseAcceptanceIT {
  private static final Identity MALLORY = Player.identity("mallory");

  @TempDir private static Path home;

  private static ServeProcess serve;
  private static Player alice;
  private static Player bob;
  private static String deal;
  private static long size;

  @BeforeAll
  static void begin() {
    serve = ServeProcess.start(home, "--unmetered");
    alice = Player.connect("alice", serve.relay());
    bob = Player.connect("bob", serve.relay());
    deal = alice.offers(bob, "review the parser", "12.5", 20);
    bob.accepts(deal, 10);
    size = serve.relaySize();
  }

  @AfterEach
  void nothingWasRecordedAndTheDealStands() {
    assertThat(serve.relaySize()).isEqualTo(size);
    assertThat(alice.client().ping().orThrow()).isPositive();
    assertThat(bob.client().ping().orThrow()).isPositive();
    serve.awaitLedger(size);
    assertThat(serve.api().stats().path("proposals").path("accepted").asInt()).isEqualTo(1);
  }

  @AfterAll
  static void dealEndsAsIfNothingHadBeen() {
    try (ServeProcess _ = serve;
        Player one = alice;
        Player other = bob) {
      other.completes(deal);
      serve.awaitLedger(size + 1);
      assertThat(serve.api().receipts()).hasSize(1);
      assertThat(serve.api().agent(one.id()).orElseThrow().path("staked").asInt()).isZero();
      assertThat(Ran.command("audit", serve.ledger()).exit()).isEqualTo(Exit.OK);
      assertThat(serve.complaints()).as("garbage is nothing to be logged").isEmpty();
    }
  }

  @Test
  void garbageIsInvalidAndTheSocketStaysOpen() {
    try (RawSocket socket = new RawSocket(serve.relay())) {
      for (String garbage :
          List.of(
              "not json",
              "",
              "null",
              "[]",
              "{\"type\":7}",
              "{\"type\":\"NOPE\"}",
              "{\"type\":\"PING\",\"type\":\"PING\"}",
              "[".repeat(10_000),
              "{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"\\ud800\"}",
              "\u0000")) {
        socket.send(garbage);
        assertThat(socket.expectError()).as(garbage).startsWith("INVALID_MSG: ");
      }
      socket.send("{\"type\":\"PING\"}");
      socket.expect("PONG");
    }
  }

  @Test
  void oversizedFrameClosesItsSocketOnly() {
    try (RawSocket socket = new RawSocket(serve.relay())) {
      socket.sendWithoutWaiting("x".repeat(ClientMessageCodec.MAX_FRAME + 1));
      // The close frame may be lost when the client is still sending as the socket closes.
      assertThat(socket.awaitClose()).isIn(1009, 1006);
    }
  }

  @Test
  void wrongSignatureIsRefused() {
    try (RawSocket socket = mallory()) {
      Statement offer = offer();
      socket.state(Player.identity("somebody"), new Scheme.Joined(), offer);
      assertThat(socket.expectError()).isEqualTo("VERIFICATION_FAILED: Invalid signature");
      SignedStatement signed = SignedStatement.sign(MALLORY, bound("0123456789abcdef"), offer);
      socket.send(Json.text(ClientMessageCodec.encode(signed)).replace("a task", "b task"));
      assertThat(socket.expectError()).isEqualTo("VERIFICATION_FAILED: Invalid signature");
      socket.state(
          Player.identity("alice"), bound("0123456789abcdeg"), new Statement.Complete(deal, null));
      assertThat(socket.expectError()).isEqualTo("VERIFICATION_FAILED: Invalid signature");
    }
  }

  @Test
  void unknownProposalIsNotFound() {
    try (RawSocket socket = mallory()) {
      String unknown = "prop_" + "a".repeat(26);
      socket.state(MALLORY, new Scheme.Joined(), new Statement.Accept(unknown, null, null));
      assertThat(socket.expectError()).isEqualTo("PROPOSAL_NOT_FOUND: Proposal not found");
      socket.state(MALLORY, bound("0123456789abcdeh"), new Statement.Complete(unknown, null));
      assertThat(socket.expectError()).isEqualTo("INVALID_PROPOSAL: PROPOSAL_NOT_FOUND");
    }
  }

  @Test
  void strangerEndsNobodysDeal() {
    try (RawSocket socket = mallory()) {
      for (Statement statement :
          List.of(new Statement.Complete(deal, "mine"), new Statement.Dispute(deal, "mine"))) {
        socket.state(MALLORY, new Scheme.Joined(), statement);
        assertThat(socket.expectError()).isEqualTo("INVALID_PROPOSAL: NOT_PROPOSAL_PARTY");
      }
      socket.state(MALLORY, new Scheme.Joined(), new Statement.Accept(deal, null, null));
      assertThat(socket.expectError()).isEqualTo("INVALID_PROPOSAL: PROPOSAL_NOT_PENDING");
    }
  }

  @Test
  void replayedStatementIsAnsweredWithItsFirstEntry() {
    try (RawSocket socket = mallory()) {
      SignedStatement signed = socket.state(MALLORY, bound("replayed-nonce-1"), offer());
      long index = socket.expect("PROPOSAL").get("index").longValue();
      size++;
      for (int i = 0; i < 3; i++) {
        socket.send(signed);
        JsonNode error = socket.expect("ERROR");
        assertThat(error.get("code").stringValue()).isEqualTo("STATEMENT_REPEATED");
        assertThat(error.get("index").longValue()).isEqualTo(index);
      }
      SignedStatement other =
          SignedStatement.sign(
              MALLORY, bound("replayed-nonce-1"), new Statement.Reject("prop_x", "same nonce"));
      socket.send(other);
      assertThat(socket.expectError()).startsWith("STATEMENT_REPEATED: ");
    }
    try (RawSocket elsewhere = new RawSocket(serve.relay()).identify(Player.identity("trent"))) {
      SignedStatement stolen = SignedStatement.sign(MALLORY, bound("replayed-nonce-1"), offer());
      elsewhere.send(stolen);
      assertThat(elsewhere.expectError()).isEqualTo("VERIFICATION_FAILED: Invalid signature");
    }
  }

  @Test
  void staleStatementAndOneForAnotherLogAreRefused() {
    try (RawSocket socket = mallory()) {
      long now = System.currentTimeMillis();
      for (long ts : new long[] {now - 900_000, now + 900_000}) {
        socket.state(MALLORY, new Scheme.Bound(serve.origin(), ts, "stale-nonce-0001"), offer());
        assertThat(socket.expectError()).startsWith("STATEMENT_STALE: ");
      }
      socket.state(
          MALLORY, new Scheme.Bound("other.example/log", now, "other-nonce-0001"), offer());
      assertThat(socket.expectError()).startsWith("WRONG_ORIGIN: ");
    }
  }

  @Test
  void statementBeforeAnyProofOfAKeyIsRefused() {
    try (RawSocket socket = new RawSocket(serve.relay())) {
      socket.state(MALLORY, new Scheme.Joined(), offer());
      assertThat(socket.expectError()).isEqualTo("AUTH_REQUIRED: Must IDENTIFY first");
      socket.send("{\"type\":\"IDENTIFY\",\"name\":\"mallory\"}");
      socket.expect("WELCOME");
      socket.state(MALLORY, new Scheme.Joined(), offer());
      assertThat(socket.expectError()).startsWith("SIGNATURE_REQUIRED: ");
    }
  }

  private static RawSocket mallory() {
    return new RawSocket(serve.relay()).identify(MALLORY);
  }

  private static Statement.Proposal offer() {
    return new Statement.Proposal(bob.id(), "a task", null, null, null, null, null, null, null);
  }

  private static Scheme bound(String nonce) {
    return new Scheme.Bound(serve.origin(), System.currentTimeMillis(), nonce);
  }
}
