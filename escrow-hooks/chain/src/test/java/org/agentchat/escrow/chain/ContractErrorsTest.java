package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.web3j.crypto.Hash;

final class ContractErrorsTest {
  private static final String WORD_7 = "0".repeat(63) + "7";

  @Test
  void plainReasonIsRead() {
    // Error("no") as solc encodes it.
    String data =
        selector("Error(string)")
            + "0".repeat(62)
            + "20"
            + "0".repeat(63)
            + "2"
            + "6e6f"
            + "0".repeat(60);
    assertThat(ContractErrors.decode(data)).hasToString("Error(no)");
  }

  @Test
  void panicAndTokenErrorsAreRead() {
    assertThat(ContractErrors.decode(selector("Panic(uint256)") + WORD_7)).hasToString("Panic(7)");
    String token = selector("ERC20InsufficientBalance(address,uint256,uint256)") + WORD_7.repeat(3);
    assertThat(ContractErrors.decode(token))
        .hasToString("ERC20InsufficientBalance(0x0000000000000000000000000000000000000007, 7, 7)");
  }

  @Test
  void escrowErrorsAreRead() {
    assertThat(ContractErrors.decode(selector("TooEarly(uint64)") + WORD_7))
        .hasToString("TooEarly(7)");
    assertThat(ContractErrors.decode(selector("Exists(bytes32)") + "ab".repeat(32)).name())
        .isEqualTo("Exists");
    assertThat(ContractErrors.decode(selector("FailedCall()")))
        .hasToString("FailedCall")
        .extracting(ContractError::detail)
        .isEqualTo(java.util.Optional.empty());
  }

  @Test
  void unknownErrorIsShownByItsSelector() {
    assertThat(ContractErrors.decode("0xdeadbeef" + WORD_7))
        .hasToString("Unknown(selector 0xdeadbeef)");
  }

  @Test
  void errorOfASilentContractHasNoReason() {
    assertThat(ContractErrors.decode("0x")).isEqualTo(ContractError.SILENT);
  }

  /// What a hostile token returns must neither fail nor fill a log.
  @Test
  void malformedReasonsAreShownShortAndHarmless() {
    String[] hostile = {
      "0x12",
      "0xzz",
      "nonsense\n\u001b[31m",
      selector("Error(string)"),
      selector("Error(string)") + "f".repeat(64),
      selector("Error(string)") + "0".repeat(62) + "20" + "7" + "f".repeat(63),
      "0x" + "ab".repeat(1 << 20)
    };
    for (String data : hostile) {
      String text = ContractErrors.decode(data).toString();
      assertThat(text).hasSizeLessThan(300).matches("[ -~]*");
    }
  }

  private static String selector(String signature) {
    return Hash.sha3String(signature).substring(0, 10);
  }
}
