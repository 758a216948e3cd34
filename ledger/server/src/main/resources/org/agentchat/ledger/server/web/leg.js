// Reads each leg of a receipt file by itself: its event is the one encoding of a statement, the statement
// is signed, and the leg says of it what is so. Whether the log holds it is another question.
import { idOf } from "./agent-key.js";
import { hex } from "./bytes.js";
import { decode } from "./entry.js";
import { within } from "./flaw.js";
import { BOUND, isSigned } from "./statement.js";
import { leafHash, proof } from "./tlog.js";
import { Rejected } from "./verdict.js";

function same(index, name, found, wanted) {
  if (found !== wanted) {
    throw new Rejected("CLAIM_DIFFERS", `entry ${index}: ${name} is ${found}, the event says ${wanted}`);
  }
}

async function leg(claimed, shown, verifier) {
  const { index } = claimed;
  const event = await within(`entry ${index}`, () => decode(claimed.event));
  if (event.type !== "STATEMENT") {
    throw new Rejected("LEG_FOREIGN", `entry ${index}: not a statement of an agent`);
  }
  const { statement, signature } = event;
  const signer = await idOf(signature.key);
  if (!await isSigned(statement, signature, verifier)) {
    throw new Rejected("BAD_STATEMENT_SIGNATURE",
      `entry ${index}: ${signer} did not sign this ${statement.type}: it was altered, or signed with another key`);
  }
  const hash = await leafHash(claimed.event);
  if (claimed.leaf_hash !== hex(hash)) {
    throw new Rejected("WRONG_LEAF_HASH",
      `entry ${index}: the leaf hash is ${claimed.leaf_hash}, that of its event is ${hex(hash)}`);
  }
  if (index !== shown.index) {
    throw new Rejected("WRONG_INDEX", `the leg says that it is entry ${index}, its proof is for entry ${shown.index}`);
  }
  same(index, "type", claimed.type, statement.type);
  same(index, "signer", claimed.signer, signer);
  same(index, "scheme", claimed.scheme, signature.scheme);
  return {
    index, event, statement, hash, signer,
    type: statement.type,
    key: signature.key,
    scheme: signature.scheme,
    proof: shown,
    words: `entry ${index} (${statement.type} of ${signer})`,
  };
}

/** The legs of the file, then those of its rotations, then those of its escrow, sound in themselves. */
export async function legs(file, verifier) {
  const proofs = [];
  for (const [i, text] of file.proofs.entries()) {
    proofs.push(await within(`proofs[${i}]`, () => proof(text)));
  }
  const all = [];
  for (const claimed of [...file.receipt.legs, ...file.rotations, ...file.escrow]) {
    all.push(await leg(claimed, proofs[all.length], verifier));
  }
  return all;
}

/** What `agentchat/2` signs names the log. */
export function requireOrigin({ words, scheme, event }, origin) {
  const signed = event.signature.origin;
  if (scheme === BOUND && signed !== origin) {
    throw new Rejected("WRONG_ORIGIN", `${words} was signed for the log ${signed}, the receipt is of ${origin}`);
  }
}
