package org.agentchat.ledger.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.agentchat.database.Database;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.log.LogSource;
import org.agentchat.receipt.FileVerifier;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;

/// Every path that is served.
final class Api {
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record HealthAnswer(
      String status, @Nullable String reason, long size, long logSize, long lag) {}

  private Api() {}

  static List<Route> routes(
      Projector projector,
      Database database,
      LogSource log,
      LedgerMetrics metrics,
      Optional<Publisher> publisher) {
    Reads reads = new Reads(database);
    AgentEndpoints agents = new AgentEndpoints(reads);
    DealEndpoints deals = new DealEndpoints(reads);
    KeyEndpoint keys = new KeyEndpoint(reads);
    SkillEndpoint skills = new SkillEndpoint(reads);
    WalletEndpoint wallets = new WalletEndpoint(reads);
    DeploymentEndpoint machines = new DeploymentEndpoint(reads);
    LogEndpoint entries =
        new LogEndpoint(log, () -> projector.position().map(Position::size).orElse(0L));
    TreeEndpoints tree = new TreeEndpoints(publisher);
    FileEndpoints files = new FileEndpoints(reads, publisher);
    CertificateEndpoint certificates = new CertificateEndpoint(projector, publisher);
    AgentEntriesEndpoint named = new AgentEntriesEndpoint(reads, publisher);
    byte[] document = document();
    return List.of(
        Route.of("/health", _ -> health(health(projector, publisher))),
        Route.of("/metrics", _ -> metrics(metrics)),
        Route.of(
            "/openapi.json",
            _ ->
                new Answer(StatusCodes.OK, "application/json", document, Answer.Cache.REVALIDATED)),
        Route.paged("/v1/agents", agents::all),
        Route.of("/v1/agents/{id}", agents::one),
        Route.paged("/v1/agents/{id}/history", agents::history),
        Route.paged("/v1/agents/{id}/receipts", deals::receiptsOfAgent),
        Route.of("/v1/agents/{id}/keys", keys::keys),
        Route.paged("/v1/agents/{id}/wallets", wallets::wallets),
        Route.of("/v1/agents/{id}/certificate", certificates::certificate),
        new Route(
            "/v1/agents/{id}/entries",
            Set.of("from", "before", "limit", "tree"),
            0,
            named::entries),
        Route.paged("/v1/skills", skills::all),
        Route.limited("/v1/leaderboard", agents::leaderboard),
        Route.paged("/v1/proposals", deals::proposals),
        Route.of("/v1/proposals/{id}", deals::proposal),
        Route.paged("/v1/proposals/{id}/deployment", machines::statements),
        Route.of("/v1/disputes/{id}", deals::dispute),
        Route.paged("/v1/receipts", deals::receipts),
        Route.of("/v1/receipts/{id}", deals::receipt),
        Route.of("/v1/receipts/{id}/file", files::file),
        Route.posted("/v1/verify", Set.of("policy"), FileVerifier.MAX_BYTES, files::verify),
        Route.of("/v1/stats", _ -> stats(projector)),
        Route.paged("/v1/log", entries::entries),
        Route.of("/checkpoint", tree::checkpoint),
        Route.of("/tile/*", tree::tile),
        Route.of("/policy", tree::policy));
  }

  /// How the server is: a tree that is signed no more is news, also when the rows are well.
  static Health health(Projector projector, Optional<Publisher> publisher) {
    Health rows = projector.progress().health();
    return publisher
        .filter(tree -> rows.isHealthy())
        .flatMap(Publisher::trouble)
        .map(why -> rows.with(Health.Status.TREE_NOT_SIGNED, why))
        .orElse(rows);
  }

  private static Answer health(Health health) {
    HealthAnswer body =
        new HealthAnswer(
            health.status().name().toLowerCase(Locale.ROOT),
            health.reason(),
            health.size(),
            health.logSize(),
            health.lag());
    int status = health.isHealthy() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE;
    return new Answer(status, "application/json", Json.bytes(body), Answer.Cache.NEVER);
  }

  private static Answer metrics(LedgerMetrics metrics) {
    return new Answer(
        StatusCodes.OK,
        "text/plain; version=0.0.4; charset=utf-8",
        metrics.scrape().getBytes(StandardCharsets.UTF_8),
        Answer.Cache.NEVER);
  }

  private static Answer stats(Projector projector) {
    return projector
        .stats()
        .map(Answer::json)
        .orElseThrow(() ->
            Problem.unavailable(
                "the fold is not where the rows are yet: /health says why; try again"));
  }

  /// The OpenAPI document.
  static byte[] document() {
    try (InputStream resource = Api.class.getResourceAsStream("openapi.json")) {
      if (resource == null) {
        throw new IllegalStateException("openapi.json is missing from the jar");
      }
      return resource.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("openapi.json cannot be read", e);
    }
  }
}
