package org.agentchat.schemas.statement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.agentchat.schemas.Samples;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The exact bytes that both schemes sign, made and signed by another implementation
/// (`src/test/vectors/generate.js`).
class SchemeTest {
  private static final Identity IDENTITY =
      Identity.ofSeed(
          "golden",
          HexFormat.of()
              .parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
          Instant.EPOCH);

  private final Ed25519Verifier verifier = new Ed25519Verifier();

  static List<JsonNode> golden() {
    return Vectors.lines("signed-statements.jsonl").stream().map(Json::parse).toList();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void joinedBytesAreThoseOfExistingClients(JsonNode golden) {
    Statement statement = statement(golden);
    Scheme scheme = new Scheme.Joined();
    String joined = golden.path("joined").stringValue();

    assertThat(statement.joined()).isEqualTo(joined);
    assertThat(scheme.signedBytes(IDENTITY.key(), statement)).isEqualTo(joined.getBytes(UTF_8));
    SignedStatement signed = SignedStatement.sign(IDENTITY, scheme, statement);
    assertThat(signed.signature()).isEqualTo(signature(golden, "joined_sig"));
    assertThat(signed.isValid(verifier)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void boundBytesAreTheDomainLineAndTheCanonicalWhole(JsonNode golden) {
    Statement statement = statement(golden);
    SignedStatement signed = SignedStatement.sign(IDENTITY, bound(golden), statement);

    assertThat(bound(golden).signedBytes(IDENTITY.key(), statement))
        .asString(UTF_8)
        .isEqualTo(golden.path("bound").stringValue());
    assertThat(signed.signature()).isEqualTo(signature(golden, "bound_sig"));
    assertThat(signed.isValid(verifier)).isTrue();
  }

  @Test
  void keyProofIsBoundToRelayLogAndTime() {
    JsonNode golden = Json.parse(Vectors.text("key-proof.json"));
    byte[] bytes =
        Scheme.Bound.proofBytes(
            IDENTITY.key(),
            golden.path("challenge_id").stringValue(),
            golden.path("nonce").stringValue(),
            golden.path("origin").stringValue(),
            golden.path("relay").stringValue(),
            golden.path("ts").longValue());

    assertThat(bytes).asString(UTF_8).isEqualTo(golden.path("text").stringValue());
    assertThat(IDENTITY.sign(bytes)).isEqualTo(signature(golden, "sig"));
  }

  /// Every field of the statement, the signer, the log, the time and the nonce are bound.
  @ParameterizedTest
  @MethodSource("golden")
  void everyAlteredFieldBreaksABoundSignature(JsonNode golden) {
    Statement statement = statement(golden);
    Scheme.Bound scheme = bound(golden);
    Signature signature = signature(golden, "bound_sig");
    AgentKey key = IDENTITY.key();
    Set<String> altered = new TreeSet<>();
    Samples samples = new Samples(7);
    for (int i = 0; i < 60; i++) {
      for (Statement other : samples.statements()) {
        if (other.type().equals(statement.type())) {
          for (String field : Statement.fieldNames(statement.type())) {
            Statement changed = with(statement, field, other);
            boolean same = changed.equals(statement);
            assertThat(new SignedStatement(changed, scheme, key, signature).isValid(verifier))
                .as(field)
                .isEqualTo(same);
            if (!same) {
              altered.add(field);
            }
          }
        }
      }
    }
    assertThat(altered).containsExactlyElementsOf(Statement.fieldNames(statement.type()));

    List<Scheme> otherSchemes =
        List.of(
            new Scheme.Joined(),
            new Scheme.Bound(scheme.origin() + "x", scheme.ts(), scheme.nonce()),
            new Scheme.Bound(scheme.origin(), scheme.ts() + 1, scheme.nonce()),
            new Scheme.Bound(scheme.origin(), scheme.ts(), scheme.nonce() + "0"));
    assertThat(otherSchemes)
        .noneMatch(
            other -> new SignedStatement(statement, other, key, signature).isValid(verifier));
    assertThat(new SignedStatement(statement, scheme, samples.key(), signature).isValid(verifier))
        .isFalse();
  }

  @Test
  void joinedTextParsesOneWayOnly() {
    Statement.Proposal currency = proposal(JsonNumber.of(5), "SOL|x", null);
    Statement.Proposal code = proposal(JsonNumber.of(5), null, "|");
    Statement.Accept accept = new Statement.Accept("prop_x", "a|b", null);
    for (Statement ambiguous : List.of(currency, code, accept)) {
      assertThatThrownBy(() -> SignedStatement.sign(IDENTITY, new Scheme.Joined(), ambiguous))
          .isInstanceOf(InvalidStatementException.class)
          .hasMessageEndingWith("must not contain |");
      SignedStatement forged =
          new SignedStatement(
              ambiguous, new Scheme.Joined(), IDENTITY.key(), IDENTITY.sign(new byte[0]));
      assertThat(forged.isValid(verifier)).isFalse();
      assertThat(
              SignedStatement.sign(IDENTITY, bound(golden().getFirst()), ambiguous)
                  .isValid(verifier))
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0123456789abcde",
        "with space 0123456789",
        "ümlaut0123456789",
        "0123456789abcdef|"
      })
  void nonceHasOneShape(String nonce) {
    assertThatThrownBy(() -> new Scheme.Bound("log", 1, nonce))
        .isInstanceOf(InvalidStatementException.class);
  }

  @Test
  void originAndTimeHaveOneShape() {
    String nonce = "0123456789abcdef";
    for (String origin : List.of("", "a b", "a+b", "a\n", "x".repeat(129))) {
      assertThatThrownBy(() -> new Scheme.Bound(origin, 1, nonce))
          .isInstanceOf(InvalidStatementException.class);
    }
    for (long ts : new long[] {-1, 1L << 53, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> new Scheme.Bound("log", ts, nonce))
          .isInstanceOf(InvalidStatementException.class);
    }
    assertThatThrownBy(() -> new Scheme.Bound("log", 1, "0".repeat(65)))
        .isInstanceOf(InvalidStatementException.class);
  }

  private static Statement.Proposal proposal(
      JsonNumber amount, @Nullable String currency, @Nullable String code) {
    return new Statement.Proposal(
        AgentId.of("@a59fb523e4702754"), "pay", amount, currency, code, null, null, null, null);
  }

  /// The statement with one field as it is in another of the same kind.
  private static Statement with(Statement statement, String field, Statement other) {
    JsonNode changed = Json.parse(Json.text(statement.json()));
    JsonNode value = Json.parse(Json.text(other.json())).path(field);
    ObjectNode object = (ObjectNode) changed;
    if (value.isMissingNode()) {
      object.remove(field);
    } else {
      object.set(field, value);
    }
    return Statement.readLogged(statement.type(), object).orElse(statement);
  }

  private static Statement statement(JsonNode golden) {
    JsonNode statement = golden.path("statement");
    return Statement.readLogged(statement.path("type").stringValue(), statement).orElseThrow();
  }

  private static Scheme.Bound bound(JsonNode golden) {
    return new Scheme.Bound(
        golden.path("origin").stringValue(),
        golden.path("ts").longValue(),
        golden.path("nonce").stringValue());
  }

  private static Signature signature(JsonNode golden, String name) {
    return Signature.ofBase64(golden.path(name).stringValue());
  }
}
