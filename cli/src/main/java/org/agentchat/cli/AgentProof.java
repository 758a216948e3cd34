package org.agentchat.cli;

import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;

/// `agentchat verify <server> <agent>`: has a connected agent prove its key. Apart from the
/// command, so that checking a file loads nothing of a network.
final class AgentProof {
  private record Verified(boolean verified, AgentId agent, String pubkey) {}

  private AgentProof() {}

  static void run(RelayOptions relay, AgentId agent, Output output) {
    try (AgentChatClient client = relay.connect(null, output)) {
      output.err().println("Verifying identity of " + agent + "...");
      output.err().flush();
      AgentKey key = Refusals.done(client.verify(agent));
      output.print(
          new Verified(true, agent, key.pem()),
          List.of("Identity verified:", "  Agent: " + agent, "  Public key: " + key.base64()));
    }
  }
}
