package org.agentchat.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientSettings;
import org.agentchat.client.ReconnectPolicy;
import org.agentchat.client.Reply;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// Two agents who make one deal after another: propose, accept, complete. One thread at a time.
final class DealPair implements AutoCloseable {
  private static final ReconnectPolicy RECONNECT =
      new ReconnectPolicy(
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          Duration.ofMinutes(10));
  private static final JsonNumber HOUR = JsonNumber.of(3600);

  private final AgentChatClient proposer;
  private final AgentChatClient worker;
  private final String name;
  private long deals;
  private @Nullable String proposal;
  private boolean accepted;

  /// Connects both.
  DealPair(URI relay, HttpClient http, int number, SecureRandom random) {
    this.name = "bench-" + number;
    this.proposer = connect(relay, http, name + "-a", random);
    this.worker = connect(relay, http, name + "-b", random);
  }

  private static AgentChatClient connect(
      URI relay, HttpClient http, String name, SecureRandom random) {
    Identity identity = Identity.generate(name, random, Instant.now());
    AgentChatClient client =
        AgentChatClient.sharing(http, ClientSettings.of(relay, identity).withReconnect(RECONNECT));
    client.connect().orThrow();
    return client;
  }

  /// Makes the next statement and waits for its answer. What is refused ends the deal; the next
  /// statement then starts another.
  Reply<?> next() {
    String open = proposal;
    if (open == null) {
      return propose();
    }
    Reply<?> reply =
        accepted
            ? proposer.complete(new Statement.Complete(open, null))
            : worker.accept(new Statement.Accept(open, null, null));
    if (accepted || reply instanceof Reply.Refused) {
      abandon();
    } else {
      accepted = true;
    }
    return reply;
  }

  private Reply<ServerMessage.Proposal> propose() {
    deals++;
    Reply<ServerMessage.Proposal> reply =
        proposer.propose(
            new Statement.Proposal(
                worker.agentId(),
                "deal " + deals + " of " + name,
                new JsonNumber("0.05"),
                "SOL",
                null,
                null,
                HOUR,
                null,
                null));
    if (reply instanceof Reply.Done<ServerMessage.Proposal>(ServerMessage.Proposal opened)) {
      proposal = opened.id();
      accepted = false;
    }
    return reply;
  }

  /// Leaves the open deal as it is.
  void abandon() {
    proposal = null;
    accepted = false;
  }

  @Override
  public void close() {
    proposer.close();
    worker.close();
  }
}
