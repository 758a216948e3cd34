// Verifies a file of any kind that a ledger gives away: a history, a rating certificate, or else a receipt.
// Start reading here, then at receipt.js, certificate.js or history.js.
import * as certificate from "./certificate.js";
import { Flaw } from "./flaw.js";
import * as history from "./history.js";
import { isCertificate, isHistory } from "./rating-file.js";
import { requireSize } from "./receipt-file.js";
import * as receipt from "./receipt.js";
import { Rejected } from "./verdict.js";

function kind(bytes) {
  if (isHistory(bytes)) {
    return history;
  }
  return isCertificate(bytes) ? certificate : receipt;
}

/**
 * Verifies a file's bytes: { code, message, proved, notProved }.
 * policy: see policy.js; kept: a checkpoint that its reader remembers and trusts, or null.
 */
export async function verify(bytes, policy, kept = null) {
  try {
    requireSize(bytes.length);
    return await kind(bytes).verified(bytes, policy, kept);
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
