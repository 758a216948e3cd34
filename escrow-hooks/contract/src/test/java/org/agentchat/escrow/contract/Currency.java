package org.agentchat.escrow.contract;

import static org.agentchat.escrow.contract.Expect.must;

import java.math.BigInteger;

/// What a deal is paid in.
enum Currency {
  COIN,
  /// An ordinary ERC-20.
  TOKEN,
  /// One that answers nothing to `transfer`.
  SILENT_TOKEN;

  /// Puts it on the chain; the payer has a million deals' worth and allows the contract all of it.
  ///
  /// @return the terms' `token`
  String prepare(EscrowChain chain) {
    return switch (this) {
      case COIN -> Hex.ZERO_ADDRESS;
      case TOKEN -> prepare(chain, "TestToken");
      case SILENT_TOKEN -> prepare(chain, "SilentToken");
    };
  }

  static String prepare(EscrowChain chain, String contract) {
    String token = chain.deploy(TestContracts.creationCode(contract));
    fund(chain, token, EscrowChain.PAYER, Deal.AMOUNT.multiply(BigInteger.valueOf(1_000_000)));
    return token;
  }

  static void fund(EscrowChain chain, String token, String account, BigInteger amount) {
    must(chain.send(account, token, BigInteger.ZERO, Calls.mint(account, amount)));
    must(chain.send(account, token, BigInteger.ZERO, Calls.approve(chain.contract(), amount)));
  }
}
