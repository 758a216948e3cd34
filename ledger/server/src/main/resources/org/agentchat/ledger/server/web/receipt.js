// Says what a receipt file proves to somebody who trusts a policy and nobody else. Asks nobody anything.
//
// The checks, in this order; the first that fails names the code: the file is strict, its proofs are
// proofs; each leg by itself; the legs are one deal; the receipt says what they say; one checkpoint for
// all, of the same log, good by the policy; each leg is in its tree; no remembered checkpoint contradicts.
import { requireClaims } from "./claims.js";
import { conclusion } from "./conclusion.js";
import { dealOf } from "./deal.js";
import { Verifier } from "./ed25519.js";
import { Flaw } from "./flaw.js";
import { KeyChain } from "./key-chain.js";
import { legs } from "./leg.js";
import { note } from "./note.js";
import { judge } from "./policy.js";
import { read } from "./receipt-file.js";
import { checkpoint, proves } from "./tlog.js";
import { Rejected } from "./verdict.js";

function requireMet(judgement, { origin }, { quorum }) {
  switch (judgement.code) {
    case "unknown-log":
      throw new Rejected("UNKNOWN_LOG", `the policy lists no key of the log ${origin} that signed the checkpoint`);
    case "bad-signature":
      throw new Rejected("BAD_CHECKPOINT_SIGNATURE",
        `the checkpoint's signature in the name of ${judgement.name} is not valid`);
    case "too-few-witnesses":
      throw new Rejected("TOO_FEW_WITNESSES",
        `cosigned by ${judgement.witnesses.join(", ") || "nobody"}, wanted: ${quorum.text}`);
    default:
  }
}

/** Whether the log holds the legs: { checkpoint, log, witnesses }. */
async function judged(origin, all, policy, verifier) {
  const [{ proof: { note: signed, checkpoint: common }, words }] = all;
  for (const leg of all) {
    if (leg.proof.note.whole !== signed.whole) {
      throw new Rejected("MIXED_CHECKPOINTS", `${leg.words} is proved against another checkpoint than ${words}`);
    }
  }
  if (common.origin !== origin) {
    throw new Rejected("WRONG_ORIGIN", `the checkpoint is of the log ${common.origin}, the receipt of ${origin}`);
  }
  const judgement = await judge(policy, signed, verifier);
  requireMet(judgement, common, policy);
  for (const leg of all) {
    if (!await proves(leg.proof, leg.hash)) {
      throw new Rejected("NOT_INCLUDED",
        `${leg.words} is not in the tree of ${common.size} entries that the checkpoint names`);
    }
  }
  return { checkpoint: common, log: judgement.log, witnesses: judgement.witnesses };
}

function requireNoFork({ checkpoint: { origin, size, root } }, remembered) {
  if (remembered !== null && remembered.size === size && remembered.root !== root) {
    throw new Rejected("FORK",
      `the log ${origin} has signed two trees of ${size} entries: this one and the remembered one`);
  }
}

async function verified(bytes, policy, kept) {
  const verifier = new Verifier();
  const file = read(bytes);
  const { receipt } = file;
  const all = await legs(file, verifier);
  const keys = await KeyChain.of(all.slice(receipt.legs.length));
  const deal = await dealOf(receipt.type, all.slice(0, receipt.legs.length), keys);
  requireClaims(receipt, deal);
  const found = await judged(receipt.origin, all, policy, verifier);
  const remembered = kept !== null && kept.origin === receipt.origin ? kept : null;
  requireNoFork(found, remembered);
  return conclusion({ receipt, deal, rotations: file.rotations.length, judged: found, remembered });
}

/**
 * Verifies a file's bytes: { code, message, proved, notProved }.
 * policy: see policy.js; kept: a checkpoint that its reader remembers and trusts, or null.
 */
export async function verify(bytes, policy, kept = null) {
  try {
    return await verified(bytes, policy, kept);
  } catch (trouble) {
    if (trouble instanceof Rejected) {
      return { code: trouble.code, message: trouble.message, proved: [], notProved: [] };
    }
    if (trouble instanceof Flaw) {
      return { code: "MALFORMED", message: trouble.message, proved: [], notProved: [] };
    }
    throw trouble;
  }
}

/** The checkpoint of a note's text; a Flaw when no log that the policy lists has signed it. */
export async function remember(text, policy) {
  const signed = note(text);
  const found = checkpoint(signed.text);
  const { code } = await judge(policy, signed, new Verifier());
  if (code === "unknown-log" || code === "bad-signature") {
    throw new Flaw(`no log that the policy lists has signed it (${code.replace("-", " ")})`);
  }
  return found;
}
