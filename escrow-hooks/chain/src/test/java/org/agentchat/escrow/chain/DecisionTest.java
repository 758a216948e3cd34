package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Every stage against everything that a look at the chain may show.
final class DecisionTest {
  private static final FeePolicy POLICY = new FeePolicy(wei(1_000), wei(1), wei(50), 3);
  private static final Decision DECISION = new Decision(POLICY);
  private static final Address SENDER = new Address("0x" + "a".repeat(40));
  private static final Request REQUEST =
      new Request("pay", SENDER, Optional.of(Address.ZERO), wei(10_000), "0x");
  private static final ContractError ERROR = new ContractError("Exists", Optional.empty(), "0x");
  private static final long NONCE = 7;
  private static final Attempt UNSENT = attempt(1, 200, OptionalLong.empty());
  private static final Attempt FIRST = attempt(1, 200, OptionalLong.of(100));
  private static final Attempt SECOND = attempt(2, 225, OptionalLong.of(105));
  private static final Inclusion IN_101 = inclusion(FIRST, 101, 1, true);

  /// A look at head 110 where blocks up to 104 are final, a unit of gas costs 100, the sender is
  /// rich and its transaction waits at the node. Tests say what is different.
  private record Seen(
      long head,
      long finalNumber,
      long baseFee,
      long nonce,
      long finalNonce,
      long spendable,
      Preflight preflight,
      Sighting sighting) {
    static final Seen CALM =
        new Seen(
            110,
            104,
            100,
            NONCE,
            NONCE,
            1_000_000_000,
            new Preflight.NotTried(),
            new Sighting.InNoBlock(true));

    Seen head(long value) {
      return new Seen(
          value, finalNumber, baseFee, nonce, finalNonce, spendable, preflight, sighting);
    }

    Seen baseFee(long value) {
      return new Seen(head, finalNumber, value, nonce, finalNonce, spendable, preflight, sighting);
    }

    Seen used(long upTo, long forGood) {
      return new Seen(head, finalNumber, baseFee, upTo, forGood, spendable, preflight, sighting);
    }

    Seen spendable(long value) {
      return new Seen(head, finalNumber, baseFee, nonce, finalNonce, value, preflight, sighting);
    }

    Seen tried(Preflight value) {
      return new Seen(head, finalNumber, baseFee, nonce, finalNonce, spendable, value, sighting);
    }

    Seen seen(Sighting value) {
      return new Seen(head, finalNumber, baseFee, nonce, finalNonce, spendable, preflight, value);
    }

    Seen in(Inclusion where) {
      return used(NONCE + 1, finalNonce).seen(new Sighting.InBlock(where));
    }

    Seen forgotten() {
      return seen(new Sighting.InNoBlock(false));
    }

    ChainView view() {
      return new ChainView(
          block(head, 1),
          finalNumber,
          wei(baseFee),
          wei(2),
          nonce,
          finalNonce,
          wei(spendable),
          preflight,
          sighting);
    }
  }

  @Test
  void plannedRequestThatWouldWorkIsSigned() {
    assertThat(next(new Stage.Planned(), gas(50_000)))
        .isEqualTo(new Action.Sign(new Fees(wei(202), wei(2)), 50_000));
  }

  @Test
  void plannedRequestThatTheContractRefusesUsesNoNonce() {
    assertThat(next(new Stage.Planned(), Seen.CALM.tried(new Preflight.Reverts(ERROR))))
        .isEqualTo(new Action.Refuse(ERROR, Optional.empty()));
  }

  @Test
  void plannedRequestWaitsForTheNodeToTryIt() {
    assertThat(wait(new Stage.Planned(), Seen.CALM.tried(new Preflight.Declined("busy"))))
        .isEqualTo(new Action.Wait(WaitReason.NODE_DECLINES, "busy"));
  }

  @Test
  void plannedRequestWaitsForMoney() {
    // 202 wei for each of 50,000 units of gas, and the value.
    long enough = 202 * 50_000 + 10_000;
    assertThat(next(new Stage.Planned(), gas(50_000).spendable(enough)))
        .isInstanceOf(Action.Sign.class);
    assertThat(wait(new Stage.Planned(), gas(50_000).spendable(enough - 1)).reason())
        .isEqualTo(WaitReason.INSUFFICIENT_FUNDS);
    assertThat(wait(new Stage.Planned(), Seen.CALM.spendable(5)).detail())
        .contains(SENDER.hex(), "5 wei", "10000");
  }

  @Test
  void plannedRequestWaitsForGasBelowTheCap() {
    assertThat(wait(new Stage.Planned(), gas(50_000).baseFee(1_000)).reason())
        .isEqualTo(WaitReason.FEES_ABOVE_CAP);
  }

  @Test
  void signedBytesAreSentWhateverTheChainShows() {
    Stage signed = new Stage.Signed(NONCE, List.of(UNSENT));
    for (Seen seen :
        List.of(
            Seen.CALM,
            Seen.CALM.forgotten(),
            Seen.CALM.used(NONCE + 1, NONCE + 1),
            Seen.CALM.in(IN_101))) {
      assertThat(next(signed, seen)).isEqualTo(new Action.Send(UNSENT));
    }
  }

  @Test
  void sentTransactionWaitsForItsBlock() {
    assertThat(wait(sent(FIRST), Seen.CALM.head(102)).reason()).isEqualTo(WaitReason.PENDING);
  }

  @Test
  void sameBytesAreSentAgainWhenTheNodeForgotThem() {
    assertThat(next(sent(FIRST), Seen.CALM.head(102).forgotten()))
        .isEqualTo(new Action.Send(FIRST));
  }

  @Test
  void stuckTransactionIsReplacedForAnEighthMore() {
    assertThat(next(sent(FIRST), Seen.CALM.head(103)))
        .isEqualTo(new Action.Replace(new Fees(wei(225), wei(3)), 1_000));
    assertThat(next(sent(FIRST), Seen.CALM.head(103).forgotten()))
        .isInstanceOf(Action.Replace.class);
  }

  @Test
  void stuckTransactionUnderARisenBaseFeeIsReplacedByAFreshOffer() {
    assertThat(next(sent(FIRST), Seen.CALM.baseFee(400)))
        .isEqualTo(new Action.Replace(new Fees(wei(802), wei(3)), 1_000));
  }

  @Test
  void replacementIsSentNextAndOnlyThenCanItBeStuck() {
    Attempt unsent = attempt(2, 225, OptionalLong.empty());
    assertThat(next(sent(FIRST, unsent), Seen.CALM.forgotten())).isEqualTo(new Action.Send(unsent));
    assertThat(wait(sent(FIRST, SECOND), Seen.CALM.head(107)).reason())
        .isEqualTo(WaitReason.PENDING);
    assertThat(next(sent(FIRST, SECOND), Seen.CALM.head(108))).isInstanceOf(Action.Replace.class);
  }

  @Test
  void onlyTheFirstInLineIsReplaced() {
    assertThat(wait(sent(FIRST), Seen.CALM.used(NONCE - 1, NONCE - 1)).reason())
        .isEqualTo(WaitReason.PENDING);
  }

  @Test
  void stuckTransactionStaysWhenMoreIsAboveTheCapAndIsStillSent() {
    Attempt dear = attempt(1, 900, OptionalLong.of(100));
    assertThat(wait(sent(dear), Seen.CALM).reason()).isEqualTo(WaitReason.FEES_ABOVE_CAP);
    assertThat(next(sent(dear), Seen.CALM.forgotten())).isEqualTo(new Action.Send(dear));
  }

  @Test
  void stuckTransactionStaysWhenMoreCannotBePaid() {
    assertThat(wait(sent(FIRST), Seen.CALM.spendable(24_999)).reason())
        .isEqualTo(WaitReason.INSUFFICIENT_FUNDS);
    assertThat(next(sent(FIRST), Seen.CALM.spendable(25_000))).isInstanceOf(Action.Replace.class);
  }

  @Test
  void replacementsAreCounted() {
    List<Attempt> many = new ArrayList<>();
    for (int i = 0; i < Decision.MAX_ATTEMPTS; i++) {
      many.add(attempt(i, 200, OptionalLong.of(100)));
    }
    assertThat(wait(new Stage.Sent(NONCE, many), Seen.CALM).reason())
        .isEqualTo(WaitReason.TOO_MANY_ATTEMPTS);
  }

  @Test
  void anyAttemptMayBeTheOneThatIsMined() {
    Inclusion older = inclusion(FIRST, 106, 1, true);
    assertThat(next(sent(FIRST, SECOND), Seen.CALM.in(older))).isEqualTo(new Action.Include(older));
    Inclusion newer = inclusion(SECOND, 106, 1, false);
    assertThat(next(sent(FIRST, SECOND), Seen.CALM.in(newer))).isEqualTo(new Action.Include(newer));
  }

  @Test
  void nonceTakenByAStrangerIsGivenUpOnlyWhenThatIsFinal() {
    assertThat(wait(sent(FIRST), Seen.CALM.used(NONCE + 1, NONCE)).reason())
        .isEqualTo(WaitReason.NONCE_TAKEN);
    assertThat(next(sent(FIRST), Seen.CALM.used(NONCE + 1, NONCE + 1)))
        .isEqualTo(new Action.GiveUp());
  }

  @Test
  void minedTransactionWaitsUntilItsBlockIsFinal() {
    Inclusion fresh = inclusion(FIRST, 105, 1, true);
    assertThat(wait(mined(fresh), Seen.CALM.in(fresh)).reason()).isEqualTo(WaitReason.CONFIRMING);
    assertThat(next(mined(IN_101), Seen.CALM.in(IN_101))).isEqualTo(new Action.Finish(IN_101));
    Inclusion last = inclusion(FIRST, 104, 1, true);
    assertThat(next(mined(last), Seen.CALM.in(last))).isEqualTo(new Action.Finish(last));
  }

  @Test
  void refusalInABlockCountsOnlyWhenItIsFinal() {
    Inclusion fresh = inclusion(FIRST, 105, 1, false);
    assertThat(wait(mined(fresh), Seen.CALM.in(fresh)).reason()).isEqualTo(WaitReason.CONFIRMING);
    Inclusion old = inclusion(FIRST, 101, 1, false);
    assertThat(next(mined(old), Seen.CALM.in(old)))
        .isEqualTo(new Action.Refuse(ContractError.SILENT, Optional.of(old)));
  }

  @Test
  void blockThatIsGoneTakesItsTransactionWithIt() {
    assertThat(next(mined(IN_101), Seen.CALM)).isEqualTo(new Action.Unmine());
    assertThat(next(mined(IN_101), Seen.CALM.forgotten())).isEqualTo(new Action.Unmine());
    assertThat(next(mined(IN_101), Seen.CALM.used(NONCE + 1, NONCE + 1)))
        .isEqualTo(new Action.Unmine());
  }

  @Test
  void otherBlockOfTheSameHeightIsNotedAndNotFinishedAtOnce() {
    Inclusion other = inclusion(FIRST, 101, 2, true);
    assertThat(next(mined(IN_101), Seen.CALM.in(other))).isEqualTo(new Action.Include(other));
  }

  @Test
  void nothingIsDecidedWhileTheNodeContradictsItself() {
    Seen unclear = Seen.CALM.used(NONCE + 1, NONCE + 1).seen(new Sighting.Unclear("two heads"));
    assertThat(wait(sent(FIRST), unclear))
        .isEqualTo(new Action.Wait(WaitReason.UNCLEAR, "two heads"));
    assertThat(wait(mined(IN_101), unclear).reason()).isEqualTo(WaitReason.UNCLEAR);
  }

  @Test
  void nothingHappensToWhatIsOver() {
    List<Stage> over =
        List.of(
            new Stage.Final(NONCE, List.of(FIRST), IN_101),
            new Stage.Reverted(ERROR, OptionalLong.of(NONCE), Optional.of(IN_101)),
            new Stage.Replaced(NONCE));
    for (Stage stage : over) {
      assertThat(wait(stage, Seen.CALM.forgotten()).reason()).isEqualTo(WaitReason.OVER);
      assertThat(stage.isOver()).isTrue();
    }
  }

  /// All combinations of what can be seen: a decision is always made, never moves backwards without
  /// cause, and nothing is final or given up that the chain could still change.
  @Test
  void everyCombinationHasADecisionThatCannotLoseOrRepeatAnything() {
    List<Stage> stages =
        List.of(
            new Stage.Planned(),
            new Stage.Signed(NONCE, List.of(UNSENT)),
            sent(FIRST),
            sent(FIRST, SECOND),
            sent(FIRST, attempt(2, 225, OptionalLong.empty())),
            mined(IN_101),
            mined(inclusion(FIRST, 109, 1, false)));
    int seen = 0;
    for (Stage stage : stages) {
      for (Seen view : everything()) {
        Action action = next(stage, view);
        requireSafe(stage, view, action);
        seen++;
      }
    }
    assertThat(seen).isGreaterThan(5_000);
  }

  private static void requireSafe(Stage stage, Seen seen, Action action) {
    switch (action) {
      case Action.Sign _ -> assertThat(stage).isInstanceOf(Stage.Planned.class);
      case Action.Replace(Fees fees, long _) -> {
        assertThat(stage).isInstanceOf(Stage.Sent.class);
        assertThat(seen.nonce()).isLessThanOrEqualTo(NONCE);
        assertThat(fees.max()).isLessThanOrEqualTo(POLICY.maxFeeCap());
      }
      case Action.Send(Attempt attempt) ->
          assertThat(StageRow.attempts(stage).getLast()).isEqualTo(attempt);
      case Action.Include(Inclusion where) ->
          assertThat(seen.sighting()).isEqualTo(new Sighting.InBlock(where));
      case Action.Unmine() -> assertThat(seen.sighting()).isInstanceOf(Sighting.InNoBlock.class);
      case Action.Finish(Inclusion where) -> {
        assertThat(seen.sighting()).isEqualTo(new Sighting.InBlock(where));
        assertThat(stage).isEqualTo(mined(where));
        assertThat(where.succeeded()).isTrue();
        assertThat(where.block().number()).isLessThanOrEqualTo(seen.finalNumber());
      }
      case Action.Refuse(ContractError _, Optional<Inclusion> where) -> {
        assertThat(where.isEmpty()).isEqualTo(stage instanceof Stage.Planned);
        where.ifPresent(in -> {
          assertThat(in.succeeded()).isFalse();
          assertThat(in.block().number()).isLessThanOrEqualTo(seen.finalNumber());
        });
      }
      case Action.GiveUp() -> {
        assertThat(stage).isInstanceOf(Stage.Sent.class);
        assertThat(seen.sighting()).isInstanceOf(Sighting.InNoBlock.class);
        assertThat(seen.finalNonce()).isGreaterThan(NONCE);
      }
      case Action.Wait(WaitReason _, String detail) -> assertThat(detail).isNotBlank();
    }
  }

  private static List<Seen> everything() {
    List<Sighting> sightings =
        List.of(
            new Sighting.InNoBlock(true),
            new Sighting.InNoBlock(false),
            new Sighting.Unclear("two heads"),
            new Sighting.InBlock(IN_101),
            new Sighting.InBlock(inclusion(FIRST, 101, 2, true)),
            new Sighting.InBlock(inclusion(SECOND, 109, 1, true)),
            new Sighting.InBlock(inclusion(FIRST, 101, 1, false)),
            new Sighting.InBlock(inclusion(FIRST, 109, 1, false)));
    List<Preflight> trials =
        List.of(
            new Preflight.NotTried(),
            new Preflight.Gas(50_000),
            new Preflight.Reverts(ERROR),
            new Preflight.Declined("no"));
    List<Seen> all = new ArrayList<>();
    for (Sighting sighting : sightings) {
      for (Preflight trial : trials) {
        for (long head : List.of(109L, 120L)) {
          for (long finalNumber : List.of(-1L, 100L, 104L, 110L)) {
            for (long fee : List.of(0L, 100L, 999L, 5_000L)) {
              for (long nonce : List.of(NONCE - 1, NONCE, NONCE + 1)) {
                for (long coin : List.of(0L, 1_000_000_000L)) {
                  all.add(
                      new Seen(
                          head,
                          finalNumber,
                          fee,
                          sighting instanceof Sighting.InBlock ? NONCE + 1 : nonce,
                          finalNumber > 100 ? nonce : NONCE - 1,
                          coin,
                          trial,
                          sighting));
                }
              }
            }
          }
        }
      }
    }
    return all;
  }

  private static Action next(Stage stage, Seen seen) {
    return DECISION.next(REQUEST, stage, seen.view());
  }

  private static Action.Wait wait(Stage stage, Seen seen) {
    return (Action.Wait) next(stage, seen);
  }

  private static Seen gas(long limit) {
    return Seen.CALM.tried(new Preflight.Gas(limit));
  }

  private static Stage sent(Attempt... attempts) {
    return new Stage.Sent(NONCE, List.of(attempts));
  }

  private static Stage mined(Inclusion where) {
    return new Stage.Mined(NONCE, List.of(FIRST), where);
  }

  private static Attempt attempt(int number, long maxFee, OptionalLong sentAt) {
    return new Attempt(
        hash(number), "0x0" + number % 10, new Fees(wei(maxFee), wei(2)), 1_000, sentAt);
  }

  private static Inclusion inclusion(Attempt attempt, long number, int branch, boolean succeeded) {
    return new Inclusion(attempt.hash(), block(number, branch), succeeded, Optional.empty());
  }

  private static BlockRef block(long number, int branch) {
    return new BlockRef(number, hash((int) (branch * 1_000L + number)));
  }

  private static Hash hash(int number) {
    return new Hash("0x%064x".formatted(number));
  }

  private static BigInteger wei(long value) {
    return BigInteger.valueOf(value);
  }
}
