package org.agentchat.escrow.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentchat.escrow.contract.EscrowCall.Deliver;
import org.agentchat.escrow.contract.EscrowCall.Dispute;
import org.agentchat.escrow.contract.EscrowCall.Lock;
import org.agentchat.escrow.contract.EscrowCall.LockFor;
import org.agentchat.escrow.contract.EscrowCall.Refund;
import org.agentchat.escrow.contract.EscrowCall.Release;
import org.agentchat.escrow.contract.EscrowCall.Resolve;
import org.agentchat.escrow.contract.EscrowCall.ResolveSilent;
import org.agentchat.escrow.contract.EscrowCall.Settle;
import org.agentchat.escrow.contract.EscrowCall.SettleSigned;
import org.agentchat.escrow.contract.EscrowCall.Withdraw;
import org.agentchat.escrow.contract.EscrowCall.WithdrawTo;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Hash;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Our types say what the compiler says of the contract, all of it and nothing else.
final class AbiTest {

  private static final Terms TERMS = new Deal().terms();

  @Test
  void everyFunctionThatChangesSomethingIsACall() {
    List<EscrowCall> calls =
        List.of(
            new Lock(TERMS),
            new LockFor(TERMS, "0x"),
            new Deliver(TERMS, Deal.HASH),
            new Release(TERMS),
            new Settle(TERMS, BigInteger.ONE),
            new SettleSigned(TERMS, BigInteger.ONE, 1, "0x", "0x"),
            new Refund(TERMS),
            new Dispute(TERMS, Deal.HASH),
            new Resolve(TERMS, BigInteger.ONE, Deal.HASH),
            new ResolveSilent(TERMS),
            new Withdraw(Hex.ZERO_ADDRESS),
            new WithdrawTo(Hex.ZERO_ADDRESS, Hex.ZERO_ADDRESS));
    Set<String> ours =
        calls.stream().map(call -> call.data().substring(0, 10)).collect(Collectors.toSet());
    Set<String> theirs =
        entries("function")
            .filter(entry -> !entry.path("stateMutability").asString().equals("view"))
            .map(entry -> Hash.sha3String(Abi.signature(entry)).substring(0, 10))
            .collect(Collectors.toSet());
    assertThat(ours).isEqualTo(theirs).hasSameSizeAs(calls);
  }

  @Test
  void everyEventIsKnown() {
    Set<String> ours =
        Arrays.stream(EscrowEvent.Kind.values())
            .map(EscrowEvent.Kind::signature)
            .collect(Collectors.toSet());
    Set<String> theirs =
        entries("event").map(Abi::signature).collect(Collectors.toCollection(TreeSet::new));
    theirs.remove("EIP712DomainChanged()"); // declared by the library, never emitted
    assertThat(ours).isEqualTo(theirs);
    assertThat(EscrowEvent.topics()).hasSameSizeAs(ours).doesNotHaveDuplicates();
  }

  @Test
  void everyErrorIsKnown() {
    Set<String> ours =
        Arrays.stream(EscrowRefusal.Reason.values())
            .map(EscrowRefusal.Reason::signature)
            .collect(Collectors.toSet());
    Set<String> theirs =
        entries("error").map(Abi::signature).collect(Collectors.toCollection(TreeSet::new));
    // Only the constructor could fail with these.
    theirs.removeAll(List.of("InvalidShortString()", "StringTooLong(string)"));
    assertThat(ours).isEqualTo(theirs);
  }

  @Test
  void onlyLockingCoinSendsCoin() {
    assertThat(new Lock(TERMS).value()).isEqualTo(Deal.AMOUNT);
    assertThat(new Lock(new Deal().token(EscrowChain.STRANGER).terms()).value()).isZero();
    assertThat(new Release(TERMS).value()).isZero();
  }

  @Test
  void errorsOfTheContractAreToldAsItNamesThem() {
    String selector = Hash.sha3String("WrongState(bytes32,uint8)").substring(0, 10);
    String data = selector + Deal.HASH.substring(2) + EscrowDomain.word(BigInteger.valueOf(4));
    assertThat(EscrowRefusal.parse(data).orElseThrow())
        .hasToString("WrongState(" + Deal.HASH + ", Released)");
    assertThat(EscrowRefusal.parse("0x")).isEmpty();
    assertThat(EscrowRefusal.parse("0x12345678")).isEmpty();
    assertThat(EscrowRefusal.parse(selector)).isEmpty();
    assertThat(EscrowRefusal.parse(selector + "00")).isEmpty();
    assertThat(EscrowRefusal.parse(selector + "zz".repeat(64))).isEmpty();
  }

  @Test
  void nonsenseInTheContractsWordsIsShownAsItIs() {
    String nonsense = "f".repeat(64);
    String state = Hash.sha3String("WrongState(bytes32,uint8)").substring(0, 10);
    assertThat(EscrowRefusal.parse(state + nonsense + nonsense).orElseThrow().arguments())
        .containsExactly("0x" + nonsense, new BigInteger(nonsense, 16).toString());
    String party = Hash.sha3String("SameParty(address)").substring(0, 10);
    assertThat(EscrowRefusal.parse(party + nonsense).orElseThrow().arguments())
        .containsExactly("0x" + nonsense);
  }

  private static Stream<JsonNode> entries(String type) {
    return JsonMapper.shared()
        .<JsonNode>valueToTree(Artifact.load().abi())
        .valueStream()
        .filter(entry -> entry.path("type").asString().equals(type));
  }
}
