package org.agentchat.client;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.CourtMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.CourtStatement;

/// Recognises what a relay says when a statement to the court was recorded. Its frames repeat no
/// signature: they name the case, or the deal that it is about.
///
/// @param test whether a frame is the answer
record CourtAnswer(Predicate<ServerMessage> test)
    implements Function<ServerMessage, Optional<ServerMessage>>, Exchange.Concluding {
  /// @param self who states it
  static CourtAnswer to(CourtStatement statement, AgentId self) {
    return new CourtAnswer(
        switch (statement) {
          case CourtStatement.DisputeIntent intent ->
              frame ->
                  frame instanceof CourtMessage.DisputeIntentAck ack
                      && ack.proposalId().equals(intent.proposalId());
          // The draw comes once the relay has revealed its nonce, too.
          case CourtStatement.DisputeReveal reveal -> frame -> isDrawOf(reveal.proposalId(), frame);
          case CourtStatement.Evidence evidence ->
              frame ->
                  frame instanceof CourtMessage.EvidenceReceived received
                      && received.disputeId().equals(evidence.disputeId())
                      && received.from().equals(self);
          // Nothing is said to these; a PONG behind them says that they were not refused.
          case CourtStatement.ArbiterAccept _,
              CourtStatement.ArbiterDecline _,
              CourtStatement.ArbiterVote _ ->
              ServerMessage.Pong.class::isInstance;
        });
  }

  private static boolean isDrawOf(String proposal, ServerMessage frame) {
    return (frame instanceof CourtMessage.PanelFormed formed
            && formed.proposalId().equals(proposal))
        || (frame instanceof CourtMessage.DisputeFallback fallback
            && proposal.equals(fallback.proposalId()));
  }

  /// Whether a relay says nothing when it has recorded this.
  static boolean isSilent(CourtStatement statement) {
    return switch (statement) {
      case CourtStatement.DisputeIntent _,
          CourtStatement.DisputeReveal _,
          CourtStatement.Evidence _ ->
          false;
      case CourtStatement.ArbiterAccept _,
          CourtStatement.ArbiterDecline _,
          CourtStatement.ArbiterVote _ ->
          true;
    };
  }

  @Override
  public Optional<ServerMessage> apply(ServerMessage frame) {
    return Optional.of(frame).filter(test);
  }

  @Override
  public boolean concludes(ServerMessage frame) {
    return test.test(frame);
  }
}
