package org.agentchat.cli;

import java.io.PrintWriter;
import java.util.List;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.Step;
import org.agentchat.akash.deployment.Watcher;
import org.agentchat.akash.tx.Coin;

/// Says on standard error what happens to a deployment: a line for each step, and one for each new
/// thing that is waited for. Nothing under `--json`.
final class DeployProgress implements Watcher {
  private final PrintWriter err;
  private final boolean silent;
  private String waiting = "";

  DeployProgress(Output output) {
    err = output.err();
    silent = output.isJson();
  }

  @Override
  public void wrote(DeploymentRecord record, Step step) {
    waiting = "";
    if (!silent) {
      lines(step).forEach(line -> err.println(Printable.of(line)));
      err.flush();
    }
  }

  @Override
  public void waits(DeploymentRecord record, String what) {
    if (!silent && !what.equals(waiting)) {
      waiting = what;
      err.println("  waiting " + Printable.of(what));
      err.flush();
    }
  }

  private static List<String> lines(Step step) {
    return switch (step) {
      case Step.Planned planned -> List.of("Planned: " + planned.plan().name());
      case Step.Numbered(long dseq) -> List.of("Its number (dseq) is " + dseq);
      case Step.Entered(var phase, long _, String why) ->
          List.of(
              Character.toUpperCase(phase.words().charAt(0))
                  + phase.words().substring(1)
                  + ": "
                  + why);
      case Step.Signed signed ->
          List.of(
              "  %s signed: transaction %s, fee %s"
                  .formatted(signed.kind(), signed.hash(), Coin.uakt(signed.fee())));
      case Step.Delivered(String hash, long height) ->
          List.of("  done in block %d: %s".formatted(height, hash));
      case Step.Undone undone ->
          List.of(
              "  paid for and not done in block %d: %s".formatted(undone.height(), undone.why()));
      case Step.Dropped dropped -> List.of("  never in a block, nothing is paid: " + dropped.why());
      case Step.Chosen chosen -> chosen.why().stream().map(why -> "  bid of " + why).toList();
      case Step.Leased _ -> List.of("  the bid is a lease");
      case Step.Avoided avoided ->
          List.of("  not again: %s (%s)".formatted(avoided.provider(), avoided.why()));
      case Step.ManifestTaken _ -> List.of("  the provider has the manifest");
      case Step.Ready ready -> List.of("Running: " + String.join(", ", ready.uris()));
      case Step.CloseWanted wanted -> List.of("  to be closed: " + wanted.why());
      case Step.TopUpWanted(long deposit, long _) ->
          List.of("To be added to its escrow: " + Coin.uact(deposit));
      case Step.UpdateWanted _ -> List.of("To be updated: another manifest for what is rented");
      case Step.Announced(long height) ->
          List.of("  the chain has this manifest's hash already, at block " + height);
      case Step.HandedOver _ -> List.of("  every provider has the new manifest");
      case Step.AmendmentFailed(String why) -> List.of("Not changed: " + why);
      case Step.Settled(long dseq, long paid) ->
          List.of("  %d is closed; providers were paid %s".formatted(dseq, Coin.uact(paid)));
    };
  }
}
