// The log, entry by entry, with its tree and checkpoint.
import { get, health, text } from "./api.js";
import { code, el, facts, moment, number, shortened } from "./dom.js";
import { binding, fill, nothing } from "./page.js";
import { read } from "./event.js";
import { kind } from "./words.js";

/** Entries of one page here. */
const ENTRIES = 25;

const INDEX = /^[0-9]{1,15}$/;

async function tree() {
  const stats = await get("/v1/stats");
  return [
    el("h3", {}, "Tree"),
    facts([
      ["Entries", number(stats.size)],
      ["Made of complete trees of", stats.size === 0 ? null : parts(stats.size)],
      ["Root hash", code(stats.root_hash)],
      ["Hash of what follows from it", code(stats.state_hash)],
    ]),
    el("p", { class: "quiet" }, "The root (RFC 6962) names every entry and their order. Whoever folds the same entries gets the same two hashes."),
  ];
}

/** A Merkle tree of any size is some complete ones side by side: the powers of two in its size. */
function parts(size) {
  const bits = size.toString(2);
  return [...bits].flatMap((bit, i) => (bit === "1" ? [number(2 ** (bits.length - 1 - i))] : [])).join(" + ");
}

/** Whether a checkpoint and what the ledger says otherwise agree; null when they speak of different sizes. */
function comparison(note, stats) {
  const [origin, size, root] = note.split("\n");
  if (size !== String(stats.size)) {
    return el("p", { class: "quiet" }, `It is over ${shortened(size ?? "", 20)} entries, the tree beside it over ${number(stats.size)}: load the page again to compare them.`);
  }
  return origin === stats.origin && hex(root) === stats.root_hash
    ? el("p", {}, "It names the same log, as many entries and the same root as the tree beside it.")
    : el("p", { class: "trouble" }, "It does not agree with the tree beside it. Keep both: one of them is false.");
}

function hex(base64) {
  try {
    return [...atob(base64)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  } catch {
    return "";
  }
}

async function checkpoint() {
  const note = await text("/checkpoint");
  const stats = note === null ? null : await get("/v1/stats");
  return [
    el("h3", {}, "Checkpoint"),
    note === null
      ? nothing("This ledger publishes no signed checkpoint. The hashes on this page are only what it says now; keep them if you want to compare later.")
      : el("div", {},
        el("pre", { id: "note", dir: "ltr" }, note),
        comparison(note, stats),
        el("p", { class: "quiet" }, "A signed note (C2SP tlog-checkpoint): the log's name, its size, its root hash, and who signed it. This page does not check the signature. Keep a copy: a ledger that later signs another root for the same size has shown that it lied.")),
  ];
}

async function entries(wanted) {
  const size = (await health()).size;
  const last = Math.max(0, size - ENTRIES);
  const from = wanted ?? last;
  turn(from, size, last);
  if (size === 0) {
    return nothing("The log is empty: nobody has signed anything yet.");
  }
  if (from >= size) {
    return nothing(`There is no entry ${number(from)} yet: the ledger has read ${number(size)} entries, the last is ${number(size - 1)}.`);
  }
  const page = await get(`/v1/log?from=${from}&limit=${ENTRIES}`);
  return el("ol", { class: "entries" }, page.entries.map(entry));
}

function turn(from, size, last) {
  const link = (label, to, there) =>
    el("li", {}, there ? el("a", { href: `/log?from=${to}` }, label) : el("span", { class: "quiet" }, label));
  document.getElementById("turn").replaceChildren(el("ul", {},
    link("First", 0, from > 0),
    link("Earlier", Math.max(0, from - ENTRIES), from > 0),
    link("Later", from + ENTRIES, from + ENTRIES < size),
    link("Latest", last, from < last || from >= size)));
}

function entry(one) {
  const event = read(one.event ?? "");
  const title = event.known ? kind(event.type) ?? shortened(event.type, 40) : "No event: it changed nothing";
  const open = location.hash === `#entry-${one.index}`;
  return el(
    "li",
    { id: `entry-${one.index}` },
    el("details", { open },
      el("summary", {},
        el("span", { class: "index" }, number(one.index)),
        el("span", { class: "title" }, title),
        el("span", { class: "when" }, event.at === null ? "" : moment(event.at)),
        el("span", { class: "hash", title: one.leaf_hash }, el("span", { class: "unseen" }, "leaf hash "), shortened(one.leaf_hash, 13))),
      facts([
        ["Leaf hash", code(one.leaf_hash)],
        ["Recorded by", event.relay === null ? null : code(event.relay)],
        ["Signed with key", event.key === null ? null : code(event.key)],
        ["About", about(event.about)],
      ]),
      event.scheme === null ? null : binding(event.scheme, event.type),
      el("p", { class: "quiet" }, one.event === undefined ? "The exact bytes, which are no text, in base64:" : "The exact text:"),
      el("pre", { dir: "ltr" }, one.event ?? one.event_base64)),
  );
}

const DEAL = /^prop_[0-9A-Za-z_-]{1,123}$/;
const CASE = /^disp_[0-9A-Za-z_-]{1,123}$/;

function about(id) {
  if (id === null) {
    return null;
  }
  const folder = DEAL.test(id) ? "proposals" : CASE.test(id) ? "disputes" : null;
  return folder === null ? code(id) : el("a", { class: "id", href: `/${folder}/${id}` }, id);
}

document.getElementById("jump").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = document.getElementById("from");
  const wanted = input.value.trim();
  if (INDEX.test(wanted)) {
    location.assign(`/log?from=${wanted}`);
    return;
  }
  document.getElementById("jump-trouble").textContent = "A whole number is wanted: entries count from 0.";
  input.focus();
});

async function start() {
  const asked = new URLSearchParams(location.search).get("from");
  const wanted = asked !== null && INDEX.test(asked) ? Number(asked) : null;
  document.getElementById("from").value = wanted ?? "";
  fill("tree", tree);
  fill("checkpoint", checkpoint);
  if (await fill("entries", () => entries(wanted))) {
    document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
  }
}

start();
