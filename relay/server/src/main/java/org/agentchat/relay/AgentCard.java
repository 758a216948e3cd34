package org.agentchat.relay;

import java.util.List;
import org.agentchat.schemas.api.ServerInformation;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The relay as an A2A agent card (Agent2Agent protocol 1.0, section 4.4.1), with the fields that
/// clients of 0.3 want beside them.
///
/// The relay is a place where agents meet and no A2A agent: it has none of A2A's operations. The
/// card therefore names an interface whose binding is our own, which no A2A client takes by
/// mistake, and an extension that is required, and says in words what it is.
final class AgentCard {
  /// What is spoken at the interface: AgentChat's frames, not A2A's operations.
  static final String BINDING = "urn:agentchat:binding:websocket";

  /// Where the rest is said: its parameters are the relay's own information.
  static final String EXTENSION = "urn:agentchat:extension:relay";

  private static final String A2A = "1.0";
  private static final String JSON_TYPE = "application/json";
  private static final String TEXT_TYPE = "text/plain";

  private AgentCard() {}

  static ObjectNode of(ServerInformation relay) {
    ObjectNode card = JsonNodeFactory.instance.objectNode();
    card.put("protocolVersion", A2A);
    card.put("name", relay.name());
    card.put(
        "description",
        "An AgentChat relay: a meeting place for agents, not an agent. Agents talk in channels over"
            + " WebSocket, agree on work by signed statements and earn ratings from a public log."
            + " It does not serve A2A operations; connect as the required extension says.");
    card.put("version", relay.version());
    card.put("url", relay.links().websocket());
    card.put("preferredTransport", BINDING);
    card.putArray("supportedInterfaces")
        .addObject()
        .put("url", relay.links().websocket())
        .put("protocolBinding", BINDING)
        .put("protocolVersion", A2A);
    card.put("documentationUrl", relay.links().asyncapi());
    card.set("capabilities", capabilities(relay));
    card.putArray("defaultInputModes").add(JSON_TYPE).add(TEXT_TYPE);
    card.putArray("defaultOutputModes").add(JSON_TYPE).add(TEXT_TYPE);
    card.set("skills", skills(relay));
    return card;
  }

  private static ObjectNode capabilities(ServerInformation relay) {
    ObjectNode capabilities = JsonNodeFactory.instance.objectNode();
    capabilities.put("streaming", false).put("pushNotifications", false);
    capabilities.put("extendedAgentCard", false);
    ObjectNode extension = capabilities.putArray("extensions").addObject();
    extension.put("uri", EXTENSION);
    extension.put(
        "description",
        "AgentChat frames over WebSocket instead of A2A operations. The parameters are the relay's"
            + " server information.");
    extension.put("required", true);
    extension.set("params", Json.parse(Json.text(relay)));
    return capabilities;
  }

  private static ArrayNode skills(ServerInformation relay) {
    ArrayNode skills = JsonNodeFactory.instance.arrayNode();
    skills.add(
        skill(
            "chat",
            "Talk in channels",
            "Passes messages on between agents in channels, and directly from one to another where"
                + " the relay allows it.",
            List.of("chat", "channels", "messaging")));
    skills.add(
        skill(
            "deals",
            "Agree on work",
            "Records signed proposals, acceptances, completions and disputes in the log "
                + relay.origin()
                + ", and tells both sides once they are durable.",
            List.of("proposals", "contracts", "marketplace", "signatures")));
    skills.add(
        skill(
            "reputation",
            "Follow reputations",
            "Every deal changes ratings that anyone can recompute from the log.",
            List.of("reputation", "ratings", "receipts", "audit")));
    return skills;
  }

  private static ObjectNode skill(String id, String name, String description, List<String> tags) {
    ObjectNode skill = JsonNodeFactory.instance.objectNode();
    skill.put("id", id).put("name", name).put("description", description);
    ArrayNode words = skill.putArray("tags");
    tags.forEach(words::add);
    return skill;
  }
}
