package org.agentchat.ledger.server;

import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TilePath;
import org.agentchat.tlog.VerifierKey;

/// The published tree, as C2SP tlog-tiles serves it, and a policy that trusts its key.
final class TreeEndpoints {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Optional<Publisher> publisher;

  /// @param publisher empty when this ledger publishes no tree
  TreeEndpoints(Optional<Publisher> publisher) {
    this.publisher = publisher;
  }

  private Publisher publisher() {
    return publisher.orElseThrow(() -> Problem.notFound("this ledger publishes no tree"));
  }

  Answer checkpoint(Call call) {
    SignedNote note =
        publisher()
            .checkpoint()
            .orElseThrow(() ->
                Problem.unavailable(
                    "no checkpoint is out yet"
                        + publisher().trouble().map(why -> ": " + why).orElse("")));
    return text(note.encode(), Answer.Cache.REVALIDATED);
  }

  /// A policy that trusts this ledger's key and asks for no witness. Whoever wants more than this
  /// server's word for its own key takes the key from elsewhere.
  Answer policy(Call call) {
    VerifierKey key =
        publisher()
            .signer()
            .orElseThrow(() -> Problem.unavailable("the log is empty: it has no name yet"))
            .logKey();
    return text("log " + key + "\nquorum none\n", Answer.Cache.REVALIDATED);
  }

  Answer tile(Call call) {
    String path = "tile/" + call.rest();
    TilePath tile =
        TilePath.parse(path)
            .orElseThrow(
                () -> Problem.notFound("not the path of a tile (C2SP tlog-tiles): " + path));
    byte[] content =
        publisher()
            .folder()
            .read(tile)
            .orElseThrow(() ->
                Problem.notFound(
                    tile.isPartial()
                        ? "no such partial tile (now): the full one may be there"
                        : "no such tile yet"));
    return new Answer(StatusCodes.OK, "application/octet-stream", content, Answer.Cache.KEPT);
  }

  private static Answer text(String text, Answer.Cache cache) {
    return new Answer(StatusCodes.OK, TEXT, text.getBytes(StandardCharsets.UTF_8), cache);
  }
}
