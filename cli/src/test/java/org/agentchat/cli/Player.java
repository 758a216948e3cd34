package org.agentchat.cli;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientSettings;
import org.agentchat.client.ReconnectPolicy;
import org.agentchat.client.Timeouts;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// An agent of a test, through our client: the same key for the same name in every run. What is
/// refused fails the test.
final class Player implements AutoCloseable {
  /// A statement may wait 15 s for a log that is away; then the relay says so.
  private static final Timeouts PATIENT =
      new Timeouts(
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(70));

  private final Identity identity;
  private final AgentChatClient client;

  private Player(Identity identity, AgentChatClient client) {
    this.identity = identity;
    this.client = client;
  }

  static Identity identity(String name) {
    byte[] seed = new byte[32];
    new Random(name.hashCode()).nextBytes(seed);
    return Identity.ofSeed(name, seed, Instant.EPOCH);
  }

  static Player connect(String name, URI relay) {
    return connect(name, relay, null);
  }

  static Player connect(String name, URI relay, @Nullable SSLContext trust) {
    Identity identity = identity(name);
    ClientSettings settings =
        ClientSettings.of(relay, identity)
            .withTimeouts(PATIENT)
            .withReconnect(ReconnectPolicy.NEVER);
    AgentChatClient client = AgentChatClient.of(trust == null ? settings : settings.withTls(trust));
    client.connect().orThrow();
    return new Player(identity, client);
  }

  AgentId id() {
    return identity.id();
  }

  AgentChatClient client() {
    return client;
  }

  /// Offers work; returns the proposal's name.
  String offers(Player to, String task, String amount, int stake) {
    return client.propose(offer(to, task, amount, stake)).orThrow().id();
  }

  static Statement.Proposal offer(Player to, String task, String amount, int stake) {
    return new Statement.Proposal(
        to.id(), task, new JsonNumber(amount), "SOL", null, null, JsonNumber.of(3600), stake, null);
  }

  Player accepts(String proposal, int stake) {
    ServerMessage.Accept _ = client.accept(new Statement.Accept(proposal, null, stake)).orThrow();
    return this;
  }

  Player rejects(String proposal) {
    ServerMessage.Reject _ = client.reject(new Statement.Reject(proposal, "no")).orThrow();
    return this;
  }

  Player completes(String proposal) {
    ServerMessage.Complete _ =
        client.complete(new Statement.Complete(proposal, "tx:" + proposal)).orThrow();
    return this;
  }

  Player disputes(String proposal) {
    ServerMessage.Dispute _ =
        client.dispute(new Statement.Dispute(proposal, "nothing came")).orThrow();
    return this;
  }

  @Override
  public void close() {
    client.close();
  }
}
