// Says what a rating certificate proves to somebody who trusts a policy and nobody else. Asks nobody anything.
//
// The checks, in this order; the first that fails names the code: the file is strict; the commitment is
// signed; the leaf, or its absence, follows from the committed root; the checkpoint is of the same log and
// good by the policy, and the commitment signed with that log's key; it stands where audits judge it; it is
// in the tree; no remembered checkpoint contradicts it.
import { agent, idOf } from "./agent-key.js";
import { base64 } from "./bytes.js";
import { known, requireMet, requireNoFork, unknown } from "./checkpoint-check.js";
import { Verifier } from "./ed25519.js";
import { decode, isSignedRatings } from "./entry.js";
import { Flaw, within } from "./flaw.js";
import * as files from "./rating-file.js";
import { excludes, includes, keyOf, leafOf } from "./rating-map.js";
import { leafHash, proof, proves } from "./tlog.js";
import { Rejected } from "./verdict.js";

/** For how many entries a fold can say whether a commitment is true. */
const WINDOW = 1024n;

async function commitmentOf(file, verifier) {
  const event = await within("the commitment is no event", () => decode(file.commitment));
  if (event.type !== "RATINGS") {
    throw new Flaw("the commitment is another kind of event");
  }
  if (!await isSignedRatings(event, verifier)) {
    throw new Rejected("BAD_STATEMENT_SIGNATURE", "the commitment is not signed by the key that it names");
  }
  return event;
}

function notInMap(what) {
  return new Rejected("NOT_INCLUDED", `the path does not show ${what} under the root that was committed to`);
}

async function heldLeaf(file, { root }) {
  const who = await within("agent", () => agent(file.agent));
  const place = await keyOf(who);
  if (file.leaf === null) {
    if (!await excludes(root, place, file.path)) {
      throw notInMap(`that ${who} is not in it`);
    }
    return null;
  }
  const leaf = await leafOf(file.leaf);
  if (leaf.agent !== who) {
    throw new Rejected("CLAIM_DIFFERS", `the certificate is said to be for ${who}, its leaf is for ${leaf.agent}`);
  }
  if (!await includes(root, place, leaf.hash, file.path)) {
    throw notInMap(`that leaf of ${who}`);
  }
  return leaf;
}

function requireJudged({ size }, index) {
  if (size > index || size <= index - WINDOW) {
    throw new Rejected("WRONG_INDEX",
      `a commitment to ${size} entries at entry ${index} is refused by every audit, true or false`);
  }
}

/** A certificate that is sound: { agent, commitment, ledger, index, leaf, judged, remembered }. */
export async function certified(file, policy, kept, verifier) {
  const commitment = await commitmentOf(file, verifier);
  const leaf = await heldLeaf(file, commitment);
  const shown = await within("proof", () => proof(file.proof));
  const judged = await requireMet("the commitment", commitment.origin, shown, policy, verifier);
  const ledger = await idOf(commitment.key);
  if (commitment.key !== base64(judged.log.key)) {
    throw new Rejected("UNKNOWN_LOG", `the commitment is signed by ${ledger}, and not with the log's own key`);
  }
  requireJudged(commitment, shown.index);
  if (!await proves(shown, await leafHash(file.commitment))) {
    throw new Rejected("NOT_INCLUDED",
      `the commitment is not in the tree of ${judged.checkpoint.size} entries that the checkpoint names`);
  }
  const remembered = requireNoFork(judged, kept);
  return { agent: file.agent, commitment, ledger, index: shown.index, leaf, judged, remembered };
}

/** In short. */
export function message({ agent: who, leaf }) {
  return leaf === null ? `${who} was not known` : `${leaf.agent} had ${leaf.rating} points`;
}

function held({ agent: who, rating, transactions, staked, events, revoked }) {
  return `In it ${who} has ${rating} points from ${transactions} finished deals, ${staked} points at stake, and ${
    events} entries of the log name it${revoked ? "; its key is revoked" : ""}.`;
}

export function proved({ agent: who, commitment, ledger, index, leaf, judged, remembered }) {
  const { checkpoint, log, witnesses } = judged;
  return [
    `The ledger whose key is ${ledger} committed to everybody's rating after the first ${
      commitment.size} entries of the log ${commitment.origin}.`,
    `That commitment is entry ${index} of the log, under a checkpoint of ${checkpoint.size} entries that ${
      log.name} signed${witnesses.length > 0 ? ` and cosigned by ${witnesses.join(", ")}` : ""}.`,
    leaf === null ? `In it there is no account of ${who}.` : held(leaf),
    ...known(judged, remembered),
  ];
}

/** alone: whether the entries that name the account are not there. */
export function notProved({ agent: who, commitment, leaf, judged, remembered }, alone) {
  return [
    "That the committed root follows from the log: an audit refolds it, and a false root convicts the key that signed it.",
    `Anything after the first ${commitment.size} entries: a later deal, dispute or revocation.`,
    ...(leaf !== null && alone
      ? [`Which ${leaf.events} entries name the account: whoever is shown them checks their number and the hash ${
        leaf.history} over them.`]
      : []),
    ...(leaf === null
      ? [`That ${who} is no later key of an account with ratings: an account goes by the name of its first key.`]
      : []),
    ...unknown(judged, remembered),
  ];
}

/** Verifies a certificate's bytes. */
export async function verified(bytes, policy, kept) {
  const sound = await certified(files.certificate(bytes), policy, kept, new Verifier());
  return { code: "OK", message: message(sound), proved: proved(sound), notProved: notProved(sound, true) };
}
