package org.agentchat.akash.deployment;

import org.agentchat.akash.tx.Coin;

/// A change of a deployment that runs, wanted by its owner and under way. There is one at a time;
/// it ends done, or given up with a reason.
public sealed interface Amendment {
  /// More money for the escrow account.
  ///
  /// @param deposit what is added, in uact; positive
  /// @param burn what may be burned for ACT that is missing, in uakt; 0 is nothing
  /// @param burnedAt the height at which that was burned; 0 is not so far
  record TopUp(long deposit, long burn, long burnedAt) implements Amendment {
    /// Whether AKT may be burned from now on.
    boolean mayBurn() {
      return burn > 0 && burnedAt == 0;
    }

    TopUp burned(long height) {
      return new TopUp(deposit, burn, height);
    }

    @Override
    public String words() {
      return "top-up of " + Coin.uact(deposit);
    }
  }

  /// Another manifest for the same resources.
  ///
  /// @param sdl the whole new SDL
  /// @param announcedAt the height at which the chain had its manifest's hash; 0 is not so far
  /// @param handedOverAt the height at which every provider had the manifest; 0 is not so far
  record Update(String sdl, long announcedAt, long handedOverAt) implements Amendment {
    Update announced(long height) {
      return new Update(sdl, height, handedOverAt);
    }

    Update handedOver(long height) {
      return new Update(sdl, announcedAt, height);
    }

    boolean isAnnounced() {
      return announcedAt > 0;
    }

    boolean isHandedOver() {
      return handedOverAt > 0;
    }

    @Override
    public String words() {
      return "update";
    }

    /// The SDL may hold passwords.
    @Override
    public String toString() {
      return "update announced at %d, handed over at %d".formatted(announcedAt, handedOverAt);
    }
  }

  /// What it is, in a few words.
  String words();

  /// What became of one.
  ///
  /// @param what in a few words
  /// @param done as it was wanted
  /// @param why one sentence
  record Outcome(String what, boolean done, String why) {
    /// One line for a person.
    @Override
    public String toString() {
      return "%s %s: %s".formatted(what, done ? "done" : "not done", why);
    }
  }
}
