package org.agentchat.deploy;

import java.util.Optional;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Statement;
import tools.jackson.databind.node.ArrayNode;

/// Answers offers, and says that there is somebody who takes them. Of the worker's one thread.
final class Offers {
  /// Answers in one round; deals that run are looked at in between.
  private static final int MAX_ANSWERS = 10;

  static final String SKILLS = "skills";

  private final WorkerSettings settings;
  private final Book book;
  private final Quote quote;
  private final Fulfilment fulfilment;
  private final Voice voice;
  private final Troubles troubles;
  private final Turns turns;

  Offers(
      WorkerSettings settings,
      Book book,
      Quote quote,
      Fulfilment fulfilment,
      Voice voice,
      Troubles troubles) {
    this.settings = settings;
    this.book = book;
    this.quote = quote;
    this.fulfilment = fulfilment;
    this.voice = voice;
    this.troubles = troubles;
    this.turns = new Turns(settings.watch());
  }

  /// Nobody can make an offer to a key that the log does not know.
  void announce() {
    Optional<RegisterSkills> said =
        book.account()
            .flatMap(account -> Optional.ofNullable(account.registered()))
            .map(Account.Registration::statement);
    boolean known =
        said.stream()
            .flatMap(skills -> skills.list().stream())
            .anyMatch(skill -> skill.capability().equals(DeploymentStatement.CAPABILITY));
    if (!known) {
      ArrayNode skills = (ArrayNode) Json.parse(said.map(one -> one.skills().text()).orElse("[]"));
      skills
          .addObject()
          .put("capability", DeploymentStatement.CAPABILITY)
          .put("description", "Rents machines on the Akash network");
      troubles.attempt(SKILLS, () -> voice.say(SKILLS, new RegisterSkills(JsonText.of(skills))));
    }
  }

  /// Answers the oldest offers that nothing stands against answering now.
  void answer() {
    int answers = 0;
    for (Proposal offer : book.offers()) {
      if (answers < MAX_ANSWERS && turns.isDue(offer.id()) && serves(offer.from())) {
        answers++;
        troubles.attempt(offer.id(), () -> answer(offer));
      }
    }
  }

  /// Whether this agent's offers are accepted, under whichever of its names it makes them.
  private boolean serves(AgentId proposer) {
    AgentId owner = book.owner(proposer);
    return settings
        .customers()
        .map(named -> named.stream().map(book::owner).anyMatch(owner::equals))
        .orElse(true);
  }

  private void answer(Proposal offer) {
    Optional<String> no = quote.objection(offer.terms().terms(), fulfilment.promised());
    boolean said =
        voice.say(
            offer.id(),
            no.isPresent()
                ? new Statement.Reject(offer.id(), Reason.brief(no.get()))
                : new Statement.Accept(offer.id(), null, null));
    if (said) {
      turns.now(offer.id());
    } else {
      turns.later(offer.id());
    }
  }
}
