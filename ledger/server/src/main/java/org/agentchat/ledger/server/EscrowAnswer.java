package org.agentchat.ledger.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/// The money that a deal demands, as it is served: what was offered, whose wallets it is between,
/// and what the observer of the terms has said of it. Times are log times, milliseconds since 1970.
///
/// @param phase see [org.agentchat.ledger.Escrow.Phase]; null before the offer is accepted, as the
///   next four
/// @param id by what the contract knows it
/// @param changedAt when the phase was reached
/// @param terms as they were signed with the offer
/// @param locked what the observer said when the money went in, or null
/// @param ended what it said when the money came out, or null
record EscrowAnswer(
    @Nullable String phase,
    @Nullable String id,
    @Nullable Side payer,
    @Nullable Side payee,
    @Nullable Long changedAt,
    RawValue terms,
    @Nullable Seen locked,
    @Nullable Seen ended) {

  /// The columns that [#read] wants, of the tables that [#JOINS] joins to a `proposal`.
  static final String COLUMNS =
      """
      proposal.escrow_terms, escrow.phase, escrow.id AS escrow_id, escrow.payer, escrow.payee,
        escrow.payer_binding, escrow.payee_binding, escrow.changed_at,
        payer.claimed AS payer_claimed, payee.claimed AS payee_claimed,
        escrow.locked_index, locked.kind AS locked_kind, locked.observer AS locked_observer,
        locked.at AS locked_at, locked.tx AS locked_tx, locked.block_number AS locked_block_number,
        locked.block_hash AS locked_block_hash, locked.outcome AS locked_outcome,
        locked.to_payee AS locked_to_payee, locked.to_payer AS locked_to_payer,
        escrow.ended_index, ended.kind AS ended_kind, ended.observer AS ended_observer,
        ended.at AS ended_at, ended.tx AS ended_tx, ended.block_number AS ended_block_number,
        ended.block_hash AS ended_block_hash, ended.outcome AS ended_outcome,
        ended.to_payee AS ended_to_payee, ended.to_payer AS ended_to_payer
      """;

  static final String JOINS =
      """
      LEFT JOIN escrow ON escrow.proposal_id = proposal.id
      LEFT JOIN wallet AS payer ON payer.entry_index = escrow.payer_binding
      LEFT JOIN wallet AS payee ON payee.entry_index = escrow.payee_binding
      LEFT JOIN escrow_sighting AS locked ON locked.entry_index = escrow.locked_index
      LEFT JOIN escrow_sighting AS ended ON ended.entry_index = escrow.ended_index
      """;

  /// About as many characters as one has when it is written.
  static final long CHARS = 2_000;

  /// A wallet of one side.
  ///
  /// @param claimed whether only the chain knows that the wallet agreed (ERC-1271)
  /// @param index of the entry that bound it
  record Side(String address, boolean claimed, long index) {}

  /// An observer's word.
  ///
  /// @param index of the entry that says so
  /// @param type of that statement
  /// @param by the observer, by the key that signed
  /// @param at log time
  /// @param how it was paid out, and the two shares in the token's smallest units; absent when it
  ///   was not
  record Seen(
      long index,
      String type,
      String by,
      long at,
      String tx,
      long blockNumber,
      String blockHash,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String how,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String toPayee,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String toPayer) {}

  /// The escrow of the current row, or null when the offer demands no money.
  static @Nullable EscrowAnswer read(ResultSet row) throws SQLException {
    String terms = row.getString("escrow_terms");
    if (terms == null) {
      return null;
    }
    String phase = row.getString("phase");
    boolean agreed = phase != null;
    return new EscrowAnswer(
        phase,
        row.getString("escrow_id"),
        agreed ? side(row, "payer") : null,
        agreed ? side(row, "payee") : null,
        agreed ? row.getLong("changed_at") : null,
        new RawValue(terms),
        seen(row, "locked"),
        seen(row, "ended"));
  }

  private static Side side(ResultSet row, String name) throws SQLException {
    return new Side(
        row.getString(name), row.getInt(name + "_claimed") == 1, row.getLong(name + "_binding"));
  }

  private static @Nullable Seen seen(ResultSet row, String name) throws SQLException {
    String kind = row.getString(name + "_kind");
    return kind == null
        ? null
        : new Seen(
            row.getLong(name + "_index"),
            kind,
            row.getString(name + "_observer"),
            row.getLong(name + "_at"),
            row.getString(name + "_tx"),
            row.getLong(name + "_block_number"),
            row.getString(name + "_block_hash"),
            row.getString(name + "_outcome"),
            row.getString(name + "_to_payee"),
            row.getString(name + "_to_payer"));
  }
}
