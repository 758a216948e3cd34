package org.agentchat.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.ProposalId;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// A log written by hand with a deal that goes to court three times: the disputant's nonce does not
/// come in time, then the relay's does not, then a panel is found although one arbiter declines and
/// one says nothing, one side gives no evidence, and one arbiter does not vote.
final class CourtLog {
  private static final int JUDGES = 11;
  private static final String RELAY = "relay";
  private static final long WEEK = 7L * 24 * 60 * 60 * 1000;
  private static final long TEN_MINUTES = 600_000;

  private final Ledger ledger = new Ledger();
  private final EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
  private final List<byte[]> events = new ArrayList<>();
  private final Map<AgentId, Identity> judges = new HashMap<>();
  private final Identity disputant = WrittenLog.agent(100);
  private final Identity respondent = WrittenLog.agent(101);
  private long clock = 1_800_000_000_000L;
  private int nonces;
  private String deal = "";
  private String dispute = "";

  private CourtLog() {}

  static WrittenLog written() {
    CourtLog court = new CourtLog();
    court.tell();
    return new WrittenLog(court.events);
  }

  private void tell() {
    append(new Event.Genesis(clock, RELAY, WrittenLog.ORIGIN));
    List<Identity> all = IntStream.range(0, JUDGES).mapToObj(WrittenLog::agent).toList();
    for (int i = 0; i < JUDGES; i++) {
      judges.put(all.get(i).id(), all.get(i));
      for (int j = 0; j < i; j++) {
        says(all.get(j), new Statement.Complete(agree(all.get(i), all.get(j)), null));
      }
    }
    pass(WEEK);
    deal = agree(disputant, respondent);

    file("nonce-that-is-never-told");
    pass(TEN_MINUTES);
    file("nonce-that-the-relay-has-not");
    reveal("nonce-that-the-relay-has-not");
    pass(TEN_MINUTES);
    file("nonce-of-the-third-filing");
    reveal("nonce-of-the-third-filing");
    append(new Event.PanelNonce(clock, RELAY, dispute, relayNonce("nonce-of-the-third-filing")));
    says(arbiter(0), new CourtStatement.ArbiterDecline(dispute, "busy"));
    says(arbiter(0), new CourtStatement.ArbiterAccept(dispute));
    says(arbiter(2), new CourtStatement.ArbiterAccept(dispute));
    pass(3 * TEN_MINUTES);
    says(arbiter(1), new CourtStatement.ArbiterAccept(dispute));
    JsonText items = JsonText.of(Json.parse("[{\"kind\":\"commit\",\"value\":\"1f0c\"}]"));
    says(disputant, new CourtStatement.Evidence(dispute, items, "nothing came"));
    pass(6 * TEN_MINUTES);
    says(arbiter(0), new CourtStatement.ArbiterVote(dispute, Verdict.DISPUTANT, "so it is"));
    says(arbiter(1), new CourtStatement.ArbiterVote(dispute, Verdict.DISPUTANT, "indeed"));
    pass(6 * TEN_MINUTES);
  }

  private Identity arbiter(int seat) {
    Dispute open = ledger.dispute(dispute).orElseThrow();
    Identity arbiter = judges.get(open.panel().seats().get(seat).arbiter());
    if (arbiter == null) {
      throw new IllegalStateException("a stranger on the panel");
    }
    return arbiter;
  }

  private void file(String nonce) {
    Event.Pool pool =
        new Event.Pool(judges.keySet().stream().sorted().toList(), Sha256.hex(relayNonce(nonce)));
    Statement intent = new CourtStatement.DisputeIntent(deal, "not delivered", Sha256.hex(nonce));
    Applied applied = append(stated(disputant, bound(), intent, null, pool));
    dispute = ((CourtEffect.DisputeFiled) applied.effects().getLast()).dispute().id();
  }

  private static String relayNonce(String nonce) {
    return Sha256.hex("secret|" + Sha256.hex(nonce));
  }

  private void reveal(String nonce) {
    Scheme scheme = new Scheme.Bound(WrittenLog.ORIGIN, clock, nonce);
    append(stated(disputant, scheme, new CourtStatement.DisputeReveal(deal, nonce), null, null));
  }

  private String agree(Identity from, Identity to) {
    Statement terms =
        new Statement.Proposal(to.id(), "task", null, null, null, null, null, null, null);
    Applied opened = append(stated(from, bound(), terms, to, null));
    String id = ProposalId.of(opened.entry().hash());
    says(to, new Statement.Accept(id, null, null));
    return id;
  }

  private void says(Identity by, Statement statement) {
    append(stated(by, bound(), statement, null, null));
  }

  private Scheme bound() {
    nonces++;
    return new Scheme.Bound(WrittenLog.ORIGIN, clock, "%016d".formatted(nonces));
  }

  private Event stated(
      Identity by,
      Scheme scheme,
      Statement statement,
      @Nullable Identity recipient,
      Event.@Nullable Pool pool) {
    SignedStatement signed = SignedStatement.sign(by, scheme, statement);
    return new Event.Stated(clock, RELAY, signed, recipient == null ? null : recipient.key(), pool);
  }

  private void pass(long millis) {
    clock += millis;
    append(new Event.Tick(clock, RELAY));
  }

  private Applied append(Event event) {
    byte[] bytes = EventCodec.encode(event);
    events.add(bytes);
    Applied applied = ledger.apply(reader.read(ledger.size(), bytes));
    if (applied.effects().stream().anyMatch(Effect.Refused.class::isInstance)) {
      throw new IllegalStateException(LeafHash.of(bytes) + " was refused: " + applied.refusal());
    }
    return applied;
  }
}
