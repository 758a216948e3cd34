// Reads strict JSON (RFC 8259): no duplicate keys, nothing behind the value, numbers kept as they are
// written. JSON.parse would take the last of two equal keys and round numbers, so that two readers of
// one file could see different things.
//
// A value is null, a boolean, a string, a Numeral, an array, or a Map.
import { Flaw } from "./flaw.js";

const MAX_DEPTH = 32;
const MAX_NUMBER_CHARS = 64;
const MAX_NAME_CHARS = 50_000;
const MAX_STRING_CHARS = 2 * 1024 * 1024 + 1024;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[a-z]+/y;
const WORDS = new Map([["null", null], ["true", true], ["false", false]]);
const PARTS = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
const SMALLEST_NORMAL = 2 ** -1022;

/** A number as its author wrote it. */
export class Numeral {
  constructor(literal) {
    this.literal = literal;
  }

  /** Whether it is written without fraction and exponent. */
  isWhole() {
    return /^-?[0-9]+$/.test(this.literal);
  }
}

/** The exact decimal value: digits without zeros at the end, and an exponent. */
function decimal(literal) {
  const [, sign, whole, fraction = "", exponent = "0"] = PARTS.exec(literal);
  const all = (whole + fraction).replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  const shift = BigInt(exponent) - BigInt(fraction.length) + BigInt(all.length - digits.length);
  return digits === "" ? "0" : `${sign}${digits}e${shift}`;
}

/** Whether two literals have the same digits at the same places, zeros at the end of a fraction too. */
export function isSameDecimal(one, other) {
  const places = (literal) => {
    const [, sign, whole, fraction = "", exponent = "0"] = PARTS.exec(literal);
    return `${sign}${(whole + fraction).replace(/^0+/, "")}e${BigInt(exponent) - BigInt(fraction.length)}`;
  };
  return places(one) === places(other);
}

/**
 * The ECMAScript form of a number that is exactly the shortest text of one double, or null. Others
 * would be read as another value than was written, and doubles nearer to zero than 2^-1022 have no
 * form that all readers share.
 */
export function exactly(numeral) {
  const nearest = Number(numeral.literal);
  if (!Number.isFinite(nearest) || (nearest !== 0 && Math.abs(nearest) < SMALLEST_NORMAL)) {
    return null;
  }
  const text = String(nearest);
  return decimal(text) === decimal(numeral.literal) ? text : null;
}

class Reader {
  #text;
  #at = 0;

  constructor(text) {
    this.#text = text;
  }

  #fail(wanted) {
    const found = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : "the end";
    throw new Flaw(`not strict JSON: ${wanted} wanted at character ${this.#at}, found ${found}`);
  }

  #blank() {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "x")) {
      this.#at++;
    }
  }

  #take(character) {
    if (this.#text[this.#at] !== character) {
      return false;
    }
    this.#at++;
    return true;
  }

  #match(pattern) {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }

  whole() {
    this.#blank();
    const value = this.#value(0);
    this.#blank();
    return this.#at === this.#text.length ? value : this.#fail("the end");
  }

  #value(depth) {
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(this.#deeper(depth));
      case "[":
        return this.#array(this.#deeper(depth));
      case '"':
        return this.#string(MAX_STRING_CHARS);
      default:
        return this.#numberOrWord();
    }
  }

  #deeper(depth) {
    if (depth === MAX_DEPTH) {
      throw new Flaw(`not strict JSON: nested deeper than ${MAX_DEPTH}`);
    }
    this.#at++;
    this.#blank();
    return depth + 1;
  }

  #object(depth) {
    const object = new Map();
    if (this.#take("}")) {
      return object;
    }
    do {
      this.#blank();
      const name = this.#text[this.#at] === '"' ? this.#string(MAX_NAME_CHARS) : this.#fail("a name");
      if (object.has(name)) {
        throw new Flaw(`not strict JSON: the key ${JSON.stringify(name.slice(0, 40))} is there twice`);
      }
      this.#blank();
      if (!this.#take(":")) {
        this.#fail("a colon");
      }
      this.#blank();
      object.set(name, this.#value(depth));
      this.#blank();
    } while (this.#take(","));
    return this.#take("}") ? object : this.#fail("a comma or }");
  }

  #array(depth) {
    const array = [];
    if (this.#take("]")) {
      return array;
    }
    do {
      this.#blank();
      array.push(this.#value(depth));
      this.#blank();
    } while (this.#take(","));
    return this.#take("]") ? array : this.#fail("a comma or ]");
  }

  #string(most) {
    let end = this.#at + 1;
    while (this.#text[end] !== '"') {
      if (end >= this.#text.length || this.#text.charCodeAt(end) < 0x20) {
        this.#at = end;
        this.#fail("a character of a string");
      }
      end += this.#text[end] === "\\" ? 2 : 1;
    }
    const quoted = this.#text.slice(this.#at, end + 1);
    let string;
    try {
      string = JSON.parse(quoted);
    } catch {
      throw new Flaw(`not strict JSON: no such escape in the string at character ${this.#at}`);
    }
    if (string.length > most) {
      throw new Flaw(`a string of ${string.length} characters, at most ${most} wanted`);
    }
    this.#at = end + 1;
    return string;
  }

  #numberOrWord() {
    const literal = this.#match(NUMBER);
    if (literal !== null) {
      return literal.length <= MAX_NUMBER_CHARS
        ? new Numeral(literal)
        : this.#fail(`a number of at most ${MAX_NUMBER_CHARS} characters`);
    }
    const start = this.#at;
    const word = this.#match(WORD);
    if (!WORDS.has(word)) {
      this.#at = start;
      this.#fail("a value");
    }
    return WORDS.get(word);
  }
}

/** The value of a text that is one strict JSON value. */
export function parse(text) {
  return new Reader(text).whole();
}

/** Whether no string in the value, nor a name, is half a character (an unpaired surrogate). */
export function isWellFormed(value) {
  if (typeof value === "string") {
    return value.isWellFormed();
  }
  if (value instanceof Map) {
    return [...value].every(([name, inner]) => name.isWellFormed() && isWellFormed(inner));
  }
  return !Array.isArray(value) || value.every(isWellFormed);
}
