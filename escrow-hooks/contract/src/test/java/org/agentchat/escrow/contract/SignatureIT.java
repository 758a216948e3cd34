package org.agentchat.escrow.contract;

import static org.agentchat.escrow.contract.EscrowChain.OPERATOR;
import static org.agentchat.escrow.contract.EscrowChain.PAYEE;
import static org.agentchat.escrow.contract.EscrowChain.PAYER;
import static org.agentchat.escrow.contract.EscrowChain.STRANGER;
import static org.agentchat.escrow.contract.Expect.must;
import static org.agentchat.escrow.contract.Expect.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.agentchat.escrow.contract.EscrowCall.Lock;
import org.agentchat.escrow.contract.EscrowCall.LockFor;
import org.agentchat.escrow.contract.EscrowCall.Release;
import org.agentchat.escrow.contract.EscrowCall.SettleSigned;
import org.agentchat.escrow.contract.EscrowCall.Withdraw;
import org.agentchat.escrow.contract.EscrowRefusal.Reason;
import org.agentchat.escrow.devchain.Anvil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.StructuredDataEncoder;
import org.web3j.utils.Numeric;

/// What counts as somebody's signature, and where.
@ExtendWith(OnChain.class)
final class SignatureIT {

  private final EscrowChain chain;
  private final Credentials payer = EscrowChain.keyOf(PAYER);
  private final Credentials payee = EscrowChain.keyOf(PAYEE);

  SignatureIT(EscrowChain chain) {
    this.chain = chain;
  }

  @Test
  void idIsTheHashThatWalletsSign() throws Exception {
    Terms terms = new Deal().token(OPERATOR).terms();
    String typed =
        """
        {
          "types": {
            "EIP712Domain": [
              {"name": "name", "type": "string"},
              {"name": "version", "type": "string"},
              {"name": "chainId", "type": "uint256"},
              {"name": "verifyingContract", "type": "address"}
            ],
            "Terms": [
              {"name": "payer", "type": "address"},
              {"name": "payee", "type": "address"},
              {"name": "operator", "type": "address"},
              {"name": "arbiter", "type": "address"},
              {"name": "token", "type": "address"},
              {"name": "amount", "type": "uint256"},
              {"name": "deadline", "type": "uint64"},
              {"name": "reviewPeriod", "type": "uint32"},
              {"name": "disputePeriod", "type": "uint32"},
              {"name": "silentBps", "type": "uint16"},
              {"name": "proposal", "type": "bytes32"}
            ]
          },
          "primaryType": "Terms",
          "domain": {
            "name": "AgentEscrow", "version": "1", "chainId": 31337, "verifyingContract": "%s"
          },
          "message": {
            "payer": "%s", "payee": "%s", "operator": "%s", "arbiter": "%s", "token": "%s",
            "amount": "%s", "deadline": %d, "reviewPeriod": %d, "disputePeriod": %d,
            "silentBps": %d, "proposal": "%s"
          }
        }
        """
            .formatted(
                chain.contract(),
                terms.payer(),
                terms.payee(),
                terms.operator(),
                terms.arbiter(),
                terms.token(),
                terms.amount(),
                terms.deadline(),
                terms.reviewPeriod(),
                terms.disputePeriod(),
                terms.silentBps(),
                terms.proposal());
    byte[] wallets = new StructuredDataEncoder(typed).hashStructuredData();
    assertThat(chain.domain().id(terms)).isEqualTo(Numeric.toHexString(wallets));
    assertThat(chain.send(STRANGER, chain.contract(), BigInteger.ZERO, Calls.id(terms)).data())
        .isEqualTo(chain.domain().id(terms));
  }

  @Test
  void onlyThePayersOwnSignatureOfTheseTermsLocks() {
    Terms terms = tokenDeal().terms();
    String id = chain.domain().id(terms);
    String good = Signatures.sign(id, payer);
    String[] bad = {
      "0x",
      good.substring(0, good.length() - 2),
      good + "00",
      Signatures.malleated(good),
      good.substring(0, 130) + "1d",
      good.substring(0, 130) + "00",
      "0x" + "00".repeat(65),
      Signatures.sign(id, payee),
      Signatures.sign(id, EscrowChain.keyOf(STRANGER)),
      Signatures.sign(chain.domain().id(tokenDealOf(terms.token()).number(7).terms()), payer)
    };
    for (String signature : bad) {
      refused(chain.call(STRANGER, new LockFor(terms, signature)), Reason.INVALID_SIGNATURE, PAYER);
    }
    must(chain.call(STRANGER, new LockFor(terms, good)));
  }

  @Test
  void signatureCountsInNoOtherContractAndOnNoOtherChain() {
    Terms terms = tokenDeal().terms();
    String other = chain.deploy(AgentEscrow.creationCode());
    EscrowDomain[] elsewhere = {
      new EscrowDomain(Anvil.CHAIN_ID, other), new EscrowDomain(1, chain.contract())
    };
    for (EscrowDomain domain : elsewhere) {
      refused(
          chain.call(STRANGER, new LockFor(terms, Signatures.sign(domain.id(terms), payer))),
          Reason.INVALID_SIGNATURE,
          PAYER);
    }
  }

  @Test
  void coinCannotBeLockedForAnother() {
    Terms terms = new Deal().terms();
    refused(
        chain.call(STRANGER, new LockFor(terms, Signatures.sign(chain.domain().id(terms), payer))),
        Reason.INVALID_TOKEN,
        Hex.ZERO_ADDRESS);
  }

  @Test
  void signatureIsUsedUpWithTheEscrow() {
    Terms terms = tokenDeal().terms();
    String id = chain.domain().id(terms);
    LockFor call = new LockFor(terms, Signatures.sign(id, payer));
    must(chain.call(STRANGER, call));
    must(chain.call(PAYER, new Release(terms)));
    refused(chain.call(STRANGER, call), Reason.EXISTS, id);
  }

  @Test
  void divisionNeedsBothSignaturesOfExactlyIt() {
    Terms terms = new Deal().terms();
    must(chain.call(PAYER, new Lock(terms)));
    String id = chain.domain().id(terms);
    BigInteger part = BigInteger.valueOf(11);
    long notAfter = chain.now() + 10;
    String digest = chain.domain().settlement(id, part, notAfter);
    String byPayer = Signatures.sign(digest, payer);
    String byPayee = Signatures.sign(digest, payee);

    refusedSettlement(terms, part, notAfter, byPayee, byPayee, PAYER);
    refusedSettlement(terms, part, notAfter, byPayer, byPayer, PAYEE);
    refusedSettlement(terms, part, notAfter, "0x", byPayee, PAYER);
    refusedSettlement(terms, part, notAfter, byPayer, "0x", PAYEE);
    refusedSettlement(terms, part, notAfter, Signatures.malleated(byPayer), byPayee, PAYER);
    refusedSettlement(terms, part, notAfter, byPayer, Signatures.malleated(byPayee), PAYEE);
    refusedSettlement(terms, BigInteger.TEN, notAfter, byPayer, byPayee, PAYER);
    refusedSettlement(terms, part, notAfter + 1, byPayer, byPayee, PAYER);
    refused(
        chain.call(
            PAYEE,
            new SettleSigned(terms, Deal.AMOUNT.add(BigInteger.ONE), notAfter, byPayer, byPayee)),
        Reason.SHARE_TOO_LARGE,
        Deal.AMOUNT.add(BigInteger.ONE),
        Deal.AMOUNT);

    chain.at(notAfter + 1);
    SettleSigned call = new SettleSigned(terms, part, notAfter, byPayer, byPayee);
    refused(chain.call(PAYEE, call), Reason.TOO_LATE, notAfter);
  }

  @Test
  void divisionOfOneEscrowIsNoneOfAnother() {
    Terms first = new Deal().terms();
    Terms second = new Deal().number(2).terms();
    must(chain.call(PAYER, new Lock(first)));
    must(chain.call(PAYER, new Lock(second)));
    long notAfter = chain.now();
    String digest = chain.domain().settlement(chain.domain().id(first), BigInteger.ONE, notAfter);
    String byPayer = Signatures.sign(digest, payer);
    String byPayee = Signatures.sign(digest, payee);
    refusedSettlement(second, BigInteger.ONE, notAfter, byPayer, byPayee, PAYER);
    SettleSigned call = new SettleSigned(first, BigInteger.ONE, notAfter, byPayer, byPayee);
    must(chain.call(STRANGER, call));
    refused(chain.call(STRANGER, call), Reason.WRONG_STATE, chain.domain().id(first), "Resolved");
  }

  private void refusedSettlement(
      Terms terms,
      BigInteger toPayee,
      long notAfter,
      String byPayer,
      String byPayee,
      String blamed) {
    refused(
        chain.call(STRANGER, new SettleSigned(terms, toPayee, notAfter, byPayer, byPayee)),
        Reason.INVALID_SIGNATURE,
        blamed);
  }

  @Test
  void contractWalletPaysAndSettlesBySignaturesOfItsOwnForm() {
    String wallet = chain.deploy(PAYER, TestContracts.creationCode("TestWallet"));
    String token = chain.deploy(TestContracts.creationCode("TestToken"));
    must(chain.send(PAYER, token, BigInteger.ZERO, Calls.mint(wallet, Deal.AMOUNT)));
    execute(wallet, token, Calls.approve(chain.contract(), Deal.AMOUNT));
    Terms terms = new Deal().payer(wallet).token(token).terms();
    String id = chain.domain().id(terms);

    refused(
        chain.call(STRANGER, new LockFor(terms, Signatures.sign(id, payer))),
        Reason.INVALID_SIGNATURE,
        wallet);
    must(chain.send(PAYER, wallet, BigInteger.ZERO, Calls.sign(false)));
    refused(
        chain.call(STRANGER, new LockFor(terms, walletSignature(id))),
        Reason.INVALID_SIGNATURE,
        wallet);
    must(chain.send(PAYER, wallet, BigInteger.ZERO, Calls.sign(true)));
    must(chain.call(STRANGER, new LockFor(terms, walletSignature(id))));

    long notAfter = chain.now();
    String digest = chain.domain().settlement(id, BigInteger.ONE, notAfter);
    must(
        chain.call(
            STRANGER,
            new SettleSigned(
                terms,
                BigInteger.ONE,
                notAfter,
                walletSignature(digest),
                Signatures.sign(digest, payee))));
    execute(wallet, chain.contract(), new Withdraw(token).data());
    assertThat(chain.balance(token, wallet)).isEqualTo(Deal.AMOUNT.subtract(BigInteger.ONE));
  }

  /// A chain that splits: one branch takes a new id, and all that stood on the chain stands on
  /// both. Only asked, because anvil signs for the id that it was started with.
  @Test
  void openEscrowEndsAlsoOnABranchWithANewChainIdWhereOldSignaturesAreVoid() {
    String token = Currency.TOKEN.prepare(chain);
    Terms open = tokenDealOf(token).number(1).terms();
    must(chain.call(PAYER, new Lock(open)));
    chain.anvil().call("anvil_setChainId", 77);
    try {
      must(chain.ask(PAYER, new Release(open)));
      refused(chain.ask(PAYER, new Lock(open)), Reason.EXISTS, chain.domain().id(open));

      Terms signed = tokenDealOf(token).number(2).terms();
      String before = Signatures.sign(chain.domain().id(signed), payer);
      refused(chain.ask(STRANGER, new LockFor(signed, before)), Reason.INVALID_SIGNATURE, PAYER);
      String now = Signatures.sign(new EscrowDomain(77, chain.contract()).id(signed), payer);
      must(chain.ask(STRANGER, new LockFor(signed, now)));
    } finally {
      chain.anvil().call("anvil_setChainId", Anvil.CHAIN_ID);
    }
  }

  private Deal tokenDeal() {
    return tokenDealOf(Currency.TOKEN.prepare(chain));
  }

  private static Deal tokenDealOf(String token) {
    return new Deal().token(token);
  }

  private void execute(String wallet, String target, String data) {
    must(chain.send(PAYER, wallet, BigInteger.ZERO, Calls.execute(target, BigInteger.ZERO, data)));
  }

  /// See `TestWallet.isValidSignature`.
  private static String walletSignature(String digest) {
    return digest + PAYER.substring(2);
  }
}
