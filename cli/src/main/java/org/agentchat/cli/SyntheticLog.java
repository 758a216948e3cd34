package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.agentchat.ledger.tree.TreeFolder;
import org.agentchat.ledger.tree.WrittenTree;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.ProposalId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;

/// Deals of made-up agents, as a relay would have recorded them: proposed, accepted, completed,
/// with real keys and signatures under `agentchat/2`. The same agents and times at every run.
final class SyntheticLog {
  static final String ORIGIN = "bench.invalid/audit";
  private static final String RELAY = "bench";

  /// Deals that are written side by side, so that their signatures can be made on all cores.
  private static final int MAX_BATCH = 2_000;

  /// Log time between two entries, milliseconds: each pair meets again after its cooldown.
  private static final long STEP_MS = 200;

  private final List<Identity> agents;
  private long now = 1_700_000_000_000L;
  private long deals;
  private int batch = MAX_BATCH;

  /// @param count at least 2
  SyntheticLog(int count) {
    agents = IntStream.range(0, count).parallel().mapToObj(SyntheticLog::agent).toList();
  }

  static Identity agent(int number) {
    byte[] seed = new byte[32];
    for (int i = 0; i < 4; i++) {
      seed[i] = (byte) (number >> (8 * i));
    }
    return Identity.ofSeed("agent-" + number, seed, Instant.EPOCH);
  }

  /// Writes tiles and a checkpoint, signed by the first agent.
  void write(Path folder, int entries) throws IOException {
    batch = Math.min(MAX_BATCH, entries);
    WrittenTree tree = new WrittenTree(new TreeFolder(folder), ORIGIN, agents.getFirst());
    tree.append(EventCodec.encode(new Event.Genesis(now, RELAY, ORIGIN)));
    Deque<byte[]> ready = new ArrayDeque<>();
    while (tree.size() < entries) {
      if (ready.isEmpty()) {
        ready.addAll(batch());
      }
      tree.append(ready.removeFirst());
    }
    tree.publish();
  }

  /// A batch's proposals, then its acceptances, then its completions.
  private List<byte[]> batch() {
    long first = deals;
    long start = now;
    deals += batch;
    now += 3L * batch * STEP_MS;
    List<byte[]> proposals = signed(first, start, this::proposal);
    List<String> ids = proposals.stream().map(event -> ProposalId.of(LeafHash.of(event))).toList();
    List<byte[]> all = new ArrayList<>(proposals);
    long accepting = start + (long) batch * STEP_MS;
    all.addAll(
        signed(
            first,
            accepting,
            deal ->
                new Signing(
                    taker(deal), new Statement.Accept(ids.get((int) (deal - first)), null, null))));
    all.addAll(
        signed(
            first,
            accepting + (long) batch * STEP_MS,
            deal ->
                new Signing(
                    taker(deal),
                    new Statement.Complete(ids.get((int) (deal - first)), "commit:" + deal))));
    return all;
  }

  private record Signing(Identity signer, Statement statement) {}

  @FunctionalInterface
  private interface Leg {
    Signing of(long deal);
  }

  private List<byte[]> signed(long first, long start, Leg leg) {
    return IntStream.range(0, batch)
        .parallel()
        .mapToObj(i -> {
          Signing signing = leg.of(first + i);
          long at = start + i * STEP_MS;
          Scheme scheme = new Scheme.Bound(ORIGIN, at, "nonce-" + at + "-" + (first + i));
          SignedStatement statement =
              SignedStatement.sign(signing.signer(), scheme, signing.statement());
          boolean offer = signing.statement() instanceof Statement.Proposal;
          return EventCodec.encode(
              new Event.Stated(at, RELAY, statement, offer ? taker(first + i).key() : null));
        })
        .toList();
  }

  private Signing proposal(long deal) {
    Identity maker = agents.get((int) (deal % agents.size()));
    return new Signing(
        maker,
        new Statement.Proposal(
            taker(deal).id(),
            "review pull request " + deal,
            JsonNumber.of(5),
            "SOL",
            null,
            "within a day, tests included",
            JsonNumber.of(86_400),
            10,
            "code_review"));
  }

  /// Meets everybody in turn.
  private Identity taker(long deal) {
    int others = agents.size() - 1;
    long step = 1 + deal / agents.size() % others;
    return agents.get((int) ((deal + step) % agents.size()));
  }
}
