package org.agentchat.deploy;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.agentchat.akash.chain.NodeException;
import org.agentchat.akash.provider.ProviderException;
import org.agentchat.log.LogUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is the matter, by what it is about: a deal, the log. An operator is told once, not in every
/// round. Of the worker's one thread.
final class Troubles {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final Map<String, String> known = new TreeMap<>();
  private boolean told;

  /// Does something. What is away may come back, so that is told and no more; what cannot be
  /// written down is the end of the worker. Without any trouble, what was the matter is over.
  ///
  /// @return whether nothing was away
  boolean attempt(String about, Runnable work) {
    told = false;
    try {
      work.run();
    } catch (LogUnavailableException | NodeException | ProviderException e) {
      tell(about, String.valueOf(e.getMessage()));
      return false;
    }
    if (!told) {
      known.remove(about);
    }
    return true;
  }

  void tell(String about, String what) {
    told = true;
    if (!what.equals(known.put(about, what))) {
      log.warn("{}: {}", about, what);
    }
  }

  void keep(Predicate<String> wanted) {
    known.keySet().removeIf(wanted.negate());
  }

  @Nullable String of(String about) {
    return known.get(about);
  }

  Map<String, String> all() {
    return Map.copyOf(known);
  }
}
