package org.agentchat.schemas.statement;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Alphabet;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How a signature is bound to a statement: the bytes that are signed. The only place that knows.
public sealed interface Scheme {
  /// The wire name of [Joined].
  String JOINED = "agentchat/1";

  /// The wire name of [Bound].
  String BOUND = "agentchat/2";

  /// The wire name.
  String name();

  /// The bytes that the key signs for the statement.
  ///
  /// @throws InvalidStatementException if this scheme cannot carry the statement unambiguously
  byte[] signedBytes(AgentKey key, Statement statement);

  /// Every form of those bytes that is accepted: [#signedBytes] first. Empty when the scheme does
  /// not carry such statements.
  ///
  /// @throws InvalidStatementException as [#signedBytes]
  default List<byte[]> acceptedBytes(AgentKey key, Statement statement) {
    return List.of(signedBytes(key, statement));
  }

  /// `agentchat/1`, what existing clients sign: some fields, joined with `|`. It binds neither the
  /// signer, the log, the time, nor `terms` and `capability`.
  record Joined() implements Scheme {
    @Override
    public String name() {
      return JOINED;
    }

    @Override
    public byte[] signedBytes(AgentKey key, Statement statement) {
      return statement.joined().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public List<byte[]> acceptedBytes(AgentKey key, Statement statement) {
      return statement.joinedForms().stream()
          .map(form -> form.getBytes(StandardCharsets.UTF_8))
          .toList();
    }
  }

  /// `agentchat/2`: a domain line, then the RFC 8785 form of the whole statement with its signer,
  /// its log, its time and a nonce. One statement, one log, once.
  ///
  /// @param origin the log that the statement is meant for
  /// @param ts the signer's clock, milliseconds since 1970; must be near the log's clock
  /// @param nonce 16 to 64 of `[0-9A-Za-z_-]`, never used twice by the same key within the window
  record Bound(String origin, long ts, String nonce) implements Scheme {
    private static final String DOMAIN = "agentchat/2\n";
    private static final Alphabet NONCE = Alphabet.of("0-9A-Za-z_-");
    private static final int MIN_NONCE_CHARS = 16;
    private static final int MAX_NONCE_CHARS = 64;

    /// @throws InvalidStatementException if a part has another shape
    public Bound {
      if (!LogOrigin.isValid(origin)) {
        throw new InvalidStatementException("Invalid origin: " + LogOrigin.RULE);
      }
      if (ts < 0 || ts >= 1L << 53) {
        throw new InvalidStatementException("Invalid ts (milliseconds since 1970)");
      }
      if (!NONCE.spells(nonce, MIN_NONCE_CHARS, MAX_NONCE_CHARS)) {
        throw new InvalidStatementException(
            "Invalid nonce (16 to 64 letters, digits, hyphens, underscores)");
      }
    }

    @Override
    public String name() {
      return BOUND;
    }

    @Override
    public byte[] signedBytes(AgentKey key, Statement statement) {
      ObjectNode whole = statement.json();
      // A reveal's own nonce is used once by its nature, so it is the scheme's too.
      if (whole.has("nonce") && !whole.path("nonce").asString("").equals(nonce)) {
        throw new InvalidStatementException("The nonce that is revealed must be the signature's");
      }
      whole.put("key", key.base64());
      whole.put("nonce", nonce);
      whole.put("origin", origin);
      whole.put("scheme", BOUND);
      whole.put("ts", ts);
      return inDomain(whole);
    }

    /// The bytes that prove, to one relay of one log, that a connection owns a key. They can never
    /// be taken for a statement's.
    ///
    /// @param nonce the challenge's nonce
    public static byte[] proofBytes(
        AgentKey key, String challengeId, String nonce, String origin, String relay, long ts) {
      ObjectNode proof = JsonNodeFactory.instance.objectNode();
      proof.put("challenge_id", challengeId);
      proof.put("key", key.base64());
      proof.put("nonce", nonce);
      proof.put("origin", origin);
      proof.put("relay", relay);
      proof.put("ts", ts);
      proof.put("type", "VERIFY_IDENTITY");
      return inDomain(proof);
    }

    /// The bytes with which a new key agrees to take an old one's place in one log.
    public static byte[] successionBytes(AgentKey old, AgentKey next, String origin) {
      ObjectNode succession = JsonNodeFactory.instance.objectNode();
      succession.put("key", old.base64());
      succession.put("new_key", next.base64());
      succession.put("origin", origin);
      succession.put("type", "SUCCEED_KEY");
      return inDomain(succession);
    }

    private static byte[] inDomain(ObjectNode tree) {
      byte[] domain = DOMAIN.getBytes(StandardCharsets.US_ASCII);
      byte[] json = Json.sorted(tree);
      byte[] bytes = new byte[domain.length + json.length];
      System.arraycopy(domain, 0, bytes, 0, domain.length);
      System.arraycopy(json, 0, bytes, domain.length, json.length);
      return bytes;
    }
  }
}
