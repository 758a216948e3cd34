package org.agentchat.schemas.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.agentchat.schemas.Samples;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.Vectors.Captured;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMessageCodecPropertyTest {
  private final Ed25519Verifier verifier = new Ed25519Verifier();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyMessageRoundTrips(long seed) {
    Samples samples = new Samples(seed);
    for (int i = 0; i < 200; i++) {
      for (ClientMessage message : samples.clientMessages()) {
        String text = Json.text(ClientMessageCodec.encode(message));

        assertThat(ClientMessageCodec.decode(text))
            .as("seed %d: %s", seed, text)
            .isEqualTo(new ClientFrame.Accepted(message, null));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4})
  void statementKeepsItsSignatureOverTheWire(long seed) {
    Samples samples = new Samples(seed);
    for (int i = 0; i < 100; i++) {
      samples.statements().stream().map(samples::signed).forEach(this::assertStillValid);
    }
  }

  private void assertStillValid(SignedStatement signed) {
    String text = Json.text(ClientMessageCodec.encode(signed));
    if (ClientMessageCodec.decode(text)
        instanceof ClientFrame.Accepted(ClientMessage.State state, _)) {
      Signature signature = Signature.parseLenient(state.signature()).orElseThrow();
      assertThat(new SignedStatement(state.statement(), state.scheme(), signed.key(), signature))
          .isEqualTo(signed)
          .matches(read -> read.isValid(verifier), "valid");
      assertThat(state.key())
          .isEqualTo(signed.scheme() instanceof Scheme.Bound ? signed.key() : null);
    } else {
      Assertions.fail(text);
    }
  }

  /// Nothing makes the codec throw, take long, or accept a message that its own encoding changes.
  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7, 8})
  void mutatedFramesAreInvalidOrStable(long seed) {
    Samples samples = new Samples(seed);
    List<String> captured =
        Vectors.capturedFrames().stream().filter(Captured::fromClient).map(Captured::text).toList();
    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(3),
        () -> {
          for (int i = 0; i < 5_000; i++) {
            assertStable(seed, mutated(samples, samples.one(captured)));
          }
          for (int i = 0; i < 300; i++) {
            for (ClientMessage message : samples.clientMessages()) {
              assertStable(seed, mutated(samples, Json.text(ClientMessageCodec.encode(message))));
            }
          }
        });
  }

  private static String mutated(Samples samples, String text) {
    String mutated = new String(samples.mutated(text.getBytes(UTF_8)), UTF_8);
    int at = samples.random().nextInt(mutated.length() + 1);
    return samples.random().nextInt(20) == 0
        ? mutated.substring(0, at)
            + (char) (0xd800 + samples.random().nextInt(0x800))
            + mutated.substring(at)
        : mutated;
  }

  private static void assertStable(long seed, String text) {
    switch (ClientMessageCodec.decode(text)) {
      case ClientFrame.Accepted(ClientMessage message, _) -> {
        String again = Json.text(ClientMessageCodec.encode(message));
        ClientMessage kept =
            message instanceof ClientMessage.Msg msg && msg.ts() == null
                ? new ClientMessage.Msg(msg.to(), msg.content(), null, null, msg.inReplyTo())
                : message;
        assertThat(ClientMessageCodec.decode(again))
            .as("seed %d: %s", seed, text)
            .isEqualTo(new ClientFrame.Accepted(kept, null));
      }
      case ClientFrame.Invalid(String complaint, _) ->
          assertThat(complaint)
              .as("seed %d: %s", seed, text)
              .isNotBlank()
              .hasSizeLessThan(200)
              .matches(Json::isWellFormed, "has a UTF-8 form");
    }
  }
}
