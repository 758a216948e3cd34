package org.agentchat.schemas.event;

import java.util.regex.Pattern;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.LogOrigin;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// What the log records, once each, in one order. Every event carries the time and the name of the
/// relay that wrote it.
public sealed interface Event {
  /// The relay's clock, milliseconds since 1970.
  long at();

  /// The relay's name, see [#isRelayName].
  String relay();

  /// The first event of a log: its name.
  record Genesis(long at, String relay, String origin) implements Event {
    /// @throws IllegalArgumentException if a part has another shape
    public Genesis {
      requireFrame(at, relay);
      if (!LogOrigin.isValid(origin)) {
        throw new IllegalArgumentException("origin: " + LogOrigin.RULE);
      }
    }
  }

  /// An agent's statement, as it was signed.
  ///
  /// @param recipient the key that the relay knows for a proposal's target, so that a short name
  ///   means one key from here on; absent for other statements
  record Stated(long at, String relay, SignedStatement signed, @Nullable AgentKey recipient)
      implements Event {
    /// @throws IllegalArgumentException if a part has another shape
    public Stated {
      requireFrame(at, relay);
      if (recipient != null && !(signed.statement() instanceof Statement.Proposal)) {
        throw new IllegalArgumentException("recipient: only a proposal has one");
      }
    }
  }

  /// Time has passed: lets due deadlines fire when nothing else happens.
  record Tick(long at, String relay) implements Event {
    /// @throws IllegalArgumentException if a part has another shape
    public Tick {
      requireFrame(at, relay);
    }
  }

  /// Whether the text may name a relay: 1 to 64 of letters, digits, `.`, `_`, `-`.
  static boolean isRelayName(String name) {
    return RelayName.SHAPE.matcher(name).matches();
  }

  private static void requireFrame(long at, String relay) {
    if (at < 0 || at >= 1L << 53) {
      throw new IllegalArgumentException("at: milliseconds since 1970, found " + at);
    }
    if (!isRelayName(relay)) {
      throw new IllegalArgumentException("relay: 1 to 64 of letters, digits, . _ -");
    }
  }

  /// Keeps the pattern out of the interface's public members.
  final class RelayName {
    private static final Pattern SHAPE = Pattern.compile("[0-9A-Za-z._-]{1,64}");

    private RelayName() {}
  }
}
