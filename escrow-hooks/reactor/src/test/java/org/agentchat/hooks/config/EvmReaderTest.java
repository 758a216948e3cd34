package org.agentchat.hooks.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import org.agentchat.escrow.chain.Keystore;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.hooks.Hook;
import org.agentchat.hooks.Resources;
import org.agentchat.hooks.evm.EvmHandler;
import org.agentchat.schemas.identity.Identity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What the section `evm` may say, how it complains, and that the published schema agrees.
final class EvmReaderTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Resources.text("/org/agentchat/schemas/hooks.schema.json"));

  private static final String LEAST =
      """
      version: 1
      hooks:
        - name: money
          evm:
            rpc: {env: RPC}
            chain: 31337
            contract: "0x5fbdb2315678afecb367f032d93f642f64180aa3"
            finality: finalized
      """;

  private static final String FULL =
      LEAST
          + """
                first-block: 17
                keys:
                  - keystore: payer.json
                    password-file: password
                observer: observer.json
                time-outs: false
                withdraw: false
                poll: 2s
                reconcile: 1h
                timeout: 5s
                max-fee-gwei: 50
                max-tip-gwei: 3
                stuck-after: 5
              retries: [1s]
              concurrency: 2
          """;

  private static final Signer PAYER = Signer.ofHex("33".repeat(32));

  @TempDir private Path folder;

  @BeforeEach
  void writeSecrets() throws IOException {
    Keystore.write(folder.resolve("payer.json"), PAYER, "sesame", Keystore.Cost.LIGHT);
    Files.writeString(
        Files.createFile(
            folder.resolve("password"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
        "sesame\n");
    Files.writeString(
        folder.resolve("observer.json"),
        Identity.generate("observer", new SecureRandom(), Instant.EPOCH).json());
  }

  private Hook read(String text) {
    try {
      Path file = Files.writeString(folder.resolve("hooks.yaml"), text);
      return HooksFile.read(file, Map.of("RPC", "https://user:pass@node.example/APIKEY"))
          .settings()
          .hooks()
          .getFirst();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isValid(String text) {
    return SCHEMA.validate(new YAMLMapper().readTree(text)).isEmpty();
  }

  @Test
  void leastIsEnoughAndBeginsWithTheFirstEntry() throws Exception {
    Hook hook = read(LEAST);
    try (EvmHandler handler = (EvmHandler) hook.handler()) {
      assertThat(hook.kind()).isEqualTo("evm");
      assertThat(hook.from()).isEqualTo(Hook.From.BEGINNING);
      assertThat(handler.retention()).isEmpty();
      assertThat(isValid(LEAST)).isTrue();
    }
  }

  @Test
  void everythingIsUnderstood() throws Exception {
    try (EvmHandler handler = (EvmHandler) read(FULL).handler()) {
      assertThat(handler).isNotNull();
      assertThat(isValid(FULL)).isTrue();
    }
  }

  /// Each line: what stands in the whole file, what is written instead, and the complaint.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chain: 31337 | chain: main | the chain's number",
        "chain: 31337 | chain: 0 | the chain's number",
        "finality: finalized | finality: soon | 'finalized' or a number of blocks",
        "finality: finalized | finality: -1 | 'finalized' or a number of blocks",
        "64180aa3 | 64180aa | an address is 0x and 40",
        "stuck-after: 5 | stuck-after: 0 | a whole number, 1 to 1000",
        "max-fee-gwei: 50 | max-fee-gwei: none | a whole number, 1 to 1000000",
        "poll: 2s | poll: 1ms | a time span",
        "withdraw: false | withdraw: maybe | true or false",
        "withdraw: false | with-draw: false | perhaps 'withdraw' is meant"
      })
  void wrongValuesAreComplainedOfAndBreakTheSchema(String from, String to, String complaint) {
    String text = FULL.replace(from, to);
    assertThat(text).isNotEqualTo(FULL);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(HooksFileException.class)
        .hasMessageContaining(complaint)
        .hasMessageContaining("hooks.yaml line");
    // How small and how large a time span may be is not in the schema, only its form.
    assertThat(isValid(text)).isEqualTo(to.startsWith("poll"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-tip-gwei: 3 | max-tip-gwei: 60 | at most as much as max-fee-gwei",
        "keystore: payer.json | keystore: nobody.json | there is no file",
        "observer: observer.json | observer: payer.json | no readable identity file",
        "observer: observer.json | observer: nobody.json | no readable identity file",
        "password-file: password | password-file: payer.json | does not open the keystore"
      })
  void whatOnlyTheReaderKnowsIsComplainedOf(String from, String to, String complaint) {
    assertThatThrownBy(() -> read(FULL.replace(from, to)))
        .isInstanceOf(HooksFileException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void filtersAreRefused() {
    for (String filter :
        new String[] {
          "events: ['*']", "agents: ['@0123456789abcdef']", "capabilities: x", "keep-done: 7d"
        }) {
      String text = LEAST + "    " + filter + "\n";
      assertThatThrownBy(() -> read(text))
          .isInstanceOf(HooksFileException.class)
          .hasMessageContaining("it serves every deal of its contract");
      assertThat(isValid(text)).isFalse();
    }
  }

  @Test
  void passwordThatOthersMayReadIsRefused() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("password"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> read(FULL))
        .isInstanceOf(HooksFileException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void nodesAddressIsNeverShown() {
    assertThatThrownBy(() -> read(LEAST.replace("{env: RPC}", "ftp://node.example/APIKEY")))
        .isInstanceOf(HooksFileException.class)
        .hasMessageContaining("the http or https address of a node")
        .hasMessageNotContaining("APIKEY");
  }

  @Test
  void sameKeyTwiceIsRefused() {
    String twice =
        FULL.replace(
            "keys:\n", "keys:\n        - {keystore: payer.json, password-file: password}\n");
    assertThat(twice).isNotEqualTo(FULL);
    assertThatThrownBy(() -> read(twice))
        .isInstanceOf(HooksFileException.class)
        .hasMessageContaining(PAYER.address() + " is there twice");
  }
}
