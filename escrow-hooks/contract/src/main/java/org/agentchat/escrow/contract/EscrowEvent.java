package org.agentchat.escrow.contract;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.web3j.crypto.Hash;
import org.web3j.protocol.core.methods.response.Log;

/// What the contract's log says. Which contract, block and transaction said it is in the [Log].
public sealed interface EscrowEvent {

  /// Something happened to one escrow.
  sealed interface Step extends EscrowEvent {
    /// The escrow's id.
    String escrow();
  }

  /// It was paid in.
  record Locked(String escrow, Terms terms) implements Step {}

  /// The work is said to be done.
  ///
  /// @param by payee or operator
  /// @param until the end of the review: from then on anyone can release
  record Delivered(String escrow, String by, String proofHash, long until) implements Step {}

  /// It was frozen for the arbiter.
  ///
  /// @param by payer, payee or operator
  /// @param until the end of the arbiter's time: from then on the agreed share is due
  record Disputed(String escrow, String by, String reasonHash, long until) implements Step {}

  /// All became the payee's.
  ///
  /// @param by payer, operator, or anyone after the review
  record Released(String escrow, String by, BigInteger toPayee) implements Step {}

  /// All became the payer's again.
  ///
  /// @param by anyone from the deadline on, or the payee, who cancelled
  record Refunded(String escrow, String by, BigInteger toPayer) implements Step {}

  /// Divided as both parties signed.
  ///
  /// @param by who handed the signatures in
  record Settled(String escrow, String by, BigInteger toPayee, BigInteger toPayer)
      implements Step {}

  /// Divided by the arbiter.
  record Resolved(
      String escrow, String by, BigInteger toPayee, BigInteger toPayer, String verdictHash)
      implements Step {}

  /// Divided by the agreed share, because the arbiter stayed silent.
  ///
  /// @param by anyone
  record ResolvedSilently(String escrow, String by, BigInteger toPayee, BigInteger toPayer)
      implements Step {}

  /// A credit left the contract.
  ///
  /// @param token an ERC-20 contract, or the zero address for the chain's own coin
  /// @param account whose credit it was
  /// @param to where it went
  record Withdrawn(String token, String account, String to, BigInteger amount)
      implements EscrowEvent {}

  /// Reads one entry of the log.
  ///
  /// @return empty when it is no event of this contract's source
  /// @throws IllegalArgumentException when it has the topic of one and is malformed, which a
  ///   contract with our code never writes
  static Optional<EscrowEvent> parse(Log log) {
    List<String> topics = log.getTopics();
    if (topics.isEmpty()) {
      return Optional.empty();
    }
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.topic.equals(topics.getFirst()))
        .findFirst()
        .map(kind -> kind.parse(topics, log.getData()));
  }

  /// The first topic of every event that [#parse] knows, for a filter.
  static List<String> topics() {
    return Arrays.stream(Kind.values()).map(kind -> kind.topic).toList();
  }

  /// Their signatures, in the contract's words.
  enum Kind {
    LOCKED(
        "Locked(bytes32,address,address,(address,address,address,address,address,uint256,uint64,"
            + "uint32,uint32,uint16,bytes32))",
        4,
        Terms.WORDS),
    DELIVERED("Delivered(bytes32,address,bytes32,uint64)", 3, 2),
    DISPUTED("Disputed(bytes32,address,bytes32,uint64)", 3, 2),
    RELEASED("Released(bytes32,address,uint256)", 3, 1),
    REFUNDED("Refunded(bytes32,address,uint256)", 3, 1),
    SETTLED("Settled(bytes32,address,uint256,uint256)", 3, 2),
    RESOLVED("Resolved(bytes32,address,uint256,uint256,bytes32)", 3, 3),
    RESOLVED_SILENTLY("ResolvedSilently(bytes32,address,uint256,uint256)", 3, 2),
    WITHDRAWN("Withdrawn(address,address,address,uint256)", 4, 1);

    private final String signature;
    private final String topic;
    private final int topicCount;
    private final int wordCount;

    Kind(String signature, int topicCount, int wordCount) {
      this.signature = signature;
      this.topic = Hash.sha3String(signature);
      this.topicCount = topicCount;
      this.wordCount = wordCount;
    }

    String signature() {
      return signature;
    }

    private EscrowEvent parse(List<String> topics, String data) {
      Words indexed = new Words("0x" + String.join("", topics).replace("0x", ""));
      Words words = new Words(data);
      if (indexed.count() != topicCount || words.count() != wordCount) {
        throw new IllegalArgumentException(
            signature + " with topics " + topics + " and data " + data);
      }
      String escrow = indexed.bytes32(1);
      String by = "0x" + indexed.bytes32(2).substring(26);
      return switch (this) {
        case LOCKED -> new Locked(escrow, Terms.decoded(words, 0));
        case DELIVERED -> new Delivered(escrow, by, words.bytes32(0), words.number(1));
        case DISPUTED -> new Disputed(escrow, by, words.bytes32(0), words.number(1));
        case RELEASED -> new Released(escrow, by, words.uint(0));
        case REFUNDED -> new Refunded(escrow, by, words.uint(0));
        case SETTLED -> new Settled(escrow, by, words.uint(0), words.uint(1));
        case RESOLVED -> new Resolved(escrow, by, words.uint(0), words.uint(1), words.bytes32(2));
        case RESOLVED_SILENTLY -> new ResolvedSilently(escrow, by, words.uint(0), words.uint(1));
        case WITHDRAWN ->
            new Withdrawn(
                indexed.address(1), indexed.address(2), indexed.address(3), words.uint(0));
      };
    }
  }
}
