package org.agentchat.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.agentchat.ledger.World.ALICE;
import static org.agentchat.ledger.World.BOB;
import static org.agentchat.ledger.World.CAROL;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;

/// One small log that a deal of every kind went through, pinned with what came of it. When this
/// fails, the rules have changed for every log there is: that is a decision, and a new version of
/// the state.
class StateHashTest {
  private static final String GOLDEN = "golden-log.txt";

  @Test
  void goldenLogGivesTheGoldenState() throws IOException {
    List<String> lines = golden();
    Ledger ledger = new Ledger();
    EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
    for (String line : lines) {
      if (line.startsWith("{") || line.equals("garbage")) {
        ledger.apply(reader.read(ledger.size(), line.getBytes(UTF_8)));
      }
    }

    assertThat(outcome(ledger)).isEqualTo(lines.subList((int) ledger.size(), lines.size()));
  }

  /// The log itself is pinned too: signatures, names of proposals and encodings.
  @Test
  void storyIsWrittenInTheGoldenBytes() throws IOException {
    World world = story();
    List<String> actual = new ArrayList<>();
    world.log.forEach(bytes -> actual.add(new String(bytes, UTF_8)));
    actual.addAll(outcome(world.ledger));
    if (!actual.equals(golden())) {
      Files.write(Path.of("target", GOLDEN), actual);
    }

    assertThat(actual).as("the new one is in target/" + GOLDEN).isEqualTo(golden());
  }

  private static World story() {
    World world = World.named();
    Terms staked =
        Terms.PLAIN.worth(10).staking(50, 30).inSkill("code_review").lapsingAfter(86_400);
    world.completed(ALICE, BOB, staked);
    world.after(Duration.ofMinutes(5)).completed(ALICE, BOB, Terms.PLAIN.staking(5, 5));
    world.says(
        ALICE, World.dispute(world.agreed(ALICE, CAROL, Terms.PLAIN.worth(100).staking(40, 20))));
    world.says(CAROL, World.reject(world.proposes(BOB, CAROL, Terms.PLAIN)));
    world.proposes(BOB, CAROL, Terms.PLAIN.lapsingAfter(60.5));
    String joined =
        World.opened(world.apply(world.stated(CAROL, new Scheme.Joined(), staked.to(ALICE))));
    world.apply(world.stated(ALICE, new Scheme.Joined(), World.accept(joined)));
    world.append("garbage".getBytes(UTF_8));
    world.after(Duration.ofMinutes(2)).tick();
    world.says(BOB, World.complete(joined));
    world.agreed(BOB, ALICE, Terms.PLAIN.staking(7, 9));
    world.proposes(CAROL, BOB, Terms.PLAIN.inSkill("x"));
    inCourt(world);
    world.says(BOB, World.skills(5, "code_review", "x"));
    world.apply(world.stated(CAROL, new Scheme.Joined(), World.skills(7, "y")));
    world.says(CAROL, World.skills(8, "z"));
    Identity later = World.agent("bob, later");
    Identity latest = World.agent("bob, latest");
    world.says(BOB, KeyStatement.RotateKey.of(BOB, later, World.ORIGIN));
    world.says(BOB, Terms.PLAIN.to(CAROL));
    world.says(later, KeyStatement.RotateKey.of(later, latest, World.ORIGIN));
    String last = World.opened(world.says(latest, Terms.PLAIN.staking(3, 0).to(CAROL)));
    world.says(CAROL, World.accept(last, 4));
    world.says(CAROL, new KeyStatement.RevokeKey("lost"));
    world.says(latest, World.dispute(last));
    world.apply(world.commitment(world.ledger.size()));
    world.apply(world.commitment(world.ledger.size(), "5a".repeat(32)));
    return world;
  }

  /// A case that finds no panel, one that nobody goes on with, and one that is open.
  private static void inCourt(World world) {
    String deal = world.agreed(BOB, CAROL, Terms.PLAIN.staking(3, 4));
    String nonce = "a-nonce-for-the-story";
    Statement intent = new CourtStatement.DisputeIntent(deal, "bad work", Sha256.hex(nonce));
    String first =
        World.effect(world.says(BOB, intent), CourtEffect.DisputeFiled.class).dispute().id();
    world.says(BOB, new CourtStatement.DisputeReveal(deal, nonce));
    world.apply(
        new Event.PanelNonce(world.now(), "relay-1", first, World.relayNonce(Sha256.hex(nonce))));
    world.says(CAROL, new CourtStatement.DisputeIntent(deal, "no", Sha256.hex("never told")));
    world.after(Duration.ofMinutes(10)).tick();
    world.says(CAROL, new CourtStatement.DisputeIntent(deal, "yes", Sha256.hex("not yet told")));
  }

  private static List<String> outcome(Ledger ledger) {
    List<String> lines = new ArrayList<>();
    lines.add("size " + ledger.size());
    lines.add("root " + ledger.rootHash());
    lines.add("state " + ledger.stateHash());
    lines.add("ratings " + ledger.ratingsRoot(ledger.size()).orElseThrow());
    lines.add(
        "committed "
            + ledger
                .committedRatings(World.REGISTRAR.key())
                .map(last -> last.event().size() + " at " + last.index()));
    for (Account account : ledger.accounts()) {
      lines.add(
          "account %s rating %d transactions %d staked %d skills %s keys %s registered at %s named by %s"
              .formatted(
                  account.id(),
                  account.rating(),
                  account.transactions(),
                  account.staked(),
                  account.skills(),
                  account.keys().stream().map(StateHashTest::words).toList(),
                  account.registered() == null ? "never" : account.registered().index(),
                  ledger.ratingLeaf(account.id()).orElseThrow().history()));
    }
    for (Proposal proposal : ledger.proposals()) {
      lines.add("proposal %s %s".formatted(proposal.id(), proposal.status().word()));
    }
    for (Dispute dispute : ledger.disputes()) {
      lines.add(
          "dispute %s %s %s".formatted(dispute.id(), dispute.phase().word(), dispute.fallback()));
    }
    return lines;
  }

  private static String words(Tenure tenure) {
    Tenure.End end = tenure.end();
    return tenure.id()
        + " from "
        + tenure.from()
        + (end == null ? "" : ", " + end.kind().word() + " at " + end.index());
  }

  private static List<String> golden() throws IOException {
    try (InputStream in = StateHashTest.class.getResourceAsStream(GOLDEN)) {
      return in == null ? List.of() : new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }
}
