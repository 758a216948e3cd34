package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PagesTest {
  private static final Pattern ASSET = Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"");
  private static final Pattern IMPORT = Pattern.compile("(?:from|import) \"(\\./[^\"]+)\"");
  private static final Pattern LINK = Pattern.compile("<a [^>]*href=\"(/[^\"]*)\"");

  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws InterruptedException, TimeoutException {
    server = TestServer.ready(folder.resolve("ledger.db"), FakeLog.of(Deals.begun()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/agents/@x", "/proposals/prop_x", "/disputes/disp_x", "/log", "/verify"})
  void pageIsHtmlThatMayRunNothingButOurScripts(String path) throws Exception {
    HttpResponse<String> page = server.get(path);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(page, "Content-Security-Policy"))
        .isEqualTo(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                + " connect-src 'self'; base-uri 'none'; form-action 'self';"
                + " frame-ancestors 'none'");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(page.body())
        .startsWith("<!doctype html>")
        .contains("<html lang=\"en\">", "<main id=\"main\"", "Skip to the content")
        .doesNotContain("{{", " style=", "<style", " onclick");
  }

  /// What is in the address is looked at by the script only.
  @Test
  void pageIsTheSameForEveryName() throws Exception {
    String known = server.get("/agents/@x").body();
    assertThat(server.get("/agents/%3Cscript%3Ealert(1)%3C%2Fscript%3E").body()).isEqualTo(known);
    assertThat(server.get("/agents/%22onload=x").body()).isEqualTo(known);
  }

  @Test
  void navigationSaysWhereItIs() throws Exception {
    assertThat(server.get("/log").body()).contains("<a aria-current=\"page\" href=\"/log\">");
    assertThat(server.get("/").body())
        .contains("<a aria-current=\"page\" href=\"/\">")
        .doesNotContain("<a aria-current=\"page\" href=\"/log\">");
  }

  @Test
  void pageIsAskedForAgainButNotSentAgain() throws Exception {
    HttpResponse<String> page = server.get("/log");
    assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
    HttpRequest.Builder again =
        HttpRequest.newBuilder(server.uri("/log")).header("If-None-Match", header(page, "ETag"));
    assertThat(server.send(again).statusCode()).isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/agents/@x", "/proposals/prop_x", "/disputes/disp_x", "/log", "/verify"})
  void everythingThatPageNeedsIsThereAndIsKept(String path) throws Exception {
    TreeSet<String> wanted = new TreeSet<>(found(ASSET, server.get(path).body()));
    assertThat(wanted).hasSize(3);
    TreeSet<String> seen = new TreeSet<>();
    while (!wanted.isEmpty()) {
      String asset = wanted.pollFirst();
      seen.add(asset);
      HttpResponse<String> file = server.get(asset);
      assertThat(file.statusCode()).as(asset).isEqualTo(200);
      assertThat(header(file, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
      assertThat(header(file, "Content-Type")).startsWith(type(asset));
      if (asset.endsWith(".js")) {
        found(IMPORT, file.body()).stream()
            .map(name -> URI.create(asset).resolve(name).toString())
            .filter(name -> !seen.contains(name))
            .forEach(wanted::add);
      }
    }
  }

  private static String type(String asset) {
    return switch (asset.substring(asset.lastIndexOf('.'))) {
      case ".js" -> "text/javascript";
      case ".css" -> "text/css";
      case ".svg" -> "image/svg+xml";
      default -> throw new AssertionError(asset);
    };
  }

  @Test
  void chartLibraryComesFromItsJar() throws Exception {
    HttpResponse<String> chart = server.get(assets() + "chart.umd.min.js");
    assertThat(chart.body()).contains("Chart.js v").doesNotContain("new Function(");
  }

  @Test
  void everyFileOfThePagesIsServed() throws Exception {
    Path source = Path.of("src/main/resources/org/agentchat/ledger/server/web");
    try (Stream<Path> files = Files.list(source)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.endsWith(".html"))
              .toList();
      assertThat(names).isNotEmpty();
      for (String name : names) {
        assertThat(server.get(assets() + name).statusCode()).as(name).isEqualTo(200);
      }
    }
  }

  @Test
  void otherVersionOfAFileIsNotThisOne() throws Exception {
    assertThat(server.get("/assets/0000000000000000/style.css").statusCode()).isEqualTo(404);
    assertThat(server.get(assets() + "none.js").statusCode()).isEqualTo(404);
    assertThat(server.get(assets() + "..%2Fopenapi.json").statusCode()).isEqualTo(404);
    assertThat(server.get(assets() + "layout.html").statusCode()).isEqualTo(404);
    assertThat(header(server.get(assets() + "none.js"), "Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void linksOfTheFrameLeadSomewhere() throws Exception {
    for (String link : found(LINK, server.get("/").body())) {
      assertThat(server.get(link).statusCode()).as(link).isEqualTo(200);
    }
  }

  @Test
  void personIsShownAPageWhereNothingIs() throws Exception {
    HttpResponse<String> page =
        server.send(
            HttpRequest.newBuilder(server.uri("/nothing")).header("Accept", "text/html,*/*;q=0.8"));
    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(header(page, "Content-Type")).startsWith("text/html");
    assertThat(header(page, "Cache-Control")).isEqualTo("no-store");
    assertThat(page.body()).contains("Nothing is here");
    assertThat(header(server.get("/nothing"), "Content-Type"))
        .isEqualTo("application/problem+json");
  }

  @Test
  void dataIsNoPage() throws Exception {
    for (String path : List.of("/v1/stats", "/health", assets() + "page.js")) {
      assertThat(header(server.get(path), "Content-Security-Policy"))
          .isEqualTo("default-src 'none'; frame-ancestors 'none'");
    }
  }

  private static String assets() throws IOException, InterruptedException {
    String style = found(ASSET, server.get("/").body()).getFirst();
    return style.substring(0, style.lastIndexOf('/') + 1);
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElseThrow();
  }
}
