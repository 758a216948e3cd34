// One court case as it stands.
import { get, part } from "./api.js";
import { code, details, el, facts, moment, said } from "./dom.js";
import { agent, badge, entry, fill, name, named, nothing, reveal } from "./page.js";
import * as words from "./words.js";

const id = named();

const SEAT = { assigned: "asked", accepted: "agreed to judge", voted: "voted" };

async function about() {
  const one = await get(`/v1/disputes/${part(id)}`);
  const [title, meaning] = words.phase(one.phase);
  fill("panel", () => panel(one));
  fill("draw", () => draw(one));
  return [
    el("p", { class: "line" }, badge(one.phase === "resolved" ? "completed" : one.phase === "fallback" ? "expired" : "contested", title), meaning),
    one.verdict === null ? null : el("p", { class: "notice" }, `The verdict: ${words.verdict(one.verdict)}.`),
    one.fallback === null ? null : el("p", { class: "notice" }, "Closed without a verdict: ", said(one.fallback), "."),
    el("blockquote", { class: "task" }, said(one.reason)),
    facts([
      ["Filed by", agent(one.disputant)],
      ["Against", agent(one.respondent)],
      ["Over", el("a", { class: "id", href: `/proposals/${part(one.proposal_id)}` }, one.proposal_id)],
      ["Filed in", entry(one.index)],
      ["Recorded by", code(one.relay)],
      ["Evidence given by", one.evidence.length === 0 ? "nobody yet" : el("span", {}, one.evidence.flatMap((who, i) => [i === 0 ? null : " and ", agent(who)]))],
      ["Moves on by itself", one.deadline === null ? null : moment(one.deadline)],
      ["Last change", moment(one.updated_at)],
    ]),
  ];
}

function panel(one) {
  if (one.arbiters.length === 0) {
    return nothing(one.fallback === null ? "No panel is drawn yet." : "No panel was drawn.");
  }
  return el("ol", { class: "timeline" }, one.arbiters.map((seat) => el(
    "li",
    {},
    el("p", { class: "line" }, agent(seat.arbiter), badge(seat.state === "voted" ? "completed" : "pending", SEAT[seat.state] ?? seat.state)),
    seat.verdict === null ? null : el("p", {}, `Vote: ${words.verdict(seat.verdict)}.`),
    seat.state === "assigned" ? el("p", { class: "quiet" }, "Must answer by ", moment(seat.respond_by)) : null,
    seat.reasoning === null ? null : el("blockquote", {}, said(seat.reasoning)),
  )));
}

function draw(one) {
  return [
    el("p", {}, "Both the one who filed and the relay fixed a number by its hash before either was known. The panel follows from the two numbers, so neither could choose it alone. Together they could; and each can keep its number to itself when the draw would not suit it, which the log shows."),
    details("The numbers", facts([
      ["Hash fixed by the filer", code(one.commitment)],
      ["Hash fixed by the relay", code(one.relay_commitment)],
      ["The relay's number", one.relay_nonce === null ? "not revealed" : code(one.relay_nonce)],
      ["Seed of the draw", one.seed === null ? "not known yet" : code(one.seed)],
    ])),
  ];
}

async function start() {
  if (await fill("dispute", about)) {
    reveal();
  }
}

name(id);
start();
