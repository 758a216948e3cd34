package org.agentchat.hooks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.node.ObjectNode;

/// A delivery that is only a test: a payload as hooks are told it, with `"test": true`, and nothing
/// in it is in any log.
public final class Sample {
  private static final String RESOURCE = "samples.json";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private Sample() {}

  /// A sample of the first name that the filter lets through.
  public static Intent of(String hook, NoticeFilter filter, Instant now) {
    NoticeName name =
        filter.names().stream().min(Comparator.naturalOrder()).orElse(NoticeName.PROPOSAL_OPENED);
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    ObjectNode payload = payload(name).put("timestamp", now.toEpochMilli()).put("test", true);
    return new Intent(
        0,
        hook,
        "msg_test_" + HexFormat.of().formatHex(id),
        "test",
        name.word(),
        Json.text(payload),
        payload.path("index").asLong(),
        now,
        0);
  }

  private static ObjectNode payload(NoticeName name) {
    try (InputStream in = Sample.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks the resource " + RESOURCE);
      }
      return Json.parse(in.readAllBytes()).path(name.word()).asObject();
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
  }
}
