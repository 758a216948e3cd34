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

  private static final int WORD = 32;

  private DeployedCode() {}

  /// @return `0x` and digits
  /// @throws IllegalStateException when the artefact has an immutable value that is not known here
  static String of(Artifact artifact, EscrowDomain domain) {
    Map<String, String> values = values(domain);
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

  private static Map<String, String> values(EscrowDomain domain) {
    String separator = domain.separator().substring(2);
    return Map.of(
        "_cachedChainId", EscrowDomain.word(BigInteger.valueOf(domain.chainId())),
        "_cachedDomainSeparator", separator,
        "_cachedThis", EscrowDomain.word(new BigInteger(domain.contract().substring(2), 16)),
        "_hashedName", hash(EscrowDomain.NAME),
        "_hashedVersion", hash(EscrowDomain.VERSION),
        "_home", separator,
        "_name", shortString(EscrowDomain.NAME),
        "_version", shortString(EscrowDomain.VERSION));
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
}
