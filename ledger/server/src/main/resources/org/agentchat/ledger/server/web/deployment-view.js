// Shows the machines that are rented for a deal: what runs where, what it cost, and whose word that is.
import { list, part } from "./api.js";
import { code, details, el, facts, moment, number, said } from "./dom.js";
import { agent, badge, entry } from "./page.js";
import * as words from "./words.js";

/** Statements that are shown: the first ones, as the API gives them. Machines that are replaced say one each. */
const MOST_STATEMENTS = 200;

/** Addresses that are shown of one statement: an entry has room for tens of thousands. */
const MOST_ADDRESSES = 50;

/** The network counts its coin of payment in millionths. */
const UACT = 1_000_000;

const FEE = new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 });

/** An amount in words, of what the chain counts in uact. */
function act(uact) {
  return `${FEE.format(uact / UACT)} ACT`;
}

/** A badge for where the machines are. */
export function phaseBadge({ phase }) {
  return badge(phase, words.deployment(phase)[0]);
}

/** A moment from seconds since 1970, which an acceptor may name as far away as it likes. */
function second(seconds) {
  return moment(seconds * 1000);
}

/** One lease, taken apart: who rents what from whom. */
function lease(text) {
  const [owner, dseq, group, order, provider] = text.split("/");
  return el("li", {}, facts([
    ["Deployment", el("span", {}, code(dseq), `, group ${group}, order ${order}`)],
    ["Provider", code(provider)],
    ["Rented by", code(owner)],
  ]));
}

function addresses(uris) {
  const all = uris.split(" ").filter((uri) => uri !== "");
  if (all.length === 0) {
    return "no address was named";
  }
  const shown = all.slice(0, MOST_ADDRESSES).map((uri, i) => [i === 0 ? null : el("br"), said(uri)]).flat();
  return el("span", {}, shown, all.length <= MOST_ADDRESSES ? null
    : el("span", { class: "quiet" }, el("br"), `and ${number(all.length - MOST_ADDRESSES)} more, in the exact text of the entry`));
}

function running({ lease: leases, until, uris }) {
  const all = leases.split(" ");
  return [
    facts([
      ["Closed at the latest", second(until)],
      ["Answers at", addresses(uris)],
    ]),
    details(all.length === 1 ? "The lease" : `The ${number(all.length)} leases`, el("ul", {}, all.map(lease))),
  ];
}

function over({ paid, reason }) {
  return [
    el("blockquote", {}, said(reason)),
    facts([["Providers were paid", el("span", {}, act(paid), el("span", { class: "quiet" }, ` (${number(paid)} uact)`))]]),
  ];
}

function statement(one) {
  return el("li", {},
    el("p", { class: "line" }, el("strong", {}, words.kind(one.type) ?? one.type)),
    el("p", { class: "line quiet" }, el("span", {}, "said by ", agent(one.by)), el("span", {}, "in ", entry(one.index)), moment(one.at)),
    one.type === "DEPLOYMENT_RUNNING" ? running(one) : over(one),
    details("Exact text of the entry", el("pre", { dir: "ltr" }, one.event)));
}

/** What is still to come, by the acceptor's own word. */
function next({ phase, running: runs }) {
  return phase !== "running" ? null : el("p", {},
    Date.now() < runs.until * 1000 ? "They are to be closed by " : "They were to be closed by ", second(runs.until),
    Date.now() < runs.until * 1000 ? "." : ", and nothing was said of that.");
}

/** All that was said of a deal's machines. */
export async function deploymentOf(deal) {
  const { deployment } = deal;
  const { items, next: more } = await list(`/v1/proposals/${part(deal.id)}/deployment`, "statements", MOST_STATEMENTS);
  return [
    el("p", { class: "line" }, phaseBadge(deployment), words.deployment(deployment.phase)[1]),
    next(deployment),
    el("p", { class: "line quiet" }, "On the network ", code(deployment.network)),
    more === null ? null : el("p", { class: "notice" }, `Only the first ${number(items.length)} statements are shown here; the API has the rest.`),
    el("ol", { class: "timeline" }, items.map(statement)),
    el("p", { class: "quiet" }, "Whose word this is: ", agent(deal.to),
      " rents the machines, and only what it says of them counts. This ledger asks no network; whoever looks the leases up on the Akash network knows."),
  ];
}
