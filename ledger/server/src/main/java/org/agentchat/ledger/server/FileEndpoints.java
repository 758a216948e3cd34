package org.agentchat.ledger.server;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.receipt.FileVerifier;
import org.agentchat.receipt.ReceiptAssembly;
import org.agentchat.receipt.ReceiptCode;
import org.agentchat.receipt.Verification;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.Policy;

/// Receipt files, which a party carries away; and files of every kind, which anybody may have
/// checked.
final class FileEndpoints {
  private static final String RECEIPT = "SELECT json FROM receipt WHERE proposal_id = ?";

  /// The rotations of an account, by any of its keys, between two entries.
  private static final String ROTATIONS =
      """
      SELECT end_index, end_event FROM agent_key
      WHERE agent IN (SELECT agent FROM agent_key WHERE id = ?)
        AND end_kind = 'rotated' AND end_index > ? AND end_index <= ?
      """;

  /// What came of a verification, as the command prints it.
  private record Answered(
      ReceiptCode code, int exit, String message, List<String> proved, List<String> notProved) {
    static Answered of(Verification verification) {
      return new Answered(
          verification.code(),
          verification.code().group().exit(),
          verification.message(),
          verification.proved(),
          verification.notProved());
    }
  }

  private record Rotation(long index, String event) {}

  private final Reads reads;
  private final Optional<Publisher> publisher;

  FileEndpoints(Reads reads, Optional<Publisher> publisher) {
    this.reads = reads;
    this.publisher = publisher;
  }

  /// A receipt with proofs against the checkpoint of now.
  Answer file(Call call) throws SQLException {
    String id = call.proposalId();
    TreeProofs proofs =
        new TreeProofs(
            publisher.orElseThrow(() -> Problem.notFound("this ledger publishes no tree")));
    return reads.at((rows, size) -> {
      Receipt receipt =
          rows.one(RECEIPT, parameters -> parameters.add(id), row -> row.getString("json"))
              .map(json -> Json.mapper().readValue(json, Receipt.class))
              .orElseThrow(() -> Problem.notFound("there is no receipt of a proposal " + id));
      ReceiptFile file =
          ReceiptAssembly.of(receipt, rotations(rows, receipt, size), proofs)
              .orElseThrow(() ->
                  Problem.unavailable(
                      "no checkpoint covers entry " + receipt.index() + " yet; try again"));
      return Answer.rawJson(file.encode(), Answer.Cache.REVALIDATED);
    });
  }

  /// Between the offer and its end. A verdict names everybody by the keys of its end, which may be
  /// later than the last vote.
  private static SortedMap<Long, String> rotations(Reads.Snapshot rows, Receipt receipt, long size)
      throws SQLException {
    long from = receipt.legs().getFirst().index();
    long to = receipt.verdict() == null ? receipt.index() : size;
    SortedMap<Long, String> rotations = new TreeMap<>();
    for (AgentId signer : receipt.legs().stream().map(Receipt.Leg::signer).distinct().toList()) {
      rows.list(
              ROTATIONS,
              parameters -> parameters.add(signer.toString()).add(from).add(to),
              row -> new Rotation(row.getLong("end_index"), row.getString("end_event")))
          .forEach(rotation -> rotations.put(rotation.index(), rotation.event()));
    }
    return rotations;
  }

  /// Verifies the file in the body: what a stranger could do alone, for those who have no tool.
  Answer verify(Call call) {
    Verification verification =
        new FileVerifier(call.policy().orElseGet(this::ownPolicy), _ -> Optional.empty())
            .verify(call.body());
    return Answer.json(Answered.of(verification), Answer.Cache.NEVER);
  }

  /// This ledger's own key, and no witness. The last checkpoint is no part of it: a fork is for
  /// others to find.
  private Policy ownPolicy() {
    String key =
        publisher
            .orElseThrow(() -> Problem.badParameter("policy", "this ledger has no key of its own"))
            .signer()
            .orElseThrow(() -> Problem.unavailable("the log is empty: it has no name yet"))
            .logKey()
            .toString();
    return Policy.parse(("log " + key + "\nquorum none\n").getBytes(StandardCharsets.UTF_8));
  }
}
