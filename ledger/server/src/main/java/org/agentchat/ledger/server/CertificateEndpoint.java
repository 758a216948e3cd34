package org.agentchat.ledger.server;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.CommittedRatings;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.rating.RatingCertificate;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.tlog.LogProof;

/// Rating certificates: an agent's rating with a proof that needs nobody's word. They are made of
/// what this ledger has committed to with its own key, the one that readers of its policy trust;
/// other ledgers of the same log speak for themselves.
final class CertificateEndpoint {
  private final Projector projector;
  private final Optional<Publisher> publisher;

  CertificateEndpoint(Projector projector, Optional<Publisher> publisher) {
    this.projector = projector;
    this.publisher = publisher;
  }

  Answer certificate(Call call) {
    Publisher tree = publisher.orElseThrow(() -> Problem.notFound("this ledger publishes no tree"));
    AgentKey own =
        tree.signer()
            .orElseThrow(() -> Problem.unavailable("the log is empty: it has no name yet"))
            .keys()
            .key();
    Projection.Committed committed =
        projector
            .committed(own, call.agent())
            .orElseThrow(() ->
                Problem.unavailable(
                    "this ledger has not committed to ratings yet; try again in a minute"));
    CommittedRatings ratings = committed.ratings();
    LogProof proof =
        new TreeProofs(tree)
            .prove(List.of(ratings.index()))
            .orElseThrow(() ->
                Problem.unavailable(
                    "no checkpoint covers entry " + ratings.index() + " yet; try again"))
            .getFirst();
    AgentId account = committed.account();
    return Answer.rawJson(
        new RatingCertificate(
                account.toString(),
                ratings
                    .leaf(account)
                    .map(RatingLeaf::bytes)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .orElse(null),
                ratings.path(account),
                new String(EventCodec.encode(ratings.event()), StandardCharsets.UTF_8),
                proof.encode())
            .encode(),
        Answer.Cache.REVALIDATED);
  }
}
