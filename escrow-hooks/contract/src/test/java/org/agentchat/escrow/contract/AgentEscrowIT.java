package org.agentchat.escrow.contract;

import static org.agentchat.escrow.contract.EscrowChain.PAYER;
import static org.agentchat.escrow.contract.Expect.must;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import org.agentchat.escrow.contract.EscrowCall.Lock;
import org.agentchat.escrow.devchain.Anvil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.utils.Numeric;

/// What a client can see of a contract, also of one that is not ours.
@ExtendWith(OnChain.class)
final class AgentEscrowIT {

  private static final DefaultBlockParameterName LATEST = DefaultBlockParameterName.LATEST;

  private final EscrowChain chain;

  AgentEscrowIT(EscrowChain chain) {
    this.chain = chain;
  }

  @Test
  void codeOfADeploymentIsKnownForItsChainAndAddressOnly() throws Exception {
    assertThat(chain.escrow().isGenuine(Anvil.CHAIN_ID, LATEST)).isTrue();
    assertThat(chain.escrow().isGenuine(1, LATEST)).isFalse();
    String code = chain.anvil().web3j().ethGetCode(chain.contract(), LATEST).send().getCode();
    String elsewhere = "0x" + "e1".repeat(20);
    chain.anvil().call("anvil_setCode", elsewhere, code);
    assertThat(at(elsewhere).isGenuine(Anvil.CHAIN_ID, LATEST)).isFalse();
  }

  @Test
  void otherCodeIsNotTakenForOurs() throws Exception {
    assertThat(at(PAYER).isGenuine(Anvil.CHAIN_ID, LATEST)).isFalse();
    String token = chain.deploy(TestContracts.creationCode("TestToken"));
    assertThat(at(token).isGenuine(Anvil.CHAIN_ID, LATEST)).isFalse();
    // Ours but for one byte in the middle.
    String code = chain.anvil().web3j().ethGetCode(chain.contract(), LATEST).send().getCode();
    int middle = code.length() / 2;
    char other = code.charAt(middle) == '0' ? '1' : '0';
    chain
        .anvil()
        .call(
            "anvil_setCode",
            chain.contract(),
            code.substring(0, middle) + other + code.substring(middle + 1));
    assertThat(chain.escrow().isGenuine(Anvil.CHAIN_ID, LATEST)).isFalse();
  }

  @Test
  void statusAndCreditAreReadAtABlock() throws Exception {
    Terms terms = new Deal().terms();
    must(chain.call(PAYER, new Lock(terms)));
    String id = chain.domain().id(terms);
    assertThat(chain.escrow().status(id, LATEST))
        .isEqualTo(new AgentEscrow.Status(EscrowState.LOCKED, terms.deadline()));
    assertThat(chain.escrow().status(Deal.HASH, LATEST))
        .isEqualTo(new AgentEscrow.Status(EscrowState.NONE, 0));
    assertThat(chain.escrow().credit(Hex.ZERO_ADDRESS, PAYER, LATEST)).isZero();
  }

  @Test
  void readingWhereNoContractIsSaysSo() {
    assertThatThrownBy(() -> at(PAYER).status(Deal.HASH, LATEST))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(PAYER)
        .hasMessageContaining("no such contract");
  }

  @Test
  void logsOfOthersAreNoEvents() {
    String token = chain.deploy(TestContracts.creationCode("TestToken"));
    EscrowChain.Outcome minted =
        must(chain.send(PAYER, token, BigInteger.ZERO, Calls.mint(PAYER, BigInteger.ONE)));
    assertThat(minted.receipt().orElseThrow().getLogs()).hasSize(1);
    assertThat(minted.events()).isEmpty();
  }

  @Test
  void malformedLogWithOurTopicIsToldApart() {
    Log log = new Log();
    log.setTopics(List.of(EscrowEvent.topics().getFirst()));
    log.setData(Numeric.toHexString(new byte[32]));
    assertThatThrownBy(() -> EscrowEvent.parse(log))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Locked");
  }

  private AgentEscrow at(String address) {
    return new AgentEscrow(chain.anvil().web3j(), address);
  }
}
