// What agents sign: the fields of each kind of statement, and the bytes that a signature is over.
import { agent, key, sized } from "./agent-key.js";
import { ofBase64, utf8 } from "./bytes.js";
import { canonical, object, stringified } from "./canonical.js";
import { SIGNATURE_BYTES } from "./ed25519.js";
import * as escrow from "./escrow.js";
import { Flaw } from "./flaw.js";
import { Numeral, exactly } from "./json.js";
import { sha256Hex } from "./sha256.js";

const MAX_ID_CHARS = 128;
const MAX_TEXT_CHARS = 8_192;
const MAX_CAPABILITY_CHARS = 64;
const MAX_EXPIRES_SECONDS = 2_592_000;
const MAX_ITEMS_CHARS = 16_384;
const MAX_SKILLS = 32;
const MAX_WHOLE = 2 ** 31 - 1;

const VERDICTS = ["disputant", "respondent", "mutual"];

/** The names of the two schemes. */
export const JOINED = "agentchat/1";
export const BOUND = "agentchat/2";

// Readers of one field: the value that stands there, or a Flaw. Absent is null.

function present(value, name, most = MAX_TEXT_CHARS) {
  if (typeof value !== "string" || !value.isWellFormed() || value.length > most) {
    throw new Flaw(`${name}: a text of at most ${most} characters wanted`);
  }
  return value;
}

function required(value, name) {
  return present(value, name) !== "" ? value : missing(name);
}

function missing(name) {
  throw new Flaw(`${name}: missing`);
}

function optional(read) {
  return (value, name) => (value === null ? null : read(value, name));
}

function token(value, name) {
  const text = present(value, name, MAX_ID_CHARS);
  if (text === "" || text.includes("|")) {
    throw new Flaw(`${name}: 1 to ${MAX_ID_CHARS} characters without | wanted`);
  }
  return text;
}

function quantity(value, name) {
  const text = value instanceof Numeral ? exactly(value) : null;
  if (text === null || Number(text) < 0) {
    throw new Flaw(`${name}: a non-negative number that is an exact double wanted`);
  }
  return new Numeral(text);
}

function seconds(value, name) {
  if (Number(quantity(value, name).literal) > MAX_EXPIRES_SECONDS) {
    throw new Flaw(`${name}: at most ${MAX_EXPIRES_SECONDS} seconds wanted`);
  }
  return quantity(value, name);
}

function stake(value, name) {
  const points = Number(quantity(value, name).literal);
  if (!Number.isInteger(points) || points > MAX_WHOLE) {
    throw new Flaw(`${name}: a whole number wanted`);
  }
  return BigInt(points);
}

function verdict(value, name) {
  return VERDICTS.includes(value) ? value : missing(name);
}

function capability(value, name) {
  return present(value, name, MAX_CAPABILITY_CHARS);
}

function list(most, read) {
  return (value, name) => {
    const elements = stringified(present(value, name, most));
    if (!Array.isArray(elements)) {
      throw new Flaw(`${name}: an array wanted`);
    }
    read(elements, name);
    return value;
  };
}

function skills(elements, name) {
  if (elements.length === 0 || elements.length > MAX_SKILLS) {
    throw new Flaw(`${name}: 1 to ${MAX_SKILLS} wanted`);
  }
  for (const skill of elements) {
    const field = (part) => (skill instanceof Map ? skill.get(part) ?? null : null);
    if (capability(field("capability"), name) === "") {
      missing("capability");
    }
    optional((value) => present(value, "description", Infinity))(field("description"));
    optional(quantity)(field("rate"), "rate");
    optional((value) => present(value, "currency", Infinity))(field("currency"));
  }
}

const text = optional(present);

/** The first fields of what an observer says. */
const SEEN = {
  block_hash: escrow.hash, block_number: escrow.safe, chain: escrow.chain, contract: escrow.address,
  escrow_id: escrow.hash, proposal_id: token, tx: escrow.hash,
};

const NETWORK = /^[a-z0-9][a-z0-9-]{0,62}$/;
const LEASES = (() => {
  const one = "akash1[a-z0-9]{38}/[1-9][0-9]{0,18}/[1-9][0-9]{0,9}/[1-9][0-9]{0,9}/akash1[a-z0-9]{38}";
  return new RegExp(`^${one}(?: ${one}){0,19}$`);
})();

function shaped(shape, what) {
  return (value, name) => {
    if (typeof value !== "string" || !shape.test(value)) {
      throw new Flaw(`${name}: ${what} wanted`);
    }
    return value;
  };
}

const network = shaped(NETWORK, "1 to 63 of a-z, 0-9, hyphen");

const DEPLOYED = { network, paid: escrow.safe, proposal_id: token, reason: required };

const KINDS = {
  PROPOSAL: {
    amount: optional(quantity), capability: optional(capability), currency: text, elo_stake: optional(stake),
    escrow: optional(escrow.terms), expires: optional(seconds), payment_code: text, task: required, terms: text,
    to: (value) => agent(present(value, "to")),
  },
  ACCEPT: { elo_stake: optional(stake), payment_code: text, proposal_id: token },
  REJECT: { proposal_id: token, reason: text },
  COMPLETE: { proof: text, proposal_id: token },
  DISPUTE: { proposal_id: token, reason: required },
  REGISTER_SKILLS: { skills: list(MAX_TEXT_CHARS, skills) },
  DISPUTE_INTENT: { commitment: token, proposal_id: token, reason: required },
  DISPUTE_REVEAL: { nonce: token, proposal_id: token },
  EVIDENCE: { dispute_id: token, items: list(MAX_ITEMS_CHARS, () => {}), statement: present },
  ARBITER_ACCEPT: { dispute_id: token },
  ARBITER_DECLINE: { dispute_id: token, reason: text },
  ARBITER_VOTE: { dispute_id: token, reasoning: present, verdict },
  ROTATE_KEY: {
    new_key: (value) => key(present(value, "new_key")),
    new_signature: (value) => sized(present(value, "new_signature"), SIGNATURE_BYTES, "a signature"),
  },
  REVOKE_KEY: { reason: text },
  WALLET_BIND: {
    account: escrow.account, escrow: escrow.somebody, evm_signature: escrow.walletSignature, nonce: escrow.nonce,
    not_after: escrow.safe,
  },
  ESCROW_LOCKED: SEEN,
  ESCROW_SETTLED: { ...SEEN, how: escrow.outcome, to_payee: escrow.units, to_payer: escrow.units },
  ESCROW_REFUNDED: SEEN,
  DEPLOYMENT_RUNNING: {
    lease: shaped(LEASES, "1 to 20 leases"), network, proposal_id: token, until: escrow.safe, uris: present,
  },
  DEPLOYMENT_CLOSED: DEPLOYED,
  DEPLOYMENT_FAILED: DEPLOYED,
};

/**
 * A statement of a Map: its fields by name, null where it has none, and `type`. Fields of other names
 * are left out: whoever reads an entry compares it with what is written of this.
 */
export function read(map) {
  const type = map instanceof Map ? map.get("type") : null;
  if (!Object.hasOwn(KINDS, type ?? "")) {
    throw new Flaw("no such kind of statement");
  }
  const statement = { type };
  for (const [name, reader] of Object.entries(KINDS[type])) {
    statement[name] = reader(map.get(name) ?? null, name);
  }
  return statement;
}

/** A field in the text that `agentchat/1` signs: empty when it is absent or zero. */
function part(value) {
  if (value === null || typeof value === "string") {
    return value ?? "";
  }
  const digits = value instanceof Numeral ? value.literal : value.toString();
  return Number(digits) === 0 ? "" : digits;
}

/** Fields that must not contain the separator: with one free text at most, it parses one way only. */
const UNJOINABLE = { PROPOSAL: ["currency", "payment_code"], ACCEPT: ["payment_code"] };

const JOINED_TEXTS = {
  PROPOSAL: (s) => (s.escrow === null
    ? [[s.to, s.task, s.amount, s.currency, s.payment_code, s.expires, s.elo_stake]]
    : []),
  ACCEPT: (s) => [[s.type, s.proposal_id, s.payment_code, s.elo_stake]],
  REJECT: (s) => [[s.type, s.proposal_id, s.reason]],
  COMPLETE: (s) => [[s.type, s.proposal_id, s.proof]],
  DISPUTE: (s) => [[s.type, s.proposal_id, s.reason]],
  // Clients before February 2026, and a command line still, sign the list itself.
  REGISTER_SKILLS: async (s) => [[s.type, await sha256Hex(s.skills)], [s.skills]],
  DISPUTE_INTENT: (s) => [[s.type, s.proposal_id, s.reason, s.commitment]],
  DISPUTE_REVEAL: (s) => [[s.type, s.proposal_id, s.nonce]],
  EVIDENCE: async (s) => [[s.type, s.dispute_id, await sha256Hex(s.items)]],
  ARBITER_ACCEPT: (s) => [[s.type, s.dispute_id]],
  ARBITER_DECLINE: (s) => [[s.type, s.dispute_id, s.reason]],
  ARBITER_VOTE: (s) => [["VOTE", s.dispute_id, s.verdict]],
  ROTATE_KEY: () => [],
  REVOKE_KEY: () => [],
  WALLET_BIND: () => [],
  ESCROW_LOCKED: () => [],
  ESCROW_SETTLED: () => [],
  ESCROW_REFUNDED: () => [],
  DEPLOYMENT_RUNNING: () => [],
  DEPLOYMENT_CLOSED: () => [],
  DEPLOYMENT_FAILED: () => [],
};

/** `agentchat/1`: some fields joined with |. It binds neither the signer, nor the log, nor the time. */
async function joinedBytes(statement) {
  if ((UNJOINABLE[statement.type] ?? []).some((name) => statement[name]?.includes("|"))) {
    return [];
  }
  const forms = await JOINED_TEXTS[statement.type](statement);
  return forms.map((parts) => utf8(parts.map(part).join("|")));
}

function inDomain(fields) {
  return utf8(`agentchat/2\n${canonical(object(fields))}`);
}

/** `agentchat/2`: the whole statement with its signer, its log, its time and a nonce. */
function boundBytes(statement, { key: signer, nonce, origin, ts }) {
  // A reveal's own nonce is used once by its nature, so it is the scheme's too; a wallet's likewise.
  if ((statement.nonce ?? nonce) !== nonce) {
    return [];
  }
  return [inDomain({ ...statement, key: signer, nonce, origin, scheme: BOUND, ts })];
}

/** Every form of the bytes that the signature may be over; none when the scheme cannot carry it. */
export async function signedBytes(statement, signature) {
  return signature.scheme === BOUND ? boundBytes(statement, signature) : joinedBytes(statement);
}

/** A new key must have agreed to take the old one's place in that log. */
function isAgreed(statement, signature, verifier) {
  const next = ofBase64(statement.new_key);
  const bytes = inDomain({
    key: signature.key, new_key: statement.new_key, origin: signature.origin, type: "SUCCEED_KEY",
  });
  return verifier.verify(next, bytes, ofBase64(statement.new_signature));
}

/** Whether whoever else a statement speaks for agreed to it. */
function isAgreedByOthers(statement, signature, verifier) {
  switch (statement.type) {
    case "ROTATE_KEY":
      return isAgreed(statement, signature, verifier);
    case "WALLET_BIND":
      return escrow.isConsented(statement, signature.key);
    default:
      return true;
  }
}

/**
 * Whether the key signed exactly this, and the new key of a rotation or the wallet of a binding agreed to it,
 * as far as that can be told without the wallet's chain.
 * signature: { key, sig, scheme }, and { nonce, origin, ts } under `agentchat/2`.
 */
export async function isSigned(statement, signature, verifier) {
  const signer = ofBase64(signature.key);
  const sig = ofBase64(signature.sig);
  let signed = false;
  for (const bytes of await signedBytes(statement, signature)) {
    signed ||= await verifier.verify(signer, bytes, sig);
  }
  return signed && isAgreedByOthers(statement, signature, verifier);
}
