package org.agentchat.ledger.server;

import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The pages that people read. Each is the common frame `web/layout.html` around `web/NAME.html`,
/// with the script `web/NAME.js`, which asks the API and fills it in. They are the same for every
/// agent and proposal, and hold nothing from the log.
final class WebPages {
  /// One page.
  ///
  /// @param template where it is served
  /// @param name of its files
  /// @param title in the browser's tab, before `AgentChat ledger`
  /// @param parameters the query parameters that its script reads
  private record WebPage(String template, String name, String title, Set<String> parameters) {
    WebPage(String template, String name, String title) {
      this(template, name, title, Set.of());
    }
  }

  private static final List<WebPage> PAGES =
      List.of(
          new WebPage("/", "home", "Leaderboard"),
          new WebPage("/agents/{id}", "agent", "Agent"),
          new WebPage("/proposals/{id}", "proposal", "Proposal"),
          new WebPage("/disputes/{id}", "dispute", "Court case"),
          new WebPage("/log", "log", "Log", Set.of("from")),
          new WebPage("/verify", "verify", "Verify"));

  private static final WebPage MISSING = new WebPage("", "missing", "Not found");

  private final WebFiles files;
  private final String layout;

  private WebPages(WebFiles files, String layout) {
    this.files = files;
    this.layout = layout;
  }

  /// Reads all of them from the jars.
  ///
  /// @throws IllegalStateException when one is missing
  static WebPages load() {
    return new WebPages(WebFiles.load(), WebFiles.text("layout.html"));
  }

  List<Route> routes() {
    return Stream.concat(PAGES.stream().map(this::route), Stream.of(files.route())).toList();
  }

  /// What a browser is shown where nothing is served.
  Answer missing() {
    return answer(MISSING, StatusCodes.NOT_FOUND, Answer.Cache.NEVER);
  }

  private Route route(WebPage page) {
    Answer answer = answer(page, StatusCodes.OK, Answer.Cache.REVALIDATED);
    return new Route(page.template(), page.parameters(), 0, _ -> answer);
  }

  private Answer answer(WebPage page, int status, Answer.Cache cache) {
    String here = "href=\"%s\"".formatted(page.template());
    String html =
        layout
            .replace("{{title}}", page.title())
            .replace("{{main}}", WebFiles.text(page.name() + ".html"))
            .replace("{{script}}", page.name() + ".js")
            .replace("{{assets}}", "/assets/" + files.version())
            // The entry of the navigation that leads here says so.
            .replace("<a " + here, "<a aria-current=\"page\" " + here);
    byte[] bytes = html.getBytes(StandardCharsets.UTF_8);
    return new Answer(status, "text/html; charset=utf-8", bytes, cache);
  }
}
