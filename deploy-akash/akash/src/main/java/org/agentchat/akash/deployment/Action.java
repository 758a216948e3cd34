package org.agentchat.akash.deployment;

import org.agentchat.akash.tx.BidId;
import org.agentchat.akash.tx.Order;

/// What to do next.
sealed interface Action {
  /// Write this down, then decide again.
  record Write(Step step) implements Action {}

  /// Simulate, sign, write down, send.
  record Submit(Order order) implements Action {}

  /// Send the pending transaction once more, and look again after the next block.
  record Resend() implements Action {}

  /// Hand the manifest to the provider of a group.
  record SendManifest(int gseq, BidId lease) implements Action {}

  /// Look again after the next block.
  record Wait(String what) implements Action {}

  /// Nothing is to be done, for now or for ever.
  record Rest(String why) implements Action {}
}
