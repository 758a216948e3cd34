// Reads a receipt file (`agentchat-receipt/1`): strict JSON, every field known and of its type, each
// number in its one form. Whether any of it is true is not known here.
import { agent } from "./agent-key.js";
import { textOf } from "./bytes.js";
import { Flaw, excerpt } from "./flaw.js";
import { Numeral, exactly, isSameDecimal, isWellFormed, parse } from "./json.js";
import { Rejected } from "./verdict.js";

const FORMAT = "agentchat-receipt/1";

/** Largest file, in bytes. */
export const MAX_BYTES = 4 * 1024 * 1024;

/** Legs and rotations of a file, together. */
const MAX_LEGS = 64;

// Readers of one value. Absent is undefined, and only an optional one may be that.

function string(value, name) {
  if (typeof value !== "string") {
    throw new Flaw(`${name}: ${value === undefined ? "missing" : "a text wanted"}`);
  }
  return value;
}

function boolean(value, name) {
  if (typeof value !== "boolean") {
    throw new Flaw(`${name}: true or false wanted`);
  }
  return value;
}

function whole(bits) {
  return (value, name) => {
    if (!(value instanceof Numeral) || !value.isWhole()) {
      throw new Flaw(`${name}: a whole number wanted`);
    }
    const number = BigInt(value.literal);
    if (BigInt.asIntN(bits, number) !== number) {
      throw new Flaw(`${name}: a number of ${bits} bits wanted, found ${excerpt(value.literal, 40)}`);
    }
    return number;
  };
}

const int = whole(32);
const long = whole(64);

/** A number in its ECMAScript form; its text. */
function quantity(value, name) {
  const text = value instanceof Numeral ? exactly(value) : null;
  if (text === null || new Numeral(text).isWhole() !== value.isWhole()
    || !(value.isWhole() || isSameDecimal(text, value.literal))) {
    throw new Flaw(`${name}: a number as ECMAScript prints it wanted`);
  }
  return text;
}

function id(value, name) {
  return agent(string(value, name));
}

function verdict(value, name) {
  if (!["disputant", "respondent", "mutual"].includes(value)) {
    throw new Flaw(`${name}: no such verdict`);
  }
  return value;
}

/** May be left out, but not be null. */
function optional(read) {
  return (value, name) => (value === undefined ? null : read(value, name));
}

/** May be null, but not be left out. */
function nullable(read) {
  return (value, name) => (value === null ? null : read(value, name));
}

function list(read) {
  return (value, name) => {
    if (!Array.isArray(value)) {
      throw new Flaw(`${name}: an array wanted`);
    }
    return value.map((element, i) => read(element, `${name}[${i}]`));
  };
}

function record(fields) {
  return (value, name) => {
    if (!(value instanceof Map)) {
      throw new Flaw(`${name}: an object wanted`);
    }
    for (const known of value.keys()) {
      if (!Object.hasOwn(fields, known)) {
        throw new Flaw(`${name}.${excerpt(known, 40)}: unknown`);
      }
    }
    return Object.fromEntries(
      Object.entries(fields).map(([field, read]) => [field, read(value.get(field), `${name}.${field}`)]));
  };
}

const ratingChange = record({ oldRating: int, newRating: int, change: int, transactions: int });

const stakeOutcome = record({
  proposer_stake: int, acceptor_stake: int, settlement: string, transferred_to: optional(string),
  transferred_amount: optional(int), burned_amount: optional(int),
});

/** What became of ratings is looked at for its shape only: no file can prove it. */
function ratingChanges(value, name) {
  if (!(value instanceof Map)) {
    throw new Flaw(`${name}: an object wanted`);
  }
  value.forEach((change, who) => (who === "_escrow" ? stakeOutcome : ratingChange)(change, `${name}.${who}`));
  return value;
}

const leg = record({ type: string, index: long, leaf_hash: string, signer: id, scheme: string, event: string });

const receipt = record({
  type: string, ts: long, proposal_id: string, status: string, from: id, to: id,
  completed_by: optional(id), completed_at: optional(long), disputed_by: optional(id), disputed_at: optional(long),
  proof: optional(string), reason: optional(string), dispute_id: optional(string), verdict: optional(verdict),
  arbiters: optional(list(record({
    arbiter: id, verdict: nullable(verdict), reasoning: nullable(string), reward: int,
  }))),
  fee_lost: optional(int),
  elo_stakes: record({ proposer: int, acceptor: int }),
  rating_changes: ratingChanges,
  cooldown: boolean,
  proposal: record({
    from: id, to: id, task: string, amount: optional(quantity), currency: optional(string),
    payment_code: optional(string), terms: optional(string), capability: optional(string), created_at: long,
  }),
  origin: string,
  index: long,
  legs: list(leg),
});

const file = record({ format: string, receipt, rotations: list(leg), proofs: list(string) });

/** Nobody needs to read a file that is larger than any receipt. */
export function requireSize(bytes) {
  if (bytes > MAX_BYTES) {
    throw new Flaw(`${bytes} bytes, at most ${MAX_BYTES} wanted`);
  }
}

/** The file of these bytes; absent fields are null, whole numbers bigints. */
export function read(bytes) {
  requireSize(bytes.length);
  const tree = parse(textOf(bytes));
  const format = tree instanceof Map ? tree.get("format") : null;
  if (typeof format !== "string" || format === "") {
    throw new Flaw("not a receipt file: it names no format");
  }
  if (format !== FORMAT) {
    throw new Rejected("UNKNOWN_FORMAT", `the format is ${excerpt(format, 40)}, ${FORMAT} is known here`);
  }
  const found = file(tree, "");
  if (!isWellFormed(tree)) {
    throw new Flaw("half a character (unpaired surrogate)");
  }
  const legs = found.receipt.legs.length + found.rotations.length;
  if (legs > MAX_LEGS) {
    throw new Flaw(`${legs} legs, at most ${MAX_LEGS} wanted`);
  }
  if (found.proofs.length !== legs) {
    throw new Flaw(`${found.proofs.length} proofs for ${found.receipt.legs.length} legs and ${found.rotations.length} rotations`);
  }
  return found;
}
