package org.agentchat.receipt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.agentchat.ledger.CommittedLog;
import org.agentchat.receipt.Tampering.Case;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.rating.AgentHistory;
import org.agentchat.schemas.rating.HistoryEntry;
import org.agentchat.schemas.rating.HistoryHeader;
import org.agentchat.schemas.rating.RatingCertificate;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.LogProof;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TreeHash;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes false rating certificates and histories out of good ones. The same seed makes the same
/// files.
final class RatingTampering {
  private static final CommittedLog LOG = CommittedLog.honest(Notary.LOG.keys());
  private static final Notary NOTARY = new Notary(LOG.entries());
  private static final AgentId SUBJECT = CommittedLog.SUBJECT;

  private final Random random;

  RatingTampering(long seed) {
    this.random = new Random(seed);
  }

  /// A good certificate.
  static String certificate() {
    return certificate(LOG, NOTARY, SUBJECT, LOG.subject()).encode();
  }

  /// A good certificate of somebody who has no account.
  static String absence() {
    return absent().encode();
  }

  private static RatingCertificate absent() {
    return certificate(LOG, NOTARY, CommittedLog.STRANGER, null);
  }

  /// A good history.
  static String history() {
    return history(LOG, NOTARY);
  }

  /// A good history of somebody whom nothing names.
  static String emptyHistory() {
    return new HistoryHeader(absent()).encode() + "\n";
  }

  /// What somebody may remember of the same log, for the forks.
  static SignedNote remembered() {
    return NOTARY.checkpoint(NOTARY.size());
  }

  private static RatingCertificate certificate(
      CommittedLog log, Notary notary, AgentId agent, @Nullable RatingLeaf leaf) {
    return new RatingCertificate(
        agent.toString(),
        leaf == null ? null : text(leaf.bytes()),
        log.path(agent),
        text(log.commitment()),
        notary.proof(log.index(), notary.size()).encode());
  }

  private static String history(CommittedLog log, Notary notary) {
    RatingCertificate certificate = certificate(log, notary, SUBJECT, log.subject());
    List<String> lines = new ArrayList<>();
    lines.add(new HistoryHeader(certificate).encode());
    for (long index : log.named(SUBJECT)) {
      if (index < log.index()) {
        lines.add(entry(log, notary, index));
      }
    }
    return joined(lines);
  }

  private static String entry(CommittedLog log, Notary notary, long index) {
    List<String> path =
        notary.proof(index, notary.size()).inclusion().path().stream()
            .map(TreeHash::base64)
            .toList();
    return new HistoryEntry(index, text(log.entries().get((int) index)), path).encode();
  }

  private static String entry(long index) {
    return entry(LOG, NOTARY, index);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String joined(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  List<Case> cases() {
    List<Case> cases = new ArrayList<>(certificates());
    cases.addAll(histories());
    return cases;
  }

  private List<Case> certificates() {
    return List.of(
        certified("rating-raised", ReceiptCode.NOT_INCLUDED, this::raised),
        certified("entries-said-to-be-fewer", ReceiptCode.NOT_INCLUDED, RatingTampering::fewer),
        certified("absence-pretended", ReceiptCode.NOT_INCLUDED, file -> file.putNull("leaf")),
        certified("path-altered", ReceiptCode.NOT_INCLUDED, this::sibling),
        certified("path-shortened", ReceiptCode.NOT_INCLUDED, RatingTampering::shorterPath),
        certified("occupant-altered", ReceiptCode.NOT_INCLUDED, this::occupant),
        certified("leaf-of-somebody-else", ReceiptCode.CLAIM_DIFFERS, RatingTampering::foreignLeaf),
        certified("commitment-resized", ReceiptCode.BAD_STATEMENT_SIGNATURE, this::resized),
        certified("commitment-of-another-time", ReceiptCode.NOT_INCLUDED, this::earlier),
        certified("commitment-of-another-key", ReceiptCode.UNKNOWN_LOG, RatingTampering::otherKey),
        certified("commitment-of-another-log", ReceiptCode.WRONG_ORIGIN, RatingTampering::otherLog),
        certified("commitment-is-a-tick", ReceiptCode.MALFORMED, RatingTampering::tick),
        certified("proof-moved", ReceiptCode.WRONG_INDEX, RatingTampering::moved),
        certified("proof-altered", ReceiptCode.NOT_INCLUDED, this::proofHash),
        certified("log-unknown", ReceiptCode.UNKNOWN_LOG, file -> under(file, unknown())),
        certified(
            "root-altered", ReceiptCode.BAD_CHECKPOINT_SIGNATURE, file -> under(file, rerooted())),
        certified(
            "cosignature-dropped",
            ReceiptCode.TOO_FEW_WITNESSES,
            file -> under(file, uncosigned())),
        new Case(
            "certificate-fork.json",
            ReceiptCode.FORK,
            certificate(LOG, NOTARY.forked(), SUBJECT, LOG.subject()).encode()),
        new Case(
            "certificate-cut-off.json",
            ReceiptCode.MALFORMED,
            certificate().substring(0, 100 + any(1000))),
        new Case(
            "certificate-key-twice.json",
            ReceiptCode.MALFORMED,
            certificate().replaceFirst("\"agent\"", "\"agent\":\"@a\",\"agent\"")),
        certified("leaf-with-a-space", ReceiptCode.MALFORMED, RatingTampering::spacedLeaf),
        certified("field-unknown", ReceiptCode.MALFORMED, file -> file.put("note", "believe me")),
        certified(
            "format-of-tomorrow",
            ReceiptCode.UNKNOWN_FORMAT,
            file -> file.put("format", "agentchat-rating/2")));
  }

  private static Case certified(String name, ReceiptCode code, UnaryOperator<ObjectNode> edit) {
    ObjectNode file = (ObjectNode) Json.parse(certificate());
    return new Case("certificate-" + name + ".json", code, Json.pretty(edit.apply(file)) + "\n");
  }

  private List<Case> histories() {
    return List.of(
        lines("entry-omitted", ReceiptCode.ENTRY_MISSING, this::omitted),
        lines("last-entry-omitted", ReceiptCode.ENTRY_MISSING, RatingTampering::lastOmitted),
        lines("entry-exchanged", ReceiptCode.ENTRY_EXCHANGED, RatingTampering::exchanged),
        lines("entry-of-others-added", ReceiptCode.ENTRY_FOREIGN, RatingTampering::added),
        lines("later-entry-added", ReceiptCode.ENTRY_FOREIGN, RatingTampering::laterAdded),
        lines("entry-repeated", ReceiptCode.ENTRY_REPEATED, this::repeated),
        lines("entries-swapped", ReceiptCode.ENTRIES_OUT_OF_ORDER, this::swapped),
        lines("statement-altered", ReceiptCode.BAD_STATEMENT_SIGNATURE, RatingTampering::altered),
        lines("time-altered", ReceiptCode.NOT_INCLUDED, this::retimed),
        lines("index-altered", ReceiptCode.NOT_INCLUDED, RatingTampering::reindexed),
        lines("path-altered", ReceiptCode.NOT_INCLUDED, this::otherPath),
        lines("path-shortened", ReceiptCode.NOT_INCLUDED, this::shorterEntryPath),
        lines("path-no-hashes", ReceiptCode.MALFORMED, this::brokenPath),
        lines("event-with-a-space", ReceiptCode.MALFORMED, this::spacedEvent),
        lines("line-cut-off", ReceiptCode.MALFORMED, RatingTampering::cutOff),
        lines("line-empty", ReceiptCode.MALFORMED, this::emptyLine),
        lines("field-unknown", ReceiptCode.MALFORMED, this::unknownField),
        header("rating-raised", ReceiptCode.NOT_INCLUDED, this::raised),
        header("entries-said-to-be-fewer", ReceiptCode.NOT_INCLUDED, RatingTampering::fewer),
        header("absence-pretended", ReceiptCode.NOT_INCLUDED, file -> file.putNull("leaf")),
        header("log-unknown", ReceiptCode.UNKNOWN_LOG, file -> under(file, unknown())),
        header(
            "cosignature-dropped",
            ReceiptCode.TOO_FEW_WITNESSES,
            file -> under(file, uncosigned())),
        header(
            "certificate-of-tomorrow",
            ReceiptCode.UNKNOWN_FORMAT,
            file -> file.put("format", "agentchat-rating/2")),
        new Case(
            "history-of-nobody-with-an-entry.jsonl",
            ReceiptCode.ENTRY_FOREIGN,
            emptyHistory() + entry(1) + "\n"),
        new Case("history-fork.jsonl", ReceiptCode.FORK, history(LOG, NOTARY.forked())),
        new Case("history-with-an-unexplained-key.jsonl", ReceiptCode.CLAIM_DIFFERS, unexplained()),
        new Case(
            "history-format-of-tomorrow.jsonl",
            ReceiptCode.UNKNOWN_FORMAT,
            history().replaceFirst("agentchat-history/1", "agentchat-history/2")));
  }

  private static Case lines(String name, ReceiptCode code, UnaryOperator<List<String>> edit) {
    List<String> lines = new ArrayList<>(history().lines().toList());
    return new Case("history-" + name + ".jsonl", code, joined(edit.apply(lines)));
  }

  private static Case header(String name, ReceiptCode code, UnaryOperator<ObjectNode> edit) {
    return lines(
        name,
        code,
        lines -> {
          ObjectNode header = (ObjectNode) Json.parse(lines.getFirst());
          header.set("certificate", edit.apply((ObjectNode) header.path("certificate")));
          lines.set(0, Json.text(header));
          return lines;
        });
  }

  private int any(int bound) {
    return random.nextInt(bound);
  }

  // Certificates

  private static ObjectNode leaf(ObjectNode file, RatingLeaf other) {
    return file.put("leaf", text(other.bytes()));
  }

  private ObjectNode raised(ObjectNode file) {
    RatingLeaf leaf = LOG.subject();
    return leaf(
        file,
        new RatingLeaf(
            leaf.agent(),
            leaf.capabilities(),
            leaf.history(),
            leaf.key(),
            leaf.rating() + 1 + any(500),
            leaf.revoked(),
            leaf.staked(),
            leaf.transactions()));
  }

  /// As many as there are when the last one is left out, with the right hash over them.
  private static ObjectNode fewer(ObjectNode file) {
    List<AgentHistory.Link> links = new ArrayList<>();
    for (long index : LOG.named(SUBJECT)) {
      links.add(new AgentHistory.Link(index, NOTARY.hash(index)));
    }
    RatingLeaf leaf = LOG.subject();
    int events = Math.toIntExact(leaf.history().events());
    return leaf(
        file,
        new RatingLeaf(
            leaf.agent(),
            leaf.capabilities(),
            AgentHistory.of(links.subList(0, events - 1)),
            leaf.key(),
            leaf.rating(),
            leaf.revoked(),
            leaf.staked(),
            leaf.transactions()));
  }

  private static ObjectNode foreignLeaf(ObjectNode file) {
    return leaf(file, LOG.other());
  }

  private static ObjectNode spacedLeaf(ObjectNode file) {
    return file.put("leaf", file.path("leaf").stringValue().replaceFirst(",", ", "));
  }

  private ObjectNode sibling(ObjectNode file) {
    ArrayNode siblings = (ArrayNode) file.path("path").path("siblings");
    int at = any(siblings.size());
    siblings.set(at, siblings.stringNode(hexAltered(siblings.get(at).stringValue())));
    return file;
  }

  private static ObjectNode shorterPath(ObjectNode file) {
    ((ArrayNode) file.path("path").path("siblings")).remove(0);
    return file;
  }

  private ObjectNode occupant(ObjectNode file) {
    ObjectNode occupant = (ObjectNode) file.path("path").path("occupant");
    String name = any(2) == 0 ? "key" : "value_hash";
    occupant.put(name, hexAltered(occupant.path(name).stringValue()));
    return file;
  }

  private String hexAltered(String hex) {
    char[] digits = hex.toCharArray();
    int at = any(digits.length);
    digits[at] = digits[at] == 'f' ? '0' : 'f';
    return new String(digits);
  }

  private ObjectNode resized(ObjectNode file) {
    return commitment(file, "\"size\":" + LOG.index(), "\"size\":" + (LOG.index() - 1 - any(3)));
  }

  /// Nobody signs when it was recorded.
  private ObjectNode earlier(ObjectNode file) {
    long at = Json.parse(text(LOG.commitment())).path("at").longValue();
    return commitment(file, "\"at\":" + at, "\"at\":" + (at - 1 - any(9)));
  }

  private static ObjectNode commitment(ObjectNode file, String was, String becomes) {
    return file.put("commitment", text(LOG.commitment()).replace(was, becomes));
  }

  /// A good commitment, in a log of its own, of somebody who is not the log.
  private static ObjectNode otherKey(ObjectNode file) {
    CommittedLog other = CommittedLog.honest(Notary.WITNESS.keys());
    Notary notary = new Notary(other.entries());
    return file.put("commitment", text(other.commitment()))
        .put("proof", notary.proof(other.index(), notary.size()).encode());
  }

  private static ObjectNode otherLog(ObjectNode file) {
    Event.RatingsCommitted other =
        Event.RatingsCommitted.sign(
            Notary.LOG.keys(),
            1_795_000_000_000L,
            "ledger-1",
            "example.org/log",
            LOG.index(),
            Json.parse(text(LOG.commitment())).path("root").stringValue());
    return file.put("commitment", text(EventCodec.encode(other)));
  }

  private static ObjectNode tick(ObjectNode file) {
    return file.put("commitment", text(LOG.entries().getLast()));
  }

  private static LogProof proof(ObjectNode file) {
    return LogProof.parse(file.path("proof").stringValue());
  }

  /// Where every fold refuses it.
  private static ObjectNode moved(ObjectNode file) {
    return file.put("proof", NOTARY.proof(LOG.index() - 1, NOTARY.size()).encode());
  }

  private ObjectNode proofHash(ObjectNode file) {
    List<TreeHash> path = proof(file).inclusion().path();
    String one = path.get(any(path.size())).base64();
    return file.put("proof", file.path("proof").stringValue().replace(one, bitFlipped(one)));
  }

  private String bitFlipped(String hash) {
    byte[] bytes = Base64.getDecoder().decode(hash);
    bytes[any(bytes.length)] ^= (byte) (1 << any(8));
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static ObjectNode under(ObjectNode file, SignedNote checkpoint) {
    return file.put("proof", new LogProof(proof(file).inclusion(), checkpoint).encode());
  }

  private static SignedNote unknown() {
    String text = remembered().text();
    return Notary.signed(text, Notary.signer(Notary.LOG.name(), "not the log"));
  }

  private SignedNote rerooted() {
    Checkpoint checkpoint = Checkpoint.parse(remembered().text());
    String root = checkpoint.head().root().base64();
    return new SignedNote(
        remembered().text().replace(root, bitFlipped(root)), remembered().signatures());
  }

  private static SignedNote uncosigned() {
    return new SignedNote(remembered().text(), remembered().signatures().subList(0, 1));
  }

  // Histories

  /// One of the lines after the first.
  private int anyOf(List<String> lines) {
    return 1 + any(lines.size() - 1);
  }

  private List<String> omitted(List<String> lines) {
    lines.remove(anyOf(lines.subList(0, lines.size() - 1)));
    return lines;
  }

  private static List<String> lastOmitted(List<String> lines) {
    lines.removeLast();
    return lines;
  }

  /// The tick gives way to an entry of others right after it.
  private static List<String> exchanged(List<String> lines) {
    int tick = tickOf(lines);
    lines.set(tick, entry(index(lines.get(tick)) + 1));
    return lines;
  }

  private static int tickOf(List<String> lines) {
    for (int line = 1; line < lines.size(); line++) {
      if (lines.get(line).contains("TICK")) {
        return line;
      }
    }
    throw new IllegalStateException("no tick is among them");
  }

  private static long index(String line) {
    return Json.parse(line).path("index").longValue();
  }

  private static List<String> added(List<String> lines) {
    int tick = tickOf(lines);
    lines.add(tick + 1, entry(index(lines.get(tick)) + 1));
    return lines;
  }

  /// It names the subject, and the ledger did not know of it yet.
  private static List<String> laterAdded(List<String> lines) {
    lines.add(entry(LOG.named(SUBJECT).getLast()));
    return lines;
  }

  private List<String> repeated(List<String> lines) {
    int line = anyOf(lines);
    lines.add(line, lines.get(line));
    return lines;
  }

  private List<String> swapped(List<String> lines) {
    int line = 1 + any(lines.size() - 2);
    lines.add(line, lines.remove(line + 1));
    return lines;
  }

  private static List<String> edited(List<String> lines, int line, UnaryOperator<ObjectNode> edit) {
    ObjectNode entry = (ObjectNode) Json.parse(lines.get(line));
    lines.set(line, Json.text(edit.apply(entry)));
    return lines;
  }

  private static List<String> altered(List<String> lines) {
    return edited(
        lines,
        1,
        entry ->
            entry.put(
                "event",
                entry.path("event").stringValue().replace("\"task\":\"task\"", "\"task\":\"a\"")));
  }

  private List<String> retimed(List<String> lines) {
    return edited(
        lines,
        anyOf(lines),
        entry -> {
          String event = entry.path("event").stringValue();
          long at = Json.parse(event).path("at").longValue();
          return entry.put("event", event.replace("\"at\":" + at, "\"at\":" + (at + 1 + any(9))));
        });
  }

  private static List<String> reindexed(List<String> lines) {
    int last = lines.size() - 1;
    return edited(lines, last, entry -> entry.put("index", index(lines.get(last)) - 1));
  }

  private static ArrayNode path(ObjectNode entry) {
    return (ArrayNode) entry.path("path");
  }

  private List<String> otherPath(List<String> lines) {
    return edited(
        lines,
        anyOf(lines),
        entry -> {
          ArrayNode path = path(entry);
          int at = any(path.size());
          path.set(at, path.stringNode(bitFlipped(path.get(at).stringValue())));
          return entry;
        });
  }

  private List<String> shorterEntryPath(List<String> lines) {
    return edited(
        lines,
        anyOf(lines),
        entry -> {
          path(entry).remove(any(path(entry).size()));
          return entry;
        });
  }

  private List<String> brokenPath(List<String> lines) {
    return edited(
        lines,
        anyOf(lines),
        entry -> {
          path(entry).set(0, path(entry).stringNode("AA=="));
          return entry;
        });
  }

  private List<String> spacedEvent(List<String> lines) {
    return edited(
        lines,
        anyOf(lines),
        entry -> entry.put("event", entry.path("event").stringValue().replaceFirst(",", ", ")));
  }

  private static List<String> cutOff(List<String> lines) {
    lines.add(lines.removeLast().substring(0, 100));
    return lines;
  }

  private List<String> emptyLine(List<String> lines) {
    lines.add(anyOf(lines), "");
    return lines;
  }

  private List<String> unknownField(List<String> lines) {
    return edited(lines, anyOf(lines), entry -> entry.put("note", "believe me"));
  }

  /// The ledger has committed to a key of its own choice.
  private static String unexplained() {
    CommittedLog lying =
        CommittedLog.lying(
            Notary.LOG.keys(),
            leaf ->
                new RatingLeaf(
                    leaf.agent(),
                    leaf.capabilities(),
                    leaf.history(),
                    Notary.signer("x", "another").keys().key(),
                    leaf.rating(),
                    leaf.revoked(),
                    leaf.staked(),
                    leaf.transactions()));
    // Another tree of the same size would be a fork; this one is longer.
    List<byte[]> entries = new ArrayList<>(lying.entries());
    entries.add("more".getBytes(StandardCharsets.UTF_8));
    return history(lying, new Notary(entries));
  }
}
