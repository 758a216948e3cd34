package org.agentchat.ledger.server;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.ledger.tree.TileLog;
import org.agentchat.ledger.tree.TreeFolder;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.InclusionProof;
import org.agentchat.tlog.Prover;
import org.agentchat.tlog.TilePath;
import org.agentchat.tlog.TreeHash;
import org.agentchat.tlog.TreeHead;

/// The entries that name an agent, with proofs that the published tree holds them: what a history
/// file is made of. Rows say which they are; their bytes and proofs come out of the tree's own
/// tiles, so that no row repeats what the tree has.
final class AgentEntriesEndpoint {
  /// Bundles that are read for one page at the most: an entry lies among 255 others, so pages of
  /// somebody who acts rarely end early. Hashes come from as many tiles.
  private static final int MAX_BUNDLES = 64;

  /// Bytes of bundles that are read for one page at the most, one bundle more at the least.
  private static final long MAX_BUNDLE_BYTES = 32L * 1024 * 1024;

  private static final String INDEXES =
      """
      SELECT entry_index FROM agent_entry
      WHERE agent = ? AND entry_index >= ? AND entry_index < ?
      ORDER BY entry_index LIMIT ?
      """;

  /// One entry.
  ///
  /// @param event the exact text; whatever names somebody is an event, so it is UTF-8
  /// @param path in base64, from the leaf's sibling up to the root's child
  private record Item(long index, String leafHash, String event, List<String> path) {}

  /// Where rows say that the entries are, one more than wanted if there is one.
  ///
  /// @param size entries that the rows have read
  private record Places(AgentAnswer agent, long size, List<Long> indexes) {}

  private final Reads reads;
  private final Optional<Publisher> publisher;

  AgentEntriesEndpoint(Reads reads, Optional<Publisher> publisher) {
    this.reads = reads;
    this.publisher = publisher;
  }

  Answer entries(Call call) throws SQLException {
    Publisher tree = publisher.orElseThrow(() -> Problem.notFound("this ledger publishes no tree"));
    TreeHead published =
        tree.checkpoint()
            .map(note -> Checkpoint.parse(note.text()).head())
            .orElseThrow(() -> Problem.unavailable("no checkpoint is out yet; try again"));
    long size = call.tree().orElse(published.size());
    if (size > published.size()) {
      throw Problem.unavailable(
          "the checkpoint that is out covers %d entries, not %d; try again"
              .formatted(published.size(), size));
    }
    Places places = places(call, size);
    List<Item> items = items(places.indexes(), call.limit(), size, tree.folder(), published);
    Long next = items.size() < places.indexes().size() ? places.indexes().get(items.size()) : null;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", places.agent().id());
    json.put("first_id", places.agent().firstId());
    json.put("tree", size);
    json.putAll(new Page<>(places.size(), items, next).named("entries"));
    return Answer.json(json);
  }

  private Places places(Call call, long tree) throws SQLException {
    String asked = call.agent().toString();
    long from = call.fromIndex();
    long most = call.limit() + 1L;
    OptionalLong before = call.beforeIndex();
    if (before.isPresent() && before.getAsLong() > tree) {
      throw Problem.badParameter("before", "at most %d, the size of the tree".formatted(tree));
    }
    return reads.at((rows, size) -> {
      if (before.isPresent() && before.getAsLong() > size) {
        throw Problem.unavailable(
            "the rows have read %d entries of %d; try again".formatted(size, before.getAsLong()));
      }
      long end = before.orElse(Math.min(tree, size));
      AgentAnswer agent = AgentEndpoints.find(rows, asked);
      List<Long> indexes =
          rows.list(
              INDEXES,
              parameters -> parameters.add(agent.firstId()).add(from).add(end).add(most),
              row -> row.getLong("entry_index"));
      return new Places(agent, size, indexes);
    });
  }

  /// The first of the entries, as many as make a page.
  ///
  /// @param size of the tree that proofs are for, at most that of the published one
  private static List<Item> items(
      List<Long> indexes, int limit, long size, TreeFolder folder, TreeHead published) {
    Bundles bundles = new Bundles(new TileLog(published, folder::read));
    Prover prover = new Prover(folder.subtrees(published.size()));
    List<Item> items = new ArrayList<>();
    long chars = 0;
    for (long index : indexes.subList(0, Math.min(limit, indexes.size()))) {
      if (chars > Reads.MAX_PAGE_CHARS || !bundles.mayRead(index)) {
        return items;
      }
      byte[] entry = bundles.entry(index);
      items.add(item(index, entry, prover.inclusion(index, size)));
      chars += entry.length;
    }
    return items;
  }

  /// Entries out of bundles, each bundle read once as they ascend.
  private static final class Bundles {
    private final TileLog log;
    private List<byte[]> last = List.of();
    private long at = -1;
    private int read;
    private long bytes;

    Bundles(TileLog log) {
      this.log = log;
    }

    boolean mayRead(long index) {
      return index / TilePath.FULL == at || (read < MAX_BUNDLES && bytes <= MAX_BUNDLE_BYTES);
    }

    byte[] entry(long index) {
      if (index / TilePath.FULL != at) {
        at = index / TilePath.FULL;
        last = log.bundle(at);
        read++;
        bytes += last.stream().mapToLong(entry -> entry.length).sum();
      }
      return last.get((int) (index % TilePath.FULL));
    }
  }

  private static Item item(long index, byte[] entry, InclusionProof proof) {
    return new Item(
        index,
        LeafHash.of(entry).toString(),
        new String(entry, StandardCharsets.UTF_8),
        proof.path().stream().map(TreeHash::base64).toList());
  }
}
