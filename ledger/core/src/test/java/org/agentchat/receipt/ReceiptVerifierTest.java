package org.agentchat.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentchat.ledger.SettledLog;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.SignedNote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReceiptVerifierTest {
  private static Verification verify(ReceiptFile file) {
    return verify(file, Optional.empty());
  }

  private static Verification verify(ReceiptFile file, Optional<SignedNote> remembered) {
    return new ReceiptVerifier(Notary.policy(), _ -> remembered)
        .verify(file.encode().getBytes(StandardCharsets.UTF_8));
  }

  static Stream<SettledLog> settled() {
    return Stream.of(
        SettledLog.completed(),
        SettledLog.disputed(),
        SettledLog.disputedAgain(),
        SettledLog.completedUnderTheOldScheme(),
        SettledLog.completedByALaterKey(),
        SettledLog.judged(),
        SettledLog.judgedByTime());
  }

  @ParameterizedTest
  @MethodSource("settled")
  void whatALedgerIssuesIsVerified(SettledLog settled) {
    Verification verification = verify(Notary.file(settled));

    assertThat(verification.message()).startsWith("verified: " + settled.receipt().type());
    assertThat(verification.code()).isEqualTo(ReceiptCode.OK);
    assertThat(verification.checkpoint()).isPresent();
  }

  @Test
  void saysWhatIsProvedAndWhatIsNot() {
    Verification verification = verify(Notary.file(SettledLog.completed()));

    assertThat(verification.proved())
        .anyMatch(sentence -> sentence.contains("translate 10 pages, for 25 TEST"))
        .anyMatch(sentence -> sentence.contains("the work is done"))
        .anyMatch(sentence -> sentence.contains("entries 4, 5, 7"))
        .anyMatch(sentence -> sentence.contains("in the tree of 10 entries"))
        .anyMatch(sentence -> sentence.contains(Notary.LOG.logKey().toString()))
        .anyMatch(sentence -> sentence.endsWith("to that tree: W."));
    assertThat(verification.notProved())
        .anyMatch(sentence -> sentence.contains("ratings"))
        .anyMatch(sentence -> sentence.contains("log time"))
        .anyMatch(sentence -> sentence.contains("after entry 9"))
        .noneMatch(sentence -> sentence.contains("agentchat/1"))
        .noneMatch(sentence -> sentence.contains("no witness"));
  }

  @Test
  void saysWhatTheOldSchemeDoesNotBind() {
    Verification verification = verify(Notary.file(SettledLog.completedUnderTheOldScheme()));

    assertThat(verification.notProved().stream().filter(s -> s.contains("agentchat/1")))
        .hasSize(3)
        .first()
        .asString()
        .contains("nor the terms, nor the capability");
  }

  @Test
  void laterKeyOfAPartyNeedsItsRotation() {
    SettledLog settled = SettledLog.completedByALaterKey();
    Notary notary = new Notary(settled.entries());

    Verification without = verify(notary.file(settled.receipt(), List.of()));

    assertThat(verify(Notary.file(settled)).proved())
        .anyMatch(sentence -> sentence.contains("a later key signed"));
    assertThat(without.code()).isEqualTo(ReceiptCode.LEG_FOREIGN);
    assertThat(without.message()).contains("the rotation must be in the file");
  }

  @Test
  void rotationCannotBePutInForAnother() {
    SettledLog settled = SettledLog.completedByALaterKey();
    Notary notary = new Notary(settled.entries());
    long rotation = settled.rotations().getFirst();

    Verification twice = verify(notary.file(settled.receipt(), List.of(rotation, rotation)));
    Verification other =
        verify(
            notary.file(settled.receipt(), List.of(settled.receipt().legs().getFirst().index())));

    assertThat(twice.code()).isEqualTo(ReceiptCode.LEGS_OUT_OF_ORDER);
    assertThat(other.code()).isEqualTo(ReceiptCode.LEG_FOREIGN);
  }

  @Test
  void rememberedCheckpointOfTheSameSizeMustBeTheSame() {
    SettledLog settled = SettledLog.completed();
    Notary notary = new Notary(settled.entries());
    ReceiptFile file = Notary.file(settled);

    Verification same = verify(file, Optional.of(notary.checkpoint(notary.size())));
    Verification fork = verify(file, Optional.of(notary.forked().checkpoint(notary.size())));
    Verification smaller = verify(file, Optional.of(notary.checkpoint(3)));

    assertThat(same.proved()).anyMatch(sentence -> sentence.contains("that was remembered"));
    assertThat(fork.code()).isEqualTo(ReceiptCode.FORK);
    assertThat(fork.checkpoint()).contains(notary.checkpoint(notary.size()));
    assertThat(fork.contradicting()).contains(notary.forked().checkpoint(notary.size()));
    assertThat(smaller.code()).isEqualTo(ReceiptCode.OK);
    assertThat(smaller.notProved()).anyMatch(sentence -> sentence.contains("consistency proof"));
  }

  /// Somebody who may not end the deal cannot make a receipt of it, even with the log's help.
  @Test
  void strangersEndIsForeignAlthoughTheLogHoldsIt() {
    SettledLog settled = SettledLog.completed();
    Notary notary = new Notary(settled.entries());
    Receipt receipt = settled.receipt();
    Receipt.Leg stranger = notary.leg(6);
    List<Receipt.Leg> legs = List.of(receipt.legs().get(0), receipt.legs().get(1), stranger);

    Verification verification = verify(notary.file(with(receipt, stranger, legs), List.of()));

    assertThat(stranger.type()).isEqualTo("COMPLETE");
    assertThat(verification.code()).isEqualTo(ReceiptCode.LEG_FOREIGN);
  }

  private static Receipt with(Receipt receipt, Receipt.Leg end, List<Receipt.Leg> legs) {
    return new Receipt(
        receipt.type(),
        receipt.ts(),
        receipt.proposalId(),
        receipt.status(),
        receipt.from(),
        receipt.to(),
        end.signer(),
        receipt.completedAt(),
        null,
        null,
        receipt.proof(),
        null,
        null,
        null,
        null,
        null,
        receipt.eloStakes(),
        receipt.ratingChanges(),
        receipt.cooldown(),
        receipt.proposal(),
        receipt.escrow(),
        receipt.origin(),
        end.index(),
        legs);
  }
}
