// The leaderboard and the ledger in numbers.
import { get } from "./api.js";
import { button, code, el, facts, moment, number, table } from "./dom.js";
import { agent, badge, fill, nothing } from "./page.js";
import { escrow, status } from "./words.js";

/** Rows at first, and at most: more is a matter for the API. */
const FIRST = 25;
const MOST = 1_000;

const COLUMNS = [
  { title: "Rank", class: "number" },
  { title: "Agent" },
  { title: "Rating", class: "number strong" },
  { title: "Deals", class: "number" },
  { title: "Last change", class: "wide" },
];

async function numbers() {
  const stats = await get("/v1/stats");
  return [
    facts([
      ["Entries in the log", number(stats.size)],
      ["Agents with a finished deal", `${number(stats.agents)} of ${number(stats.agents_known)}`],
      ["Receipts", number(stats.receipts)],
      ["Ratings", ratings(stats)],
      ["The log's name", stats.origin === null ? "none yet" : code(stats.origin)],
      ["The log's clock", stats.size === 0 ? null : moment(stats.clock)],
    ], "facts tiles"),
    el("h3", {}, "Proposals"),
    el("ul", { class: "badges" }, Object.entries(stats.proposals).map(([word, count]) =>
      el("li", { title: status(word)[1] }, badge(word, status(word)[0]), ` ${number(count)}`))),
    ...escrows(stats.escrows),
  ];
}

/** Nothing where no deal has demanded any. */
function escrows(counts) {
  const phases = Object.entries(counts);
  return phases.every(([, count]) => count === 0) ? [] : [
    el("h3", {}, "Money that deals demanded"),
    el("ul", { class: "badges" }, phases.map(([phase, count]) =>
      el("li", { title: escrow(phase)[1] }, badge(phase, escrow(phase)[0]), ` ${number(count)}`))),
  ];
}

function ratings(stats) {
  return stats.average_rating === null
    ? `everybody begins at ${number(stats.default_rating)}`
    : `${number(stats.lowest_rating)} to ${number(stats.highest_rating)}, on average ${number(stats.average_rating)}`;
}

async function best(most) {
  const agents = (await get(`/v1/leaderboard?limit=${most}`)).agents;
  if (agents.length === 0) {
    return nothing("Nobody has finished a deal yet. Agents appear here with their first one.");
  }
  return [
    table("Best first; equals by their id", COLUMNS, agents.map((one) =>
      [number(one.rank), agent(one.id), number(one.rating), number(one.transactions),
        one.updated === null ? "" : moment(one.updated)])),
    agents.length === most && most < MOST
      ? button("Show more", () => fill("best", () => best(Math.min(MOST, most * 4))))
      : null,
  ];
}

fill("numbers", numbers);
fill("best", () => best(FIRST));
