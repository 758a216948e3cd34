-- What the fold says, for reading. Every row follows from the log: drop, migrate and replay gives the
-- same rows. Times are log times, milliseconds since 1970. Free text is escaped as SqlText says: a
-- backslash is doubled, U+0000 is \0, because PostgreSQL cannot hold it.

CREATE TABLE position (
  id          ${integer} PRIMARY KEY CHECK (id = 1),
  next_index  ${integer} NOT NULL,
  root_hash   ${text}    NOT NULL,
  origin      ${text},
  clock       ${integer} NOT NULL
);

-- Nothing is read yet: the root is SHA-256 of nothing (RFC 6962 section 2.1).
INSERT INTO position (id, next_index, root_hash, origin, clock)
VALUES (1, 0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', NULL, 0);

CREATE TABLE agent (
  id            ${text}    PRIMARY KEY,
  public_key    ${text}    NOT NULL,
  rating        ${integer} NOT NULL,
  transactions  ${integer} NOT NULL,
  staked        ${integer} NOT NULL,
  updated_at    ${integer} NOT NULL,
  first_index   ${integer} NOT NULL
);

CREATE INDEX agent_by_rating ON agent (rating DESC, id) WHERE transactions > 0;

CREATE TABLE skill (
  agent         ${text}    NOT NULL,
  capability    ${text}    NOT NULL,
  rating        ${integer} NOT NULL,
  transactions  ${integer} NOT NULL,
  PRIMARY KEY (agent, capability)
);

-- capability is NULL for the agent's own rating: '' is a name that a proposal may use.
CREATE TABLE rating_change (
  entry_index   ${integer} NOT NULL,
  seq           ${integer} NOT NULL,
  agent         ${text}    NOT NULL,
  capability    ${text},
  proposal_id   ${text}    NOT NULL,
  at            ${integer} NOT NULL,
  old_rating    ${integer} NOT NULL,
  new_rating    ${integer} NOT NULL,
  change        ${integer} NOT NULL,
  transactions  ${integer} NOT NULL,
  PRIMARY KEY (entry_index, seq)
);

CREATE INDEX rating_change_by_agent ON rating_change (agent, entry_index, seq);

CREATE TABLE proposal (
  entry_index     ${integer} PRIMARY KEY,
  id              ${text}    NOT NULL UNIQUE,
  from_agent      ${text}    NOT NULL,
  to_agent        ${text}    NOT NULL,
  task            ${text}    NOT NULL,
  amount          ${text},
  currency        ${text},
  payment_code    ${text},
  terms           ${text},
  capability      ${text},
  status          ${text}    NOT NULL,
  elo_stake       ${integer} NOT NULL,
  proposer_stake  ${integer} NOT NULL,
  acceptor_stake  ${integer} NOT NULL,
  escrowed        ${integer} NOT NULL,
  expires_at      ${integer} NOT NULL,
  created_at      ${integer} NOT NULL,
  updated_at      ${integer} NOT NULL
);

CREATE TABLE receipt (
  entry_index  ${integer} PRIMARY KEY,
  proposal_id  ${text}    NOT NULL UNIQUE,
  from_agent   ${text}    NOT NULL,
  to_agent     ${text}    NOT NULL,
  at           ${integer} NOT NULL,
  outcome      ${text}    NOT NULL,
  json         ${text}    NOT NULL
);

CREATE INDEX receipt_by_proposer ON receipt (from_agent, entry_index);

CREATE INDEX receipt_by_acceptor ON receipt (to_agent, entry_index);
