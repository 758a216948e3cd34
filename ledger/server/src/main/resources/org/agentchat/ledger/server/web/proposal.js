// One proposal: what was agreed, and every statement that moved it.
import { get, part } from "./api.js";
import { button, code, details, el, facts, moment, number, said, signed, table } from "./dom.js";
import { deploymentOf } from "./deployment-view.js";
import { escrowOf, money } from "./escrow-view.js";
import { agent, badge, binding, entry, fill, name, named, nothing, reveal } from "./page.js";
import { read } from "./event.js";
import * as words from "./words.js";

/** Entries after the offer that are looked through at once for statements that name the proposal. */
const LOOK = 200;

const id = named();
let receipt = null;

async function about() {
  const deal = await get(`/v1/proposals/${part(id)}`);
  if (deal.status === "completed" || deal.status === "disputed") {
    receipt = await get(`/v1/receipts/${part(id)}`).catch((trouble) => {
      if (trouble.kind === "missing") {
        return null;
      }
      throw trouble;
    });
  }
  const [title, meaning] = words.status(deal.status);
  fill("timeline", () => timeline(deal));
  fill("effects", () => effects(deal));
  if (deal.escrow !== null) {
    document.getElementById("money-section").hidden = false;
    fill("money", () => escrowOf(deal));
  }
  if (deal.deployment !== null) {
    document.getElementById("machines-section").hidden = false;
    fill("machines", () => deploymentOf(deal));
  }
  return [
    el("p", { class: "line" }, badge(deal.status, title), meaning),
    el("blockquote", { class: "task" }, said(deal.task)),
    facts([
      ["Offered by", agent(deal.from)],
      ["Offered to", agent(deal.to)],
      ["Pays", price(deal)],
      ["Payment code", deal.payment_code === null ? null : said(deal.payment_code)],
      ["Skill", deal.capability === null ? null : said(deal.capability)],
      ["Stakes", `${number(deal.proposer_stake)} points of the proposer, ${number(deal.acceptor_stake)} of the acceptor${deal.escrowed ? ", held now" : ""}`],
      ["Offered", moment(deal.created_at)],
      ["Time limit", moment(deal.expires_at)],
      ["Last change", moment(deal.updated_at)],
      ["Court case", deal.dispute_id === null ? null : el("a", { class: "id", href: `/disputes/${part(deal.dispute_id)}` }, deal.dispute_id)],
      ["Receipt", receipt === null ? null : el("span", {},
        el("a", { href: `/v1/receipts/${part(id)}/file`, download: `${deal.id}.receipt.json` }, "Receipt as a file"),
        ", with its proofs: ", el("a", { href: "/verify" }, "verify it"))],
    ]),
    deal.terms === null ? null : details("Terms", el("p", { class: "task" }, said(deal.terms))),
  ];
}

function price({ amount, currency, escrow }) {
  const named = amount === null ? null : el("span", {}, number(amount), " ", currency === null ? "" : said(currency));
  if (escrow === null) {
    return named ?? "nothing named";
  }
  const held = `${money(escrow.terms.amount, escrow.terms.token)}, through a contract`;
  return named === null ? held : el("span", {}, named, "; ", held);
}

async function timeline(deal) {
  if (receipt !== null) {
    return el("ol", { class: "timeline" }, receipt.legs.map((leg) => step(leg.index, read(leg.event), leg)));
  }
  const steps = el("ol", { class: "timeline" });
  const more = el("div", {});
  await look(deal, deal.index, new Map(), steps, more);
  return [
    el("p", { class: "quiet" }, "There is no receipt, so these are the statements that the log holds about it. One that came too late or from the wrong side is in the log too, and changed nothing."),
    steps,
    more,
  ];
}

/**
 * Looks through some entries from an index on, and offers to go on. The offer tells the parties' keys,
 * by which the signers of what follows are known.
 */
async function look(deal, from, names, steps, more) {
  const page = await get(`/v1/log?from=${from}&limit=${LOOK}`);
  for (const found of page.entries) {
    const event = read(found.event ?? "");
    if (found.index === deal.index) {
      names.set(event.recipient, deal.to).set(event.key, deal.from);
    }
    if (found.index === deal.index || event.about === deal.id) {
      steps.append(step(found.index, event, { signer: names.get(event.key) ?? observer(deal, found.index), ...found }));
    }
  }
  const end = from + page.entries.length;
  more.replaceChildren(el("p", { class: "quiet" }, `Looked through entries ${number(deal.index)} to ${number(end - 1)}. `,
    page.next === null ? "The log ends there." : button("Look further", () => look(deal, end, names, steps, more))));
}

/** Who said what that entry says of the deal's money or machines, or null. */
function observer({ escrow, deployment }, index) {
  return [escrow?.locked, escrow?.ended, deployment?.running, deployment?.ended]
    .find((seen) => seen?.index === index)?.by ?? null;
}

function step(index, event, leg) {
  const signer = leg.signer ?? null;
  return el(
    "li",
    {},
    el("p", { class: "line" }, el("strong", {}, words.leg(event.type)), signer === null ? el("span", { class: "quiet" }, "with another key") : agent(signer)),
    el("p", { class: "line quiet" }, entry(index), event.at === null ? null : moment(event.at), event.relay === null ? null : el("span", {}, "recorded by ", code(event.relay))),
    event.words === null ? null : el("blockquote", {}, said(event.words)),
    event.scheme === null ? null : binding(event.scheme, event.type),
    details("Exact text of the entry", el("p", { class: "quiet" }, "Leaf hash ", code(leg.leaf_hash)), el("pre", { dir: "ltr" }, leg.event ?? leg.event_base64)),
  );
}

function effects(deal) {
  if (receipt === null) {
    return nothing(deal.status === "completed" || deal.status === "disputed"
      ? "There is no receipt of this deal."
      : "None so far: ratings move when a deal ends with a completion or a dispute.");
  }
  const { _escrow: stakes, ...changes } = receipt.rating_changes;
  return [
    receipt.cooldown ? el("p", {}, "The two had finished another deal within the hour, so this one moved no rating.") : null,
    table(
      "Ratings before and after",
      [{ title: "Agent" }, { title: "Before", class: "number" }, { title: "Change", class: "number" }, { title: "After", class: "number strong" }],
      Object.entries(changes).map(([who, change]) =>
        [agent(who), number(change.oldRating), signed(change.change), number(change.newRating)])),
    stakes === undefined ? null : el("p", {}, outcome(stakes)),
    receipt.fee_lost > 0 ? el("p", {}, `Of the fee for filing the case, ${number(receipt.fee_lost)} points were lost.`) : null,
    receipt.verdict === undefined ? null : el("p", {}, `The panel decided: ${words.verdict(receipt.verdict)}.`),
  ];
}

function outcome(stakes) {
  const held = `${number(stakes.proposer_stake)} and ${number(stakes.acceptor_stake)} points were at stake. `;
  const moved = stakes.transferred_amount > 0 ? ` That is ${number(stakes.transferred_amount)} points to ${stakes.transferred_to}.` : "";
  return held + words.stakes(stakes.settlement) + moved;
}

async function start() {
  if (await fill("proposal", about)) {
    reveal();
  }
}

name(id);
start();
