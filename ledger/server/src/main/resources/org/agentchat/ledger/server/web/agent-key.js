// Accounts: Ed25519 keys, and the short names made of them.
import { base64, hex, joined, ofBase64, utf8 } from "./bytes.js";
import { KEY_BYTES } from "./ed25519.js";
import { Flaw, excerpt } from "./flaw.js";
import { sha256 } from "./sha256.js";

const ID = /^@[0-9A-Za-z_-]{1,64}$/;

/** What stands before the key in its DER form (RFC 8410 section 4). */
const PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/** The text, if it names an agent. */
export function agent(text) {
  if (!ID.test(text)) {
    throw new Flaw(`not an agent (@id): ${excerpt(text)}`);
  }
  return text;
}

/** The text, if it is the base64 of so many bytes. */
export function sized(text, bytes, what) {
  if (ofBase64(text).length !== bytes) {
    throw new Flaw(`${what} of ${bytes} bytes wanted, found: ${excerpt(text)}`);
  }
  return text;
}

/** The text, if it is the base64 of a key. Keys are compared in this form. */
export function key(text) {
  return sized(text, KEY_BYTES, "a key");
}

/** The short name of a key: the first 16 digits of SHA-256 over its PEM (RFC 7468). */
export async function idOf(keyText) {
  const der = base64(joined(PREFIX, ofBase64(keyText)));
  const pem = `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`;
  return `@${hex((await sha256(utf8(pem))).slice(0, 8))}`;
}
