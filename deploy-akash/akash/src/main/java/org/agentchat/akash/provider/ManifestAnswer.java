package org.agentchat.akash.provider;

/// What a provider makes of a manifest.
public sealed interface ManifestAnswer {
  /// It will run it.
  record Taken() implements ManifestAnswer {}

  /// Perhaps later: the provider does not know the lease yet, is busy, or does not answer.
  record NotYet(String why) implements ManifestAnswer {}

  /// Never: it refuses us, or the manifest, or is not who it should be.
  record Refused(String why) implements ManifestAnswer {}
}
