package org.agentchat.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.ProposalId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// Says how many entries a second the fold takes, their signatures taken for valid, by the time
/// that its thread had a processor. Not a test: run its `main`.
final class FoldSpeed {
  private static final int DEALS = 100_000;
  private static final int ROUNDS = 6;

  private FoldSpeed() {}

  /// Prints a line for each number of agents and round; the first rounds are the compiler's.
  ///
  /// @param arguments none
  public static void main(String[] arguments) {
    for (int agents : new int[] {1_000, 100_000}) {
      List<Entry> entries = deals(agents);
      for (int round = 0; round < ROUNDS; round++) {
        System.gc();
        Ledger ledger = new Ledger();
        long start = processorTime();
        entries.forEach(ledger::apply);
        say("fold, %,d agents".formatted(agents), entries.size(), processorTime() - start);
      }
      ratings(agents, entries);
    }
  }

  /// What the fold does for the ratings alone, with a root asked for every so many entries.
  private static void ratings(int agents, List<Entry> entries) {
    Ledger ledger = new Ledger();
    List<Applied> all = entries.stream().map(ledger::apply).toList();
    Accounts accounts = new Accounts(new Undo());
    ledger.accounts().forEach(accounts::put);
    for (int between : new int[] {Integer.MAX_VALUE, 10_000, 1_000}) {
      for (int round = 0; round < ROUNDS; round++) {
        System.gc();
        Ratings ratings = new Ratings(accounts);
        long start = processorTime();
        for (Applied applied : all) {
          ratings.add(applied.entry(), Named.by(applied.effects(), accounts));
          if (applied.entry().index() % between == between - 1) {
            ratings.root(applied.entry().index());
          }
        }
        long nanos = processorTime() - start;
        String roots =
            between == Integer.MAX_VALUE ? "no root" : "a root every %,d".formatted(between);
        say("ratings, %,d agents, %s".formatted(agents, roots), entries.size(), nanos);
      }
    }
  }

  /// Proposals, each accepted and completed at once, between agents drawn by a seed.
  private static List<Entry> deals(int agents) {
    Random random = new Random(1);
    List<AgentKey> keys = new ArrayList<>();
    for (int i = 0; i < agents; i++) {
      keys.add(AgentKey.ofRaw(Sha256.of(("agent " + i).getBytes(UTF_8))));
    }
    List<Entry> entries = new ArrayList<>();
    add(entries, new Event.Genesis(World.START, "relay-1", World.ORIGIN));
    for (int deal = 0; deal < DEALS; deal++) {
      long at = World.START + deal * 1_000L;
      int proposer = random.nextInt(agents);
      AgentKey from = keys.get(proposer);
      AgentKey to = keys.get((proposer + 1 + random.nextInt(agents - 1)) % agents);
      Statement terms =
          new Statement.Proposal(to.id(), "task", null, null, null, null, null, null, null);
      Entry opened = add(entries, stated(at, from, terms, to, deal * 3));
      String id = ProposalId.of(opened.hash());
      add(entries, stated(at, to, World.accept(id), null, deal * 3 + 1));
      add(entries, stated(at, to, World.complete(id), null, deal * 3 + 2));
    }
    return entries;
  }

  private static Event stated(
      long at, AgentKey key, Statement statement, @Nullable AgentKey recipient, int nonce) {
    Scheme scheme = new Scheme.Bound(World.ORIGIN, at, "nonce-%010d".formatted(nonce));
    Signature signature = Signature.ofRaw(new byte[Signature.BYTES]);
    return new Event.Stated(
        at, "relay-1", new SignedStatement(statement, scheme, key, signature), recipient);
  }

  private static Entry add(List<Entry> entries, Event event) {
    LeafHash hash = LeafHash.of(EventCodec.encode(event));
    Entry entry = new Entry(entries.size(), hash, new Entry.Content.Sound(event));
    entries.add(entry);
    return entry;
  }

  /// Of this thread, in nanoseconds: other work on the machine is not counted.
  private static long processorTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void say(String what, int entries, long nanos) {
    System.out.printf(
        "%-48s %,9d entries %,9.0f/s %6.2f us each%n",
        what, entries, entries * 1e9 / nanos, nanos / 1e3 / entries);
  }
}
