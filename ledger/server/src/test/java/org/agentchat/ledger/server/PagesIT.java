package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.agentchat.log.LogFailures;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.TokenAmount;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The pages in a real browser. Pictures of all of them are left in `target/pages`.
final class PagesIT {
  /// Not of our own package: its loggers are silent in these tests.
  private static final Logger log = LoggerFactory.getLogger("PagesIT");

  /// A text that does harm wherever it is taken for markup.
  private static final String HOSTILE =
      "<img src=x onerror=\"window.harmed=1\"><script>window.harmed=1</script>"
          + "'\"><svg onload=alert(1)> {{constructor}} \u202etxet\u202c";

  /// With those before them seventy addresses, twenty more than a page shows.
  private static final int MORE_ADDRESSES = 70 - 1 - HOSTILE.split(" ", -1).length;

  /// A browser tells its console of each 404, also of one that the page knows what to make of.
  private static final String NO_CHECKPOINT = "/checkpoint";

  @TempDir private static Path folder;
  private static FakeLog source;
  private static TestServer server;
  private static Chromium browser;
  private static String hostile;
  private static String contested;
  private static String court;
  private static String finished;
  private static String old;
  private static String paid;
  private static String locked;
  private static String closedMachines;
  private static String runningMachines;
  private static String unwantedMachines;

  private Tab tab;

  /// What is looked at, each with everything that it can show.
  enum Shown {
    HOME,
    AGENT,
    PROPOSAL,
    OPEN_PROPOSAL,
    PAID,
    PAYEE,
    MACHINES,
    DISPUTE,
    LOG,
    ENTRY,
    VERIFY,
    MISSING,
    NOBODY;

    String path() {
      return switch (this) {
        case HOME -> "/";
        case AGENT -> "/agents/" + Deals.agent(3).id();
        case PROPOSAL -> "/proposals/" + finished;
        case OPEN_PROPOSAL -> "/proposals/" + contested;
        case PAID -> "/proposals/" + paid;
        case PAYEE -> "/agents/" + Deals.agent(2).id();
        case MACHINES -> "/proposals/" + closedMachines;
        case DISPUTE -> "/disputes/" + court;
        case LOG -> "/log";
        case ENTRY -> "/log?from=1#entry-1";
        case VERIFY -> "/verify";
        case MISSING -> "/nothing/here";
        case NOBODY -> "/agents/@nobody";
      };
    }

    /// Whether the page asks for something that is not there.
    boolean asksForNothing() {
      return this == MISSING || this == NOBODY;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = Chromium.installed();
    if (program.isEmpty()) {
      log.warn("######## THE WEB PAGES ARE NOT TESTED: no chromium is on the PATH ########");
    }
    assumeThat(program)
        .as("the web pages are tested in a real browser: install chromium")
        .isPresent();
    source = FakeLog.of(deals());
    server = TestServer.published(folder, source);
    browser = Chromium.start(program.orElseThrow(), folder.resolve("browser").toAbsolutePath());
  }

  private static Deals deals() {
    Deals deals = MoneyDeals.ofEveryKind();
    hostile =
        deals.finish(
            Deals.agent(1), Deals.agent(2), new Deals.Terms(HOSTILE, 7, null, null, "<b>&amp;"));
    for (int i = 0; i < 12; i++) {
      deals.later(2 * Deals.HOUR + i * Deals.HOUR);
      String what = i % 2 == 0 ? "Summarise the minutes of meeting " + i : "Translate page " + i;
      Deals.Terms terms =
          new Deals.Terms(what, 5 + i, null, null, i % 2 == 0 ? "summaries" : "translation");
      String deal = deals.propose(Deals.agent(1 + i % 2), Deals.agent(5), terms);
      deals.accept(Deals.agent(5), deal, null);
      if (i % 5 == 4) {
        deals.dispute(Deals.agent(1 + i % 2), deal);
      } else {
        deals.complete(Deals.agent(1 + i % 2), deal);
      }
    }
    deals.later(2 * Deals.HOUR);
    finished = deals.propose(Deals.agent(1), Deals.agent(5), Deals.Terms.staking(20, null));
    deals.accept(Deals.agent(5), finished, 10).complete(Deals.agent(1), finished);
    old =
        deals
            .joined(true)
            .later(2 * Deals.HOUR)
            .finish(Deals.agent(2), Deals.agent(1), Deals.Terms.worth(1));
    deals.joined(false);
    MoneyDeals money = new MoneyDeals(deals).begin(Deals.agent(1), Deals.agent(2));
    MoneyDeals.Agreed done = money.agree(Deals.agent(1), Deals.agent(2), "Paint the fence, twice");
    money.lock(done);
    deals.later(Deals.HOUR).complete(Deals.agent(2), done.proposalId()).later(Deals.HOUR);
    money.settle(
        done,
        TokenAmount.of("1000000000000000000"),
        TokenAmount.of("500000000000000000"),
        EscrowOutcome.RESOLVED);
    paid = done.proposalId();
    MoneyDeals.Agreed held = money.agree(Deals.agent(2), Deals.agent(1), "Mow the lawn");
    money.lock(held);
    locked = held.proposalId();
    rentMachines(new MachineDeals(deals, Deals.agent(1), Deals.agent(2)));
    contested = deals.propose(Deals.agent(1), Deals.agent(2), Deals.Terms.worth(3));
    deals.accept(Deals.agent(2), contested, 20);
    court = deals.file(Deals.agent(2), contested, "number");
    return deals;
  }

  private static void rentMachines(MachineDeals machines) {
    closedMachines = machines.agree("Run the relay");
    machines
        .run(closedMachines, 1_001)
        .run(
            closedMachines,
            MachineDeals.lease(1_002) + " " + MachineDeals.lease(1_003),
            "https://%s.example.com/ %s%s"
                .formatted("a".repeat(200), HOSTILE, " c.example.com".repeat(MORE_ADDRESSES)))
        .complete(closedMachines)
        .close(closedMachines, HOSTILE);
    runningMachines = machines.agree("Run the witness");
    machines.run(runningMachines, MachineDeals.lease(1_004), "");
    unwantedMachines = machines.agree("Run it for nothing");
    machines.fail(unwantedMachines, "nobody bid");
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  @BeforeEach
  void openTab() throws IOException, InterruptedException {
    tab = browser.tab().sized(1280, 900).dark(false);
  }

  @AfterEach
  void closeTab() {
    tab.close();
  }

  private static URI uri(String path) {
    return server.uri(path);
  }

  private void requireNoComplaints() {
    assertThat(tab.complaints()).isEmpty();
  }

  @Test
  void leaderboardShowsTheRowsOfTheLedger() throws Exception {
    tab.show(uri("/"));
    JsonNode agents = server.json("/v1/leaderboard").path("agents");
    assertThat(agents.size()).isGreaterThan(2);
    JsonNode rows =
        tab.evaluate(
            "[...document.querySelectorAll('#best tbody tr')].map(row => [...row.cells].slice(0,"
                + " 4).map(cell => cell.textContent.replace(/\\D*,/, '')))");
    assertThat(rows.size()).isEqualTo(agents.size());
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).get(1).stringValue())
          .isEqualTo(agents.get(i).path("id").stringValue());
      assertThat(rows.get(i).get(2).stringValue().replaceAll("\\D", ""))
          .isEqualTo(agents.get(i).path("rating").toString());
    }
    assertThat(tab.evaluate("document.getElementById('announcement').textContent").stringValue())
        .isEqualTo("Loaded");
    requireNoComplaints();
  }

  @Test
  void agentHasAChartAndTheSameAsATable() throws Exception {
    tab.show(uri("/agents/" + Deals.agent(5).id()));
    // Some of the canvas is painted.
    assertThat(
            tab.evaluate(
                    """
                    (() => {
                      const canvas = document.querySelector('#history canvas');
                      const pixels = canvas.getContext('2d')
                        .getImageData(0, 0, canvas.width, canvas.height).data;
                      return pixels.filter((value, i) => i % 4 === 3 && value > 0).length;
                    })()
                    """)
                .intValue())
        .isGreaterThan(1_000);
    assertThat(tab.evaluate("document.querySelector('#history canvas').ariaLabel").stringValue())
        .startsWith("Line chart of the rating: from 1,200 to ");
    long own = 0;
    for (JsonNode change :
        server.json("/v1/agents/" + Deals.agent(5).id() + "/history?limit=500").path("changes")) {
      own += change.path("capability").isNull() ? 1 : 0;
    }
    assertThat(tab.evaluate("document.querySelectorAll('#history tbody tr').length").longValue())
        .isEqualTo(own);
    assertThat(tab.text())
        .contains("Free to stake", "Finished deals", "Keys over time", "Key of today", "Replaced");
    assertThat(tab.evaluate("document.querySelectorAll('#keys li').length").intValue())
        .isEqualTo(3);
    assertThat(tab.evaluate("document.title").stringValue())
        .isEqualTo(Deals.agent(5).id() + " · AgentChat ledger");
    requireNoComplaints();
  }

  @Test
  void otherSeriesIsDrawnOnDemand() {
    tab.show(uri("/agents/" + Deals.agent(5).id()));
    String label = "document.querySelector('#history canvas').ariaLabel";
    tab.evaluate(
        """
        (() => {
          const select = document.getElementById('series');
          select.selectedIndex = [...select.options].findIndex(one => one.text === 'summaries');
          select.dispatchEvent(new Event('change'));
        })()
        """);
    assertThat(tab.evaluate(label).stringValue()).contains("rating for summaries");
    requireNoComplaints();
  }

  @Test
  void proposalShowsEachLegAndWhatItsSignatureBinds() {
    tab.show(uri("/proposals/" + finished));
    assertThat(tab.evaluate("document.querySelectorAll('#timeline > ol > li').length").intValue())
        .isEqualTo(3);
    assertThat(tab.text())
        .contains(
            "Offered the deal",
            "Accepted it",
            "Said that the work is done",
            "Signed under agentchat/2: binds everything",
            "Both stakes went back to their owners.");
    requireNoComplaints();
  }

  @Test
  void proposalSaysWhereItsMoneyIsAndWhoseWordThatIs() {
    tab.show(uri("/proposals/" + paid));
    tab.evaluate("document.querySelectorAll('#money details').forEach(one => one.open = true)");
    assertThat(tab.evaluate("document.querySelectorAll('#money ol > li').length").intValue())
        .isEqualTo(3);
    assertThat(tab.text())
        .contains(
            "Agreed: 1.5 of the chain's coin",
            "The money was locked",
            "Paid out as the arbiter divided it: 1 of the chain's coin to the payee, 0.5 of the"
                + " chain's coin to the payer",
            "said by " + MoneyDeals.OBSERVER.id(),
            "This ledger asks no chain",
            "exactly 1,500,000,000,000,000,000 smallest units",
            "After a delivery the payer has 1 day to object.",
            "has 7 days to divide it. If it stays silent, the payee gets 50 % and the payer 50 %.",
            MoneyDeals.wallet("payer").address().text());
    tab.show(uri("/proposals/" + locked));
    assertThat(tab.text())
        .contains(
            "the money is in the contract",
            "If nothing is delivered by",
            "Said that the money was locked");
    tab.show(uri("/proposals/" + finished));
    assertThat(tab.text()).doesNotContain("The money");
    requireNoComplaints();
  }

  @Test
  void proposalSaysWhatRanWhereAndWhatItCost() {
    tab.show(uri("/proposals/" + closedMachines));
    tab.evaluate("document.querySelectorAll('#machines details').forEach(one => one.open = true)");
    assertThat(tab.evaluate("document.querySelectorAll('#machines > ol > li').length").intValue())
        .isEqualTo(3);
    String provider = MachineDeals.lease(1_002).substring(MachineDeals.lease(1_002).length() - 44);
    assertThat(tab.text())
        .contains(
            "the machines were said to have run, and to be open no more",
            "Machines run",
            "Machines closed",
            "said by " + Deals.agent(2).id(),
            "b.example.com",
            "and 20 more, in the exact text of the entry",
            "The 2 leases",
            "1001, group 1, order 1",
            "1003, group 1, order 1",
            provider,
            "7.25 ACT (7,250,000 uact)",
            "This ledger asks no network");
    tab.show(uri("/proposals/" + runningMachines));
    // Its time is far beyond that of this machine.
    assertThat(tab.text())
        .contains(
            "everything that the deal asks for was said to run",
            "They are to be closed by",
            "no address was named",
            "Said that the machines run");
    tab.show(uri("/proposals/" + unwantedMachines));
    assertThat(tab.text())
        .contains("nothing was said to have run, or to be open", "nobody bid", "0 ACT (0 uact)")
        .doesNotContain("They are to be closed by");
    tab.show(uri("/proposals/" + finished));
    assertThat(tab.text()).doesNotContain("The machines");
    requireNoComplaints();
  }

  @Test
  void machinesWhoseTimeIsUpAndOfWhichNothingWasSaidAreToldOf() {
    tab.call(
        "Page.addScriptToEvaluateOnNewDocument",
        Map.of("source", "Date.now = () => Date.UTC(2100, 0, 1)"));
    tab.show(uri("/proposals/" + runningMachines));
    assertThat(tab.text()).contains("They were to be closed by", "and nothing was said of that.");
    requireNoComplaints();
  }

  @Test
  void agentHasItsWalletsAndTheMoneyOfItsDeals() {
    tab.show(uri("/agents/" + Deals.agent(2).id()));
    tab.evaluate("document.querySelectorAll('#wallets details').forEach(one => one.open = true)");
    assertThat(tab.evaluate("document.querySelectorAll('#wallets > ul > li').length").intValue())
        .isEqualTo(1);
    assertThat(tab.text())
        .contains(
            MoneyDeals.wallet("payee").address().text(),
            "The wallet signed",
            "Replaced by later ones (2)",
            "only the chain knows whether it agreed (ERC-1271)",
            "by the word of " + MoneyDeals.OBSERVER.id(),
            "Machines");
    tab.show(uri("/agents/" + Deals.agent(3).id()));
    assertThat(tab.text()).contains("This agent has bound no wallet");
    requireNoComplaints();
  }

  @Test
  void proposalWithoutReceiptShowsWhatTheLogHolds() {
    tab.show(uri("/proposals/" + contested));
    assertThat(tab.text())
        .contains("In court", "Offered the deal", "Took it to court", "The log ends there.");
    requireNoComplaints();
  }

  @Test
  void legsThatOldClientsSignedSayWhatIsNotBound() {
    tab.show(uri("/proposals/" + old));
    tab.evaluate("document.querySelectorAll('#timeline details').forEach(one => one.open = true)");
    assertThat(tab.text())
        .contains(
            "Signed under agentchat/1: binds a part",
            "It does not bind the terms and the capability",
            "Signed under agentchat/1: binds its fields, not log and time",
            "this commits to the whole offer")
        .doesNotContain("agentchat/2");
    requireNoComplaints();
  }

  @Test
  void schemeOfOldClientsIsExplainedForEachStatement() {
    tab.show(uri("/log"));
    JsonNode meaning =
        tab.evaluate(
            """
            import(new URL('words.js', document.querySelector('script[src]').src))
              .then(words => ['PROPOSAL', 'ACCEPT', 'ARBITER_VOTE', 'x']
                .map(type => Object.values(words.scheme('agentchat/1', type)).flat().join(' ')))
            """);
    assertThat(meaning.get(0).stringValue())
        .contains("It does not bind the terms and the capability")
        .contains("neither a log nor a time");
    assertThat(meaning.get(1).stringValue()).contains("commits to the whole offer");
    assertThat(meaning.get(2).stringValue()).contains("does not bind the reasoning");
    assertThat(meaning.get(3).stringValue()).contains("does not know");
  }

  @Test
  void hostileTextsAreTextsOnly() {
    for (String path :
        List.of(
            "/proposals/" + hostile,
            "/proposals/" + closedMachines,
            "/agents/" + Deals.agent(1).id(),
            "/agents/" + Deals.agent(2).id(),
            "/disputes/" + court,
            "/log?from=0",
            "/log?from=50",
            "/log?from=%3Cimg%20src=x%20onerror=alert(1)%3E",
            "/agents/%3Cimg%20src=x%20onerror=alert(1)%3E",
            "/proposals/%3Cscript%3Ealert(1)%3C%2Fscript%3E")) {
      tab.show(uri(path.replace("@", "%40")));
      assertThat(tab.evaluate("window.harmed ?? 0").intValue()).as(path).isZero();
      assertThat(
              tab.evaluate("document.querySelectorAll('main img, main svg, main script').length")
                  .intValue())
          .as(path)
          .isZero();
      assertThat(tab.complaints())
          .as(path)
          .noneMatch(
              complaint -> complaint.startsWith("security") || complaint.startsWith("dialog"));
    }
    tab.show(uri("/proposals/" + hostile));
    assertThat(shown("#proposal blockquote")).isEqualTo(harmless(HOSTILE));
    tab.show(uri("/proposals/" + closedMachines));
    assertThat(shown("#machines blockquote")).isEqualTo(harmless(HOSTILE));
  }

  private String shown(String selector) {
    return tab.evaluate("document.querySelector('%s').textContent".formatted(selector))
        .stringValue();
  }

  /// As a page shows it: characters that turn the text around are written out.
  private static String harmless(String text) {
    return text.replace("\u202e", "\\u202e").replace("\u202c", "\\u202c");
  }

  /// So the test above would notice.
  @Test
  void browserRefusesAndReportsWhatThePolicyForbids() {
    tab.show(uri("/"));
    requireNoComplaints();
    tab.evaluate(
        """
        document.getElementById('numbers').innerHTML =
          '<img src=x onerror="window.harmed=1"><b style="color:red">x</b>'
        """);
    await()
        .atMost(Chromium.PATIENCE)
        .untilAsserted(
            () -> assertThat(tab.complaints().toString()).contains("Content Security Policy"));
    assertThat(tab.evaluate("window.harmed ?? 0").intValue()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void pageIsReadableOnEveryScreenInBothSchemes(Shown shown) throws Exception {
    for (boolean dark : List.of(false, true)) {
      for (int width : List.of(360, 1280)) {
        tab.sized(width, 800).dark(dark).show(uri(shown.path()));
        String name =
            "%s-%d-%s"
                .formatted(shown.name().toLowerCase(Locale.ROOT), width, dark ? "dark" : "light");
        // What lies beyond the screen is not always painted.
        int height = tab.evaluate("document.documentElement.scrollHeight").intValue();
        tab.sized(width, height).picture(Path.of("target/pages", name + ".png"));
        tab.sized(width, 800);
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)");
        assertThat(tab.evaluate("document.documentElement.scrollWidth").intValue())
            .as("%s is as wide as the screen", name)
            .isLessThanOrEqualTo(width);
        assertThat(tab.evaluate(TOO_FAINT).toString()).as("too faint in " + name).isEqualTo("[]");
      }
    }
    if (!shown.asksForNothing()) {
      requireNoComplaints();
    }
  }

  /// The texts whose contrast with what is behind them is less than WCAG 2.2 AA wants.
  static final String TOO_FAINT =
      """
      (() => {
        const channels = colour => colour.match(/[\\d.]+/g).map(Number);
        const luminance = colour => channels(colour).slice(0, 3)
          .map(value => value / 255)
          .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
          .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
        const behind = element => {
          for (let at = element; at; at = at.parentElement) {
            const back = getComputedStyle(at).backgroundColor;
            if ((channels(back)[3] ?? 1) === 1) return back;
          }
          return getComputedStyle(document.documentElement).colorScheme === 'dark'
            ? 'rgb(0, 0, 0)' : 'rgb(255, 255, 255)';
        };
        return [...document.body.querySelectorAll('*')]
          .filter(element => element.checkVisibility())
          .filter(element => [...element.childNodes]
            .some(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== ''))
          .map(element => {
            const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
            const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            return [element.outerHTML.slice(0, 80), contrast];
          })
          .filter(([, contrast]) => contrast < 4.5);
      })()
      """;

  @ParameterizedTest
  @EnumSource
  void tabKeyReachesEverythingInOrderAndItShows(Shown shown) {
    tab.show(uri(shown.path()));
    JsonNode expected =
        tab.evaluate(
            """
            window.reach = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
              .filter(element => element.checkVisibility());
            window.scrollTo(0, 0);
            document.activeElement.blur();
            window.reach.length
            """);
    List<Integer> reached = new ArrayList<>();
    for (int i = 0; i < expected.intValue() + 10; i++) {
      tab.press("Tab", 9, "");
      JsonNode at =
          tab.evaluate(
              """
              (() => {
                const element = document.activeElement;
                const style = getComputedStyle(element);
                const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
                const box = element.getBoundingClientRect();
                const inside = box.bottom > 0 && box.top < innerHeight;
                return [window.reach.indexOf(element), seen && inside, element.outerHTML.slice(0, 90)];
              })()
              """);
      if (at.get(0).intValue() >= 0) {
        assertThat(at.get(1).booleanValue()).as("focus shows on " + at.get(2)).isTrue();
        reached.add(at.get(0).intValue());
      }
    }
    List<Integer> once = new ArrayList<>(new LinkedHashSet<>(reached));
    assertThat(once).hasSize(expected.intValue());
    if (shown == Shown.ENTRY) {
      // A fragment is where the keyboard starts (HTML, sequential focus navigation starting point);
      // from there it goes round.
      Collections.rotate(once, -once.indexOf(0));
    }
    assertThat(once).isSorted();
  }

  @Test
  void everyPageHasItsLandmarksAndOneHeading() {
    for (Shown shown : Shown.values()) {
      tab.show(uri(shown.path()));
      JsonNode counts =
          tab.evaluate(
              """
              ['main', 'header', 'footer', 'nav[aria-label="Main"]', '[role=search]', 'h1']
                .map(one => document.querySelectorAll(one).length)
              """);
      assertThat(counts.toString()).as(shown.path()).isEqualTo("[1,1,1,1,1,1]");
      assertThat(
              tab.evaluate(
                      """
                      [...document.querySelectorAll('input, select, textarea')]
                        .filter(one => one.labels.length !== 1).length
                      """)
                  .intValue())
          .as("without a label on " + shown.path())
          .isZero();
    }
  }

  @Test
  void skipLinkLeadsPastTheNavigation() {
    tab.show(uri("/log"));
    tab.press("Tab", 9, "");
    assertThat(tab.evaluate("document.activeElement.className").stringValue()).isEqualTo("skip");
    tab.press("Enter", 13, "\r");
    assertThat(tab.evaluate("document.activeElement.id").stringValue()).isEqualTo("main");
  }

  @Test
  void searchGoesToWhatWasTyped() {
    Map<String, String> wanted =
        Map.of(
            Deals.agent(1).id().name(),
            "/agents/" + Deals.agent(1).id(),
            " " + Deals.agent(2).id() + " ",
            "/agents/" + Deals.agent(2).id(),
            finished,
            "/proposals/" + finished,
            court,
            "/disputes/" + court,
            "3",
            "/log?from=3#entry-3");
    wanted.forEach((typed, path) -> {
      tab.show(uri("/verify"));
      tab.evaluate("document.getElementById('wanted').focus()");
      tab.type(typed);
      tab.press("Enter", 13, "\r");
      tab.settle(uri(path));
    });
    tab.show(uri("/"));
    tab.evaluate("document.getElementById('wanted').focus()");
    tab.type("no such <b>name</b>");
    tab.press("Enter", 13, "\r");
    assertThat(tab.evaluate("document.getElementById('search-trouble').textContent").stringValue())
        .startsWith("That is no name");
    assertThat(tab.evaluate("location.pathname").stringValue()).isEqualTo("/");
  }

  @Test
  void logShowsTheExactTextAndTurnsItsPages() throws Exception {
    tab.show(uri("/log?from=1#entry-1"));
    String event = server.json("/v1/log?from=1&limit=1").at("/entries/0/event").stringValue();
    assertThat(tab.evaluate("document.querySelector('#entry-1 pre').textContent").stringValue())
        .isEqualTo(event);
    assertThat(tab.evaluate("document.querySelector('#entry-1 details').open").booleanValue())
        .isTrue();
    assertThat(tab.text())
        .contains(server.json("/v1/stats").path("root_hash").stringValue())
        .contains(server.get("/checkpoint").body().strip(), "the same root as the tree beside it");
    List<Integer> seen = new ArrayList<>();
    tab.show(uri("/log?from=0"));
    boolean more = true;
    while (more) {
      tab.evaluate("[...document.querySelectorAll('.entries > li')].map(one => one.id.slice(6))")
          .forEach(index -> seen.add(Integer.parseInt(index.stringValue())));
      String later =
          tab.evaluate(
                  "[...document.querySelectorAll('#turn a')]"
                      + ".find(one => one.textContent === 'Later')?.getAttribute('href') ?? ''")
              .stringValue();
      more = !later.isEmpty();
      if (more) {
        tab.show(uri(later));
      }
    }
    assertThat(seen).hasSize((int) source.size()).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void timesAreTheReadersAndTheirTitleIsExact() {
    tab.call("Emulation.setTimezoneOverride", Map.of("timezoneId", "Asia/Tokyo"));
    tab.show(uri("/log?from=0"));
    JsonNode time =
        tab.evaluate(
            "(one => [one.textContent, one.title, one.dateTime])"
                + "(document.querySelector('#entry-0 time'))");
    assertThat(time.get(0).stringValue()).contains("GMT+9");
    assertThat(time.get(1).stringValue()).isEqualTo("2027-01-15T08:00:00.000Z");
    assertThat(time.get(2)).isEqualTo(time.get(1));
  }

  @Test
  void troubleIsToldInPlainWords() throws Exception {
    tab.show(uri("/agents/@nobody"));
    assertThat(tab.text())
        .contains("The log knows nothing of it", "The log has not named an agent @nobody.")
        .doesNotContain("Keys over time");
    tab.show(uri("/agents/a%20b"));
    assertThat(tab.text()).contains("That is not a name");
    tab.show(uri("/proposals/prop_none"));
    assertThat(tab.text()).contains("There is no proposal prop_none.");
    tab.show(uri("/log?from=1000000"));
    assertThat(tab.text()).contains("There is no entry 1,000,000 yet");
  }

  @Test
  void emptyLedgerSaysSo() throws Exception {
    try (TestServer empty = TestServer.ready(folder.resolve("empty.db"), new FakeLog())) {
      await().atMost(TestServer.PATIENCE).until(() -> empty.ledger().healthy());
      tab.show(empty.uri("/"));
      assertThat(tab.text())
          .contains("Nobody has finished a deal yet", "everybody begins at 1,200");
      tab.show(empty.uri("/log"));
      assertThat(tab.text()).contains("The log is empty", "publishes no signed checkpoint");
      assertThat(tab.complaints()).allMatch(complaint -> complaint.endsWith(NO_CHECKPOINT));
    }
  }

  @Test
  void ledgerThatIsNotWellSaysSo() throws Exception {
    FakeLog log = FakeLog.of(Deals.begun());
    try (TestServer ill = TestServer.ready(folder.resolve("ill.db"), log)) {
      log.fail(LogFailures.away());
      await()
          .atMost(TestServer.PATIENCE)
          .until(() -> ill.ledger().health().status() == Health.Status.LOG_AWAY);
      tab.show(ill.uri("/log"));
      assertThat(tab.text()).contains("cannot reach its log", "The ledger cannot say right now");
      log.fail(null);
      await().atMost(TestServer.PATIENCE).until(() -> ill.ledger().healthy());
      tab.evaluate("document.querySelector('#entries .trouble button').click()");
      await().atMost(Chromium.PATIENCE).until(() -> tab.text().contains("The log begins"));
    }
    // Now nobody answers.
    tab.evaluate(
        "import(document.querySelector('script[src]').src.replace('log.js', 'api.js')).then(api =>"
            + " api.get('/v1/stats')).catch(trouble => document.title = trouble.message)");
    assertThat(tab.evaluate("document.title").stringValue()).contains("does not answer");
  }
}
