package org.agentchat.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agentchat.receipt.Tampering.Case;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way to tamper with a rating certificate or a history has its code. The files are published
/// beside this test, see [PublishedFiles].
class TamperedRatingTest {
  private static Verification verify(String file) {
    return new FileVerifier(Notary.policy(), _ -> Optional.of(RatingTampering.remembered()))
        .verify(file.getBytes(StandardCharsets.UTF_8));
  }

  static Stream<Case> cases() {
    return IntStream.range(0, 5)
        .boxed()
        .flatMap(seed -> new RatingTampering(seed).cases().stream());
  }

  @Test
  void untouchedFilesAreGood() {
    Stream.of(
            RatingTampering.certificate(),
            RatingTampering.absence(),
            RatingTampering.history(),
            RatingTampering.emptyHistory())
        .map(TamperedRatingTest::verify)
        .forEach(verification ->
            assertThat(verification.code()).as(verification.message()).isEqualTo(ReceiptCode.OK));
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
  void historySaysThatItIsWholeAndWhatThatDoesNotMean() {
    Verification verification = verify(RatingTampering.history());

    assertThat(verification.message())
        .endsWith("and nothing that names it was left out: 7 entries");
    assertThat(verification.proved())
        .anyMatch(sentence -> sentence.startsWith("These are all of the 7 entries, from 1 to 10:"))
        .anyMatch(sentence ->
            sentence.startsWith(
                "Its keys signed 4 of them (1 ACCEPT, 1 COMPLETE, 1 REGISTER_SKILLS, 1 ROTATE_KEY),"
                    + " others signed 2, and 1 are what"))
        .anyMatch(sentence -> sentence.contains("rotations among the entries lead there"));
    assertThat(verification.notProved())
        .anyMatch(sentence -> sentence.startsWith("That no other entry names it"))
        .anyMatch(sentence -> sentence.contains("audit refolds it"));
  }

  /// `cases.json` names each file and its code; `policy` and `remembered` go with all of them.
  @Test
  void publishedFilesAreTheseFiles() throws IOException {
    Map<String, String> files = new TreeMap<>();
    Map<String, ReceiptCode> codes = new TreeMap<>();
    files.put("certificate.json", RatingTampering.certificate());
    files.put("certificate-of-nobody.json", RatingTampering.absence());
    files.put("history.jsonl", RatingTampering.history());
    files.put("history-of-nobody.jsonl", RatingTampering.emptyHistory());
    files.keySet().forEach(name -> codes.put(name, ReceiptCode.OK));
    for (Case tampered : new RatingTampering(4).cases()) {
      files.put(tampered.name(), tampered.file());
      codes.put(tampered.name(), tampered.code());
    }
    files.put("policy", Notary.POLICY);
    files.put("remembered", RatingTampering.remembered().encode());
    files.put("cases.json", Json.pretty(codes) + "\n");

    PublishedFiles.requireSame("tampered-ratings", files);
  }
}
