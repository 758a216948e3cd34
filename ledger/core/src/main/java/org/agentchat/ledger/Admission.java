package org.agentchat.ledger;

import java.util.Optional;
import java.util.OptionalLong;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// Which statements apply: reads the state, changes nothing.
final class Admission {
  private final Accounts accounts;
  private final Proposals proposals;
  private final Nonces nonces;
  private final KeyAdmission keys;
  private final CourtAdmission court;
  private final EscrowAdmission escrows;
  private final DeploymentDesk machines;

  Admission(
      Accounts accounts,
      Proposals proposals,
      Nonces nonces,
      CourtAdmission court,
      DeploymentDesk machines) {
    this.accounts = accounts;
    this.proposals = proposals;
    this.nonces = nonces;
    this.keys = new KeyAdmission(accounts);
    this.court = court;
    this.escrows = new EscrowAdmission(accounts, proposals);
    this.machines = machines;
  }

  /// Why the statement would not apply when the log's clock is `now`, or empty.
  Optional<Refusal> check(Event.Stated event, @Nullable String origin, long now) {
    SignedStatement signed = event.signed();
    if (origin == null) {
      return refusal(Refusal.Code.NO_GENESIS, "the log has no name yet");
    }
    if (now - event.at() >= Proposal.MEMORY) {
      return refusal(
          Refusal.Code.STALE, "recorded at " + event.at() + ", a day before the log's " + now);
    }
    Optional<Tenure> signer = accounts.tenure(signed.key().id());
    if (isAnothers(signer, signed.key())) {
      return refusal(Refusal.Code.KEY_CONFLICT, "another key owns " + signed.key().id());
    }
    // A copy is told where its first is, also when that one ended the key.
    return checkScheme(signed, origin, now)
        .or(() -> signer.flatMap(keys::checkSigner))
        .or(() ->
            switch (signed.statement()) {
              case Statement.Proposal proposal -> checkProposal(event, proposal, now);
              case Statement.Accept accept -> checkAccept(signed.key().id(), accept, now);
              case Statement.Reject reject ->
                  checkAnswer(signed.key().id(), reject.proposalId(), now);
              case Statement.Complete complete ->
                  checkEnd(signed.key().id(), complete.proposalId(), now);
              case Statement.Dispute dispute ->
                  checkEnd(signed.key().id(), dispute.proposalId(), now);
              case CourtStatement said -> court.check(event, said, now);
              case RegisterSkills _ -> Optional.empty();
              case KeyStatement.RotateKey rotation -> keys.checkRotation(signed.key(), rotation);
              case KeyStatement.RevokeKey _ -> Optional.empty();
              case EscrowStatement said -> escrows.check(signed.key(), said, now);
              case DeploymentStatement said -> machines.check(signed.key().id(), said, now);
            });
  }

  private static boolean isAnothers(Optional<Tenure> tenure, AgentKey key) {
    return tenure.isPresent() && !tenure.get().key().equals(key);
  }

  private Optional<Refusal> checkScheme(SignedStatement signed, @Nullable String origin, long now) {
    if (!(signed.scheme() instanceof Scheme.Bound bound)) {
      return Optional.empty();
    }
    if (!bound.origin().equals(origin)) {
      return refusal(
          Refusal.Code.WRONG_ORIGIN, "signed for " + bound.origin() + ", this log is " + origin);
    }
    OptionalLong first = nonces.find(signed.key(), bound.nonce(), now);
    if (first.isPresent()) {
      String detail = "already recorded at index " + first.getAsLong();
      return Optional.of(new Refusal(Refusal.Code.REPEATED, detail, first.getAsLong()));
    }
    if (Math.abs(bound.ts() - now) > Nonces.WINDOW) {
      return refusal(
          Refusal.Code.STALE,
          "signed at " + bound.ts() + ", more than 10 minutes from the log's " + now);
    }
    if (nonces.isFull(now)) {
      return refusal(Refusal.Code.OVERLOADED, "more statements than nonces can be remembered");
    }
    return Optional.empty();
  }

  private Optional<Refusal> checkProposal(
      Event.Stated event, Statement.Proposal proposal, long now) {
    AgentKey recipient = event.recipient();
    if (recipient == null || !recipient.id().equals(proposal.to())) {
      return refusal(Refusal.Code.UNKNOWN_RECIPIENT, "no key is known for " + proposal.to());
    }
    Optional<Tenure> tenure = accounts.tenure(recipient.id());
    if (isAnothers(tenure, recipient)) {
      return refusal(Refusal.Code.KEY_CONFLICT, "another key owns " + recipient.id());
    }
    Optional<Refusal> ended = tenure.flatMap(keys::checkRecipient);
    if (ended.isPresent()) {
      return ended;
    }
    if (recipient.equals(event.signed().key())) {
      return refusal(Refusal.Code.SELF_PROPOSAL, "nobody makes a deal with itself");
    }
    AgentId proposer = event.signed().key().id();
    return proposals.openOf(proposer, now) < Proposals.MAX_OPEN
        ? escrows.checkOffer(proposal.escrow(), now)
        : refusal(
            Refusal.Code.TOO_MANY_OPEN,
            proposer + " has " + Proposals.MAX_OPEN + " open proposals, the most that are allowed");
  }

  private Optional<Refusal> checkAccept(AgentId signer, Statement.Accept accept, long now) {
    Optional<Refusal> answer = checkAnswer(signer, accept.proposalId(), now);
    if (answer.isPresent()) {
      return answer;
    }
    Proposal proposal = proposals.find(accept.proposalId()).orElseThrow();
    if (accounts.get(proposal.from()).isRevoked()) {
      return refusal(
          Refusal.Code.PROPOSAL_NOT_PENDING,
          "the key of " + proposal.from() + " was revoked, and its offers with it");
    }
    Optional<Refusal> proposer =
        checkStake(
            proposal.from(), proposal.terms().stake(), now, Refusal.Code.PROPOSER_INSUFFICIENT);
    return proposer
        .or(() ->
            checkStake(proposal.to(), accept.stake(), now, Refusal.Code.ACCEPTOR_INSUFFICIENT))
        .or(() -> escrows.checkAcceptance(proposal, now));
  }

  private Optional<Refusal> checkStake(AgentId agent, int stake, long now, Refusal.Code code) {
    int released = proposals.releasedStakes(agent, now);
    int available = accounts.get(agent).withStake(-released).available();
    return stake <= available
        ? Optional.empty()
        : refusal(code, "Insufficient ELO. Available: " + available + ", Requested: " + stake);
  }

  private Optional<Refusal> checkAnswer(AgentId signer, String id, long now) {
    Optional<Proposal> found = proposals.find(id, now);
    if (found.isEmpty()) {
      return refusal(Refusal.Code.PROPOSAL_NOT_FOUND, "no proposal " + id);
    }
    Proposal proposal = found.get();
    if (proposal.status() != Proposal.Status.PENDING || proposal.expiresAt() <= now) {
      return refusal(Refusal.Code.PROPOSAL_NOT_PENDING, id + " is not pending");
    }
    return accounts.isSame(signer, proposal.to())
        ? Optional.empty()
        : refusal(Refusal.Code.NOT_PROPOSAL_RECIPIENT, signer + " is not the recipient of " + id);
  }

  private Optional<Refusal> checkEnd(AgentId signer, String id, long now) {
    Optional<Proposal> found = proposals.find(id, now);
    if (found.isEmpty()) {
      return refusal(Refusal.Code.PROPOSAL_NOT_FOUND, "no proposal " + id);
    }
    Proposal proposal = found.get();
    if (proposal.status() != Proposal.Status.ACCEPTED || proposal.isGivenUp(now)) {
      return Optional.of(
          new Refusal(
              Refusal.Code.PROPOSAL_NOT_ACCEPTED,
              id + " is " + proposal.status().word(),
              court.filedOver(id).orElse(-1)));
    }
    return accounts.isSame(signer, proposal.from()) || accounts.isSame(signer, proposal.to())
        ? EscrowAdmission.checkStarted(proposal)
        : refusal(Refusal.Code.NOT_PROPOSAL_PARTY, signer + " is not a party to " + id);
  }

  private static Optional<Refusal> refusal(Refusal.Code code, String detail) {
    return Optional.of(new Refusal(code, detail));
  }
}
