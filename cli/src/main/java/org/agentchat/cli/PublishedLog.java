package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.agentchat.ledger.tree.TileLog;
import org.agentchat.ledger.tree.TreeFolder;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.SignedNote;

/// A log in the form in which its ledger publishes it, with the checkpoint that vouches for it.
///
/// @param name where it is, in words
record PublishedLog(String name, SignedNote note, TileLog log) {
  /// On a web server.
  ///
  /// @throws CommandFailure when no checkpoint is there
  static PublishedLog at(String url) {
    try {
      HttpTiles tiles = new HttpTiles(url);
      return of(url, tiles.checkpoint(), tiles);
    } catch (IllegalArgumentException e) {
      throw unusable(url, e);
    }
  }

  /// In a folder.
  ///
  /// @throws CommandFailure when no checkpoint is there
  static PublishedLog in(Path folder) {
    TreeFolder tree = new TreeFolder(folder);
    SignedNote note =
        checkpoint(tree, folder)
            .orElseThrow(() ->
                new CommandFailure(
                    "NO_SUCH_LOG", Exit.FAILED, "There is no checkpoint in " + folder));
    return of(folder.toString(), note, tree::read);
  }

  private static Optional<SignedNote> checkpoint(TreeFolder tree, Path folder) {
    try {
      Optional<SignedNote> note = tree.checkpoint();
      note.ifPresent(found -> Checkpoint.parse(found.text()));
      return note;
    } catch (IllegalArgumentException e) {
      throw unusable(folder.toString(), e);
    }
  }

  private static CommandFailure unusable(String where, IllegalArgumentException why) {
    return new CommandFailure(
        "NOT_A_LOG", Exit.FAILED, "No published log at %s: %s".formatted(where, why.getMessage()));
  }

  private static PublishedLog of(String name, SignedNote note, TileLog.Fetcher tiles) {
    return new PublishedLog(name, note, new TileLog(checkpoint(note).head(), tiles));
  }

  private static Checkpoint checkpoint(SignedNote note) {
    return Checkpoint.parse(note.text());
  }

  /// What the checkpoint says.
  Checkpoint checkpoint() {
    return checkpoint(note);
  }

  /// Who vouches for the checkpoint, in words.
  ///
  /// @throws CommandFailure when the policy is not met
  String judge(Path policyFile) throws IOException {
    Policy policy = FileCheck.policy(policyFile);
    return switch (policy.judge(note, new Ed25519Verifier())) {
      case Policy.Judgement.Met met ->
          ", checkpoint signed by "
              + met.log().name()
              + (met.witnesses().isEmpty() ? "" : " and " + String.join(", ", met.witnesses()));
      case Policy.Judgement.UnknownLog(String origin) ->
          throw refused("the policy does not know the log " + origin + " by the key that signed");
      case Policy.Judgement.BadSignature(String signer) ->
          throw refused("the signature of " + signer + " is false");
      case Policy.Judgement.TooFewWitnesses few ->
          throw refused(
              "only %s cosigned, %s wanted"
                  .formatted(
                      few.witnesses().isEmpty() ? "nobody" : String.join(", ", few.witnesses()),
                      few.wanted().text()));
    };
  }

  private CommandFailure refused(String why) {
    return new CommandFailure(
        "POLICY_NOT_MET", Exit.DIFFERENCE, "The checkpoint of " + name + ": " + why);
  }
}
