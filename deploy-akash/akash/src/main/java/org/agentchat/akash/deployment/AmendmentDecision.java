package org.agentchat.akash.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.akash.chain.Balances;
import org.agentchat.akash.chain.MintTerms;
import org.agentchat.akash.provider.LeaseStatus;
import org.agentchat.akash.provider.ManifestAnswer;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.sdl.SdlReader;
import org.agentchat.akash.tx.Coin;
import org.agentchat.akash.tx.Order;
import org.agentchat.akash.wallet.Address;

/// Says what to do next about a change of what runs. Pure, as [Decision] is, which asks it once it
/// knows that the deployment is open, wanted, and leased.
///
/// A change never ends the deployment: what cannot be had is given up with a reason. What ran
/// before runs on, unless a provider has begun to put the new manifest in its place.
final class AmendmentDecision {
  /// Blocks that a provider has to begin with a manifest that it took: before that it tells of what
  /// ran under the old one.
  private static final int BLOCKS_TO_BEGIN = 3;

  private final DeploymentRecord record;
  private final View view;

  private AmendmentDecision(DeploymentRecord record, View view) {
    this.record = record;
    this.view = view;
  }

  /// What to do next. No transaction is pending.
  static Action next(DeploymentRecord record, Amendment amendment, View view) {
    AmendmentDecision decision = new AmendmentDecision(record, view);
    return switch (amendment) {
      case Amendment.TopUp topUp -> decision.topUp(topUp);
      case Amendment.Update update when update.isHandedOver() -> decision.start(update);
      case Amendment.Update update when update.isAnnounced() -> decision.handOver(update);
      case Amendment.Update update -> decision.announce(update);
    };
  }

  private static Action write(Step step) {
    return new Action.Write(step);
  }

  private static Action giveUp(String why) {
    return write(new Step.AmendmentFailed(why));
  }

  private Optional<String> trouble(Kind kind) {
    return Decision.trouble(record, view, kind);
  }

  private boolean isSilent() {
    int blocks = record.plan().patience().silence();
    return view.silentSince().filter(since -> isLate(since, blocks)).isPresent();
  }

  private boolean isLate(long since, int blocks) {
    return view.height() > since + blocks;
  }

  // ---- more money

  private Action topUp(Amendment.TopUp topUp) {
    Balances has = view.balances().orElseThrow();
    if (has.act().amount() < topUp.deposit()) {
      return topUp.burnedAt() > 0 ? awaitAct(topUp, has) : mint(topUp, has);
    }
    return trouble(Kind.TOP_UP)
        .map(why -> giveUp("nothing was added: " + why))
        .orElseGet(() ->
            new Action.Submit(
                new Order.TopUp(record.id().orElseThrow(), Coin.uact(topUp.deposit()))));
  }

  private Action mint(Amendment.TopUp topUp, Balances has) {
    if (topUp.burn() == 0) {
      return giveUp(
          "the %s is more than the wallet's %s, and no AKT is to be burned for it"
              .formatted(topUp.words(), has.act()));
    }
    long akt = Plan.FEE_RESERVE + topUp.burn();
    if (has.akt().amount() < akt) {
      return giveUp(
          "%s are needed for fees and to burn for ACT and the wallet has %s"
              .formatted(Coin.uakt(akt), has.akt()));
    }
    MintTerms mint = view.mint().orElseThrow();
    if (!mint.allowed()) {
      return giveUp("the network mints no ACT at present (%s)".formatted(mint.status()));
    }
    return trouble(Kind.MINT)
        .map(why -> giveUp("no ACT could be minted: " + why))
        .orElseGet(() ->
            new Action.Submit(
                new Order.MintAct(new Address(record.plan().owner()), Coin.uakt(topUp.burn()))));
  }

  private Action awaitAct(Amendment.TopUp topUp, Balances has) {
    return isLate(topUp.burnedAt(), record.plan().patience().mint())
        ? giveUp(
            "%s were burned %d blocks ago and the wallet has only %s; what comes later stays in it"
                .formatted(Coin.uakt(topUp.burn()), view.height() - topUp.burnedAt(), has.act()))
        : new Action.Wait("for the minted ACT, paid out at the end of an epoch");
  }

  // ---- another manifest

  private Action announce(Amendment.Update update) {
    if (view.deployment().isEmpty()) {
      return new Action.Wait("for the node to show the deployment");
    }
    Manifest wanted = Manifest.of(SdlReader.read(update.sdl()));
    if (view.deployment().get().manifestHash().equals(wanted.hash())) {
      return write(new Step.Announced(view.height()));
    }
    return trouble(Kind.UPDATE)
        .map(why -> giveUp("the chain does not take it: " + why))
        .orElseGet(() ->
            new Action.Submit(
                new Order.UpdateDeployment(record.id().orElseThrow(), wanted.hash())));
  }

  /// A provider that refuses is asked again, too: it hears of the new hash later than we do, and
  /// until then it takes the new manifest for a wrong one.
  private Action handOver(Amendment.Update update) {
    for (Step.Chosen one : record.chosen().values()) {
      if (!record.hasManifest(one.gseq())) {
        return switch (view.manifests().get(one.gseq())) {
          case null -> send(one);
          case ManifestAnswer.Taken() -> write(new Step.ManifestTaken(one.gseq()));
          case ManifestAnswer.Refused(String why) -> again(update, one, why);
          case ManifestAnswer.NotYet(String why) -> again(update, one, why);
        };
      }
    }
    return write(new Step.HandedOver(view.height()));
  }

  private Action send(Step.Chosen one) {
    return new Action.SendManifest(one.gseq(), record.bid(one));
  }

  private Action again(Amendment.Update update, Step.Chosen one, String why) {
    return isLate(update.announcedAt(), record.plan().patience().manifest())
        ? giveUp(
            "the chain has the new manifest and %s did not take it (%s), so it runs the old one;"
                    .formatted(one.provider(), why)
                + " the same update again hands it over again and costs nothing")
        : send(one);
  }

  private Action start(Amendment.Update update) {
    if (!isLate(update.handedOverAt(), BLOCKS_TO_BEGIN)) {
      return new Action.Wait("for the providers to begin with the new manifest");
    }
    Manifest wanted = Manifest.of(SdlReader.read(update.sdl()));
    List<String> uris = new ArrayList<>();
    for (Step.Chosen one : record.chosen().values()) {
      LeaseStatus status = view.health().get(one.gseq());
      if (status == null && !isSilent()) {
        return new Action.Wait("for an answer of " + one.provider());
      }
      if (status == null || !status.isRenewed(wanted.replicas(one.gseq()))) {
        int patience = record.plan().patience().ready();
        return isLate(update.handedOverAt(), patience)
            ? giveUp(
                ("%s has the new manifest and did not start everything within %d blocks; what ran"
                        + " before may be gone, and --update with the old file goes back to it")
                    .formatted(one.provider(), patience))
            : new Action.Wait("for " + one.provider() + " to start everything anew");
      }
      uris.addAll(status.uris());
    }
    return write(new Step.Ready(view.height(), uris));
  }
}
