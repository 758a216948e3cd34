// Says what a receipt file proves to somebody who trusts a policy and nobody else. Asks nobody anything.
//
// The checks, in this order; the first that fails names the code: the file is strict, its proofs are
// proofs; each leg by itself; the legs are one deal; the receipt says what they say; the money is that
// deal's; one checkpoint for all, of the same log, good by the policy; each leg is in its tree; no remembered
// checkpoint contradicts.
import { requireMet, requireNoFork } from "./checkpoint-check.js";
import { requireClaims } from "./claims.js";
import { conclusion } from "./conclusion.js";
import { dealOf } from "./deal.js";
import { Verifier } from "./ed25519.js";
import { KeyChain } from "./key-chain.js";
import { legs } from "./leg.js";
import { moneyOf } from "./money.js";
import { read } from "./receipt-file.js";
import { proves } from "./tlog.js";
import { Rejected } from "./verdict.js";

/** Whether the log holds the legs: { checkpoint, log, witnesses }. */
async function judged(origin, all, policy, verifier) {
  const [{ proof: common, words }] = all;
  for (const leg of all) {
    if (leg.proof.note.whole !== common.note.whole) {
      throw new Rejected("MIXED_CHECKPOINTS", `${leg.words} is proved against another checkpoint than ${words}`);
    }
  }
  const found = await requireMet("the receipt", origin, common, policy, verifier);
  for (const leg of all) {
    if (!await proves(leg.proof, leg.hash)) {
      throw new Rejected("NOT_INCLUDED",
        `${leg.words} is not in the tree of ${found.checkpoint.size} entries that the checkpoint names`);
    }
  }
  return found;
}

/** Verifies a receipt file's bytes. */
export async function verified(bytes, policy, kept) {
  const verifier = new Verifier();
  const file = read(bytes);
  const { receipt } = file;
  const all = await legs(file, verifier);
  const own = receipt.legs.length;
  const rotated = own + file.rotations.length;
  const keys = await KeyChain.of(all.slice(own, rotated), receipt.origin);
  const deal = await dealOf(receipt.type, all.slice(0, own), keys);
  requireClaims(receipt, deal);
  const money = await moneyOf(receipt, deal, all.slice(rotated));
  const found = await judged(receipt.origin, all, policy, verifier);
  const remembered = requireNoFork(found, kept);
  return conclusion({ receipt, deal, money, rotations: file.rotations.length, judged: found, remembered });
}
