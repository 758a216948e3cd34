package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.agentchat.receipt.FileVerifier;
import org.agentchat.receipt.Verification;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmKey;
import org.agentchat.schemas.escrow.EvmSignature;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.SignedNote;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The page that verifies files says what [FileVerifier] says, in a real browser. The files are
/// those that the tests of receipts and ratings publish.
final class VerifyPageIT {
  /// Not of our own package: its loggers are silent in these tests.
  private static final Logger log = LoggerFactory.getLogger("VerifyPageIT");

  private static final Path PUBLISHED =
      Path.of("../core/src/test/resources/org/agentchat/receipt").toAbsolutePath().normalize();

  private static final Path ISSUED = PUBLISHED.resolve("issued");
  private static final Path TAMPERED = PUBLISHED.resolve("tampered");
  private static final Path RATINGS = PUBLISHED.resolve("tampered-ratings");
  private static final Path MONEY = PUBLISHED.resolve("money");
  private static final Path POLICY = TAMPERED.resolve("policy");

  private static final String LEASE = "akash1" + "a".repeat(38) + "/12/1/1/akash1" + "b".repeat(38);

  private static final Path VECTORS =
      Path.of("../../schemas/src/test/resources/org/agentchat/schemas").toAbsolutePath();

  @TempDir private static Path folder;
  private static TestServer server;
  private static Chromium browser;
  private static String finished;

  private Tab tab;

  /// What the page shows.
  private record Shown(String code, List<String> proved, List<String> notProved) {
    static Shown of(Verification verification) {
      return new Shown(verification.code().name(), verification.proved(), verification.notProved());
    }
  }

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = Chromium.installed();
    if (program.isEmpty()) {
      log.warn("######## THE VERIFY PAGE IS NOT TESTED: no chromium is on the PATH ########");
    }
    assumeThat(program)
        .as("the verify page is tested in a real browser: install chromium")
        .isPresent();
    Deals deals = Deals.begun();
    finished = deals.finish(Deals.agent(1), Deals.agent(2), Deals.Terms.worth(10));
    server = TestServer.published(folder, FakeLog.of(deals));
    browser = Chromium.start(program.orElseThrow(), folder.resolve("browser").toAbsolutePath());
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  @BeforeEach
  void openPage() throws IOException, InterruptedException {
    tab = browser.tab().sized(1280, 900).dark(false).show(server.uri("/verify"));
  }

  @AfterEach
  void closePage() {
    assertThat(tab.complaints()).isEmpty();
    tab.close();
  }

  private static Verification verify(Path file, Optional<SignedNote> remembered)
      throws IOException {
    return new FileVerifier(policy(), _ -> remembered).verify(Files.readAllBytes(file));
  }

  private static Policy policy() throws IOException {
    return Policy.parse(Files.readAllBytes(POLICY));
  }

  private static SignedNote remembered() throws IOException {
    return remembered(TAMPERED);
  }

  private static SignedNote remembered(Path folder) throws IOException {
    return SignedNote.parse(Files.readString(folder.resolve("remembered")));
  }

  private Shown judged(Path file) {
    tab.choose("file", file);
    return shown(file.getFileName().toString());
  }

  /// Waits until the page shows the verdict on the file of that name.
  private Shown shown(String name) {
    await()
        .atMost(Chromium.PATIENCE)
        .until(() ->
            tab.evaluate(
                    """
                    (verdict => !verdict.hasAttribute('aria-busy')
                      && verdict.querySelector('.result bdi')?.textContent.startsWith(%s) === true)
                      (document.getElementById('verdict'))
                    """
                        .formatted(Json.text(name + ": ")))
                .booleanValue());
    JsonNode parts =
        tab.evaluate(
            """
            (() => {
              const verdict = document.getElementById('verdict');
              const list = title => [...[...verdict.querySelectorAll('h3')]
                .find(one => one.textContent === title)?.nextElementSibling.children ?? []]
                .map(one => one.textContent);
              return [verdict.querySelector('code').textContent,
                list('What is proved'), list('What is not proved')];
            })()
            """);
    return new Shown(parts.get(0).stringValue(), texts(parts.get(1)), texts(parts.get(2)));
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::stringValue).toList();
  }

  /// Does the work in the page with its own modules, which are there already.
  private JsonNode withModules(Object input, String work) {
    return tab.evaluate(
        """
        (async () => {
          const base = document.querySelector('script[src]').src;
          const load = name => import(new URL(name, base));
          const ofHex = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
          const ofBase64 = text => Uint8Array.from(atob(text), one => one.charCodeAt(0));
          const input = %s;
          %s
        })()
        """
            .formatted(Json.text(input), work));
  }

  private void remember(SignedNote note) {
    tab.evaluate("document.getElementById('kept').value = %s".formatted(Json.text(note.encode())));
  }

  @Test
  void goodReceiptsProveTheSameInTheSameWords() throws IOException {
    tab.choose("policy-file", POLICY);
    JsonNode said = Json.parse(Files.readString(ISSUED.resolve("said.json")));
    assertThat(said.size()).isGreaterThan(4);
    for (String name : said.propertyNames()) {
      Path file = ISSUED.resolve(name);
      Shown shown = judged(file);
      assertThat(shown).as(name).isEqualTo(Shown.of(verify(file, Optional.empty())));
      assertThat(shown.code()).isEqualTo("OK");
      assertThat(shown.proved()).isEqualTo(texts(said.path(name).path("proved")));
    }
    assertThat(tab.text()).doesNotContain("This server's own word");
  }

  @Test
  void everyTamperedReceiptHasItsCode() throws IOException {
    assertThat(everyFileHasItsCode(TAMPERED)).isGreaterThan(37);
  }

  @Test
  void receiptsWithMoneySayTheSameInTheSameWords() throws IOException {
    tab.choose("policy-file", MONEY.resolve("policy"));
    JsonNode said = Json.parse(Files.readString(MONEY.resolve("said.json")));
    assertThat(said.size()).isGreaterThan(30);
    for (Map.Entry<String, JsonNode> one : said.properties()) {
      JsonNode wanted = one.getValue();
      assertThat(judged(MONEY.resolve(one.getKey())))
          .as(one.getKey())
          .isEqualTo(
              new Shown(
                  wanted.path("code").stringValue(),
                  texts(wanted.path("proved")),
                  texts(wanted.path("not_proved"))));
    }
  }

  @Test
  void everyTamperedCertificateAndHistoryHasItsCode() throws IOException {
    assertThat(everyFileHasItsCode(RATINGS)).isGreaterThan(50);
  }

  private int everyFileHasItsCode(Path folder) throws IOException {
    tab.choose("policy-file", POLICY);
    remember(remembered(folder));
    JsonNode cases = Json.parse(Files.readString(folder.resolve("cases.json")));
    for (Map.Entry<String, JsonNode> one : cases.properties()) {
      Path file = folder.resolve(one.getKey());
      Shown shown = judged(file);
      assertThat(shown)
          .as(one.getKey())
          .isEqualTo(Shown.of(verify(file, Optional.of(remembered(folder)))));
      assertThat(shown.code()).as(one.getKey()).isEqualTo(one.getValue().stringValue());
    }
    return cases.size();
  }

  /// So that the two agree also where nobody has thought of a case.
  @Test
  void mutatedFilesHaveTheSameVerdict() throws IOException {
    List<String> files = new ArrayList<>();
    for (String name : Json.parse(Files.readString(ISSUED.resolve("said.json"))).propertyNames()) {
      files.add(Files.readString(ISSUED.resolve(name)));
    }
    assertThat(sameVerdicts(files, 400)).contains("OK", "MALFORMED", "CLAIM_DIFFERS");
  }

  @Test
  void mutatedReceiptsWithMoneyHaveTheSameVerdict() throws IOException {
    List<String> files = new ArrayList<>();
    for (String name : List.of("resolved.json", "to-a-claimed-wallet.json", "locked.json")) {
      files.add(Files.readString(MONEY.resolve(name)));
    }
    assertThat(sameVerdicts(files, 300)).contains("OK", "MALFORMED", "CLAIM_DIFFERS");
  }

  @Test
  void mutatedCertificatesAndHistoriesHaveTheSameVerdict() throws IOException {
    List<String> files = new ArrayList<>();
    for (String name : List.of("certificate.json", "certificate-of-nobody.json", "history.jsonl")) {
      files.add(Files.readString(RATINGS.resolve(name)));
    }
    assertThat(sameVerdicts(files, 400))
        .contains("OK", "MALFORMED", "NOT_INCLUDED", "ENTRY_MISSING", "ENTRIES_OUT_OF_ORDER");
  }

  /// The codes of so many mutated files, which the page's verifier gives too.
  private Set<String> sameVerdicts(List<String> files, int count) throws IOException {
    FileVerifier verifier = new FileVerifier(policy(), _ -> Optional.empty());
    List<String> inputs = new ArrayList<>();
    List<Shown> wanted = new ArrayList<>();
    for (int seed = 0; seed < count; seed++) {
      String file = new Mutations(seed).of(files.get(seed % files.size()));
      byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
      inputs.add(Base64.getEncoder().encodeToString(bytes));
      wanted.add(Shown.of(verifier.verify(bytes)));
    }
    JsonNode found =
        withModules(
            Map.of("policy", Files.readString(POLICY), "files", inputs),
            """
            const [{ verify }, { policy }] = [await load('file.js'), await load('policy.js')];
            const trusted = await policy(new TextEncoder().encode(input.policy));
            const all = [];
            for (const file of input.files) {
              const { code, proved, notProved } = await verify(ofBase64(file), trusted);
              all.push([code, proved, notProved]);
            }
            return all;
            """);
    for (int seed = 0; seed < wanted.size(); seed++) {
      JsonNode one = found.get(seed);
      assertThat(new Shown(one.get(0).stringValue(), texts(one.get(1)), texts(one.get(2))))
          .as("seed %d", seed)
          .isEqualTo(wanted.get(seed));
    }
    return wanted.stream().map(Shown::code).collect(Collectors.toSet());
  }

  /// The twelve of *Taming the many EdDSAs*, and the vectors of RFC 8032.
  @Test
  void edgeCasesOfSignaturesAreDecidedAlike() throws IOException {
    Ed25519Verifier verifier = new Ed25519Verifier();
    for (String name : List.of("ed25519-speccheck.json", "rfc8032.json")) {
      List<Map<String, String>> inputs = new ArrayList<>();
      List<List<Boolean>> wanted = new ArrayList<>();
      for (JsonNode vector : Json.parse(Files.readString(VECTORS.resolve(name)))) {
        String key = HexFormat.of().formatHex(key(vector));
        String message = vector.path("message").stringValue();
        String signature = vector.path("signature").stringValue();
        inputs.add(Map.of("key", key, "message", message, "signature", signature));
        AgentKey agent = AgentKey.ofRaw(HexFormat.of().parseHex(key));
        Signature sig = Signature.ofRaw(HexFormat.of().parseHex(signature));
        byte[] bytes = HexFormat.of().parseHex(message);
        wanted.add(List.of(verifier.accepts(agent), verifier.verify(agent, bytes, sig)));
      }
      JsonNode found =
          withModules(
              inputs,
              """
              const { Verifier } = await load('ed25519.js');
              const verifier = new Verifier();
              return Promise.all(input.map(async ({ key, message, signature }) => [
                verifier.accepts(ofHex(key)),
                await verifier.verify(ofHex(key), ofHex(message), ofHex(signature))]));
              """);
      assertThat(Json.text(found)).as(name).isEqualTo(Json.text(wanted));
    }
  }

  private static byte[] key(JsonNode vector) {
    return vector.has("pub_key")
        ? HexFormat.of().parseHex(vector.path("pub_key").stringValue())
        : Identity.ofSeed(
                "rfc", HexFormat.of().parseHex(vector.path("seed").stringValue()), Instant.EPOCH)
            .key()
            .raw();
  }

  /// The vectors that EVM chains are tested with, and those that say where a signature has a second
  /// form.
  @Test
  void signaturesOfWalletsAreDecidedAlike() throws IOException {
    List<Map<String, String>> inputs = new ArrayList<>();
    for (JsonNode vector : Json.parse(Files.readString(VECTORS.resolve("ecrecover.json")))) {
      String input = vector.path("Input").stringValue();
      addBothForms(
          inputs, input.substring(0, 64), input.substring(128, 256) + input.substring(126, 128));
    }
    EvmKey key = EvmKey.of(HexFormat.of().parseHex("11".repeat(32)));
    for (int number = 0; number < 20; number++) {
      String digest = "%064x".formatted(number);
      byte[] signed = key.sign(HexFormat.of().parseHex(digest)).raw();
      addBothForms(inputs, digest, HexFormat.of().formatHex(signed));
    }
    List<String> wanted = inputs.stream().map(VerifyPageIT::signer).toList();
    JsonNode found =
        withModules(
            inputs,
            """
            const { signerOf } = await load('secp256k1.js');
            return input.map(({ digest, signature }) =>
              signerOf(ofHex(digest), ofHex(signature)) ?? 'nobody');
            """);
    assertThat(texts(found)).isEqualTo(wanted);
    assertThat(wanted).contains("nobody", key.address().text());
    assertThat(Set.copyOf(wanted)).hasSizeGreaterThan(2);
  }

  /// A signature, and the other form of it: only one of the two has s in the lower half.
  private static void addBothForms(
      List<Map<String, String>> inputs, String digest, String signature) {
    BigInteger order =
        new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    BigInteger s = new BigInteger(signature.substring(64, 128), 16);
    String other =
        signature.substring(0, 64)
            + "%064x".formatted(order.subtract(s).mod(order))
            + (signature.endsWith("1b") ? "1c" : "1b");
    inputs.add(Map.of("digest", digest, "signature", signature));
    inputs.add(Map.of("digest", digest, "signature", other));
  }

  private static String signer(Map<String, String> input) {
    return EvmSignature.of("0x" + input.get("signature"))
        .signer(HexFormat.of().parseHex(Objects.requireNonNull(input.get("digest"))))
        .map(EvmAddress::text)
        .orElse("nobody");
  }

  @Test
  void bindingsAndAgreementsHashAlike() throws IOException {
    JsonNode bindings = Json.parse(Files.readString(VECTORS.resolve("escrow-bindings.json")));
    JsonNode agreements = Json.parse(Files.readString(VECTORS.resolve("escrow-agreements.json")));
    JsonNode found =
        withModules(
            Map.of("bindings", bindings, "agreements", agreements),
            """
            const escrow = await load('escrow.js');
            const [{ hex }, { parse }] = [await load('bytes.js'), await load('json.js')];
            const bindings = input.bindings.map(one => {
              const bind = { account: `${one.chain}:${one.account}`, escrow: one.contract,
                not_after: BigInt(one.not_after), nonce: one.nonce, evm_signature: one.signature };
              const other = { ...bind, not_after: bind.not_after + 1n };
              return [`0x${hex(escrow.bindingDigest(bind, one.agent_key))}`,
                escrow.isConsented(bind, one.agent_key), escrow.isConsented(other, one.agent_key)];
            });
            const agreements = [];
            for (const one of input.agreements) {
              const terms = escrow.terms(parse(JSON.stringify(one.terms)), 'terms');
              const deal = await escrow.commitment(ofHex(one.proposal_leaf), ofHex(one.accept_leaf));
              agreements.push([deal, escrow.escrowId(terms, one.payer, one.payee, deal)]);
            }
            return [bindings, agreements];
            """);
    assertThat(bindings.size()).isGreaterThan(2);
    for (int i = 0; i < bindings.size(); i++) {
      assertThat(found.get(0).get(i).toString())
          .isEqualTo("[" + bindings.get(i).path("digest") + ",true,false]");
    }
    assertThat(agreements.size()).isGreaterThan(2);
    for (int i = 0; i < agreements.size(); i++) {
      JsonNode agreement = agreements.get(i);
      assertThat(found.get(1).get(i).toString())
          .isEqualTo("[" + agreement.path("commitment") + "," + agreement.path("id") + "]");
    }
  }

  /// What `agentchat/1` and `agentchat/2` sign, as another engine signed it.
  @Test
  void signedStatementsOfBothSchemesAreValid() throws IOException {
    List<String> lines = Files.readAllLines(VECTORS.resolve("signed-statements.jsonl"));
    JsonNode found =
        withModules(
            lines,
            """
            const { read, isSigned } = await load('statement.js');
            const { parse } = await load('json.js');
            const { Verifier } = await load('ed25519.js');
            const verifier = new Verifier();
            const all = [];
            for (const golden of input.map(line => JSON.parse(line))) {
              const { key, origin, nonce, statement: { type } } = golden;
              const statement = read(parse(JSON.stringify(golden.statement)));
              const joined = { key, sig: golden.joined_sig, scheme: 'agentchat/1' };
              const bound = { key, origin, nonce, sig: golden.bound_sig, scheme: 'agentchat/2' };
              all.push([
                await isSigned(statement, joined, verifier),
                await isSigned(statement, { ...bound, ts: BigInt(golden.ts) }, verifier),
                await isSigned(statement, { ...bound, ts: 1n }, verifier)]);
            }
            return all;
            """);
    assertThat(found.size()).isEqualTo(lines.size()).isGreaterThan(10);
    assertThat(found).allMatch(one -> one.toString().equals("[true,true,false]"));
  }

  /// The kinds that the vectors lack, as entries of a log.
  @Test
  void entriesOfCourtAndKeysAreReadAlike() {
    Identity signer = Deals.agent(1);
    String nonce = "0123456789abcdef";
    JsonText items =
        JsonText.of(
            Json.parse("[{\"b\":1,\"10\":[1e21,0.5],\"2\":\"\u00e9\\u2028\\n\"},\"x\",null]"));
    List<Statement> statements =
        List.of(
            new CourtStatement.DisputeIntent("prop_x", "why|so", "ab"),
            new CourtStatement.DisputeReveal("prop_x", nonce),
            new CourtStatement.Evidence("disp_x", items, "\ud83d\ude00"),
            new CourtStatement.ArbiterAccept("disp_x"),
            new CourtStatement.ArbiterDecline("disp_x", null),
            new CourtStatement.ArbiterDecline("disp_x", "no time"),
            new CourtStatement.ArbiterVote("disp_x", Verdict.MUTUAL, ""),
            Deals.skills("parsing", "translation"),
            KeyStatement.RotateKey.of(signer, Deals.agent(2), Deals.ORIGIN),
            new KeyStatement.RevokeKey("lost"),
            new DeploymentStatement.DeploymentRunning("prop_x", "akashnet-2", LEASE, 9, ""),
            new DeploymentStatement.DeploymentRunning(
                "prop_x", "sandbox", LEASE + " " + LEASE, 9, "http://a http://b"),
            new DeploymentStatement.DeploymentClosed("prop_x", "akashnet-2", 7, "its time is up"),
            new DeploymentStatement.DeploymentFailed("prop_x", "akashnet-2", 0, "no bid"));
    List<String> entries = new ArrayList<>();
    for (Statement statement : statements) {
      entries.add(entry(signer, new Scheme.Bound(Deals.ORIGIN, 5, nonce), statement));
      if (!(statement instanceof KeyStatement) && !(statement instanceof DeploymentStatement)) {
        entries.add(entry(signer, new Scheme.Joined(), statement));
      }
    }
    MoneyDeals.ofEveryKind().events().stream()
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .filter(event -> event.contains("escrow"))
        .forEach(entries::add);
    String inAnotherOrder = entries.get(4).replace("{\\\"2\\\"", "{ \\\"2\\\"");
    assertThat(inAnotherOrder).isNotEqualTo(entries.get(4));
    entries.add(inAnotherOrder);
    JsonNode found =
        withModules(
            entries,
            """
            const [{ decode }, { isSigned }] = [await load('entry.js'), await load('statement.js')];
            const { Verifier } = await load('ed25519.js');
            const verifier = new Verifier();
            return Promise.all(input.map(async text => {
              try {
                const { statement, signature } = decode(text);
                return await isSigned(statement, signature, verifier);
              } catch (flaw) {
                return flaw.message;
              }
            }));
            """);
    assertThat(found.get(entries.size() - 1).stringValue()).contains("JSON.stringify");
    for (int i = 0; i < entries.size() - 1; i++) {
      assertThat(found.get(i).toString()).as(entries.get(i)).isEqualTo("true");
    }
  }

  private static String entry(Identity signer, Scheme scheme, Statement statement) {
    SignedStatement signed = SignedStatement.sign(signer, scheme, statement);
    return text(new Event.Stated(5, "relay", signed, null));
  }

  private static String text(Event event) {
    return new String(EventCodec.encode(event), StandardCharsets.UTF_8);
  }

  /// They are entries all the same, so a receipt that has one is no malformed file.
  @Test
  void eventsThatAreNoStatementsAreReadToo() {
    List<String> entries =
        List.of(
            text(new Event.Genesis(5, "relay", Deals.ORIGIN)),
            text(new Event.PanelNonce(5, "relay", "disp_x", "number")),
            text(
                Event.RatingsCommitted.sign(
                    Deals.agent(1), 5, "ledger", Deals.ORIGIN, 7, "0".repeat(64))),
            text(new Event.Tick(5, "relay")));
    JsonNode found =
        withModules(
            entries,
            """
            const { decode } = await load('entry.js');
            return input.map(text => decode(text).type);
            """);
    assertThat(texts(found)).containsExactly("GENESIS", "PANEL_NONCE", "RATINGS", "TICK");
  }

  @Test
  void policiesAreReadAlike() throws IOException {
    String lines = Files.readString(POLICY).replace("quorum W\n", "");
    String second = "witness V witness.example+76f6037c+";
    List<String> policies =
        List.of(
            lines + "quorum W\n",
            lines + "quorum none\n",
            "  " + lines.replace(" ", " \t ") + "\n# a comment\nquorum   none",
            lines + "group G any W\nquorum G\n",
            lines + "group G 1 W\ngroup H all G\nquorum H\n",
            lines + "group G 2 W\nquorum G\n",
            lines + "group G 0 W\nquorum G\n",
            lines + "group G constructor W\nquorum G\n",
            lines + "group G 1 W W\nquorum G\n",
            lines + "group none 1 W\nquorum none\n",
            lines + "group W 1 W\nquorum W\n",
            lines + "quorum X\n",
            lines + "quorum W\nquorum W\n",
            lines + "quorum\n",
            lines + "qourum W\n",
            lines + "quorum W\r\n",
            lines,
            "quorum none\n",
            "quorum none\n" + lines,
            lines + second + "BOiuXsHHB2Xowh9K7XEIdvfxdOZiGj8h2IlJHG/V15aJ\nquorum W\n",
            lines.replace("+a4b09f43+", "+a4b09f44+") + "quorum W\n",
            lines.replace("witness W", "witness \u00e9\u2028") + "quorum \u00e9\u2028\n",
            "");
    List<String> wanted = new ArrayList<>();
    byte[] file = Files.readAllBytes(TAMPERED.resolve("good.json"));
    for (String policy : policies) {
      wanted.add(code(policy, file));
    }
    assertThat(wanted).contains("OK", "UNKNOWN_LOG", "unreadable");
    JsonNode found =
        withModules(
            Map.of("policies", policies, "file", Base64.getEncoder().encodeToString(file)),
            """
            const [{ verify }, { policy }] = [await load('file.js'), await load('policy.js')];
            const { Flaw } = await load('flaw.js');
            const all = [];
            for (const text of input.policies) {
              try {
                const trusted = await policy(new TextEncoder().encode(text));
                all.push((await verify(ofBase64(input.file), trusted)).code);
              } catch (trouble) {
                all.push(trouble instanceof Flaw ? 'unreadable' : trouble.stack);
              }
            }
            return all;
            """);
    assertThat(texts(found)).isEqualTo(wanted);
  }

  private static String code(String policy, byte[] file) {
    try {
      Policy trusted = Policy.parse(policy.getBytes(StandardCharsets.UTF_8));
      return new FileVerifier(trusted, _ -> Optional.empty()).verify(file).code().name();
    } catch (IllegalArgumentException _) {
      return "unreadable";
    }
  }

  /// Not even a network is needed once the page is there.
  @Test
  void nothingIsAskedForOnceThePageIsThere() throws IOException {
    assertThat(tab.requests()).anyMatch(url -> url.endsWith("/policy"));
    tab.call(
        "Network.emulateNetworkConditions",
        Map.of("offline", true, "latency", 0, "downloadThroughput", 0, "uploadThroughput", 0));
    tab.choose("policy-file", POLICY);
    remember(remembered());
    assertThat(judged(TAMPERED.resolve("good.json")).code()).isEqualTo("OK");
    assertThat(judged(TAMPERED.resolve("amount-raised.json")).code())
        .isEqualTo("BAD_STATEMENT_SIGNATURE");
    tab.evaluate("document.getElementById('kept').value = ''");
    tab.evaluate("document.querySelector('#own button').click()");
    assertThat(judged(TAMPERED.resolve("good.json")).code()).isEqualTo("UNKNOWN_LOG");
    assertThat(tab.requests()).isEmpty();
  }

  @Test
  void receiptOfThisServerIsGoodByItsOwnWordOnly() throws Exception {
    Path file = folder.resolve("own.json");
    Files.writeString(file, server.get("/v1/receipts/" + finished + "/file").body());
    tab.choose("file", file);
    await().atMost(Chromium.PATIENCE).until(() -> tab.text().contains("say whom you trust"));
    tab.evaluate("document.querySelector('#own button').click()");
    Shown shown = shown("own.json");
    assertThat(shown.code()).isEqualTo("OK");
    assertThat(shown.notProved()).anyMatch(sentence -> sentence.contains("no witness"));
    assertThat(tab.text()).contains("The policy is this server's own word for its own key");
  }

  @Test
  void fileCanBeDropped() throws IOException {
    tab.choose("policy-file", POLICY);
    tab.evaluate(
        """
        (() => {
          const dropped = new DataTransfer();
          dropped.items.add(new File([%s], 'dropped.json'));
          document.getElementById('drop').dispatchEvent(
            new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: dropped }));
        })()
        """
            .formatted(Json.text(Files.readString(TAMPERED.resolve("good.json")))));
    assertThat(shown("dropped.json").code()).isEqualTo("OK");
    assertThat(tab.evaluate("document.getElementById('file').files[0].name").stringValue())
        .isEqualTo("dropped.json");
  }

  @Test
  void keyboardIsEnoughAndTheVerdictIsAnnounced() throws IOException {
    tab.choose("file", TAMPERED.resolve("good.json"));
    tab.evaluate("document.getElementById('policy').focus()");
    tab.type(Files.readString(POLICY));
    tab.evaluate("document.querySelector('#verify button.main').focus()");
    tab.press("Enter", 13, "\r");
    assertThat(shown("good.json").code()).isEqualTo("OK");
    await()
        .atMost(Chromium.PATIENCE)
        .until(() -> tab.evaluate("document.activeElement.id").stringValue().equals("verdict"));
    assertThat(tab.evaluate("document.activeElement.getAttribute('role')").stringValue())
        .isEqualTo("status");
  }

  @Test
  void brokenPolicyIsNamedByItsLine() throws IOException {
    Path broken = folder.resolve("broken-policy");
    Files.writeString(broken, Files.readString(POLICY) + "quorum W\n");
    tab.choose("file", TAMPERED.resolve("good.json"));
    tab.choose("policy-file", broken);
    await()
        .atMost(Chromium.PATIENCE)
        .until(() -> tab.text().contains("line 4: a second quorum line"));
    assertThat(tab.text()).contains("The policy cannot be read").doesNotContain("What is proved");
  }

  /// Otherwise anybody could have a log accused of a fork.
  @Test
  void keptCheckpointMustBeSignedByALogOfThePolicy() throws IOException {
    tab.choose("policy-file", POLICY);
    tab.evaluate(
        "document.getElementById('kept').value = %s"
            .formatted(Json.text(remembered().encode().replace("\n10\n", "\n11\n"))));
    tab.choose("file", TAMPERED.resolve("good.json"));
    await()
        .atMost(Chromium.PATIENCE)
        .until(() -> tab.text().contains("no log that the policy lists has signed it"));
    assertThat(tab.text()).doesNotContain("What is proved");
  }

  @Test
  void hugeFileIsNotRead() throws IOException {
    Path huge = folder.resolve("huge.json");
    Files.write(huge, new byte[7 * 1024 * 1024]);
    tab.choose("policy-file", POLICY);
    assertThat(judged(huge).code()).isEqualTo("MALFORMED");
    assertThat(tab.text()).contains("7340032 bytes, at most 6291456 wanted");
  }

  @Test
  void hostileFileIsTextOnly() throws IOException {
    Path hostile = folder.resolve("hostile.json");
    String type = Json.text("<img src=x onerror=\"window.harmed=1\">\u202e");
    Files.writeString(
        hostile,
        Files.readString(TAMPERED.resolve("good.json"))
            .replaceFirst("\"type\" : \"COMPLETE\"", "\"type\" : " + escaped(type)));
    tab.choose("policy-file", POLICY);
    assertThat(judged(hostile).code()).isEqualTo("MALFORMED");
    assertThat(tab.text()).contains("found <img src=x", "\\u202e");
    assertThat(tab.evaluate("document.querySelectorAll('main img').length").intValue()).isZero();
    assertThat(tab.evaluate("window.harmed ?? 0").intValue()).isZero();
  }

  private static String escaped(String replacement) {
    return Matcher.quoteReplacement(replacement);
  }

  /// The empty page before it has no cryptography anyway.
  @Test
  void browserWithoutTheSignaturesSaysSo() throws Exception {
    for (Map.Entry<String, String> lack :
        Map.of(
                "if (crypto.subtle) crypto.subtle.importKey = async () => { throw new Error('no');"
                    + " }",
                "This browser does not verify Ed25519 signatures",
                "Object.defineProperty(crypto, 'subtle', { value: undefined })",
                "Open it over https")
            .entrySet()) {
      try (Tab poor = browser.tab()) {
        poor.call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", lack.getKey()));
        poor.show(server.uri("/verify"));
        poor.choose("policy-file", POLICY);
        poor.choose("file", TAMPERED.resolve("good.json"));
        poor.evaluate("document.querySelector('#own button').click()");
        assertThat(poor.text()).contains(lack.getValue(), "Nothing is verified yet.");
        assertThat(poor.evaluate("document.querySelector('button.main').disabled").booleanValue())
            .isTrue();
        assertThat(poor.complaints()).isEmpty();
      }
    }
  }

  @Test
  void verdictIsReadableOnEveryScreenInBothSchemes() throws IOException {
    for (boolean dark : List.of(false, true)) {
      for (int width : List.of(360, 1280)) {
        for (String file : List.of("good.json", "fork.json")) {
          tab.sized(width, 800).dark(dark).show(server.uri("/verify"));
          tab.choose("policy-file", POLICY);
          remember(remembered());
          judged(TAMPERED.resolve(file));
          String name = "verdict-%s-%d-%s".formatted(file, width, dark ? "dark" : "light");
          int height = tab.evaluate("document.documentElement.scrollHeight").intValue();
          tab.sized(width, height).picture(Path.of("target/pages", name + ".png"));
          assertThat(tab.evaluate("document.documentElement.scrollWidth").intValue())
              .as("%s is as wide as the screen", name)
              .isLessThanOrEqualTo(width);
          assertThat(tab.evaluate(PagesIT.TOO_FAINT).toString())
              .as("too faint in " + name)
              .isEqualTo("[]");
        }
      }
    }
  }
}
