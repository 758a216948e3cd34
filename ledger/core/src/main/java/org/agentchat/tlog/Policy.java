package org.agentchat.tlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.agentchat.schemas.identity.Ed25519Verifier;

/// Whom a verifier trusts: logs, witnesses, and how many witnesses must agree (C2SP tlog-policy).
///
/// @param logs each key once
/// @param witnesses each key once
/// @param quorum what must have cosigned
public record Policy(List<Log> logs, List<Witness> witnesses, Quorum quorum) {
  /// Logs, witnesses and groups in one policy, each, at the most.
  public static final int MAX_OF_EACH = 64;

  /// A known log.
  ///
  /// @param url where it can be reached, or empty: nothing here needs it
  public record Log(VerifierKey key, String url) {}

  /// A known witness.
  ///
  /// @param name within this policy only
  /// @param url its submission prefix, or empty
  public record Witness(String name, VerifierKey key, String url) {}

  /// Which sets of witnesses are enough.
  public sealed interface Quorum {
    /// No witness is needed.
    record None() implements Quorum {}

    /// This witness, by its name in the policy.
    record One(String witness) implements Quorum {}

    /// At least `threshold` of the members.
    record Group(String name, int threshold, List<Quorum> members) implements Quorum {
      /// Copies the members.
      public Group {
        members = List.copyOf(members);
      }
    }

    /// Whether those witnesses are enough.
    default boolean isMetBy(Set<String> cosigned) {
      return switch (this) {
        case None() -> true;
        case One(String witness) -> cosigned.contains(witness);
        case Group(String _, int threshold, List<Quorum> members) ->
            members.stream().filter(member -> member.isMetBy(cosigned)).count() >= threshold;
      };
    }

    /// In words.
    default String text() {
      return switch (this) {
        case None() -> "no witness";
        case One(String witness) -> witness;
        case Group(String name, int threshold, List<Quorum> members) ->
            "%s (%d of %d)".formatted(name, threshold, members.size());
      };
    }
  }

  /// What a policy says of a checkpoint.
  public sealed interface Judgement {
    /// A listed log signed it, and enough witnesses did.
    record Met(VerifierKey log, Set<String> witnesses) implements Judgement {}

    /// None of the listed logs has this origin, or none of those signed.
    record UnknownLog(String origin) implements Judgement {}

    /// A line says that a known key signed, and it did not.
    record BadSignature(String name) implements Judgement {}

    /// The log signed, but too few witnesses did.
    record TooFewWitnesses(Set<String> witnesses, Quorum wanted) implements Judgement {}
  }

  /// Copies the lists.
  public Policy {
    logs = List.copyOf(logs);
    witnesses = List.copyOf(witnesses);
  }

  /// Reads a policy file.
  ///
  /// @throws IllegalArgumentException naming the line and what is wrong with it
  public static Policy parse(byte[] file) {
    return PolicyReader.read(file);
  }

  /// Judges a checkpoint.
  ///
  /// @throws IllegalArgumentException if the note's text is not a checkpoint
  public Judgement judge(SignedNote note, Ed25519Verifier verifier) {
    String origin = Checkpoint.parse(note.text()).origin();
    List<VerifierKey> signers = new ArrayList<>();
    for (Log log : logs) {
      VerifierKey key = log.key();
      if (key.name().equals(origin)) {
        switch (note.check(key, verifier)) {
          case VALID -> signers.add(key);
          case INVALID -> {
            return new Judgement.BadSignature(key.name());
          }
          case ABSENT -> {}
        }
      }
    }
    return signers.isEmpty()
        ? new Judgement.UnknownLog(origin)
        : judgeWitnesses(note, signers.getFirst(), verifier);
  }

  private Judgement judgeWitnesses(SignedNote note, VerifierKey log, Ed25519Verifier verifier) {
    Set<String> cosigned = new TreeSet<>();
    for (Witness witness : witnesses) {
      switch (note.check(witness.key(), verifier)) {
        case VALID -> cosigned.add(witness.name());
        case INVALID -> {
          return new Judgement.BadSignature(witness.key().name());
        }
        case ABSENT -> {}
      }
    }
    return quorum.isMetBy(cosigned)
        ? new Judgement.Met(log, cosigned)
        : new Judgement.TooFewWitnesses(cosigned, quorum);
  }
}
