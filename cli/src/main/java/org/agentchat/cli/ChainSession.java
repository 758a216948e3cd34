package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.agentchat.database.Database;
import org.agentchat.database.DatabaseInUseException;
import org.agentchat.database.Tenant;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.ChainSchema;
import org.agentchat.escrow.chain.ContractError;
import org.agentchat.escrow.chain.Inclusion;
import org.agentchat.escrow.chain.JdbcTransactionStore;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.escrow.chain.Request;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.escrow.chain.Stage;
import org.agentchat.escrow.chain.Tracked;
import org.agentchat.escrow.chain.Transactor;
import org.agentchat.escrow.chain.WaitReason;

/// A command that sends transactions: what it signs is kept in the home folder before it is sent,
/// so that the same command, run again after a crash, goes on instead of paying twice.
final class ChainSession implements AutoCloseable {
  private static final String FILE = "escrow.db";
  private static final Tenant TENANT = new Tenant("escrow", Tenant.Rows.NOWHERE_ELSE);
  private static final Duration POLL = Duration.ofMillis(250);

  private final Output output;
  private final Duration patience;
  private final Signer signer;
  private final JsonRpcNode node;
  private final Database database;
  private final JdbcTransactionStore store;
  private final Transactor transactor;

  private ChainSession(
      ChainOptions chain,
      Signer signer,
      JsonRpcNode node,
      long chainId,
      Database database,
      Output output) {
    this.output = output;
    this.patience = chain.patience(output);
    this.signer = signer;
    this.node = node;
    this.database = database;
    this.store = new JdbcTransactionStore(chainId, new OneConnection(database));
    this.transactor =
        new Transactor(node, store, chainId, chain.finality(output), chain.fees(output));
  }

  /// Opens what is kept and makes sure of the chain.
  ///
  /// @param node is closed with the session
  /// @param chainId the chain that is meant
  static ChainSession open(
      ChainOptions chain,
      Signer signer,
      JsonRpcNode node,
      long chainId,
      HomeFolder home,
      Output output)
      throws ChainException, SQLException, IOException {
    QuietLog.begin();
    Path file = home.path().resolve(FILE);
    Files.createDirectories(home.path());
    Database database = open(file);
    try {
      database.migrate(ChainSchema.LOCATION, ChainSchema.HISTORY);
      ChainSession session = new ChainSession(chain, signer, node, chainId, database, output);
      session.transactor.requireChain();
      session.tidy();
      return session;
    } catch (ChainException | SQLException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Database open(Path file) {
    try {
      return Database.open(file.toString(), TENANT);
    } catch (DatabaseInUseException e) {
      throw new CommandFailure(
          "IN_USE",
          Exit.FAILED,
          "Another agentchat command is sending transactions (%s): wait until it is done"
              .formatted(file),
          e);
    }
  }

  /// What an earlier command wanted and never signed must not happen now; what it signed may.
  private void tidy() throws SQLException {
    for (Tracked left : store.underWay(signer.address())) {
      if (!store.cancel(left)) {
        output
            .err()
            .println(
                "Note: an earlier transaction of %s is still under way and is brought on, too (%s)"
                    .formatted(signer.address().checksummed(), left.request().key()));
      }
    }
  }

  JsonRpcNode node() {
    return node;
  }

  Signer signer() {
    return signer;
  }

  /// What an earlier command has sent for a wish whose key begins so, and nobody knows the end of.
  Optional<Request> underWay(String prefix) throws SQLException {
    return store.underWay(signer.address()).stream()
        .map(Tracked::request)
        .filter(request -> request.key().startsWith(prefix))
        .findFirst();
  }

  /// Whether a wish was sent, and may still come about or did.
  boolean isSent(String key) throws SQLException {
    return store
        .find(key)
        .filter(tracked ->
            switch (tracked.stage()) {
              case Stage.Signed _, Stage.Sent _, Stage.Mined _, Stage.Final _ -> true;
              case Stage.Planned _, Stage.Reverted _, Stage.Replaced _ -> false;
            })
        .isPresent();
  }

  /// Brings a wish into the chain. A wish that was fulfilled before is not fulfilled again; one
  /// that the contract had refused is tried anew.
  ///
  /// @throws CommandFailure if the contract refuses, or it takes too long
  Inclusion bring(Request request) throws ChainException, SQLException, InterruptedException {
    Tracked planned = store.planAgain(request);
    if (!planned.request().data().equals(request.data())
        || !planned.request().value().equals(request.value())) {
      throw new CommandFailure(
          "OTHER_ARGUMENTS",
          Exit.FAILED,
          "The same was sent before with other arguments, and that cannot be taken back");
    }
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
      Duration look = left.compareTo(POLL) < 0 ? left : POLL;
      Transactor.Report report = transactor.bring(request, signer, POLL, look);
      Optional<Inclusion> done = done(report);
      if (done.isPresent()) {
        return done.get();
      }
      requireHope(report, System.nanoTime() > deadline);
    }
  }

  private static Optional<Inclusion> done(Transactor.Report report) {
    return switch (report.tracked().stage()) {
      case Stage.Final done -> Optional.of(done.where());
      case Stage.Reverted reverted -> throw refused(reverted.error());
      case Stage.Replaced replaced ->
          throw new CommandFailure(
              "NONCE_TAKEN",
              Exit.FAILED,
              "Another program used the same key at the same time (nonce %d): stop it and run this"
                      .formatted(replaced.nonce())
                  + " again");
      case Stage.Planned _, Stage.Signed _, Stage.Sent _, Stage.Mined _ -> Optional.empty();
    };
  }

  static CommandFailure refused(ContractError error) {
    return new CommandFailure(
        "CONTRACT_REFUSED",
        Exit.CONTRACT_REFUSED,
        "The contract refuses: " + Printable.of(error.toString()));
  }

  /// Nobody waits for money that is not there; everything else may come with the next block.
  private void requireHope(Transactor.Report report, boolean late) throws SQLException {
    Optional<Transactor.Waiting> waiting = report.waiting();
    boolean poor =
        waiting
            .map(Transactor.Waiting::reason)
            .filter(WaitReason.INSUFFICIENT_FUNDS::equals)
            .isPresent();
    if (!late && !poor) {
      return;
    }
    boolean cancelled = store.cancel(report.tracked());
    String why = waiting.map(Transactor.Waiting::detail).orElse("no block has it");
    if (poor && cancelled) {
      throw new CommandFailure("INSUFFICIENT_FUNDS", Exit.FAILED, "Too little money: " + why);
    }
    throw new CommandFailure(
        "NOT_FINAL",
        Exit.NOT_FINAL,
        cancelled
            ? "Nothing was sent in %d s: %s".formatted(patience.toSeconds(), why)
            : "Not done in %d s, and still under way (%s): run the same command again to go on"
                .formatted(patience.toSeconds(), why));
  }

  @Override
  public void close() {
    database.close();
    node.close();
  }
}
