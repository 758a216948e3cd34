package org.agentchat.schemas.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.Vectors.Captured;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.message.ClientFrame;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.message.MessageSignature;
import org.junit.jupiter.api.Test;

/// What existing clients signed, captured on the wire, verifies here; and nothing else does.
class CapturedSignaturesTest {
  private final Ed25519Verifier verifier = new Ed25519Verifier();

  private record Signed(AgentKey key, ClientMessage message) {}

  @Test
  void statementsVerify() {
    List<SignedStatement> statements = capturedStatements();

    assertThat(statements)
        .hasSizeGreaterThan(20)
        .allMatch(signed -> signed.isValid(verifier), "valid")
        .map(signed -> signed.statement().type())
        .contains("PROPOSAL", "ACCEPT", "REJECT", "COMPLETE", "DISPUTE");
  }

  /// A signature serves for every statement with the same joined text, and for no other.
  @Test
  void signatureOfOneStatementDoesNotServeForAnother() {
    List<SignedStatement> statements = capturedStatements();
    for (SignedStatement signed : statements) {
      for (SignedStatement other : statements) {
        SignedStatement forged =
            new SignedStatement(
                signed.statement(), signed.scheme(), other.key(), other.signature());
        boolean same = signed.statement().joined().equals(other.statement().joined());
        assertThat(forged.isValid(verifier)).isEqualTo(same);
      }
    }
  }

  @Test
  void handshakesVerify() {
    Map<String, String> nonces = new HashMap<>();
    int verified = 0;
    int refused = 0;
    Set<String> failed = failedChallenges();
    for (Captured captured : Vectors.capturedFrames()) {
      if (captured.type().equals("CHALLENGE")) {
        nonces.put(
            captured.frame().path("challenge_id").stringValue(),
            captured.frame().path("nonce").stringValue());
      }
    }
    for (Signed signed : capturedMessages()) {
      if (signed.message() instanceof ClientMessage.VerifyIdentity verify
          && nonces.containsKey(verify.challengeId())) {
        String nonce = nonces.getOrDefault(verify.challengeId(), "");
        String text = ClientMessageCodec.proofText(nonce, verify.challengeId(), verify.timestamp());
        boolean valid =
            verifier.verify(
                signed.key(),
                text.getBytes(StandardCharsets.UTF_8),
                Signature.parseLenient(verify.signature()).orElseThrow());
        assertThat(valid)
            .as(verify.challengeId())
            .isEqualTo(!failed.contains(verify.challengeId()));
        verified += valid ? 1 : 0;
        refused += valid ? 0 : 1;
      }
    }
    assertThat(verified).isGreaterThan(10);
    assertThat(refused).isGreaterThan(0);
  }

  @Test
  void chatMessagesVerifyWithTheTimeThatTheirAuthorSigned() {
    List<Signed> messages =
        capturedMessages().stream()
            .filter(signed ->
                signed.message() instanceof ClientMessage.Msg msg && msg.signature() != null)
            .toList();

    assertThat(messages).isNotEmpty().allSatisfy(this::assertAuthentic);
  }

  private void assertAuthentic(Signed signed) {
    ClientMessage.Msg msg = (ClientMessage.Msg) signed.message();
    assertThat(msg.ts()).isNotNull();
    assertThat(msg.signature()).isNotNull();
    if (msg.ts() != null && msg.signature() != null) {
      Signature signature = Signature.parseLenient(msg.signature()).orElseThrow();
      byte[] bytes = MessageSignature.bytes(msg.to(), msg.content(), msg.ts());
      assertThat(verifier.verify(signed.key(), bytes, signature)).isTrue();
      byte[] other = MessageSignature.bytes(msg.to(), msg.content() + "!", msg.ts());
      assertThat(verifier.verify(signed.key(), other, signature)).isFalse();
    }
  }

  private static Set<String> failedChallenges() {
    Set<String> failed = new HashSet<>();
    String last = "";
    for (Captured captured : Vectors.capturedFrames()) {
      if (captured.type().equals("VERIFY_IDENTITY")) {
        last = captured.frame().path("challenge_id").stringValue();
      }
      if (captured.frame().path("message").asString("").equals("Invalid signature")
          && captured.section().equals("A")) {
        failed.add(last);
      }
    }
    return failed;
  }

  private static List<SignedStatement> capturedStatements() {
    List<SignedStatement> statements = new ArrayList<>();
    for (Signed signed : capturedMessages()) {
      if (signed.message() instanceof ClientMessage.State state) {
        Signature.parseLenient(state.signature())
            .ifPresent(signature ->
                statements.add(
                    new SignedStatement(
                        state.statement(), state.scheme(), signed.key(), signature)));
      }
    }
    return statements;
  }

  /// Every well-formed message of a client with a key, in order, with the key that it had sent.
  private static List<Signed> capturedMessages() {
    Map<String, AgentKey> keys = new HashMap<>();
    List<Signed> messages = new ArrayList<>();
    for (Captured captured : Vectors.capturedFrames()) {
      if (captured.fromClient()
          && ClientMessageCodec.decode(captured.text())
              instanceof ClientFrame.Accepted(ClientMessage message, _)) {
        String who = captured.section().charAt(0) + captured.who();
        if (message instanceof ClientMessage.Identify(_, AgentKey key, _) && key != null) {
          keys.put(who, key);
        }
        Optional.ofNullable(keys.get(who)).ifPresent(key -> messages.add(new Signed(key, message)));
      }
    }
    return messages;
  }
}
