package org.agentchat.ledger.server;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;

/// One tab of a [Chromium]. It notes whatever the browser complains of: errors on the console,
/// exceptions, violations of the content security policy, failed requests, dialogs.
final class Tab implements AutoCloseable {
  private final AtomicInteger next = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final WebSocket socket;

  private Tab(HttpClient http, URI uri) {
    this.socket = http.newWebSocketBuilder().buildAsync(uri, new Listener()).join();
  }

  static Tab open(HttpClient http, URI uri) {
    Tab tab = new Tab(http, uri);
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      tab.call(domain + ".enable", Map.of());
    }
    return tab;
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        take(Json.parse(text.toString()));
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      waiting.values().forEach(answer -> answer.completeExceptionally(error));
    }
  }

  private void take(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = waiting.remove(message.path("id").intValue());
      if (answer != null) {
        answer.complete(message);
      }
      return;
    }
    JsonNode params = message.path("params");
    switch (message.path("method").asString("")) {
      case "Runtime.exceptionThrown" ->
          complaints.add("exception: " + params.at("/exceptionDetails"));
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning", "assert").contains(params.path("type").stringValue())) {
          complaints.add("console: " + params.path("args"));
        }
      }
      case "Network.requestWillBeSent" -> requests.add(params.at("/request/url").stringValue());
      case "Log.entryAdded" -> {
        JsonNode entry = params.path("entry");
        complaints.add(
            "%s: %s %s"
                .formatted(
                    entry.path("source").stringValue(),
                    entry.path("text").stringValue(),
                    entry.path("url").asString("")));
      }
      case "Page.javascriptDialogOpening" -> complaints.add("dialog: " + params);
      default -> {
        // Of the many other events none is a complaint.
      }
    }
  }

  /// Asks the browser; its answer's result.
  JsonNode call(String method, Map<String, Object> parameters) {
    int id = next.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    String asked = Json.text(Map.of("id", id, "method", method, "params", parameters));
    socket.sendText(asked, true).join();
    try {
      JsonNode message = answer.get(Chromium.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (message.has("error")) {
        throw new IllegalStateException(method + ": " + message.path("error"));
      }
      return message.path("result");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(method + " was not answered", e);
    }
  }

  /// Goes to a page and waits until none of its parts is loading.
  Tab show(URI page) {
    // To the same address with a fragment a browser does not go anew.
    call("Page.navigate", Map.of("url", "about:blank"));
    call("Page.navigate", Map.of("url", page.toString()));
    settle(page);
    return this;
  }

  /// Waits until the page is there and none of its parts is loading.
  void settle(URI page) {
    await()
        .atMost(Chromium.PATIENCE)
        .ignoreExceptions() // While one page follows another there is nobody to ask.
        .until(() ->
            evaluate(
                    """
                    location.href.startsWith(%s) && document.readyState === 'complete'
                      && !document.querySelector('[aria-busy]')
                      && (document.getElementById('read-so-far')?.textContent !== ''
                        || !document.getElementById('health')?.hidden)
                    """
                        .formatted(Json.text(page.toString())))
                .booleanValue());
  }

  /// The value of a script's expression in the page.
  JsonNode evaluate(String expression) {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /// What a reader sees of the page.
  String text() {
    return evaluate("document.body.innerText").stringValue();
  }

  /// The screen, in CSS pixels.
  Tab sized(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    return this;
  }

  /// What the reader's system prefers.
  Tab dark(boolean dark) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    return this;
  }

  /// Presses a key.
  ///
  /// @param text what it types, or empty
  void press(String key, int code, String text) {
    for (String type : List.of(text.isEmpty() ? "rawKeyDown" : "keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of(
              "type",
              type,
              "key",
              key,
              "code",
              key,
              "windowsVirtualKeyCode",
              code,
              "text",
              type.equals("keyUp") ? "" : text));
    }
  }

  /// Types into whatever has the focus.
  void type(String text) {
    call("Input.insertText", Map.of("text", text));
  }

  /// Keeps a picture of the screen.
  void picture(Path file) throws IOException {
    String png = call("Page.captureScreenshot", Map.of("format", "png")).path("data").stringValue();
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(png));
  }

  /// What the browser complained of so far; forgotten with this.
  List<String> complaints() {
    List<String> all = new ArrayList<>(complaints);
    complaints.removeAll(all);
    return all;
  }

  /// The addresses that were asked for so far; forgotten with this.
  List<String> requests() {
    List<String> all = new ArrayList<>(requests);
    requests.removeAll(all);
    return all;
  }

  /// Chooses a file in an input of the page.
  ///
  /// @param input its id
  /// @param file absolute
  void choose(String input, Path file) {
    JsonNode element =
        call(
            "Runtime.evaluate",
            Map.of("expression", "document.getElementById('%s')".formatted(input)));
    call(
        "DOM.setFileInputFiles",
        Map.of(
            "files",
            List.of(file.toString()),
            "objectId",
            element.at("/result/objectId").stringValue()));
  }

  @Override
  public void close() {
    call("Page.close", Map.of());
    socket.abort();
  }
}
