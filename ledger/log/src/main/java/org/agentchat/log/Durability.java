package org.agentchat.log;

/// What an answered append has reached when there is one broker only.
public enum Durability {
  /// The disk: survives a power cut. Costs an fsync for each batch, about half the speed.
  FSYNC,

  /// The operating system: survives `kill -9` of the process, but not a power cut.
  PAGE_CACHE
}
