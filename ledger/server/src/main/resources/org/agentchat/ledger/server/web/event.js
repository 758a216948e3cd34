// Reads the text of an entry as far as people want to know; whatever it is, nothing is thrown.

function textOf(value) {
  return typeof value === "string" && value !== "" ? value : null;
}

const NOTHING = {
  type: "", at: null, relay: null, scheme: null, key: null, recipient: null, about: null, words: null, known: false,
};

/**
 * What an entry says: { type, at, relay, scheme, key, recipient, about, words, known }. `type` is the statement's
 * or the event's; `recipient` the key that an offer is for; `about` the proposal or case that it
 * names; `words` what its author wrote; `known` whether it has the shape of an event.
 */
export function read(text) {
  let event;
  try {
    event = JSON.parse(text);
  } catch {
    return NOTHING;
  }
  if (event === null || typeof event !== "object" || typeof event.type !== "string") {
    return NOTHING;
  }
  const statement = event.statement ?? {};
  return {
    type: event.type === "STATEMENT" ? String(statement.type) : event.type,
    at: Number.isSafeInteger(event.at) ? event.at : null,
    relay: textOf(event.relay),
    scheme: textOf(event.signature?.scheme),
    key: textOf(event.signature?.key),
    recipient: textOf(event.recipient),
    about: textOf(statement.proposal_id ?? statement.dispute_id ?? event.dispute_id),
    words: textOf(statement.reason ?? statement.proof ?? statement.reasoning ?? statement.statement ?? event.origin),
    known: true,
  };
}
