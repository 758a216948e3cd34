package org.agentchat.akash.tx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agentchat.akash.Vectors;
import org.agentchat.akash.messages.GroupSpec;
import org.agentchat.akash.messages.MsgCreateCertificate;
import org.agentchat.akash.messages.MsgSend;
import org.agentchat.akash.messages.SignDoc;
import org.agentchat.akash.messages.Source;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Address;
import org.agentchat.akash.wallet.Hashes;
import org.agentchat.akash.wallet.Mnemonic;
import org.agentchat.akash.wallet.Secp256k1;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The transactions that the ecosystem's own library signs with the same key.
final class TransactionVectorsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final JsonNode FILE = Vectors.json("tx.json");
  private static final List<JsonNode> VECTORS = Vectors.list(FILE.path("vectors"));
  private static final AccountKey KEY =
      AccountKey.of(Mnemonic.parse(FILE.path("signer").path("mnemonic").stringValue()));
  private static final Address OWNER = KEY.address();
  private static final Address PROVIDER = new Address(FILE.path("provider").stringValue());
  private static final DeploymentId ID = new DeploymentId(OWNER, 21_000_000);

  private static String text(JsonNode vector, String name) {
    return vector.path(name).stringValue();
  }

  private static Draft draft(JsonNode vector, Any message, long sequence) {
    JsonNode fee = vector.path("fee").path(0);
    return new Draft(
        message,
        text(vector, "memo"),
        vector.path("gas").longValue(),
        new Coin(text(fee, "denom"), Long.parseLong(text(fee, "amount"))),
        sequence,
        0);
  }

  private static Any given(JsonNode vector) {
    return Any.newBuilder()
        .setTypeUrl(text(vector, "typeUrl"))
        .setValue(ByteString.fromHex(text(vector, "messageHex")))
        .build();
  }

  @Test
  void allTenAreSignedTheSame() {
    assertThat(VECTORS).hasSize(10);
    for (JsonNode vector : VECTORS) {
      Draft draft = draft(vector, given(vector), vector.path("sequence").longValue());
      String chain = text(vector, "chainId");
      long account = vector.path("accountNumber").longValue();
      byte[] signDoc = draft.signDoc(KEY, chain, account).toByteArray();
      assertThat(HEX.formatHex(signDoc)).isEqualTo(text(vector, "signDocBytesHex"));
      assertThat(HEX.formatHex(Hashes.sha256(signDoc))).isEqualTo(text(vector, "signDocSha256"));
      assertThat(HEX.formatHex(KEY.sign(signDoc))).isEqualTo(text(vector, "signatureHex"));
      SignedTransaction signed = draft.sign(KEY, chain, account);
      assertThat(HEX.formatHex(signed.bytes().toByteArray())).isEqualTo(text(vector, "txRawHex"));
      assertThat(Base64.getEncoder().encodeToString(signed.bytes().toByteArray()))
          .isEqualTo(text(vector, "txRawBase64"));
      assertThat(signed.hash()).isEqualTo(text(vector, "txHash"));
    }
  }

  /// The messages too are ours, from the same values.
  @Test
  void everyMessageIsBuiltTheSame() {
    Map<String, Any> built = new TreeMap<>();
    built.put(
        "MsgSend",
        Any.pack(
            MsgSend.newBuilder()
                .setFromAddress(OWNER.text())
                .setToAddress(PROVIDER.text())
                .addAmount(Coin.uakt(1_234_567).message())
                .build(),
            ""));
    built.put(
        "MsgCreateCertificate",
        Any.pack(
            MsgCreateCertificate.newBuilder()
                .setOwner(OWNER.text())
                .setCert(pem("CERTIFICATE", "AAAA"))
                .setPubkey(pem("EC PUBLIC KEY", "BBBB"))
                .build(),
            ""));
    built.put("MsgMintACT", new Order.MintAct(OWNER, Coin.uakt(10_000_000)).message());
    for (JsonNode sdl : Vectors.list(Vectors.json("sdl.json").path("vectors"))) {
      built.put("MsgCreateDeployment:" + text(sdl, "name"), create(sdl).message());
    }
    String web = text(Vectors.json("sdl.json").path("vectors").path(0), "manifestVersionHex");
    built.put(
        "MsgUpdateDeployment", new Order.UpdateDeployment(ID, ByteString.fromHex(web)).message());
    built.put("MsgCreateLease", new Order.CreateLease(new BidId(ID, 1, 1, PROVIDER, 0)).message());
    built.put("MsgAccountDeposit", new Order.TopUp(ID, Coin.uact(1_000_000)).message());
    built.put("MsgCloseDeployment", new Order.CloseDeployment(ID).message());
    assertThat(built).hasSize(VECTORS.size());
    for (JsonNode vector : VECTORS) {
      assertThat(built.get(text(vector, "name"))).as(text(vector, "name")).isEqualTo(given(vector));
    }
  }

  private static ByteString pem(String kind, String base64) {
    return ByteString.copyFromUtf8(
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, base64, kind));
  }

  private static Order create(JsonNode sdl) {
    List<GroupSpec> groups =
        Vectors.list(sdl.path("groupSpecsProtobufHex")).stream()
            .map(hex -> group(hex.stringValue()))
            .toList();
    return new Order.CreateDeployment(
        ID,
        groups,
        ByteString.fromHex(text(sdl, "manifestVersionHex")),
        Coin.uact(5_000_000),
        List.of(Source.SOURCE_GRANT, Source.SOURCE_BALANCE));
  }

  private static GroupSpec group(String hex) {
    try {
      return GroupSpec.parseFrom(ByteString.fromHex(hex));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(hex, e);
    }
  }

  @Test
  void signatureHoldsForItsOwnSequenceChainAndAccountOnly() throws Exception {
    for (JsonNode vector : VECTORS) {
      byte[] signature = HEX.parseHex(text(vector, "signatureHex"));
      SignDoc doc = SignDoc.parseFrom(HEX.parseHex(text(vector, "signDocBytesHex")));
      assertThat(verifies(doc, signature)).isTrue();
      Draft next = draft(vector, given(vector), vector.path("sequence").longValue() + 1);
      assertThat(verifies(SignDoc.parseFrom(next.signDoc(KEY, "akashnet-2", 12345)), signature))
          .isFalse();
      assertThat(verifies(doc.toBuilder().setChainId("sandbox-2").build(), signature)).isFalse();
      assertThat(verifies(doc.toBuilder().setAccountNumber(12346).build(), signature)).isFalse();
      for (int i = 0; i < signature.length; i++) {
        byte[] altered = signature.clone();
        altered[i] ^= 1;
        assertThat(verifies(doc, altered)).isFalse();
      }
    }
  }

  private static boolean verifies(SignDoc doc, byte[] signature) {
    return Secp256k1.verifies(KEY.publicKey(), Hashes.sha256(doc.toByteArray()), signature);
  }

  @Test
  void amountsAreReadable() {
    assertThat(Coin.uakt(1_500_000)).hasToString("1.5 AKT");
    assertThat(Coin.uact(0)).hasToString("0 ACT");
    assertThat(new Price("uact", new BigDecimal("10.5")))
        .hasToString("10.5uact a block (4.463099 ACT in 30 days)");
  }
}
