package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every database must do with wishes and signed bytes.
abstract class StoreContract {
  private static final Signer SIGNER = Signer.ofHex("22".repeat(32));
  private static final Address SENDER = SIGNER.address();
  private static final Address CONTRACT = new Address("0x" + "c".repeat(40));
  private static final Fees FEES = new Fees(BigInteger.TWO.pow(200), BigInteger.TWO.pow(100));

  private OneWriter database;
  private JdbcTransactionStore store;

  /// The database with whatever was written before.
  abstract OneWriter open() throws SQLException;

  @BeforeEach
  void openStore() throws SQLException {
    database = open();
    store = new JdbcTransactionStore(1, database);
  }

  @AfterEach
  void closeStore() throws SQLException {
    database.close();
  }

  private void reopen() throws SQLException {
    closeStore();
    openStore();
  }

  @Test
  void sameWishTwiceIsOne() throws SQLException {
    Tracked first = store.plan(wish("a"));
    Request other = new Request("a", SENDER, Optional.empty(), BigInteger.TEN, "0x01");
    assertThat(store.plan(other)).isEqualTo(first);
    assertThat(store.underWay(SENDER)).containsExactly(first);
  }

  @Test
  void everyStageComesBackAsItWasWritten() throws SQLException {
    Tracked tracked = sign(store.plan(wish("a")));
    Stage.Signed signed = (Stage.Signed) tracked.stage();
    Attempt sent = signed.attempts().getFirst().sent(17);
    Attempt more = SIGNER.attempt(1, wish("a"), signed.nonce(), FEES, 99).sent(18);
    Inclusion where =
        new Inclusion(more.hash(), new BlockRef(19, hash(19)), true, Optional.of(Address.ZERO));
    Inclusion failed =
        new Inclusion(sent.hash(), new BlockRef(20, hash(20)), false, Optional.empty());
    List<Stage> stages =
        List.of(
            new Stage.Sent(signed.nonce(), List.of(sent)),
            new Stage.Sent(signed.nonce(), List.of(sent, more)),
            new Stage.Mined(signed.nonce(), List.of(sent, more), where),
            new Stage.Sent(signed.nonce(), List.of(sent, more)),
            new Stage.Mined(signed.nonce(), List.of(sent, more), failed),
            new Stage.Final(signed.nonce(), List.of(sent, more), where),
            new Stage.Reverted(
                new ContractError("TooEarly", Optional.of("7"), "0x1234"),
                OptionalLong.of(signed.nonce()),
                Optional.of(failed)),
            new Stage.Reverted(ContractError.SILENT, OptionalLong.empty(), Optional.empty()),
            new Stage.Replaced(signed.nonce()));
    for (Stage stage : stages) {
      tracked = store.save(tracked, stage);
      assertThat(tracked.stage()).isEqualTo(stage);
      reopen();
      assertThat(store.find("a")).contains(tracked);
    }
  }

  @Test
  void signedBytesSurviveARestartAndAreNotSignedAnew() throws SQLException {
    Tracked signed = sign(store.plan(wish("a")));
    reopen();
    assertThat(store.underWay(SENDER)).containsExactly(signed);
    assertThat(((Stage.Signed) signed.stage()).attempts().getFirst().raw()).startsWith("0x02");
  }

  @Test
  void noncesRiseAndStartWhereTheNodeIs() throws SQLException {
    Tracked first = store.sign(store.plan(wish("a")), 4, 6, this::attempt);
    Tracked second = store.sign(store.plan(wish("b")), 4, 6, this::attempt);
    assertThat(((Stage.Signed) first.stage()).nonce()).isEqualTo(6);
    assertThat(((Stage.Signed) second.stage()).nonce()).isEqualTo(7);
    assertThat(store.nonces(SENDER, 4, 6).next()).isEqualTo(8);
  }

  @Test
  void nonceIsNotUsedWhenSigningFails() throws SQLException {
    Tracked planned = store.plan(wish("a"));
    assertThatThrownBy(() ->
            store.sign(
                planned,
                0,
                0,
                _ -> {
                  throw new IllegalStateException("no key");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(store.nonces(SENDER, 0, 0).stored()).isZero();
    assertThat(store.find("a")).contains(planned);
  }

  @Test
  void whatWaitsIsInTheOrderOfNoncesAndThenOfWishes() throws SQLException {
    store.plan(wish("late"));
    store.plan(wish("later"));
    sign(store.plan(wish("first")));
    sign(store.plan(wish("second")));
    assertThat(store.underWay(SENDER))
        .extracting(tracked -> tracked.request().key())
        .containsExactly("first", "second", "late", "later");
  }

  @Test
  void secondWriterIsNoticed() throws SQLException {
    Tracked planned = store.plan(wish("a"));
    sign(planned);
    assertThatThrownBy(() -> sign(planned))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("changed by somebody else");
    assertThat(store.nonces(SENDER, 0, 0).stored()).isEqualTo(1);
  }

  @Test
  void wishWhoseNonceAStrangerTookIsTriedAnewAndKeepsItsHistory() throws SQLException {
    Tracked signed = sign(store.plan(wish("a")));
    store.save(signed, new Stage.Replaced(0));
    Tracked again = store.plan(wish("a"));
    assertThat(again.generation()).isEqualTo(1);
    assertThat(again.stage()).isInstanceOf(Stage.Planned.class);
    assertThat(((Stage.Signed) store.sign(again, 1, 1, this::attempt).stage()).nonce())
        .isEqualTo(1);
  }

  @Test
  void refusedWishIsTriedAnewOnlyWhenAsked() throws SQLException {
    Tracked planned = store.plan(wish("a"));
    assertThat(store.planAgain(wish("a"))).isEqualTo(planned);
    store.save(
        planned, new Stage.Reverted(ContractError.SILENT, OptionalLong.empty(), Optional.empty()));
    assertThat(store.plan(wish("a")).generation()).isZero();
    assertThat(store.planAgain(wish("a")).generation()).isEqualTo(1);
    assertThat(store.planAgain(wish("a")).generation()).isEqualTo(1);
  }

  @Test
  void fulfilledWishIsWantedOnceMoreByHoweverMany() throws SQLException {
    Tracked done = store.plan(wish("a"));
    assertThat(store.planAfter(done, wish("a")).generation()).isEqualTo(1);
    assertThat(store.planAfter(done, wish("a")).generation()).isEqualTo(1);
    assertThat(store.underWay(SENDER)).hasSize(2);
  }

  @Test
  void wishIsTakenBackOnlyWhileNothingIsSigned() throws SQLException {
    Tracked planned = store.plan(wish("a"));
    assertThat(store.cancel(planned)).isTrue();
    assertThat(store.find("a")).isEmpty();
    assertThat(store.cancel(planned)).isFalse();
    Tracked signed = sign(store.plan(wish("a")));
    assertThat(store.cancel(signed)).isFalse();
    assertThat(store.find("a")).contains(signed);
  }

  @Test
  void gapIsSeenAndOwnNoncesAreNone() throws SQLException {
    Tracked first = sign(store.plan(wish("a")));
    sign(store.plan(wish("b")));
    store.save(first, new Stage.Replaced(0));
    assertThat(store.nonces(SENDER, 0, 0).gap()).contains(0L);
    assertThat(store.nonces(SENDER, 1, 1).gap()).isEmpty();
    // The stranger's transaction is gone with its block: the nonce is there to be used.
    assertThat(((Stage.Signed) sign(store.plan(wish("c"))).stage()).nonce()).isZero();
  }

  @Test
  void doneIsTakenBackByItsNonce() throws SQLException {
    Tracked tracked = sign(store.plan(wish("a")));
    Stage.Signed signed = (Stage.Signed) tracked.stage();
    Inclusion where =
        new Inclusion(
            signed.attempts().getFirst().hash(), new BlockRef(3, hash(3)), true, Optional.empty());
    Tracked done = store.save(tracked, new Stage.Final(signed.nonce(), signed.attempts(), where));
    assertThat(store.underWay(SENDER)).isEmpty();
    assertThat(store.reopen(SENDER, 1)).isEmpty();
    assertThat(store.reopen(SENDER, 0)).containsExactly(done);
    assertThat(store.underWay(SENDER).getFirst().stage())
        .isEqualTo(new Stage.Sent(signed.nonce(), signed.attempts()));
  }

  @Test
  void refusedIsTakenBackOnlyWhenABlockHadIt() throws SQLException {
    Tracked tracked = sign(store.plan(wish("a")));
    Stage.Signed signed = (Stage.Signed) tracked.stage();
    Inclusion where =
        new Inclusion(
            signed.attempts().getFirst().hash(), new BlockRef(3, hash(3)), false, Optional.empty());
    store.save(
        tracked,
        new Stage.Reverted(
            ContractError.SILENT, OptionalLong.of(signed.nonce()), Optional.of(where)));
    store.save(
        store.plan(wish("b")),
        new Stage.Reverted(ContractError.SILENT, OptionalLong.empty(), Optional.empty()));
    assertThat(store.reopen(SENDER, 0)).hasSize(1);
    assertThat(store.underWay(SENDER)).hasSize(1);
    assertThat(store.find("a").orElseThrow().stage())
        .isEqualTo(new Stage.Sent(signed.nonce(), signed.attempts()));
  }

  @Test
  void chainsAndSendersAreApart() throws SQLException {
    sign(store.plan(wish("a")));
    JdbcTransactionStore elsewhere = new JdbcTransactionStore(2, database);
    assertThat(elsewhere.find("a")).isEmpty();
    assertThat(elsewhere.nonces(SENDER, 0, 0).next()).isZero();
    assertThat(store.nonces(CONTRACT, 0, 0).next()).isZero();
    assertThat(elsewhere.genesis(hash(2))).isEqualTo(hash(2));
    assertThat(store.genesis(hash(1))).isEqualTo(hash(1));
  }

  @Test
  void firstBlockIsRememberedAsItWasFirstSeen() throws SQLException {
    assertThat(store.genesis(hash(1))).isEqualTo(hash(1));
    assertThat(store.genesis(hash(9))).isEqualTo(hash(1));
    reopen();
    assertThat(store.genesis(hash(9))).isEqualTo(hash(1));
  }

  @Test
  void wishAndCursorArePartOfTheCallersTransaction() throws SQLException {
    assertThatThrownBy(() ->
            database.run(connection -> {
              store.plan(connection, wish("a"));
              store.moveCursor(connection, CONTRACT, new BlockRef(5, hash(5)));
              throw new SQLException("the rest failed");
            }))
        .hasMessage("the rest failed");
    assertThat(store.find("a")).isEmpty();
    assertThat(store.cursor(CONTRACT)).isEmpty();
    database.run(connection -> {
      store.plan(connection, wish("a"));
      store.moveCursor(connection, CONTRACT, new BlockRef(5, hash(5)));
      store.moveCursor(connection, CONTRACT, new BlockRef(6, hash(6)));
      return 0;
    });
    reopen();
    assertThat(store.find("a")).isPresent();
    assertThat(store.cursor(CONTRACT)).contains(new BlockRef(6, hash(6)));
  }

  private Tracked sign(Tracked planned) throws SQLException {
    return store.sign(planned, 0, 0, this::attempt);
  }

  private Attempt attempt(long nonce) {
    return SIGNER.attempt(1, wish("a"), nonce, FEES, 21_000);
  }

  private static Request wish(String key) {
    return new Request(key, SENDER, Optional.of(CONTRACT), BigInteger.TWO.pow(200), "0xdeadbeef");
  }

  private static Hash hash(int number) {
    return new Hash("0x%064x".formatted(number));
  }
}
