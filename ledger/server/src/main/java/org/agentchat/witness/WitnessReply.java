package org.agentchat.witness;

import org.agentchat.tlog.NoteSignature;

/// What one witness said to a log's checkpoint, as the log understands it.
public sealed interface WitnessReply {
  /// The witness's name in the policy.
  String witness();

  /// One sentence for whoever runs the log.
  String sentence();

  /// It cosigned, and the signature is valid.
  record Cosigned(String witness, NoteSignature signature) implements WitnessReply {
    @Override
    public String sentence() {
      return "witness " + witness + " cosigned";
    }
  }

  /// It did not, for a reason that says nothing about the log's tree: worth another try.
  record Silent(String witness, String why) implements WitnessReply {
    @Override
    public String sentence() {
      return "witness %s did not cosign: %s".formatted(witness, why);
    }
  }

  /// It cosigned a larger tree of this log than this log has.
  record Ahead(String witness, long seen, long size) implements WitnessReply {
    @Override
    public String sentence() {
      return ("witness %s has seen a larger tree (%d entries) than this log (%d): the log was"
              + " rolled back")
          .formatted(witness, seen, size);
    }
  }

  /// It cosigned a tree of this log that this log's tree did not grow from.
  record Forked(String witness, long seen) implements WitnessReply {
    @Override
    public String sentence() {
      return ("witness %s has cosigned a tree of %d entries that this log's tree does not begin"
              + " with: the log was replaced or forked")
          .formatted(witness, seen);
    }
  }
}
