package org.agentchat.schemas.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.agentchat.schemas.Samples;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecPropertyTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyEventRoundTripsInCanonicalBytes(long seed) throws MalformedEventException {
    Samples samples = new Samples(seed);
    for (int i = 0; i < 300; i++) {
      for (Event event : samples.events()) {
        byte[] bytes = EventCodec.encode(event);

        assertThat(EventCodec.decode(bytes)).as("seed %d", seed).isEqualTo(event);
        // The codec writes fields in order; the library sorts them: the same bytes.
        assertThat(bytes).as("seed %d", seed).isEqualTo(Json.canonical(Json.parse(bytes)));
      }
    }
  }

  /// Mutated bytes are refused, or they are another event's one encoding. Nothing else, and at
  /// once.
  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void mutatedBytesAreMalformedOrAnotherEvent(long seed) {
    Samples samples = new Samples(seed);
    int[] decoded = {0};
    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(3),
        () -> {
          for (int i = 0; i < 600; i++) {
            for (Event event : samples.events()) {
              byte[] bytes = samples.mutated(EventCodec.encode(event));
              decoded[0] += decodesToItself(seed, bytes) ? 1 : 0;
            }
          }
        });
    assertThat(decoded[0]).as("some mutations give an event").isPositive();
  }

  private static boolean decodesToItself(long seed, byte[] bytes) {
    try {
      Event event = EventCodec.decode(bytes);
      assertThat(Arrays.equals(EventCodec.encode(event), bytes))
          .as("seed %d: %s", seed, new String(bytes, UTF_8))
          .isTrue();
      return true;
    } catch (MalformedEventException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
  }
}
