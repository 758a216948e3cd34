package org.agentchat.escrow.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Type;

final class TermsTest {

  @Test
  void whatIsWrittenIsRead() {
    Terms terms = new Deal().amount(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE)).terms();
    @SuppressWarnings("rawtypes") // web3j wants a list of these
    String encoded = FunctionEncoder.encodeConstructor(List.<Type>of(terms.encoded()));
    assertThat(Terms.decoded(new Words("0x" + encoded), 0)).isEqualTo(terms);
  }

  @Test
  void valuesThatDoNotFitAreRefused() {
    List<Deal> bad =
        List.of(
            new Deal().payer("0x12"),
            new Deal().payee("0x" + "A".repeat(40)),
            new Deal().operator(""),
            new Deal().arbiter(Hex.ZERO_ADDRESS.substring(2) + "00"),
            new Deal().token("0x" + "g".repeat(40)),
            new Deal().amount(BigInteger.ONE.shiftLeft(256)),
            new Deal().amount(-1),
            new Deal().deadline(-1),
            new Deal().reviewPeriod(1L << 32),
            new Deal().disputePeriod(-1),
            new Deal().silentBps(65_536),
            new Deal().proposal("0x00"));
    assertThat(bad)
        .allSatisfy(
            deal -> assertThatThrownBy(deal::terms).isInstanceOf(IllegalArgumentException.class));
  }

  @Test
  void complaintNamesTheValue() {
    assertThatThrownBy(new Deal().payer("alice")::terms)
        .hasMessage("payer must be 0x and 40 hexadecimal digits in lower case, not 'alice'");
  }

  @Test
  void wordsAreReadStrictly() {
    assertThatThrownBy(() -> new Words("0x00")).hasMessageContaining("32 bytes");
    assertThatThrownBy(() -> new Words("0x" + "f".repeat(64)).address(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Words("0x" + "f".repeat(64)).number(0))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> EscrowState.of(7)).hasMessageContaining("7");
  }
}
