package org.agentchat.akash.deployment;

import java.util.List;

/// What happened or was decided, one line in the journal. Applying the steps in order gives the
/// [DeploymentRecord]; nothing else does.
public sealed interface Step {
  /// The first line.
  record Planned(Plan plan) implements Step {}

  /// This round's deployment has this number.
  record Numbered(long dseq) implements Step {}

  /// The next phase began.
  ///
  /// @param height of the chain, from which deadlines count
  /// @param why one sentence
  record Entered(Phase phase, long height, String why) implements Step {}

  /// A transaction was signed and may be sent from now on.
  ///
  /// @param bytes base64
  /// @param sequence of the account
  /// @param timeoutHeight the last block that may contain it
  /// @param fee in uakt
  /// @param burned in uakt, if it is done
  /// @param deposited in uact, if it is done
  record Signed(
      Kind kind,
      String hash,
      String bytes,
      long sequence,
      long timeoutHeight,
      long gas,
      long fee,
      long burned,
      long deposited)
      implements Step {}

  /// The transaction is in a block and done.
  record Delivered(String hash, long height) implements Step {}

  /// The transaction is in a block, its fee is paid, and nothing is done.
  record Undone(String hash, long height, boolean outOfGas, String why) implements Step {}

  /// No block has the transaction and none ever will; nothing is paid.
  ///
  /// @param hopeless another of the kind would fare no better
  record Dropped(String hash, boolean hopeless, String why) implements Step {}

  /// A bid was chosen for a group.
  ///
  /// @param price of a block, in uact
  /// @param why what was thought of each bid
  record Chosen(int gseq, int oseq, int bseq, String provider, String price, List<String> why)
      implements Step {
    public Chosen {
      why = List.copyOf(why);
    }
  }

  /// The bid became a lease.
  record Leased(int gseq) implements Step {}

  /// The bid could not be accepted; the provider is not asked again.
  record Avoided(int gseq, String provider, String why) implements Step {}

  /// The provider of a group has the manifest.
  record ManifestTaken(int gseq) implements Step {}

  /// Everything runs.
  ///
  /// @param height of the chain
  /// @param uris where it answers
  record Ready(long height, List<String> uris) implements Step {
    public Ready {
      uris = List.copyOf(uris);
    }
  }

  /// The deployment must be closed.
  ///
  /// @param again another round shall follow
  /// @param avoid the provider that it is not to be given to again; empty for none
  record CloseWanted(String why, boolean again, String avoid) implements Step {}

  /// The owner wants more money in the escrow account of what runs.
  ///
  /// @param deposit in uact
  /// @param burn what may be burned for ACT that is missing, in uakt; 0 is nothing
  record TopUpWanted(long deposit, long burn) implements Step {}

  /// The owner wants another manifest for what runs.
  ///
  /// @param sdl the whole new SDL, of the same groups
  record UpdateWanted(String sdl) implements Step {
    /// It may hold passwords.
    @Override
    public String toString() {
      return "UpdateWanted[%d characters]".formatted(sdl.length());
    }
  }

  /// The chain has the hash of the new manifest already, whoever told it.
  record Announced(long height) implements Step {}

  /// Every provider has the new manifest.
  record HandedOver(long height) implements Step {}

  /// What was wanted of what runs is given up; the deployment stays open.
  record AmendmentFailed(String why) implements Step {}

  /// The chain closed the account of a deployment.
  ///
  /// @param paid what providers got, in uact, rounded up
  record Settled(long dseq, long paid) implements Step {}
}
