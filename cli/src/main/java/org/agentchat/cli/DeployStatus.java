package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.Money;
import org.jspecify.annotations.Nullable;

/// A deployment as `deploy` shows it.
///
/// @param dseq its number; none before it has one
/// @param phase in small letters
/// @param open whether something is, or may be, open on the chain
/// @param price a block, in uact
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
    Money money,
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
        record.money(),
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
    lines.add("  Cost so far: " + money);
    if (pending != null) {
      lines.add("  Fate unknown: transaction " + pending + "; --resume finds out");
    }
    return lines;
  }
}
