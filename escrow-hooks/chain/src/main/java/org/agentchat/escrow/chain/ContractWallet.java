package org.agentchat.escrow.chain;

import java.util.HexFormat;
import java.util.List;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.generated.Bytes32;

/// An account that is a contract, and says itself what it has signed (ERC-1271).
public final class ContractWallet {
  /// What `isValidSignature(bytes32,bytes)` returns for a yes.
  private static final String YES = "0x1626ba7e";

  private ContractWallet() {}

  /// Whether the account's code takes the signature, after that block. False also where there is no
  /// code, or code that knows no such question.
  public static boolean signed(
      ChainNode node, Address account, Hash digest, byte[] signature, long block)
      throws ChainException {
    String data =
        Abi.call(
            "isValidSignature", List.of(new Bytes32(digest.bytes()), new DynamicBytes(signature)));
    try {
      String answer = node.call(Call.to(account, data), block);
      return answer.length() == 2 + 64
          && answer.startsWith(YES)
          && HexFormat.of().parseHex(answer, 10, answer.length()).length == 28
          && answer.substring(10).chars().allMatch(character -> character == '0');
    } catch (RevertedException _) {
      return false;
    }
  }
}
