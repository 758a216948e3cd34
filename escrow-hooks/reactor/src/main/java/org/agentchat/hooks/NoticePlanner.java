package org.agentchat.hooks;

import java.util.List;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.Ledger;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;

/// Plans one delivery of each notice that a hook wants to be told of.
///
/// @param hook the hook's name, part of every delivery's id
public record NoticePlanner(String hook, NoticeFilter filter) implements Planner {
  /// Characters of a delivery's hash: 128 bits.
  private static final int ID_DIGITS = 32;

  @Override
  public List<Action> plan(Applied applied, List<Notice> notices, Ledger ledger) {
    return notices.stream()
        .filter(notice -> filter.matches(notice, ledger))
        .map(notice -> action(applied.entry(), notice, ledger.origin().orElse("")))
        .toList();
  }

  private Action action(Entry entry, Notice notice, String origin) {
    return new Action(
        id(entry, notice, origin),
        notice.subject(),
        notice.name().word(),
        Json.text(notice.payload()));
  }

  /// Names the delivery for whoever receives it. It follows from the log, the hook's name and
  /// nothing else, so also a reactor that has lost its database and plans from the beginning again
  /// names it so, and the receiver knows that it has had it.
  private String id(Entry entry, Notice notice, String origin) {
    String all =
        String.join(
            "\n",
            "agentchat/delivery/1",
            origin,
            Long.toString(entry.index()),
            entry.hash().toString(),
            hook,
            notice.name().word(),
            notice.subject());
    return "msg_" + Sha256.hex(all).substring(0, ID_DIGITS);
  }
}
