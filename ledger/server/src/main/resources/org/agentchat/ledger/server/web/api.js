// Asks the ledger's API. Whatever goes wrong comes out as a Trouble in words for people.

/** How long an answer may take, in milliseconds; then the ledger counts as away. */
const PATIENCE = 15_000;

/** Items of one page of an answer; the API gives 1,000 at the most. */
const PAGE = 500;

/**
 * Why there is no answer.
 * kind: "missing" (the log knows nothing of it), "bad" (asked wrongly), "behind" (the ledger cannot
 * answer now), "away" (nobody answers).
 */
export class Trouble extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

async function ask(path) {
  try {
    return await fetch(path, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    throw new Trouble("away", "The ledger does not answer. It may be down, or this device offline.");
  }
}

/** What the API says begins small and ends without a full stop. */
function sentence(text) {
  return text === "" ? "" : text[0].toUpperCase() + text.slice(1) + ".";
}

async function refusal(answer) {
  let detail = "";
  try {
    detail = sentence(String((await answer.json()).detail ?? ""));
  } catch {
    // Not every proxy in between speaks the API's language.
  }
  switch (answer.status) {
    case 404:
      return new Trouble("missing", detail || "The log knows nothing of that name.");
    case 400:
      return new Trouble("bad", detail || "That was asked wrongly.");
    case 503:
      return new Trouble("behind", detail || "Try again in a moment.");
    default:
      return new Trouble("away", `The ledger answered with an error (${answer.status}). ${detail}`);
  }
}

/** The JSON of a path, or a Trouble. */
export async function get(path) {
  const answer = await ask(path);
  if (!answer.ok) {
    throw await refusal(answer);
  }
  try {
    return await answer.json();
  } catch {
    throw new Trouble("away", "The ledger's answer was cut short.");
  }
}

/** How the ledger is: an answer also when it is not well. */
export async function health() {
  const answer = await ask("/health");
  try {
    return await answer.json();
  } catch {
    throw await refusal(answer);
  }
}

/** The text of a path, or null where nothing is. */
export async function text(path) {
  const answer = await ask(path);
  if (answer.status === 404) {
    return null;
  }
  if (!answer.ok) {
    throw await refusal(answer);
  }
  return answer.text();
}

/** Items of a list from the start, until it ends or there are as many as wanted: { items, next }. */
export async function list(path, name, most) {
  const items = [];
  let next = 0;
  while (next !== null && items.length < most) {
    const page = await get(`${path}?from=${next}&limit=${PAGE}`);
    items.push(...page[name]);
    next = page.next;
  }
  return { items, next };
}

/** A name as a part of a path. */
export function part(name) {
  return encodeURIComponent(name).replaceAll("%40", "@");
}
