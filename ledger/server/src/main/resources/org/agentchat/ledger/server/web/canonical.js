// Writes JSON in forms that are the same for every writer. Values are those of json.js, and bigints.
import { Flaw } from "./flaw.js";
import { Numeral, exactly, isWellFormed, parse } from "./json.js";

const INDEX = /^(?:0|[1-9][0-9]{0,9})$/;
const MAX_INDEX = 4_294_967_294;

function number(value) {
  if (typeof value === "bigint") {
    return value.toString();
  }
  const text = exactly(value);
  if (text === null) {
    throw new Flaw(`${value.literal} is not an exact double`);
  }
  return text;
}

function written(value, order) {
  if (value instanceof Map) {
    const names = order([...value.keys()]);
    return `{${names.map((name) => `${JSON.stringify(name)}:${written(value.get(name), order)}`).join(",")}}`;
  }
  if (Array.isArray(value)) {
    return `[${value.map((element) => written(element, order)).join(",")}]`;
  }
  return value instanceof Numeral || typeof value === "bigint" ? number(value) : JSON.stringify(value);
}

/** The canonical form (RFC 8785): names sorted by their UTF-16 code units, no white space. */
export function canonical(value) {
  return written(value, (names) => names.sort());
}

function isIndex(name) {
  return INDEX.test(name) && Number(name) <= MAX_INDEX;
}

/** Array indices come first and by size, then the other names as they came (ECMA-262 section 10.1.11.1). */
function asEnumerated(names) {
  const indices = names.filter(isIndex).sort((one, other) => Number(one) - Number(other));
  return [...indices, ...names.filter((name) => !isIndex(name))];
}

/**
 * The value of a text that is exactly what JSON.stringify writes once JSON.parse has read it: the form
 * of the lists that old clients sign by their hash.
 */
export function stringified(text) {
  const value = parse(text);
  if (!isWellFormed(value) || written(value, asEnumerated) !== text) {
    throw new Flaw("not as JSON.stringify writes it");
  }
  return value;
}

/** An object of those fields that are not null. */
export function object(fields) {
  return new Map(Object.entries(fields).filter(([, value]) => value !== null));
}
