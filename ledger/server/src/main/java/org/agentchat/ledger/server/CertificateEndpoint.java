package org.agentchat.ledger.server;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.CommittedRatings;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.rating.RatingCertificate;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.tlog.LogProof;

/// Rating certificates: an agent's rating with a proof that needs nobody's word.
final class CertificateEndpoint {
  private final Projector projector;
  private final Optional<Publisher> publisher;

  CertificateEndpoint(Projector projector, Optional<Publisher> publisher) {
    this.projector = projector;
    this.publisher = publisher;
  }

  Answer certificate(Call call) {
    Publisher tree = publisher.orElseThrow(() -> Problem.notFound("this ledger publishes no tree"));
    Projection.Committed committed =
        projector
            .committed(call.agent())
            .orElseThrow(() ->
                Problem.unavailable("no ratings were committed to yet; try again in a minute"));
    CommittedRatings ratings = committed.ratings();
    requireOwn(ratings, tree);
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

  /// Readers trust the log's key, and no other ledger's word.
  private static void requireOwn(CommittedRatings ratings, Publisher tree) {
    boolean own =
        tree.signer().filter(us -> us.keys().key().equals(ratings.event().key())).isPresent();
    if (!own) {
      throw Problem.unavailable(
          "the last word on ratings is another ledger's, whose key is %s: ask that one, and let one ledger of a log commit (commit-ratings)"
              .formatted(ratings.event().key().id()));
    }
  }
}
