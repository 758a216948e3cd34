package org.agentchat.akash.deployment;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.akash.chain.Account;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.Simulation;
import org.agentchat.akash.messages.Source;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.sdl.SdlReader;
import org.agentchat.akash.tx.Coin;
import org.agentchat.akash.tx.DeploymentId;
import org.agentchat.akash.tx.Draft;
import org.agentchat.akash.tx.Order;
import org.agentchat.akash.wallet.AccountKey;

/// The transactions of a plan and what they would cost, without sending any.
public final class DryRun {
  /// What leases and closings took on the main network, roundly; they cannot be simulated before
  /// there is something to accept or close.
  private static final long USUAL_GAS = 250_000;

  private DryRun() {}

  /// One transaction.
  ///
  /// @param kind in capitals, such as `CREATE`
  /// @param moves what leaves the wallet, fee apart; a deposit comes back as far as it is not used
  /// @param fee simulated, or estimated
  /// @param note what is to be known of it; a refusal if the chain would refuse it
  public record Cost(Kind kind, List<Coin> moves, Coin fee, String note) {
    public Cost {
      moves = List.copyOf(moves);
    }
  }

  /// All transactions of one round, in their order.
  ///
  /// @param mints whether ACT has to be minted first
  public static List<Cost> of(ChainClient chain, AccountKey key, Plan plan, boolean mints) {
    Manifest manifest = Manifest.of(SdlReader.read(plan.sdl()));
    Order create =
        new Order.CreateDeployment(
            new DeploymentId(key.address(), chain.height()),
            manifest.groups(),
            manifest.hash(),
            Coin.uact(plan.deposit()),
            List.of(Source.SOURCE_BALANCE));
    List<Cost> costs = new ArrayList<>();
    if (mints) {
      costs.add(simulated(chain, key, new Order.MintAct(key.address(), Coin.uakt(plan.burn()))));
      costs.add(
          estimated(chain, Kind.CREATE, create.moves(), "estimated: the ACT is not there yet"));
    } else {
      costs.add(simulated(chain, key, create));
    }
    for (int group = 1; group <= manifest.groups().size(); group++) {
      costs.add(
          estimated(chain, Kind.LEASE, List.of(), "estimated; one for group %d".formatted(group)));
    }
    costs.add(estimated(chain, Kind.CLOSE, List.of(), "estimated; when it is not wanted any more"));
    return costs;
  }

  /// The transactions of a top-up.
  ///
  /// @param record of the deployment
  /// @param deposit in uact
  /// @param burn what is burned for ACT that is missing, in uakt; 0 is nothing
  /// @throws AmendmentException if it cannot be changed now
  public static List<Cost> topUp(
      ChainClient chain, AccountKey key, DeploymentRecord record, long deposit, long burn) {
    Amending.topUp(record, deposit, burn);
    Order topUp = new Order.TopUp(record.id().orElseThrow(), Coin.uact(deposit));
    if (burn == 0) {
      return List.of(simulated(chain, key, topUp));
    }
    return List.of(
        simulated(chain, key, new Order.MintAct(key.address(), Coin.uakt(burn))),
        estimated(chain, Kind.TOP_UP, topUp.moves(), "estimated: the ACT is not there yet"));
  }

  /// The transactions of an update; none if the chain has the manifest's hash already.
  ///
  /// @param record of the deployment
  /// @param sdl the whole new SDL
  /// @throws AmendmentException if it cannot be changed now, or not like this
  public static List<Cost> update(
      ChainClient chain, AccountKey key, DeploymentRecord record, String sdl) {
    Amending.update(record, sdl);
    DeploymentId id = record.id().orElseThrow();
    Manifest manifest = Manifest.of(SdlReader.read(sdl));
    boolean announced =
        chain.deployment(id).filter(one -> one.manifestHash().equals(manifest.hash())).isPresent();
    return announced
        ? List.of()
        : List.of(simulated(chain, key, new Order.UpdateDeployment(id, manifest.hash())));
  }

  private static Cost estimated(ChainClient chain, Kind kind, List<Coin> moves, String note) {
    return new Cost(kind, moves, fee(chain, USUAL_GAS), note);
  }

  private static Coin fee(ChainClient chain, long used) {
    BigDecimal gas = DeploymentRunner.GAS_FACTOR.multiply(BigDecimal.valueOf(used));
    return Fees.of(gas.setScale(0, RoundingMode.CEILING).longValueExact(), chain.network());
  }

  private static Cost simulated(ChainClient chain, AccountKey key, Order order) {
    Optional<Account> account = chain.account(key.address());
    if (account.isEmpty()) {
      return estimated(
          chain, Kind.of(order), order.moves(), "the chain knows no such account; send AKT to it");
    }
    Draft draft =
        new Draft(
            order.message(), DeploymentRunner.MEMO, 0, Coin.uakt(0), account.get().sequence(), 0);
    return switch (chain.simulate(draft.unsigned(key))) {
      case Simulation.Gas(long used) ->
          new Cost(Kind.of(order), order.moves(), fee(chain, used), "simulated");
      case Simulation.Refused(String reason) ->
          estimated(chain, Kind.of(order), order.moves(), "would be refused: " + reason);
    };
  }
}
