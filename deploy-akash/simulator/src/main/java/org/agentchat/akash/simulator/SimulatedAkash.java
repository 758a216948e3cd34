package org.agentchat.akash.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// The simulated network: a chain that makes blocks, its REST API on loopback, its providers. What
/// tests may know and break is public here.
public final class SimulatedAkash implements AutoCloseable {
  private final Chain chain;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread blocks;
  private final List<SimulatedProvider> providers = new CopyOnWriteArrayList<>();
  private final Map<String, Disturbance> disturbances = new ConcurrentHashMap<>();
  private final AtomicInteger broadcasts = new AtomicInteger();
  private volatile boolean open = true;
  private volatile boolean paused;

  /// How a request is answered instead.
  ///
  /// @param status what is answered; 0 is nothing at all, until the other side hangs up
  /// @param done whether the request is carried out before
  private record Disturbance(int status, boolean done, AtomicInteger times) {}

  /// A new network.
  ///
  /// @param blockTime how often there is a block
  public SimulatedAkash(String chainId, Duration blockTime) {
    chain = new Chain(chainId);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Rest rest = new Rest(chain);
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, rest));
    server.start();
    blocks =
        Thread.ofVirtual()
            .start(() -> {
              while (open) {
                try {
                  Thread.sleep(blockTime);
                } catch (InterruptedException _) {
                  return;
                }
                if (!paused) {
                  chain.mine();
                }
              }
            });
  }

  private void handle(HttpExchange exchange, Rest rest) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/cosmos/tx/v1beta1/txs")) {
      broadcasts.incrementAndGet();
    }
    for (Map.Entry<String, Disturbance> entry : disturbances.entrySet()) {
      Disturbance disturbance = entry.getValue();
      if (path.startsWith(entry.getKey()) && disturbance.times().getAndDecrement() > 0) {
        if (disturbance.done()) {
          rest.compute(exchange);
        }
        if (disturbance.status() == 0) {
          hang();
        } else {
          Http.answer(
              exchange,
              disturbance.status(),
              Http.JSON.createObjectNode().put("message", "disturbed on purpose"));
        }
        return;
      }
    }
    Rest.Answer answer = rest.compute(exchange);
    Http.answer(exchange, answer.status(), answer.body());
  }

  private static void hang() {
    try {
      Thread.sleep(Duration.ofMinutes(5));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Where the REST API is.
  public URI uri() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  public String chainId() {
    return chain.chainId;
  }

  /// Adds a provider that bids so much a block, so many blocks after an order.
  public SimulatedProvider provider(String price, int afterBlocks) {
    SimulatedProvider provider =
        new SimulatedProvider(chain, new BigDecimal(price), afterBlocks, threads);
    providers.add(provider);
    synchronized (chain) {
      chain.providers.add(provider.listing());
    }
    return provider;
  }

  /// Money from nowhere.
  public void fund(String address, long uakt, long uact) {
    synchronized (chain) {
      chain.account(address).add(Chain.AKT, uakt);
      chain.account(address).add(Chain.ACT, uact);
    }
  }

  public long balance(String address, String denom) {
    synchronized (chain) {
      return chain.account(address).balance(denom);
    }
  }

  public long sequence(String address) {
    synchronized (chain) {
      return chain.account(address).sequence;
    }
  }

  /// Another client of the same account gets a transaction in between.
  public void advanceSequence(String address) {
    synchronized (chain) {
      chain.account(address).sequence++;
    }
  }

  public long height() {
    synchronized (chain) {
      return chain.height;
    }
  }

  public void mine(int count) {
    for (int i = 0; i < count; i++) {
      chain.mine();
    }
  }

  /// No more blocks until [#resume].
  public void pause() {
    paused = true;
  }

  public void resume() {
    paused = false;
  }

  /// The next transaction of that type is taken and never seen again.
  public void lose(String type) {
    chain.faults.lose(type);
  }

  /// The next so many transactions of that type fail in their block.
  public void failDelivery(String type, int times) {
    chain.faults.fail(type, times);
  }

  /// The next transaction of that type comes into its block when this has just happened.
  public void before(String type, Runnable what) {
    chain.faults.before(type, what);
  }

  /// The owner closes a deployment from elsewhere.
  public void closeDeployment(long dseq) {
    synchronized (chain) {
      for (Chain.Deployment deployment : chain.deployments.values()) {
        if (deployment.dseq == dseq && deployment.active) {
          chain.end(deployment, "closed", "closed");
        }
      }
    }
  }

  public void haltMint(boolean halted) {
    synchronized (chain) {
      chain.faults.mintHalted = halted;
    }
  }

  /// The next so many requests below a path get this status, and nothing is done; 0 hangs.
  public void disturb(String path, int status, int times) {
    disturbances.put(path, new Disturbance(status, false, new AtomicInteger(times)));
  }

  /// The next so many requests below a path are carried out, and get this status; 0 hangs.
  public void disturbAfter(String path, int status, int times) {
    disturbances.put(path, new Disturbance(status, true, new AtomicInteger(times)));
  }

  /// A deployment takes all that is in its escrow at once.
  public void emptyEscrow(long dseq) {
    synchronized (chain) {
      for (Chain.Deployment deployment : chain.deployments.values()) {
        if (deployment.dseq == dseq) {
          deployment.transferred = deployment.transferred.add(deployment.funds);
          deployment.funds = BigDecimal.ZERO;
        }
      }
    }
  }

  /// A provider ends its lease.
  public void endLease(long dseq) {
    synchronized (chain) {
      for (Chain.Deployment deployment : chain.deployments.values()) {
        if (deployment.dseq == dseq) {
          for (Chain.Group group : deployment.groups) {
            group.bids.stream()
                .filter(bid -> bid.lease.equals("active"))
                .forEach(bid -> {
                  bid.lease = "closed";
                  bid.state = "closed";
                });
            group.state = "paused";
            group.order = "closed";
          }
        }
      }
    }
  }

  /// Deployments of all owners: `dseq state funds`.
  public List<String> deployments() {
    synchronized (chain) {
      List<String> lines = new ArrayList<>();
      for (Chain.Deployment deployment : chain.deployments.values()) {
        lines.add(deployment.dseq + " " + (deployment.active ? "active" : "closed"));
      }
      return lines;
    }
  }

  public long openDeployments() {
    return deployments().stream().filter(line -> line.endsWith("active")).count();
  }

  /// What was included so far: `type code`.
  public List<String> transactions() {
    synchronized (chain) {
      return chain.included.values().stream()
          .map(tx -> tx.type().substring(tx.type().lastIndexOf('.') + 1) + " " + tx.code())
          .toList();
    }
  }

  /// From now on it is so much later there.
  public void skip(Duration time) {
    synchronized (chain) {
      chain.ahead = chain.ahead.plus(time);
    }
  }

  /// How many broadcasts were tried.
  public int broadcasts() {
    return broadcasts.get();
  }

  @Override
  public void close() {
    open = false;
    blocks.interrupt();
    providers.forEach(SimulatedProvider::close);
    server.stop(0);
    threads.shutdownNow();
  }
}
