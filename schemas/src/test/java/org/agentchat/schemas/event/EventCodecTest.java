package org.agentchat.schemas.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class EventCodecTest {
  private static final Identity ALICE = Identity.ofSeed("alice", new byte[32], Instant.EPOCH);
  private static final AgentKey BOB =
      AgentKey.ofBase64("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");

  @Test
  void smallestEventsHaveExactlyTheseBytes() {
    assertThat(text(new Event.Tick(7, "relay-1")))
        .isEqualTo(
            """
            {"at":7,"relay":"relay-1","type":"TICK"}\
            """);
    assertThat(text(new Event.Genesis(7, "relay-1", "example.com/log")))
        .isEqualTo(
            """
            {"at":7,"origin":"example.com/log","relay":"relay-1","type":"GENESIS"}\
            """);
  }

  @Test
  void statementEventHasExactlyTheseBytes() {
    assertThat(text(stated(new Scheme.Bound("log", 8, "0123456789abcdef"), "Build \u2028 \"X\"")))
        .isEqualTo(
            ("{'at':7,'recipient':'11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=','relay':'r',"
                 + "'signature':{'key':'O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=',"
                 + "'nonce':'0123456789abcdef','origin':'log','scheme':'agentchat/2','sig':'SIG','ts':8},'statement':{'task':'Build"
                 + " \u2028 \\'X\\'','to':'@7f2d9ed0b71b8e5a',"
                 + "'type':'PROPOSAL'},'type':'STATEMENT'}")
                .replace('\'', '"')
                .replace("SIG", signature("Build \u2028 \"X\"")));
  }

  @Test
  void commitmentToRatingsHasExactlyTheseBytes() {
    String root = "ab".repeat(32);
    Event.RatingsCommitted event =
        Event.RatingsCommitted.sign(ALICE, 7, "ledger-1", "example.com/log", 12, root);

    assertThat(
            new String(
                Event.RatingsCommitted.signedBytes("example.com/log", 12, root),
                StandardCharsets.UTF_8))
        .isEqualTo(
            """
            agentchat/ratings/1
            {"origin":"example.com/log","root":"ROOT","size":12}\
            """
                .replace("ROOT", root));
    assertThat(text(event))
        .isEqualTo(
            """
            {"at":7,"key":"O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=",\
            "origin":"example.com/log","relay":"ledger-1","root":"ROOT","sig":"SIG","size":12,\
            "type":"RATINGS"}\
            """
                .replace("ROOT", root)
                .replace("SIG", event.sig().base64()));
  }

  @Test
  void commitmentIsValidOnlyAsItWasSigned() {
    Ed25519Verifier verifier = new Ed25519Verifier();
    String root = "ab".repeat(32);
    Event.RatingsCommitted event =
        Event.RatingsCommitted.sign(ALICE, 7, "ledger-1", "log", 12, root);

    assertThat(event.isValid(verifier)).isTrue();
    assertThat(copy(event, "other", 12, root).isValid(verifier)).isFalse();
    assertThat(copy(event, "log", 13, root).isValid(verifier)).isFalse();
    assertThat(copy(event, "log", 12, "ac".repeat(32)).isValid(verifier)).isFalse();
  }

  private static Event.RatingsCommitted copy(
      Event.RatingsCommitted event, String origin, long size, String root) {
    return new Event.RatingsCommitted(
        event.at(), event.relay(), origin, size, root, event.key(), event.sig());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "5",
        "\"x\"",
        "{}",
        "{\"type\":\"TICK\"}",
        "{\"at\":7,\"relay\":\"r\",\"type\":\"TOCK\"}",
        "{\"at\":-1,\"relay\":\"r\",\"type\":\"TICK\"}",
        "{\"at\":7.0,\"relay\":\"r\",\"type\":\"TICK\"}",
        "{\"at\":7e0,\"relay\":\"r\",\"type\":\"TICK\"}",
        "{\"at\":\"7\",\"relay\":\"r\",\"type\":\"TICK\"}",
        "{\"at\":9007199254740992,\"relay\":\"r\",\"type\":\"TICK\"}",
        "{\"at\":99999999999999999999,\"relay\":\"r\",\"type\":\"TICK\"}",
        "{\"at\":7,\"relay\":\"\",\"type\":\"TICK\"}",
        "{\"at\":7,\"relay\":\"a b\",\"type\":\"TICK\"}",
        "{\"at\":7,\"relay\":null,\"type\":\"TICK\"}",
        "{\"at\":7,\"more\":1,\"relay\":\"r\",\"type\":\"TICK\"}",
        "{\"at\":7,\"\\ud800\":1,\"relay\":\"r\",\"type\":\"TICK\"}",
        "{\"at\":7,\"at\":7,\"relay\":\"r\",\"type\":\"TICK\"}",
        "{\"relay\":\"r\",\"at\":7,\"type\":\"TICK\"}",
        "{ \"at\":7,\"relay\":\"r\",\"type\":\"TICK\"}",
        "{\"at\":7,\"relay\":\"r\",\"type\":\"TICK\"}\n",
        "{\"at\":7,\"relay\":\"\\u0072\",\"type\":\"TICK\"}",
        "{\"at\":7,\"origin\":\"a b\",\"relay\":\"r\",\"type\":\"GENESIS\"}",
        "{\"at\":7,\"relay\":\"r\",\"type\":\"GENESIS\"}",
        "{\"at\":7,\"relay\":\"r\",\"type\":\"STATEMENT\"}",
        "{\"at\":7,\"relay\":\"r\",\"signature\":5,\"statement\":[],\"type\":\"STATEMENT\"}",
      })
  void whatIsNotTheOneEncodingIsMalformed(String text) {
    assertMalformed(text.getBytes(UTF_8));
  }

  @Test
  void otherEncodingsOfTheSameTextAreMalformed() {
    String tick = text(new Event.Tick(7, "r"));

    assertMalformed(("\ufeff" + tick).getBytes(UTF_8));
    assertMalformed(tick.getBytes(StandardCharsets.UTF_16BE));
    assertMalformed(tick.getBytes(StandardCharsets.UTF_16LE));
    assertMalformed(tick.getBytes(Charset.forName("UTF-32")));
    assertMalformed((tick + "\0").getBytes(UTF_8));
    assertMalformed(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'});
    assertMalformed(new byte[] {(byte) 0xff, (byte) 0xfe});
  }

  @Test
  void unknownFieldsAreMalformedAtEveryLevel() {
    Event event = stated(new Scheme.Bound("log", 8, "0123456789abcdef"), "t");
    for (String where : List.of("", "statement", "signature")) {
      ObjectNode tree = (ObjectNode) Json.parse(EventCodec.encode(event));
      ObjectNode object = where.isEmpty() ? tree : (ObjectNode) tree.path(where);
      object.put("zz", 1);
      assertMalformed(Json.bytes(tree));
    }
  }

  @Test
  void fieldsOfAnotherKindOrSchemeAreMalformed() {
    ObjectNode joined =
        (ObjectNode) Json.parse(EventCodec.encode(stated(new Scheme.Joined(), "t")));
    ((ObjectNode) joined.path("signature")).put("ts", 8);
    assertMalformed(Json.bytes(joined));

    ObjectNode bound =
        (ObjectNode)
            Json.parse(
                EventCodec.encode(stated(new Scheme.Bound("log", 8, "0123456789abcdef"), "t")));
    ((ObjectNode) bound.path("signature")).remove("nonce");
    assertMalformed(Json.bytes(bound));
    ((ObjectNode) bound.path("signature")).put("nonce", "short");
    assertMalformed(Json.bytes(bound));
  }

  @Test
  void eventIsAtMost65535Bytes() throws MalformedEventException {
    int frame = EventCodec.encode(wide(1)).length - 1;
    Event largest = wide(EventCodec.MAX_BYTES - frame);

    assertThat(EventCodec.encode(largest)).hasSize(65_535);
    assertThat(EventCodec.decode(EventCodec.encode(largest))).isEqualTo(largest);
    Event larger = wide(EventCodec.MAX_BYTES - frame + 1);
    assertThatThrownBy(() -> EventCodec.encode(larger))
        .isInstanceOf(EventTooLargeException.class)
        .hasMessageContaining("65536");
    assertMalformed(new byte[EventCodec.MAX_BYTES + 1]);
  }

  @Test
  void proposalIsNamedByTheHashOfItsEvent() {
    LeafHash hash = LeafHash.of(new byte[0]);

    // SHA-256 of one zero byte, RFC 6962 section 2.1.
    assertThat(hash)
        .hasToString("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assertThat(ProposalId.of(hash)).isEqualTo("prop_ny2axhh7wn5jrhffittlw6akfr");
    for (int i = 0; i < 1_000; i++) {
      LeafHash other = LeafHash.of(new byte[] {(byte) i, (byte) (i >> 8)});
      String base32 = Base32.toBase32String(other.raw()).toLowerCase(Locale.ROOT);
      assertThat(ProposalId.of(other)).isEqualTo("prop_" + base32.substring(0, 26));
    }
  }

  private static String text(Event event) {
    return new String(EventCodec.encode(event), UTF_8);
  }

  /// A proposal with texts of full length that JSON writes in 57,344 bytes, and one of its own
  /// choice beside them.
  private static Event wide(int codeChars) {
    int full = Statement.MAX_TEXT_CHARS;
    Statement proposal =
        new Statement.Proposal(
            BOB.id(),
            "\u0001".repeat(full),
            null,
            null,
            "x".repeat(codeChars),
            "x".repeat(full),
            null,
            null,
            null);
    return new Event.Stated(
        7, "r", SignedStatement.sign(ALICE, new Scheme.Joined(), proposal), BOB);
  }

  private static Event stated(Scheme scheme, String task) {
    return new Event.Stated(7, "r", SignedStatement.sign(ALICE, scheme, proposal(task)), BOB);
  }

  private static Statement proposal(String task) {
    AgentId bob = BOB.id();
    return new Statement.Proposal(bob, task, null, null, null, null, null, null, null);
  }

  private static String signature(String task) {
    Scheme scheme = new Scheme.Bound("log", 8, "0123456789abcdef");
    return SignedStatement.sign(ALICE, scheme, proposal(task)).signature().base64();
  }

  private static void assertMalformed(byte[] bytes) {
    assertThatThrownBy(() -> EventCodec.decode(bytes))
        .isInstanceOf(MalformedEventException.class)
        .satisfies(e -> assertThat(Json.isWellFormed(String.valueOf(e.getMessage()))).isTrue());
  }
}
