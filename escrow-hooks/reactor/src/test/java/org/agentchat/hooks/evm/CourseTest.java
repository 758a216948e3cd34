package org.agentchat.hooks.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.EscrowClient.Status;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.schemas.escrow.EscrowAgreement;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.TokenAmount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every goal in every state of the contract, in time and late.
final class CourseTest {
  private static final long DEADLINE = 10_000;
  private static final EvmAddress PAYER = address("a");
  private static final EvmAddress PAYEE = address("b");
  private static final EvmAddress OPERATOR = address("c");
  private static final EvmHash HASH = new EvmHash("0x" + "7".repeat(64));
  private static final Deal DEAL =
      new Deal(
          "prop_1",
          new EscrowAgreement(
              new EscrowTerms(
                  TokenAmount.of("1000"),
                  address("d"),
                  new EvmChain(1),
                  address("e"),
                  DEADLINE,
                  100,
                  Market.OBSERVER.id(),
                  OPERATOR,
                  100,
                  2_500,
                  EvmAddress.ZERO),
              PAYER,
              PAYEE,
              HASH),
          new Deal.Binding(1, false),
          new Deal.Binding(2, true));

  /// C calls, R reached, M moot, L lost, W waits: for NONE, LOCKED, DELIVERED, DISPUTED, RELEASED,
  /// REFUNDED, RESOLVED, before the state's time-out and after it.
  @ParameterizedTest
  @CsvSource({
    "lock,     PAYER,    CRRRRRR, LRRRRRR",
    "release,  PAYER,    WCCCRLM, WCCCRLM",
    "release,  OPERATOR, WCCLRLM, WLCLRLM",
    "deliver,  PAYEE,    WCRMMMM, WLRMMMM",
    "deliver,  OPERATOR, WCRMMMM, WLRMMMM",
    "dispute,  PAYER,    WCCRMMM, WLLRMMM",
    "resolve,  OPERATOR, WWWCMMR, WWWLMMR",
    "timeout,  OPERATOR, WWWWRRR, MCCCRRR",
    "withdraw, PAYEE,    WWWWRRR, MWWWRRR"
  })
  void eachGoalKnowsWhatIsNext(String goal, String by, String inTime, String late) {
    Errand errand = new Errand(DEAL, goal(goal), account(by));
    assertThat(courses(errand, DEADLINE - 1)).isEqualTo(inTime);
    assertThat(courses(errand, DEADLINE)).isEqualTo(late);
  }

  private static String courses(Errand errand, long time) {
    StringBuilder courses = new StringBuilder();
    for (EscrowState state : EscrowState.values()) {
      Course course = Course.of(errand, sight(state, 0, time));
      assertThat(course.note()).isNotBlank();
      courses.append(letter(course));
    }
    return courses.toString();
  }

  private static char letter(Course course) {
    return switch (course) {
      case Course.Call _ -> 'C';
      case Course.Reached _ -> 'R';
      case Course.Moot _ -> 'M';
      case Course.Lost _ -> 'L';
      case Course.Later _ -> 'W';
    };
  }

  @Test
  void timeOutsCallWhatTheStateAsksFor() {
    Errand errand = new Errand(DEAL, new Goal.TimeOut(), account("OPERATOR"));
    List<String> calls =
        Stream.of(EscrowState.LOCKED, EscrowState.DELIVERED, EscrowState.DISPUTED)
            .map(state -> ((Course.Call) Course.of(errand, sight(state, 0, DEADLINE))))
            .map(call -> call.step() + " " + call.call().function())
            .toList();
    assertThat(calls)
        .containsExactly(
            "refund refund", "release-after-review release", "resolve-silent resolveSilent");
  }

  @Test
  void creditIsTakenForDealsThatAreOver() {
    Errand errand = new Errand(DEAL, new Goal.Withdraw(), account("PAYEE"));
    for (EscrowState state : EscrowState.values()) {
      assertThat(Course.of(errand, sight(state, 1, 5)) instanceof Course.Call)
          .isEqualTo(state.isFinal());
    }
  }

  @Test
  void whatWaitsForATimeSaysWhich() {
    Errand timeOut = new Errand(DEAL, new Goal.TimeOut(), account("OPERATOR"));
    assertThat(((Course.Later) Course.of(timeOut, sight(EscrowState.DELIVERED, 0, 5))).until())
        .isEqualTo(DEADLINE);
  }

  @Test
  void errandsComeBackFromTheirPayload() {
    for (String goal :
        List.of("lock", "release", "deliver", "dispute", "resolve", "timeout", "withdraw")) {
      Errand errand = new Errand(DEAL, goal(goal), account("PAYEE"));
      assertThat(Errand.read(errand.action().payload())).isEqualTo(errand);
      assertThat(errand.action().key())
          .startsWith("eip155:1:" + address("e") + "/" + DEAL.agreement().id() + "/" + goal);
    }
  }

  /// A refund that waits for its deadline must not hold up the release of the same escrow.
  @Test
  void timeOutsAndWithdrawalsHaveLanesOfTheirOwn() {
    assertThat(
            Stream.of("lock", "release", "deliver", "dispute", "resolve")
                .map(goal -> new Errand(DEAL, goal(goal), account("PAYER")).action().lane())
                .distinct())
        .hasSize(1);
    assertThat(
            Stream.of("lock", "timeout", "withdraw")
                .map(goal -> new Errand(DEAL, goal(goal), account("PAYER")).action().lane())
                .distinct())
        .hasSize(3);
  }

  private static Goal goal(String word) {
    return switch (word) {
      case "lock" -> new Goal.Lock();
      case "release" -> new Goal.Release();
      case "deliver" -> new Goal.Deliver(HASH);
      case "dispute" -> new Goal.Dispute(HASH);
      case "resolve" -> new Goal.Resolve(TokenAmount.of("400"), HASH);
      case "timeout" -> new Goal.TimeOut();
      case "withdraw" -> new Goal.Withdraw();
      default -> throw new IllegalArgumentException(word);
    };
  }

  private static Course.Sight sight(EscrowState state, long credit, long time) {
    long until = state == EscrowState.NONE || state.isFinal() ? 0 : DEADLINE;
    return new Course.Sight(new Status(state, until), BigInteger.valueOf(credit), time);
  }

  private static Address account(String role) {
    return Deal.address(
        switch (role) {
          case "PAYER" -> PAYER;
          case "PAYEE" -> PAYEE;
          default -> OPERATOR;
        });
  }

  private static EvmAddress address(String digit) {
    return new EvmAddress("0x" + digit.repeat(40));
  }
}
