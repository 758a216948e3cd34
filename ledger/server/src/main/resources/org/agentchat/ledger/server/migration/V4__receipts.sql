-- Receipts by the entry that issued them: one entry may let the time of several panels be up.
-- The rows are made again from the log.

DELETE FROM agent;
DELETE FROM agent_key;
DELETE FROM dispute;
DELETE FROM proposal;
DELETE FROM rating_change;
DELETE FROM skill;
DROP TABLE receipt;

UPDATE position SET next_index = 0, origin = NULL, clock = 0,
  root_hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

CREATE TABLE receipt (
  entry_index  ${integer} NOT NULL,
  proposal_id  ${text}    NOT NULL UNIQUE,
  from_agent   ${text}    NOT NULL,
  to_agent     ${text}    NOT NULL,
  at           ${integer} NOT NULL,
  outcome      ${text}    NOT NULL,
  json         ${text}    NOT NULL,
  PRIMARY KEY (entry_index, proposal_id)
);

CREATE INDEX receipt_by_proposer ON receipt (from_agent, entry_index);

CREATE INDEX receipt_by_acceptor ON receipt (to_agent, entry_index);
