// What a rating map holds for an account, and the way from there up to the map's root: a binary trie in
// which a leaf sits at the shortest prefix that no other key shares.
import { agent, key } from "./agent-key.js";
import { hex, ofHex, utf8 } from "./bytes.js";
import { canonical, object } from "./canonical.js";
import { Flaw, within } from "./flaw.js";
import { Numeral, parse } from "./json.js";
import { sha256 } from "./sha256.js";

const HASH = /^[0-9a-f]{64}$/;
const MAX_WHOLE = 2n ** 31n - 1n;
const MAX_SAFE = 2n ** 53n - 1n;
const BITS = 8;

/** Of a place where nothing is. */
const EMPTY = new Uint8Array(32);

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

function whole(value, most, name) {
  const found = value instanceof Numeral && value.isWhole() ? BigInt(value.literal) : -1n;
  if (found < 0n || found > most) {
    throw new Flaw(`${name}: a whole number wanted`);
  }
  return found;
}

function text(value, name) {
  if (typeof value !== "string") {
    throw new Flaw(`${name}: missing`);
  }
  return value;
}

function capability(value) {
  const field = (name) => whole(value instanceof Map ? value.get(name) : null, MAX_WHOLE, name);
  return new Map([["rating", field("rating")], ["transactions", field("transactions")]]);
}

function read(map) {
  if (!(map instanceof Map)) {
    throw new Flaw("an object wanted");
  }
  const history = text(map.get("history"), "history");
  if (!HASH.test(history)) {
    throw new Flaw("history: 64 lower-case hexadecimal digits wanted");
  }
  const capabilities = map.get("capabilities");
  return {
    agent: agent(text(map.get("agent"), "agent")),
    capabilities: new Map(
      [...(capabilities instanceof Map ? capabilities : [])].map(([name, rating]) => [name, capability(rating)])),
    events: whole(map.get("events"), MAX_SAFE, "events"),
    history,
    key: key(text(map.get("key"), "key")),
    rating: whole(map.get("rating"), MAX_WHOLE, "rating"),
    revoked: map.get("revoked") === true,
    staked: whole(map.get("staked"), MAX_WHOLE, "staked"),
    transactions: whole(map.get("transactions"), MAX_WHOLE, "transactions"),
  };
}

/** The leaf of a text that is exactly its encoding (RFC 8785). */
export function leafOf(encoded) {
  return within("leaf", async () => {
    const leaf = read(parse(encoded));
    if (!encoded.isWellFormed() || canonical(object(leaf)) !== encoded) {
      throw new Flaw("not the canonical encoding (RFC 8785) of its leaf");
    }
    return { ...leaf, hash: hex(await sha256(utf8(encoded))) };
  });
}

/** The key of an account in the map, as hexadecimal digits: of its name without the @. */
export async function keyOf(id) {
  return hex(await sha256(utf8(id.slice(1))));
}

/** Whether the key leads right at the depth: its bits are read from the most significant on. */
function isRight(place, depth) {
  return ((place[Math.floor(depth / BITS)] >> (BITS - 1 - depth % BITS)) & 1) === 1;
}

async function leadsTo(root, place, { occupant, siblings }) {
  let sum = occupant === null ? EMPTY : await sha256(LEAF, ofHex(occupant.key), ofHex(occupant.value_hash));
  let depth = siblings.length;
  for (const digits of siblings) {
    depth--;
    const sibling = ofHex(digits);
    sum = isRight(place, depth) ? await sha256(NODE, sibling, sum) : await sha256(NODE, sum, sibling);
  }
  return hex(sum) === root;
}

/** Whether the path shows that the map of that root holds a value of that hash for the key. */
export async function includes(root, place, valueHash, path) {
  return path.occupant !== null && path.occupant.key === place && path.occupant.value_hash === valueHash
    && leadsTo(root, ofHex(place), path);
}

function isAnotherAt(place, other, depth) {
  for (let i = 0; i < depth; i++) {
    if (isRight(place, i) !== isRight(other, i)) {
      return false;
    }
  }
  return hex(place) !== hex(other);
}

/** Whether it shows that the map holds nothing: the place is empty, or another key's with the same first bits. */
export async function excludes(root, place, path) {
  const bytes = ofHex(place);
  return (path.occupant === null || isAnotherAt(bytes, ofHex(path.occupant.key), path.siblings.length))
    && leadsTo(root, bytes, path);
}
