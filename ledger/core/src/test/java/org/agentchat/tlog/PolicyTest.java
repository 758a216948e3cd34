package org.agentchat.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private final Ed25519Verifier verifier = new Ed25519Verifier();
  private final NoteSigner log = signer("example.com/log", 1);
  private final List<NoteSigner> witnesses =
      List.of(signer("x1.example", 2), signer("x2.example", 3), signer("y.example", 4));
  private final String text = new Checkpoint("example.com/log", TreeHead.EMPTY).text();

  /// Two of the X or, besides, Y: the shape of the specification's example.
  private final String file =
      """
      # who is trusted
      log %s https://example.com/log

      witness X1 %s
        witness\tX2 %s
      group Xs all X1 X2
      witness Y %s https://y.example
      group either any Xs Y
      quorum either
      """
          .formatted(
              log.logKey(),
              witnesses.get(0).witnessKey(),
              witnesses.get(1).witnessKey(),
              witnesses.get(2).witnessKey());

  private static NoteSigner signer(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return new NoteSigner(name, Identity.ofSeed(name, bytes, Instant.EPOCH));
  }

  private static Policy policy(String file) {
    return Policy.parse(file.getBytes(StandardCharsets.UTF_8));
  }

  private SignedNote note(NoteSigner... cosigners) {
    List<NoteSignature> signatures = new ArrayList<>(List.of(log.sign(text)));
    for (NoteSigner cosigner : cosigners) {
      signatures.add(cosigner.cosign(text, 1));
    }
    return new SignedNote(text, signatures);
  }

  @Test
  void quorumOfGroupsDecides() {
    Policy policy = policy(file);
    NoteSigner x1 = witnesses.get(0);
    NoteSigner x2 = witnesses.get(1);
    NoteSigner y = witnesses.get(2);

    assertThat(policy.judge(note(x1, x2), verifier))
        .isEqualTo(new Policy.Judgement.Met(log.logKey(), Set.of("X1", "X2")));
    assertThat(policy.judge(note(y), verifier)).isInstanceOf(Policy.Judgement.Met.class);
    assertThat(policy.judge(note(x1), verifier))
        .isEqualTo(new Policy.Judgement.TooFewWitnesses(Set.of("X1"), policy.quorum()));
    assertThat(policy.judge(note(), verifier)).isInstanceOf(Policy.Judgement.TooFewWitnesses.class);
    assertThat(policy.quorum().text()).isEqualTo("either (1 of 2)");
  }

  @Test
  void logThatIsNotListedOrDidNotSignIsUnknown() {
    String other = new Checkpoint("example.com/other", TreeHead.EMPTY).text();
    SignedNote elsewhere = new SignedNote(other, List.of(log.sign(other)));
    SignedNote unsigned = new SignedNote(text, List.of(witnesses.get(2).cosign(text, 1)));

    assertThat(policy(file).judge(elsewhere, verifier))
        .isEqualTo(new Policy.Judgement.UnknownLog("example.com/other"));
    assertThat(policy(file).judge(unsigned, verifier))
        .isEqualTo(new Policy.Judgement.UnknownLog("example.com/log"));
  }

  @Test
  void signatureOfAKnownKeyThatIsFalseSpoilsTheNote() {
    byte[] raw = witnesses.getFirst().cosign(text, 1).signature();
    raw[20] ^= 1;
    NoteSignature forged =
        new NoteSignature("x1.example", witnesses.getFirst().witnessKey().id(), raw);

    assertThat(policy(file).judge(note(witnesses.get(2)).with(List.of(forged)), verifier))
        .isEqualTo(new Policy.Judgement.BadSignature("x1.example"));
  }

  @Test
  void quorumOfNoneNeedsNoWitness() {
    Policy policy = policy("log " + log.logKey() + "\nquorum none\n");

    assertThat(policy.judge(note(), verifier))
        .isEqualTo(new Policy.Judgement.Met(log.logKey(), Set.of()));
  }

  @Test
  void mistakeIsNamedWithItsLine() {
    String witness = "witness X " + witnesses.getFirst().witnessKey() + "\n";
    assertRefused("", "no quorum line: \"quorum none\" if no witness is needed");
    assertRefused("quorum none\nquorum none\n", "line 2: a second quorum line");
    assertRefused("quorum X\n" + witness, "line 1: not defined above: X");
    assertRefused(witness + witness, "line 2: witness x1.example: its key is listed already");
    assertRefused(witness + "group g all X\ngroup h all X\n", "line 3: X is in a group already");
    assertRefused(witness + "group g 2 X\n", "line 2: a threshold of 2 with 1 members");
    assertRefused(witness + "group g 0 X\n", "line 2: all, any or a number wanted, found: 0");
    assertRefused(witness + "group none 1 X\n", "line 2: the name is taken: none");
    assertRefused("\nlog\n", "line 2: log <vkey> [<url>] wanted");
    assertRefused("logs x\n", "line 1: log, witness, group or quorum wanted, found: logs");
    assertRefused("quorum none\r\n", "line 1: a control character that is not a tab");
    assertRefused(
        "log " + witnesses.getFirst().witnessKey() + "\n",
        "line 1: a key of type ED25519 wanted, found COSIGNATURE: "
            + witnesses.getFirst().witnessKey());
  }

  private static void assertRefused(String file, String message) {
    assertThatThrownBy(() -> policy(file)).hasMessage(message);
  }
}
