package org.agentchat.cli;

import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.AccessNotice;
import org.agentchat.schemas.message.ChatNotice;
import org.agentchat.schemas.message.ServerMessage;

/// What others do, as lines for a person. Nothing of it can be taken for a line of somebody else:
/// control characters are shown as such, and the further lines of a message are marked.
final class NewsLine {
  private static final String FURTHER = "\n  | ";

  private NewsLine() {}

  /// What a frame says to a person.
  ///
  /// @param self our own id: what we said ourselves is not told again
  /// @return empty for what is no news
  static Optional<String> of(ServerMessage message, AgentId self) {
    return switch (message) {
      case ServerMessage.Msg msg -> said(msg, self);
      case ServerMessage.AgentJoined joined ->
          news(joined.agent(), self, " (" + joined.name() + ") joined " + joined.channel());
      case ServerMessage.AgentLeft left -> news(left.agent(), self, " left " + left.channel());
      case ChatNotice.NickChanged changed ->
          news(changed.agentId(), self, " is now called " + changed.newNick());
      case ChatNotice.Typing typing ->
          news(typing.from(), self, " is writing in " + typing.channel());
      case AccessNotice.Kicked kicked -> ended("kicked", kicked.reason());
      case AccessNotice.Banned banned -> ended("banned", banned.reason());
      case AccessNotice.MotdUpdate(_, String motd) ->
          Optional.of("* message of the day: " + (motd == null ? "none" : text(motd)));
      case ServerMessage.Proposal proposal -> Optional.of(proposed(proposal));
      case ServerMessage.Accept accept -> deal(accept.proposalId(), accept.status());
      case ServerMessage.Reject reject -> deal(reject.proposalId(), reject.status());
      case ServerMessage.Complete complete -> deal(complete.proposalId(), complete.status());
      case ServerMessage.Dispute dispute -> deal(dispute.proposalId(), dispute.status());
      case ServerMessage.Expired expired -> deal(expired.proposalId(), expired.status());
      // Answers, and kinds that say nothing to a person.
      default -> Optional.empty();
    };
  }

  private static Optional<String> said(ServerMessage.Msg msg, AgentId self) {
    boolean replay = Boolean.TRUE.equals(msg.replay());
    if (msg.from().equals(self) && !replay) {
      return Optional.empty();
    }
    String where = msg.to().startsWith("#") ? msg.to() : "to you";
    String head =
        "[%s] %s (%s)%s: ".formatted(where, msg.fromName(), msg.from(), replay ? " earlier" : "");
    return Optional.of(Printable.of(head) + text(msg.content()));
  }

  /// A text of several lines, each of them safe.
  private static String text(String content) {
    return String.join(FURTHER, content.lines().map(Printable::of).toList());
  }

  private static Optional<String> news(AgentId who, AgentId self, String what) {
    return who.equals(self) ? Optional.empty() : Optional.of(Printable.of("* " + who + what));
  }

  private static Optional<String> ended(String how, String reason) {
    return Optional.of("* an admin has " + how + " you: " + text(reason));
  }

  private static String proposed(ServerMessage.Proposal proposal) {
    String pay =
        proposal.amount() == null
            ? ""
            : " for %s %s"
                .formatted(
                    proposal.amount(), proposal.currency() == null ? "" : proposal.currency());
    String head =
        "* %s proposes to %s%s, %s: "
            .formatted(proposal.from(), proposal.to(), pay.stripTrailing(), proposal.id());
    return Printable.of(head) + text(proposal.task());
  }

  private static Optional<String> deal(String proposal, String status) {
    return Optional.of(Printable.of("* " + proposal + " is " + status));
  }
}
