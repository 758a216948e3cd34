package org.agentchat.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Publication;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogFile;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.log.Tail;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.ProposalId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;

/// A log in memory that is written by hand and the same in every run: genesis, then deals of three
/// entries, a tick after each.
record WrittenLog(List<byte[]> events) implements LogSource {
  static final String ORIGIN = "test.example/written";

  WrittenLog {
    events = List.copyOf(events);
  }

  static WrittenLog of(int deals) {
    List<byte[]> events = new ArrayList<>();
    long clock = 1_800_000_000_000L;
    events.add(EventCodec.encode(new Event.Genesis(clock, "relay", ORIGIN)));
    for (int i = 0; i < deals; i++) {
      Identity from = agent(i % 5);
      Identity to = agent((i + 1) % 5);
      clock += 1000;
      byte[] offer =
          EventCodec.encode(
              new Event.Stated(clock, "relay", signed(from, clock, proposal(to, i)), to.key()));
      events.add(offer);
      String id = ProposalId.of(LeafHash.of(offer));
      events.add(stated(to, clock + 1, new Statement.Accept(id, null, i % 3)));
      events.add(stated(from, clock + 2, new Statement.Complete(id, "proof " + i)));
      events.add(EventCodec.encode(new Event.Tick(clock + 3, "relay")));
    }
    return new WrittenLog(events);
  }

  private static Statement.Proposal proposal(Identity to, int number) {
    return new Statement.Proposal(
        to.id(), "task " + number, JsonNumber.of(number), "SOL", null, null, null, 5, null);
  }

  private static byte[] stated(Identity by, long clock, Statement statement) {
    return EventCodec.encode(new Event.Stated(clock, "relay", signed(by, clock, statement), null));
  }

  private static SignedStatement signed(Identity by, long clock, Statement statement) {
    Scheme scheme = new Scheme.Bound(ORIGIN, clock, "%016d".formatted(clock));
    return SignedStatement.sign(by, scheme, statement);
  }

  static Identity agent(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) (number + 1);
    return Identity.ofSeed("agent" + number, seed, Instant.EPOCH);
  }

  /// What an honest ledger publishes of it.
  Publication publication() {
    EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
    Ledger ledger = new Ledger();
    List<Receipt> receipts = new ArrayList<>();
    for (byte[] event : events) {
      Entry entry = reader.read(ledger.size(), event);
      for (Effect effect : ledger.apply(entry).effects()) {
        if (effect instanceof Effect.ReceiptIssued issued) {
          receipts.add(issued.receipt());
        }
      }
    }
    return new Publication(
        ledger.origin().orElse(""),
        ledger.size(),
        ledger.rootHash(),
        ledger.stateHash(),
        ledger.accounts().stream()
            .map(account ->
                new Publication.Standing(
                    account.id(), account.rating(), account.transactions(), account.staked()))
            .toList(),
        receipts);
  }

  Path export(Path file) {
    LogFile.write(file, this, 0, size());
    return file;
  }

  /// The same with one entry changed.
  WrittenLog with(int index, byte[] event) {
    List<byte[]> other = new ArrayList<>(events);
    other.set(index, event);
    return new WrittenLog(other);
  }

  @Override
  public long size() {
    return events.size();
  }

  @Override
  public List<LogRecord> read(long from, int limit) {
    int begin = (int) Math.min(from, size());
    int end = (int) Math.min(size(), begin + (long) Math.min(limit, MAX_READ_RECORDS));
    return IntStream.range(begin, end).mapToObj(i -> new LogRecord(i, events.get(i))).toList();
  }

  /// Not needed: an audit reads.
  @Override
  public Tail tail(long from) {
    return new Tail() {
      @Override
      public List<LogRecord> poll(Duration wait) {
        return List.of();
      }

      @Override
      public void close() {}
    };
  }

  /// The same log in pages of another size, as a ledger's API may give it.
  LogSource inPagesOf(int records) {
    WrittenLog whole = this;
    return new LogSource() {
      @Override
      public long size() {
        return whole.size();
      }

      @Override
      public List<LogRecord> read(long from, int limit) {
        return whole.read(from, Math.min(limit, records));
      }

      @Override
      public Tail tail(long from) {
        return whole.tail(from);
      }
    };
  }
}
