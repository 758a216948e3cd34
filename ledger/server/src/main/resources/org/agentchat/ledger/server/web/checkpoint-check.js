// Whether a checkpoint is good by a policy, and what it leaves open.
import { Verifier } from "./ed25519.js";
import { Flaw } from "./flaw.js";
import { note } from "./note.js";
import { judge } from "./policy.js";
import { checkpoint } from "./tlog.js";
import { Rejected } from "./verdict.js";

/**
 * The checkpoint of a proof, if it is of that log and good by the policy: { checkpoint, log, witnesses }.
 * what: names the log, in words.
 */
export async function requireMet(what, origin, { note: signed, checkpoint: found }, policy, verifier) {
  if (found.origin !== origin) {
    throw new Rejected("WRONG_ORIGIN", `the checkpoint is of the log ${found.origin}, ${what} of ${origin}`);
  }
  const judgement = await judge(policy, signed, verifier);
  switch (judgement.code) {
    case "unknown-log":
      throw new Rejected("UNKNOWN_LOG", `the policy lists no key of the log ${origin} that signed the checkpoint`);
    case "bad-signature":
      throw new Rejected("BAD_CHECKPOINT_SIGNATURE",
        `the checkpoint's signature in the name of ${judgement.name} is not valid`);
    case "too-few-witnesses":
      throw new Rejected("TOO_FEW_WITNESSES",
        `cosigned by ${judgement.witnesses.join(", ") || "nobody"}, wanted: ${policy.quorum.text}`);
    default:
      return { checkpoint: found, log: judgement.log, witnesses: judgement.witnesses };
  }
}

/** What is remembered of the log, or null; a contradiction is a fork. */
export function requireNoFork({ checkpoint: { origin, size, root } }, kept) {
  const remembered = kept !== null && kept.origin === origin ? kept : null;
  if (remembered !== null && remembered.size === size && remembered.root !== root) {
    throw new Rejected("FORK",
      `the log ${origin} has signed two trees of ${size} entries: this one and the remembered one`);
  }
  return remembered;
}

function isSameTree({ checkpoint: { size, root } }, remembered) {
  return remembered.size === size && remembered.root === root;
}

/** That it is the tree that somebody remembers, if it is. */
export function known(judged, remembered) {
  return remembered !== null && isSameTree(judged, remembered)
    ? ["It is the tree that was remembered of this log."]
    : [];
}

/** What a checkpoint alone leaves open. */
export function unknown(judged, remembered) {
  return [
    ...(judged.witnesses.length === 0
      ? ["That the log shows everybody the same entries: no witness has cosigned, so that is its operator's word."]
      : []),
    ...(remembered !== null && !isSameTree(judged, remembered)
      ? [`That this tree and the remembered one of ${
        remembered.size} entries are one log: that takes a consistency proof, which the log's tiles give.`]
      : []),
  ];
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
