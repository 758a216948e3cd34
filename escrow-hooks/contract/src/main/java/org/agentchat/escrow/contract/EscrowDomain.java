package org.agentchat.escrow.contract;

import java.math.BigInteger;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Type;
import org.web3j.crypto.Hash;

/// The EIP-712 domain of one deployed contract: what makes an id or a signature count there and
/// nowhere else.
///
/// @param chainId the chain's id
/// @param contract the contract's address
public record EscrowDomain(long chainId, String contract) {

  static final String NAME = "AgentEscrow";
  static final String VERSION = "1";

  private static final String DOMAIN =
      "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

  private static final String TERMS =
      "Terms(address payer,address payee,address operator,address arbiter,address token,"
          + "uint256 amount,uint64 deadline,uint32 reviewPeriod,uint32 disputePeriod,"
          + "uint16 silentBps,bytes32 proposal)";

  private static final String SETTLEMENT =
      "Settlement(bytes32 escrow,uint256 toPayee,uint64 notAfter)";

  public EscrowDomain {
    Hex.requireAddress("contract", contract);
    if (chainId < 1) {
      throw new IllegalArgumentException("A chain's id is 1 or more, not " + chainId);
    }
  }

  /// The hash of the domain itself.
  public String separator() {
    return hash(
        hashOf(DOMAIN)
            + hashOf(NAME)
            + hashOf(VERSION)
            + word(BigInteger.valueOf(chainId))
            + "0".repeat(24)
            + contract.substring(2));
  }

  /// The escrow's id, which is also what the payer signs for `lockFor`.
  public String id(Terms terms) {
    @SuppressWarnings("rawtypes") // web3j wants a list of these
    String encoded = FunctionEncoder.encodeConstructor(List.<Type>of(terms.encoded()));
    return typed(hash(hashOf(TERMS) + encoded));
  }

  /// What both parties sign for `settleSigned`.
  ///
  /// @param escrow the id
  /// @param toPayee the payee's part, in base units
  /// @param notAfter the last Unix second at which it counts
  public String settlement(String escrow, BigInteger toPayee, long notAfter) {
    Hex.requireBytes32("escrow", escrow);
    return typed(
        hash(
            hashOf(SETTLEMENT)
                + escrow.substring(2)
                + word(toPayee)
                + word(BigInteger.valueOf(notAfter))));
  }

  private String typed(String struct) {
    return hash("1901" + separator().substring(2) + struct.substring(2));
  }

  private static String hash(String digits) {
    return Hash.sha3("0x" + digits);
  }

  private static String hashOf(String text) {
    return Hash.sha3String(text).substring(2);
  }

  /// A number as 64 digits.
  static String word(BigInteger value) {
    String digits = value.toString(16);
    return "0".repeat(64 - digits.length()) + digits;
  }
}
