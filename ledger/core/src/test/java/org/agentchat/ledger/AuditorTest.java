package org.agentchat.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.agentchat.ledger.Journal.ANN;
import static org.agentchat.ledger.Journal.BEN;
import static org.agentchat.ledger.Journal.EVE;
import static org.agentchat.ledger.Journal.EVE_LATER;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Silent on what is honest, and never on what is not: each way to tamper with a log, at every
/// place, against what an honest ledger published before.
final class AuditorTest {
  private static final List<byte[]> HONEST = Journal.ofEveryKind().events();
  private static final Publication PUBLISHED = Journal.publication(HONEST);

  /// A key that the log does not know.
  private static final Identity FRESH = World.agent("nobody yet");

  /// Signed under neither scheme: only the published hashes speak for them.
  private static final Set<String> UNSIGNED = Set.of("at", "relay", "recipient");

  /// What `agentchat/1` leaves unsigned besides.
  private static final Set<String> NOT_JOINED = Set.of("terms", "capability");

  // Honest logs

  @Test
  void honestLogIsSoundInItself() {
    Auditor auditor = Journal.audit(HONEST, null);
    assertThat(faults(auditor)).isEmpty();
    assertThat(auditor.faults()).isZero();
    assertThat(auditor.isCompared()).isFalse();
  }

  @Test
  void honestLogHoldsAgainstWhatWasPublished() {
    Auditor auditor = Journal.audit(HONEST, PUBLISHED);
    assertThat(faults(auditor)).isEmpty();
    assertThat(auditor.isCompared()).isTrue();
    assertThat(auditor.firstDifference()).isEmpty();
    assertThat(auditor.signatures()).isEqualTo(HONEST.size() - 2);
  }

  @Test
  void everyPrefixHoldsAgainstWhatWasPublishedThen() {
    for (int size = 0; size <= HONEST.size(); size++) {
      Publication earlier = Journal.publication(HONEST.subList(0, size));
      assertThat(faults(Journal.audit(HONEST, earlier))).as("published at %d", size).isEmpty();
      assertThat(Journal.audit(HONEST, earlier).isCompared()).isTrue();
    }
  }

  @Test
  void raceOfTwoRelaysIsNotedAndNotAFault() {
    assertThat(Journal.audit(HONEST, PUBLISHED).findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.kind()).isEqualTo(Finding.Kind.REFUSED);
          assertThat(finding.index()).isEqualTo(3);
          assertThat(finding.sentence()).contains("PROPOSAL_NOT_PENDING");
        });
  }

  @Test
  void faultIsNamedFirstHoweverManyWereRefusedBefore() {
    List<byte[]> crowded = new ArrayList<>(HONEST);
    crowded.addAll(Collections.nCopies(Auditor.MAX_FINDINGS + 5, HONEST.get(3)));
    crowded.add("junk".getBytes(UTF_8));
    Auditor auditor = Journal.audit(crowded, null);

    assertThat(auditor.findings().getFirst().kind()).isEqualTo(Finding.Kind.MALFORMED);
    assertThat(auditor.findings()).hasSize(Auditor.MAX_FINDINGS + 1);
    assertThat(auditor.faults()).isEqualTo(1);
    assertThat(auditor.refusals()).isEqualTo(Auditor.MAX_FINDINGS + 6);
    assertThat(auditor.has(Finding.Kind.MALFORMED)).isTrue();
    assertThat(auditor.firstDifference().orElseThrow().index()).isEqualTo(crowded.size() - 1);
  }

  @Test
  void signaturesThatBindNeitherLogNorTimeAreCounted() {
    long loose =
        Journal.entries(HONEST).stream()
            .map(Entry::content)
            .filter(content ->
                content instanceof Entry.Content.Sound(Event.Stated stated)
                    && stated.signed().scheme() instanceof Scheme.Joined)
            .count();
    Auditor auditor = Journal.audit(HONEST, null);
    assertThat(auditor.looseSignatures()).isEqualTo(loose).isPositive();
    assertThat(auditor.looseSignatures()).isLessThan(auditor.signatures());
  }

  @Test
  void emptyLogHoldsAgainstAnEmptyPublication() {
    Auditor auditor = Journal.audit(List.of(), Journal.publication(List.of()));
    assertThat(auditor.findings()).isEmpty();
    assertThat(auditor.isCompared()).isTrue();
  }

  // Commitments to ratings

  @Test
  void trueCommitmentIsNoFinding() {
    Auditor auditor = Journal.audit(committing(HONEST.size() - 1, rootOfHonest()), null);
    assertThat(faults(auditor)).isEmpty();
    assertThat(auditor.signatures()).isEqualTo(HONEST.size() - 2 + 1);
  }

  @Test
  void falseCommitmentIsFoundAtItsIndexWithTheKeyThatSignedIt() {
    String lie = "0".repeat(63) + "1";
    Auditor auditor = Journal.audit(committing(HONEST.size() - 1, lie), null);

    assertThat(auditor.faults()).isEqualTo(1);
    Finding finding = auditor.firstDifference().orElseThrow();
    assertThat(finding.kind()).isEqualTo(Finding.Kind.FALSE_RATINGS);
    assertThat(finding.index()).isEqualTo(HONEST.size());
    assertThat(finding.sentence())
        .contains(FRESH.id().toString(), lie, rootOfHonest(), "first " + (HONEST.size() - 1));
  }

  @Test
  void commitmentThatTheLedgerDidNotSignIsForged() {
    List<byte[]> events = committing(HONEST.size() - 1, rootOfHonest());
    ObjectNode tampered = tree(events.getLast());
    tampered.put("root", "0".repeat(64));
    events.set(events.size() - 1, Json.bytes(tampered));

    assertThat(kinds(Journal.audit(events, null))).containsExactly(Finding.Kind.FORGED);
  }

  @Test
  void commitmentThatLostARaceIsNotedAndNotAFault() {
    List<byte[]> events = committing(HONEST.size() - 1, rootOfHonest());
    events.add(events.getLast());

    Auditor auditor = Journal.audit(events, null);

    assertThat(auditor.faults()).isZero();
    assertThat(auditor.findings().getLast().kind()).isEqualTo(Finding.Kind.REFUSED);
    assertThat(auditor.findings().getLast().index()).isEqualTo(HONEST.size() + 1L);
  }

  /// The honest log, and a ledger's word for the ratings of its first so many entries.
  private static List<byte[]> committing(long size, String root) {
    List<byte[]> events = new ArrayList<>(HONEST);
    events.add(
        EventCodec.encode(
            Event.RatingsCommitted.sign(
                FRESH, 1_800_000_000_500L, "ledger-one", Journal.ORIGIN, size, root)));
    return events;
  }

  private static String rootOfHonest() {
    Ledger ledger = new Ledger();
    Journal.entries(HONEST).forEach(ledger::apply);
    return ledger.ratingsRoot(HONEST.size() - 1).orElseThrow();
  }

  // Entries dropped, swapped, doubled, inserted

  @Test
  void droppedEntryIsFoundAtEveryPlace() {
    for (int i = 0; i < HONEST.size(); i++) {
      List<byte[]> tampered = new ArrayList<>(HONEST);
      tampered.remove(i);
      assertFound("dropped " + i, tampered, i);
    }
  }

  @Test
  void swappedEntriesAreFoundAtEveryPlace() {
    for (int i = 0; i + 1 < HONEST.size(); i++) {
      List<byte[]> tampered = new ArrayList<>(HONEST);
      Collections.swap(tampered, i, i + 1);
      assertFound("swapped " + i, tampered, i);
    }
  }

  @Test
  void doubledEntryIsFoundAtEveryPlace() {
    for (int i = 0; i < HONEST.size() - 1; i++) {
      List<byte[]> tampered = new ArrayList<>(HONEST);
      tampered.add(i + 1, HONEST.get(i));
      assertFound("doubled " + i, tampered, i + 1);
    }
  }

  @Test
  void insertedEntryIsFoundAtEveryPlace() {
    Statement.Proposal terms = Journal.terms(BEN, 0);
    byte[] inserted =
        EventCodec.encode(
            new Event.Stated(
                1_800_000_000_500L,
                "relay-one",
                SignedStatement.sign(EVE, new Scheme.Joined(), terms),
                BEN.key()));
    for (int i = 0; i < HONEST.size(); i++) {
      List<byte[]> tampered = new ArrayList<>(HONEST);
      tampered.add(i, inserted);
      assertFound("inserted " + i, tampered, i);
    }
  }

  @Test
  void logCutShortIsFoundWhereItEnds() {
    for (int size = 0; size < HONEST.size(); size++) {
      Auditor auditor = Journal.audit(HONEST.subList(0, size), PUBLISHED);
      assertThat(auditor.firstDifference().orElseThrow())
          .isEqualTo(
              new Finding(
                  Finding.Kind.ENTRIES_MISSING,
                  size,
                  "the log has %d entries, the ledger published %d"
                      .formatted(size, HONEST.size())));
    }
  }

  @Test
  void entriesThatAReaderMissedAreNamed() {
    Auditor auditor = new Auditor(Optional.of(PUBLISHED));
    List<Entry> entries = Journal.entries(HONEST);
    for (Entry entry : entries) {
      if (entry.index() == 5) {
        auditor.missing(5, "line 7: wanted index 5, found index 6");
      } else {
        auditor.read(entry);
      }
    }
    auditor.finish();
    assertThat(auditor.firstDifference().orElseThrow())
        .isEqualTo(
            new Finding(Finding.Kind.ENTRIES_MISSING, 5, "line 7: wanted index 5, found index 6"));
    assertThat(kinds(auditor)).doesNotContain(Finding.Kind.ENTRY_DIFFERS);
  }

  // Events altered

  /// Every field of every event, each with another value of the same shape, and each left out.
  @TestFactory
  Stream<DynamicTest> alteredFieldIsFound() {
    return IntStream.range(0, HONEST.size())
        .boxed()
        .flatMap(index -> alterations(index).stream())
        .map(altered -> DynamicTest.dynamicTest(altered.name(), () -> assertFound(altered)));
  }

  private record Altered(int index, String name, String field, String event) {
    byte[] bytes() {
      return event.getBytes(UTF_8);
    }
  }

  private static List<Altered> alterations(int index) {
    ObjectNode event = tree(HONEST.get(index));
    List<Altered> all = new ArrayList<>();
    for (List<String> path : paths(event)) {
      String field = path.getLast();
      String name = "%d %s %s".formatted(index, type(event), String.join(".", path));
      String changed = edited(index, path, parent -> parent.set(field, another(parent, field)));
      all.add(new Altered(index, name + " changed", field, changed));
      String removed = edited(index, path, parent -> parent.without(field));
      all.add(new Altered(index, name + " left out", field, removed));
    }
    return all;
  }

  private static List<List<String>> paths(ObjectNode event) {
    List<List<String>> paths = new ArrayList<>();
    event
        .properties()
        .forEach(field -> {
          if (field.getValue() instanceof ObjectNode inner) {
            inner.propertyNames().forEach(name -> paths.add(List.of(field.getKey(), name)));
          } else {
            paths.add(List.of(field.getKey()));
          }
        });
    return paths;
  }

  private static String type(ObjectNode event) {
    return event.has("statement")
        ? event.path("signature").path("scheme").asString()
            + " "
            + event.path("statement").path("type").asString()
        : event.path("type").asString();
  }

  private static String edited(int index, List<String> path, UnaryOperator<ObjectNode> edit) {
    ObjectNode event = tree(HONEST.get(index));
    ObjectNode parent = path.size() == 1 ? event : (ObjectNode) event.get(path.getFirst());
    ObjectNode edited = edit.apply(parent);
    return Json.text(path.size() == 1 ? edited : event.set(path.getFirst(), edited));
  }

  /// Another value that fits the field, so that the event stays one wherever that is possible.
  private static JsonNode another(ObjectNode parent, String field) {
    JsonNode value = parent.get(field);
    return switch (field) {
      case "to" -> text(value.asString().equals(EVE.id().toString()) ? ANN.id() : EVE.id());
      case "key", "recipient" ->
          text(value.asString().equals(EVE.key().base64()) ? ANN.key() : EVE.key());
      case "sig" -> text(ANN.sign(new byte[] {1}).base64());
      case "proposal_id" -> text("prop_" + "a".repeat(26));
      case "scheme" -> text(value.asString().equals(Scheme.BOUND) ? Scheme.JOINED : Scheme.BOUND);
      case "type" ->
          switch (value.asString()) {
            case "COMPLETE" -> text("REJECT");
            case "REJECT" -> text("DISPUTE");
            case "DISPUTE" -> text("REJECT");
            case "GENESIS" -> text("TICK");
            default -> text("COMPLETE");
          };
      default ->
          value.isNumber()
              ? Json.mapper().getNodeFactory().numberNode(value.decimalValue().add(BigDecimal.ONE))
              : text(value.asString() + "x");
    };
  }

  private static JsonNode text(Object value) {
    String text = value instanceof AgentKey key ? key.base64() : value.toString();
    return Json.mapper().getNodeFactory().stringNode(text);
  }

  private static void assertFound(Altered altered) {
    int index = altered.index();
    assertThat(altered.bytes()).isNotEqualTo(HONEST.get(index));
    List<byte[]> tampered = new ArrayList<>(HONEST);
    tampered.set(index, altered.bytes());

    if (isSigned(altered)) {
      assertThat(Journal.audit(tampered, null).firstDifference().orElseThrow())
          .satisfies(first -> {
            assertThat(first.index()).isEqualTo(index);
            assertThat(first.kind()).isIn(Finding.Kind.FORGED, Finding.Kind.MALFORMED);
          });
    }
    assertFound(altered.name(), tampered, index);
  }

  private static boolean isSigned(Altered altered) {
    ObjectNode event = tree(HONEST.get(altered.index()));
    boolean joined = event.path("signature").path("scheme").asString("").equals(Scheme.JOINED);
    return event.has("statement")
        && !UNSIGNED.contains(altered.field())
        && !(joined && NOT_JOINED.contains(altered.field()))
        && !(joined && leavesZeroOut(altered, event));
  }

  /// `agentchat/1` signs no stake and a stake of zero alike, and they mean the same.
  private static boolean leavesZeroOut(Altered altered, ObjectNode event) {
    return altered.name().endsWith("left out")
        && event.path("statement").path(altered.field()).asInt(-1) == 0;
  }

  @Test
  void truncatedEventIsFoundAtEveryPlace() {
    for (int i = 0; i < HONEST.size(); i++) {
      byte[] whole = HONEST.get(i);
      for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
        List<byte[]> tampered = new ArrayList<>(HONEST);
        tampered.set(i, Arrays.copyOf(whole, length));
        Finding first = Journal.audit(tampered, null).firstDifference().orElseThrow();
        assertThat(first.kind()).isEqualTo(Finding.Kind.MALFORMED);
        assertThat(first.index()).isEqualTo(i);
        assertFound("truncated " + i, tampered, i);
      }
    }
  }

  @Test
  void eventWithAnotherEncodingOfTheSameIsFound() {
    for (int i = 0; i < HONEST.size(); i++) {
      List<byte[]> tampered = new ArrayList<>(HONEST);
      tampered.set(i, (new String(HONEST.get(i), UTF_8) + " ").getBytes(UTF_8));
      assertThat(Journal.audit(tampered, null).firstDifference().orElseThrow().index())
          .isEqualTo(i);
    }
  }

  @Test
  void forgedRelayTimeIsFoundAlsoWhereItChangesNoState() {
    for (long shift : new long[] {-1, 1, 3_600_000}) {
      for (int i = 0; i < HONEST.size(); i++) {
        List<byte[]> tampered = new ArrayList<>(HONEST);
        ObjectNode event = tree(HONEST.get(i));
        tampered.set(i, Json.bytes(event.put("at", event.get("at").asLong() + shift)));
        assertFound("at of " + i + " shifted by " + shift, tampered, i);
      }
    }
  }

  @Test
  void anotherOriginInTheGenesisMakesEveryBoundStatementVoid() {
    List<byte[]> tampered = new ArrayList<>(HONEST);
    tampered.set(0, Json.bytes(tree(HONEST.getFirst()).put("origin", "other.example/log")));
    Auditor auditor = Journal.audit(tampered, PUBLISHED);
    assertThat(faults(auditor))
        .contains(
            new Finding(
                Finding.Kind.ROOT_DIFFERS,
                0,
                "the log is called other.example/log, the ledger's " + Journal.ORIGIN));
    assertThat(auditor.findings())
        .filteredOn(finding -> finding.sentence().startsWith("WRONG_ORIGIN"))
        .isNotEmpty();
  }

  // Statements signed again

  @TestFactory
  Stream<DynamicTest> statementSignedAgainIsFound() {
    return IntStream.range(0, HONEST.size())
        .boxed()
        .filter(index -> stated(index).isPresent())
        .flatMap(index ->
            Stream.concat(
                Stream.of(byAnotherKey(index), saysSomethingElse(index)),
                isKeyStatement(index) ? Stream.of() : Stream.of(inOtherScheme(index))))
        .map(altered ->
            DynamicTest.dynamicTest(
                altered.name(),
                () -> {
                  List<byte[]> tampered = new ArrayList<>(HONEST);
                  tampered.set(altered.index(), altered.bytes());
                  assertThat(kinds(Journal.audit(tampered, null)))
                      .as("the new signature is a valid one")
                      .doesNotContain(Finding.Kind.FORGED, Finding.Kind.MALFORMED);
                  assertFound(altered.name(), tampered, altered.index());
                }));
  }

  /// The same statement, validly signed by somebody else.
  private static Altered byAnotherKey(int index) {
    Event.Stated event = stated(index).orElseThrow();
    Identity other = event.signed().key().equals(EVE.key()) ? ANN : EVE;
    Statement statement =
        event.signed().statement() instanceof KeyStatement.RotateKey
            ? KeyStatement.RotateKey.of(other, EVE_LATER, Journal.ORIGIN)
            : event.signed().statement();
    return again(index, "by another key", other, event.signed().scheme(), statement);
  }

  /// The same key, validly, under something else.
  private static Altered saysSomethingElse(int index) {
    Event.Stated event = stated(index).orElseThrow();
    Statement other =
        switch (event.signed().statement()) {
          case Statement.Proposal p ->
              new Statement.Proposal(
                  p.to(),
                  "something else",
                  p.amount(),
                  p.currency(),
                  p.paymentCode(),
                  p.terms(),
                  p.expires(),
                  p.eloStake(),
                  p.capability());
          case Statement.Accept a -> new Statement.Accept(a.proposalId(), "pay-3", a.eloStake());
          case Statement.Reject r -> new Statement.Reject(r.proposalId(), "something else");
          case Statement.Complete c -> new Statement.Complete(c.proposalId(), "something else");
          case Statement.Dispute d -> new Statement.Dispute(d.proposalId(), "something else");
          case RegisterSkills _ -> World.skills(9, "something else");
          case KeyStatement.RotateKey _ ->
              KeyStatement.RotateKey.of(signer(event), FRESH, Journal.ORIGIN);
          case KeyStatement.RevokeKey _ -> new KeyStatement.RevokeKey("something else");
          case CourtStatement _, EscrowStatement _, DeploymentStatement _ ->
              throw new IllegalStateException("not in the golden log");
        };
    return again(index, "saying something else", signer(event), event.signed().scheme(), other);
  }

  private static boolean isKeyStatement(int index) {
    return stated(index).orElseThrow().signed().statement() instanceof KeyStatement;
  }

  /// The same key and statement under the other scheme.
  private static Altered inOtherScheme(int index) {
    Event.Stated event = stated(index).orElseThrow();
    Scheme other =
        switch (event.signed().scheme()) {
          case Scheme.Bound _ -> new Scheme.Joined();
          case Scheme.Joined _ ->
              new Scheme.Bound(Journal.ORIGIN, event.at(), "another-nonce-%04d".formatted(index));
        };
    return again(index, "in the other scheme", signer(event), other, event.signed().statement());
  }

  private static Altered again(
      int index, String how, Identity signer, Scheme scheme, Statement statement) {
    Event.Stated event = stated(index).orElseThrow();
    byte[] bytes =
        EventCodec.encode(
            new Event.Stated(
                event.at(),
                event.relay(),
                SignedStatement.sign(signer, scheme, statement),
                event.recipient()));
    String name =
        "%d %s %s signed again %s"
            .formatted(index, event.signed().scheme().name(), statement.type(), how);
    return new Altered(index, name, "", new String(bytes, UTF_8));
  }

  private static Identity signer(Event.Stated event) {
    return Stream.of(ANN, BEN, EVE, EVE_LATER)
        .filter(agent -> agent.key().equals(event.signed().key()))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<Event.Stated> stated(int index) {
    try {
      return EventCodec.decode(HONEST.get(index)) instanceof Event.Stated stated
          ? Optional.of(stated)
          : Optional.empty();
    } catch (MalformedEventException e) {
      throw new AssertionError(e);
    }
  }

  // What was published

  @Test
  void publishedRatingThatIsNotTheLogsIsFound() {
    for (int i = 0; i < PUBLISHED.agents().size(); i++) {
      Publication.Standing honest = PUBLISHED.agents().get(i);
      for (Publication.Standing lie :
          List.of(
              new Publication.Standing(
                  honest.id(), honest.rating() + 1, honest.transactions(), honest.staked()),
              new Publication.Standing(
                  honest.id(), honest.rating(), honest.transactions() - 1, honest.staked()),
              new Publication.Standing(
                  honest.id(), honest.rating(), honest.transactions(), honest.staked() + 5))) {
        assertOnly(Finding.Kind.RATING_DIFFERS, withAgents(with(PUBLISHED.agents(), i, lie)));
      }
    }
  }

  @Test
  void publishedSkillThatIsNotTheLogsIsFound() {
    boolean found = false;
    Ledger ledger = Journal.audit(HONEST, null).ledger();
    for (int i = 0; i < PUBLISHED.agents().size(); i++) {
      Publication.Standing honest = PUBLISHED.agents().get(i);
      TreeMap<String, Publication.Skill> skills = new TreeMap<>();
      ledger
          .account(honest.id())
          .orElseThrow()
          .skills()
          .forEach((name, skill) ->
              skills.put(name, new Publication.Skill(skill.rating(), skill.transactions())));
      assertThat(
              faults(
                  Journal.audit(
                      HONEST, withAgents(with(PUBLISHED.agents(), i, with(honest, skills))))))
          .isEmpty();
      if (!skills.isEmpty()) {
        found = true;
        skills.put(skills.firstKey(), new Publication.Skill(2400, 1));
      } else {
        skills.put("flattery", new Publication.Skill(2400, 1));
      }
      assertOnly(
          Finding.Kind.RATING_DIFFERS,
          withAgents(with(PUBLISHED.agents(), i, with(honest, skills))));
    }
    assertThat(found).isTrue();
  }

  private static Publication.Standing with(
      Publication.Standing agent, SortedMap<String, Publication.Skill> skills) {
    return new Publication.Standing(
        agent.id(), agent.rating(), agent.transactions(), agent.staked(), skills);
  }

  @Test
  void agentThatIsNotPublishedOrNotInTheLogIsFound() {
    List<Publication.Standing> agents = PUBLISHED.agents();
    assertOnly(Finding.Kind.RATING_DIFFERS, withAgents(agents.subList(1, agents.size())));
    List<Publication.Standing> more = new ArrayList<>(agents);
    more.add(new Publication.Standing(new AgentId("0123456789abcdef"), 2400, 9, 0));
    assertOnly(Finding.Kind.RATING_DIFFERS, withAgents(more));
  }

  @Test
  void agentPublishedTwiceInPlaceOfAnotherIsFound() {
    List<Publication.Standing> agents = PUBLISHED.agents();
    assertOnly(Finding.Kind.RATING_DIFFERS, withAgents(with(agents, 0, agents.get(1))));
  }

  @Test
  void receiptThatIsNotPublishedIsFoundAtItsLastLeg() {
    for (int i = 0; i < PUBLISHED.receipts().size(); i++) {
      List<Receipt> fewer = new ArrayList<>(PUBLISHED.receipts());
      Receipt missing = fewer.remove(i);
      Auditor auditor = assertOnly(Finding.Kind.RECEIPT_DIFFERS, withReceipts(fewer));
      assertThat(auditor.firstDifference().orElseThrow().index()).isEqualTo(missing.index());
    }
  }

  @Test
  void receiptPublishedTwiceIsFound() {
    List<Receipt> more = new ArrayList<>(PUBLISHED.receipts());
    more.add(PUBLISHED.receipts().getFirst());
    assertOnly(Finding.Kind.RECEIPT_DIFFERS, withReceipts(more));
  }

  /// Every field of a published receipt, the legs' included.
  @TestFactory
  Stream<DynamicTest> alteredReceiptIsFound() {
    return IntStream.range(0, PUBLISHED.receipts().size())
        .boxed()
        .flatMap(AuditorTest::alteredReceipts);
  }

  private static Stream<DynamicTest> alteredReceipts(int number) {
    JsonNode honest = Json.parse(Json.text(PUBLISHED.receipts().get(number)));
    return leaves(honest, "").stream()
        .map(pointer ->
            DynamicTest.dynamicTest(
                "receipt " + number + " " + pointer,
                () -> {
                  ObjectNode lie = (ObjectNode) Json.parse(Json.text(honest));
                  int slash = pointer.lastIndexOf('/');
                  ObjectNode parent = (ObjectNode) lie.at(pointer.substring(0, slash));
                  String field = pointer.substring(slash + 1);
                  parent.set(field, anotherOf(parent.get(field)));
                  Receipt receipt = Json.mapper().treeToValue(lie, Receipt.class);
                  Auditor auditor =
                      Journal.audit(
                          HONEST, withReceipts(with(PUBLISHED.receipts(), number, receipt)));
                  assertThat(kinds(auditor)).contains(Finding.Kind.RECEIPT_DIFFERS);
                }));
  }

  private static List<String> leaves(JsonNode node, String at) {
    List<String> all = new ArrayList<>();
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(field -> all.addAll(leaves(field.getValue(), at + "/" + field.getKey())));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        all.addAll(leaves(node.get(i), at + "/" + i));
      }
    } else {
      all.add(at);
    }
    return all;
  }

  private static JsonNode anotherOf(JsonNode value) {
    if (value.isBoolean()) {
      return Json.mapper().getNodeFactory().booleanNode(!value.booleanValue());
    }
    if (value.isNumber()) {
      return Json.mapper().getNodeFactory().numberNode(value.decimalValue().add(BigDecimal.ONE));
    }
    String text = value.asString();
    return text(text.startsWith("@") ? "@0123456789abcdef" : text + "x");
  }

  @Test
  void publishedHashesNameAndSizeAreHeldAgainstTheLog() {
    Publication p = PUBLISHED;
    String other = "0".repeat(64);
    assertOnly(
        Finding.Kind.ROOT_DIFFERS,
        new Publication(p.origin(), p.size(), other, p.stateHash(), p.agents(), p.receipts()));
    assertOnly(
        Finding.Kind.STATE_DIFFERS,
        new Publication(p.origin(), p.size(), p.rootHash(), other, p.agents(), p.receipts()));
    assertOnly(
        Finding.Kind.ROOT_DIFFERS,
        new Publication("x/y", p.size(), p.rootHash(), p.stateHash(), p.agents(), p.receipts()));
    for (long size : new long[] {p.size() - 1, p.size() + 1, 0, -1}) {
      Auditor auditor =
          Journal.audit(
              HONEST,
              new Publication(
                  p.origin(), size, p.rootHash(), p.stateHash(), p.agents(), p.receipts()));
      assertThat(auditor.faults()).as("size %d", size).isPositive();
    }
  }

  @Test
  void findingsAreBoundedAndFaultsAreAllCounted() {
    Auditor auditor = new Auditor(Optional.empty());
    for (int i = 0; i < Auditor.MAX_FINDINGS + 500; i++) {
      auditor.missing(i, "line");
    }
    assertThat(auditor.findings()).hasSize(Auditor.MAX_FINDINGS);
    assertThat(auditor.faults()).isEqualTo(Auditor.MAX_FINDINGS + 500L);
  }

  // How tampering must be seen

  /// The audit speaks; what it names first is the first entry that any receipt vouches for and that
  /// is not the published one, or an entry that is false in itself; and entry by entry against the
  /// ledger's own copy it names the very first.
  private static void assertFound(String what, List<byte[]> tampered, int index) {
    Auditor auditor = Journal.audit(tampered, PUBLISHED);
    assertThat(auditor.faults()).as(what).isPositive();
    assertThat(kinds(auditor))
        .as(what)
        .containsAnyOf(Finding.Kind.ROOT_DIFFERS, Finding.Kind.ENTRIES_MISSING);
    auditor
        .firstDifference()
        .ifPresent(first -> assertThat(first.index()).as(what).isGreaterThanOrEqualTo(index));
    firstVouchedFor(tampered)
        .ifPresent(leg -> {
          assertThat(kinds(auditor)).as(what).contains(Finding.Kind.ENTRY_DIFFERS);
          assertThat(auditor.firstDifference().orElseThrow().index())
              .as(what)
              .isLessThanOrEqualTo(leg);
        });

    for (int i = 0; i < Math.min(tampered.size(), HONEST.size()); i++) {
      auditor.compareEntry(i, LeafHash.of(tampered.get(i)), LeafHash.of(HONEST.get(i)));
    }
    int exact = Math.min(index, Math.min(tampered.size(), HONEST.size()));
    assertThat(auditor.firstDifference().orElseThrow().index()).as(what).isEqualTo(exact);
  }

  private static Optional<Long> firstVouchedFor(List<byte[]> tampered) {
    return PUBLISHED.receipts().stream()
        .flatMap(receipt -> receipt.legs().stream())
        .filter(leg -> leg.index() < tampered.size())
        .filter(
            leg -> !LeafHash.of(tampered.get((int) leg.index())).toString().equals(leg.leafHash()))
        .map(Receipt.Leg::index)
        .min(Long::compare);
  }

  /// Of the honest log, with something false published.
  private static Auditor assertOnly(Finding.Kind kind, Publication published) {
    Auditor auditor = Journal.audit(HONEST, published);
    assertThat(kinds(auditor)).isNotEmpty().containsOnly(kind);
    return auditor;
  }

  private static Publication withAgents(List<Publication.Standing> agents) {
    Publication p = PUBLISHED;
    return new Publication(p.origin(), p.size(), p.rootHash(), p.stateHash(), agents, p.receipts());
  }

  private static Publication withReceipts(List<Receipt> receipts) {
    Publication p = PUBLISHED;
    return new Publication(p.origin(), p.size(), p.rootHash(), p.stateHash(), p.agents(), receipts);
  }

  private static <T> List<T> with(List<T> list, int index, @Nullable T value) {
    List<T> other = new ArrayList<>(list);
    other.set(index, value);
    return other;
  }

  private static List<Finding> faults(Auditor auditor) {
    return auditor.findings().stream().filter(finding -> finding.kind().isFault()).toList();
  }

  private static List<Finding.Kind> kinds(Auditor auditor) {
    return faults(auditor).stream().map(Finding::kind).toList();
  }

  private static ObjectNode tree(byte[] event) {
    return (ObjectNode) Json.parse(event);
  }
}
