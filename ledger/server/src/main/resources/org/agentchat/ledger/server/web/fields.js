// Reads values that must be understood whole: every field known and of its type, each number in its one
// form. Each reader takes a value and its name; absent is undefined, and only an optional one may be that.
import { agent } from "./agent-key.js";
import { Flaw, excerpt } from "./flaw.js";
import { Numeral, exactly, isSameDecimal } from "./json.js";
import { Rejected } from "./verdict.js";

export function string(value, name) {
  if (typeof value !== "string") {
    throw new Flaw(`${name}: ${value === undefined ? "missing" : "a text wanted"}`);
  }
  return value;
}

export function boolean(value, name) {
  if (typeof value !== "boolean") {
    throw new Flaw(`${name}: true or false wanted`);
  }
  return value;
}

function whole(bits) {
  return (value, name) => {
    if (!(value instanceof Numeral) || !value.isWhole()) {
      throw new Flaw(`${name}: a whole number wanted`);
    }
    const number = BigInt(value.literal);
    if (BigInt.asIntN(bits, number) !== number) {
      throw new Flaw(`${name}: a number of ${bits} bits wanted, found ${excerpt(value.literal, 40)}`);
    }
    return number;
  };
}

/** Whole numbers of 32 and of 64 bits, as bigints. */
export const int = whole(32);
export const long = whole(64);

/** A number in its ECMAScript form; its text. */
export function quantity(value, name) {
  const text = value instanceof Numeral ? exactly(value) : null;
  if (text === null || new Numeral(text).isWhole() !== value.isWhole()
    || !(value.isWhole() || isSameDecimal(text, value.literal))) {
    throw new Flaw(`${name}: a number as ECMAScript prints it wanted`);
  }
  return text;
}

export function id(value, name) {
  return agent(string(value, name));
}

/** May be left out, but not be null. */
export function optional(read) {
  return (value, name) => (value === undefined ? null : read(value, name));
}

/** May be null, but not be left out. */
export function nullable(read) {
  return (value, name) => (value === null ? null : read(value, name));
}

export function list(read) {
  return (value, name) => {
    if (!Array.isArray(value)) {
      throw new Flaw(`${name}: an array wanted`);
    }
    return value.map((element, i) => read(element, `${name}[${i}]`));
  };
}

export function record(fields) {
  return (value, name) => {
    if (!(value instanceof Map)) {
      throw new Flaw(`${name}: an object wanted`);
    }
    for (const known of value.keys()) {
      if (!Object.hasOwn(fields, known)) {
        throw new Flaw(`${name}.${excerpt(known, 40)}: unknown`);
      }
    }
    return Object.fromEntries(
      Object.entries(fields).map(([field, read]) => [field, read(value.get(field), `${name}.${field}`)]));
  };
}

/** Fails when a tree is of another format than the one that is known. */
export function requireFormat(tree, known, nameless) {
  const format = tree instanceof Map ? tree.get("format") : null;
  if (typeof format !== "string" || format === "") {
    throw new Flaw(nameless);
  }
  if (format !== known) {
    throw new Rejected("UNKNOWN_FORMAT", `the format is ${excerpt(format, 40)}, ${known} is known here`);
  }
}
