package org.agentchat.akash.provider;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.agentchat.akash.tx.BidId;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Address;
import org.agentchat.schemas.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One provider's gateway. Each request carries a fresh token; TLS 1.3 only, and only with the
/// provider itself. Thread-safe.
public final class ProviderClient implements AutoCloseable {
  /// How long one answer may take.
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int MAX_BYTES = 1024 * 1024;
  private static final int MAX_EXCERPT_CHARS = 200;

  /// Addresses of one service that are taken note of.
  private static final int MAX_URIS = 50;

  /// A host name has at most 253 characters, a port comes after it.
  private static final int MAX_URI_CHARS = 300;

  private static final Pattern ADDRESS = Pattern.compile("[!-~]+");

  private final URI base;
  private final Address provider;
  private final AccountKey key;
  private final Clock clock;
  private final Duration patience;
  private final HttpClient http;

  /// A client for one provider.
  ///
  /// @param hostUri as the chain has it, `https://host:port`
  /// @param key of the owner of the leases
  /// @throws ProviderException if the address is none of HTTPS
  public ProviderClient(
      String hostUri,
      Address provider,
      AccountKey key,
      CertificateSource published,
      Clock clock,
      Duration patience) {
    this.base = base(hostUri, provider);
    this.provider = provider;
    this.key = key;
    this.clock = clock;
    this.patience = patience;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(new ProviderIdentity(provider, published).context())
            .build();
  }

  private static URI base(String hostUri, Address provider) {
    try {
      URI uri = URI.create(hostUri);
      if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // The sentence below says it.
    }
    throw new ProviderException(
        "%s publishes no address https://... but '%s'"
            .formatted(provider, Json.excerpt(hostUri, MAX_EXCERPT_CHARS)),
        false,
        null);
  }

  /// Hands the manifest over.
  ///
  /// @param manifest the bytes whose hash the chain has, as text
  public ManifestAnswer send(long dseq, String manifest) {
    HttpRequest request =
        request("/deployment/" + dseq + "/manifest", LeaseToken.Scope.SEND_MANIFEST)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(manifest, StandardCharsets.UTF_8))
            .build();
    HttpResponse<byte[]> response;
    try {
      response = send(request);
    } catch (ProviderException e) {
      String why = String.valueOf(e.getMessage());
      return e.isImpostor() ? new ManifestAnswer.Refused(why) : new ManifestAnswer.NotYet(why);
    }
    int status = response.statusCode();
    String why = "%s answers %d%s".formatted(base, status, message(response));
    if (status == 200 || status == 202 || status == 204) {
      return new ManifestAnswer.Taken();
    }
    boolean perhapsLater = status == 404 || status == 408 || status == 429 || status >= 500;
    return perhapsLater ? new ManifestAnswer.NotYet(why) : new ManifestAnswer.Refused(why);
  }

  private static String message(HttpResponse<byte[]> response) {
    String text = new String(response.body(), StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "" : ": " + Json.excerpt(text, MAX_EXCERPT_CHARS);
  }

  /// How the services of a lease do; empty if the provider does not know the lease or the manifest.
  ///
  /// @throws ProviderException if it cannot be asked
  public Optional<LeaseStatus> status(BidId lease) {
    HttpResponse<byte[]> response =
        send(request(path(lease, "status"), LeaseToken.Scope.STATUS).GET().build());
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    if (response.statusCode() != 200) {
      throw failure("%s answers %d%s".formatted(base, response.statusCode(), message(response)));
    }
    return Optional.of(status(response.body()));
  }

  /// The last lines that the services wrote, as the provider has them.
  ///
  /// @throws ProviderException if it cannot be asked
  public String logs(BidId lease, int lines) {
    HttpResponse<byte[]> response =
        send(
            request(path(lease, "logs") + "?follow=false&tail=" + lines, LeaseToken.Scope.LOGS)
                .GET()
                .build());
    if (response.statusCode() != 200) {
      throw failure("%s answers %d%s".formatted(base, response.statusCode(), message(response)));
    }
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String path(BidId lease, String what) {
    return String.format(
        Locale.ROOT,
        "/lease/%d/%d/%d/%s",
        lease.deployment().dseq(),
        lease.gseq(),
        lease.oseq(),
        what);
  }

  private HttpRequest.Builder request(String path, LeaseToken.Scope scope) {
    String root = base.toString();
    String token =
        LeaseToken.of(key, EnumSet.of(scope), clock.instant(), UUID.randomUUID().toString());
    return HttpRequest.newBuilder(
            URI.create((root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + path))
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json");
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new ProviderException(
          "%s does not answer within %d s".formatted(base, patience.toSeconds()), false, e);
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.cancel(true);
      throw new ProviderException("interrupted while waiting for " + base, false, e);
    }
  }

  private ProviderException failure(ExecutionException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProviderIdentity.NobodyKnows unknown) {
        return new ProviderException(String.valueOf(unknown.getMessage()), false, e);
      }
      if (cause instanceof CertificateException wrong) {
        return new ProviderException(
            "%s is not the provider %s: %s".formatted(base, provider, wrong.getMessage()), true, e);
      }
    }
    return new ProviderException("%s cannot be asked: %s".formatted(base, e.getCause()), false, e);
  }

  private static ProviderException failure(String sentence) {
    return new ProviderException(sentence, false, null);
  }

  private LeaseStatus status(byte[] body) {
    JsonNode tree;
    try {
      tree = Json.parse(body);
    } catch (JacksonException e) {
      throw new ProviderException(base + " answers no JSON", false, e);
    }
    List<LeaseStatus.Service> services = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : tree.path("services").properties()) {
      JsonNode service = entry.getValue();
      int available = service.path("available").intValue(0);
      services.add(
          new LeaseStatus.Service(
              entry.getKey(),
              available,
              service.path("total").intValue(1),
              service.path("updated_replicas").intValue(available),
              uris(service.path("uris"))));
    }
    return new LeaseStatus(services, ports(tree.path("forwarded_ports")));
  }

  private static List<String> uris(JsonNode list) {
    return list.valueStream()
        .map(text -> text.stringValue(""))
        .filter(ProviderClient::isAddress)
        .limit(MAX_URIS)
        .toList();
  }

  /// What is told to others as one word.
  private static boolean isAddress(String text) {
    return text.length() <= MAX_URI_CHARS && ADDRESS.matcher(text).matches();
  }

  private static List<String> ports(JsonNode forwarded) {
    List<String> ports = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : forwarded.properties()) {
      for (JsonNode port : entry.getValue()) {
        ports.add(
            "%s:%d -> %s:%d/%s"
                .formatted(
                    port.path("host").stringValue("?"),
                    port.path("externalPort").intValue(0),
                    entry.getKey(),
                    port.path("port").intValue(0),
                    port.path("proto").stringValue("TCP").toLowerCase(Locale.ROOT)));
      }
    }
    return ports;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
