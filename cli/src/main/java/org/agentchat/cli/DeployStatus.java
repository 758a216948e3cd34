package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.akash.deployment.Amendment;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.Money;
import org.agentchat.akash.tx.Coin;
import org.jspecify.annotations.Nullable;

/// A deployment as `deploy` shows it.
///
/// @param dseq its number; none before it has one
/// @param phase in small letters
/// @param open whether something is, or may be, open on the chain
/// @param price a block, in uact
/// @param until when it is closed by itself, ISO 8601; none if that is not said
/// @param toppedUp what was added to deposits, in uact
/// @param underWay the change that is not finished
/// @param lastChange what became of the one before
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeployStatus(
    String name,
    @Nullable Long dseq,
    String phase,
    String why,
    boolean open,
    int round,
    List<String> providers,
    String price,
    List<String> uris,
    @Nullable String until,
    Money money,
    long toppedUp,
    @Nullable String underWay,
    Amendment.@Nullable Outcome lastChange,
    @Nullable String pending) {
  DeployStatus {
    providers = List.copyOf(providers);
    uris = List.copyOf(uris);
  }

  static DeployStatus of(DeploymentRecord record) {
    return new DeployStatus(
        record.plan().name(),
        record.id().map(id -> id.dseq()).orElse(null),
        record.phase().words(),
        record.why(),
        !record.phase().isOver(),
        record.round(),
        record.chosen().values().stream().map(one -> one.provider()).toList(),
        record.price().toPlainString(),
        record.uris(),
        record.plan().untilMs() == 0
            ? null
            : Instant.ofEpochMilli(record.plan().untilMs()).toString(),
        record.money(),
        record.toppedUp(),
        record.amendment().map(Amendment::words).orElse(null),
        record.lastChange().orElse(null),
        record.pending().map(signed -> signed.hash()).orElse(null));
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %s%s"
            .formatted(
                dseq == null ? "(no number)" : dseq, phase, open ? "" : ", nothing is open"));
    lines.add("  Name: " + Printable.of(name));
    lines.add("  Why: " + Printable.of(why));
    if (!providers.isEmpty()) {
      lines.add("  Provider: " + String.join(", ", providers));
      lines.add("  Price: " + price + "uact a block");
    }
    uris.forEach(uri -> lines.add("  Answers at: " + Printable.of(uri)));
    if (until != null && open) {
      lines.add("  Wanted until: " + until);
    }
    lines.add("  Cost so far: " + money);
    if (toppedUp > 0) {
      lines.add("  Topped up: by %s in all".formatted(Coin.uact(toppedUp)));
    }
    if (lastChange != null) {
      lines.add("  Last change: " + Printable.of(lastChange.toString()));
    }
    if (underWay != null) {
      lines.add("  Under way: %s; --resume goes on with it".formatted(underWay));
    }
    if (pending != null) {
      lines.add("  Fate unknown: transaction " + pending + "; --resume finds out");
    }
    return lines;
  }
}
