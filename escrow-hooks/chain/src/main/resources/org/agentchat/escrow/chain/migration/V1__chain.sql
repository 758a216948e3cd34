-- What was wanted of a chain, what was signed for it, and what became of it. None of it can be made again:
-- signed bytes are here before a node has them, so that after a crash the same are sent and no others.
-- Amounts in wei are decimal text, for they exceed 64 bits; addresses, hashes and bytes are 0x and hex.

-- Its first block says whether a chain is the one that these rows speak of.
CREATE TABLE chain (
  id       ${integer} PRIMARY KEY,
  genesis  ${text}    NOT NULL
);

-- One more than the largest nonce that was ever given away.
CREATE TABLE chain_sender (
  chain_id    ${integer} NOT NULL,
  sender      ${text}    NOT NULL,
  next_nonce  ${integer} NOT NULL,
  PRIMARY KEY (chain_id, sender)
);

-- A key has a new generation when somebody else took the nonce of the one before, or when its caller wants
-- another try after a refusal. stage: planned, signed, sent, mined, final, reverted or replaced.
CREATE TABLE chain_request (
  id            ${serial},
  chain_id      ${integer} NOT NULL,
  key           ${text}    NOT NULL,
  generation    ${integer} NOT NULL,
  sender        ${text}    NOT NULL,
  recipient     ${text},
  value         ${text}    NOT NULL,
  data          ${text}    NOT NULL,
  stage         ${text}    NOT NULL,
  nonce         ${integer},
  mined_hash    ${text},
  block_number  ${integer},
  block_hash    ${text},
  succeeded     ${integer},
  created       ${text},
  error_name    ${text},
  error_detail  ${text},
  error_data    ${text},
  version       ${integer} NOT NULL,
  UNIQUE (chain_id, key, generation)
);

-- Two transactions of one nonce would be two writers.
CREATE UNIQUE INDEX chain_request_nonce ON chain_request (chain_id, sender, nonce);

CREATE INDEX chain_request_under_way ON chain_request (chain_id, sender, id)
  WHERE stage IN ('planned', 'signed', 'sent', 'mined');

-- The first has ordinal 0; any of them may be the one that is mined. sent_at is a block number.
CREATE TABLE chain_attempt (
  request_id  ${integer} NOT NULL,
  ordinal     ${integer} NOT NULL,
  hash        ${text}    NOT NULL UNIQUE,
  raw         ${text}    NOT NULL,
  max_fee     ${text}    NOT NULL,
  tip         ${text}    NOT NULL,
  gas_limit   ${integer} NOT NULL,
  sent_at     ${integer},
  PRIMARY KEY (request_id, ordinal)
);

-- Up to which final block the reports of a contract were read.
CREATE TABLE chain_cursor (
  chain_id  ${integer} NOT NULL,
  contract  ${text}    NOT NULL,
  number    ${integer} NOT NULL,
  hash      ${text}    NOT NULL,
  PRIMARY KEY (chain_id, contract)
);
