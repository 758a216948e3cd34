package org.agentchat.ledger.server;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.agentchat.database.SqlText;
import org.agentchat.schemas.json.JsonNumber;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/// What is asked about proposals and receipts.
final class DealEndpoints {
  private static final String SELECT_PROPOSAL =
      """
      SELECT proposal.*, (
        SELECT dispute.id FROM dispute
        WHERE dispute.proposal_id = proposal.id ORDER BY dispute.entry_index DESC LIMIT 1)
        AS dispute_id,
      """
          + EscrowAnswer.COLUMNS
          + ", "
          + DeploymentAnswer.COLUMNS
          + " FROM proposal "
          + EscrowAnswer.JOINS
          + DeploymentAnswer.JOINS;

  private static final String PROPOSAL = SELECT_PROPOSAL + " WHERE proposal.id = ?";

  private static final String PROPOSALS =
      SELECT_PROPOSAL + " WHERE proposal.entry_index >= ? ORDER BY proposal.entry_index LIMIT ?";

  private static final String DISPUTE = "SELECT json FROM dispute WHERE id = ?";

  private static final String RECEIPT = "SELECT json FROM receipt WHERE proposal_id = ?";

  /// The receipts of an inner query, each with the money and the machines of its deal.
  private static final String RECEIPTS_OF =
      "SELECT receipt.entry_index, receipt.proposal_id, receipt.json, "
          + EscrowAnswer.COLUMNS
          + ", "
          + DeploymentAnswer.COLUMNS
          + " FROM (%s) AS receipt JOIN proposal ON proposal.id = receipt.proposal_id "
          + EscrowAnswer.JOINS
          + DeploymentAnswer.JOINS
          + " ORDER BY receipt.entry_index, receipt.proposal_id";

  private static final String RECEIPTS =
      RECEIPTS_OF.formatted(
          """
          SELECT entry_index, proposal_id, json FROM receipt WHERE entry_index >= ?
          ORDER BY entry_index, proposal_id LIMIT ?
          """);

  /// Nobody makes a deal with itself, so no receipt comes twice.
  private static final String RECEIPTS_OF_AGENT =
      RECEIPTS_OF.formatted(
          """
          SELECT entry_index, proposal_id, json FROM (
            SELECT entry_index, proposal_id, json FROM receipt
            WHERE from_agent = ? AND entry_index >= ?
            ORDER BY entry_index, proposal_id LIMIT ?) AS proposed
          UNION ALL
          SELECT entry_index, proposal_id, json FROM (
            SELECT entry_index, proposal_id, json FROM receipt
            WHERE to_agent = ? AND entry_index >= ?
            ORDER BY entry_index, proposal_id LIMIT ?) AS accepted
          ORDER BY entry_index, proposal_id LIMIT ?
          """);

  /// All that one entry issued.
  private static final String RECEIPTS_AT =
      RECEIPTS_OF.formatted(
          "SELECT entry_index, proposal_id, json FROM receipt WHERE entry_index = ?");

  private static final String RECEIPTS_OF_AGENT_AT =
      RECEIPTS_OF.formatted(
          """
          SELECT entry_index, proposal_id, json FROM receipt
          WHERE entry_index = ? AND (from_agent = ? OR to_agent = ?)
          """);

  /// A proposal as it is served. Times are log times, milliseconds since 1970.
  ///
  /// @param index of the entry that opened it
  /// @param eloStake what the proposer offered to put at risk
  /// @param escrowed whether stakes are held now
  /// @param disputeId the last court case that was filed over it
  /// @param escrow the money that it demands, or null when it demands none
  /// @param deployment the machines that are rented for it, or null when nothing was said of any
  private record ProposalAnswer(
      String id,
      long index,
      String from,
      String to,
      String task,
      @Nullable JsonNumber amount,
      @Nullable String currency,
      @Nullable String paymentCode,
      @Nullable String terms,
      @Nullable String capability,
      String status,
      int eloStake,
      int proposerStake,
      int acceptorStake,
      boolean escrowed,
      long expiresAt,
      long createdAt,
      long updatedAt,
      @Nullable String disputeId,
      @Nullable EscrowAnswer escrow,
      @Nullable DeploymentAnswer deployment) {
    long chars() {
      return 500L
          + task.length()
          + (terms == null ? 0 : terms.length())
          + (escrow == null ? 0 : EscrowAnswer.CHARS)
          + (deployment == null ? 0 : deployment.chars());
    }
  }

  private record ReceiptJson(
      long index,
      String proposalId,
      String json,
      @Nullable EscrowAnswer escrow,
      @Nullable DeploymentAnswer deployment) {
    static ReceiptJson read(ResultSet row) throws SQLException {
      return new ReceiptJson(
          row.getLong("entry_index"),
          row.getString("proposal_id"),
          row.getString("json"),
          EscrowAnswer.read(row),
          DeploymentAnswer.read(row));
    }

    long chars() {
      return json.length()
          + (escrow == null ? 0 : EscrowAnswer.CHARS)
          + (deployment == null ? 0 : deployment.chars());
    }
  }

  private final Reads reads;

  DealEndpoints(Reads reads) {
    this.reads = reads;
  }

  Answer proposal(Call call) throws SQLException {
    String id = call.proposalId();
    return reads.at((rows, _) ->
        Answer.json(
            rows.one(PROPOSAL, parameters -> parameters.add(id), DealEndpoints::proposal)
                .orElseThrow(() -> Problem.notFound("there is no proposal " + id))));
  }

  Answer proposals(Call call) throws SQLException {
    long from = call.fromIndex();
    int limit = call.limit();
    return reads.at((rows, size) -> {
      List<ProposalAnswer> read =
          rows.list(
              PROPOSALS,
              parameters -> parameters.add(from).add(limit + 1),
              DealEndpoints::proposal,
              ProposalAnswer::chars);
      boolean tooLarge =
          read.stream().mapToLong(ProposalAnswer::chars).sum() > Reads.MAX_PAGE_CHARS;
      return Answer.json(
          Page.of(size, read, limit, tooLarge, ProposalAnswer::index).named("proposals"));
    });
  }

  private static ProposalAnswer proposal(ResultSet row) throws SQLException {
    String amount = row.getString("amount");
    return new ProposalAnswer(
        row.getString("id"),
        row.getLong("entry_index"),
        row.getString("from_agent"),
        row.getString("to_agent"),
        SqlText.unescaped(row.getString("task")),
        amount == null ? null : new JsonNumber(amount),
        SqlText.unescape(row.getString("currency")),
        SqlText.unescape(row.getString("payment_code")),
        SqlText.unescape(row.getString("terms")),
        SqlText.unescape(row.getString("capability")),
        row.getString("status"),
        row.getInt("elo_stake"),
        row.getInt("proposer_stake"),
        row.getInt("acceptor_stake"),
        row.getInt("escrowed") == 1,
        row.getLong("expires_at"),
        row.getLong("created_at"),
        row.getLong("updated_at"),
        row.getString("dispute_id"),
        EscrowAnswer.read(row),
        DeploymentAnswer.read(row));
  }

  Answer dispute(Call call) throws SQLException {
    String id = call.proposalId();
    return reads.at((rows, _) ->
        rows.one(DISPUTE, parameters -> parameters.add(id), row -> row.getString("json"))
            .map(json -> Answer.rawJson(json, Answer.Cache.REVALIDATED))
            .orElseThrow(() -> Problem.notFound("there is no dispute " + id)));
  }

  Answer receipt(Call call) throws SQLException {
    String id = call.proposalId();
    return reads.at((rows, _) ->
        rows.one(RECEIPT, parameters -> parameters.add(id), row -> row.getString("json"))
            .map(json -> Answer.rawJson(json, Answer.Cache.KEPT))
            .orElseThrow(() -> Problem.notFound("there is no receipt of a proposal " + id)));
  }

  Answer receipts(Call call) throws SQLException {
    long from = call.fromIndex();
    int limit = call.limit();
    return reads.at((rows, size) ->
        Answer.json(
            page(
                rows,
                size,
                limit,
                new Query(RECEIPTS, parameters -> parameters.add(from).add(limit + 1)),
                index -> new Query(RECEIPTS_AT, parameters -> parameters.add(index)))));
  }

  Answer receiptsOfAgent(Call call) throws SQLException {
    String asked = call.agent().toString();
    long from = call.fromIndex();
    int limit = call.limit();
    int more = limit + 1;
    return reads.at((rows, size) -> {
      AgentAnswer agent = AgentEndpoints.find(rows, asked);
      String id = agent.firstId();
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", agent.id());
      json.putAll(
          page(
              rows,
              size,
              limit,
              new Query(
                  RECEIPTS_OF_AGENT,
                  parameters ->
                      parameters.add(id).add(from).add(more).add(id).add(from).add(more).add(more)),
              index ->
                  new Query(
                      RECEIPTS_OF_AGENT_AT, parameters -> parameters.add(index).add(id).add(id))));
      return Answer.json(json);
    });
  }

  private record Query(String sql, Reads.Binder binder) {}

  /// Receipts do not change, the money of their deals may still move and machines run on: so both
  /// stand beside them.
  ///
  /// @param ofEntry asks for everything of one entry, which is served together: that is more than
  ///   was asked for only where one entry let the time of several panels be up
  private static Map<String, Object> page(
      Reads.Snapshot rows, long size, int limit, Query query, LongFunction<Query> ofEntry)
      throws SQLException {
    List<ReceiptJson> read =
        rows.list(query.sql(), query.binder(), ReceiptJson::read, ReceiptJson::chars);
    boolean tooLarge = read.stream().mapToLong(ReceiptJson::chars).sum() > Reads.MAX_PAGE_CHARS;
    Optional<Page<ReceiptJson>> whole =
        Page.ofGroups(size, read, limit, tooLarge, ReceiptJson::index);
    if (whole.isEmpty()) {
      long index = read.getLast().index();
      Query all = ofEntry.apply(index);
      whole =
          Optional.of(
              new Page<>(size, rows.list(all.sql(), all.binder(), ReceiptJson::read), index + 1));
    }
    Page<ReceiptJson> page = whole.get();
    List<RawValue> receipts =
        page.items().stream().map(receipt -> new RawValue(receipt.json())).toList();
    Map<String, Object> json =
        new LinkedHashMap<>(new Page<>(size, receipts, page.next()).named("receipts"));
    json.put("escrows", beside(page.items(), ReceiptJson::escrow));
    json.put("deployments", beside(page.items(), ReceiptJson::deployment));
    return json;
  }

  /// What the receipts' deals have of one kind, by proposal.
  private static <T> Map<String, T> beside(
      List<ReceiptJson> receipts, Function<ReceiptJson, @Nullable T> kind) {
    Map<String, T> found = new LinkedHashMap<>();
    for (ReceiptJson receipt : receipts) {
      T one = kind.apply(receipt);
      if (one != null) {
        found.put(receipt.proposalId(), one);
      }
    }
    return found;
  }
}
