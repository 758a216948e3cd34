package org.agentchat.hooks.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentchat.hooks.Hook;
import org.agentchat.hooks.Resources;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What the file may say, what is complained of and how, and that the published schema says the
/// same.
final class HooksFileTest {
  private static final String SECRET =
      "whsec_"
          + Base64.getEncoder()
              .encodeToString("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8));

  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Resources.text("/org/agentchat/schemas/hooks.schema.json"));

  private static final String FULL =
      """
      version: 1
      database: {env: HOOKS_DB}
      listen: 127.0.0.1:7000
      hooks:
        - name: billing
          webhook:
            url: https://example.com/hook?x=1
            secrets:
              - file: secret
              - env: OLD_SECRET
            timeout: 10s
            allow-private: false
          events: [escrow:created, "settlement:*", receipt:issued]
          agents: ["@0123456789abcdef", 0123456789012345]
          capabilities: code
          from: beginning
          concurrency: 8
          retries: [1s, 500ms, 2h]
          keep-done: 7d
        - name: archive
          exec:
            command: [/usr/bin/tee, -a, 7]
            directory: .
            env:
              PLAIN: text
              TOKEN: {env: OLD_SECRET}
            timeout: 5m
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeSecret() throws IOException {
    Files.writeString(folder.resolve("secret"), SECRET + "\n");
  }

  private HooksFile read(String text) {
    try {
      Path file = folder.resolve("hooks.yaml");
      Files.writeString(file, text);
      return HooksFile.read(file, Map.of("OLD_SECRET", SECRET, "HOOKS_DB", "jdbc:postgresql:x"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isValid(String text) {
    JsonNode tree = new YAMLMapper().readTree(text);
    return SCHEMA.validate(tree).isEmpty();
  }

  @Test
  void everythingThatMayBeSaidIsUnderstood() {
    HooksSettings settings = read(FULL).settings();
    assertThat(settings.database()).contains("jdbc:postgresql:x");
    assertThat(settings.listen().map(InetSocketAddress::getPort)).contains(7000);
    assertThat(settings.hooks()).extracting(Hook::name).containsExactly("billing", "archive");
    assertThat(settings.hooks()).extracting(Hook::kind).containsExactly("webhook", "exec");
    assertThat(settings.hooks().getFirst().from()).isEqualTo(Hook.From.BEGINNING);
    assertThat(settings.hooks().getFirst().concurrency()).isEqualTo(8);
    assertThat(isValid(FULL)).isTrue();
  }

  @Test
  void defaultsAreSafe() {
    HooksFile file =
        read(
            """
            version: 1
            hooks:
              - name: a
                exec: {command: [/bin/true]}
            """);
    assertThat(file.database()).isEmpty();
    assertThat(file.listen())
        .hasValueSatisfying(listen -> {
          assertThat(listen.getAddress().isLoopbackAddress()).isTrue();
          assertThat(listen.getPort()).isEqualTo(6682);
        });
    assertThat(file.settings().hooks().getFirst().from()).isEqualTo(Hook.From.NOW);
  }

  @Test
  void healthNeedNotBeServed() {
    assertThat(read("version: 1\nlisten: none\nhooks: []\n").listen()).isEqualTo(Optional.empty());
  }

  @Test
  void namesAndDatabaseAreReadWithoutSecrets() throws IOException {
    Files.delete(folder.resolve("secret"));
    HooksFile file = read(FULL);
    assertThat(file.names()).containsExactly("billing", "archive");
    assertThat(file.database()).contains("jdbc:postgresql:x");
  }

  /// A change to the full file, and the complaint.
  static Stream<Arguments> complaints() {
    return Stream.of(
        Arguments.of(
            "  - name: archive",
            "  - nmae: archive",
            "hooks.yaml line 20 (hooks[1].nmae): there is no 'nmae' here, perhaps 'name' is meant"),
        Arguments.of(
            "timeout: 10s",
            "timeout: 10",
            "hooks.yaml line 11 (hooks[0].webhook.timeout): a time span such as 500ms, 30s, 5m or"
                + " 2h, from 100ms to 1m, wanted, found '10'"),
        Arguments.of(
            "timeout: 10s", "timeout: 2h", "line 11 (hooks[0].webhook.timeout): a time span"),
        Arguments.of(
            "escrow:created,",
            "escrow:create,",
            "line 13 (hooks[0].events[0]): an event name, perhaps 'escrow:created'"),
        Arguments.of("\"settlement:*\"", "\"settle:*\"", "(hooks[0].events[1]): an event name"),
        Arguments.of(
            "@0123456789abcdef",
            "@bob",
            "line 14 (hooks[0].agents[0]): an agent's id of 16 hexadecimal digits"),
        Arguments.of(
            "from: beginning", "from: start", "'now' or 'beginning' wanted, found 'start'"),
        Arguments.of(
            "concurrency: 8", "concurrency: 0", "a whole number, 1 to 64, wanted, found '0'"),
        Arguments.of("concurrency: 8", "concurrency: many", "wanted, found 'many'"),
        Arguments.of(
            "name: archive",
            "name: billing",
            "a name that no other hook has wanted, found 'billing'"),
        Arguments.of(
            "name: archive", "name: Archive", "beginning with a letter wanted, found 'Archive'"),
        Arguments.of(
            "version: 1", "version: 2", "hooks.yaml line 1 (version): 1 wanted, found '2'"),
        Arguments.of("listen: 127.0.0.1:7000", "listen: nowhere", "HOST:PORT or 'none'"),
        Arguments.of("listen: 127.0.0.1:7000", "listen: 127.0.0.1:70000", "HOST:PORT or 'none'"),
        Arguments.of(
            "allow-private: false", "allow-private: maybe", "true or false wanted, found 'maybe'"),
        Arguments.of(
            "https://example.com/hook?x=1",
            "http://example.com/hook",
            "(hooks[0].webhook.url): an https address, or 'allow-private: true'"),
        Arguments.of(
            "https://example.com/hook?x=1",
            "https://me:pw@example.com/",
            "(hooks[0].webhook.url): an https address without user, password and fragment, wanted"),
        Arguments.of(
            "- file: secret",
            "- " + SECRET,
            "(hooks[0].webhook.secrets[0]): a secret that stands elsewhere, {file: PATH} or {env:"
                + " NAME}, wanted, found it written down"),
        Arguments.of(
            "- file: secret", "- file: nothere", "a file with a secret wanted, found none"),
        Arguments.of(
            "- file: secret", "- file: hooks.yaml", "whsec_ and base64 of 24 to 64 bytes, wanted"),
        Arguments.of(
            "- file: secret", "- env: NOBODY", "the environment variable NOBODY is not set"),
        Arguments.of(
            "- file: secret",
            "- {file: secret, env: OLD_SECRET}",
            "either 'file' or 'env' wanted, found both"),
        Arguments.of("[1s, 500ms, 2h]", "[1s, soon]", "(hooks[0].retries[1]): a time span"),
        Arguments.of("[1s, 500ms, 2h]", "[48h]", "(hooks[0].retries[0]): a time span"),
        Arguments.of(
            "command: [/usr/bin/tee, -a, 7]",
            "comand: [/usr/bin/tee]",
            "perhaps 'command' is meant"),
        Arguments.of("command: [/usr/bin/tee, -a, 7]", "command: []", "a list of 1 to 64 words"),
        Arguments.of("PLAIN: text", "AGENTCHAT_ID: text", "do not begin with AGENTCHAT_"),
        Arguments.of("PLAIN: text", "PLAIN: [a]", "wanted, found a list"),
        Arguments.of("agents: [", "agents: []\n    nothing: [", "there is no 'nothing' here"),
        Arguments.of(
            "capabilities: code", "capabilities: []", "a list of capabilities, 1 to 1000 of them,"),
        Arguments.of("keep-done: 7d", "keep-done: *x", "an anchor or an alias"),
        Arguments.of("keep-done: 7d", "keep-done: !secret 7d", "a tag (!)"),
        Arguments.of(
            "from: beginning",
            "from: beginning\n    from: now",
            "wanted once, found before in line 16"),
        Arguments.of("  - name: billing", "  - name: [billing", "hooks.yaml line"),
        Arguments.of("timeout: 5m", "timeout: 5m\n---\nversion: 1", "one document wanted"),
        Arguments.of(
            "\n    exec:\n",
            "\n    webhook: {}\n    exec:\n",
            "one of webhook, exec, evm wanted, found webhook and exec"));
  }

  @ParameterizedTest
  @MethodSource("complaints")
  void complaintSaysWhereWhatWasWantedAndWhatWasFound(
      String right, String wrong, String complaint) {
    String text = FULL.replace(right, wrong);
    assertThat(text).isNotEqualTo(FULL);
    assertThatThrownBy(() -> read(text).settings())
        .isInstanceOf(HooksFileException.class)
        .hasMessageContaining(complaint)
        .hasMessageNotContaining(SECRET.substring(6));
  }

  /// What only a program can see: what files and variables hold, what YAML does beside JSON, and
  /// names that meet.
  private static final List<String> BEYOND_THE_SCHEMA =
      List.of(
          "name: billing",
          "listen: 127.0.0.1:70000",
          "http://example.com/hook",
          "https://me:pw@example.com/",
          "- file: nothere",
          "- file: hooks.yaml",
          "- env: NOBODY",
          "keep-done: *x",
          "keep-done: !secret 7d",
          "timeout: 2h",
          "[48h]",
          "from: beginning\n    from: now",
          "  - name: [billing",
          "timeout: 5m\n---\nversion: 1");

  @ParameterizedTest
  @MethodSource("complaints")
  void schemaRefusesTheSame(String right, String wrong, String ignored) {
    if (!BEYOND_THE_SCHEMA.contains(wrong)) {
      assertThat(isValid(FULL.replace(right, wrong))).as(wrong).isFalse();
    }
  }

  @Test
  void everyKeyIsKnownToTheSchema() {
    JsonNode hook =
        Json.parse(Resources.text("/org/agentchat/schemas/hooks.schema.json"))
            .path("$defs")
            .path("Hook")
            .path("properties");
    assertThat(hook.propertyNames()).containsExactlyInAnyOrderElementsOf(HookReader.KEYS);
  }

  @Test
  void emptyFileIsNoHooksFile() {
    assertThatThrownBy(() -> read(""))
        .hasMessage(
            "hooks.yaml line 1: a section with version, database, listen, hooks wanted, found"
                + " nothing");
  }

  @Test
  void missingFileIsSaidWithWhereToRead() {
    assertThatThrownBy(() -> HooksFile.read(folder.resolve("none.yaml"), Map.of()))
        .isInstanceOf(HooksFileException.class)
        .hasMessageContaining("there is no hooks' file")
        .hasMessageContaining("docs/hooks.md");
  }

  @Test
  void nestingAndSizeAreBounded() {
    assertThatThrownBy(() -> read("version: 1\nhooks: " + "[".repeat(40) + "]".repeat(40)))
        .isInstanceOf(HooksFileException.class);
    assertThatThrownBy(() -> read("version: 1\n#" + "x".repeat(300_000)))
        .hasMessageContaining("bytes wanted");
  }
}
