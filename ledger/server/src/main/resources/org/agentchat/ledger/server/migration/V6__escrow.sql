-- Money, as far as the log speaks of it: wallets that agents have bound, the escrow of each deal that demands
-- one, and what its observer says has happened on the chain. Whether it is true, the chain knows.
-- The rows are made again from the log, which says more than they did.

DELETE FROM agent;
DELETE FROM agent_entry;
DELETE FROM agent_key;
DELETE FROM dispute;
DELETE FROM proposal;
DELETE FROM rating_change;
DELETE FROM receipt;
DELETE FROM skill;

UPDATE position SET next_index = 0, origin = NULL, clock = 0,
  root_hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

-- The JSON that was signed with the offer, NULL when it demands no money.
ALTER TABLE proposal ADD COLUMN escrow_terms ${text};

-- Every binding: the newest one of an agent for a contract counts, until not_after (seconds since 1970).
-- agent is the account's first_id. event is the exact text of the entry. claimed is 1 when only the chain
-- knows whether the wallet agreed (ERC-1271).
CREATE TABLE wallet (
  entry_index  ${integer} PRIMARY KEY,
  agent        ${text}    NOT NULL,
  chain        ${text}    NOT NULL,
  contract     ${text}    NOT NULL,
  address      ${text}    NOT NULL,
  claimed      ${integer} NOT NULL,
  not_after    ${integer} NOT NULL,
  at           ${integer} NOT NULL,
  event        ${text}    NOT NULL
);

CREATE INDEX wallet_by_agent ON wallet (agent, entry_index);

-- One row from the acceptance on. Amounts are decimal text in the token's smallest units. The bindings are
-- entries of wallet; locked_index and ended_index are entries of escrow_sighting, NULL before.
CREATE TABLE escrow (
  proposal_id    ${text}    PRIMARY KEY,
  id             ${text}    NOT NULL UNIQUE,
  phase          ${text}    NOT NULL,
  chain          ${text}    NOT NULL,
  contract       ${text}    NOT NULL,
  token          ${text}    NOT NULL,
  amount         ${text}    NOT NULL,
  payer          ${text}    NOT NULL,
  payee          ${text}    NOT NULL,
  payer_binding  ${integer} NOT NULL,
  payee_binding  ${integer} NOT NULL,
  locked_index   ${integer},
  ended_index    ${integer},
  changed_at     ${integer} NOT NULL
);

-- What an observer said and the fold took note of. observer is the key that signed; event is the exact text
-- of the entry. The outcome and the two shares are those of a payout, NULL otherwise.
CREATE TABLE escrow_sighting (
  entry_index   ${integer} PRIMARY KEY,
  proposal_id   ${text}    NOT NULL,
  kind          ${text}    NOT NULL,
  observer      ${text}    NOT NULL,
  at            ${integer} NOT NULL,
  tx            ${text}    NOT NULL,
  block_number  ${integer} NOT NULL,
  block_hash    ${text}    NOT NULL,
  outcome       ${text},
  to_payee      ${text},
  to_payer      ${text},
  event         ${text}    NOT NULL
);

CREATE INDEX escrow_sighting_by_proposal ON escrow_sighting (proposal_id, entry_index);
