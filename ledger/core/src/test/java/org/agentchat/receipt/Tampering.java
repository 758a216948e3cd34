package org.agentchat.receipt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.agentchat.ledger.SettledLog;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.LogProof;
import org.agentchat.tlog.NoteSignature;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TreeHash;
import org.agentchat.tlog.TreeHead;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes false receipt files out of a good one. The same seed makes the same files.
final class Tampering {
  private static final SettledLog SETTLED = SettledLog.completed();
  private static final Notary NOTARY = new Notary(SETTLED.entries());
  private static final int LEGS = 3;

  private final Random random;

  Tampering(long seed) {
    this.random = new Random(seed);
  }

  /// One way to tamper, what a verifier must say of it, and the file.
  record Case(String name, ReceiptCode code, String file) {
    @Override
    public String toString() {
      return name + " is " + code;
    }
  }

  /// The file that nobody has touched.
  static String good() {
    return Notary.file(SETTLED).encode();
  }

  /// What somebody may remember of the same log, for the case `fork`.
  static SignedNote remembered() {
    return NOTARY.checkpoint(NOTARY.size());
  }

  List<Case> cases() {
    return List.of(
        edited("statement-signature-altered", ReceiptCode.BAD_STATEMENT_SIGNATURE, this::signature),
        edited("amount-raised", ReceiptCode.BAD_STATEMENT_SIGNATURE, this::amount),
        edited("event-time-altered", ReceiptCode.WRONG_LEAF_HASH, file -> time(file, false)),
        edited("event-time-and-hash-altered", ReceiptCode.NOT_INCLUDED, file -> time(file, true)),
        edited("leaf-hash-altered", ReceiptCode.WRONG_LEAF_HASH, this::leafHash),
        edited("index-altered", ReceiptCode.WRONG_INDEX, this::index),
        edited("receipt-index-altered", ReceiptCode.WRONG_INDEX, Tampering::receiptIndex),
        edited("index-and-proof-moved", ReceiptCode.NOT_INCLUDED, Tampering::moved),
        edited("proof-hash-altered", ReceiptCode.NOT_INCLUDED, this::path),
        edited("proof-hash-dropped", ReceiptCode.NOT_INCLUDED, this::shorterPath),
        edited("acceptance-dropped", ReceiptCode.LEG_MISSING, Tampering::acceptanceDropped),
        edited("completion-called-dispute", ReceiptCode.LEG_MISSING, Tampering::calledDispute),
        edited("acceptance-of-another-deal", ReceiptCode.LEG_FOREIGN, file -> replaced(file, 1, 2)),
        edited("completion-by-a-stranger", ReceiptCode.LEG_FOREIGN, file -> replaced(file, 2, 6)),
        edited("statement-repeated", ReceiptCode.LEG_FOREIGN, Tampering::repeated),
        edited("legs-swapped", ReceiptCode.LEGS_OUT_OF_ORDER, Tampering::swapped),
        edited("claimed-amount-altered", ReceiptCode.CLAIM_DIFFERS, Tampering::claimedAmount),
        edited("claimed-party-altered", ReceiptCode.CLAIM_DIFFERS, Tampering::claimedParty),
        edited("claimed-proof-altered", ReceiptCode.CLAIM_DIFFERS, Tampering::claimedProof),
        edited("claimed-stake-altered", ReceiptCode.CLAIM_DIFFERS, Tampering::claimedStake),
        new Case("verdict-in-cooldown", ReceiptCode.CLAIM_DIFFERS, verdictInCooldown()),
        edited("finished-before-it-began", ReceiptCode.CLAIM_DIFFERS, Tampering::finishedEarlier),
        edited("claimed-scheme-altered", ReceiptCode.CLAIM_DIFFERS, this::claimedScheme),
        edited("origin-altered", ReceiptCode.WRONG_ORIGIN, Tampering::origin),
        new Case("rotation-of-another-log", ReceiptCode.WRONG_ORIGIN, rotatedElsewhere()),
        checkpointed("checkpoint-of-another-log", ReceiptCode.WRONG_ORIGIN, otherLog()),
        edited("checkpoints-mixed", ReceiptCode.MIXED_CHECKPOINTS, this::mixed),
        checkpointed("checkpoint-signed-by-nobody-known", ReceiptCode.UNKNOWN_LOG, otherKey()),
        checkpointed("root-altered", ReceiptCode.BAD_CHECKPOINT_SIGNATURE, rootAltered()),
        checkpointed("cosignature-altered", ReceiptCode.BAD_CHECKPOINT_SIGNATURE, cosigned()),
        checkpointed("cosignature-dropped", ReceiptCode.TOO_FEW_WITNESSES, uncosigned()),
        new Case("fork", ReceiptCode.FORK, fork()),
        new Case("cut-off", ReceiptCode.MALFORMED, good().substring(0, 100 + any(1000))),
        new Case("key-twice", ReceiptCode.MALFORMED, keyTwice()),
        new Case("number-in-another-form", ReceiptCode.MALFORMED, anotherForm()),
        edited("field-unknown", ReceiptCode.MALFORMED, file -> file.put("note", "trust me")),
        edited("number-as-text", ReceiptCode.MALFORMED, Tampering::numberAsText),
        edited("proof-dropped", ReceiptCode.MALFORMED, Tampering::proofDropped),
        edited("event-with-a-space", ReceiptCode.MALFORMED, this::spaced),
        edited("format-of-tomorrow", ReceiptCode.UNKNOWN_FORMAT, Tampering::tomorrow));
  }

  private static Case edited(String name, ReceiptCode code, UnaryOperator<ObjectNode> edit) {
    ObjectNode file = (ObjectNode) Json.parse(good());
    return new Case(name, code, Json.pretty(edit.apply(file)) + "\n");
  }

  /// All proofs end at that checkpoint.
  private static Case checkpointed(String name, ReceiptCode code, SignedNote note) {
    return edited(
        name,
        code,
        file -> {
          for (int leg = 0; leg < LEGS; leg++) {
            LogProof proof = proof(file, leg);
            set(file, leg, new LogProof(proof.inclusion(), note).encode());
          }
          return file;
        });
  }

  private int any(int bound) {
    return random.nextInt(bound);
  }

  private static ObjectNode receipt(ObjectNode file) {
    return (ObjectNode) file.path("receipt");
  }

  private static ArrayNode legs(ObjectNode file) {
    return (ArrayNode) receipt(file).path("legs");
  }

  private static ObjectNode leg(ObjectNode file, int leg) {
    return (ObjectNode) legs(file).get(leg);
  }

  private static LogProof proof(ObjectNode file, int leg) {
    return LogProof.parse(file.path("proofs").get(leg).stringValue());
  }

  private static void set(ObjectNode file, int leg, String proof) {
    ((ArrayNode) file.path("proofs")).set(leg, proof);
  }

  private static String event(ObjectNode file, int leg) {
    return leg(file, leg).path("event").stringValue();
  }

  private static void rehash(ObjectNode file, int leg) {
    TreeHash hash = TreeHash.ofLeaf(event(file, leg).getBytes(StandardCharsets.UTF_8));
    leg(file, leg).put("leaf_hash", hash.toString());
  }

  /// One bit of R or S, so that it is still base64 of 64 bytes.
  private ObjectNode signature(ObjectNode file) {
    int leg = any(LEGS);
    String sig = Json.parse(event(file, leg)).path("signature").path("sig").stringValue();
    byte[] bytes = Base64.getDecoder().decode(sig);
    bytes[any(bytes.length)] ^= (byte) (1 << any(8));
    leg(file, leg)
        .put("event", event(file, leg).replace(sig, Base64.getEncoder().encodeToString(bytes)));
    rehash(file, leg);
    return file;
  }

  private ObjectNode amount(ObjectNode file) {
    int amount = 26 + any(1000);
    leg(file, 0).put("event", event(file, 0).replace("\"amount\":25", "\"amount\":" + amount));
    rehash(file, 0);
    ((ObjectNode) receipt(file).path("proposal")).put("amount", amount);
    return file;
  }

  /// Nobody signs when the relay recorded it.
  private ObjectNode time(ObjectNode file, boolean rehashed) {
    String event = event(file, 2);
    long at = Json.parse(event).path("at").longValue();
    leg(file, 2).put("event", event.replace("\"at\":" + at, "\"at\":" + (at - 1 - any(9))));
    if (rehashed) {
      rehash(file, 2);
    }
    return file;
  }

  private ObjectNode leafHash(ObjectNode file) {
    ObjectNode leg = leg(file, any(LEGS));
    char[] hash = leg.path("leaf_hash").stringValue().toCharArray();
    int at = any(hash.length);
    hash[at] = hash[at] == 'f' ? '0' : 'f';
    leg.put("leaf_hash", new String(hash));
    return file;
  }

  private ObjectNode index(ObjectNode file) {
    ObjectNode leg = leg(file, any(LEGS));
    leg.put("index", leg.path("index").longValue() + 1 + any(5));
    return file;
  }

  private static ObjectNode receiptIndex(ObjectNode file) {
    receipt(file).put("index", receipt(file).path("index").longValue() + 1);
    return file;
  }

  /// The last leg claims its neighbour's place, everywhere.
  private static ObjectNode moved(ObjectNode file) {
    long next = leg(file, 2).path("index").longValue() + 1;
    leg(file, 2).put("index", next);
    receipt(file).put("index", next);
    set(file, 2, NOTARY.proof(next, NOTARY.size()).encode());
    return file;
  }

  private ObjectNode path(ObjectNode file) {
    int leg = any(LEGS);
    String proof = file.path("proofs").get(leg).stringValue();
    List<TreeHash> path = proof(file, leg).inclusion().path();
    TreeHash one = path.get(any(path.size()));
    byte[] other = one.raw();
    other[any(other.length)] ^= (byte) (1 << any(8));
    set(file, leg, proof.replace(one.base64(), TreeHash.of(other).base64()));
    return file;
  }

  private ObjectNode shorterPath(ObjectNode file) {
    int leg = any(LEGS);
    String proof = file.path("proofs").get(leg).stringValue();
    List<TreeHash> path = proof(file, leg).inclusion().path();
    set(file, leg, proof.replace(path.get(any(path.size())).base64() + "\n", ""));
    return file;
  }

  private static ObjectNode acceptanceDropped(ObjectNode file) {
    legs(file).remove(1);
    ((ArrayNode) file.path("proofs")).remove(1);
    return file;
  }

  private static ObjectNode calledDispute(ObjectNode file) {
    receipt(file).put("type", "DISPUTE").put("status", "disputed");
    return file;
  }

  /// Another entry of the log, with its own good proof.
  private static ObjectNode replaced(ObjectNode file, int leg, long entry) {
    Receipt.Leg other = NOTARY.leg(entry);
    legs(file).set(leg, Json.parse(Json.text(other)));
    set(file, leg, NOTARY.proof(entry, NOTARY.size()).encode());
    return file;
  }

  private static ObjectNode repeated(ObjectNode file) {
    legs(file).add(leg(file, 1).deepCopy());
    ((ArrayNode) file.path("proofs")).add(file.path("proofs").get(1));
    return file;
  }

  private static ObjectNode swapped(ObjectNode file) {
    ArrayNode legs = legs(file);
    legs.add(legs.remove(1));
    ArrayNode proofs = (ArrayNode) file.path("proofs");
    proofs.add(proofs.remove(1));
    receipt(file).set("index", legs.get(2).path("index"));
    return file;
  }

  private static ObjectNode claimedAmount(ObjectNode file) {
    ((ObjectNode) receipt(file).path("proposal")).put("amount", 2500);
    return file;
  }

  private static ObjectNode claimedParty(ObjectNode file) {
    receipt(file).put("from", "@0123456789abcdef");
    return file;
  }

  private static ObjectNode claimedProof(ObjectNode file) {
    receipt(file).put("proof", "tx:2");
    return file;
  }

  private static ObjectNode claimedStake(ObjectNode file) {
    ((ObjectNode) receipt(file).path("elo_stakes")).put("acceptor", 50);
    return file;
  }

  /// Only the end of a deal that no panel judged can come too early to count.
  private static String verdictInCooldown() {
    String judged = Notary.file(SettledLog.judgedByTime()).encode();
    return judged.replace("\"cooldown\" : false", "\"cooldown\" : true");
  }

  private static ObjectNode finishedEarlier(ObjectNode file) {
    long early = Json.parse(event(file, 2)).path("at").longValue() - 1;
    receipt(file).put("ts", early).put("completed_at", early);
    return file;
  }

  private ObjectNode claimedScheme(ObjectNode file) {
    leg(file, any(LEGS)).put("scheme", "agentchat/1");
    return file;
  }

  private static ObjectNode origin(ObjectNode file) {
    receipt(file).put("origin", "example.org/log");
    return file;
  }

  /// All of it is signed and in the log, the key that ends the deal and its predecessor's word for
  /// it, too; but that was for another log.
  private static String rotatedElsewhere() {
    SettledLog settled = SettledLog.completedByAKeyOfAnotherLog();
    Notary notary = new Notary(settled.entries());
    ObjectNode file = (ObjectNode) Json.parse(Notary.file(settled).encode());
    long attempt = settled.rotations().getFirst() + 1;
    Receipt.Leg end = notary.leg(attempt);
    legs(file).set(2, Json.parse(Json.text(end)));
    set(file, 2, notary.proof(attempt, notary.size()).encode());
    receipt(file).put("index", attempt).put("completed_by", end.signer().toString());
    return Json.pretty(file) + "\n";
  }

  private ObjectNode mixed(ObjectNode file) {
    int size = NOTARY.size() - 1;
    int leg = any(LEGS);
    set(file, leg, NOTARY.proof(proof(file, leg).inclusion().index(), size).encode());
    return file;
  }

  private static TreeHead head() {
    return Checkpoint.parse(remembered().text()).head();
  }

  private static SignedNote otherLog() {
    NoteSigner other = Notary.signer("example.net/log", "log");
    return Notary.signed(new Checkpoint("example.net/log", head()).text(), other);
  }

  private static SignedNote otherKey() {
    return Notary.signed(remembered().text(), Notary.signer(SettledLog.ORIGIN, "not the log"));
  }

  private SignedNote rootAltered() {
    byte[] root = head().root().raw();
    root[any(root.length)] ^= (byte) (1 << any(8));
    TreeHead other = new TreeHead(head().size(), TreeHash.of(root));
    return new SignedNote(
        new Checkpoint(SettledLog.ORIGIN, other).text(), remembered().signatures());
  }

  private SignedNote cosigned() {
    List<NoteSignature> signatures = new ArrayList<>(remembered().signatures());
    NoteSignature last = signatures.removeLast();
    byte[] bytes = last.signature();
    bytes[8 + any(bytes.length - 8)] ^= (byte) (1 << any(8));
    signatures.add(new NoteSignature(last.name(), last.keyId(), bytes));
    return new SignedNote(remembered().text(), signatures);
  }

  private static SignedNote uncosigned() {
    return new SignedNote(remembered().text(), remembered().signatures().subList(0, 1));
  }

  /// Everything in it is signed and proved, by a log that signs another tree of the same size.
  private static String fork() {
    ReceiptFile file = NOTARY.forked().file(SETTLED.receipt(), SETTLED.rotations());
    return file.encode();
  }

  private static String keyTwice() {
    return good().replaceFirst("\"status\" *:", "\"status\":\"disputed\",\"status\":");
  }

  private static String anotherForm() {
    return good().replaceFirst("\"amount\" *: *25", "\"amount\":25.0");
  }

  private static ObjectNode numberAsText(ObjectNode file) {
    JsonNode ts = receipt(file).path("ts");
    receipt(file).put("ts", ts.asString());
    return file;
  }

  private static ObjectNode proofDropped(ObjectNode file) {
    ((ArrayNode) file.path("proofs")).remove(2);
    return file;
  }

  private ObjectNode spaced(ObjectNode file) {
    int leg = any(LEGS);
    leg(file, leg).put("event", event(file, leg).replaceFirst(",", ", "));
    rehash(file, leg);
    return file;
  }

  private static ObjectNode tomorrow(ObjectNode file) {
    return file.put("format", "agentchat-receipt/2");
  }
}
