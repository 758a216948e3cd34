package org.agentchat.ledger;

import static org.agentchat.ledger.World.ALICE;
import static org.agentchat.ledger.World.BOB;
import static org.agentchat.ledger.World.START;
import static org.agentchat.ledger.World.names;
import static org.agentchat.ledger.World.skills;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.junit.jupiter.api.Test;

/// What agents say that they offer. [World] compares `check` with `apply` at every statement.
final class SkillsTest {
  private final World world = World.named();

  @Test
  void listIsKeptWithItsTimeAndItsPlaceInTheLog() {
    RegisterSkills list = skills(5, "code_review", "data_analysis");
    Applied applied = world.after(Duration.ofSeconds(3)).says(ALICE, list);

    assertThat(names(applied)).containsExactly("AgentKnown", "SkillsRegistered");
    assertThat(world.account(ALICE).registered())
        .isEqualTo(new Account.Registration(list, START + 3_000, 1));
  }

  @Test
  void laterListReplacesTheEarlierOne() {
    world.says(ALICE, skills(5, "code_review", "data_analysis"));
    RegisterSkills later = skills(7, "translation");
    Applied applied = world.says(ALICE, later);

    assertThat(names(applied)).containsExactly("SkillsRegistered");
    assertThat(world.account(ALICE).registered())
        .isEqualTo(new Account.Registration(later, START, 2));
  }

  @Test
  void listMovesNoRatingAndDealsMoveNoList() {
    world.says(ALICE, skills(5, "code_review"));
    world.completed(ALICE, BOB, Terms.PLAIN.worth(10).inSkill("code_review"));
    world.says(BOB, skills(5, "code_review"));

    assertThat(world.account(ALICE).registered()).isNotNull();
    assertThat(world.account(BOB).skills().get("code_review"))
        .isEqualTo(new Account.Skill(world.account(BOB).rating(), 1, START));
  }

  @Test
  void listIsTakenUnderTheOldSchemeToo() {
    Applied applied =
        world.apply(world.stated(ALICE, new Scheme.Joined(), skills(5, "code_review")));

    assertThat(applied.refusal()).isEmpty();
  }

  @Test
  void everyPartOfAListIsInTheStateHash() {
    Set<String> hashes = new HashSet<>();
    hashes.add(world.ledger.stateHash());
    world.says(ALICE, skills(5, "a"));
    hashes.add(world.ledger.stateHash());
    world.says(ALICE, skills(6, "a"));
    hashes.add(world.ledger.stateHash());
    world.says(ALICE, skills(6, "a"));
    hashes.add(world.ledger.stateHash());

    assertThat(hashes).hasSize(4);
    assertThat(world.refolded().stateHash()).isEqualTo(world.ledger.stateHash());
  }
}
