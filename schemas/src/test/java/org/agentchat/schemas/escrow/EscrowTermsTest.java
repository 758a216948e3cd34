package org.agentchat.schemas.escrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.agentchat.schemas.Samples;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.StrictJson;
import org.agentchat.schemas.statement.InvalidStatementException;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What terms may say, and the id that the contract will know them by, as another implementation
/// computes it.
class EscrowTermsTest {
  static List<JsonNode> agreements() {
    return Vectors.array("escrow-agreements.json");
  }

  @ParameterizedTest
  @MethodSource("agreements")
  void idIsTheOneThatAnotherImplementationComputes(JsonNode vector) {
    EvmHash commitment =
        EscrowAgreement.commitment(raw(vector, "proposal_leaf"), raw(vector, "accept_leaf"));
    EscrowAgreement agreement =
        new EscrowAgreement(
            EscrowTerms.read(vector.path("terms")),
            new EvmAddress(vector.path("payer").stringValue()),
            new EvmAddress(vector.path("payee").stringValue()),
            commitment);

    assertThat(commitment).hasToString(vector.path("commitment").stringValue());
    assertThat(EvmHash.of(agreement.structHash()))
        .hasToString(vector.path("struct_hash").stringValue());
    assertThat(agreement.id()).hasToString(vector.path("id").stringValue());
  }

  /// Chain and contract are in the domain, everything else but the observer in the struct.
  @Test
  void everyPartIsInTheId() {
    JsonNode vector = agreements().getLast();
    EscrowAgreement agreement = agreement(vector.path("terms"));
    for (String name : EscrowTerms.FIELD_NAMES) {
      ObjectNode altered = ((ObjectNode) vector.path("terms")).deepCopy();
      altered.set(name, agreements().get(1).path("terms").path(name));
      if (name.equals("observer")) {
        altered.put(name, "@0123456789abcdef");
      }
      assertThat(agreement(altered).id().equals(agreement.id()))
          .as(name)
          .isEqualTo(name.equals("observer"));
    }
    EscrowTerms terms = agreement.terms();
    EvmAddress other = new EvmAddress("0x" + "77".repeat(20));
    EvmHash otherDeal = new EvmHash("0x" + "77".repeat(32));
    assertThat(
            List.of(
                new EscrowAgreement(terms, other, agreement.payee(), agreement.proposal()),
                new EscrowAgreement(terms, agreement.payer(), other, agreement.proposal()),
                new EscrowAgreement(terms, agreement.payer(), agreement.payee(), otherDeal)))
        .noneMatch(changed -> changed.id().equals(agreement.id()));
  }

  @Test
  void termsAreWrittenInOneForm() {
    Samples samples = new Samples(71);
    for (int i = 0; i < 200; i++) {
      EscrowTerms terms = samples.escrowTerms();
      String text = Json.text(terms.json());
      assertThat(text).isEqualTo(new String(Json.canonical(terms.json()), StandardCharsets.UTF_8));
      assertThat(Json.text(terms)).isEqualTo(text);
      assertThat(EscrowTerms.read(Json.parse(text))).isEqualTo(terms);
      assertThat(StrictJson.read(Json.parse(text), EscrowTerms.class)).isEqualTo(terms);
      assertThat(terms.json().propertyNames()).containsExactlyElementsOf(EscrowTerms.FIELD_NAMES);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "amount|\"0\"",
        "amount|\"-1\"",
        "amount|\"01\"",
        "amount|\"1.0\"",
        "amount|\"1e3\"",
        "amount|\"\"",
        "amount|1",
        "amount|\"115792089237316195423570985008687907853269984665640564039457584007913129639936\"",
        "amount|\"999999999999999999999999999999999999999999999999999999999999999999999999999999999\"",
        "amount|\"340282366920938463463374607431768211456\"",
        "arbiter|\"0x0000000000000000000000000000000000000000\"",
        "arbiter|\"CONTRACT\"",
        "arbiter|\"0x00\"",
        "arbiter|\"0xABABABABABABABABABABABABABABABABABABABAB\"",
        "arbiter|\"abababababababababababababababababababab00\"",
        "arbiter|null",
        "chain|\"eip155:0\"",
        "chain|\"eip155:01\"",
        "chain|\"eip155:9007199254740992\"",
        "chain|\"eip155:99999999999999999999\"",
        "chain|\"solana:1\"",
        "chain|1",
        "contract|\"0x0000000000000000000000000000000000000000\"",
        "deadline|-1",
        "deadline|9007199254740992",
        "deadline|1.5",
        "deadline|\"1\"",
        "dispute_period|31622401",
        "dispute_period|0",
        "dispute_period|-1",
        "observer|\"a59fb523e4702754\"",
        "observer|\"@bob\"",
        "observer|\"@server\"",
        "operator|\"\"",
        "review_period|31622401",
        "review_period|0",
        "silent_bps|10001",
        "silent_bps|-1",
        "silent_bps|0.5",
        "token|5",
      })
  void fieldOutOfItsRangeIsRefusedByName(String name, String value) {
    ObjectNode terms = good();
    String contract = terms.path("contract").stringValue();
    terms.set(name, Json.parse(value.replace("CONTRACT", contract)));
    assertThatThrownBy(() -> EscrowTerms.read(terms))
        .isInstanceOf(InvalidStatementException.class)
        .hasMessageStartingWith("escrow." + name + ": ");
  }

  @Test
  void fieldsAreThoseAndNoOthers() {
    for (String name : EscrowTerms.FIELD_NAMES) {
      ObjectNode terms = good();
      terms.remove(name);
      assertThatThrownBy(() -> EscrowTerms.read(terms)).hasMessageStartingWith("escrow." + name);
    }
    ObjectNode more = good();
    more.put("zz", 1);
    assertThatThrownBy(() -> EscrowTerms.read(more)).hasMessage("escrow: unknown field zz");
    assertThatThrownBy(() -> EscrowTerms.read(Json.parse("[]")))
        .hasMessage("escrow: an object wanted");
  }

  @Test
  void largestValuesAreTaken() {
    ObjectNode terms = good();
    BigInteger most = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);
    terms.put("amount", most.toString());
    terms.put("chain", "eip155:9007199254740991");
    terms.put("deadline", (1L << 53) - 1);
    terms.put("dispute_period", EscrowTerms.MAX_PERIOD_SECONDS);
    terms.put("review_period", EscrowTerms.MAX_PERIOD_SECONDS);
    terms.put("silent_bps", EscrowTerms.MAX_BPS);
    EscrowTerms read = EscrowTerms.read(terms);
    assertThat(read.amount().units()).isEqualTo(most);
    assertThat(read.lastTimeout()).isEqualTo((1L << 53) - 1 + 2 * EscrowTerms.MAX_PERIOD_SECONDS);
    assertThat(read.isNativeCoin()).isFalse();
  }

  /// What the contract refuses as `SameParty` or `InvalidParty`.
  @Test
  void nobodyHasTwoRolesThatMustNotBeOne() {
    EscrowTerms terms = EscrowTerms.read(good());
    EvmAddress payer = new EvmAddress("0x" + "11".repeat(20));
    EvmAddress payee = new EvmAddress("0x" + "22".repeat(20));

    assertThat(terms.conflict(payer, payee)).isEmpty();
    assertThat(terms.conflict(terms.operator(), payee)).isEmpty();
    assertThat(terms.conflict(payer, payer)).isPresent();
    assertThat(terms.conflict(payer, terms.operator())).isPresent();
    assertThat(terms.conflict(terms.arbiter(), payee)).isPresent();
    assertThat(terms.conflict(payer, terms.arbiter())).isPresent();
    assertThat(terms.conflict(terms.contract(), payee)).isPresent();
    assertThat(terms.conflict(payer, terms.contract())).isPresent();
  }

  @Test
  void amountsHave256Bits() {
    BigInteger most = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
    assertThat(TokenAmount.of(most.toString()).units()).isEqualTo(most);
    BigInteger more = most.add(BigInteger.ONE);
    assertThatThrownBy(() -> TokenAmount.of(more.toString()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenAmount(BigInteger.ONE.negate()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(TokenAmount.of("3").isSum(TokenAmount.of("1"), TokenAmount.of("2"))).isTrue();
    assertThat(TokenAmount.of("3").isSum(TokenAmount.of("3"), TokenAmount.of("1"))).isFalse();
  }

  @Test
  void proposalWithAnEscrowIsBoundOrNotSignedAtAll() {
    ObjectNode proposal = (ObjectNode) Json.parse("{\"to\":\"@b\",\"task\":\"t\"}");
    proposal.set("escrow", good());
    Statement read = Statement.read("PROPOSAL", proposal, true).orElseThrow();
    assertThatThrownBy(read::joined)
        .isInstanceOf(InvalidStatementException.class)
        .hasMessage("escrow must be signed under " + Scheme.BOUND);
    proposal.putNull("escrow");
    assertThat(Statement.read("PROPOSAL", proposal, true).orElseThrow().joined())
        .isEqualTo("@b|t|||||");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x", "eip155:1", "eip155:1:", "eip155:1:0xAB", ":0x00"})
  void accountHasOneShape(String text) {
    assertThatThrownBy(() -> EvmAccount.of(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void contractsAreOrderedByChainAndAddress() {
    EvmAddress low = new EvmAddress("0x" + "01".repeat(20));
    EvmAddress high = new EvmAddress("0x" + "f1".repeat(20));
    assertThat(new EscrowContract(new EvmChain(2), high))
        .isLessThan(new EscrowContract(new EvmChain(10), low));
    assertThat(new EscrowContract(new EvmChain(2), low))
        .isLessThan(new EscrowContract(new EvmChain(2), high))
        .hasToString("eip155:2:" + low);
  }

  private static ObjectNode good() {
    return ((ObjectNode) agreements().getLast().path("terms")).deepCopy();
  }

  private static EscrowAgreement agreement(JsonNode terms) {
    return new EscrowAgreement(
        EscrowTerms.read(terms),
        new EvmAddress("0x" + "11".repeat(20)),
        new EvmAddress("0x" + "22".repeat(20)),
        new EvmHash("0x" + "33".repeat(32)));
  }

  private static byte[] raw(JsonNode vector, String name) {
    return HexFormat.of().parseHex(vector.path(name).stringValue());
  }
}
