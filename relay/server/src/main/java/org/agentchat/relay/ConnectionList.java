package org.agentchat.relay;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;

/// What `/api/connections` says (protocol.md section 16). The places of addresses are not known
/// here: those fields are always null.
record ConnectionList(Collection<Connection> connections) {
  String json() {
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    for (Connection connection : connections) {
      connection.agent().ifPresent(agent -> all.add(one(connection, agent)));
    }
    return Json.text(Map.of("connections", all, "count", all.size()));
  }

  private static Map<String, @Nullable Object> one(Connection connection, Agent agent) {
    Map<String, @Nullable Object> one = new LinkedHashMap<>();
    one.put("agent_id", agent.id().toString());
    one.put("ip", connection.address());
    one.put("country", null);
    one.put("city", null);
    one.put("lat", null);
    one.put("lon", null);
    one.put("connected_at", IsoTime.of(connection.openedAt()));
    one.put("user_agent", connection.userAgent().orElse(null));
    return one;
  }
}
