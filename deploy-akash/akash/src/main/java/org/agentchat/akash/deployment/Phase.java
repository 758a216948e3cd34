package org.agentchat.akash.deployment;

import java.util.Locale;

/// How far a deployment is.
public enum Phase {
  /// Nothing is paid so far, in this round.
  PLANNED,
  /// AKT is burned, ACT is awaited.
  MINTING,
  /// The deployment is being opened.
  CREATING,
  /// It is open; providers bid.
  BIDDING,
  /// Bids are being accepted.
  LEASING,
  /// The providers are told what to run, and start it.
  SENDING_MANIFEST,
  /// It runs.
  RUNNING,
  /// It is being closed.
  CLOSING,
  /// It ran, or was not wanted any more; nothing is open.
  CLOSED,
  /// It never ran; nothing is open.
  FAILED;

  public boolean isOver() {
    return this == CLOSED || this == FAILED;
  }

  /// In words.
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
