// Shows the money that a deal demands: what was agreed, where it is, and whose word that is.
import { code, details, el, facts, moment, number } from "./dom.js";
import { agent, badge, entry } from "./page.js";
import * as words from "./words.js";

/** Nobody; as a token, the chain's own coin. */
const NOBODY = `0x${"0".repeat(40)}`;

/** An EVM chain's own coin is counted in units of 10^-18. */
const COIN_DECIMALS = 18;

const DAY = 86_400;

/** A text of units as a decimal fraction of whole coins, with the reader's separators. */
function coins(units) {
  const digits = units.padStart(COIN_DECIMALS + 1, "0");
  const fraction = digits.slice(-COIN_DECIMALS).replace(/0+$/, "");
  const point = new Intl.NumberFormat().formatToParts(0.5).find((part) => part.type === "decimal").value;
  return number(BigInt(digits.slice(0, -COIN_DECIMALS))) + (fraction === "" ? "" : point + fraction);
}

/** An amount in words: whole coins where it is known how they are divided, else smallest units. */
export function money(units, token) {
  return token === NOBODY ? `${coins(units)} of the chain's coin` : `${number(BigInt(units))} smallest units of a token`;
}

/** Seconds in the largest unit that divides them. */
function span(seconds) {
  const [unit, name] = [[DAY, "day"], [3_600, "hour"], [60, "minute"], [1, "second"]]
    .find(([length]) => seconds % length === 0);
  const count = seconds / unit;
  return `${number(count)} ${name}${count === 1 ? "" : "s"}`;
}

function share(bps) {
  return `${number(bps / 100)} %`;
}

/** A badge for where the money is; an offer's is nowhere yet. */
export function phaseBadge(escrow) {
  return badge(escrow.phase ?? "offered", words.escrow(escrow.phase)[0]);
}

/** One line for lists: how much, and where it is by whose word. */
export function summary(escrow) {
  const word = (escrow.ended ?? escrow.locked)?.by ?? null;
  return el("p", { class: "line" },
    el("span", {}, money(escrow.terms.amount, escrow.terms.token)),
    phaseBadge(escrow),
    word === null ? null : el("span", { class: "quiet" }, "by the word of ", agent(word)));
}

function wallet(side) {
  return [code(side.address), side.claimed
    ? " said to be a contract: only the chain knows whether it agreed (ERC-1271). Bound in "
    : " bound in ", entry(side.index)];
}

const SEEN = {
  ESCROW_LOCKED: () => "The money was locked",
  ESCROW_REFUNDED: ({ amount, token }) => `All of it went back to the payer: ${money(amount, token)}`,
  ESCROW_SETTLED: ({ token }, { how, to_payee: payee, to_payer: payer }) =>
    `Paid out ${words.outcome(how)}: ${money(payee, token)} to the payee, ${money(payer, token)} to the payer`,
};

function sighting(terms, seen) {
  return el("li", {},
    el("p", { class: "line" }, el("strong", {}, SEEN[seen.type](terms, seen))),
    el("p", { class: "line quiet" }, el("span", {}, "said by ", agent(seen.by)), el("span", {}, "in ", entry(seen.index)), moment(seen.at)),
    details("Where on the chain", facts([
      ["Transaction", code(seen.tx)],
      ["Block", number(seen.block_number)],
      ["Block's hash", code(seen.block_hash)],
    ])));
}

function agreed(deal, { payer, payee, terms, id }) {
  return el("li", {},
    el("p", { class: "line" }, el("strong", {}, `Agreed: ${money(terms.amount, terms.token)}`)),
    facts([
      ["From the wallet", el("span", {}, wallet(payer), ", of ", agent(deal.from))],
      ["For the wallet", el("span", {}, wallet(payee), ", of ", agent(deal.to))],
      ["Escrow", code(id)],
    ]));
}

/** What is still to come, by the terms. */
function next({ status, escrow: { phase, terms } }) {
  const deadline = moment(terms.deadline * 1000);
  switch (phase) {
    case null:
      return el("p", {}, status === "pending"
        ? "Nothing is locked: the offer must be accepted first. Both sides must have bound a wallet for the contract by then."
        : "The offer was not accepted, so nobody had to lock anything.");
    case "awaited":
      return el("p", {}, "The deal has not started. If the money is not locked by ", deadline, ", it ends, and nobody's rating moves.");
    case "locked":
      return el("p", {}, "The money stays in the contract until the deal ends there. If nothing is delivered by ", deadline, ", anyone may send it back to the payer.");
    default:
      return null;
  }
}

function terms({ terms: one }) {
  return facts([
    ["Amount", el("span", {}, money(one.amount, one.token), el("br"), el("span", { class: "quiet" }, `exactly ${number(BigInt(one.amount))} smallest units`))],
    ["Token", one.token === NOBODY ? "the chain's own coin" : code(one.token)],
    ["Chain", code(one.chain)],
    ["Contract", code(one.contract)],
    ["Delivery", el("span", {}, "By ", moment(one.deadline * 1000), "; until then the money must be locked, too. After that, what was not delivered goes back to the payer.")],
    ["Review", `After a delivery the payer has ${span(one.review_period)} to object. Then anyone may have it paid out to the payee.`],
    ["Dispute", el("span", {}, "The arbiter ", code(one.arbiter), ` has ${span(one.dispute_period)} to divide it. If it stays silent, the payee gets ${
      share(one.silent_bps)} and the payer ${share(10_000 - one.silent_bps)}.`)],
    ["Operator", one.operator === NOBODY
      ? "None: only the two wallets say in the contract that the work was delivered or is disputed."
      : el("span", {}, code(one.operator), " may say in the contract that the work was delivered or is disputed.")],
    ["Observer", el("span", {}, agent(one.observer), ": both sides take its word for what happened on the chain.")],
  ]);
}

/** All of a deal's money: where it is, what was said of it, and the terms. */
export function escrowOf(deal) {
  const { escrow } = deal;
  const { observer } = escrow.terms;
  return [
    el("p", { class: "line" }, phaseBadge(escrow), words.escrow(escrow.phase)[1]),
    next(deal),
    escrow.phase === null ? null : el("ol", { class: "timeline" },
      agreed(deal, escrow),
      [escrow.locked, escrow.ended].filter((seen) => seen !== null).map((seen) => sighting(escrow.terms, seen))),
    el("p", { class: "quiet" }, "Whose word this is: ", agent(observer),
      " was named in the terms as the observer, and only its statements about this money count. This ledger asks no chain; whoever asks the chain for the escrow knows."),
    details("Terms in plain words", terms(escrow)),
  ];
}
