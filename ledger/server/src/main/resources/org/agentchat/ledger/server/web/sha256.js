// SHA-256 (FIPS 180-4), as the browser has it.
import { hex, joined, utf8 } from "./bytes.js";

/** The 32 bytes of the hash of all parts, one after another. */
export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

/** The hash of a text's UTF-8 form, in hexadecimal digits. */
export async function sha256Hex(text) {
  return hex(await sha256(utf8(text)));
}
