package org.agentchat.schemas.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Alphabet;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.LogOrigin;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

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
  /// @param pool who could judge a case that is filed here; absent for other statements
  record Stated(
      long at,
      String relay,
      SignedStatement signed,
      @Nullable AgentKey recipient,
      @Nullable Pool pool)
      implements Event {
    /// @throws IllegalArgumentException if a part has another shape
    public Stated {
      requireFrame(at, relay);
      if (recipient != null && !(signed.statement() instanceof Statement.Proposal)) {
        throw new IllegalArgumentException("recipient: only a proposal has one");
      }
      if (pool != null && !(signed.statement() instanceof CourtStatement.DisputeIntent)) {
        throw new IllegalArgumentException("pool: only a dispute's intent has one");
      }
    }

    /// A statement that needs no pool.
    public Stated(long at, String relay, SignedStatement signed, @Nullable AgentKey recipient) {
      this(at, relay, signed, recipient, null);
    }
  }

  /// What the relay fixes when a case is filed, before anybody's nonce is known: who of the agents
  /// that it sees may be drawn, and a nonce of its own, by its hash.
  ///
  /// @param agents in ascending order, each once, at most [#MAX_AGENTS]
  /// @param commitment hexadecimal SHA-256 of the text of the nonce that a [PanelNonce] reveals
  record Pool(List<AgentId> agents, String commitment) {
    /// Agents in one pool at the most: enough for a fair draw, small enough for one event.
    public static final int MAX_AGENTS = 256;

    private static final int COMMITMENT_CHARS = 64;

    /// @throws IllegalArgumentException if a part has another shape
    public Pool {
      agents = List.copyOf(agents);
      if (agents.size() > MAX_AGENTS || !List.copyOf(new TreeSet<>(agents)).equals(agents)) {
        throw new IllegalArgumentException(
            "pool.agents: at most " + MAX_AGENTS + ", ascending, each once");
      }
      if (!Alphabet.HEX.spells(commitment, COMMITMENT_CHARS, COMMITMENT_CHARS)) {
        throw new IllegalArgumentException("pool.commitment: 64 hexadecimal digits wanted");
      }
    }
  }

  /// The relay's nonce for the draw of a panel, once the disputant's is known.
  ///
  /// @param nonce the text whose hash the relay committed to when the case was filed
  record PanelNonce(long at, String relay, String disputeId, String nonce) implements Event {
    /// Longest nonce or dispute id, in characters.
    public static final int MAX_CHARS = 128;

    /// @throws IllegalArgumentException if a part has another shape
    public PanelNonce {
      requireFrame(at, relay);
      if (disputeId.length() > MAX_CHARS || nonce.length() > MAX_CHARS) {
        throw new IllegalArgumentException(
            "dispute_id and nonce: at most " + MAX_CHARS + " characters");
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

  /// A ledger's word for the rating of everybody: the root of the rating map. Whoever folds the log
  /// knows whether it is true, and a false one convicts the key that signed it.
  ///
  /// @param relay the name of the ledger
  /// @param origin the log that it is meant for
  /// @param size the map is that of the log's first so many entries, at least 1
  /// @param root of the map, 64 lower-case hexadecimal digits
  /// @param key the ledger's
  /// @param sig over [#signedBytes]
  record RatingsCommitted(
      long at, String relay, String origin, long size, String root, AgentKey key, Signature sig)
      implements Event {
    /// For how many sizes back a commitment can be told to be true: a ledger commits to what it has
    /// folded, and others append before its commitment is in the log.
    public static final int WINDOW = 1_024;

    private static final String DOMAIN = "agentchat/ratings/1\n";
    private static final int ROOT_CHARS = 64;

    /// @throws IllegalArgumentException if a part has another shape
    public RatingsCommitted {
      requireFrame(at, relay);
      if (!LogOrigin.isValid(origin)) {
        throw new IllegalArgumentException("origin: " + LogOrigin.RULE);
      }
      if (size < 1 || size >= 1L << 53) {
        throw new IllegalArgumentException("size: at least 1, found " + size);
      }
      if (!Alphabet.HEX.spells(root, ROOT_CHARS, ROOT_CHARS)) {
        throw new IllegalArgumentException("root: 64 hexadecimal digits wanted");
      }
    }

    /// Signs a commitment.
    public static RatingsCommitted sign(
        Identity ledger, long at, String relay, String origin, long size, String root) {
      Signature sig = ledger.sign(signedBytes(origin, size, root));
      return new RatingsCommitted(at, relay, origin, size, root, ledger.key(), sig);
    }

    /// What the key signs: a domain line, then the RFC 8785 form of origin, root and size. When and
    /// through which relay it was recorded is not part of it.
    public static byte[] signedBytes(String origin, long size, String root) {
      ObjectNode tree = JsonNodeFactory.instance.objectNode();
      tree.put("origin", origin).put("root", root).put("size", size);
      byte[] domain = DOMAIN.getBytes(StandardCharsets.US_ASCII);
      byte[] json = Json.canonical(tree);
      return ByteBuffer.allocate(domain.length + json.length).put(domain).put(json).array();
    }

    /// Whether an entry at that index is one that every fold of the log compares with the ratings
    /// of its own; it refuses all others, true or false.
    public boolean isJudgedAt(long index) {
      return size <= index && size > index - WINDOW;
    }

    /// Whether the key signed exactly this.
    public boolean isValid(Ed25519Verifier verifier) {
      return verifier.verify(key, signedBytes(origin, size, root), sig);
    }
  }

  /// Whether the text may name a relay: 1 to 64 of letters, digits, `.`, `_`, `-`.
  static boolean isRelayName(String name) {
    return RelayName.CHARACTERS.spells(name, 1, RelayName.MAX_CHARS);
  }

  private static void requireFrame(long at, String relay) {
    if (at < 0 || at >= 1L << 53) {
      throw new IllegalArgumentException("at: milliseconds since 1970, found " + at);
    }
    if (!isRelayName(relay)) {
      throw new IllegalArgumentException("relay: 1 to 64 of letters, digits, . _ -");
    }
  }

  /// Keeps the shape out of the interface's public members.
  final class RelayName {
    private static final Alphabet CHARACTERS = Alphabet.of("0-9A-Za-z._-");
    private static final int MAX_CHARS = 64;

    private RelayName() {}
  }
}
