package org.agentchat.akash.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One provider: it bids on orders, and answers over TLS 1.3 with a certificate of its own.
public final class SimulatedProvider implements AutoCloseable {
  private final Chain chain;
  private final Listing listing;
  private final HttpsServer server;
  private final Map<Long, JsonNode> manifests = new HashMap<>();
  private final List<Integer> puts = new CopyOnWriteArrayList<>();
  private final Map<Long, Integer> looks = new HashMap<>();
  private final Set<Long> renewing = new HashSet<>();

  /// What the provider does wrong.
  private volatile int manifestStatus;

  private volatile boolean hangs;
  private volatile boolean neverReady;
  private volatile boolean countsNothing;
  private volatile List<String> claims = List.of();

  /// The machine's own network, where what runs on it answers; null for names that nobody answers.
  private @Nullable HttpServer machine;

  /// How often status is asked before all replicas are there.
  private static final int LOOKS_UNTIL_READY = 2;

  /// A provider as the chain knows it.
  static final class Listing {
    private final String owner;
    private final BigDecimal price;
    private final int afterBlocks;
    private final Map<String, String> attributes = new TreeMap<>();
    private final List<String> auditors = new CopyOnWriteArrayList<>();
    private volatile String hostUri = "";
    private volatile String serial = "";
    private volatile String certificate = "";
    private volatile boolean bidsOnAnything;

    Listing(String owner, BigDecimal price, int afterBlocks) {
      this.owner = owner;
      this.price = price;
      this.afterBlocks = afterBlocks;
    }

    String owner() {
      return owner;
    }

    String hostUri() {
      return hostUri;
    }

    String serial() {
      return serial;
    }

    String certificate() {
      return certificate;
    }

    Map<String, String> attributes() {
      return attributes;
    }

    List<String> auditors() {
      return auditors;
    }

    /// Bids on what it can offer. Called with the chain's lock held.
    void bid(Chain chain) {
      for (Chain.Deployment deployment : chain.deployments.values()) {
        for (Chain.Group group : deployment.groups) {
          boolean due = chain.height >= group.orderedAt + afterBlocks;
          boolean open = group.order.equals("open") && group.state.equals("open");
          boolean first = group.bids.stream().noneMatch(bid -> bid.provider.equals(owner));
          if (due && open && first && price.compareTo(group.maxPrice) <= 0 && suits(group)) {
            group.bids.add(new Chain.Bid(owner, price, chain.height));
          }
        }
      }
    }

    private boolean suits(Chain.Group group) {
      return bidsOnAnything
          || (attributes.entrySet().containsAll(group.attributes.entrySet())
              && auditors.containsAll(group.allOf)
              && (group.anyOf.isEmpty() || group.anyOf.stream().anyMatch(auditors::contains)));
    }
  }

  SimulatedProvider(Chain chain, BigDecimal price, int afterBlocks, ExecutorService threads) {
    this.chain = chain;
    byte[] key = new byte[33];
    new SecureRandom().nextBytes(key);
    listing = new Listing(Curve.address(key), price, afterBlocks);
    SelfSigned identity = SelfSigned.of(listing.owner());
    register(identity);
    try {
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SSLContext context = identity.serverContext();
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            var tls = context.getDefaultSSLParameters();
            tls.setProtocols(new String[] {"TLSv1.3"});
            parameters.setSSLParameters(tls);
          }
        });
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    listing.hostUri = "https://localhost:" + server.getAddress().getPort();
  }

  Listing listing() {
    return listing;
  }

  public String address() {
    return listing.owner();
  }

  private void register(SelfSigned identity) {
    listing.serial = identity.certificate().getSerialNumber().toString();
    listing.certificate = identity.onChain();
  }

  /// The chain knows another certificate of the same owner, with the serial of the one that is
  /// shown.
  public SimulatedProvider withAnotherCertificateOnChain() {
    String serial = listing.serial;
    register(SelfSigned.of(listing.owner()));
    listing.serial = serial;
    return this;
  }

  /// The chain knows no certificate.
  public SimulatedProvider withoutCertificateOnChain() {
    listing.serial = "none";
    return this;
  }

  public SimulatedProvider with(String attribute, String value) {
    listing.attributes.put(attribute, value);
    return this;
  }

  public SimulatedProvider auditedBy(String auditor) {
    listing.auditors.add(auditor);
    return this;
  }

  /// Bids whatever is asked for.
  public SimulatedProvider biddingOnAnything() {
    listing.bidsOnAnything = true;
    return this;
  }

  /// What runs on this provider answers over HTTP from now on, with the image that the manifest
  /// names, for as long as it is leased.
  public SimulatedProvider serving() {
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      started.createContext("/", this::serve);
      started.start();
      machine = started;
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    String images;
    synchronized (chain) {
      images =
          chain.deployments.values().stream()
              .filter(this::leased)
              .map(deployment -> manifests.get(deployment.dseq))
              .filter(Objects::nonNull)
              .map(manifest -> manifest.path(0).path("services").path(0).path("image").asString())
              .collect(Collectors.joining(" "));
    }
    byte[] body = images.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(images.isEmpty() ? 503 : 200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /// Answers every manifest with that status; 0 is the right one.
  public void answerManifests(int status) {
    manifestStatus = status;
  }

  /// Takes requests and never answers.
  public void hang(boolean hangs) {
    this.hangs = hangs;
  }

  /// Takes the manifest and never starts anything.
  public void neverReady(boolean never) {
    neverReady = never;
  }

  /// Says of everything that none of none runs.
  public void countNothing(boolean nothing) {
    countsNothing = nothing;
  }

  /// Says that everything answers under these addresses, too.
  public void claim(List<String> addresses) {
    claims = List.copyOf(addresses);
  }

  /// The image that the manifest of a deployment names; empty if it has none.
  public String image(long dseq) {
    synchronized (chain) {
      @Nullable JsonNode manifest = manifests.get(dseq);
      return manifest == null
          ? ""
          : manifest.path(0).path("services").path(0).path("image").stringValue("");
    }
  }

  /// The statuses with which manifests were answered.
  public List<Integer> manifestAnswers() {
    return List.copyOf(puts);
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (hangs) {
      try {
        Thread.sleep(Duration.ofMinutes(5));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    boolean put = exchange.getRequestMethod().equals("PUT");
    if (put && path.length == 4 && path[1].equals("deployment") && path[3].equals("manifest")) {
      int status = manifest(exchange, Long.parseLong(path[2]), body);
      puts.add(status);
      Http.answer(exchange, status, message(status));
    } else if (!put && path.length == 6 && path[1].equals("lease")) {
      lease(exchange, path);
    } else {
      Http.answer(exchange, 404, message(404));
    }
  }

  private static @Nullable JsonNode message(int status) {
    return status == 200
        ? null
        : Http.JSON.createObjectNode().put("message", "simulated answer " + status);
  }

  private int manifest(HttpExchange exchange, long dseq, byte[] body) {
    synchronized (chain) {
      @Nullable String owner = authenticated(exchange, "send-manifest");
      if (owner == null) {
        return 401;
      }
      if (manifestStatus != 0) {
        return manifestStatus;
      }
      Chain.@Nullable Deployment deployment = chain.deployments.get(owner + "/" + dseq);
      if (deployment == null || !leased(deployment)) {
        return 404;
      }
      if (!Arrays.equals(Curve.sha256(body), deployment.hash)) {
        return 422;
      }
      JsonNode manifest;
      try {
        manifest = Http.JSON.readTree(body);
      } catch (JacksonException _) {
        return 422;
      }
      if (!RentedUnits.match(manifest, deployment.groups)) {
        return 422;
      }
      if (manifests.put(dseq, manifest) != null) {
        renewing.add(dseq);
      }
      looks.remove(dseq);
      return 200;
    }
  }

  private boolean leased(Chain.Deployment deployment) {
    return deployment.active
        && deployment.groups.stream()
            .flatMap(group -> group.bids.stream())
            .anyMatch(bid -> bid.provider.equals(address()) && bid.lease.equals("active"));
  }

  private void lease(HttpExchange exchange, String[] path) throws IOException {
    long dseq = Long.parseLong(path[2]);
    boolean logs = path[5].equals("logs");
    @Nullable String owner = authenticated(exchange, logs ? "logs" : "status");
    if (owner == null) {
      Http.answer(exchange, 401, message(401));
      return;
    }
    ObjectNode answer = Http.JSON.createObjectNode();
    synchronized (chain) {
      Chain.@Nullable Deployment deployment = chain.deployments.get(owner + "/" + dseq);
      @Nullable JsonNode manifest = manifests.get(dseq);
      if (deployment == null || manifest == null || !leased(deployment)) {
        Http.answer(exchange, 404, message(404));
        return;
      }
      boolean ready = !neverReady && looks.merge(dseq, 1, Integer::sum) > LOOKS_UNTIL_READY;
      if (ready) {
        renewing.remove(dseq);
      }
      boolean old = renewing.contains(dseq);
      ObjectNode services = answer.putObject("services");
      for (JsonNode group : manifest) {
        for (JsonNode service : group.path("services")) {
          status(services, service, ready, old);
        }
      }
      answer.putObject("forwarded_ports");
    }
    Http.answer(exchange, 200, answer);
  }

  /// @param old whether the replicas of an earlier manifest still answer
  private void status(ObjectNode services, JsonNode service, boolean ready, boolean old) {
    int count = service.path("count").intValue();
    String name = service.path("name").stringValue();
    ArrayNode uris =
        services
            .putObject(name)
            .put("name", name)
            .put("available", (ready || old) && !countsNothing ? count : 0)
            .put("total", countsNothing ? 0 : count)
            .put("updated_replicas", ready && !countsNothing ? count : 0)
            .putArray("uris");
    claims.forEach(uris::add);
    for (JsonNode expose : service.path("expose")) {
      if (expose.path("global").booleanValue()) {
        @Nullable HttpServer serving = machine;
        uris.add(
            serving == null
                ? name + "." + address().substring(6, 14) + ".example.com"
                : "127.0.0.1:" + serving.getAddress().getPort());
      }
    }
  }

  /// The owner whose token the request carries, or null.
  private @Nullable String authenticated(HttpExchange exchange, String scope) {
    @Nullable String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.startsWith("Bearer ")) {
      return null;
    }
    String[] parts = header.substring(7).split("\\.", -1);
    if (parts.length != 3) {
      return null;
    }
    JsonNode claims;
    byte[] signature;
    try {
      JsonNode head = Http.JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
      if (!head.path("alg").stringValue("").equals("ES256K")) {
        return null;
      }
      claims = Http.JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      signature = Base64.getUrlDecoder().decode(parts[2]);
    } catch (JacksonException | IllegalArgumentException _) {
      return null;
    }
    String issuer = claims.path("iss").stringValue("");
    byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
    long now = Instant.now().getEpochSecond();
    List<String> scopes = new ArrayList<>();
    claims.path("leases").path("scope").forEach(one -> scopes.add(one.stringValue("")));
    boolean good =
        claims.path("version").stringValue("").equals("v1")
            && claims.path("leases").path("access").stringValue("").equals("scoped")
            && scopes.contains(scope)
            && claims.path("nbf").longValue(Long.MAX_VALUE) <= now
            && claims.path("exp").longValue(0) > now
            && claims.path("exp").longValue(0) - claims.path("iat").longValue(0) <= 3600
            && !claims.path("jti").stringValue("").isEmpty();
    synchronized (chain) {
      Chain.@Nullable Account account = chain.accounts.get(issuer);
      return good
              && account != null
              && account.key != null
              && Curve.verifies(account.key.toByteArray(), signed, signature)
          ? issuer
          : null;
    }
  }

  /// The machine is gone.
  @Override
  public void close() {
    server.stop(0);
    @Nullable HttpServer serving = machine;
    if (serving != null) {
      serving.stop(0);
    }
  }
}
