package org.agentchat.escrow.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.exceptions.ClientConnectionException;
import org.web3j.protocol.http.HttpService;
import org.web3j.utils.Numeric;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A node behind JSON-RPC over HTTP.
public final class JsonRpcNode implements ChainNode, AutoCloseable {
  /// The code with which nodes say that a contract refused.
  private static final int REVERTED = 3;

  private final NodeSettings settings;
  private final OkHttpClient http;
  private final HttpService service;

  /// Connects to nothing yet.
  public JsonRpcNode(NodeSettings settings) {
    this.settings = settings;
    this.http =
        new OkHttpClient.Builder()
            .connectTimeout(settings.connectTimeout())
            .readTimeout(settings.callTimeout())
            .writeTimeout(settings.callTimeout())
            .callTimeout(settings.callTimeout())
            .followRedirects(false)
            .addInterceptor(new BoundedAnswers())
            .build();
    this.service = new HttpService(settings.url().toString(), http, false);
  }

  /// The node for messages, without what may be secret in its address.
  public String name() {
    return settings.name();
  }

  @Override
  public long chainId() throws ChainException {
    return new Wire("eth_chainId").number(ask("eth_chainId", List.of()));
  }

  @Override
  public Block head() throws ChainException {
    return blockAt("latest")
        .orElseThrow(() -> new GarbledAnswerException("the node has no newest block"));
  }

  @Override
  public Optional<Block> block(long number) throws ChainException {
    Optional<Block> block = blockAt(Numeric.toHexStringWithPrefix(BigInteger.valueOf(number)));
    if (block.isPresent() && block.get().ref().number() != number) {
      throw new GarbledAnswerException(
          "asked for block %d, the node answers with block %s"
              .formatted(number, block.get().ref()));
    }
    return block;
  }

  @Override
  public Optional<Block> finalized() throws ChainException {
    return blockAt("finalized");
  }

  private Optional<Block> blockAt(String tag) throws ChainException {
    String method = "eth_getBlockByNumber";
    JsonNode answer = ask(method, List.of(tag, false));
    return answer.isNull() ? Optional.empty() : Optional.of(new Wire(method).block(answer));
  }

  @Override
  public BigInteger suggestedTip() throws ChainException {
    String method = "eth_maxPriorityFeePerGas";
    return new Wire(method).quantity(ask(method, List.of()));
  }

  @Override
  public long nonceAt(Address account, long block) throws ChainException {
    return nonce(account, Numeric.toHexStringWithPrefix(BigInteger.valueOf(block)));
  }

  @Override
  public long pendingNonce(Address account) throws ChainException {
    return nonce(account, "pending");
  }

  private long nonce(Address account, String tag) throws ChainException {
    String method = "eth_getTransactionCount";
    return new Wire(method).number(ask(method, List.of(account.hex(), tag)));
  }

  @Override
  public BigInteger balanceAt(Address account, long block) throws ChainException {
    String method = "eth_getBalance";
    String tag = Numeric.toHexStringWithPrefix(BigInteger.valueOf(block));
    return new Wire(method).quantity(ask(method, List.of(account.hex(), tag)));
  }

  @Override
  public String code(Address address) throws ChainException {
    String method = "eth_getCode";
    return new Wire(method).data(ask(method, List.of(address.hex(), "latest")));
  }

  @Override
  public String call(Call call, long block) throws ChainException {
    String method = "eth_call";
    String tag = Numeric.toHexStringWithPrefix(BigInteger.valueOf(block));
    return new Wire(method).data(ask(method, List.of(json(call), tag)));
  }

  @Override
  public long estimateGas(Call call) throws ChainException {
    String method = "eth_estimateGas";
    return new Wire(method).number(ask(method, List.of(json(call))));
  }

  private static Map<String, String> json(Call call) {
    Map<String, String> json = new LinkedHashMap<>();
    call.from().ifPresent(from -> json.put("from", from.hex()));
    call.to().ifPresent(to -> json.put("to", to.hex()));
    json.put("value", Numeric.toHexStringWithPrefix(call.value()));
    json.put("data", call.data());
    return json;
  }

  @Override
  public Optional<Receipt> receipt(Hash transaction) throws ChainException {
    String method = "eth_getTransactionReceipt";
    JsonNode answer = ask(method, List.of(transaction.hex()));
    if (answer.isNull()) {
      return Optional.empty();
    }
    Receipt receipt = new Wire(method).receipt(answer);
    if (!receipt.transaction().equals(transaction)) {
      throw new GarbledAnswerException(
          "asked for the receipt of %s, the node answers with that of %s"
              .formatted(transaction, receipt.transaction()));
    }
    return Optional.of(receipt);
  }

  @Override
  public boolean knows(Hash transaction) throws ChainException {
    return !ask("eth_getTransactionByHash", List.of(transaction.hex())).isNull();
  }

  @Override
  public void send(String raw) throws ChainException {
    ask("eth_sendRawTransaction", List.of(raw));
  }

  @Override
  public List<ChainLog> logs(Address contract, long first, long last) throws ChainException {
    String method = "eth_getLogs";
    Map<String, String> filter =
        Map.of(
            "address", contract.hex(),
            "fromBlock", Numeric.toHexStringWithPrefix(BigInteger.valueOf(first)),
            "toBlock", Numeric.toHexStringWithPrefix(BigInteger.valueOf(last)));
    Wire wire = new Wire(method);
    List<ChainLog> logs = new ArrayList<>();
    for (JsonNode entry : wire.list(ask(method, List.of(filter)))) {
      ChainLog log = wire.log(entry);
      if (!log.address().equals(contract)
          || log.block().number() < first
          || log.block().number() > last) {
        throw new GarbledAnswerException(
            "asked for logs of %s in blocks %d to %d, the node answers with one of %s in block %s"
                .formatted(contract, first, last, log.address(), log.block()));
      }
      logs.add(log);
    }
    return logs;
  }

  private JsonNode ask(String method, List<?> parameters) throws ChainException {
    Duration pause = settings.pause();
    for (int attempt = 1; ; attempt++) {
      try {
        return once(method, parameters);
      } catch (NodeUnreachableException e) {
        if (attempt >= settings.attempts() || !paused(pause)) {
          throw e;
        }
        pause = pause.multipliedBy(2);
      }
    }
  }

  /// Whether the whole pause went by: a thread that is asked to stop does not try again.
  private static boolean paused(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private JsonNode once(String method, List<?> parameters) throws ChainException {
    Request<?, JsonRpcAnswer> request =
        new Request<>(method, parameters, service, JsonRpcAnswer.class);
    JsonRpcAnswer answer = exchange(method, request);
    if (answer.getId() != request.getId()) {
      throw new GarbledAnswerException(
          "the node's answer to %s is to question %d, asked was %d"
              .formatted(method, answer.getId(), request.getId()));
    }
    if (answer.hasError()) {
      throw refused(method, answer.getError());
    }
    @Nullable JsonNode result = answer.getResult();
    return result == null ? JsonMapper.shared().nullNode() : result;
  }

  private JsonRpcAnswer exchange(String method, Request<?, JsonRpcAnswer> request)
      throws ChainException {
    try {
      @Nullable JsonRpcAnswer answer = request.send();
      if (answer == null) {
        throw new GarbledAnswerException(
            "the answer of %s to %s is null".formatted(settings.name(), method));
      }
      return answer;
    } catch (BoundedAnswers.TooLongException e) {
      throw new GarbledAnswerException(
          "the answer of %s to %s is longer than %d bytes"
              .formatted(settings.name(), method, BoundedAnswers.MAX_BYTES),
          e);
    } catch (BoundedAnswers.StatusException e) {
      if (e.isTemporary()) {
        throw new NodeUnreachableException(
            "the node at %s answers %s with HTTP %d".formatted(settings.name(), method, e.status()),
            e);
      }
      throw new NodeRefusedException(method, e.status(), "HTTP " + e.status());
    } catch (IOException | ClientConnectionException e) {
      throw new NodeUnreachableException(
          "the node at %s does not answer %s: %s"
              .formatted(settings.name(), method, Words.of(String.valueOf(e.getMessage()))),
          e);
    } catch (JacksonException e) {
      throw new GarbledAnswerException(
          "the answer of %s to %s is not JSON-RPC: %s"
              .formatted(settings.name(), method, Words.of(e.getOriginalMessage())),
          e);
    }
  }

  /// A contract's refusal is known by its code or by the bytes that came with it, never by its
  /// text.
  private static ChainException refused(String method, Response.Error error) {
    String data = revertData(error.getData());
    boolean trial = method.equals("eth_call") || method.equals("eth_estimateGas");
    if (trial && (error.getCode() == REVERTED || data.length() > 2)) {
      return new RevertedException(ContractErrors.decode(data));
    }
    return new NodeRefusedException(
        method, error.getCode(), Words.of(String.valueOf(error.getMessage())));
  }

  /// web3j keeps the field as the JSON that it was.
  private static String revertData(@Nullable String json) {
    if (json == null) {
      return "0x";
    }
    String text =
        json.startsWith("\"") && json.endsWith("\"") ? json.substring(1, json.length() - 1) : json;
    return text.startsWith("0x") ? text : "0x";
  }

  /// Ends what is under way and closes connections.
  @Override
  public void close() {
    http.dispatcher().cancelAll();
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
