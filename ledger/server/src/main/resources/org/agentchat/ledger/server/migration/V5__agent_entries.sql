-- Which entries of the log name an agent, for the histories that rating certificates commit to. agent is
-- the account's first_id. The bytes are in the published tree.
-- The rows are made again from the log.

DELETE FROM agent;
DELETE FROM agent_key;
DELETE FROM dispute;
DELETE FROM proposal;
DELETE FROM rating_change;
DELETE FROM receipt;
DELETE FROM skill;

UPDATE position SET next_index = 0, origin = NULL, clock = 0,
  root_hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

CREATE TABLE agent_entry (
  agent        ${text}    NOT NULL,
  entry_index  ${integer} NOT NULL,
  PRIMARY KEY (agent, entry_index)
)${clustered};
