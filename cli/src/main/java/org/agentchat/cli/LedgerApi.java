package org.agentchat.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.agentchat.ledger.server.LedgerSettings;
import org.agentchat.log.LogRecord;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.rating.HistoryEntry;
import org.agentchat.schemas.receipt.Receipt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Asks a ledger's HTTP API. Every wait is bounded, every failure is a [CommandFailure].
///
/// Made of `HttpURLConnection`, because the newer client takes 0.4 s to start on a small machine,
/// more than a whole command may take; this one takes 0.05 s.
final class LedgerApi {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /// A ledger under load answers in milliseconds; half a minute means that it never will.
  private static final Duration READ = Duration.ofSeconds(30);

  /// A page holds 4 MiB of text, and JSON may take six bytes for each.
  private static final int MAX_ANSWER_BYTES = 64 * 1024 * 1024;

  /// What the API gives at most in one page.
  private static final int PAGE = 1_000;

  /// More than this nobody wants to read at once.
  private static final int MAX_ITEMS = 1_000_000;

  /// What all pages of a list may have together, in bytes: text takes several times as much memory.
  private static final long MAX_LIST_BYTES = Runtime.getRuntime().maxMemory() / 8;

  private final String base;

  /// A whole list.
  ///
  /// @param least entries that the ledger had applied when it served one of the pages, at least
  /// @param most entries that it had applied when it served another, at the most
  record Pages<T>(List<T> items, long least, long most) {
    /// Whether the ledger stood still while the list was read.
    boolean isOfOneSize() {
      return least == most;
    }
  }

  /// A page of the entries that name an agent.
  ///
  /// @param next where the next page begins, if there is one
  record AgentEntries(List<HistoryEntry> entries, OptionalLong next) {}

  /// @throws IllegalArgumentException if the text is not the address of an HTTP server
  LedgerApi(String url) {
    URI uri = URI.create(url.replaceFirst("/+$", ""));
    String scheme = uri.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme)) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "The ledger's address looks like " + LedgerOption.DEFAULT + ", not like " + url);
    }
    base = uri.toString();
  }

  /// The address, without a slash at its end.
  String url() {
    return base;
  }

  /// One agent as it is served, or empty when the log has not named it.
  Optional<JsonNode> agent(AgentId agent) {
    return find("/v1/agents/" + agent.name()).map(Answer::json);
  }

  /// An agent's rating with its proof.
  JsonNode certificate(AgentId agent) {
    return get("/v1/agents/" + agent.name() + "/certificate");
  }

  /// Entries that name an agent, with proofs.
  ///
  /// @param from the index of the first wanted
  /// @param before the index before which they are wanted
  /// @param tree the size of the tree that the proofs are for
  AgentEntries entries(AgentId agent, long from, long before, long tree) {
    JsonNode page =
        get(
            "/v1/agents/%s/entries?from=%d&before=%d&tree=%d&limit=%d"
                .formatted(agent.name(), from, before, tree, PAGE));
    List<HistoryEntry> entries =
        page.path("entries").values().stream()
            .map(entry -> read(entry, LedgerApi::historyEntry))
            .toList();
    JsonNode next = page.path("next");
    if (next.isIntegralNumber() && next.longValue() <= from) {
      throw notALedger("it says that more follows and serves nothing");
    }
    return new AgentEntries(
        entries,
        next.isIntegralNumber() ? OptionalLong.of(next.longValue()) : OptionalLong.empty());
  }

  private static HistoryEntry historyEntry(JsonNode entry) {
    return new HistoryEntry(
        entry.path("index").longValue(),
        entry.path("event").stringValue(),
        entry.path("path").values().stream().map(JsonNode::stringValue).toList());
  }

  /// The keys of an agent's account, or empty when the log has not named it.
  Optional<JsonNode> keys(AgentId agent) {
    return find("/v1/agents/" + agent.name() + "/keys").map(Answer::json);
  }

  /// What every agent says that it offers, by the agent's id.
  List<JsonNode> skills() {
    return pages("/v1/skills", "agents", Function.identity()).items();
  }

  /// Every agent that the log has named, by id.
  <T> List<T> agents(Function<JsonNode, T> read) {
    return agentPages(read).items();
  }

  /// The same, and of how many entries they are.
  <T> Pages<T> agentPages(Function<JsonNode, T> read) {
    return pages("/v1/agents", "agents", read);
  }

  /// Receipts of the deals in which the agent took part, oldest first; none when the log has not
  /// named it.
  List<JsonNode> receipts(AgentId agent) {
    return pages("/v1/agents/" + agent.name() + "/receipts", "receipts", Function.identity())
        .items();
  }

  /// Every receipt that the ledger has issued, oldest first.
  List<Receipt> receipts() {
    return receiptPages().items();
  }

  /// The same, and of how many entries they are.
  Pages<Receipt> receiptPages() {
    return pages(
        "/v1/receipts", "receipts", item -> Json.mapper().treeToValue(item, Receipt.class));
  }

  /// The receipt of a deal as a file that verifies by itself, as the ledger wrote it; empty when
  /// the ledger has no such receipt or publishes no tree.
  Optional<byte[]> receiptFile(String proposalId) {
    return fetch("/v1/receipts/" + proposalId + "/file");
  }

  /// A policy that trusts the ledger's own key; empty when it publishes no tree.
  Optional<byte[]> policy() {
    return fetch("/policy");
  }

  /// The best rated agents.
  List<JsonNode> leaderboard(int limit) {
    return List.copyOf(get("/v1/leaderboard?limit=" + limit).path("agents").values());
  }

  /// The whole ledger in numbers.
  JsonNode stats() {
    return get("/v1/stats");
  }

  /// Recorded events from an index on, some at least unless the log ends there.
  List<LogRecord> log(long from, int limit) {
    JsonNode page = get("/v1/log?from=" + from + "&limit=" + Math.min(limit, PAGE));
    return page.path("entries").values().stream()
        .map(entry -> read(entry, LedgerApi::record))
        .toList();
  }

  /// One item of a list, as it must be if a ledger serves it.
  private <T> T read(JsonNode item, Function<JsonNode, T> read) {
    try {
      return read.apply(item);
    } catch (IllegalArgumentException | JacksonException _) {
      throw notALedger("it serves something else than what was asked for");
    }
  }

  private static LogRecord record(JsonNode entry) {
    JsonNode text = entry.path("event");
    byte[] value =
        text.isString()
            ? text.stringValue().getBytes(StandardCharsets.UTF_8)
            : Base64.getDecoder().decode(entry.path("event_base64").asString(""));
    return new LogRecord(entry.path("index").asLong(-1), value);
  }

  private <T> Pages<T> pages(String path, String items, Function<JsonNode, T> read) {
    List<T> all = new ArrayList<>();
    long least = Long.MAX_VALUE;
    long most = 0;
    long bytes = 0;
    String from = "";
    do {
      Answer answer = find(path + "?limit=" + PAGE + from).orElse(Answer.NOTHING);
      JsonNode page = answer.json();
      int before = all.size();
      page.path(items).values().forEach(item -> all.add(read(item, read)));
      least = Math.min(least, page.path("size").asLong(0));
      most = Math.max(most, page.path("size").asLong(0));
      bytes += answer.bytes();
      JsonNode next = page.path("next");
      from = next.isNull() || next.isMissingNode() ? "" : "&from=" + escaped(next.asString());
      if (!from.isEmpty() && all.size() == before) {
        throw notALedger("it says that more follows and serves nothing");
      }
      requireRoom(all.size(), bytes, items);
    } while (!from.isEmpty());
    return new Pages<>(all, least, most);
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void requireRoom(int count, long bytes, String items) {
    if (count > MAX_ITEMS || bytes > MAX_LIST_BYTES) {
      throw new CommandFailure(
          "TOO_MANY",
          Exit.FAILED,
          "%s has more %s than fit into the memory of this command (%d and more); give it more with"
                  .formatted(base, items, count)
              + " AGENTCHAT_JAVA_OPTS=-Xmx..., or audit the log alone: 'agentchat log export'");
    }
  }

  private JsonNode get(String path) {
    return find(path).orElseThrow(() -> notALedger("it knows no " + path)).json();
  }

  private record Answer(JsonNode json, int bytes) {
    static final Answer NOTHING = new Answer(Json.mapper().nullNode(), 0);
  }

  /// The answer, or empty when a ledger says that there is no such thing.
  private Optional<Answer> find(String path) {
    return fetch(path).map(bytes -> new Answer(parse(bytes), bytes.length));
  }

  private Optional<byte[]> fetch(String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(base + path).toURL().openConnection();
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) READ.toMillis());
      connection.setRequestProperty("Accept", "application/json, text/plain");
      int status = connection.getResponseCode();
      byte[] answer =
          body(status < 400 ? connection.getInputStream() : connection.getErrorStream());
      if (status == 200) {
        return Optional.of(answer);
      }
      JsonNode body = parse(answer);
      if (!body.path("detail").isString()) {
        throw notALedger("it answers HTTP " + status);
      }
      if (status == 404) {
        return Optional.empty();
      }
      throw new CommandFailure(
          "LEDGER_" + status,
          Exit.FAILED,
          "The ledger at %s says: %s".formatted(base, body.path("detail").asString()));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private byte[] body(@Nullable InputStream stream) throws IOException {
    if (stream == null) {
      return new byte[0];
    }
    try (stream) {
      byte[] bytes = stream.readNBytes(MAX_ANSWER_BYTES + 1);
      if (bytes.length > MAX_ANSWER_BYTES) {
        throw notALedger("its answer has more than %d bytes".formatted(MAX_ANSWER_BYTES));
      }
      return bytes;
    }
  }

  private JsonNode parse(byte[] body) {
    try {
      return Json.parse(body);
    } catch (JacksonException _) {
      throw notALedger("it does not answer in JSON");
    }
  }

  private CommandFailure notALedger(String why) {
    return new CommandFailure(
        "NOT_A_LEDGER",
        Exit.FAILED,
        base
            + " is not a ledger ("
            + why
            + "); 'agentchat serve' prints where its ledger is, usually at port "
            + LedgerSettings.DEFAULT_PORT);
  }

  private CommandFailure unreachable(IOException problem) {
    String what =
        switch (problem) {
          case UnknownHostException _ -> "No host is called " + URI.create(base).getHost();
          case ConnectException _ -> "No ledger answers at " + base;
          case SocketTimeoutException _ -> "The ledger at " + base + " does not answer in time";
          case IOException other -> "The ledger at " + base + " cannot be asked (" + other + ")";
        };
    return new CommandFailure(
        "LEDGER_UNREACHABLE",
        Exit.UNREACHABLE,
        what + "; start it with 'agentchat serve', or name another with --ledger",
        problem);
  }
}
