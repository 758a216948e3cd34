// One agent: rating, its history, skills, receipts, keys.
import { get, list, part } from "./api.js";
import { button, code, details, el, facts, moment, number, said, shortened, signed, table } from "./dom.js";
import { phaseBadge } from "./deployment-view.js";
import { summary } from "./escrow-view.js";
import { agent, badge, entry, fill, name, named, nothing, reveal } from "./page.js";
import { ratingChart } from "./rating-chart.js";
import { status, verdict } from "./words.js";

/** Changes that are drawn and listed at most: the oldest ones, as the API gives them. */
const MOST_CHANGES = 20_000;

/** Rows of a long table that are made at once. */
const ROWS = 50;

const path = `/v1/agents/${part(named())}`;

async function about() {
  const one = await get(path);
  name(one.id);
  fill("skills", () => skills(one));
  return [
    one.revoked
      ? el("p", { class: "notice" }, "This agent's key was revoked: nobody speaks for it any more, and nobody can make a deal with it.")
      : null,
    one.id === one.first_id ? null : el("p", {}, "Its first key was called ", code(one.first_id), "; it is one account all the same."),
    facts([
      ["Rating", el("strong", { class: "big" }, number(one.rating))],
      ["Deals that moved it", number(one.transactions)],
      ["At stake now", `${number(one.staked)} points`],
      ["Free to stake", `${number(one.available)} points`],
      ["Moves by at most", `${number(one.k_factor)} points and the deal's worth`],
      ["Last change", one.updated === null ? "none yet" : moment(one.updated)],
      ["First named in", entry(one.first_index)],
    ], "facts tiles"),
    one.is_new ? el("p", { class: "quiet" }, "No finished deal has moved this rating: it is the one that everybody begins with.") : null,
  ];
}

async function history() {
  const { items, next } = await list(`${path}/history`, "changes", MOST_CHANGES);
  if (items.length === 0) {
    return nothing("No deal has moved this agent's rating yet.");
  }
  const series = Map.groupBy(items, (change) => change.capability);
  const shown = el("div", {});
  const draw = (capability) => {
    const what = capability === null ? "rating" : `rating for ${capability}`;
    shown.replaceChildren(...curve(series.get(capability), what));
  };
  draw(series.has(null) ? null : series.keys().next().value);
  return [
    next === null ? null : el("p", { class: "notice" }, `Only the first ${number(items.length)} changes are shown here; the API has the rest.`),
    series.size > 1 ? choice([...series.keys()], draw) : null,
    shown,
  ];
}

/** Which rating is drawn: the agent's own, or the one for a skill. */
function choice(capabilities, draw) {
  const select = el("select", { id: "series" }, capabilities.map((capability) =>
    el("option", {}, capability === null ? "Overall" : shortened(capability === "" ? "(no name)" : capability, 60))));
  select.addEventListener("change", () => draw(capabilities[select.selectedIndex]));
  return el("p", {}, el("label", { for: "series" }, "Rating "), select);
}

const CHANGES = [
  { title: "When" },
  { title: "Entry", class: "wide" },
  { title: "Change", class: "number" },
  { title: "Rating", class: "number strong" },
  { title: "Deal" },
];

function curve(changes, what) {
  const latest = changes.toReversed();
  return [
    ratingChart(changes, what),
    details(
      `Every change as a table (${number(changes.length)})`,
      longTable("Latest first", CHANGES, latest, (change) =>
        [moment(change.at), entry(change.index), signed(change.new_rating - change.old_rating), number(change.new_rating), deal(change.proposal_id)]),
    ),
  ];
}

/** A table that shows its rows by and by. */
function longTable(caption, columns, items, cells) {
  const holder = el("div", {});
  const show = (count) => {
    holder.replaceChildren(table(caption, columns, items.slice(0, count).map(cells)));
    if (count < items.length) {
      holder.append(button(`Show ${number(Math.min(4 * ROWS, items.length - count))} more`, () => show(count + 4 * ROWS)));
    }
  };
  show(ROWS);
  return holder;
}

function deal(id) {
  return el("a", { class: "id", href: `/proposals/${part(id)}`, title: id }, shortened(id, 14));
}

function skills(one) {
  const rated = Object.entries(one.skills);
  return [
    rated.length === 0
      ? nothing("No finished deal was about a skill yet.")
      : table(
        "Rated by deals that named the skill",
        [{ title: "Skill" }, { title: "Rating", class: "number strong" }, { title: "Deals", class: "number" }, { title: "Last change", class: "wide" }],
        rated.map(([skill, rating]) =>
          [capability(skill), number(rating.rating), number(rating.transactions), moment(rating.updated)])),
    one.registered === null
      ? el("p", { class: "quiet" }, "This agent has registered no list of what it offers.")
      : el("div", {},
        el("h3", {}, "What it says that it offers"),
        el("ul", { class: "offers" }, one.registered.skills.map(offer)),
        el("p", { class: "quiet" }, "Signed by the agent in ", entry(one.registered.index), ", ", moment(one.registered.registered_at), ". Nobody has checked it.")),
  ];
}

function capability(text) {
  return text === "" ? el("em", {}, "(no name)") : said(text);
}

function offer(skill) {
  const more = Object.entries(skill).filter(([key]) => key !== "capability");
  return el("li", {}, el("strong", {}, said(String(skill.capability))), more.map(([key, value]) =>
    el("span", {}, " · ", said(key), ": ", said(shortened(typeof value === "string" ? value : JSON.stringify(value), 300)))));
}

/** Receipts come oldest first, one page after another. */
async function receipts() {
  const page = await get(`${path}/receipts?limit=${ROWS}`);
  if (page.receipts.length === 0) {
    return nothing("No deal of this agent has ended with a receipt yet.");
  }
  const cards = el("ul", { class: "cards" }, page.receipts.map((one) => receipt(one, page)));
  const more = el("div", {});
  const offerMore = (next) => {
    if (next === null) {
      more.replaceChildren();
      return;
    }
    const press = button("Show later deals", async () => {
      press.disabled = true;
      try {
        const later = await get(`${path}/receipts?from=${next}&limit=${ROWS}`);
        cards.append(...later.receipts.map((one) => receipt(one, later)));
        offerMore(later.next);
      } catch (trouble) {
        press.disabled = false;
        press.textContent = `${trouble.message} Try again`;
      }
    });
    more.replaceChildren(press);
  };
  offerMore(page.next);
  return [el("p", { class: "quiet" }, "Oldest first. A receipt holds everything that was signed for the deal."), cards, more];
}

function receipt(one, { id: self, escrows, deployments }) {
  const escrow = escrows[one.proposal_id] ?? null;
  const deployment = deployments[one.proposal_id] ?? null;
  const offered = own(one.from, self, one.to);
  const other = offered ? one.to : one.from;
  const change = one.rating_changes[offered ? one.from : one.to];
  return el(
    "li",
    { class: "card" },
    el("p", { class: "task" }, el("a", { href: `/proposals/${part(one.proposal_id)}` }, said(shortened(one.proposal.task || one.proposal_id, 140)))),
    el("p", { class: "line" },
      badge(one.status, status(one.status)[0]),
      el("span", {}, offered ? "for it by " : "by it for ", agent(other)),
      change === undefined || one.cooldown ? el("span", { class: "quiet" }, "rating not moved") : el("span", {}, "rating ", signed(change.change)),
      one.verdict === undefined ? null : el("span", {}, `judged ${verdict(one.verdict)}`),
      moment(one.ts)),
    escrow === null ? null : summary(escrow),
    deployment === null ? null : el("p", { class: "line" }, el("span", {}, "Machines"), phaseBadge(deployment)),
    el("p", { class: "line" },
      el("a", { href: `/v1/receipts/${part(one.proposal_id)}`, download: `${one.proposal_id}.json` }, "Receipt as a file")),
  );
}

/** Whether the proposer is this account; names of its former keys count too. */
function own(from, self, to) {
  return from === self || (to !== self && formerNames.has(from));
}

let formerNames = new Set();

async function keys() {
  const chain = await get(`${path}/keys`);
  return el("ol", { class: "timeline" }, chain.keys.map((key) => el(
    "li",
    {},
    el("p", { class: "line" }, el("strong", { class: "id" }, key.id), key.end === null ? badge("completed", "Key of today") : badge(key.end === "revoked" ? "disputed" : "expired", key.end === "revoked" ? "Revoked" : "Replaced")),
    el("p", { class: "line" }, "from ", entry(key.from_index), key.end_index === null ? null : [" to ", entry(key.end_index)]),
    details("Public key", el("pre", {}, key.key)),
  )));
}

/** Bindings that are looked at, the oldest ones: few agents ever bind more than a handful. */
const MOST_WALLETS = 2_000;

async function wallets() {
  const { items, next } = await list(`${path}/wallets`, "wallets", MOST_WALLETS);
  if (items.length === 0) {
    return nothing("This agent has bound no wallet, so it makes no deal that demands money in a contract.");
  }
  const contract = (one) => `${chainOf(one)}:${one.escrow}`;
  const newest = new Map(items.map((one) => [contract(one), one]));
  const former = items.filter((one) => newest.get(contract(one)) !== one);
  return [
    next === null ? null : el("p", { class: "notice" }, `Only the first ${number(items.length)} bindings are shown here, so later ones may count instead; the API has the rest.`),
    el("p", { class: "quiet" }, "Each is for one escrow contract on one chain. A deal keeps the wallets that were bound when it was accepted."),
    el("ul", { class: "cards" }, [...newest.values()].map((one) => el("li", { class: "card" }, wallet(one, standing(one))))),
    former.length === 0 ? null : details(`Replaced by later ones (${number(former.length)})`,
      el("ul", { class: "cards" }, former.map((one) => el("li", { class: "card" }, wallet(one, badge("expired", "Replaced")))))),
  ];
}

function chainOf({ account }) {
  return account.slice(0, account.lastIndexOf(":"));
}

function standing(one) {
  if (one.not_after * 1000 < Date.now()) {
    return badge("expired", "Its time is over");
  }
  return one.claimed ? badge("pending", "Claimed only") : badge("completed", "The wallet signed");
}

function wallet(one, state) {
  return [
    el("p", { class: "line" }, code(one.account.slice(one.account.lastIndexOf(":") + 1)), state),
    one.claimed ? el("p", {}, "It is said to be a contract: only the chain knows whether it agreed (ERC-1271).") : null,
    el("p", { class: "quiet" }, "On ", code(chainOf(one)), " for the contract ", code(one.escrow), ", until ",
      moment(one.not_after * 1000), ". Bound in ", entry(one.index), "."),
  ];
}

async function start() {
  if (!(await fill("agent", about))) {
    name(shortened(named(), 64));
    return;
  }
  reveal();
  fill("history", history);
  fill("keys", keys);
  fill("wallets", wallets);
  fill("receipts", async () => {
    formerNames = new Set((await get(`${path}/keys`)).keys.map((key) => key.id));
    return receipts();
  });
}

name(shortened(named(), 64));
start();
