package org.agentchat.ledger.server;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.receipt.FileVerifier;
import org.agentchat.receipt.ReceiptAssembly;
import org.agentchat.receipt.ReceiptCode;
import org.agentchat.receipt.Verification;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.Policy;

/// Receipt files, which a party carries away; and files of every kind, which anybody may have
/// checked.
final class FileEndpoints {
  private static final String RECEIPT = "SELECT json FROM receipt WHERE proposal_id = ?";

  /// The rotations of an account, by any of its keys: as many as an account may make, at the most.
  private static final String ROTATIONS =
      """
      SELECT end_index, end_event FROM agent_key
      WHERE agent IN (SELECT agent FROM agent_key WHERE id = ?)
        AND end_kind = 'rotated'
      """;

  /// The two bindings of an escrow, and what was said of it so far.
  private static final String MONEY =
      """
      SELECT entry_index, agent AS who, event FROM wallet WHERE entry_index IN (?, ?)
      UNION ALL
      SELECT entry_index, observer AS who, event FROM escrow_sighting WHERE proposal_id = ?
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

  /// An entry that a file needs beside the deal's own.
  ///
  /// @param who said it, by any key of the account
  private record Aside(long index, String who, String event) {
    static SortedMap<Long, String> events(List<Aside> asides) {
      SortedMap<Long, String> events = new TreeMap<>();
      asides.forEach(aside -> events.put(aside.index(), aside.event()));
      return events;
    }
  }

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
    return reads.at((rows, _) -> {
      Receipt receipt =
          rows.one(RECEIPT, parameters -> parameters.add(id), row -> row.getString("json"))
              .map(json -> Json.mapper().readValue(json, Receipt.class))
              .orElseThrow(() -> Problem.notFound("there is no receipt of a proposal " + id));
      ReceiptFile file =
          file(rows, receipt, proofs)
              .orElseThrow(() ->
                  Problem.unavailable(
                      "no checkpoint covers entry " + receipt.index() + " yet; try again"));
      return answer(file);
    });
  }

  /// No log that follows the rules has a receipt that is too large for a file.
  static Answer answer(ReceiptFile file) {
    file.excess()
        .ifPresent(why -> {
          String id = file.receipt().proposalId();
          throw Problem.notFound("the receipt of %s has no file: %s".formatted(id, why));
        });
    return Answer.rawJson(file.encode(), Answer.Cache.REVALIDATED);
  }

  private static Optional<ReceiptFile> file(Reads.Snapshot rows, Receipt receipt, TreeProofs proofs)
      throws SQLException {
    List<Aside> money = money(rows, receipt);
    SortedMap<Long, String> rotations = Aside.events(rotations(rows, receipt, money));
    return ReceiptAssembly.of(receipt, rotations, Aside.events(money), proofs);
  }

  private static List<Aside> money(Reads.Snapshot rows, Receipt receipt) throws SQLException {
    Receipt.Escrow escrow = receipt.escrow();
    return escrow == null
        ? List.of()
        : rows.list(
            MONEY,
            parameters ->
                parameters
                    .add(escrow.payerBinding())
                    .add(escrow.payeeBinding())
                    .add(receipt.proposalId()),
            row ->
                new Aside(
                    row.getLong("entry_index"), row.getString("who"), row.getString("event")));
  }

  /// Of whoever has a leg or a say in the money, needed in the file or not.
  private static List<Aside> rotations(Reads.Snapshot rows, Receipt receipt, List<Aside> money)
      throws SQLException {
    Set<String> signers = new TreeSet<>();
    receipt.legs().forEach(leg -> signers.add(leg.signer().toString()));
    money.forEach(aside -> signers.add(aside.who()));
    List<Aside> rotations = new ArrayList<>();
    for (String who : signers) {
      rotations.addAll(
          rows.list(
              ROTATIONS,
              parameters -> parameters.add(who),
              row -> new Aside(row.getLong("end_index"), who, row.getString("end_event"))));
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
