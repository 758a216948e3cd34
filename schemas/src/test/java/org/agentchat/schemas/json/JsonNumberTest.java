package org.agentchat.schemas.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import org.agentchat.schemas.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonNumberTest {
  /// Nearly two thousand doubles with the text that an ECMAScript engine gives them.
  @Test
  void printsAsEcmaScriptDoes() {
    List<String> table = Vectors.lines("ecmascript-numbers.txt");
    assertThat(table).hasSizeGreaterThan(1900);
    for (String line : table) {
      String text = line.substring(17);
      long bits = Long.parseUnsignedLong(line.substring(0, 16), 16);
      JsonNumber number = JsonNumber.exactly(new BigDecimal(text)).orElseThrow();

      assertThat(number.text()).isEqualTo(text);
      assertThat(Double.doubleToLongBits(number.value())).as(text).isEqualTo(bits);
      assertThat(new JsonNumber(text)).isEqualTo(number);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.0, 10",
    "1E1, 10",
    "0.10, 0.1",
    "-0.0, 0",
    "0e5, 0",
    "1E21, 1e+21",
    "1000000000000000000000, 1e+21",
    "123456789012345680000, 123456789012345680000",
    "0.0000001, 1e-7",
    "2.2250738585072014e-308, 2.2250738585072014e-308",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "9007199254740992, 9007199254740992",
  })
  void sameValueHasOneText(String written, String text) {
    assertThat(JsonNumber.exactly(new BigDecimal(written))).map(JsonNumber::text).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740993",
        "0.1000000000000000055",
        "5e-324",
        "4.9e-324",
        "1e-319",
        "-1e-320",
        "2.225073858507201e-308",
        "1e-400",
        "1e309",
        "1.7976931348623159e308",
        "1e999999999",
        "-1e999999999",
        "1e-999999999",
        "123456789012345678901",
        "333333333.33333329",
      })
  void numberThatReadersWithDoublesWouldChangeIsRefused(String written) {
    assertThat(JsonNumber.exactly(new BigDecimal(written))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.0",
        "01",
        "+1",
        "1e21",
        "1E+21",
        "NaN",
        "Infinity",
        "0x1p3",
        " 1",
        "1d",
        "5e-324",
        "1e-319",
        "-0"
      })
  void otherTextsAreNotNumbers(String text) {
    assertThatThrownBy(() -> new JsonNumber(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void jsonRoundTripsExactly() {
    JsonNumber number = JsonNumber.exactly(new BigDecimal("1e-7")).orElseThrow();

    assertThat(Json.text(number)).isEqualTo("1e-7");
    assertThat(Json.mapper().readValue("0.0000001", JsonNumber.class)).isEqualTo(number);
    assertThat(JsonNumber.of(1_795_223_288_755L)).hasToString("1795223288755");
  }
}
