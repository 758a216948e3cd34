package org.agentchat.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agentchat.receipt.Tampering.Case;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way to tamper with a receipt file has its code. The files are published beside this test,
/// see [PublishedFiles].
class TamperedReceiptTest {
  private static Verification verify(String file) {
    return new ReceiptVerifier(Notary.policy(), _ -> Optional.of(Tampering.remembered()))
        .verify(file.getBytes(StandardCharsets.UTF_8));
  }

  static Stream<Case> cases() {
    return IntStream.range(0, 5).boxed().flatMap(seed -> new Tampering(seed).cases().stream());
  }

  @Test
  void untouchedFileIsGood() {
    assertThat(verify(Tampering.good()).code()).isEqualTo(ReceiptCode.OK);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tamperedFileIsRejectedWithItsCode(Case tampered) {
    Verification verification = verify(tampered.file());

    assertThat(verification.code()).as(verification.message()).isEqualTo(tampered.code());
    assertThat(verification.message()).isNotBlank();
    assertThat(verification.proved()).isEmpty();
  }

  @Test
  void everyCodeHasACase() {
    Set<ReceiptCode> codes = EnumSet.of(ReceiptCode.OK);
    new Tampering(0).cases().forEach(tampered -> codes.add(tampered.code()));
    new RatingTampering(0).cases().forEach(tampered -> codes.add(tampered.code()));
    MoneyTampering.cases().forEach(tampered -> codes.add(tampered.code()));

    assertThat(codes).containsExactlyInAnyOrder(ReceiptCode.values());
  }

  @Test
  void everyGroupHasItsOwnExitCode() {
    assertThat(Stream.of(ReceiptCode.Group.values()).map(ReceiptCode.Group::exit))
        .doesNotHaveDuplicates();
  }

  /// `cases.json` names each file and its code; `policy` and `remembered` go with all of them.
  @Test
  void publishedFilesAreTheseFiles() throws IOException {
    Map<String, String> files = new TreeMap<>();
    Map<String, ReceiptCode> codes = new TreeMap<>();
    files.put("good.json", Tampering.good());
    codes.put("good.json", ReceiptCode.OK);
    for (Case tampered : new Tampering(4).cases()) {
      files.put(tampered.name() + ".json", tampered.file());
      codes.put(tampered.name() + ".json", tampered.code());
    }
    files.put("policy", Notary.POLICY);
    files.put("remembered", Tampering.remembered().encode());
    files.put("cases.json", Json.pretty(codes) + "\n");

    PublishedFiles.requireSame("tampered", files);
  }
}
