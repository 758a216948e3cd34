// Makes the golden files that an ECMAScript engine and its own Ed25519 vouch for (Node 20 or later):
//   node generate.js ../resources/org/agentchat/schemas
// The build never runs this; it reads the files.
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const out = process.argv[2];
const write = (name, lines) => fs.writeFileSync(path.join(out, name), lines.join('\n') + '\n');

// Numbers: the bits of a double, and the text of Number::toString; subnormals left out, as no
// statement may carry them.
const view = new DataView(new ArrayBuffer(8));
const numbers = new Map();
function number(x) {
  if (!Number.isFinite(x) || Object.is(x, -0)) return;
  if (x !== 0 && Math.abs(x) < 2.2250738585072014e-308) return;
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0).toString(16).padStart(16, '0');
  numbers.set(bits, `${bits} ${String(x)}`);
}
[0, 1, -1, 10, 0.1, 0.05, 0.5, 1e21, 1e20, 1e-6, 1e-7, 1.5e-7, 5e-324, 1.7976931348623157e308,
  2.2250738585072014e-308, 2.225073858507201e-308, 123456789012345680000, 1234567890123456800000,
  9007199254740991, 9007199254740992, 9007199254740994, 4.35, 0.0000012, 333333333.3333333, 1e30,
  1e-27, 295147905179352830000, 0.30000000000000004, 100, 1000000, 1795223290212, 1e23,
  9.999999999999999e22, 1.0000000000000001e23, 999999999999999900000, -0.0000033333333333333333,
  1424953923781206.2].forEach(number);
for (let e = -324; e <= 308; e++) number(Number('1e' + e));
for (let e = -1074; e <= 1023; e += 7) { number(2 ** e); number(3 * 2 ** e); }
let state = 88172645463325252n; // xorshift64
const mask = (1n << 64n) - 1n;
function next() {
  state ^= (state << 13n) & mask; state ^= state >> 7n; state ^= (state << 17n) & mask;
  return state;
}
for (let i = 0; i < 500; i++) { view.setBigUint64(0, next()); number(view.getFloat64(0)); }
for (let i = 0; i < 200; i++) number(Number(next() % 100000000n) / 100);
for (let i = 0; i < 100; i++) number(Number(next() % (1n << 53n)));
write('ecmascript-numbers.txt', [...numbers.values()]);

// Chat messages: what JSON.stringify({to, content, ts}) gives.
const contents = ['', 'hello', 'quote " backslash \\ slash /', '\b\t\n\f\r', '\u0000\u0001\u001f',
  '\u007f\u0080\u009f', '\u2028\u2029', 'é € \ud83d\ude02 \ufb33', '</script>', '\ufeff\ufffd\uffff'];
const times = [0, 1, 1795223290212, 0.5, 1e21, 1e-7];
write('ecmascript-messages.jsonl', contents.map((content, i) => {
  const message = { to: '#general', content, ts: times[i % times.length] };
  return JSON.stringify({ ...message, text: JSON.stringify(message) });
}));

// Statements under both schemes, signed by Node.
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
const secret = crypto.createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
const key = crypto.createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(12)
  .toString('base64');
const sign = text => crypto.sign(null, Buffer.from(text, 'utf8'), secret).toString('base64');
const canonical = object => '{' + Object.keys(object).sort()
  .map(name => JSON.stringify(name) + ':' + JSON.stringify(object[name])).join(',') + '}';
const joined = s => ({
  PROPOSAL: () => [s.to, s.task, s.amount || '', s.currency || '', s.payment_code || '',
    s.expires || '', s.elo_stake || ''],
  ACCEPT: () => [s.type, s.proposal_id, s.payment_code || '', s.elo_stake || ''],
  REJECT: () => [s.type, s.proposal_id, s.reason || ''],
  COMPLETE: () => [s.type, s.proposal_id, s.proof || ''],
  DISPUTE: () => [s.type, s.proposal_id, s.reason],
})[s.type]().join('|');
const id = 'prop_abcdefghijklmnopqrstuvwxyz';
const statements = [
  { type: 'PROPOSAL', to: '@a59fb523e4702754', task: 'Build X', amount: 10, currency: 'SOL',
    payment_code: 'PM8T', terms: 'net0', expires: 300, elo_stake: 50, capability: 'code_review' },
  { type: 'PROPOSAL', to: '@a59fb523e4702754', task: 'pay|5 "\\\u0007\u2028 é \ud83d\ude02 \u007f' },
  { type: 'PROPOSAL', to: '@a59fb523e4702754', task: 't', amount: 0, expires: 0, elo_stake: 0 },
  { type: 'PROPOSAL', to: '@a59fb523e4702754', task: 't', amount: 1e21, expires: 0.5 },
  { type: 'PROPOSAL', to: '@a59fb523e4702754', task: 't', amount: 1e-7, currency: '', terms: '' },
  { type: 'ACCEPT', proposal_id: id },
  { type: 'ACCEPT', proposal_id: id, payment_code: 'pc-bob', elo_stake: 30 },
  { type: 'REJECT', proposal_id: id, reason: 'busy' },
  { type: 'REJECT', proposal_id: id },
  { type: 'COMPLETE', proposal_id: id, proof: 'tx:abc|def' },
  { type: 'COMPLETE', proposal_id: id },
  { type: 'DISPUTE', proposal_id: id, reason: 'not delivered' },
];
const binding = { origin: 'relay.example.com/agentchat', ts: 1795223288755, nonce: '0123456789abcdef_-' };
write('signed-statements.jsonl', statements.map(statement => {
  const bound = 'agentchat/2\n'
    + canonical({ ...statement, ...binding, key, scheme: 'agentchat/2' });
  return JSON.stringify({ statement, key, ...binding,
    joined: joined(statement), joined_sig: sign(joined(statement)), bound, bound_sig: sign(bound) });
}));

// The proof of a key to one relay of one log.
const proof = { type: 'VERIFY_IDENTITY', challenge_id: 'chal_mwpplewi_30c1bf03', key,
  nonce: 'b1ed38ec27918858ed060af75f1a5efa', origin: binding.origin, relay: 'relay-1', ts: binding.ts };
const proofText = 'agentchat/2\n' + canonical(proof);
write('key-proof.json', [JSON.stringify({ ...proof, text: proofText, sig: sign(proofText) })]);
