// Keccak-256, the hash of EVM chains: Keccak[512] of FIPS 202 section 3 with the padding from before SHA-3
// became a standard. Browsers do not have it.
import { joined } from "./bytes.js";

const RATE = 136;
const HASH_BYTES = 32;
const ROUNDS = 24;
const LANES = 25;
const LANE_BYTES = 8;
const MASK = (1n << 64n) - 1n;

function rotated(lane, bits) {
  return bits === 0n ? lane : ((lane << bits) | (lane >> (64n - bits))) & MASK;
}

/** By lane (x + 5y): how far rho turns it (FIPS 202 section 3.2.2). */
const TURNS = (() => {
  const turns = new Array(LANES).fill(0n);
  let [x, y] = [1, 0];
  for (let t = 0n; t < 24n; t++) {
    turns[x + 5 * y] = (((t + 1n) * (t + 2n)) / 2n) % 64n;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return turns;
})();

/** What iota adds in each round (FIPS 202 section 3.2.5): bits of a shift register of eight. */
const CONSTANTS = (() => {
  let register = 1;
  const bit = () => {
    const out = register & 1;
    register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
    return BigInt(out);
  };
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n;
    for (let j = 0n; j < 7n; j++) {
      constant |= bit() << ((1n << j) - 1n);
    }
    return constant;
  });
})();

function round(state, constant) {
  const columns = [0, 1, 2, 3, 4].map((x) =>
    state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]);
  const moved = new Array(LANES);
  for (let x = 0; x < 5; x++) {
    const theta = columns[(x + 4) % 5] ^ rotated(columns[(x + 1) % 5], 1n);
    for (let y = 0; y < 5; y++) {
      moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotated(state[x + 5 * y] ^ theta, TURNS[x + 5 * y]);
    }
  }
  for (let i = 0; i < LANES; i++) {
    const row = i - (i % 5);
    state[i] = moved[i] ^ (~moved[row + ((i + 1) % 5)] & MASK & moved[row + ((i + 2) % 5)]);
  }
  state[0] ^= constant;
}

function lane(bytes, at) {
  let number = 0n;
  for (let i = LANE_BYTES - 1; i >= 0; i--) {
    number = (number << 8n) | BigInt(bytes[at + i]);
  }
  return number;
}

/** The 32 bytes of the hash of all parts, one after another. */
export function keccak256(...parts) {
  const message = joined(...parts);
  const padded = new Uint8Array((Math.floor(message.length / RATE) + 1) * RATE);
  padded.set(message);
  padded[message.length] ^= 0x01;
  padded[padded.length - 1] ^= 0x80;
  const state = new Array(LANES).fill(0n);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let i = 0; i < RATE / LANE_BYTES; i++) {
      state[i] ^= lane(padded, block + i * LANE_BYTES);
    }
    CONSTANTS.forEach((constant) => round(state, constant));
  }
  return Uint8Array.from({ length: HASH_BYTES }, (_, i) =>
    Number((state[Math.floor(i / LANE_BYTES)] >> BigInt(8 * (i % LANE_BYTES))) & 0xffn));
}
