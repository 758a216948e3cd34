// Reads rating certificates (`agentchat-rating/1`) and the lines of histories (`agentchat-history/1`): strict
// JSON, every field known and of its type. Whether any of it is true is not known here.
import { textOf } from "./bytes.js";
import { list, long, nullable, record, requireFormat, string } from "./fields.js";
import { Flaw } from "./flaw.js";
import { isWellFormed, parse } from "./json.js";

const CERTIFICATE = "agentchat-rating/";
const HISTORY = "agentchat-history/";

/** Largest certificate, and longest line of a history, in bytes. */
const MAX_CERTIFICATE_BYTES = 256 * 1024;
const MAX_LINE_BYTES = MAX_CERTIFICATE_BYTES + 1024;

const MAX_SIBLINGS = 256;
const HASH = /^[0-9a-f]{64}$/;
const LINE_FEED = 0x0a;

function hash(value, name) {
  if (!HASH.test(string(value, name))) {
    throw new Flaw(`${name}: 64 lower-case hexadecimal digits wanted`);
  }
  return value;
}

function siblings(value, name) {
  const all = list(hash)(value, name);
  if (all.length > MAX_SIBLINGS) {
    throw new Flaw(`${name}: at most ${MAX_SIBLINGS} wanted, found ${all.length}`);
  }
  return all;
}

function index(value, name) {
  const found = long(value, name);
  if (found < 0n) {
    throw new Flaw(`${name}: 0 or more wanted, found ${found}`);
  }
  return found;
}

const certificateFields = record({
  format: string,
  agent: string,
  leaf: nullable(string),
  path: record({ occupant: nullable(record({ key: hash, value_hash: hash })), siblings }),
  commitment: string,
  proof: string,
});

const headerFields = record({ format: string, certificate: certificateFields });

const entryFields = record({ index, event: string, path: list(string) });

function strict(tree, fields) {
  const found = fields(tree, "");
  if (!isWellFormed(tree)) {
    throw new Flaw("half a character (unpaired surrogate)");
  }
  return found;
}

function requireLine(bytes) {
  if (bytes.length > MAX_LINE_BYTES) {
    throw new Flaw(`more than ${MAX_LINE_BYTES} bytes`);
  }
}

/** Whether the bytes are strict JSON that says to be of a format that begins so. */
function says(bytes, format) {
  try {
    const tree = parse(textOf(bytes));
    const found = tree instanceof Map ? tree.get("format") : null;
    return typeof found === "string" && found.startsWith(format);
  } catch (flaw) {
    if (flaw instanceof Flaw) {
      return false;
    }
    throw flaw;
  }
}

/** The lines of a file, without their line ends. */
export function lines(bytes) {
  const all = [];
  let start = 0;
  while (start < bytes.length) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    all.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return all;
}

/** Whether a file says that it is a rating certificate. */
export function isCertificate(bytes) {
  return bytes.length <= MAX_CERTIFICATE_BYTES && says(bytes, CERTIFICATE);
}

/** Whether a file says that it is a history. */
export function isHistory(bytes) {
  const feed = bytes.indexOf(LINE_FEED);
  const first = feed < 0 ? bytes : bytes.subarray(0, feed);
  return first.length <= MAX_LINE_BYTES && says(first, HISTORY);
}

/** The certificate of these bytes. */
export function certificate(bytes) {
  const tree = parse(textOf(bytes));
  requireFormat(tree, `${CERTIFICATE}1`, "it names no format");
  return strict(tree, certificateFields);
}

/** The certificate in the first line of a history. */
export function header(line) {
  requireLine(line);
  const tree = parse(textOf(line));
  requireFormat(tree, `${HISTORY}1`, "it names no format");
  requireFormat(tree.get("certificate"), `${CERTIFICATE}1`, "it names no format");
  return strict(tree, headerFields).certificate;
}

/** An entry of a history: { index, event, path }. */
export function entry(line) {
  requireLine(line);
  return strict(parse(textOf(line)), entryFields);
}
