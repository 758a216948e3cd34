package org.agentchat.schemas.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agentchat.schemas.Samples;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ReceiptFileTest {
  private static final String ID = "urn:agentchat:schema:receipt-file";
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12,
              registry ->
                  registry.schemas(
                      Map.of(
                          ID,
                          Vectors.text("receipt-file.schema.json"),
                          "urn:agentchat:schema:receipt",
                          Vectors.text("receipt.schema.json"))))
          .getSchema(SchemaLocation.of(ID));

  private final Samples samples = new Samples(4);

  private ReceiptFile file() {
    Receipt receipt = samples.record(Receipt.class);
    List<Receipt.Leg> rotations = List.of(samples.record(Receipt.Leg.class));
    String proof = "c2sp.org/tlog-proof@v1\nindex 1\n";
    return new ReceiptFile(
        receipt,
        rotations,
        Stream.generate(() -> proof).limit(receipt.legs().size() + 1L).toList());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertMalformed(String file) {
    assertMalformed(file, "");
  }

  private static void assertMalformed(String file, String words) {
    assertThatThrownBy(() -> ReceiptFile.parse(utf8(file)))
        .isInstanceOfSatisfying(
            MalformedReceiptException.class, e -> assertThat(e.isUnknownFormat()).isFalse())
        .hasMessageContaining(words);
  }

  @Test
  void whatIsWrittenIsReadBackAndValid() throws MalformedReceiptException {
    for (int i = 0; i < 50; i++) {
      ReceiptFile file = file();

      assertThat(ReceiptFile.parse(utf8(file.encode()))).isEqualTo(file);
      ObjectNode json = (ObjectNode) Json.parse(file.encode());
      ((ObjectNode) json.path("receipt")).put("proposal_id", "prop_x").put("origin", "a");
      assertThat(SCHEMA.validate(json)).as(file.encode()).isEmpty();
    }
  }

  @Test
  void spacesAndTheOrderOfFieldsAreFree() throws MalformedReceiptException {
    ReceiptFile file = file();
    JsonNode tree = Json.parse(file.encode());
    ObjectNode turned = Json.mapper().createObjectNode();
    for (String name : List.of("proofs", "receipt", "format", "rotations")) {
      turned.set(name, tree.path(name));
    }

    assertThat(ReceiptFile.parse(utf8(Json.text(turned)))).isEqualTo(file);
  }

  @Test
  void everyFieldMustBeThereAndNoneBesides() {
    ObjectNode whole = (ObjectNode) Json.parse(file().encode());
    for (String name : List.of("receipt", "rotations", "proofs")) {
      ObjectNode without = whole.deepCopy();
      without.remove(name);
      assertMalformed(Json.text(without), "missing");
      assertThat(SCHEMA.validate(without)).isNotEmpty();
      ObjectNode nothing = whole.deepCopy();
      nothing.putNull(name);
      assertMalformed(Json.text(nothing));
    }
    for (String name : List.of("proposal_id", "from", "legs", "proposal", "ts", "elo_stakes")) {
      ObjectNode without = whole.deepCopy();
      ((ObjectNode) without.path("receipt")).remove(name);
      assertMalformed(Json.text(without));
    }
    ObjectNode more = whole.deepCopy();
    ((ObjectNode) more.path("receipt").path("proposal")).put("zz", 1);
    assertMalformed(Json.text(more), "receipt.proposal.zz");
    assertThat(SCHEMA.validate(more)).isNotEmpty();
  }

  /// A lenient reader would take each of these for the right value.
  @Test
  void valuesAreOfTheirOwnType() {
    ObjectNode whole = (ObjectNode) Json.parse(file().encode());
    List<String> forms = List.of("\"5\"", "5.0", "5e0", "null", "[5]", "true");
    for (String form : forms) {
      ObjectNode altered = whole.deepCopy();
      ((ObjectNode) altered.path("receipt")).put("index", 4_242_424_242L);
      assertMalformed(Json.text(altered).replace("4242424242", form));
    }
    ObjectNode switched = whole.deepCopy();
    ((ObjectNode) switched.path("receipt")).put("cooldown", "true");
    assertMalformed(Json.text(switched));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "5",
        "{}",
        "{\"format\":5}",
        "\ufeff{}",
        "{\"a\":1,\"a\":1}"
      })
  void whatIsNoFileIsMalformed(String text) {
    assertMalformed(text);
  }

  @Test
  void repeatedKeysAndWhatFollowsAreMalformed() {
    String good = file().encode();

    assertMalformed(good + "{}");
    assertMalformed(good.replaceFirst("\\{", "{\"format\":\"agentchat-receipt/1\","), "format");
  }

  @Test
  void textsOutsideUnicodeAreMalformed() {
    ObjectNode half = (ObjectNode) Json.parse(file().encode());
    ((ObjectNode) half.path("receipt").path("proposal")).put("task", "?");
    String text = Json.text(half).replace("\"task\":\"?\"", "\"task\":\"\\ud83d\"");

    assertMalformed(text, "surrogate");
    assertThatThrownBy(() -> ReceiptFile.parse(new byte[] {'"', (byte) 0xff, '"'}))
        .hasMessageContaining("UTF-8");
  }

  @Test
  void anotherFormatIsNotKnown() {
    String later = file().encode().replace("agentchat-receipt/1", "agentchat-receipt/2");

    assertThatThrownBy(() -> ReceiptFile.parse(utf8(later)))
        .isInstanceOfSatisfying(
            MalformedReceiptException.class, e -> assertThat(e.isUnknownFormat()).isTrue())
        .hasMessageContainingAll("agentchat-receipt/2", "agentchat-receipt/1");
  }

  @Test
  void thereAreAsManyProofsAsLegsAndRotations() {
    ObjectNode fewer = (ObjectNode) Json.parse(file().encode());
    fewer.putArray("proofs");

    assertMalformed(Json.text(fewer), "0 proofs");
  }

  @Test
  void sizesAreBounded() {
    assertMalformed(" ".repeat(ReceiptFile.MAX_BYTES + 1), "at most 6291456");
    ReceiptFile file = file();
    Receipt.Leg leg = samples.record(Receipt.Leg.class);
    List<Receipt.Leg> many = Stream.generate(() -> leg).limit(ReceiptFile.MAX_LEGS + 1L).toList();
    assertMalformed(new ReceiptFile(file.receipt(), many, List.of()).encode(), "at most 790");
  }

  @Test
  void saysThatNobodyWouldReadIt() {
    ReceiptFile file = file();
    List<String> many = Collections.nCopies(ReceiptFile.MAX_LEGS + 1, "proof");
    List<String> large = List.of("p".repeat(ReceiptFile.MAX_BYTES));

    assertThat(file.excess()).isEmpty();
    assertThat(new ReceiptFile(file.receipt(), List.of(), many).excess())
        .hasValue("791 legs, at most 790 fit");
    assertThat(new ReceiptFile(file.receipt(), List.of(), large).excess().orElseThrow())
        .endsWith("bytes, at most 6291456 fit");
  }

  @Test
  void statementsOfAnEscrowAreThereOrTheirListIsNot() throws MalformedReceiptException {
    ReceiptFile plain = file();
    assertThat(Json.parse(plain.encode()).has("escrow")).isFalse();

    List<Receipt.Leg> escrow = List.of(samples.record(Receipt.Leg.class));
    List<String> proofs =
        Stream.concat(plain.proofs().stream(), plain.proofs().stream().limit(1)).toList();
    ReceiptFile file = new ReceiptFile(plain.receipt(), plain.rotations(), escrow, proofs);
    assertThat(ReceiptFile.parse(utf8(file.encode()))).isEqualTo(file);

    assertMalformed(
        new ReceiptFile(plain.receipt(), plain.rotations(), escrow, plain.proofs()).encode(),
        "proofs for");
    ObjectNode empty = (ObjectNode) Json.parse(plain.encode());
    empty.putArray("escrow");
    assertMalformed(Json.text(empty), "escrow");
  }
}
