// Which Ed25519 signatures are valid: the rule of the log's own readers, stricter than RFC 8032 where
// it leaves a choice. The browser checks the equation; here it is made sure that the key and R are
// canonically encoded points of prime order, and that S is below the group order. With that all
// libraries agree. Nothing here is secret, so it need not take the same time for every input.
import { hex } from "./bytes.js";

export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);
const NEUTRAL = { x: 0n, y: 1n, z: 1n, t: 0n };

function mod(value) {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base, exponent) {
  let result = 1n;
  for (let square = base; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) {
      result = mod(result * square);
    }
    square = mod(square * square);
  }
  return result;
}

/** The number that little-endian bytes stand for. */
function number(bytes) {
  return BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);
}

/** The point of 32 bytes (RFC 8032 section 5.1.3), or null when they are not its one encoding. */
function decoded(bytes) {
  const sign = BigInt(bytes[31] >> 7);
  const y = number(bytes) & ((1n << 255n) - 1n);
  if (y >= P) {
    return null;
  }
  const u = mod(y * y - 1n);
  const v = mod(D * y * y + 1n);
  let x = mod(u * v ** 3n * power(mod(u * v ** 7n), (P - 5n) / 8n));
  if (mod(v * x * x) !== u) {
    x = mod(x * ROOT_OF_MINUS_ONE);
  }
  if (mod(v * x * x) !== u || (x === 0n && sign === 1n)) {
    return null;
  }
  x = (x & 1n) === sign ? x : P - x;
  return { x, y, z: 1n, t: mod(x * y) };
}

/** The sum of two points in extended coordinates (RFC 8032 section 5.1.4). */
function plus(one, other) {
  const a = mod((one.y - one.x) * (other.y - other.x));
  const b = mod((one.y + one.x) * (other.y + other.x));
  const c = mod(2n * D * one.t * other.t);
  const d = mod(2n * one.z * other.z);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return { x: mod(e * f), y: mod(g * h), z: mod(f * g), t: mod(e * h) };
}

function isNeutral(point) {
  return point.x === 0n && point.y === point.z;
}

/** The group order times a point is neutral for those of prime order, and for the neutral one. */
function isOfPrimeOrder(point) {
  let multiple = NEUTRAL;
  for (const bit of L.toString(2)) {
    multiple = plus(multiple, multiple);
    multiple = bit === "1" ? plus(multiple, point) : multiple;
  }
  return isNeutral(multiple) && !isNeutral(point);
}

function isSound(bytes) {
  const point = bytes.length === KEY_BYTES ? decoded(bytes) : null;
  return point !== null && isOfPrimeOrder(point);
}

/** Verifies signatures of one file, whose keys it remembers. */
export class Verifier {
  #accepted = new Map();

  /** Whether the 32 bytes are a key that may sign at all. */
  accepts(key) {
    const name = hex(key);
    if (!this.#accepted.has(name)) {
      this.#accepted.set(name, isSound(key));
    }
    return this.#accepted.get(name);
  }

  /** Whether the key signed the message. */
  async verify(key, message, signature) {
    if (signature.length !== SIGNATURE_BYTES || !this.accepts(key)
      || number(signature.slice(32)) >= L || !isSound(signature.slice(0, 32))) {
      return false;
    }
    const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
  }
}

/** RFC 8032 section 7.1, test 2: a key, the message 0x72, and its signature. */
const KNOWN = [
  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  "72",
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
];

/**
 * Whether this browser verifies here: "yes"; "insecure" where it does for safely loaded pages only,
 * and this is none; "unknown" where it has no Ed25519.
 */
export async function availability() {
  if (globalThis.crypto?.subtle === undefined) {
    return "insecure";
  }
  const [key, message, signature] = KNOWN.map((digits) =>
    Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16)));
  try {
    const verifier = new Verifier();
    const good = await verifier.verify(key, message, signature);
    return good && !await verifier.verify(key, Uint8Array.of(0x73), signature) ? "yes" : "unknown";
  } catch {
    return "unknown";
  }
}
