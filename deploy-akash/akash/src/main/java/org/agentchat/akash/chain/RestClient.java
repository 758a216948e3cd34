package org.agentchat.akash.chain;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.agentchat.schemas.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Requests to one node. A question may be asked again, so it is, a few times; an order is sent
/// once for each call.
final class RestClient {
  /// The largest answer that is read; a page of a hundred deployments has a tenth of it.
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  /// How often a question is asked in all when the node is busy or silent.
  private static final int TRIES = 3;

  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final int MAX_EXCERPT_CHARS = 200;

  private final HttpClient http;
  private final URI base;
  private final Duration patience;

  /// @param patience how long one answer may take, from first to last byte
  RestClient(HttpClient http, URI base, Duration patience) {
    this.http = http;
    this.base = base;
    this.patience = patience;
  }

  /// A node's answer.
  ///
  /// @param body JSON; empty when it was none
  record Reply(int status, JsonNode body) {
    boolean isOk() {
      return status == 200;
    }

    /// The chain itself says that there is no such thing. Some of its modules say it with a 500.
    boolean isNotFound() {
      return status == 404
          || (status == 500
              && body.path("code").isInt()
              && body.path("message").stringValue("").contains("not found"));
    }

    /// What an error says.
    String message() {
      return Json.excerpt(body.path("message").stringValue("no reason given"), MAX_EXCERPT_CHARS);
    }
  }

  /// Asks. What the chain says is an answer; a node that is busy or broken is asked again.
  ///
  /// @throws NodeException if there is none after a few tries
  Reply get(String path, Map<String, String> query) {
    HttpRequest request = request(path, query).GET().build();
    NodeException last = new NodeException("no answer from " + base);
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      try {
        Reply reply = send(request);
        if (reply.status() < 429 || reply.status() == 501 || reply.isNotFound()) {
          return reply;
        }
        last =
            new NodeException(
                "%s answers %d to %s: %s".formatted(base, reply.status(), path, reply.message()));
      } catch (NodeException e) {
        last = e;
      }
      if (attempt < TRIES) {
        pause(attempt);
      }
    }
    throw last;
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(PAUSE.multipliedBy(attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeException("interrupted", e);
    }
  }

  /// Tells, once.
  ///
  /// @throws NodeException if there is no answer, or one that is no JSON; it may have been heard
  Reply post(String path, JsonNode body) {
    return send(
        request(path, Map.of())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
            .build());
  }

  private HttpRequest.Builder request(String path, Map<String, String> query) {
    String parameters =
        query.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry ->
                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    String root = base.toString();
    String address =
        (root.endsWith("/") ? root.substring(0, root.length() - 1) : root)
            + path
            + (parameters.isEmpty() ? "" : "?" + parameters);
    return HttpRequest.newBuilder(URI.create(address)).header("Accept", "application/json");
  }

  private Reply send(HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      HttpResponse<byte[]> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return new Reply(response.statusCode(), json(response, request));
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new NodeException(
          "%s does not answer within %d s (%s)"
              .formatted(base, patience.toSeconds(), request.uri().getPath()),
          e);
    } catch (ExecutionException e) {
      throw new NodeException(
          "%s cannot be asked (%s): %s".formatted(base, request.uri().getPath(), reason(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.cancel(true);
      throw new NodeException("interrupted while waiting for " + base, e);
    }
  }

  private static String reason(ExecutionException e) {
    return e.getCause() instanceof IOException io ? io.toString() : String.valueOf(e.getCause());
  }

  private JsonNode json(HttpResponse<byte[]> response, HttpRequest request) {
    try {
      return Json.parse(response.body());
    } catch (JacksonException e) {
      if (response.statusCode() != 200) {
        return Json.mapper().createObjectNode();
      }
      throw new NodeException(
          "%s answers no JSON to %s".formatted(base, request.uri().getPath()), e);
    }
  }
}
