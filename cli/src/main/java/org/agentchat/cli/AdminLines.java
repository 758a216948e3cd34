package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.schemas.message.AccessNotice.AdminResult;
import org.agentchat.schemas.message.AccessNotice.Approved;
import org.agentchat.schemas.message.AdminMessage;

/// What an admin's act did, as lines for a person.
final class AdminLines {
  private AdminLines() {}

  /// @param act as it was sent
  /// @param result what the relay answered
  static List<String> of(AdminMessage act, AdminResult result) {
    return switch (act) {
      case AdminMessage.Approve approve -> List.of("Approved " + approve.key().id());
      case AdminMessage.Revoke revoke -> List.of("Took " + revoke.agent() + " off the allowlist");
      case AdminMessage.ListApproved _ -> allowlist(result);
      case AdminMessage.Kick kick -> List.of("Kicked " + kick.agentId());
      case AdminMessage.Ban ban -> List.of("Banned " + ban.agentId());
      case AdminMessage.Unban unban -> List.of("Lifted the ban of " + unban.agentId());
      case AdminMessage.SetMotd(_, String motd, _) ->
          List.of(
              motd == null
                  ? "There is no message of the day any more"
                  : "The message of the day is: " + motd);
      case AdminMessage.Vouch(var agent, _, boolean verified) ->
          List.of((verified ? "Vouched for " : "Vouches no more for ") + agent);
    };
  }

  private static List<String> allowlist(AdminResult result) {
    List<Approved> entries = result.entries() == null ? List.of() : result.entries();
    boolean strict = Boolean.TRUE.equals(result.strict());
    List<String> lines = new ArrayList<>();
    lines.add(
        "Approved (%s):".formatted(strict ? "nobody else comes in" : "others come in as well"));
    entries.stream()
        .map(entry ->
            Stream.of("  " + entry.agentId(), entry.approvedAt(), entry.note())
                .filter(part -> !part.isEmpty())
                .toList())
        .map(parts -> String.join("  ", parts))
        .forEach(lines::add);
    return lines;
  }
}
