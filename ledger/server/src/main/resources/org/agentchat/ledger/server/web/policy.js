// Whom a reader trusts: logs, witnesses, and how many witnesses must agree (C2SP tlog-policy).
import { base64 } from "./bytes.js";
import { Flaw, excerpt, within } from "./flaw.js";
import { LOG_KEY, WITNESS_KEY, check, vkey } from "./note.js";
import { checkpoint } from "./tlog.js";

/** Logs, witnesses and groups in one policy, each, at the most. */
const MAX_OF_EACH = 64;

const THRESHOLD = /^[1-9][0-9]{0,2}$/;
const NONE = "none";

/** The octets of a file, each as one character: names are opaque octets. */
function octets(bytes) {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** Octets as people read them. */
function shown(word) {
  const bytes = Uint8Array.from(word, (character) => character.charCodeAt(0));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

class Reader {
  logs = [];
  witnesses = [];
  quorum = null;
  #groups = 0;
  #defined = new Map();
  #members = new Set();
  #keys = { log: new Set(), witness: new Set() };

  async line(line) {
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) {
      throw new Flaw("a control character that is not a tab");
    }
    const [word, ...rest] = line.split(/[ \t]+/).filter((part) => part !== "");
    if (word === undefined || word.startsWith("#")) {
      return;
    }
    switch (word) {
      case "log":
        return this.#log(sized(rest, 1, 2, "log <vkey> [<url>]"));
      case "witness":
        return this.#witness(sized(rest, 2, 3, "witness <name> <vkey> [<url>]"));
      case "group":
        return this.#group(sized(rest, 3, Infinity, "group <name> <k> <name>..."));
      case "quorum":
        return this.#setQuorum(sized(rest, 1, 1, "quorum <name>"));
      default:
        throw new Flaw(`log, witness, group or quorum wanted, found: ${excerpt(shown(word))}`);
    }
  }

  async #key(text, type, what) {
    const key = await vkey(shown(text));
    if (key.type !== type) {
      throw new Flaw(`the key of a ${what} wanted, found: ${key.text}`);
    }
    const name = base64(key.key);
    if (this.#keys[what].has(name)) {
      throw new Flaw(`${what} ${key.name}: its key is listed already`);
    }
    requireRoom(this.#keys[what].size, what);
    this.#keys[what].add(name);
    return key;
  }

  async #log([key]) {
    this.logs.push(await this.#key(key, LOG_KEY, "log"));
  }

  async #witness([name, text]) {
    const key = await this.#key(text, WITNESS_KEY, "witness");
    this.#define(name, { witness: shown(name), text: shown(name) });
    this.witnesses.push({ name: shown(name), key });
  }

  #group([name, threshold, ...names]) {
    const members = names.map((member) => {
      if (this.#members.has(member)) {
        throw new Flaw(`${shown(member)} is in a group already`);
      }
      this.#members.add(member);
      return this.#find(member);
    });
    requireRoom(this.#groups++, "group");
    const least = thresholdOf(threshold, members.length);
    this.#define(name, { members, least, text: `${shown(name)} (${least} of ${members.length})` });
  }

  #setQuorum([name]) {
    if (this.quorum !== null) {
      throw new Flaw("a second quorum line");
    }
    this.quorum = name === NONE ? { members: [], least: 0, text: "no witness" } : this.#find(name);
  }

  #define(name, meaning) {
    if (name === NONE || this.#defined.has(name)) {
      throw new Flaw(`the name is taken: ${shown(name)}`);
    }
    this.#defined.set(name, meaning);
  }

  #find(name) {
    if (!this.#defined.has(name)) {
      throw new Flaw(`not defined above: ${shown(name)}`);
    }
    return this.#defined.get(name);
  }
}

function sized(words, least, most, form) {
  if (words.length < least || words.length > most) {
    throw new Flaw(`${form} wanted`);
  }
  return words;
}

function requireRoom(size, what) {
  if (size >= MAX_OF_EACH) {
    throw new Flaw(`at most ${MAX_OF_EACH} of each kind, one ${what} too many`);
  }
}

function thresholdOf(word, members) {
  switch (word) {
    case "any":
      return 1;
    case "all":
      return members;
    default:
      if (!THRESHOLD.test(word) || Number(word) > members) {
        throw new Flaw(`all, any or a number up to ${members} wanted, found: ${excerpt(shown(word))}`);
      }
      return Number(word);
  }
}

/** The policy of a file's bytes: { logs, witnesses, quorum }. A Flaw names the line. */
export async function policy(bytes) {
  const reader = new Reader();
  const lines = octets(bytes).split("\n");
  for (const [i, line] of lines.entries()) {
    await within(`line ${i + 1}`, () => reader.line(line));
  }
  if (reader.quorum === null) {
    throw new Flaw('no quorum line: "quorum none" if no witness is needed');
  }
  return { logs: reader.logs, witnesses: reader.witnesses, quorum: reader.quorum };
}

/** Whether those witnesses are enough. */
function isMet(quorum, cosigned) {
  return quorum.witness === undefined
    ? quorum.members.filter((member) => isMet(member, cosigned)).length >= quorum.least
    : cosigned.includes(quorum.witness);
}

/**
 * What a policy says of a note whose text is a checkpoint: { code } is "met", then with the log's key
 * and the names of the { witnesses }; "unknown-log"; "bad-signature" in a { name }; "too-few-witnesses".
 */
export async function judge({ logs, witnesses, quorum }, signed, verifier) {
  const { origin } = checkpoint(signed.text);
  const signers = [];
  for (const log of logs.filter((one) => one.name === origin)) {
    switch (await check(signed, log, verifier)) {
      case "valid":
        signers.push(log);
        break;
      case "invalid":
        return { code: "bad-signature", name: log.name };
      default:
    }
  }
  if (signers.length === 0) {
    return { code: "unknown-log" };
  }
  const cosigned = [];
  for (const { name, key } of witnesses) {
    switch (await check(signed, key, verifier)) {
      case "valid":
        cosigned.push(name);
        break;
      case "invalid":
        return { code: "bad-signature", name: key.name };
      default:
    }
  }
  cosigned.sort();
  return { code: isMet(quorum, cosigned) ? "met" : "too-few-witnesses", log: signers[0], witnesses: cosigned };
}
