package org.agentchat.hooks;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A delivery that is only a test: `"test": true`, and nothing in it is in any log.
public final class Sample {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private Sample() {}

  /// A sample of the first name that the filter lets through.
  public static Intent of(String hook, NoticeFilter filter, Instant now) {
    NoticeName name =
        filter.names().stream().min(Comparator.naturalOrder()).orElse(NoticeName.PROPOSAL_OPENED);
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    ObjectNode payload =
        JsonNodeFactory.instance
            .objectNode()
            .put("event", name.word())
            .put("test", true)
            .put("timestamp", now.toEpochMilli())
            .put("proposal_id", "prop_test");
    return new Intent(
        0,
        hook,
        "msg_test_" + HexFormat.of().formatHex(id),
        "test",
        name.word(),
        Json.text(payload),
        0,
        now,
        0);
  }
}
