// Reads the exact text of an entry of the log. A text that is not the one encoding (RFC 8785) of what it
// says is refused, so a text and what it says are the same thing.
import { agent, key, sized } from "./agent-key.js";
import { ofBase64, utf8 } from "./bytes.js";
import { canonical, object } from "./canonical.js";
import { SIGNATURE_BYTES } from "./ed25519.js";
import { Flaw, excerpt } from "./flaw.js";
import { Numeral, isWellFormed, parse } from "./json.js";
import * as statements from "./statement.js";

/** Largest entry, in bytes: its length is 16 bits (C2SP tlog-tiles). */
const MAX_BYTES = 65_535;

const MAX_SAFE = 2n ** 53n - 1n;
const MAX_POOL = 256;
const RELAY = /^[0-9A-Za-z._-]{1,64}$/;
const ORIGIN = /^[0-9A-Za-z._/:-]{1,128}$/;
const NONCE = /^[0-9A-Za-z_-]{16,64}$/;
const HASH = /^[0-9a-f]{64}$/;
const NAME = /^[^]{1,128}$/;

function whole(value, name, least) {
  const found = value instanceof Numeral && value.isWhole() ? BigInt(value.literal) : -1n;
  if (found < least || found > MAX_SAFE) {
    throw new Flaw(`${name}: a whole number from ${least} to ${MAX_SAFE} wanted`);
  }
  return found;
}

/** Milliseconds since 1970. */
function millis(value, name) {
  return whole(value, name, 0n);
}

function shaped(value, shape, name) {
  if (typeof value !== "string" || !shape.test(value)) {
    throw new Flaw(`${name}: missing, or of another shape than ${shape.source}`);
  }
  return value;
}

function signature(map) {
  const found = map instanceof Map ? map : new Map();
  const read = {
    key: key(shaped(found.get("key"), NAME, "signature.key")),
    scheme: found.get("scheme"),
    sig: sized(shaped(found.get("sig"), NAME, "signature.sig"), SIGNATURE_BYTES, "a signature"),
  };
  switch (read.scheme) {
    case statements.JOINED:
      return read;
    case statements.BOUND:
      return {
        ...read,
        nonce: shaped(found.get("nonce"), NONCE, "signature.nonce"),
        origin: shaped(found.get("origin"), ORIGIN, "signature.origin"),
        ts: millis(found.get("ts"), "signature.ts"),
      };
    default:
      throw new Flaw("signature.scheme: no such scheme");
  }
}

function pool(map) {
  const agents = map instanceof Map ? map.get("agents") : null;
  if (!Array.isArray(agents) || agents.length > MAX_POOL) {
    throw new Flaw(`pool.agents: at most ${MAX_POOL} wanted`);
  }
  agents.forEach((id, i) => {
    if (typeof id !== "string" || (i > 0 && agents[i - 1] >= agent(id))) {
      throw new Flaw("pool.agents: ascending and each once wanted");
    }
    agent(id);
  });
  return { agents, commitment: shaped(map.get("commitment"), HASH, "pool.commitment") };
}

function stated(map, frame) {
  const statement = statements.read(map.get("statement"));
  const recipient = map.get("recipient") ?? null;
  const found = map.get("pool") ?? null;
  if ((recipient !== null && statement.type !== "PROPOSAL") || (found !== null && statement.type !== "DISPUTE_INTENT")) {
    throw new Flaw("recipient or pool: such a statement has none");
  }
  return {
    ...frame,
    statement,
    signature: signature(map.get("signature")),
    recipient: recipient === null ? null : key(shaped(recipient, NAME, "recipient")),
    pool: found === null ? null : pool(found),
  };
}

/** A ledger's word for everybody's rating. */
function ratings(map, frame) {
  return {
    ...frame,
    key: key(shaped(map.get("key"), NAME, "key")),
    origin: shaped(map.get("origin"), ORIGIN, "origin"),
    root: shaped(map.get("root"), HASH, "root"),
    sig: sized(shaped(map.get("sig"), NAME, "sig"), SIGNATURE_BYTES, "a signature"),
    size: whole(map.get("size"), "size", 1n),
  };
}

function event(map) {
  if (!(map instanceof Map)) {
    throw new Flaw("an object wanted");
  }
  const frame = {
    type: map.get("type"), at: millis(map.get("at"), "at"), relay: shaped(map.get("relay"), RELAY, "relay"),
  };
  switch (frame.type) {
    case "STATEMENT":
      return stated(map, frame);
    case "GENESIS":
      return { ...frame, origin: shaped(map.get("origin"), ORIGIN, "origin") };
    case "PANEL_NONCE":
      return {
        ...frame,
        dispute_id: shaped(map.get("dispute_id"), NAME, "dispute_id"),
        nonce: shaped(map.get("nonce"), NAME, "nonce"),
      };
    case "RATINGS":
      return ratings(map, frame);
    case "TICK":
      return frame;
    default:
      throw new Flaw("type: no such event");
  }
}

/** What the key of a ledger's word signs. */
const RATINGS_DOMAIN = "agentchat/ratings/1\n";

/** Whether the key that a RATINGS event names signed it. */
export function isSignedRatings({ key: signer, origin, root, sig, size }, verifier) {
  const bytes = utf8(`${RATINGS_DOMAIN}${canonical(object({ origin, root, size }))}`);
  return verifier.verify(ofBase64(signer), bytes, ofBase64(sig));
}

function encoded(read) {
  return canonical(object({
    ...read,
    ...(read.type === "STATEMENT" ? { statement: object(read.statement), signature: object(read.signature) } : {}),
    ...(read.pool ? { pool: object(read.pool) } : {}),
  }));
}

/**
 * What an entry says: { type, at, relay } and, of a STATEMENT, { statement, signature, recipient, pool }.
 * Times are bigints.
 */
export function decode(text) {
  const bytes = utf8(text).length;
  if (bytes > MAX_BYTES) {
    throw new Flaw(`${bytes} bytes, at most ${MAX_BYTES}`);
  }
  const map = parse(text);
  const read = event(map);
  if (!isWellFormed(map) || encoded(read) !== text) {
    throw new Flaw(`not the canonical encoding (RFC 8785) of its event: ${excerpt(text, 40)}`);
  }
  return read;
}
