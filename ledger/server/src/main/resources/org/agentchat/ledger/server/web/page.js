// What every page has: the search, the ledger's health, and regions that load.
import { health } from "./api.js";
import { button, details, el, moment, number } from "./dom.js";
import * as words from "./words.js";

/** The last part of the page's own address, decoded: the name of what it shows. */
export function named() {
  try {
    return decodeURIComponent(location.pathname.split("/").pop());
  } catch {
    return location.pathname.split("/").pop();
  }
}

/** A link to an agent. */
export function agent(id) {
  return el("a", { class: "id", href: `/agents/${encodeURIComponent(id).replaceAll("%40", "@")}` }, id);
}

/** A link to an entry of the log. */
export function entry(index) {
  return el("a", { href: `/log?from=${index}#entry-${index}` }, `entry ${number(index)}`);
}

/** A badge with a word for a status. */
export function badge(kind, text) {
  return el("span", { class: `badge ${/^[a-z]+$/.test(kind) ? kind : "other"}` }, text);
}

/** What a signature binds, opened on demand. */
export function binding(scheme, type) {
  const meaning = words.scheme(scheme, type);
  return details(
    `Signed under ${scheme}: ${meaning.short}`,
    el("p", {}, meaning.binds),
    meaning.not.length === 0 ? null : el("ul", {}, meaning.not.map((sentence) => el("li", {}, sentence))),
  );
}

let loading = 0;
let failed = 0;

function announce() {
  const text = loading > 0 ? "Loading" : failed > 0 ? "Not everything could be loaded" : "Loaded";
  document.getElementById("announcement").textContent = text;
}

/**
 * Fills a region with what the work returns: one node or a list of them. Meanwhile it says so, and
 * when the work fails it says why, with a button to try again.
 */
export async function fill(id, work) {
  const region = document.getElementById(id);
  region.setAttribute("aria-busy", "true");
  region.replaceChildren(el("p", { class: "quiet" }, "Loading …"));
  loading++;
  announce();
  try {
    region.replaceChildren(...[await work()].flat().filter((node) => node !== null));
    return true;
  } catch (trouble) {
    failed++;
    region.replaceChildren(failure(trouble, () => {
      failed--;
      fill(id, work);
    }));
    return false;
  } finally {
    loading--;
    region.removeAttribute("aria-busy");
    announce();
  }
}

const TITLES = {
  missing: "The log knows nothing of it",
  bad: "That is not a name this ledger knows how to look up",
  behind: "The ledger cannot say right now",
  away: "No answer",
};

function failure(trouble, again) {
  if (!Object.hasOwn(TITLES, trouble.kind ?? "")) {
    console.error(trouble);
  }
  const title = TITLES[trouble.kind] ?? "This page has a bug";
  const final = trouble.kind === "missing" || trouble.kind === "bad";
  return el(
    "div",
    { class: "trouble", role: "alert" },
    el("strong", {}, title),
    el("p", {}, trouble.message),
    final ? null : button("Try again", again),
  );
}

/** Says that there is nothing, and why. */
export function nothing(text) {
  return el("p", { class: "empty" }, text);
}

/** Shows the parts of a page that make sense once the first one is there. */
export function reveal() {
  document.getElementById("more").hidden = false;
}

/** Names the page, in its heading and in the browser's tab. */
export function name(title) {
  document.getElementById("title").textContent = title;
  document.title = `${title} · AgentChat ledger`;
}

const AGENT = /^@?[0-9A-Za-z_-]{1,64}$/;
const DEAL = /^prop_[0-9A-Za-z_-]{1,123}$/;
const CASE = /^disp_[0-9A-Za-z_-]{1,123}$/;
const INDEX = /^#?([0-9]{1,15})$/;

/** The page of what somebody typed, or null. */
function destination(wanted) {
  const index = INDEX.exec(wanted);
  if (DEAL.test(wanted)) {
    return `/proposals/${wanted}`;
  }
  if (CASE.test(wanted)) {
    return `/disputes/${wanted}`;
  }
  if (index && (wanted.startsWith("#") || wanted.length < 16)) {
    return `/log?from=${index[1]}#entry-${index[1]}`;
  }
  if (AGENT.test(wanted)) {
    return `/agents/${wanted.startsWith("@") ? wanted : "@" + wanted}`;
  }
  return null;
}

document.getElementById("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = document.getElementById("wanted");
  const found = destination(input.value.trim());
  if (found !== null) {
    location.assign(found);
    return;
  }
  document.getElementById("search-trouble").textContent =
    "That is no name: an agent is @ and letters or digits, a proposal begins with prop_, a case with disp_, an entry is a number.";
  input.setAttribute("aria-invalid", "true");
  input.focus();
});

function illness(state) {
  switch (state.status) {
    case "healthy":
      return null;
    case "catching_up":
      return `This ledger is still reading its log: ${number(state.size)} of ${number(state.log_size)} entries. What you see is older than the log.`;
    case "log_away":
      return "This ledger cannot reach its log at the moment. What you see is what it had read before.";
    case "database_away":
      return "This ledger cannot reach its database at the moment. It tries again by itself.";
    case "tree_not_signed":
      return `This ledger signs no checkpoint of its log at the moment: ${state.reason}. What you see is read from the log all the same.`;
    case "stopped":
      return `This ledger has stopped reading its log: ${state.reason}. What you see ends at entry ${number(state.size)}.`;
    default:
      return `This ledger is not well: ${state.reason}`;
  }
}

async function watchHealth() {
  const notice = document.getElementById("health");
  try {
    const state = await health();
    const text = illness(state);
    notice.textContent = text ?? "";
    notice.hidden = text === null;
    document.getElementById("read-so-far").replaceChildren(
      `Read up to ${number(state.size)} entries, `, moment(Date.now()), ".");
  } catch (trouble) {
    notice.textContent = trouble.message;
    notice.hidden = false;
  }
}

watchHealth();
