package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.receipt.ReceiptCode;
import org.agentchat.schemas.json.Json;
import org.agentchat.tlog.SignedNote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// `agentchat verify <file>`, with the files that `TamperedReceiptTest` and `TamperedRatingTest`
/// publish.
class VerifyFileTest {
  private static final Path FILES =
      Path.of("../ledger/core/src/test/resources/org/agentchat/receipt/tampered");
  private static final Path POLICY = FILES.resolve("policy");
  private static final Path RATINGS = FILES.resolveSibling("tampered-ratings");

  @TempDir Path home;

  private Ran verify(Object... more) {
    Stream<Object> first = Stream.of("verify", "--home", home);
    return Ran.command(Stream.concat(first, Arrays.stream(more)).toArray());
  }

  /// A file, one that somebody has seen before, and the code.
  record Case(Path file, Path seen, ReceiptCode code) {}

  static Stream<Case> cases() throws IOException {
    return Stream.concat(
        cases(FILES, FILES.resolve("good.json")),
        cases(RATINGS, RATINGS.resolve("certificate.json")));
  }

  private static Stream<Case> cases(Path folder, Path seen) throws IOException {
    return Json.parse(Files.readString(folder.resolve("cases.json"))).properties().stream()
        .map(one ->
            new Case(
                folder.resolve(one.getKey()),
                seen,
                ReceiptCode.valueOf(one.getValue().stringValue())));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyFileHasItsCode(Case one) {
    verify(one.seen(), "--policy", POLICY);
    ReceiptCode code = one.code();

    Ran ran = verify(one.file(), "--policy", POLICY, "--json");

    JsonNode said = Json.parse(ran.out());
    assertThat(said.path("code").stringValue()).isEqualTo(code.name());
    assertThat(said.path("exit").intValue()).isEqualTo(code.group().exit());
    assertThat(ran.exit()).isEqualTo(code.group().exit());
    assertThat(said.path("proved").isEmpty()).isEqualTo(code != ReceiptCode.OK);
  }

  @Test
  void saysWhatWasProvedAndWhatWasNot() {
    Ran ran = verify(FILES.resolve("good.json"), "--policy", POLICY);

    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .startsWith("✓ verified: COMPLETE of prop_")
        .contains("\nProved:\n  ✓ ", "\nNot proved:\n  · What the deal did to ratings");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void saysWhyAFileIsRejected() {
    Ran ran = verify(FILES.resolve("amount-raised.json"), "--policy", POLICY);

    assertThat(ran.exit()).isEqualTo(10);
    assertThat(ran.out())
        .startsWith("✗ BAD_STATEMENT_SIGNATURE (a signature is not valid): entry 4");
  }

  @Test
  void readsStandardInput() throws IOException {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(Files.readAllBytes(FILES.resolve("good.json"))));
    try {
      assertThat(verify("-", "--policy", POLICY).exit()).isZero();
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void forkLeavesEvidenceOfBothCheckpoints() throws IOException {
    verify(FILES.resolve("good.json"), "--policy", POLICY);

    Ran ran = verify(FILES.resolve("fork.json"), "--policy", POLICY, "--json");

    assertThat(ran.exit()).isEqualTo(12);
    Path file = Path.of(Json.parse(ran.out()).path("evidence").stringValue());
    JsonNode evidence = Json.parse(Files.readString(file));
    assertThat(evidence.path("format").stringValue()).isEqualTo("agentchat-fork/1");
    List<String> texts =
        evidence
            .path("checkpoints")
            .valueStream()
            .map(note -> SignedNote.parse(note.stringValue()).text())
            .toList();
    assertThat(texts).hasSize(2).doesNotHaveDuplicates();
    assertThat(texts).allMatch(text -> text.startsWith("example.com/log\n10\n"));
  }

  @Test
  void remembersNothingWhenToldSoAndNothingOfWhatIsRejected() {
    verify(FILES.resolve("good.json"), "--policy", POLICY, "--no-remember");
    verify(FILES.resolve("proof-hash-altered.json"), "--policy", POLICY);

    assertThat(home).isEmptyDirectory();
  }

  @Test
  void policyInTheHomeFolderIsTheDefault() throws IOException {
    assertThat(verify(FILES.resolve("good.json")).err()).contains("Whom do you trust?");

    Files.copy(POLICY, home.resolve("policy"));

    assertThat(verify(FILES.resolve("good.json")).exit()).isZero();
  }

  @Test
  void brokenPolicyIsNamedWithItsLine() throws IOException {
    Path broken = Files.writeString(home.resolve("broken"), "quorum none\nlgo x\n");

    Ran ran = verify(FILES.resolve("good.json"), "--policy", broken);

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("line 2", "lgo");
  }

  @Test
  void twoQuestionsAtOnceMakeNoSense() {
    Ran policyForAgent = verify("ws://localhost:1", "@a", "--policy", POLICY);
    Ran agentMissing = verify("ws://localhost:1", "--policy", POLICY);
    Ran identityForFile = verify(FILES.resolve("good.json"), "-i", "x", "--policy", POLICY);

    assertThat(List.of(policyForAgent, agentMissing, identityForFile))
        .allMatch(ran -> ran.exit() == 2)
        .allMatch(ran -> ran.err().contains("verify <server> <agent> asks an agent"));
  }

  @Test
  void helpListsTheExitCodesOfTheVerifier() {
    String[] codes = VerifyCommand.class.getAnnotation(Command.class).exitCodeList();

    assertThat(codes)
        .containsExactlyElementsOf(
            Stream.of(ReceiptCode.Group.values())
                .map(group -> group.exit() + ":" + group.words())
                .toList());
  }
}
