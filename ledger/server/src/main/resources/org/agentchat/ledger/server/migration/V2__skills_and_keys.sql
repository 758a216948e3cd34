-- Accounts whose keys change, and the skills that they register. An account goes by first_id, the name
-- of its first key, in every table that looks for it; id is the name of the key that it has now.
-- The rows are made again from the log, which says more than they did.

DELETE FROM proposal;
DELETE FROM rating_change;
DELETE FROM receipt;
DELETE FROM skill;
DROP TABLE agent;

UPDATE position SET next_index = 0, origin = NULL, clock = 0,
  root_hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

ALTER TABLE skill ADD COLUMN updated_at ${integer} NOT NULL DEFAULT 0;

-- registered is the JSON list that the agent signed; registered_at and registered_index say when and
-- where, and are NULL with it.
CREATE TABLE agent (
  first_id          ${text}    PRIMARY KEY,
  id                ${text}    NOT NULL UNIQUE,
  public_key        ${text}    NOT NULL,
  rating            ${integer} NOT NULL,
  transactions      ${integer} NOT NULL,
  staked            ${integer} NOT NULL,
  updated_at        ${integer} NOT NULL,
  first_index       ${integer} NOT NULL,
  revoked           ${integer} NOT NULL,
  registered        ${text},
  registered_at     ${integer},
  registered_index  ${integer}
);

CREATE INDEX agent_by_rating ON agent (rating DESC, id) WHERE transactions > 0;

CREATE INDEX agent_by_skills ON agent (id) WHERE registered IS NOT NULL AND revoked = 0;

-- agent is the account's first_id, seq the key's place in it. end_event is the exact text of the entry
-- that ended the key; the three are NULL while it is the account's.
CREATE TABLE agent_key (
  id          ${text}    PRIMARY KEY,
  agent       ${text}    NOT NULL,
  seq         ${integer} NOT NULL,
  public_key  ${text}    NOT NULL,
  from_index  ${integer} NOT NULL,
  end_kind    ${text},
  end_index   ${integer},
  end_event   ${text},
  UNIQUE (agent, seq)
);
