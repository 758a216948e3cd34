-- Machines of deals, as far as their acceptors have told the log of them. Whether it is true, the Akash network
-- knows.
-- The rows are made again from the log, which says more than they did.

DELETE FROM agent;
DELETE FROM agent_entry;
DELETE FROM agent_key;
DELETE FROM dispute;
DELETE FROM escrow;
DELETE FROM escrow_sighting;
DELETE FROM proposal;
DELETE FROM rating_change;
DELETE FROM receipt;
DELETE FROM skill;
DELETE FROM wallet;

UPDATE position SET next_index = 0, origin = NULL, clock = 0,
  root_hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

-- One row from the first word on. running_index and ended_index are entries of deployment_statement: what was
-- said to run last, NULL when nothing ever ran, and what was said of the end, NULL before.
CREATE TABLE deployment (
  proposal_id    ${text}    PRIMARY KEY,
  phase          ${text}    NOT NULL,
  network        ${text}    NOT NULL,
  running_index  ${integer},
  ended_index    ${integer},
  changed_at     ${integer} NOT NULL
);

-- What an acceptor said and the fold took note of. deployer is the key that signed; event is the exact text of
-- the entry. lease, until (seconds since 1970) and uris are of machines that run, paid (uact) and reason of an
-- end, NULL otherwise.
CREATE TABLE deployment_statement (
  entry_index  ${integer} PRIMARY KEY,
  proposal_id  ${text}    NOT NULL,
  kind         ${text}    NOT NULL,
  deployer     ${text}    NOT NULL,
  at           ${integer} NOT NULL,
  network      ${text}    NOT NULL,
  lease        ${text},
  until        ${integer},
  uris         ${text},
  paid         ${integer},
  reason       ${text},
  event        ${text}    NOT NULL
);

CREATE INDEX deployment_statement_by_proposal ON deployment_statement (proposal_id, entry_index);
