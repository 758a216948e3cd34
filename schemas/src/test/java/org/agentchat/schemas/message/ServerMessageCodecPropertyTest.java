package org.agentchat.schemas.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.agentchat.schemas.Kinds;
import org.agentchat.schemas.Samples;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerMessageCodecPropertyTest {
  private static List<Class<? extends Record>> kinds() {
    return Kinds.of(ServerMessage.class).stream()
        .filter(kind -> kind != ServerMessage.Unknown.class)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyMessageRoundTrips(long seed) {
    Samples samples = new Samples(seed);
    for (int i = 0; i < 100; i++) {
      for (Class<? extends Record> kind : kinds()) {
        ServerMessage message = (ServerMessage) samples.record(kind);
        String text = ServerMessageCodec.encode(message);

        assertThat(ServerMessageCodec.decode(text))
            .as("seed %d: %s", seed, text)
            .isEqualTo(message);
      }
      Receipt receipt = samples.record(Receipt.class);
      assertThat(Json.mapper().readValue(Json.bytes(receipt), Receipt.class)).isEqualTo(receipt);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void mutatedFramesAreRefusedOrStable(long seed) {
    Samples samples = new Samples(seed);
    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(3),
        () -> {
          for (int i = 0; i < 200; i++) {
            for (Class<? extends Record> kind : kinds()) {
              String text = ServerMessageCodec.encode((ServerMessage) samples.record(kind));
              assertStable(seed, new String(samples.mutated(text.getBytes(UTF_8)), UTF_8));
            }
          }
        });
  }

  private static void assertStable(long seed, String text) {
    ServerMessage message;
    try {
      message = ServerMessageCodec.decode(text);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).as("seed %d: %s", seed, text).startsWith("not a server frame");
      return;
    }
    if (!(message instanceof ServerMessage.Unknown)) {
      assertThat(ServerMessageCodec.decode(ServerMessageCodec.encode(message)))
          .as("seed %d: %s", seed, text)
          .isEqualTo(message);
    }
  }
}
