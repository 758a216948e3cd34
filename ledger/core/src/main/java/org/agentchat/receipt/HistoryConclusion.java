package org.agentchat.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.stream.Collectors;

/// Says in plain words what a whole history shows, and what it does not.
///
/// @param entries how many there are
/// @param first the index of the first, -1 without any; `last` likewise
/// @param own how many statements of each kind the account itself signed
/// @param ofOthers statements of other accounts
/// @param observed what is no agent's statement: time that has passed, draws of panels
record HistoryConclusion(
    Certified certified,
    long entries,
    long first,
    long last,
    NavigableMap<String, Long> own,
    long ofOthers,
    long observed) {

  Verification verification() {
    return certified.verification(message(), proved(), notProved());
  }

  private String message() {
    return entries == 0
        ? certified.message()
        : "%s, and nothing that names it was left out: %d entries"
            .formatted(certified.message(), entries);
  }

  private List<String> proved() {
    List<String> proved = certified.proved();
    if (entries == 0) {
      proved.add("No entry names it, and none is here.");
      return proved;
    }
    proved.add(
        "These are all of the %d entries, from %d to %d: their number and the hash over them are those that the ledger committed to, so none was left out, added, altered, repeated or moved."
            .formatted(entries, first, last));
    proved.add(
        "Each of them is in the checkpoint's tree, and each statement among them is signed with the"
            + " key that it names.");
    proved.add(
        "Its keys signed %d of them%s, others signed %d, and %d are what the log's relays and ledgers observed."
            .formatted(signed(), kinds(), ofOthers, observed));
    certified
        .leaf()
        .ifPresent(leaf ->
            proved.add(
                "It goes by the key %s: %s."
                    .formatted(
                        leaf.key().base64(),
                        leaf.key().id().equals(leaf.agent())
                            ? "the one that its name is made of"
                            : "rotations among the entries lead there from the one that its name is"
                                + " made of")));
    return proved;
  }

  private long signed() {
    return own.values().stream().mapToLong(Long::longValue).sum();
  }

  private String kinds() {
    return own.isEmpty()
        ? ""
        : own.entrySet().stream()
            .map(kind -> kind.getValue() + " " + kind.getKey())
            .collect(Collectors.joining(", ", " (", ")"));
  }

  private List<String> notProved() {
    List<String> not = new ArrayList<>();
    not.add(
        "That no other entry names it than those that the ledger committed to: which entries name"
            + " whom follows from the whole log, as ratings do.");
    not.add(
        "What each entry did: the log's rules may have refused a statement that is among them, and"
            + " points follow from the whole log.");
    not.add("When it was: log time is the word of the log's relays.");
    not.addAll(certified.notProved(false));
    return not;
  }
}
