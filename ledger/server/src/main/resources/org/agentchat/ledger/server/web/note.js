// Signed notes and the keys that sign them (C2SP signed-note, tlog-cosignature).
import { hex, ofBase64, utf8 } from "./bytes.js";
import { KEY_BYTES, SIGNATURE_BYTES } from "./ed25519.js";
import { Flaw, excerpt } from "./flaw.js";
import { sha256 } from "./sha256.js";

const MAX_SIGNATURES = 100;
const MAX_CHARS = 512 * 1024;
const ID_BYTES = 4;
const TIME_BYTES = 8;
const DASH = "\u2014 ";
const UNUSABLE = /[\p{Z}\p{Cc}+]/u;

/** What the signatures of a key mean: a log's own, over the text; a witness's, over text and time. */
export const LOG_KEY = 0x01;
export const WITNESS_KEY = 0x04;

function isName(name) {
  return name !== "" && !UNUSABLE.test(name);
}

/** A key of its text `<name>+<hex id>+<base64>`: { name, id, type, key, text }. */
export async function vkey(text) {
  const [name, id, ...rest] = text.split("+");
  if (rest.length === 0) {
    throw new Flaw(`a key is <name>+<hex id>+<base64>, found: ${excerpt(text)}`);
  }
  const typed = ofBase64(rest.join("+"));
  if (typed.length !== 1 + KEY_BYTES || (typed[0] !== LOG_KEY && typed[0] !== WITNESS_KEY)) {
    throw new Flaw(`an Ed25519 key of type 0x01 or 0x04 wanted, found: ${excerpt(text)}`);
  }
  const wanted = hex((await sha256(utf8(`${name}\n`), typed)).slice(0, ID_BYTES));
  if (!isName(name) || id !== wanted) {
    throw new Flaw(`the name or the id does not belong to the key: ${excerpt(text)}, the id ${wanted} wanted`);
  }
  return { name, id, type: typed[0], key: typed.slice(1), text };
}

function signatureLine(line) {
  const space = line.indexOf(" ", DASH.length);
  if (!line.startsWith(DASH) || space < 0) {
    throw new Flaw(`not a signature line: ${excerpt(line)}`);
  }
  const name = line.slice(DASH.length, space);
  const bytes = ofBase64(line.slice(space + 1));
  if (bytes.length <= ID_BYTES || !isName(name)) {
    throw new Flaw(`not a signature of a named key: ${excerpt(line)}`);
  }
  return { name, id: hex(bytes.slice(0, ID_BYTES)), signature: bytes.slice(ID_BYTES) };
}

/** A note: its text, the signatures below, and all of it as it was: { text, signatures, whole }. */
export function note(whole) {
  if (whole.length > MAX_CHARS || !whole.endsWith("\n")) {
    throw new Flaw(`a note ends with a line end and has at most ${MAX_CHARS} characters`);
  }
  if (/[\u0000-\u0009\u000b-\u001f]/.test(whole)) {
    throw new Flaw("a note has no control characters but line ends");
  }
  const blank = whole.lastIndexOf("\n\n");
  if (blank < 0) {
    throw new Flaw("a note has an empty line before its signatures");
  }
  const lines = whole.slice(blank + 2).split("\n").slice(0, -1);
  if (lines.length === 0 || lines.length > MAX_SIGNATURES) {
    throw new Flaw(`a note has 1 to ${MAX_SIGNATURES} signatures, not ${lines.length}`);
  }
  return { text: whole.slice(0, blank + 1), signatures: lines.map(signatureLine), whole };
}

async function isCosignature(text, key, bytes, verifier) {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES || bytes[0] >= 0x80) {
    return false;
  }
  const seconds = BigInt(`0x${hex(bytes.slice(0, TIME_BYTES))}`);
  return verifier.verify(key, utf8(`cosignature/v1\ntime ${seconds}\n${text}`), bytes.slice(TIME_BYTES));
}

/**
 * What a note says of a key: "valid" when it signed, "invalid" when a line only says so, "absent" when
 * none does. When several lines name the key, all must be valid.
 */
export async function check(signed, { name, id, type, key }, verifier) {
  const named = signed.signatures.filter((line) => line.name === name && line.id === id);
  if (named.length === 0) {
    return "absent";
  }
  for (const { signature } of named) {
    const valid = type === LOG_KEY
      ? await verifier.verify(key, utf8(signed.text), signature)
      : await isCosignature(signed.text, key, signature, verifier);
    if (!valid) {
      return "invalid";
    }
  }
  return "valid";
}
