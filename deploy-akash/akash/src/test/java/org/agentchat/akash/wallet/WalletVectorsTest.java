package org.agentchat.akash.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.agentchat.akash.Vectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The wallets that the ecosystem's own library makes of the same words.
final class WalletVectorsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final JsonNode FILE = Vectors.json("wallet.json");

  @Test
  void wordsBecomeTheSameEntropySeedKeyAndAddress() {
    List<JsonNode> vectors = Vectors.list(FILE.path("vectors"));
    assertThat(vectors).hasSize(10);
    for (JsonNode vector : vectors) {
      Mnemonic mnemonic = Mnemonic.parse(vector.path("mnemonic").stringValue());
      AccountKey key = AccountKey.of(mnemonic);
      assertThat(HEX.formatHex(mnemonic.entropy())).isEqualTo(text(vector, "entropyHex"));
      assertThat(HEX.formatHex(mnemonic.seed(""))).isEqualTo(text(vector, "seedHex"));
      assertThat(HEX.formatHex(key.secret())).isEqualTo(text(vector, "privateKeyHex"));
      assertThat(HEX.formatHex(key.publicKey())).isEqualTo(text(vector, "publicKeyHex"));
      assertThat(HEX.formatHex(key.address().bytes())).isEqualTo(text(vector, "addressBytesHex"));
      assertThat(key.address().text()).isEqualTo(text(vector, "address"));
      assertThat(Mnemonic.ofEntropy(mnemonic.entropy()).words())
          .isEqualTo(text(vector, "mnemonic"));
    }
  }

  @Test
  void passphrasesAndOtherAccountsGiveTheSameKeys() {
    List<JsonNode> variants = Vectors.list(FILE.path("variants"));
    assertThat(variants).hasSize(3);
    for (JsonNode variant : variants) {
      String path = text(variant, "path");
      int index = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
      assertThat(path).isEqualTo("m/44'/118'/0'/0/" + index);
      AccountKey key =
          AccountKey.of(
              Mnemonic.parse(text(variant, "mnemonic")), text(variant, "bip39Passphrase"), index);
      assertThat(HEX.formatHex(key.publicKey())).isEqualTo(text(variant, "publicKeyHex"));
      assertThat(key.address().text()).isEqualTo(text(variant, "address"));
    }
  }

  @Test
  void badWordsAreRefusedAndNotRepeated() {
    List<JsonNode> rejected = Vectors.list(FILE.path("rejected"));
    assertThat(rejected).hasSize(3);
    List<String> reasons = List.of("checksum", "found 2", "word 1 is not in the English list");
    for (int i = 0; i < reasons.size(); i++) {
      String mnemonic = text(rejected.get(i), "mnemonic");
      assertThatThrownBy(() -> Mnemonic.parse(mnemonic))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(reasons.get(i))
          .hasMessageNotContaining("abandon")
          .hasMessageNotContaining("zzz");
    }
  }

  @Test
  void listOfWordsIsThatOfBip39() throws Exception {
    try (InputStream in = Mnemonic.class.getResourceAsStream("bip39-english.txt")) {
      assertThat(HEX.formatHex(Hashes.sha256(Objects.requireNonNull(in).readAllBytes())))
          .isEqualTo("2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
    }
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).stringValue();
  }
}
