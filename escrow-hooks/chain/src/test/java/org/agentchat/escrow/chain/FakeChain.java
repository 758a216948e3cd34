package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionDecoder;
import org.web3j.utils.Numeric;

/// A chain in memory that mines what it was sent, forgets it, goes back, and is away, as a
/// simulation wants. Transactions have no effect but to be there; every account is rich.
final class FakeChain implements ChainNode {
  /// A transaction that waits or is in a block.
  record Sent(Hash hash, long nonce, BigInteger maxFee, String data, boolean foreign) {}

  private record Mined(Block block, List<Sent> transactions) {}

  static final BigInteger RICH = BigInteger.TEN.pow(24);

  private final RandomGenerator random;
  private final Address sender;
  private final Map<Long, Sent> pool = new LinkedHashMap<>();
  private final Map<Hash, Sent> everSent = new HashMap<>();
  private final List<Mined> blocks = new ArrayList<>();
  private BigInteger baseFee = BigInteger.valueOf(100);
  private boolean away;
  private int made;

  FakeChain(RandomGenerator random, Address sender) {
    this.random = random;
    this.sender = sender;
    append(List.of());
  }

  void baseFee(long wei) {
    baseFee = BigInteger.valueOf(wei);
  }

  void away(boolean value) {
    away = value;
  }

  /// A block with everything that can be in it, in the order of nonces.
  void mine() {
    List<Sent> included = new ArrayList<>();
    for (long nonce = nonceAt(height()); pool.containsKey(nonce); nonce++) {
      Sent next = pool.get(nonce);
      if (next.maxFee().compareTo(baseFee) < 0) {
        break;
      }
      included.add(next);
    }
    included.forEach(each -> pool.remove(each.nonce()));
    append(included);
  }

  /// Another branch wins: of what was in the last blocks some waits again, some is forgotten.
  void reorganise(int depth) {
    int keep = Math.max(1, blocks.size() - depth);
    int lost = blocks.size() - keep;
    while (blocks.size() > keep) {
      for (Sent each : blocks.removeLast().transactions()) {
        if (random.nextBoolean()) {
          pool.putIfAbsent(each.nonce(), each);
        }
      }
    }
    for (int i = 0; i < lost; i++) {
      append(List.of());
    }
  }

  void forgetPool() {
    pool.clear();
  }

  /// Another program with the same key makes a transaction.
  void foreign() {
    long nonce = pendingNonce(sender);
    Sent theirs =
        new Sent(fresh(), nonce, BigInteger.TEN.pow(12), "0xffff%04x".formatted(made), true);
    pool.put(nonce, theirs);
  }

  /// How often a transaction with this data is in the chain.
  long count(String data) {
    return blocks.stream()
        .flatMap(block -> block.transactions().stream())
        .filter(each -> each.data().equals(data) && !each.foreign())
        .count();
  }

  private void append(List<Sent> included) {
    Hash parent = blocks.isEmpty() ? fresh() : blocks.getLast().block().ref().hash();
    Block block =
        new Block(
            new BlockRef(blocks.size(), fresh()),
            parent,
            1_000_000 + blocks.size() * 12L,
            baseFee,
            included.stream().map(Sent::hash).toList());
    blocks.add(new Mined(block, List.copyOf(included)));
  }

  private Hash fresh() {
    return new Hash("0x%032x%032x".formatted(++made, random.nextLong()));
  }

  private long height() {
    return blocks.size() - 1L;
  }

  private long nonceAt(long block) {
    return blocks.stream().limit(block + 1).mapToLong(each -> each.transactions().size()).sum();
  }

  private void requireThere() throws NodeUnreachableException {
    if (away) {
      throw new NodeUnreachableException("the fake chain is away", new RuntimeException());
    }
  }

  @Override
  public long chainId() {
    return 1;
  }

  @Override
  public Block head() throws ChainException {
    requireThere();
    return blocks.getLast().block();
  }

  @Override
  public Optional<Block> block(long number) throws ChainException {
    requireThere();
    return number < blocks.size()
        ? Optional.of(blocks.get((int) number).block())
        : Optional.empty();
  }

  @Override
  public Optional<Block> finalized() {
    return Optional.empty();
  }

  @Override
  public BigInteger suggestedTip() throws ChainException {
    requireThere();
    return BigInteger.TWO;
  }

  @Override
  public long nonceAt(Address account, long block) throws ChainException {
    requireThere();
    return nonceAt(block);
  }

  @Override
  public long pendingNonce(Address account) {
    long nonce = nonceAt(height());
    while (pool.containsKey(nonce)) {
      nonce++;
    }
    return nonce;
  }

  @Override
  public BigInteger balanceAt(Address account, long block) {
    return RICH;
  }

  @Override
  public String code(Address address) {
    return "0x";
  }

  @Override
  public String call(Call call, long block) {
    return "0x";
  }

  @Override
  public long estimateGas(Call call) throws ChainException {
    requireThere();
    return 40_000;
  }

  @Override
  public Optional<Receipt> receipt(Hash transaction) throws ChainException {
    requireThere();
    return blocks.stream()
        .filter(block -> block.block().transactions().contains(transaction))
        .findFirst()
        .map(block ->
            new Receipt(
                transaction, block.block().ref(), sender, true, Optional.empty(), 1, List.of()));
  }

  @Override
  public boolean knows(Hash transaction) throws ChainException {
    return receipt(transaction).isPresent()
        || pool.values().stream().anyMatch(each -> each.hash().equals(transaction));
  }

  /// As geth: a nonce that is used is refused, and so is a replacement for less than 10 % more.
  @Override
  public void send(String raw) throws ChainException {
    requireThere();
    RawTransaction decoded = TransactionDecoder.decode(raw);
    BigInteger maxFee =
        ((org.web3j.crypto.transaction.type.Transaction1559) decoded.getTransaction())
            .getMaxFeePerGas();
    Hash hash = Hash.of(org.web3j.crypto.Hash.sha3(Numeric.hexStringToByteArray(raw)));
    Sent sent =
        new Sent(
            hash,
            decoded.getNonce().longValueExact(),
            maxFee,
            Numeric.prependHexPrefix(decoded.getData()),
            false);
    everSent.put(hash, sent);
    Sent other = pool.get(sent.nonce());
    if (sent.nonce() < nonceAt(height())) {
      throw new NodeRefusedException("eth_sendRawTransaction", -32000, "nonce too low");
    }
    if (other != null
        && sent.maxFee()
                .multiply(BigInteger.TEN)
                .compareTo(other.maxFee().multiply(BigInteger.valueOf(11)))
            < 0) {
      throw new NodeRefusedException("eth_sendRawTransaction", -32000, "underpriced or known");
    }
    pool.put(sent.nonce(), sent);
  }

  @Override
  public List<ChainLog> logs(Address contract, long first, long last) {
    return List.of();
  }
}
