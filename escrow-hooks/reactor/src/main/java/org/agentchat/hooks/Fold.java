package org.agentchat.hooks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.Ledger;

/// The fold, and what hooks plan from it. One thread applies; any thread may look.
final class Fold {
  /// Plans of one transaction at the most, in number and in characters of their payloads, unless
  /// one entry alone asks for more.
  private static final int MAX_PLANS = 1_000;

  private static final long MAX_PLANNED_CHARS = 8L * 1024 * 1024;

  /// Plans from some entries.
  ///
  /// @param entries how many
  record Planned(int entries, Plans plans) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Hook> hooks;

  /// By hook: the first entry that it has not planned from.
  private final Map<String, Long> next = new HashMap<>();

  private Ledger ledger = new Ledger();

  Fold(List<Hook> hooks) {
    this.hooks = List.copyOf(hooks);
  }

  /// From where on each hook plans; whatever comes before is only folded.
  void planFrom(Map<String, HookState> states) {
    for (Hook hook : hooks) {
      HookState state = states.get(hook.name());
      if (state == null) {
        throw new IllegalStateException("a hook that is not registered: " + hook.name());
      }
      next.put(hook.name(), state.nextIndex());
    }
  }

  /// Whether a hook wants to plan from an entry that was folded already.
  boolean isBehind() {
    long size = position().size();
    return next.values().stream().anyMatch(index -> index < size);
  }

  /// Forgets everything that was folded.
  void restart() {
    lock.lock();
    try {
      ledger = new Ledger();
    } finally {
      lock.unlock();
    }
  }

  /// Only folds.
  void apply(Entry entry) {
    lock.lock();
    try {
      ledger.apply(entry);
    } finally {
      lock.unlock();
    }
  }

  /// Folds entries and plans from them, each hook from where it is on; as many entries as make one
  /// transaction.
  Planned plan(List<Entry> entries) {
    lock.lock();
    try {
      List<Plans.Plan> plans = new ArrayList<>();
      long chars = 0;
      int done = 0;
      while (done < entries.size() && plans.size() < MAX_PLANS && chars < MAX_PLANNED_CHARS) {
        List<Plans.Plan> more = plan(entries.get(done));
        chars += more.stream().mapToLong(plan -> plan.action().payload().length()).sum();
        plans.addAll(more);
        done++;
      }
      return new Planned(done, new Plans(position(), moved(), plans));
    } finally {
      lock.unlock();
    }
  }

  private List<Plans.Plan> plan(Entry entry) {
    Applied applied = ledger.apply(entry);
    List<Notice> notices = Notices.of(applied, ledger);
    List<Plans.Plan> plans = new ArrayList<>();
    for (Hook hook : hooks) {
      if (next.getOrDefault(hook.name(), Long.MAX_VALUE) <= entry.index()) {
        for (Action action : hook.handler().planner().plan(applied, notices, ledger)) {
          plans.add(new Plans.Plan(hook.name(), entry.index(), action));
        }
      }
    }
    return plans;
  }

  /// The hooks that have planned from all that was folded.
  private List<String> moved() {
    List<String> moved = new ArrayList<>();
    for (Hook hook : hooks) {
      if (next.getOrDefault(hook.name(), Long.MAX_VALUE) <= ledger.size()) {
        next.put(hook.name(), ledger.size());
        moved.add(hook.name());
      }
    }
    return moved;
  }

  /// How far was folded.
  ReadPosition position() {
    lock.lock();
    try {
      return new ReadPosition(ledger.size(), ledger.rootHash(), ledger.origin().orElse(null));
    } finally {
      lock.unlock();
    }
  }

  /// Asks the fold, which stands still meanwhile.
  <T> T look(Function<Ledger, T> question) {
    lock.lock();
    try {
      return question.apply(ledger);
    } finally {
      lock.unlock();
    }
  }
}
