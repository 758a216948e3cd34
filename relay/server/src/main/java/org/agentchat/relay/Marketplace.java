package org.agentchat.relay;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Refusal;
import org.agentchat.ledger.Tenure;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogException;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.EventTooLargeException;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of a statement into the log: verify, check, append, wait until it is applied. A
/// statement that applies is answered by the [Announcer]; one that is refused is answered here.
/// Runs on the connections' own threads.
final class Marketplace {
  private static final Logger LOG = LoggerFactory.getLogger(Marketplace.class);

  /// How long a refusal waits for entries of other relays; they take milliseconds.
  private static final Duration REFRESH = Duration.ofSeconds(1);

  private final LiveLedger ledger;
  private final Directory directory;
  private final ArbiterPool arbiters;
  private final RelaySettings settings;
  private final RelayClock clock;
  private final Ed25519Verifier verifier;
  private final VerifiedEvents verified;
  private final StatementRates rates;
  private final RelayMetrics metrics;

  Marketplace(
      LiveLedger ledger,
      Directory directory,
      ArbiterPool arbiters,
      RelaySettings settings,
      RelayClock clock,
      Ed25519Verifier verifier,
      VerifiedEvents verified,
      RelayMetrics metrics) {
    this.ledger = ledger;
    this.directory = directory;
    this.arbiters = arbiters;
    this.settings = settings;
    this.clock = clock;
    this.verifier = verifier;
    this.verified = verified;
    this.rates = new StatementRates(settings.limits().statements(), clock);
    this.metrics = metrics;
  }

  /// Handles a statement of an identified connection.
  void state(
      Connection connection, Agent agent, ClientMessage.State state, @Nullable String clientMsgId)
      throws InterruptedException {
    Optional<String> tooMany = rates.refusal(agent.id(), connection.network());
    if (tooMany.isPresent()) {
      connection.refuse(ErrorCode.RATE_LIMITED, tooMany.get(), clientMsgId);
      return;
    }
    Optional<String> secret = Secrets.refusal(state.statement());
    if (secret.isPresent()) {
      connection.refuse(ErrorCode.INVALID_MSG, secret.get(), clientMsgId);
      return;
    }
    AgentKey key = agent.key();
    if (key == null) {
      connection.refuse(
          ErrorCode.SIGNATURE_REQUIRED,
          gerund(state.statement()) + " persistent identity",
          clientMsgId);
      return;
    }
    Optional<SignedStatement> signed = signed(key, state);
    if (signed.isEmpty()) {
      connection.refuse(ErrorCode.VERIFICATION_FAILED, "Invalid signature", clientMsgId);
      return;
    }
    @Nullable AgentKey recipient = null;
    if (state.statement() instanceof Statement.Proposal proposal) {
      Optional<AgentKey> known = keyOf(proposal.to());
      if (known.isEmpty()) {
        connection.refuse(
            ErrorCode.AGENT_NOT_FOUND, "Agent " + proposal.to() + " not found", clientMsgId);
        return;
      }
      recipient = known.get();
    }
    record(
        connection,
        new Event.Stated(
            clock.millis(), settings.relay(), signed.get(), recipient, pool(state.statement())),
        clientMsgId);
  }

  private Event.@Nullable Pool pool(Statement statement) {
    return statement instanceof CourtStatement.DisputeIntent intent ? arbiters.of(intent) : null;
  }

  private Optional<SignedStatement> signed(AgentKey key, ClientMessage.State state) {
    if (state.key() != null && !state.key().equals(key)) {
      return Optional.empty();
    }
    return Signature.parseLenient(state.signature())
        .map(signature -> new SignedStatement(state.statement(), state.scheme(), key, signature))
        .filter(statement -> statement.isValid(verifier));
  }

  private Optional<AgentKey> keyOf(AgentId id) throws InterruptedException {
    Optional<AgentKey> known = knownKeyOf(id);
    if (known.isPresent()) {
      return known;
    }
    ledger.refresh(REFRESH);
    return knownKeyOf(id);
  }

  /// The key of that very name, be it a former one: the ledger refuses it and says which is now.
  private Optional<AgentKey> knownKeyOf(AgentId id) {
    return directory
        .key(id)
        .or(() ->
            ledger
                .read(known -> known.account(id))
                .flatMap(account -> account.tenure(id))
                .map(Tenure::key));
  }

  private void record(Connection connection, Event.Stated event, @Nullable String clientMsgId)
      throws InterruptedException {
    Optional<Refusal> refusal = check(event);
    if (refusal.isPresent()) {
      refuse(connection, event, refusal.get(), clientMsgId);
      return;
    }
    try {
      byte[] bytes = EventCodec.encode(event);
      verified.add(LeafHash.of(bytes));
      Timer.Sample sample = Timer.start();
      Applied applied = ledger.record(bytes, settings.limits().waits().answer());
      sample.stop(metrics.statements());
      applied.refusal().ifPresent(late -> refuse(connection, event, late, clientMsgId));
    } catch (EventTooLargeException e) {
      connection.refuse(ErrorCode.INVALID_MSG, String.valueOf(e.getMessage()), clientMsgId);
    } catch (LogException e) {
      LOG.warn(
          "a {} of {} was not recorded: {}",
          event.signed().statement().type(),
          connection,
          e.getMessage());
      connection.refuse(ErrorCode.LOG_UNAVAILABLE, String.valueOf(e.getMessage()), clientMsgId);
    }
  }

  /// What is refused here may be right in a log that another relay has moved on meanwhile, also
  /// while this was looked at.
  private Optional<Refusal> check(Event.Stated event) throws InterruptedException {
    Optional<Refusal> refusal = ledger.read(known -> known.check(event));
    if (refusal.isEmpty()) {
      return refusal;
    }
    ledger.refresh(REFRESH);
    return ledger.read(known -> known.check(event));
  }

  private static void refuse(
      Connection connection, Event.Stated event, Refusal refusal, @Nullable String clientMsgId) {
    RefusalWords words = RefusalWords.of(refusal, event.signed().statement());
    Long index = refusal.firstIndex() < 0 ? null : refusal.firstIndex();
    connection.refuse(words.code(), words.message(), index, clientMsgId);
  }

  private static String gerund(CourtStatement statement) {
    return switch (statement) {
      case CourtStatement.DisputeIntent _ -> "Filing disputes requires";
      case CourtStatement.DisputeReveal _ -> "Dispute reveal requires";
      case CourtStatement.Evidence _ -> "Evidence submission requires";
      case CourtStatement.ArbiterAccept _,
          CourtStatement.ArbiterDecline _,
          CourtStatement.ArbiterVote _ ->
          "Arbiter operations require";
    };
  }

  private static String gerund(Statement statement) {
    return switch (statement) {
      case Statement.Proposal _ -> "Proposals require";
      case Statement.Accept _ -> "Accepting proposals requires";
      case Statement.Reject _ -> "Rejecting proposals requires";
      case Statement.Complete _ -> "Completing proposals requires";
      case Statement.Dispute _ -> "Disputing proposals requires";
      case RegisterSkills _ -> "Skill registration requires";
      case CourtStatement said -> gerund(said);
      case KeyStatement _ -> "Changing keys requires";
      case EscrowStatement.WalletBind _ -> "Binding wallets requires";
      case EscrowStatement.Observation _ -> "Escrow observations require";
      case DeploymentStatement _ -> "Deployment observations require";
    };
  }
}
