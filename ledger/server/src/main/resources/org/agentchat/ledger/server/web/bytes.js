// Bytes and their texts: UTF-8, hexadecimal, base64 (RFC 4648 section 4), base32 (section 6).
import { Flaw } from "./flaw.js";

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** The UTF-8 form of a text. */
export function utf8(text) {
  return new TextEncoder().encode(text);
}

/** The text of UTF-8; a byte order mark stays in it. */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Flaw("not UTF-8");
  }
}

/** The bytes of all parts, one after another. */
export function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Lower-case hexadecimal digits. */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of hexadecimal digits, two for each. */
export function ofHex(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Standard base64 with padding. */
export function base64(bytes) {
  let binary = "";
  for (const byte of bytes) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary);
}

/** The bytes of standard base64 with padding, in its one canonical form. */
export function ofBase64(text) {
  if (BASE64.test(text) && text.length % 4 === 0) {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    if (base64(bytes) === text) {
      return bytes;
    }
  }
  throw new Flaw(`not canonical base64: ${text.slice(0, 80)}`);
}

/** The first characters of lower-case base32. */
export function base32(bytes, characters) {
  let bits = "";
  for (const byte of bytes) {
    bits += byte.toString(2).padStart(8, "0");
  }
  let text = "";
  for (let at = 0; text.length < characters; at += 5) {
    text += BASE32[parseInt(bits.slice(at, at + 5), 2)];
  }
  return text;
}
