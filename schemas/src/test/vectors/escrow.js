// Makes the golden files of escrows that another implementation vouches for: Node 20 or later, with
// the package `ethers`, version 6, installed where Node finds it.
//   node escrow.js ../resources/org/agentchat/schemas
// The build never runs this; it reads the files.
const { ethers } = require('ethers');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const out = process.argv[2];
const write = (name, value) =>
  fs.writeFileSync(path.join(out, name), JSON.stringify(value, null, 2) + '\n');

// Numbers and bytes that are the same each time.
const bytes = (name, n = 32) => crypto.createHash('sha256').update(name).digest().subarray(0, n);
const hex = (name, n) => '0x' + bytes(name, n).toString('hex');
const wallet = name => new ethers.Wallet(hex(name));
const lower = address => address.toLowerCase();
const domain = (chainId, contract) =>
  ({ name: 'AgentEscrow', version: '1', chainId, verifyingContract: contract });

const TERMS = {
  Terms: [['address', 'payer'], ['address', 'payee'], ['address', 'operator'],
    ['address', 'arbiter'], ['address', 'token'], ['uint256', 'amount'], ['uint64', 'deadline'],
    ['uint32', 'reviewPeriod'], ['uint32', 'disputePeriod'], ['uint16', 'silentBps'],
    ['bytes32', 'proposal']].map(([type, name]) => ({ type, name })),
};
const BINDING = {
  AgentBinding: [['bytes32', 'agentKey'], ['address', 'account'], ['uint64', 'notAfter'],
    ['bytes32', 'nonce']].map(([type, name]) => ({ type, name })),
};

const zero = ethers.ZeroAddress;
const agreements = [
  { chain: 31337, token: zero, amount: '1', deadline: 1, review: 1, dispute: 1, bps: 0 },
  { chain: 1, token: hex('token', 20), amount: ((1n << 128n) - 1n).toString(),
    deadline: Number.MAX_SAFE_INTEGER, review: 31622400, dispute: 31622400, bps: 10000 },
  { chain: Number.MAX_SAFE_INTEGER, token: hex('usdc', 20), amount: '12345678901234567890',
    deadline: 1893456000, review: 86400, dispute: 604800, bps: 5000 },
].map((c, i) => {
  const contract = hex('contract' + i, 20);
  const proposal = bytes('proposal entry' + i);
  const accept = bytes('accept entry' + i);
  const commitment = '0x' + crypto.createHash('sha256')
    .update('agentchat/escrow/1\n').update(proposal).update(accept).digest('hex');
  const terms = { payer: hex('payer' + i, 20), payee: hex('payee' + i, 20),
    operator: i === 0 ? zero : hex('operator' + i, 20),
    arbiter: hex('arbiter' + i, 20), token: c.token, amount: c.amount,
    deadline: c.deadline, reviewPeriod: c.review, disputePeriod: c.dispute, silentBps: c.bps,
    proposal: commitment };
  return {
    terms: { amount: c.amount, arbiter: terms.arbiter, chain: 'eip155:' + c.chain, contract,
      deadline: c.deadline, dispute_period: c.dispute, observer: '@a59fb523e4702754',
      operator: terms.operator, review_period: c.review, silent_bps: c.bps, token: c.token },
    payer: terms.payer, payee: terms.payee,
    proposal_leaf: proposal.toString('hex'), accept_leaf: accept.toString('hex'), commitment,
    struct_hash: ethers.TypedDataEncoder.hashStruct('Terms', TERMS, terms),
    id: ethers.TypedDataEncoder.hash(domain(c.chain, contract), TERMS, terms),
  };
});
write('escrow-agreements.json', agreements);

(async () => {
  const bindings = [];
  for (let i = 0; i < 24; i++) {
    const owner = wallet('wallet' + i);
    const contract = hex('contract' + i, 20);
    const chain = [1, 31337, Number.MAX_SAFE_INTEGER][i % 3];
    const notAfter = [0, 1893456000, Number.MAX_SAFE_INTEGER][i % 3];
    const key = bytes('agent' + i);
    const nonce = bytes('nonce' + i);
    const value = { agentKey: '0x' + key.toString('hex'), account: owner.address, notAfter,
      nonce: '0x' + nonce.toString('hex') };
    bindings.push({ secret: hex('wallet' + i), account: lower(owner.address),
      chain: 'eip155:' + chain, contract, agent_key: key.toString('base64'), not_after: notAfter,
      nonce: nonce.toString('hex'),
      digest: ethers.TypedDataEncoder.hash(domain(chain, contract), BINDING, value),
      signature: await owner.signTypedData(domain(chain, contract), BINDING, value) });
  }
  write('escrow-bindings.json', bindings);
})();
