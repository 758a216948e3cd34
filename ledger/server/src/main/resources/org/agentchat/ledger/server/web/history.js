// Says what a history proves to somebody who trusts a policy and nobody else: above all, that nothing that
// names the agent was left out of it. Asks nobody anything.
//
// The checks, in this order; the first that fails names the code: the rating certificate; each entry by
// itself, in its place; their number, and the hash over them; that the account's key is the first one or
// follows it.
import { idOf } from "./agent-key.js";
import { hex, ofHex } from "./bytes.js";
import { certified, message, notProved, proved } from "./certificate.js";
import { Verifier } from "./ed25519.js";
import { decode, isSignedRatings } from "./entry.js";
import { within } from "./flaw.js";
import * as files from "./rating-file.js";
import { sha256 } from "./sha256.js";
import { BOUND, isSigned } from "./statement.js";
import { inclusion, leafHash, proves } from "./tlog.js";
import { Rejected } from "./verdict.js";

/** Keys of one account that are told apart, at the most. */
const MAX_KEYS = 1000;

const INDEX_BYTES = 8;

/** An index in 8 bytes, most significant first. */
function octets(index) {
  return ofHex(index.toString(16).padStart(2 * INDEX_BYTES, "0"));
}

/** Goes through the entries, one after another, and keeps of them a hash and some numbers. */
class Walk {
  #sound;
  #verifier;
  #wanted;
  #keys;
  #own = new Map();
  #head = new Uint8Array(32);
  #first = -1n;
  #last = -1n;
  #ofOthers = 0;
  #observed = 0;
  entries = 0n;

  constructor(sound, verifier) {
    const { agent, leaf } = sound;
    this.#sound = sound;
    this.#verifier = verifier;
    this.#wanted = leaf === null ? { events: 0n, history: hex(this.#head) } : leaf;
    this.#keys = new Set([agent]);
  }

  async add({ index, event: text, path }) {
    this.#requirePlace(index);
    const event = await within(`entry ${index}`, () => decode(text));
    await this.#requireSigned(event, index);
    const { checkpoint } = this.#sound.judged;
    const shown = await within(`entry ${index}: path`, () => inclusion(index, path, checkpoint));
    const hash = await leafHash(text);
    if (!await proves(shown, hash)) {
      throw new Rejected("NOT_INCLUDED",
        `entry ${index} is not in the tree of ${checkpoint.size} entries that the checkpoint names`);
    }
    this.#head = await sha256(this.#head, octets(index), hash);
    this.#first = this.entries === 0n ? index : this.#first;
    this.#last = index;
    this.entries++;
    await this.#count(event);
  }

  #requirePlace(index) {
    const { size } = this.#sound.commitment;
    if (index === this.#last) {
      throw new Rejected("ENTRY_REPEATED", `entry ${index} comes twice`);
    }
    if (index < this.#last) {
      throw new Rejected("ENTRIES_OUT_OF_ORDER", `entry ${index} comes after entry ${this.#last}`);
    }
    if (index >= size) {
      throw new Rejected("ENTRY_FOREIGN", `entry ${index} is none of the first ${size}, which the ledger committed to`);
    }
    if (this.entries === this.#wanted.events) {
      throw new Rejected("ENTRY_FOREIGN", `there are more than ${this.#committed()}`);
    }
  }

  #committed() {
    return `the ${this.#wanted.events} entries that name ${this.#sound.agent} by the ledger's commitment`;
  }

  async #requireSigned(event, index) {
    const good = event.type === "STATEMENT"
      ? await isSigned(event.statement, event.signature, this.#verifier)
      : event.type !== "RATINGS" || await isSignedRatings(event, this.#verifier);
    if (!good) {
      throw new Rejected("BAD_STATEMENT_SIGNATURE",
        `entry ${index}: it was altered, or signed with another key than the one that it names`);
    }
  }

  async #count({ type, statement, signature }) {
    if (type !== "STATEMENT") {
      this.#observed++;
      return;
    }
    if (!this.#keys.has(await idOf(signature.key))) {
      this.#ofOthers++;
      return;
    }
    this.#own.set(statement.type, (this.#own.get(statement.type) ?? 0) + 1);
    if (statement.type === "ROTATE_KEY" && signature.scheme === BOUND
      && signature.origin === this.#sound.commitment.origin && this.#keys.size < MAX_KEYS) {
      this.#keys.add(await idOf(statement.new_key));
    }
  }

  async conclude() {
    if (this.entries < this.#wanted.events) {
      throw new Rejected("ENTRY_MISSING", `of ${this.#committed()}, ${this.entries} are here: something was left out`);
    }
    if (hex(this.#head) !== this.#wanted.history) {
      throw new Rejected("ENTRY_EXCHANGED",
        `there are ${this.entries} entries, as the ledger committed to, and they are not those: the hash over them is ${
          hex(this.#head)}, that of the commitment ${this.#wanted.history}`);
    }
    await this.#requireKey();
    return { code: "OK", message: this.#message(), proved: await this.#proved(), notProved: this.#notProved() };
  }

  async #requireKey() {
    const { agent, leaf } = this.#sound;
    if (leaf !== null && !this.#keys.has(await idOf(leaf.key)) && this.#keys.size < MAX_KEYS) {
      throw new Rejected("CLAIM_DIFFERS",
        `the ledger says that ${agent} goes by a key that is not its first one, and no rotation among the entries leads there`);
    }
  }

  #message() {
    return this.entries === 0n
      ? message(this.#sound)
      : `${message(this.#sound)}, and nothing that names it was left out: ${this.entries} entries`;
  }

  async #proved() {
    if (this.entries === 0n) {
      return [...proved(this.#sound), "No entry names it, and none is here."];
    }
    const { leaf } = this.#sound;
    const kinds = [...this.#own].sort(([one], [other]) => (one < other ? -1 : 1));
    const signed = kinds.reduce((sum, [, number]) => sum + number, 0);
    const named = kinds.map(([kind, number]) => `${number} ${kind}`).join(", ");
    return [
      ...proved(this.#sound),
      `These are all of the ${this.entries} entries, from ${this.#first} to ${
        this.#last}: their number and the hash over them are those that the ledger committed to, so none was left out, added, altered, repeated or moved.`,
      "Each of them is in the checkpoint's tree, and each statement among them is signed with the key that it names.",
      `Its keys signed ${signed} of them${named === "" ? "" : ` (${named})`}, others signed ${this.#ofOthers}, and ${
        this.#observed} are what the log's relays and ledgers observed.`,
      `It goes by the key ${leaf.key}: ${await idOf(leaf.key) === leaf.agent
        ? "the one that its name is made of"
        : "rotations among the entries lead there from the one that its name is made of"}.`,
    ];
  }

  #notProved() {
    return [
      "That no other entry names it than those that the ledger committed to: which entries name whom follows from the whole log, as ratings do.",
      "What each entry did: the log's rules may have refused a statement that is among them, and points follow from the whole log.",
      "When it was: log time is the word of the log's relays.",
      ...notProved(this.#sound, false),
    ];
  }
}

/** Verifies a history's bytes. */
export async function verified(bytes, policy, kept) {
  const verifier = new Verifier();
  const [first, ...rest] = files.lines(bytes);
  const walk = new Walk(await certified(files.header(first), policy, kept, verifier), verifier);
  for (const line of rest) {
    await walk.add(await within(`line ${walk.entries + 2n}`, () => files.entry(line)));
  }
  return walk.conclude();
}
