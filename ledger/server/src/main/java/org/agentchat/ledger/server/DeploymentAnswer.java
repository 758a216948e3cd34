package org.agentchat.ledger.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.agentchat.database.SqlText;
import org.jspecify.annotations.Nullable;

/// The machines of a deal as they are served: what its acceptor said to run last, and what it said
/// of their end. Times are log times, milliseconds since 1970.
///
/// @param phase see [org.agentchat.ledger.Deployment.Phase]
/// @param network the chain's id
/// @param changedAt when the last of it was said
/// @param running what was said to run last, or null when nothing ever ran
/// @param ended what was said of the end, or null while everything runs
record DeploymentAnswer(
    String phase, String network, long changedAt, @Nullable Said running, @Nullable Said ended) {

  /// The columns that [#read] wants, of the tables that [#JOINS] joins to a `proposal`.
  static final String COLUMNS =
      """
      deployment.phase AS deployment_phase, deployment.network AS deployment_network,
        deployment.changed_at AS deployment_changed_at,
        machines.entry_index AS machines_index, machines.kind AS machines_kind,
        machines.deployer AS machines_deployer, machines.at AS machines_at,
        machines.network AS machines_network, machines.lease AS machines_lease,
        machines.until AS machines_until, machines.uris AS machines_uris,
        machines.paid AS machines_paid, machines.reason AS machines_reason,
        closing.entry_index AS closing_index, closing.kind AS closing_kind,
        closing.deployer AS closing_deployer, closing.at AS closing_at,
        closing.network AS closing_network, closing.lease AS closing_lease,
        closing.until AS closing_until, closing.uris AS closing_uris,
        closing.paid AS closing_paid, closing.reason AS closing_reason
      """;

  static final String JOINS =
      """
      LEFT JOIN deployment ON deployment.proposal_id = proposal.id
      LEFT JOIN deployment_statement AS machines
        ON machines.entry_index = deployment.running_index
      LEFT JOIN deployment_statement AS closing
        ON closing.entry_index = deployment.ended_index
      """;

  /// An acceptor's word. What such a statement does not say is absent.
  ///
  /// @param index of the entry that says so
  /// @param type of that statement
  /// @param by the acceptor, by the key that signed
  /// @param at log time
  /// @param lease the leases on the network, one space between them
  /// @param until when it is closed at the latest, seconds since 1970
  /// @param uris where it answers, one space between them
  /// @param paid what providers got in all, in uact
  /// @param reason why it ended
  record Said(
      long index,
      String type,
      String by,
      long at,
      String network,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String lease,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long until,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String uris,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long paid,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason) {
    /// What its columns hold.
    ///
    /// @param prefix of their names
    static Said read(ResultSet row, String prefix) throws SQLException {
      return new Said(
          row.getLong(prefix + "index"),
          row.getString(prefix + "kind"),
          row.getString(prefix + "deployer"),
          row.getLong(prefix + "at"),
          row.getString(prefix + "network"),
          row.getString(prefix + "lease"),
          number(row, prefix + "until"),
          SqlText.unescape(row.getString(prefix + "uris")),
          number(row, prefix + "paid"),
          SqlText.unescape(row.getString(prefix + "reason")));
    }

    /// About as many characters as it has when it is written.
    long chars() {
      return 300L + chars(lease) + chars(uris) + chars(reason);
    }

    private static int chars(@Nullable String text) {
      return text == null ? 0 : text.length();
    }

    private static @Nullable Long number(ResultSet row, String name) throws SQLException {
      long number = row.getLong(name);
      return row.wasNull() ? null : number;
    }
  }

  /// The machines of the current row, or null when nothing was said of any.
  static @Nullable DeploymentAnswer read(ResultSet row) throws SQLException {
    String phase = row.getString("deployment_phase");
    return phase == null
        ? null
        : new DeploymentAnswer(
            phase,
            row.getString("deployment_network"),
            row.getLong("deployment_changed_at"),
            said(row, "machines_"),
            said(row, "closing_"));
  }

  private static @Nullable Said said(ResultSet row, String prefix) throws SQLException {
    return row.getString(prefix + "kind") == null ? null : Said.read(row, prefix);
  }

  /// About as many characters as it has when it is written.
  long chars() {
    return 100L + (running == null ? 0 : running.chars()) + (ended == null ? 0 : ended.chars());
  }
}
