package org.agentchat.hooks.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentchat.escrow.chain.Address;
import org.agentchat.hooks.Action;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Panel;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.EvmKey;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.message.RatingChanges;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which facts ask what of the contract, for which keys.
final class EvmPlannerTest {
  private static final EscrowContract CONTRACT =
      new EscrowContract(new EvmChain(31_337), new EvmAddress("0x" + "e".repeat(40)));

  private static final Map<String, EvmKey> KEYS =
      Map.of(
          "payer", key("payer"),
          "payee", key("payee"),
          "operator", key("operator"),
          "arbiter", key("arbiter"),
          "stranger", key("stranger"));

  private Market market;
  private String deal;

  @BeforeEach
  void agree() {
    market = new Market(new MemoryLog(), CONTRACT);
    market.bind(Market.PAYER, wallet("payer"));
    market.bind(Market.PAYEE, wallet("payee"));
    deal =
        market.agree(
            market.terms(
                1_000,
                System.currentTimeMillis() / 1_000 + 86_400,
                wallet("operator").address(),
                wallet("arbiter").address()));
  }

  @Test
  void acceptanceLocksForThePayerAndWatchesForTheOthers() {
    Applied accepted = market.applied().getLast();
    assertThat(goals(accepted, "payer")).containsExactly("lock", "timeout", "withdraw");
    assertThat(goals(accepted, "payee")).containsExactly("timeout", "withdraw");
    assertThat(goals(accepted, "operator")).containsExactly("timeout");
    assertThat(goals(accepted, "arbiter")).containsExactly("timeout");
    assertThat(goals(accepted)).isEmpty();
    assertThat(goals(accepted, "payer", "payee"))
        .containsExactly("lock", "timeout", "withdraw", "withdraw");
  }

  @Test
  void whatIsNotWantedIsNotPlanned() {
    EvmPlanner planner = new EvmPlanner(CONTRACT, List.of(address("payer")), false, false);
    assertThat(goals(planner, market.applied().getLast())).containsExactly("lock");
  }

  @Test
  void otherContractsAreNotServed() {
    EscrowContract other = new EscrowContract(new EvmChain(1), CONTRACT.address());
    EvmPlanner planner = new EvmPlanner(other, List.of(address("payer")), true, true);
    for (Applied applied : market.applied()) {
      assertThat(goals(planner, applied)).isEmpty();
    }
  }

  @Test
  void completionByThePayerReleasesOrAtLeastDelivers() {
    Applied completed = completed(Market.PAYER);
    assertThat(goals(completed, "payer")).containsExactly("release");
    assertThat(goals(completed, "operator")).containsExactly("release");
    assertThat(goals(completed, "payee")).containsExactly("deliver");
    assertThat(goals(completed, "payee", "payer")).containsExactly("release");
    assertThat(goals(completed, "arbiter", "stranger")).isEmpty();
  }

  @Test
  void completionByThePayeeDelivers() {
    Applied completed = completed(Market.PAYEE);
    assertThat(goals(completed, "payee")).containsExactly("deliver");
    assertThat(goals(completed, "operator")).containsExactly("deliver");
    assertThat(goals(completed, "payer")).isEmpty();
    Errand errand = errands(planner("payee"), completed).getFirst();
    assertThat(errand.goal())
        .isEqualTo(new Goal.Deliver(EvmHash.of(completed.entry().hash().raw())));
    assertThat(errand.by()).isEqualTo(address("payee"));
  }

  @Test
  void disputeFreezesByTheSideThatDisputesOrTheOperator() {
    locked();
    Applied disputed = market.says(Market.PAYEE, new Statement.Dispute(deal, "not paid"));
    assertThat(goals(disputed, "payee")).containsExactly("dispute");
    assertThat(goals(disputed, "operator")).containsExactly("dispute");
    assertThat(goals(disputed, "payer", "arbiter")).isEmpty();
    assertThat(errands(planner("payee", "operator"), disputed).getFirst().by())
        .isEqualTo(address("payee"));
  }

  @Test
  void caseBeforeTheCourtFreezesLikeADispute() {
    locked();
    Applied filed = with(new CourtEffect.DisputeFiled(dispute(Market.PAYER, null), proposal()));
    assertThat(goals(filed, "payer")).containsExactly("dispute");
    assertThat(goals(filed, "payee")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PAYER, DISPUTANT, 0",
    "PAYER, RESPONDENT, 1000",
    "PAYEE, DISPUTANT, 1000",
    "PAYEE, RESPONDENT, 0",
    "PAYER, MUTUAL, 250",
    "PAYEE, MUTUAL, 250"
  })
  void verdictIsForTheArbiterToCarryOut(String disputant, Verdict verdict, String toPayee) {
    locked();
    Identity by = disputant.equals("PAYER") ? Market.PAYER : Market.PAYEE;
    Applied judged =
        with(
            new CourtEffect.VerdictReached(
                dispute(by, verdict), proposal(), new RatingChanges(Map.of(), null)));
    assertThat(goals(judged, "payer", "payee", "operator")).isEmpty();
    assertThat(errands(planner("arbiter"), judged))
        .singleElement()
        .satisfies(errand -> {
          assertThat(errand.goal())
              .isEqualTo(
                  new Goal.Resolve(
                      TokenAmount.of(toPayee), EvmHash.of(judged.entry().hash().raw())));
          assertThat(errand.by()).isEqualTo(address("arbiter"));
        });
  }

  @Test
  void sameLogPlansTheSameKeysWhoeverHoldsThem() {
    Applied accepted = market.applied().getLast();
    List<String> once = keys(planner("payer", "operator"), accepted);
    assertThat(keys(planner("payer", "operator"), accepted)).isEqualTo(once);
    assertThat(once).doesNotHaveDuplicates();
    assertThat(keys(planner("operator", "payer"), accepted)).containsAll(once);
  }

  private Applied completed(Identity by) {
    locked();
    return market.says(by, new Statement.Complete(deal, "done"));
  }

  private void locked() {
    EvmHash some = new EvmHash("0x" + "5".repeat(64));
    market.says(
        Market.OBSERVER,
        new EscrowStatement.EscrowLocked(
            deal, market.escrow(deal).id(), CONTRACT.chain(), CONTRACT.address(), some, 7, some));
  }

  private Proposal proposal() {
    return market.proposal(deal);
  }

  private static Dispute dispute(Identity by, Verdict verdict) {
    Identity other = by.equals(Market.PAYER) ? Market.PAYEE : Market.PAYER;
    Panel panel = new Panel(List.of(), "0".repeat(64), null, null, List.of(), List.<AgentId>of());
    return new Dispute(
        "disp_1",
        "prop_1",
        by.id(),
        other.id(),
        "relay",
        Dispute.Phase.RESOLVED,
        0,
        panel,
        verdict,
        null,
        0,
        List.of(),
        List.of());
  }

  private Applied with(CourtEffect effect) {
    Applied last = market.applied().getLast();
    return new Applied(last.entry(), last.at(), List.of(effect), List.of());
  }

  private List<String> goals(Applied applied, String... held) {
    return goals(planner(held), applied);
  }

  private List<String> goals(EvmPlanner planner, Applied applied) {
    return errands(planner, applied).stream().map(errand -> errand.goal().word()).toList();
  }

  private List<Errand> errands(EvmPlanner planner, Applied applied) {
    return planner.plan(applied, List.of(), market.ledger()).stream()
        .map(Action::payload)
        .map(Errand::read)
        .toList();
  }

  private List<String> keys(EvmPlanner planner, Applied applied) {
    return planner.plan(applied, List.of(), market.ledger()).stream().map(Action::key).toList();
  }

  private static EvmPlanner planner(String... held) {
    return new EvmPlanner(
        CONTRACT, Stream.of(held).map(EvmPlannerTest::address).toList(), true, true);
  }

  private static Address address(String role) {
    return Deal.address(wallet(role).address());
  }

  private static EvmKey wallet(String role) {
    return Optional.ofNullable(KEYS.get(role)).orElseThrow();
  }

  private static EvmKey key(String name) {
    return EvmKey.of(Sha256.of(name.getBytes(StandardCharsets.UTF_8)));
  }
}
