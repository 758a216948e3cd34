package org.agentchat.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Panel;
import org.agentchat.ledger.SettledLog;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.junit.jupiter.api.Test;

class ReceiptAssemblyTest {
  /// Every rotation of the log, as a ledger hands them over.
  private static SortedMap<Long, String> rotations(SettledLog settled) {
    Notary notary = new Notary(settled.entries());
    SortedMap<Long, String> rotations = new TreeMap<>();
    for (long index = 0; index < settled.entries().size(); index++) {
      String event = new String(settled.entries().get((int) index), StandardCharsets.UTF_8);
      if (event.contains("ROTATE_KEY")) {
        rotations.put(index, notary.leg(index).event());
      }
    }
    return rotations;
  }

  private static ReceiptFile assembled(SettledLog settled) {
    Notary notary = new Notary(settled.entries());
    SortedMap<Long, String> escrow = new TreeMap<>();
    settled.escrow().forEach(index -> escrow.put(index, notary.leg(index).event()));
    return ReceiptAssembly.of(settled.receipt(), rotations(settled), escrow, notary.source())
        .orElseThrow();
  }

  @Test
  void rotationsThatLeadToNoKeyOfTheFileAreLeftOut() {
    SettledLog settled = SettledLog.completedAfterManyRotations();
    assertThat(rotations(settled)).hasSize(2 * Account.MAX_ROTATIONS);

    ReceiptFile file = assembled(settled);

    assertThat(file.rotations())
        .extracting(Receipt.Leg::index)
        .containsExactlyElementsOf(settled.rotations());
    requireGood(file);
  }

  private static void requireGood(ReceiptFile file) {
    Verification verification =
        new ReceiptVerifier(Notary.policy()).verify(file.encode().getBytes(StandardCharsets.UTF_8));
    assertThat(verification.code()).as(verification.message()).isEqualTo(ReceiptCode.OK);
  }

  @Test
  void rotationsOfWalletAndObserverAreKept() {
    SettledLog settled = SettledLog.withMoneyAndLaterKeys();

    assertThat(assembled(settled).encode()).isEqualTo(Notary.file(settled).encode());
  }

  /// A verdict names who filed the case and who judged it by the keys of its end.
  @Test
  void rotationsToTheNamesOfAVerdictAreKept() {
    SettledLog settled = SettledLog.judgedWithLaterKeys();
    assertThat(rotations(settled)).hasSize(4);

    ReceiptFile file = assembled(settled);

    assertThat(file.rotations())
        .extracting(Receipt.Leg::index)
        .containsExactlyElementsOf(settled.rotations());
    requireGood(file);
  }

  /// Two sides, an observer, and whoever is drawn for the seats of a panel.
  @Test
  void asManyRotationsFitAsThereCanBe() {
    int drawn = Panel.SIZE * (1 + Panel.MAX_REPLACEMENTS);

    assertThat(ReceiptFile.MAX_ROTATIONS).isEqualTo((2 + 1 + drawn) * Account.MAX_ROTATIONS);
  }

  @Test
  void whatRotatesNoKeyIsNoRotation() {
    SettledLog settled = SettledLog.completed();
    Notary notary = new Notary(settled.entries());
    SortedMap<Long, String> other = new TreeMap<>();
    other.put(4L, notary.leg(4).event());

    assertThatThrownBy(() -> ReceiptAssembly.of(settled.receipt(), other, notary.source()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("entry 4 is no rotation of a key");
  }
}
