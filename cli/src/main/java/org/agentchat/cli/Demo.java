package org.agentchat.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientSettings;
import org.agentchat.client.Subscription;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.RatingChanges;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// Four agents who make deals on a relay: some done, one disputed, one declined, one expired.
final class Demo implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final PrintWriter out;
  private final Map<AgentId, String> names = new LinkedHashMap<>();
  private final Map<String, AgentChatClient> agents = new LinkedHashMap<>();
  private final Map<String, CompletableFuture<String>> expiries = new ConcurrentHashMap<>();

  /// Connects the agents.
  Demo(URI relay, PrintWriter out) {
    this.out = out;
    SecureRandom random = new SecureRandom();
    for (String name : List.of("alice", "bob", "carol", "dave")) {
      Identity identity = Identity.generate(name, random, Instant.now());
      AgentChatClient client = AgentChatClient.of(ClientSettings.of(relay, identity));
      agents.put(name, client);
      Subscription _ =
          client.on(
              ServerMessage.Expired.class,
              expired -> expiry(expired.proposalId()).complete(expired.status()));
      client.connect().orThrow();
      names.put(identity.id(), name);
      say("%s proves its key and is %s", name, identity.id());
    }
  }

  /// Makes every deal.
  ///
  /// @throws IOException if something that must happen does not
  void run() throws IOException, InterruptedException {
    String review = offer("alice", "bob", "review the parser", "12.5", "SOL", 50, "code_review");
    accept("bob", review, 30);
    complete("bob", review, "tx:5abc");

    String tests = offer("carol", "alice", "write the tests", "0.05", "SOL", 0, null);
    accept("alice", tests, 0);
    complete("carol", tests, "commit:1f0c");

    String pictures = offer("bob", "carol", "draw the picture", "40", "USDC", 40, null);
    accept("carol", pictures, 20);
    dispute("bob", pictures, "nothing was delivered");

    String late = offer("dave", "alice", "answer at once", null, null, 0, null, 1);
    String declined = offer("alice", "dave", "work for free", null, null, 0, null);
    client("dave").reject(new Statement.Reject(declined, "no")).orThrow();
    say("dave declines %s", declined);
    String translation = offer("dave", "bob", "translate the page", "3", "SOL", 0, null);
    accept("bob", translation, 0);
    complete("bob", translation, null);
    awaitExpiry("dave", late);
  }

  private String offer(
      String from,
      String to,
      String task,
      @Nullable String amount,
      @Nullable String currency,
      int stake,
      @Nullable String capability) {
    return offer(from, to, task, amount, currency, stake, capability, 3600);
  }

  private String offer(
      String from,
      String to,
      String task,
      @Nullable String amount,
      @Nullable String currency,
      int stake,
      @Nullable String capability,
      int seconds) {
    ServerMessage.Proposal proposal =
        client(from)
            .propose(
                new Statement.Proposal(
                    client(to).agentId(),
                    task,
                    amount == null ? null : new JsonNumber(amount),
                    currency,
                    null,
                    null,
                    JsonNumber.of(seconds),
                    stake,
                    capability))
            .orThrow();
    say(
        "%s offers %s: \"%s\"%s%s -> %s",
        from,
        to,
        task,
        amount == null ? "" : " for " + amount + " " + currency,
        stake == 0 ? "" : ", " + stake + " ELO at stake",
        proposal.id());
    return proposal.id();
  }

  private void accept(String by, String proposal, int stake) {
    client(by).accept(new Statement.Accept(proposal, null, stake)).orThrow();
    say("%s accepts%s", by, stake == 0 ? "" : ", " + stake + " ELO at stake");
  }

  private void complete(String by, String proposal, @Nullable String proof) {
    ServerMessage.Complete done =
        client(by).complete(new Statement.Complete(proposal, proof)).orThrow();
    say("%s completes: %s", by, changes(done.ratingChanges()));
  }

  private void dispute(String by, String proposal, String reason) {
    ServerMessage.Dispute done =
        client(by).dispute(new Statement.Dispute(proposal, reason)).orThrow();
    say("%s disputes, \"%s\": %s", by, reason, changes(done.ratingChanges()));
  }

  private String changes(@Nullable RatingChanges changes) {
    if (changes == null) {
      return "no rating moves";
    }
    StringBuilder text = new StringBuilder();
    changes
        .agents()
        .forEach((id, change) ->
            text.append(text.isEmpty() ? "" : ", ")
                .append(names.getOrDefault(AgentId.of(id), id))
                .append(" %d (%+d)".formatted(change.newRating(), change.change())));
    return text.toString();
  }

  private void awaitExpiry(String agent, String proposal) throws IOException, InterruptedException {
    try {
      expiry(proposal).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      say("%s's offer %s has expired", agent, proposal);
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException("the offer " + proposal + " did not expire", e);
    }
  }

  private CompletableFuture<String> expiry(String proposal) {
    return expiries.computeIfAbsent(proposal, _ -> new CompletableFuture<>());
  }

  private AgentChatClient client(String name) {
    return Optional.ofNullable(agents.get(name)).orElseThrow();
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation's library is not on the class path
  private void say(String format, Object... values) {
    out.println("  " + format.formatted(values));
    out.flush();
  }

  @Override
  public void close() {
    agents.values().forEach(AgentChatClient::close);
  }
}
