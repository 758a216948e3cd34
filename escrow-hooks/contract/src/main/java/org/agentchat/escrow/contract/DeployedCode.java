package org.agentchat.escrow.contract;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.web3j.crypto.Hash;

/// The code that stands on a chain after a deployment: that of the compiler, with the values that
/// the constructor put into it. All of them follow from chain and address.
final class DeployedCode {

  private static final String NAME = "AgentEscrow";
  private static final String VERSION = "1";

  private static final String DOMAIN_TYPE =
      "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

  private static final int WORD = 32;

  private DeployedCode() {}

  /// @return `0x` and digits
  /// @throws IllegalStateException when the artefact has an immutable value that is not known here
  static String of(Artifact artifact, long chainId, String address) {
    Map<String, String> values = values(chainId, address);
    if (!values.keySet().equals(artifact.immutables().keySet())) {
      throw new IllegalStateException(
          "The contract has the immutable values " + artifact.immutables().keySet());
    }
    StringBuilder code = new StringBuilder(artifact.deployedCode());
    for (Map.Entry<String, List<Integer>> immutable : artifact.immutables().entrySet()) {
      String word = values.getOrDefault(immutable.getKey(), "");
      for (int position : immutable.getValue()) {
        int first = 2 + 2 * position;
        code.replace(first, first + 2 * WORD, word);
      }
    }
    return code.toString();
  }

  private static Map<String, String> values(long chainId, String address) {
    String chain = word(BigInteger.valueOf(chainId));
    String self = word(new BigInteger(address.substring(2), 16));
    String name = hash(NAME);
    String version = hash(VERSION);
    String domain =
        Hash.sha3("0x" + hash(DOMAIN_TYPE) + name + version + chain + self).substring(2);
    return Map.of(
        "_cachedChainId", chain,
        "_cachedDomainSeparator", domain,
        "_cachedThis", self,
        "_hashedName", name,
        "_hashedVersion", version,
        "_home", domain,
        "_name", shortString(NAME),
        "_version", shortString(VERSION));
  }

  private static String hash(String text) {
    return Hash.sha3String(text).substring(2);
  }

  /// OpenZeppelin's `ShortString`: the text from the left, its length in the last byte.
  private static String shortString(String text) {
    byte[] word = new byte[WORD];
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, word, 0, bytes.length);
    word[WORD - 1] = (byte) bytes.length;
    return HexFormat.of().formatHex(word);
  }

  private static String word(BigInteger value) {
    String digits = value.toString(16);
    return "0".repeat(2 * WORD - digits.length()) + digits;
  }
}
