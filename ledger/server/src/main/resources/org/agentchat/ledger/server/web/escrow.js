// Money in a contract on an EVM chain, as far as statements speak of it: what is agreed, which wallet is
// whose, and the hashes (EIP-712) by which the contract and the log mean the same deal.
import { agent } from "./agent-key.js";
import { hex, ofBase64, ofHex, utf8 } from "./bytes.js";
import { object } from "./canonical.js";
import { Flaw, excerpt } from "./flaw.js";
import { Numeral } from "./json.js";
import { keccak256 } from "./keccak.js";
import { ECDSA_BYTES, signerOf } from "./secp256k1.js";
import { sha256 } from "./sha256.js";

/** Nobody; as a token, the chain's own coin. */
export const NOBODY = `0x${"00".repeat(20)}`;

const MAX_SAFE = 2n ** 53n - 1n;
const MAX_AMOUNT = 2n ** 128n - 1n;
const MAX_UNITS = 2n ** 256n - 1n;
const MAX_PERIOD_SECONDS = 366n * 24n * 60n * 60n;
const MAX_BPS = 10_000n;
const CHAIN = /^eip155:([1-9][0-9]{0,15})$/;
const PERSISTENT = /^@[0-9a-f]{16}$/;

function shaped(shape, rule) {
  return (value, name) => {
    if (typeof value !== "string" || !shape.test(value)) {
      throw new Flaw(`${name}: ${rule} wanted`);
    }
    return value;
  };
}

export const address = shaped(/^0x[0-9a-f]{40}$/, "0x and 40 lower-case hexadecimal digits");
export const hash = shaped(/^0x[0-9a-f]{64}$/, "0x and 64 lower-case hexadecimal digits");

/** Of a wallet's consent. */
export const nonce = shaped(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits");

/** A wallet's signature: of 65 bytes when a key made it, of any other length when a contract is to judge it. */
export const walletSignature = shaped(/^0x(?:[0-9a-f]{2}){1,2048}$/, "0x and 1 to 2048 bytes in lower-case hexadecimal");

/** How an escrow was paid out. */
export const outcome = shaped(/^(?:released|settled|resolved|silent)$/, "released, settled, resolved or silent");

/** A chain as CAIP-2 has it. */
export function chain(value, name) {
  const id = typeof value === "string" ? CHAIN.exec(value)?.[1] ?? null : null;
  if (id === null || BigInt(id) > MAX_SAFE) {
    throw new Flaw(`${name}: eip155: and a number wanted`);
  }
  return value;
}

/** A wallet as CAIP-10 has it, nobody's excepted. */
export function account(value, name) {
  const colon = typeof value === "string" ? value.lastIndexOf(":") : -1;
  if (colon < 0) {
    throw new Flaw(`${name}: a chain, : and an address wanted`);
  }
  chain(value.slice(0, colon), name);
  somebody(value.slice(colon + 1), name);
  return value;
}

/** An address that is not zero. */
export function somebody(value, name) {
  if (address(value, name) === NOBODY) {
    throw new Flaw(`${name}: it is nobody's`);
  }
  return value;
}

/** An amount in a token's smallest units, as its text. */
export function units(value, name) {
  if (typeof value !== "string" || !/^(?:0|[1-9][0-9]{0,77})$/.test(value) || BigInt(value) > MAX_UNITS) {
    throw new Flaw(`${name}: base units as a decimal text wanted`);
  }
  return value;
}

function whole(least, most) {
  return (value, name) => {
    const found = value instanceof Numeral && value.isWhole() ? BigInt(value.literal) : -1n;
    if (found < least || found > most) {
      throw new Flaw(`${name}: a whole number from ${least} to ${most} wanted`);
    }
    return found;
  };
}

/** From 0 to 2^53 - 1. */
export const safe = whole(0n, MAX_SAFE);

function amount(value, name) {
  const found = BigInt(units(value, name));
  if (found === 0n || found > MAX_AMOUNT) {
    throw new Flaw(`${name}: 1 to 2^128 - 1 wanted`);
  }
  return value;
}

function observer(value, name) {
  if (typeof value !== "string" || !PERSISTENT.test(value)) {
    throw new Flaw(`${name}: the @id of a key wanted`);
  }
  return agent(value);
}

const TERMS = {
  amount, arbiter: somebody, chain, contract: somebody, deadline: safe,
  dispute_period: whole(1n, MAX_PERIOD_SECONDS), observer, operator: address,
  review_period: whole(1n, MAX_PERIOD_SECONDS), silent_bps: whole(0n, MAX_BPS), token: address,
};

/** The terms that a proposal offers: every field there, no other field. Whole numbers are bigints. */
export function terms(value, name) {
  if (!(value instanceof Map)) {
    throw new Flaw(`${name}: an object wanted`);
  }
  for (const known of value.keys()) {
    if (!Object.hasOwn(TERMS, known)) {
      throw new Flaw(`${name}.${excerpt(known, 40)}: unknown`);
    }
  }
  const read = Object.fromEntries(Object.entries(TERMS).map(([field, reader]) =>
    [field, reader(value.get(field), `${name}.${field}`)]));
  if (read.arbiter === read.contract) {
    throw new Flaw(`${name}.arbiter: neither zero nor the contract`);
  }
  return object(read);
}

/** Why the contract would not lock such terms between these two wallets, or null. */
export function conflict(agreed, payer, payee) {
  const [operator, arbiter, contract] = ["operator", "arbiter", "contract"].map((name) => agreed.get(name));
  if (payer === payee) {
    return `both sides have the wallet ${payer}`;
  }
  if (payee === operator) {
    return `the payee's wallet ${payee} is the operator's`;
  }
  if (arbiter === payer || arbiter === payee) {
    return `the arbiter ${arbiter} is one of the two sides`;
  }
  return payer === contract || payee === contract ? `the contract ${contract} is no wallet` : null;
}

/** The contract of an account or of terms, on its chain: as CAIP-10 writes it. */
export function contractOf(chainId, contract) {
  return `${chainId}:${contract}`;
}

/** The wallet's address in an account. */
export function addressOf(wallet) {
  return wallet.slice(wallet.lastIndexOf(":") + 1);
}

/** The chain of an account. */
export function chainOf(wallet) {
  return wallet.slice(0, wallet.lastIndexOf(":"));
}

/** One word of EIP-712: an address, a hash, or a number; texts of digits are numbers. */
function word(value) {
  const digits = typeof value === "string" && value.startsWith("0x") ? value.slice(2) : BigInt(value).toString(16);
  return ofHex(digits.padStart(64, "0"));
}

function hashOf(text) {
  return keccak256(utf8(text));
}

/** What is signed for a struct in the domain of an escrow contract (EIP-712). */
function digest(chainId, contract, structHash) {
  const domain = keccak256(
    hashOf("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
    hashOf("AgentEscrow"),
    hashOf("1"),
    word(CHAIN.exec(chainId)[1]),
    word(contract));
  return keccak256(Uint8Array.of(0x19, 0x01), domain, structHash);
}

const AGREEMENT = "Terms(address payer,address payee,address operator,address arbiter,address token,"
  + "uint256 amount,uint64 deadline,uint32 reviewPeriod,uint32 disputePeriod,uint16 silentBps,bytes32 proposal)";

/** What ties an escrow to a deal, by the leaf hashes of its first two entries. */
export async function commitment(proposal, acceptance) {
  return `0x${hex(await sha256(utf8("agentchat/escrow/1\n"), proposal, acceptance))}`;
}

/** By what the contract knows the escrow of these terms between two wallets, for a deal's commitment. */
export function escrowId(agreed, payer, payee, proposal) {
  const of = (name) => word(agreed.get(name));
  const struct = keccak256(
    hashOf(AGREEMENT), word(payer), word(payee), of("operator"), of("arbiter"), of("token"), of("amount"),
    of("deadline"), of("review_period"), of("dispute_period"), of("silent_bps"), word(proposal));
  return `0x${hex(digest(agreed.get("chain"), agreed.get("contract"), struct))}`;
}

const BINDING = "AgentBinding(bytes32 agentKey,address account,uint64 notAfter,bytes32 nonce)";

/** What a wallet signs so that the agent with that key may name it as its own. */
export function bindingDigest({ account: wallet, escrow, not_after: notAfter, nonce: once }, key) {
  const struct = keccak256(
    hashOf(BINDING), ofBase64(key), word(addressOf(wallet)), word(notAfter), ofHex(once));
  return digest(chainOf(wallet), escrow, struct);
}

/** Whether a wallet's signature is a key's own, so that everybody can tell whose. */
export function isSignedByWallet({ evm_signature: signature }) {
  return signature.length === 2 + 2 * ECDSA_BYTES;
}

/** Whether the wallet agreed to be that agent's, as far as it can be told without its chain. */
export function isConsented(bind, key) {
  return !isSignedByWallet(bind)
    || signerOf(bindingDigest(bind, key), ofHex(bind.evm_signature.slice(2))) === addressOf(bind.account);
}
