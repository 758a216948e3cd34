// Which keys are one account's, as far as the file's rotations show it: each names the key before it,
// both have signed, for this log, and the log holds it.
import { idOf } from "./agent-key.js";
import { requireOrigin } from "./leg.js";
import { Rejected } from "./verdict.js";

export class KeyChain {
  /** By the new key: the rotation that introduced it. By the old one: the rotation that ended it. */
  #introduced = new Map();
  #ended = new Map();
  #former = new Map();

  /** Of rotations in log order; a log may hold one for another log, which moved no key in this. */
  static async of(rotations, origin) {
    const chain = new KeyChain();
    const seen = new Set();
    let last = -1n;
    for (const rotation of rotations) {
      if (rotation.type !== "ROTATE_KEY") {
        throw new Rejected("LEG_FOREIGN", `${rotation.words} is no rotation of a key`);
      }
      if (rotation.index <= last) {
        throw new Rejected("LEGS_OUT_OF_ORDER", `${rotation.words} comes after entry ${last}`);
      }
      requireOrigin(rotation, origin);
      last = rotation.index;
      seen.add(rotation.key);
      await chain.#add(rotation, seen);
    }
    return chain;
  }

  /** A key starts anew, and ends once: so no chain is a circle. */
  async #add(rotation, seen) {
    const next = rotation.statement.new_key;
    if (seen.has(next) || this.#ended.has(rotation.key)) {
      throw new Rejected("LEG_FOREIGN", `${rotation.words}: one of its keys was rotated before`);
    }
    seen.add(next);
    this.#ended.set(rotation.key, rotation);
    this.#introduced.set(next, rotation);
    this.#former.set(await idOf(next), rotation.signer);
  }

  /** The account's first key that is known here. */
  first(key) {
    const by = this.#introduced.get(key);
    return by === undefined ? key : this.first(by.key);
  }

  /** The same of the keys' names. */
  firstId(id) {
    const before = this.#former.get(id);
    return before === undefined || before === id ? id : this.firstId(before);
  }

  /** A key signs from its own rotation on, up to the next. */
  requireInForce(leg) {
    const from = this.#introduced.get(leg.key);
    const until = this.#ended.get(leg.key);
    if ((from !== undefined && leg.index <= from.index) || (until !== undefined && leg.index >= until.index)) {
      throw new Rejected("LEG_FOREIGN", `${leg.words}: the key was not its account's at that entry`);
    }
  }
}
