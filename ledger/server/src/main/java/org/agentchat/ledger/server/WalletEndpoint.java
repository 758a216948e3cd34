package org.agentchat.ledger.server;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is asked about the wallets of an account.
final class WalletEndpoint {
  private static final String WALLETS =
      """
      SELECT * FROM wallet WHERE agent = ? AND entry_index >= ? ORDER BY entry_index LIMIT ?
      """;

  /// One binding as it is served.
  ///
  /// @param index of the entry that says so
  /// @param account the wallet, as CAIP-10 has it
  /// @param escrow the contract that it is bound for, on the same chain
  /// @param claimed whether only the chain knows that the wallet agreed (ERC-1271)
  /// @param notAfter until when it holds, seconds since 1970
  /// @param at log time, milliseconds since 1970
  /// @param event that entry, exactly as the log holds it
  private record WalletAnswer(
      long index,
      String account,
      String escrow,
      boolean claimed,
      long notAfter,
      long at,
      String event) {
    long chars() {
      return 400L + event.length();
    }
  }

  private final Reads reads;

  WalletEndpoint(Reads reads) {
    this.reads = reads;
  }

  Answer wallets(Call call) throws SQLException {
    String id = call.agent().toString();
    long from = call.fromIndex();
    int limit = call.limit();
    return reads.at((rows, size) -> {
      AgentAnswer agent = AgentEndpoints.find(rows, id);
      List<WalletAnswer> read =
          rows.list(
              WALLETS,
              parameters -> parameters.add(agent.firstId()).add(from).add(limit + 1),
              WalletEndpoint::wallet,
              WalletAnswer::chars);
      boolean tooLarge = read.stream().mapToLong(WalletAnswer::chars).sum() > Reads.MAX_PAGE_CHARS;
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", agent.id());
      json.put("first_id", agent.firstId());
      json.putAll(Page.of(size, read, limit, tooLarge, WalletAnswer::index).named("wallets"));
      return Answer.json(json);
    });
  }

  private static WalletAnswer wallet(ResultSet row) throws SQLException {
    return new WalletAnswer(
        row.getLong("entry_index"),
        row.getString("chain") + ":" + row.getString("address"),
        row.getString("contract"),
        row.getInt("claimed") == 1,
        row.getLong("not_after"),
        row.getLong("at"),
        row.getString("event"));
  }
}
