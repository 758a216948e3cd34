// Whether what a receipt file shows of the money belongs to the deal: both wallets were bound by the two
// sides for the contract of the terms, which would lock between them, the escrow's id is made of those terms,
// those wallets and this deal, and the observer that the terms name said the rest, in an order in which it can
// happen. Whether the chain says so too is not looked at.
import { idOf } from "./agent-key.js";
import {
  NOBODY, addressOf, chainOf, commitment, conflict, contractOf, escrowId, isSignedByWallet,
} from "./escrow.js";
import { requireOrigin } from "./leg.js";
import { Rejected } from "./verdict.js";

const STATEMENTS = ["WALLET_BIND", "ESCROW_LOCKED", "ESCROW_SETTLED", "ESCROW_REFUNDED"];
const ENDS = ["ESCROW_SETTLED", "ESCROW_REFUNDED"];

function foreign(leg, why) {
  return new Rejected("LEG_FOREIGN", `${leg.words}: ${why}`);
}

function walletForeign(leg, why) {
  return new Rejected("ESCROW_WALLET_FOREIGN", `${leg.words}: ${why}`);
}

function requireNone(claimed, legs) {
  if (claimed !== null) {
    throw new Rejected("CLAIM_DIFFERS", "the deal demanded no money, the receipt names an escrow");
  }
  if (legs.length > 0) {
    throw foreign(legs[0], "the deal demanded no money");
  }
}

function requireKinds(legs, deal, origin) {
  let last = -1n;
  for (const leg of legs) {
    deal.keys.requireInForce(leg);
    if (!STATEMENTS.includes(leg.type)) {
      throw foreign(leg, "it says nothing of money");
    }
    if (leg.index <= last) {
      throw new Rejected("ESCROW_OUT_OF_ORDER", `${leg.words} comes after entry ${last}`);
    }
    last = leg.index;
    requireOrigin(leg, origin);
  }
}

class Check {
  constructor({ escrow: claimed }, deal, legs) {
    this.claimed = claimed;
    this.deal = deal;
    this.legs = legs;
    this.terms = deal.terms.escrow;
    this.contract = contractOf(this.terms.get("chain"), this.terms.get("contract"));
    this.acceptance = deal.of("ACCEPT")[0];
  }

  async money() {
    const payer = await this.#binding(this.claimed.payer_binding, this.deal.proposer, this.claimed.payer);
    const payee = await this.#binding(this.claimed.payee_binding, this.deal.recipient, this.claimed.payee);
    this.#requireLockable();
    await this.#requireId();
    const locked = this.#locked();
    const ended = this.#ended(locked);
    const other = this.legs.find((leg) => ![payer, payee, locked, ended].includes(leg));
    if (other !== undefined) {
      throw foreign(other, "the escrow needs no other statement");
    }
    return { terms: this.terms, payer, payee, locked, ended };
  }

  /** The statement that bound one side's wallet before the deal was accepted. */
  async #binding(index, side, wallet) {
    const leg = this.#at(index, "WALLET_BIND");
    const { account, escrow, not_after: notAfter } = leg.statement;
    const contract = contractOf(chainOf(account), escrow);
    if (this.deal.account(leg) !== side) {
      throw walletForeign(leg, `it is not by ${await idOf(side)}, whose wallet it should be`);
    }
    if (contract !== this.contract) {
      throw walletForeign(leg, `it is for ${contract}, the terms for ${this.contract}`);
    }
    if (addressOf(account) !== wallet) {
      throw walletForeign(leg, `it binds ${addressOf(account)}, the receipt says ${wallet}`);
    }
    if (leg.index >= this.acceptance.index) {
      throw walletForeign(leg, "the deal was accepted before it");
    }
    if (notAfter * 1000n < this.acceptance.event.at) {
      throw walletForeign(leg, "its time was over when the deal was accepted");
    }
    return leg;
  }

  #at(index, type) {
    const leg = this.legs.find((one) => one.index === index);
    if (leg === undefined) {
      throw new Rejected("LEG_MISSING", `entry ${index} (${type}) is not in the file`);
    }
    if (leg.type !== type) {
      throw foreign(leg, `a ${type} wanted`);
    }
    return leg;
  }

  /** No ledger takes the acceptance of a deal whose money could never be locked. */
  #requireLockable() {
    const why = conflict(this.terms, this.claimed.payer, this.claimed.payee);
    if (why !== null) {
      throw new Rejected("ESCROW_WALLET_FOREIGN", `the contract would never lock between these wallets: ${why}`);
    }
  }

  async #requireId() {
    const { claimed, deal, terms } = this;
    const deals = await commitment(deal.proposal.hash, this.acceptance.hash);
    const id = escrowId(terms, claimed.payer, claimed.payee, deals);
    if (id !== claimed.id) {
      throw new Rejected("ESCROW_DIFFERS", `the receipt names the escrow ${claimed.id}, the deal's is ${id}`);
    }
  }

  #locked() {
    const leg = this.#at(this.claimed.locked, "ESCROW_LOCKED");
    this.#requireSeen(leg);
    const { legs } = this.deal;
    const next = legs[legs.indexOf(this.acceptance) + 1];
    if (leg.index < this.acceptance.index || leg.index > next.index) {
      throw new Rejected("ESCROW_OUT_OF_ORDER",
        `${leg.words} is not between ${this.acceptance.words} and ${next.words}`);
    }
    return leg;
  }

  /** Null while nobody has said how the money came out. */
  #ended(locked) {
    const leg = this.legs.find((one) => ENDS.includes(one.type)) ?? null;
    if (leg !== null) {
      this.#requireSeen(leg);
      if (leg.index < locked.index || leg.statement.block_number < locked.statement.block_number) {
        throw new Rejected("ESCROW_OUT_OF_ORDER", `${leg.words} cannot come before ${locked.words}`);
      }
    }
    return leg;
  }

  /** By whom the terms name, of this deal and of its escrow. */
  #requireSeen(leg) {
    const { claimed, deal, terms } = this;
    const { statement: seen } = leg;
    if (deal.keys.firstId(leg.signer) !== deal.keys.firstId(terms.get("observer"))) {
      throw new Rejected("ESCROW_OBSERVER_FOREIGN", `${leg.words}: the terms name ${
        terms.get("observer")} as the observer; if its key was rotated, the rotation must be in the file`);
    }
    if (seen.proposal_id !== deal.id) {
      throw foreign(leg, `it is about ${seen.proposal_id}, not ${deal.id}`);
    }
    const isOther = seen.escrow_id !== claimed.id || contractOf(seen.chain, seen.contract) !== this.contract
      || (leg.type === "ESCROW_SETTLED"
        && BigInt(seen.to_payee) + BigInt(seen.to_payer) !== BigInt(terms.get("amount")));
    if (isOther) {
      throw new Rejected("ESCROW_DIFFERS",
        `${leg.words}: it is not about the ${terms.get("amount")} of the escrow ${claimed.id} in ${this.contract}`);
    }
  }
}

/** What the file shows of the deal's money: { terms, payer, payee, locked, ended }; null if it demanded none. */
export async function moneyOf(receipt, deal, legs) {
  const claimed = receipt.escrow;
  if (deal.terms.escrow === null) {
    requireNone(claimed, legs);
    return null;
  }
  if (claimed === null) {
    throw new Rejected("CLAIM_DIFFERS", "the deal demanded money, the receipt names no escrow");
  }
  requireKinds(legs, deal, receipt.origin);
  return new Check(receipt, deal, legs).money();
}

function wallet(binding) {
  return addressOf(binding.statement.account);
}

function happened({ type, statement: { how, to_payee: toPayee, to_payer: toPayer } }) {
  switch (type) {
    case "ESCROW_LOCKED":
      return "the money was locked";
    case "ESCROW_SETTLED":
      return `the money was paid out (${how}), ${toPayee} to the payee and ${toPayer} to the payer`;
    default:
      return "the money went back to the payer";
  }
}

/** The observer's word, and whose it is. */
function said(leg) {
  const { chain, block_number: block, tx } = leg.statement;
  return `The observer ${leg.signer} said that ${happened(leg)}, on chain ${chain} in block ${
    block} by the transaction ${tx} (entry ${leg.index}); whether the chain says so was not checked here.`;
}

/** Sentences: who said what of the money, but never that the chain says so, too. */
export function proved({ from, to }, { terms, payer, payee, locked, ended }) {
  const token = terms.get("token");
  const coin = token === NOBODY ? "the chain's coin (smallest units)" : `the token ${token}`;
  return [
    `The deal was not to start before ${terms.get("amount")} of ${coin} were locked in the contract ${
      terms.get("contract")} on the chain ${terms.get("chain")}: from the wallet ${wallet(payer)} of ${
      from}, for the wallet ${wallet(payee)} of ${to}, as the escrow ${locked.statement.escrow_id}.`,
    ...[payer, payee].filter((binding) => isSignedByWallet(binding.statement)).map((binding) =>
      `The key of the wallet ${wallet(binding)} signed that it is ${binding.signer}'s (entry ${binding.index}).`),
    said(locked),
    ...(ended === null ? [] : [said(ended)]),
  ];
}

export function notProved({ terms, payer, payee, ended }) {
  return [
    `That the chain says of the money what ${terms.get("observer")} said: whoever asks the chain ${
      terms.get("chain")} for the escrow knows.`,
    ...[payer, payee].filter((binding) => !isSignedByWallet(binding.statement)).map((binding) =>
      `That the wallet ${wallet(binding)} agreed to be ${
        binding.signer}'s: it is said to be a contract, and only the chain knows (ERC-1271).`),
    "That neither side had bound another wallet before the deal was accepted: an audit shows it.",
    ...(ended === null ? ["What became of the money: the file holds nobody's word for it."] : []),
  ];
}
