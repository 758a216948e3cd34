package org.agentchat.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Deployment;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogRecord;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// A log that a customer, a stranger and a relay speak into beside the worker, and its fold.
final class Bazaar {
  static final String ORIGIN = "example.com/bazaar";
  static final Identity CUSTOMER = agent("customer");
  static final Identity STRANGER = agent("stranger");
  static final Identity WORKER = agent("worker");

  static final String SDL =
      """
      version: "2.0"
      services:
        web:
          image: nginx:1.27
          expose:
            - port: 80
              to:
                - global: true
      profiles:
        compute:
          web:
            resources:
              cpu: {units: 0.5}
              memory: {size: 512Mi}
              storage: {size: 1Gi}
        placement:
          dcloud:
            pricing:
              web: {denom: uact, amount: 10000}
      deployment:
        web:
          dcloud: {profile: web, count: 1}
      """;

  private final EventLog log;
  private long behindMs;
  private final Ledger ledger = new Ledger();
  private final List<Applied> applied = new ArrayList<>();
  private final EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
  private int said;

  /// @param behindMs how far this relay's clock is behind
  Bazaar(EventLog log, long behindMs) {
    this.log = log;
    this.behindMs = behindMs;
    append(new Event.Genesis(now(), "relay", ORIGIN));
  }

  /// From now on this relay's clock is that much ahead.
  void skip(Duration time) {
    behindMs -= time.toMillis();
  }

  private static Identity agent(String name) {
    return Identity.ofSeed(name, Sha256.of(name.getBytes(StandardCharsets.UTF_8)), Instant.EPOCH);
  }

  private long now() {
    return System.currentTimeMillis() - behindMs;
  }

  static String terms(String sdl, long ceiling, String duration) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("sdl", sdl)
        .put("ceiling_uact", ceiling)
        .put("duration", duration)
        .toString();
  }

  String offer(Identity from, String terms) {
    Applied opened =
        says(
            from,
            new Statement.Proposal(
                WORKER.id(),
                "run this",
                null,
                null,
                null,
                terms,
                null,
                null,
                DeploymentStatement.CAPABILITY));
    return opened.effects().stream()
        .filter(Effect.ProposalOpened.class::isInstance)
        .map(effect -> ((Effect.ProposalOpened) effect).proposal().id())
        .findFirst()
        .orElseThrow();
  }

  /// Accepted with the worker's identity by a person.
  void acceptByHand(String deal) {
    says(WORKER, new Statement.Accept(deal, null, null));
  }

  Applied says(Identity signer, Statement statement) {
    said++;
    Scheme scheme = new Scheme.Bound(ORIGIN, now(), "nonce-%011d".formatted(said));
    SignedStatement signed = SignedStatement.sign(signer, scheme, statement);
    return append(new Event.Stated(now(), "relay", signed, recipient(statement)));
  }

  /// The worker's key is replaced by another.
  void rotateWorker() {
    Identity next = agent("worker's next");
    says(WORKER, KeyStatement.RotateKey.of(WORKER, next, ORIGIN));
  }

  private static @Nullable AgentKey recipient(Statement statement) {
    return statement instanceof Statement.Proposal ? WORKER.key() : null;
  }

  private Applied append(Event event) {
    long index = log.append(EventCodec.encode(event)).join();
    fold();
    Applied done = applied.get((int) index);
    assertThat(done.refusal()).isEmpty();
    return done;
  }

  private void fold() {
    while (true) {
      List<LogRecord> page = log.read(ledger.size(), EventLog.MAX_READ_RECORDS);
      if (page.isEmpty()) {
        return;
      }
      for (LogRecord next : page) {
        applied.add(ledger.apply(reader.read(next.index(), next.value())));
      }
    }
  }

  Proposal deal(String id) {
    fold();
    return ledger.proposal(id).orElseThrow();
  }

  Optional<Deployment> deployment(String deal) {
    fold();
    return ledger.deployment(WORKER.id(), deal);
  }

  /// The types of all that was said and applied, in order; what was refused begins with "refused".
  List<String> story() {
    fold();
    return applied.stream().flatMap(Bazaar::type).toList();
  }

  private static Stream<String> type(Applied one) {
    return one.entry().content() instanceof Entry.Content.Sound(Event.Stated stated)
        ? Stream.of(
            one.refusal().map(refusal -> "refused ").orElse("")
                + stated.signed().statement().type())
        : Stream.empty();
  }

  /// The last statement of a type.
  Statement last(String type) {
    fold();
    return applied.reversed().stream()
        .map(one -> one.entry().content())
        .filter(Entry.Content.Sound.class::isInstance)
        .map(content -> ((Entry.Content.Sound) content).event())
        .filter(Event.Stated.class::isInstance)
        .map(event -> ((Event.Stated) event).signed().statement())
        .filter(statement -> statement.type().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
