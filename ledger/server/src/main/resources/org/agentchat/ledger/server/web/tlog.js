// Checkpoints of a log and proofs that it holds an entry (C2SP tlog-checkpoint, tlog-proof; RFC 9162
// section 2.1.3.2 with SHA-256). Sizes and indexes are bigints.
import { base64, ofBase64, utf8 } from "./bytes.js";
import { Flaw, excerpt } from "./flaw.js";
import { note } from "./note.js";
import { sha256 } from "./sha256.js";

const HASH_BYTES = 32;
const MAX_PATH = 63;
const HEADER = "c2sp.org/tlog-proof@v1";
const EXTRA = "extra ";
const INDEX = "index ";
const NUMBER = /^(?:0|[1-9][0-9]{0,17})$/;

/** What decoders of base64 let pass that ask for no canonical form: the extra data is signed by nobody. */
const EXTRA_DATA = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

function number(text) {
  if (!NUMBER.test(text)) {
    throw new Flaw(`a decimal number wanted, found: ${excerpt(text)}`);
  }
  return BigInt(text);
}

function hash(text) {
  const bytes = ofBase64(text);
  if (bytes.length !== HASH_BYTES) {
    throw new Flaw(`a hash has ${HASH_BYTES} bytes, not ${bytes.length}`);
  }
  return bytes;
}

/** What a log says of itself: { origin, size, root }, the root in base64. */
export function checkpoint(text) {
  const lines = text.split("\n");
  if (lines.length < 4 || lines.at(-1) !== "") {
    throw new Flaw("a checkpoint has three lines: origin, size, root hash");
  }
  if (lines.slice(0, -1).includes("")) {
    throw new Flaw("a checkpoint has no empty lines");
  }
  return { origin: lines[0], size: number(lines[1]), root: base64(hash(lines[2])) };
}

/** The hash of a leaf: of an entry's text after a zero byte. */
export function leafHash(entry) {
  return sha256(LEAF, utf8(entry));
}

/** A proof of its text: { index, path, note, checkpoint }. */
export function proof(text) {
  const blank = text.indexOf("\n\n");
  if (blank < 0) {
    throw new Flaw("a proof has an empty line before its checkpoint");
  }
  const [header, ...lines] = text.slice(0, blank).split("\n");
  const extra = lines[0]?.startsWith(EXTRA) ? lines.shift().slice(EXTRA.length) : "";
  const [index, ...path] = lines;
  if (header !== HEADER || !index?.startsWith(INDEX) || !EXTRA_DATA.test(extra)) {
    throw new Flaw(`a proof begins with the lines ${HEADER} and index <number>`);
  }
  const signed = note(text.slice(blank + 2));
  return { ...inclusion(number(index.slice(INDEX.length)), path, checkpoint(signed.text)), note: signed };
}

/** A path of hashes in base64 from a leaf up to a checkpoint's root: { index, path, checkpoint }. */
export function inclusion(index, path, found) {
  const hashes = path.map(hash);
  if (index >= found.size || hashes.length > MAX_PATH) {
    throw new Flaw(`no leaf ${index} in a tree of ${found.size}, or a path longer than ${MAX_PATH}`);
  }
  return { index, path: hashes, checkpoint: found };
}

/** Whether the leaf with that hash is at the proof's index of the tree that its checkpoint names. */
export async function proves({ index, path, checkpoint: { size, root } }, leaf) {
  let node = index;
  let last = size - 1n;
  let sum = leaf;
  for (const sibling of path) {
    if (last === 0n) {
      return false;
    }
    const right = (node & 1n) === 1n;
    if (right || node === last) {
      sum = await sha256(NODE, sibling, sum);
      // A last node without a right sibling stands for itself on the levels above.
      while (!right && (node & 1n) === 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      sum = await sha256(NODE, sum, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && base64(sum) === root;
}
