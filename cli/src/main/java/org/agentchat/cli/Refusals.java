package org.agentchat.cli;

import java.util.regex.Pattern;
import org.agentchat.client.Reply;
import org.jspecify.annotations.Nullable;

/// What a relay refused, in the relay's words with advice behind them.
final class Refusals {
  private static final Pattern WORD = Pattern.compile("[A-Z]+(_[A-Z]+)+");

  private Refusals() {}

  /// The value of an answer.
  ///
  /// @throws CommandFailure if the relay refused
  static <T> T done(Reply<T> reply) {
    return switch (reply) {
      case Reply.Done<T>(T value) -> value;
      case Reply.Refused<T>(String code, String message, Long index) ->
          throw failure(code, message, index);
    };
  }

  /// Existing relays say INVALID_PROPOSAL and put the reason's own word in the message.
  private static CommandFailure failure(String code, String message, @Nullable Long index) {
    String word = WORD.matcher(message).matches() ? message : code;
    String advice =
        word.equals("PROPOSAL_NOT_ACCEPTED") && index != null
            ? "it is before a panel since log index " + index + ": nothing ends it but the verdict"
            : advice(word);
    String sentence = advice.isEmpty() ? message : message + " (" + advice + ")";
    return new CommandFailure(word, Exit.FAILED, sentence);
  }

  private static String advice(String word) {
    return switch (word) {
      case "PROPOSAL_NOT_FOUND" ->
          "check the id: there is no such proposal, or it ended more than a day ago";
      case "PROPOSAL_NOT_PENDING", "PROPOSAL_EXPIRED" ->
          "it is answered or expired already; ask for a new proposal";
      case "PROPOSAL_NOT_ACCEPTED" ->
          "it is not accepted, before a panel, or finished already; 'agentchat receipts list' shows"
              + " finished deals";
      case "NOT_PROPOSAL_RECIPIENT" ->
          "only the agent to whom it was sent may answer; name its identity with -i";
      case "NOT_PROPOSAL_PARTY" -> "only its two sides may end it; name their identity with -i";
      case "SELF_PROPOSAL" -> "propose to another agent";
      case "INSUFFICIENT_REPUTATION" -> "stake less, or settle other stakes first";
      case "AGENT_NOT_FOUND" ->
          "check the id; an agent that has made no deal yet must be connected to be found";
      case "CHANNEL_NOT_FOUND" -> "'agentchat channels' shows those that there are";
      case "RATE_LIMITED" -> "wait a moment and try again";
      case "LOG_UNAVAILABLE", "SERVER_FULL" -> "try again later";
      case "STATEMENT_STALE" ->
          "set this machine's clock; if it is right the log's is ahead, which its operator must"
              + " know";
      default -> "";
    };
  }
}
