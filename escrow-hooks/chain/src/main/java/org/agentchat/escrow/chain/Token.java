package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.datatypes.generated.Uint256;

/// A token contract (ERC-20).
public final class Token {
  private final ChainNode node;
  private final Address contract;

  /// Asks nothing yet.
  public Token(ChainNode node, Address contract) {
    this.node = node;
    this.contract = contract;
  }

  /// What an account has, base units.
  public BigInteger balance(Address account, long block) throws ChainException {
    return ask("balanceOf", List.of(Abi.address(account)), block);
  }

  /// What a spender may still take from an owner, base units.
  public BigInteger allowance(Address owner, Address spender, long block) throws ChainException {
    return ask("allowance", List.of(Abi.address(owner), Abi.address(spender)), block);
  }

  private BigInteger ask(
      String function, List<org.web3j.abi.datatypes.Type<?>> arguments, long block)
      throws ChainException {
    String data = Abi.call(function, arguments);
    String question = "%s of token %s".formatted(function, contract);
    return Returned.of(question, node.call(Call.to(contract, data), block)).uint(0);
  }

  /// Lets a spender take so much from the sender, as a wish.
  ///
  /// @param amount base units; replaces what was allowed before
  public Request approval(String key, Address sender, Address spender, BigInteger amount) {
    return new Request(
        key,
        sender,
        Optional.of(contract),
        BigInteger.ZERO,
        Abi.call("approve", List.of(Abi.address(spender), new Uint256(amount))));
  }
}
