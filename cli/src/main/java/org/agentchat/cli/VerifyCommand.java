package org.agentchat.cli;

import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = "Ask an agent to prove its key; 1 is the exit code when it does not.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Runnable {
  private record Verified(boolean verified, AgentId agent, String pubkey) {}

  @Mixin private RelayOptions relay;

  @Parameters(index = "1", paramLabel = "<agent>", description = "Whom, @id. It must be connected.")
  private AgentId agent;

  @Mixin private Output output;

  @Override
  public void run() {
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
