// Which wallet signed: the rule of the log's own readers, stricter than a chain's ecrecover where it leaves
// a choice. Browsers do not have this curve. Nothing here is secret, so it need not take the same time for
// every input.
import { hex, ofHex } from "./bytes.js";
import { keccak256 } from "./keccak.js";

/** Length of a key's own signature, in bytes: r, s, v. */
export const ECDSA_BYTES = 65;

const P = 2n ** 256n - 2n ** 32n - 977n;
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const G = {
  x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
  z: 1n,
};
const INFINITY = { x: 0n, y: 1n, z: 0n };
const EVEN = 27;
const ODD = 28;

function mod(value, modulus = P) {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function power(base, exponent, modulus) {
  let result = 1n;
  for (let square = mod(base, modulus); exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) {
      result = (result * square) % modulus;
    }
    square = (square * square) % modulus;
  }
  return result;
}

/** By Fermat: the modulus is prime. */
function inverse(value, modulus) {
  return power(value, modulus - 2n, modulus);
}

function number(bytes) {
  return BigInt(`0x${hex(bytes)}`);
}

/** Twice a point, in Jacobian coordinates. */
function doubled({ x, y, z }) {
  const yy = mod(y * y);
  const s = mod(4n * x * yy);
  const m = mod(3n * x * x);
  const double = mod(m * m - 2n * s);
  return { x: double, y: mod(m * (s - double) - 8n * yy * yy), z: mod(2n * y * z) };
}

function plus(one, other) {
  if (one.z === 0n) {
    return other;
  }
  if (other.z === 0n) {
    return one;
  }
  const [zz1, zz2] = [mod(one.z * one.z), mod(other.z * other.z)];
  const [u1, u2] = [mod(one.x * zz2), mod(other.x * zz1)];
  const [s1, s2] = [mod(one.y * zz2 * other.z), mod(other.y * zz1 * one.z)];
  const [h, r] = [mod(u2 - u1), mod(s2 - s1)];
  if (h === 0n) {
    return r === 0n ? doubled(one) : INFINITY;
  }
  const hh = mod(h * h);
  const hhh = mod(h * hh);
  const x = mod(r * r - hhh - 2n * u1 * hh);
  return { x, y: mod(r * (u1 * hh - x) - s1 * hhh), z: mod(h * one.z * other.z) };
}

/** a times G and b times the point, together. */
function sumOfTwo(a, b, point) {
  const both = plus(G, point);
  const add = [INFINITY, G, point, both];
  let sum = INFINITY;
  for (let bit = 255n; bit >= 0n; bit--) {
    sum = plus(doubled(sum), add[Number((a >> bit) & 1n) + 2 * Number((b >> bit) & 1n)]);
  }
  return sum;
}

/** The point with that abscissa and parity, or null. */
function lifted(x, odd) {
  const square = mod(x * x * x + 7n);
  const y = power(square, (P + 1n) / 4n, P);
  if (mod(y * y) !== square) {
    return null;
  }
  return { x, y: (y & 1n) === (odd ? 1n : 0n) ? y : P - y, z: 1n };
}

function word(value) {
  return ofHex(value.toString(16).padStart(64, "0"));
}

/**
 * The address (`0x` and 40 digits) whose key signed the digest, or null unless r and s are in the group's
 * range, s is in its lower half (EIP-2), v is 27 or 28, and r belongs to a point. SEC 1 section 4.1.6.
 */
export function signerOf(digest, signature) {
  const [r, s, v] = [number(signature.slice(0, 32)), number(signature.slice(32, 64)), signature[64]];
  if (signature.length !== ECDSA_BYTES || r === 0n || r >= N || s === 0n || s > N >> 1n
    || (v !== EVEN && v !== ODD)) {
    return null;
  }
  const point = lifted(r, v === ODD);
  if (point === null) {
    return null;
  }
  const inverted = inverse(r, N);
  const key = sumOfTwo(mod(-number(digest) * inverted, N), mod(s * inverted, N), point);
  if (key.z === 0n) {
    return null;
  }
  const z = inverse(key.z, P);
  const zz = mod(z * z);
  return `0x${hex(keccak256(word(mod(key.x * zz)), word(mod(key.y * zz * z))).slice(12))}`;
}
