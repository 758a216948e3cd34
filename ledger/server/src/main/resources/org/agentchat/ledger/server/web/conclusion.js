// Says in plain words what a sound receipt shows, and what it does not: the same sentences as every other
// verifier of this project.
import { known, unknown } from "./checkpoint-check.js";
import * as ofMoney from "./money.js";
import { JOINED } from "./statement.js";

function price({ amount, currency }) {
  return amount === null ? "" : `, for ${amount.literal}${currency === null ? "" : ` ${currency}`}`;
}

function end({ type, verdict }, deal) {
  switch (type) {
    case "COMPLETE":
      return `${deal.end.signer} said that the work is done.`;
    case "DISPUTE":
      return `${deal.end.signer} disputed it: ${deal.end.statement.reason}.`;
    default:
      return `${deal.intent.signer} took it to court, and of three arbiters, who signed their votes, ${
        deal.of("ARBITER_VOTE").length} voted; so the verdict is: ${verdict.toUpperCase()}.`;
  }
}

function proved({ receipt, deal, money, rotations, judged, remembered }) {
  const { checkpoint, log, witnesses } = judged;
  const { from, to } = receipt;
  return [
    `${from} offered ${to} this work: ${deal.terms.task}${price(deal.terms)}.`,
    `${to} accepted it.`,
    end(receipt, deal),
    ...(money === null ? [] : ofMoney.proved(receipt, money)),
    `Each of these ${deal.legs.length} statements is signed with the key of who makes it: ${from} is ${
      deal.proposal.key}, ${to} is ${deal.proposal.event.recipient}.`,
    rotations > 0
      ? `Where a later key signed, the key before it had named it, and both had signed so (${rotations} times).`
      : null,
    `The log ${receipt.origin} holds them as its entries ${deal.legs.map((leg) => leg.index).join(", ")}: they are in the tree of ${
      checkpoint.size} entries with the root ${checkpoint.root}.`,
    `The log has signed that tree with the key ${log.text}.`,
    witnesses.length > 0 ? `These witnesses have seen the log grow to that tree: ${witnesses.join(", ")}.` : null,
    ...known(judged, remembered),
  ];
}

/** What `agentchat/1` leaves out of the statement itself. */
const UNSIGNED = {
  PROPOSAL: ", nor who offers, nor the terms, nor the capability",
  EVIDENCE: ", nor the words that came with the evidence",
  ARBITER_VOTE: ", nor the reasoning",
};

function unbound(leg) {
  return `That ${leg.words} was meant for this log and for this time: its signature is of the scheme agentchat/1, which binds neither${
    UNSIGNED[leg.type] ?? ""}.`;
}

function notProved({ receipt, deal, money, judged, remembered }) {
  return [
    "What the deal did to ratings and stakes (rating_changes, elo_stakes, cooldown): that is the ledger's word, which an audit of the log or a rating certificate proves.",
    "That the log's rules took each statement: a log may hold entries that it refuses; an audit shows it.",
    "When it was (ts, created_at, completed_at, disputed_at): log time is the word of the log's relays.",
    ...deal.legs.filter((leg) => leg.scheme === JOINED).map(unbound),
    ...(money === null ? [] : ofMoney.notProved(money)),
    receipt.type === "VERDICT" ? "That the panel was drawn by the rules: an audit shows it." : null,
    `What came after entry ${judged.checkpoint.size - 1n}, for example that a key was revoked: the checkpoint ends there.`,
    ...unknown(judged, remembered),
  ];
}

/** Of { receipt, deal, money, rotations, judged, remembered }: { code, message, proved, notProved }. */
export function conclusion(sound) {
  const { receipt } = sound;
  return {
    code: "OK",
    message: `verified: ${receipt.type} of ${receipt.proposal_id} between ${receipt.from} and ${receipt.to}`,
    proved: proved(sound).filter((sentence) => sentence !== null),
    notProved: notProved(sound).filter((sentence) => sentence !== null),
  };
}
