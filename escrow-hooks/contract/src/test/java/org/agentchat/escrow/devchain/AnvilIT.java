package org.agentchat.escrow.devchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.methods.response.EthBlock;

/// What tests and the demonstration take for granted of the local chain.
final class AnvilIT {

  @BeforeEach
  void needsAnvil() {
    assumeTrue(AnvilBinary.find().isPresent(), AnvilBinary.MISSING);
  }

  @Test
  void accountsAreRichAndTheirKeysKnown() throws Exception {
    try (Anvil anvil = Anvil.start()) {
      assertThat(Anvil.key(0).getAddress()).isEqualTo("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
      for (int account = 0; account < Anvil.ACCOUNTS; account++) {
        BigInteger balance =
            anvil
                .web3j()
                .ethGetBalance(Anvil.key(account).getAddress(), DefaultBlockParameterName.LATEST)
                .send()
                .getBalance();
        assertThat(balance).isEqualTo(BigInteger.TEN.pow(22));
      }
      assertThat(anvil.web3j().ethChainId().send().getChainId())
          .isEqualTo(BigInteger.valueOf(Anvil.CHAIN_ID));
    }
  }

  @Test
  void timeMovesWhenTold() throws Exception {
    try (Anvil anvil = Anvil.start()) {
      BigInteger before = newest(anvil).getTimestamp();
      anvil.travel(Duration.ofDays(3));
      assertThat(newest(anvil).getTimestamp().subtract(before).longValueExact())
          .isBetween(Duration.ofDays(3).toSeconds(), Duration.ofDays(4).toSeconds());
      long at = newest(anvil).getTimestamp().longValueExact() + 100;
      anvil.nextBlockAt(at);
      anvil.mine(1);
      assertThat(newest(anvil).getTimestamp().longValueExact()).isEqualTo(at);
    }
  }

  @Test
  void snapshotBringsBackWhatWas() throws Exception {
    try (Anvil anvil = Anvil.start()) {
      String snapshot = anvil.snapshot();
      anvil.balance(Anvil.key(1).getAddress(), BigInteger.ONE);
      anvil.mine(5);
      anvil.revert(snapshot);
      assertThat(newest(anvil).getNumber()).isZero();
      assertThatThrownBy(() -> anvil.revert("0x77"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("0x77");
    }
  }

  @Test
  void reorganisationReplacesTheNewestBlocks() throws Exception {
    try (Anvil anvil = Anvil.start()) {
      anvil.mine(5);
      String before = newest(anvil).getHash();
      anvil.reorg(2);
      assertThat(newest(anvil).getNumber()).isEqualTo(BigInteger.valueOf(5));
      assertThat(newest(anvil).getHash()).isNotEqualTo(before);
    }
  }

  @Test
  void nextBlockHasTheBaseFeeThatWasSet() throws Exception {
    try (Anvil anvil = Anvil.start("--no-mining")) {
      anvil.nextBaseFee(BigInteger.valueOf(77_000_000_000L));
      anvil.mine(1);
      assertThat(newest(anvil).getBaseFeePerGas()).isEqualTo(BigInteger.valueOf(77_000_000_000L));
    }
  }

  @Test
  void chainIsThereAgainAfterARestartOnItsPort(@TempDir Path folder) throws Exception {
    String state = folder.resolve("state.json").toString();
    int port;
    try (Anvil anvil = Anvil.start("--state", state)) {
      port = anvil.port();
      anvil.mine(7);
    }
    try (Anvil anvil = Anvil.start("--state", state, "--port", Integer.toString(port))) {
      assertThat(anvil.port()).isEqualTo(port);
      assertThat(newest(anvil).getNumber()).isEqualTo(BigInteger.valueOf(7));
    }
  }

  @Test
  void refusalSaysWhatAnvilSaid() {
    assertThatThrownBy(() -> Anvil.start("--no-such-option"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("--no-such-option");
  }

  private static EthBlock.Block newest(Anvil anvil) throws Exception {
    return anvil
        .web3j()
        .ethGetBlockByNumber(DefaultBlockParameterName.LATEST, false)
        .send()
        .getBlock();
  }
}
