package org.agentchat.escrow.devchain;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.web3j.crypto.Bip32ECKeyPair;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.MnemonicUtils;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.http.HttpService;
import org.web3j.utils.Numeric;

/// One running `anvil`: a real EVM with a JSON-RPC port on the loopback interface and ten rich
/// accounts, whose keys everybody knows. Its chain is gone when it stops, unless it was started
/// with `--state FILE`.
///
/// A transaction is mined by itself shortly *after* it was sent, so a receipt may be missing right
/// then: poll. With `--no-mining` and [#mine] blocks come only when told.
///
/// Every method blocks for one round trip and throws [UncheckedIOException] when anvil does not
/// answer, [IllegalStateException] when it refuses.
public final class Anvil implements AutoCloseable {

  /// The chain's id unless `--chain-id` says otherwise.
  public static final long CHAIN_ID = 31337;

  /// How many accounts there are.
  public static final int ACCOUNTS = 10;

  /// The mnemonic that every anvil of the world has; never let its keys hold anything of worth.
  private static final String MNEMONIC =
      "test test test test test test test test test test test junk";

  /// Starting takes 0.1 to 0.2 s; a crowded machine gets a minute.
  private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

  /// How long a clean stop may take, which writes the state if there is one to write.
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  /// How much of what it said last is told when it does not start.
  private static final int LAST_LINES = 20;

  private static final Pattern LISTENING = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final Thread hook;
  private final int port;
  private final HttpService service;
  private final Web3j web3j;

  private Anvil(Process process, Thread hook, int port) {
    this.process = process;
    this.hook = hook;
    this.port = port;
    this.service = new HttpService("http://127.0.0.1:" + port);
    this.web3j = Web3j.build(service);
  }

  /// Starts the anvil that [AnvilBinary] finds and waits until it serves.
  ///
  /// @param arguments added to its command line, for example `--no-mining`, `--port 8545` (any free
  ///   one otherwise), `--state FILE`, `--slots-in-an-epoch 1` (then `finalized` is two blocks
  ///   behind instead of 64)
  /// @throws IllegalStateException when there is none or it does not start; says what it said
  public static Anvil start(String... arguments) {
    return start(
        AnvilBinary.find().orElseThrow(() -> new IllegalStateException(AnvilBinary.MISSING)),
        arguments);
  }

  /// As above, with this binary.
  public static Anvil start(Path binary, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                binary.toString(), "--host", "127.0.0.1", "--hardfork", "prague", "--mnemonic"));
    command.add(MNEMONIC);
    if (!List.of(arguments).contains("--port")) {
      command.addAll(List.of("--port", "0"));
    }
    command.addAll(Arrays.asList(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + binary, e);
    }
    Thread hook = new Thread(process::destroyForcibly, "stop-anvil");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return new Anvil(process, hook, listeningPort(process));
    } catch (IllegalStateException e) {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(hook);
      throw e;
    }
  }

  private static int listeningPort(Process process) {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    Thread.ofVirtual().name("anvil-output").start(() -> drain(process, port));
    try {
      return port.get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while anvil started", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getMessage(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("anvil did not start within " + START_TIMEOUT, e);
    }
  }

  /// Reads all that anvil ever says, so that it never waits for a reader.
  private static void drain(Process process, CompletableFuture<Integer> port) {
    Queue<String> last = new ArrayDeque<>();
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (last.size() == LAST_LINES) {
          last.remove();
        }
        last.add(line);
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
          port.complete(Integer.valueOf(listening.group(1)));
        }
      }
    } catch (IOException e) {
      last.add("and then its output broke: " + e.getMessage());
    }
    port.completeExceptionally(
        new IllegalStateException("anvil did not start; it said: " + String.join("\n", last)));
  }

  /// Where its JSON-RPC is, such as `http://127.0.0.1:40123`.
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /// The port of [#url].
  public int port() {
    return port;
  }

  /// A client of this chain, closed with it.
  public Web3j web3j() {
    return web3j;
  }

  /// The key of one of the accounts.
  ///
  /// @param account 0 to 9
  public static Credentials key(int account) {
    if (account < 0 || account >= ACCOUNTS) {
      throw new IllegalArgumentException(
          "Accounts are 0 to " + (ACCOUNTS - 1) + ", not " + account);
    }
    return Keys.ALL.get(account);
  }

  /// Derived once, when somebody asks: that takes a tenth of a second.
  private static final class Keys {

    private static final List<Credentials> ALL = derive();

    private static List<Credentials> derive() {
      Bip32ECKeyPair root =
          Bip32ECKeyPair.generateKeyPair(MnemonicUtils.generateSeed(MNEMONIC, ""));
      int hardened = Bip32ECKeyPair.HARDENED_BIT;
      int[] parent = {44 | hardened, 60 | hardened, hardened, 0};
      Bip32ECKeyPair accounts = Bip32ECKeyPair.deriveKeyPair(root, parent);
      return IntStream.range(0, ACCOUNTS)
          .mapToObj(account -> Bip32ECKeyPair.deriveKeyPair(accounts, new int[] {account}))
          .map(Credentials::create)
          .toList();
    }
  }

  /// Remembers the whole chain.
  ///
  /// @return a name for [#revert]
  public String snapshot() {
    return String.valueOf(call("evm_snapshot"));
  }

  /// Makes the chain what it was; the snapshot and all later ones are used up by it.
  public void revert(String snapshot) {
    if (!Boolean.TRUE.equals(call("evm_revert", snapshot))) {
      throw new IllegalStateException("anvil knows no snapshot " + snapshot);
    }
  }

  /// Mines blocks now, whatever the pool holds.
  ///
  /// @param blocks at least 1
  public void mine(int blocks) {
    call("anvil_mine", Numeric.encodeQuantity(BigInteger.valueOf(blocks)));
  }

  /// Moves the chain's clock forward and mines a block that shows it.
  public void travel(Duration time) {
    call("evm_increaseTime", time.toSeconds());
    mine(1);
  }

  /// Makes `at`, in Unix seconds, the time of the next block, which is not mined by this.
  ///
  /// @param at later than the newest block
  public void nextBlockAt(long at) {
    call("evm_setNextBlockTimestamp", at);
  }

  /// Switches between one block for each transaction and blocks on demand only.
  public void automine(boolean on) {
    call("evm_setAutomine", on);
  }

  /// Sets the base fee of the next block, in wei.
  public void nextBaseFee(BigInteger wei) {
    call("anvil_setNextBlockBaseFeePerGas", Numeric.encodeQuantity(wei));
  }

  /// Gives an account this much of the native coin, in wei.
  public void balance(String address, BigInteger wei) {
    call("anvil_setBalance", address, Numeric.encodeQuantity(wei));
  }

  /// Replaces the newest blocks by as many empty ones, as if another branch had won. Their
  /// transactions are gone; whoever wants them sends them again.
  ///
  /// @param blocks at least 1
  public void reorg(int blocks) {
    call("anvil_reorg", blocks, List.of());
  }

  /// Forgets a transaction that waits in the pool.
  public void drop(String transactionHash) {
    call("anvil_dropTransaction", transactionHash);
  }

  /// Any JSON-RPC method.
  ///
  /// @return the result as Jackson reads it: text, number, truth value, list, map, or the text
  ///   `null`
  public Object call(String method, Object... parameters) {
    Response<Object> answer = request(method, parameters);
    if (answer.hasError()) {
      throw new IllegalStateException(
          "anvil refused " + method + ": " + answer.getError().getMessage());
    }
    Object result = answer.getResult();
    return result == null ? "null" : result;
  }

  /// Any JSON-RPC method, for callers that want to see a refusal: a call that a contract refuses
  /// has its words in the error's data.
  public Response<Object> request(String method, Object... parameters) {
    try {
      return new Request<Object, Answer>(method, Arrays.asList(parameters), service, Answer.class)
          .send();
    } catch (IOException e) {
      throw new UncheckedIOException("anvil at " + url() + " did not answer " + method, e);
    }
  }

  /// Stops it and waits until it is gone. It also stops when this JVM ends, unless that is killed.
  @Override
  public void close() {
    web3j.shutdown();
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This JVM is ending already; the hook will find nothing to stop.
    }
  }

  /// What anvil answers, whatever it is.
  private static final class Answer extends Response<Object> {}
}
