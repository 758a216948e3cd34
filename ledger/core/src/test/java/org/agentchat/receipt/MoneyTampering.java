package org.agentchat.receipt;

import java.util.List;
import java.util.function.UnaryOperator;
import org.agentchat.ledger.SettledLog;
import org.agentchat.ledger.TemptingLog;
import org.agentchat.receipt.Tampering.Case;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.tlog.TreeHash;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes false receipt files out of a good one whose deal demanded money: everything in them is
/// signed, and most of it in the log.
final class MoneyTampering {
  private static final TemptingLog LOG = TemptingLog.written();
  private static final SettledLog SETTLED = LOG.settled();
  private static final Notary NOTARY = new Notary(SETTLED.entries());

  /// Before the proofs of the money's statements.
  private static final int LEGS = 3;

  private static final int PAYER = 0;
  private static final int PAYEE = 1;
  private static final int LOCKED = 2;
  private static final int ENDED = 3;

  private MoneyTampering() {}

  static String good() {
    return Notary.file(SETTLED).encode();
  }

  static List<Case> cases() {
    return List.of(
        edited(
            "money-wallet-not-agreed-to",
            ReceiptCode.BAD_STATEMENT_SIGNATURE,
            file -> replaced(file, PAYEE, "not agreed to")),
        edited(
            "money-terms-altered",
            ReceiptCode.CLAIM_DIFFERS,
            file -> {
              ((ObjectNode) file.at("/receipt/proposal/escrow")).put("amount", "2");
              return file;
            }),
        edited(
            "money-left-out-of-the-receipt",
            ReceiptCode.CLAIM_DIFFERS,
            file -> {
              ((ObjectNode) file.path("receipt")).remove("escrow");
              return file;
            }),
        edited(
            "money-wallet-altered",
            ReceiptCode.ESCROW_WALLET_FOREIGN,
            file -> claim(file, "payee", "0x" + "11".repeat(20))),
        edited(
            "money-wallets-swapped",
            ReceiptCode.ESCROW_WALLET_FOREIGN,
            MoneyTampering::walletsSwapped),
        edited(
            "money-wallet-of-a-stranger",
            ReceiptCode.ESCROW_WALLET_FOREIGN,
            file -> rebound(file, "of a stranger")),
        edited(
            "money-wallet-for-another-contract",
            ReceiptCode.ESCROW_WALLET_FOREIGN,
            file -> rebound(file, "for another contract")),
        edited(
            "money-wallet-whose-time-was-over",
            ReceiptCode.ESCROW_WALLET_FOREIGN,
            file -> rebound(file, "over")),
        edited(
            "money-wallet-bound-later",
            ReceiptCode.ESCROW_WALLET_FOREIGN,
            MoneyTampering::boundLater),
        edited(
            "money-between-one-wallet",
            ReceiptCode.ESCROW_WALLET_FOREIGN,
            MoneyTampering::betweenOneWallet),
        edited("money-wallet-dropped", ReceiptCode.LEG_MISSING, file -> dropped(file, PAYER)),
        edited("money-lock-dropped", ReceiptCode.LEG_MISSING, file -> dropped(file, LOCKED)),
        edited(
            "money-id-altered",
            ReceiptCode.ESCROW_DIFFERS,
            file -> claim(file, "id", "0x" + "11".repeat(32))),
        edited(
            "money-lock-by-a-stranger",
            ReceiptCode.ESCROW_OBSERVER_FOREIGN,
            file -> relocked(file, "lock by a stranger")),
        edited(
            "money-lock-of-another-deal",
            ReceiptCode.LEG_FOREIGN,
            file -> relocked(file, "lock of another deal")),
        edited(
            "money-lock-after-the-end",
            ReceiptCode.ESCROW_OUT_OF_ORDER,
            file -> relocked(file, "lock after the end")),
        edited(
            "money-lock-that-is-a-binding",
            ReceiptCode.LEG_FOREIGN,
            file -> claim(file, "locked", SETTLED.escrow().get(PAYER))),
        edited(
            "money-of-another-sum",
            ReceiptCode.ESCROW_DIFFERS,
            file -> replaced(file, ENDED, "wrong sum")),
        edited(
            "money-out-before-it-was-in",
            ReceiptCode.ESCROW_OUT_OF_ORDER,
            file -> replaced(file, ENDED, "earlier block")),
        edited(
            "money-out-twice",
            ReceiptCode.LEG_FOREIGN,
            file -> added(file, LOG.others().get("second end"))),
        edited(
            "money-statements-swapped",
            ReceiptCode.ESCROW_OUT_OF_ORDER,
            MoneyTampering::statementsSwapped),
        edited(
            "money-and-something-else",
            ReceiptCode.LEG_FOREIGN,
            file -> replaced(file, ENDED, "not of money")),
        edited(
            "money-lock-not-in-the-tree", ReceiptCode.NOT_INCLUDED, MoneyTampering::proofAltered),
        edited(
            "money-list-empty",
            ReceiptCode.MALFORMED,
            file -> {
              file.putArray("escrow");
              ArrayNode proofs = (ArrayNode) file.path("proofs");
              while (proofs.size() > LEGS) {
                proofs.remove(LEGS);
              }
              return file;
            }),
        plain("money-in-a-deal-without", ReceiptCode.LEG_FOREIGN, MoneyTampering::withLegs),
        plain(
            "money-claimed-in-a-deal-without", ReceiptCode.CLAIM_DIFFERS, MoneyTampering::claimed));
  }

  private static Case edited(String name, ReceiptCode code, UnaryOperator<ObjectNode> edit) {
    ObjectNode file = (ObjectNode) Json.parse(good());
    return new Case(name, code, Json.pretty(edit.apply(file)) + "\n");
  }

  /// Out of a deal that demanded no money.
  private static Case plain(String name, ReceiptCode code, UnaryOperator<ObjectNode> edit) {
    ObjectNode file = (ObjectNode) Json.parse(Tampering.good());
    return new Case(name, code, Json.pretty(edit.apply(file)) + "\n");
  }

  private static ArrayNode legs(ObjectNode file) {
    return (ArrayNode) file.path("escrow");
  }

  private static ArrayNode proofs(ObjectNode file) {
    return (ArrayNode) file.path("proofs");
  }

  private static ObjectNode claim(ObjectNode file, String name, String value) {
    ((ObjectNode) file.at("/receipt/escrow")).put(name, value);
    return file;
  }

  private static ObjectNode claim(ObjectNode file, String name, long value) {
    ((ObjectNode) file.at("/receipt/escrow")).put(name, value);
    return file;
  }

  private static String proof(long entry) {
    return NOTARY.proof(entry, NOTARY.size()).encode();
  }

  private static ObjectNode replaced(ObjectNode file, int place, String what) {
    return replaced(file, place, LOG.others().get(what));
  }

  /// Another entry of the log, with its own good proof, in the place that its index gives it.
  private static ObjectNode replaced(ObjectNode file, int place, long entry) {
    return added(dropped(file, place), entry);
  }

  private static ObjectNode dropped(ObjectNode file, int place) {
    legs(file).remove(place);
    proofs(file).remove(LEGS + place);
    return file;
  }

  private static ObjectNode added(ObjectNode file, long entry) {
    int place = 0;
    while (place < legs(file).size() && legs(file).get(place).path("index").longValue() < entry) {
      place++;
    }
    legs(file).insert(place, Json.parse(Json.text(NOTARY.leg(entry))));
    proofs(file).insert(LEGS + place, proof(entry));
    return file;
  }

  /// The payee's wallet is bound by another statement.
  private static ObjectNode rebound(ObjectNode file, String what) {
    long entry = LOG.others().get(what);
    claim(file, "payee_binding", entry);
    return replaced(file, PAYEE, entry);
  }

  private static ObjectNode boundLater(ObjectNode file) {
    long entry = LOG.others().get("bound later");
    Receipt.Leg later = NOTARY.leg(entry);
    String account =
        Json.parse(later.event()).at("/statement/account").stringValue().replaceFirst(".*:", "");
    claim(file, "payee", account);
    return rebound(file, "bound later");
  }

  /// Both sides have bound it, and the observer tells of the escrow between them: only that no
  /// contract would lock it is wrong.
  private static ObjectNode betweenOneWallet(ObjectNode file) {
    claim(file, "payee", file.at("/receipt/escrow/payer").stringValue());
    String lock = NOTARY.leg(LOG.others().get("lock between one wallet")).event();
    claim(file, "id", Json.parse(lock).at("/statement/escrow_id").stringValue());
    rebound(file, "of the payer");
    return dropped(relocked(file, "lock between one wallet"), ENDED);
  }

  private static ObjectNode walletsSwapped(ObjectNode file) {
    ObjectNode escrow = (ObjectNode) file.at("/receipt/escrow");
    long payer = escrow.path("payer_binding").longValue();
    escrow.set("payer_binding", escrow.path("payee_binding"));
    escrow.put("payee_binding", payer);
    String wallet = escrow.path("payer").stringValue();
    escrow.set("payer", escrow.path("payee"));
    escrow.put("payee", wallet);
    return file;
  }

  private static ObjectNode relocked(ObjectNode file, String what) {
    long entry = LOG.others().get(what);
    claim(file, "locked", entry);
    return replaced(file, LOCKED, entry);
  }

  private static ObjectNode statementsSwapped(ObjectNode file) {
    legs(file).insert(LOCKED, legs(file).remove(ENDED));
    proofs(file).insert(LEGS + LOCKED, proofs(file).remove(LEGS + ENDED));
    return file;
  }

  private static ObjectNode proofAltered(ObjectNode file) {
    String proof = proofs(file).get(LEGS + LOCKED).stringValue();
    String hash =
        NOTARY
            .proof(SETTLED.escrow().get(LOCKED), NOTARY.size())
            .inclusion()
            .path()
            .getFirst()
            .base64();
    String other = TreeHash.ofLeaf(new byte[] {1}).base64();
    proofs(file).set(LEGS + LOCKED, proof.replace(hash, other));
    return file;
  }

  private static ObjectNode withLegs(ObjectNode file) {
    ObjectNode other = (ObjectNode) Json.parse(good());
    file.set("escrow", other.path("escrow"));
    for (int i = LEGS; i < proofs(other).size(); i++) {
      proofs(file).add(proofs(other).get(i));
    }
    return file;
  }

  private static ObjectNode claimed(ObjectNode file) {
    ObjectNode other = (ObjectNode) Json.parse(good());
    ((ObjectNode) file.path("receipt")).set("escrow", other.at("/receipt/escrow"));
    return file;
  }
}
