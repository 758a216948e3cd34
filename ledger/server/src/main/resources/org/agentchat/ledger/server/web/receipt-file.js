// Reads a receipt file (`agentchat-receipt/1`): strict JSON, every field known and of its type, each
// number in its one form. Whether any of it is true is not known here.
import { textOf } from "./bytes.js";
import { address, hash, terms } from "./escrow.js";
import { boolean, id, int, list, long, nullable, optional, quantity, record, requireFormat, string } from "./fields.js";
import { Flaw } from "./flaw.js";
import { isWellFormed, parse } from "./json.js";

const FORMAT = "agentchat-receipt/1";

/** Largest file, in bytes. */
export const MAX_BYTES = 6 * 1024 * 1024;

/** Legs, rotations and statements of an escrow, together: up to 22 statements by up to 12 accounts, each of
 * which may have rotated its key 64 times. */
const MAX_LEGS = 22 + 12 * 64;

function verdict(value, name) {
  if (!["disputant", "respondent", "mutual"].includes(value)) {
    throw new Flaw(`${name}: no such verdict`);
  }
  return value;
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
    payment_code: optional(string), terms: optional(string), capability: optional(string),
    escrow: optional(terms), created_at: long,
  }),
  escrow: optional(record({
    id: hash, payer: address, payee: address, payer_binding: long, payee_binding: long, locked: long,
  })),
  origin: string,
  index: long,
  legs: list(leg),
});

/** Left out when there is none. */
function moneyLegs(value, name) {
  const legs = list(leg)(value, name);
  if (legs.length === 0) {
    throw new Flaw(`${name}: unknown, or null`);
  }
  return legs;
}

const file = record({
  format: string, receipt, rotations: list(leg), escrow: optional(moneyLegs), proofs: list(string),
});

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
  requireFormat(tree, FORMAT, "not a receipt file: it names no format");
  const found = file(tree, "");
  if (!isWellFormed(tree)) {
    throw new Flaw("half a character (unpaired surrogate)");
  }
  found.escrow ??= [];
  const legs = found.receipt.legs.length + found.rotations.length + found.escrow.length;
  if (legs > MAX_LEGS) {
    throw new Flaw(`${legs} legs, at most ${MAX_LEGS} wanted`);
  }
  if (found.proofs.length !== legs) {
    throw new Flaw(`${found.proofs.length} proofs for ${legs} legs, rotations and statements of an escrow`);
  }
  return found;
}
