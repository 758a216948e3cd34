-- Court cases as they are served: JSON, whose own escapes hold any character.
-- The rows are made again from the log, which says more than they did.

DELETE FROM agent;
DELETE FROM agent_key;
DELETE FROM proposal;
DELETE FROM rating_change;
DELETE FROM receipt;
DELETE FROM skill;

UPDATE position SET next_index = 0, origin = NULL, clock = 0,
  root_hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

CREATE TABLE dispute (
  entry_index  ${integer} PRIMARY KEY,
  id           ${text}    NOT NULL UNIQUE,
  proposal_id  ${text}    NOT NULL,
  json         ${text}    NOT NULL
);

CREATE INDEX dispute_by_proposal ON dispute (proposal_id, entry_index);
