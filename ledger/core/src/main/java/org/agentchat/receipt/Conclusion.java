package org.agentchat.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.tlog.SignedNote;

/// Says in plain words what a sound receipt shows, and what it does not.
record Conclusion(
    Receipt receipt,
    Deal deal,
    Optional<Money> money,
    int rotations,
    CheckpointCheck.Judged judged,
    Optional<SignedNote> remembered) {

  Verification verification() {
    return new Verification(
        ReceiptCode.OK,
        "verified: %s of %s between %s and %s"
            .formatted(receipt.type(), receipt.proposalId(), receipt.from(), receipt.to()),
        proved(),
        notProved(),
        Optional.of(judged.note()),
        Optional.empty());
  }

  private List<String> proved() {
    List<String> proved = new ArrayList<>();
    proved.add(
        "%s offered %s this work: %s%s."
            .formatted(receipt.from(), receipt.to(), deal.terms().task(), price()));
    proved.add("%s accepted it.".formatted(receipt.to()));
    proved.add(end());
    money.ifPresent(found -> proved.addAll(new MoneyConclusion(receipt, deal, found).proved()));
    proved.add(
        "Each of these %d statements is signed with the key of who makes it: %s is %s, %s is %s."
            .formatted(
                deal.legs().size(),
                receipt.from(),
                deal.proposal().key().base64(),
                receipt.to(),
                recipientKey()));
    if (rotations > 0) {
      proved.add(
          "Where a later key signed, the key before it had named it, and both had signed so (%d times)."
              .formatted(rotations));
    }
    proved.add(
        "The log %s holds them as its entries %s: they are in the tree of %d entries with the root %s."
            .formatted(
                receipt.origin(),
                deal.legs().stream()
                    .map(leg -> Long.toString(leg.index()))
                    .collect(Collectors.joining(", ")),
                size(),
                judged.checkpoint().head().root().base64()));
    proved.add("The log has signed that tree with the key %s.".formatted(judged.judgement().log()));
    if (!judged.judgement().witnesses().isEmpty()) {
      proved.add(
          "These witnesses have seen the log grow to that tree: %s."
              .formatted(String.join(", ", judged.judgement().witnesses())));
    }
    judged.known(remembered).ifPresent(proved::add);
    return proved;
  }

  private String recipientKey() {
    AgentKey recipient = deal.proposal().event().recipient();
    return recipient == null ? "" : recipient.base64();
  }

  private String price() {
    if (deal.terms().amount() == null) {
      return "";
    }
    String currency = deal.terms().currency() == null ? "" : " " + deal.terms().currency();
    return ", for " + deal.terms().amount() + currency;
  }

  private String end() {
    Leg last = deal.end();
    return switch (last.statement()) {
      case Statement.Complete _ -> last.key().id() + " said that the work is done.";
      case Statement.Dispute dispute ->
          "%s disputed it: %s.".formatted(last.key().id(), dispute.reason());
      default -> // every other deal ended in court
          "%s took it to court, and of three arbiters, who signed their votes, %d voted; so the verdict is: %s."
              .formatted(
                  deal.intent().key().id(),
                  deal.legs(CourtStatement.ArbiterVote.class).size(),
                  receipt.verdict());
    };
  }

  private long size() {
    return judged.checkpoint().head().size();
  }

  private List<String> notProved() {
    List<String> not = new ArrayList<>();
    not.add(
        "What the deal did to ratings and stakes (rating_changes, elo_stakes, cooldown): that is"
            + " the ledger's word, which an audit of the log or a rating certificate proves.");
    not.add(
        "That the log's rules took each statement: a log may hold entries that it refuses; an"
            + " audit shows it.");
    not.add(
        "When it was (ts, created_at, completed_at, disputed_at): log time is the word of the"
            + " log's relays.");
    deal.joined().forEach(leg -> not.add(unbound(leg)));
    money.ifPresent(found -> not.addAll(new MoneyConclusion(receipt, deal, found).notProved()));
    if (receipt.type().equals("VERDICT")) {
      not.add("That the panel was drawn by the rules: an audit shows it.");
    }
    not.add(
        "What came after entry %d, for example that a key was revoked: the checkpoint ends there."
            .formatted(size() - 1));
    not.addAll(judged.unknown(remembered));
    return not;
  }

  private static String unbound(Leg leg) {
    return "That %s was meant for this log and for this time: its signature is of the scheme agentchat/1, which binds neither%s."
        .formatted(leg.words(), unsigned(leg.statement()));
  }

  /// What `agentchat/1` leaves out of the statement itself.
  private static String unsigned(Statement statement) {
    return switch (statement) {
      case Statement.Proposal _ -> ", nor who offers, nor the terms, nor the capability";
      case CourtStatement.Evidence _ -> ", nor the words that came with the evidence";
      case CourtStatement.ArbiterVote _ -> ", nor the reasoning";
      case Statement.Accept _,
          Statement.Complete _,
          Statement.Dispute _,
          Statement.Reject _,
          CourtStatement.DisputeIntent _,
          CourtStatement.DisputeReveal _,
          CourtStatement.ArbiterAccept _,
          CourtStatement.ArbiterDecline _,
          RegisterSkills _,
          KeyStatement _,
          EscrowStatement _,
          DeploymentStatement _ ->
          "";
    };
  }
}
