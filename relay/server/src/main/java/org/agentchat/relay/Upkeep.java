package org.agentchat.relay;

import java.util.Set;

/// What a relay does of itself, each on a thread of its own.
record Upkeep(Housekeeping housekeeping, ChatRounds rounds, Ticker ticker)
    implements AutoCloseable {
  static Upkeep start(
      Ground ground,
      LiveLedger ledger,
      ChatDesk desk,
      Positions positions,
      Set<Connection> connections) {
    RelaySettings settings = ground.settings();
    Housekeeping housekeeping =
        new Housekeeping(
            connections,
            settings.limits(),
            positions,
            ground.clock(),
            ground.metrics(),
            ground.audit());
    ChatRounds rounds = new ChatRounds(desk, ground.clock());
    Ticker ticker = new Ticker(ledger, settings.relay(), ground.clock());
    housekeeping.start();
    rounds.start();
    ticker.start();
    return new Upkeep(housekeeping, rounds, ticker);
  }

  @Override
  public void close() {
    ticker.close();
    housekeeping.close();
    rounds.close();
  }
}
