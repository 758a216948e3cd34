-- What the reactor has read, what it means to do, and what became of it. Unlike the ledger's rows these
-- cannot be made again from the log: which intents are done is known here alone. Times are this
-- machine's, milliseconds since 1970.

-- How far the log was read. The root says which log that was.
CREATE TABLE reactor (
  id          ${integer} PRIMARY KEY CHECK (id = 1),
  next_index  ${integer} NOT NULL,
  root_hash   ${text}    NOT NULL,
  origin      ${text},
  log_size    ${integer} NOT NULL,
  seen_at     ${integer} NOT NULL
);

-- Nothing is read yet: the root is SHA-256 of nothing (RFC 6962 section 2.1).
INSERT INTO reactor (id, next_index, root_hash, origin, log_size, seen_at)
VALUES (1, 0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', NULL, 0, 0);

-- Each hook plans from the index at which it was added on. disabled says why it is not wanted any more.
CREATE TABLE hook (
  name        ${text}    PRIMARY KEY,
  kind        ${text}    NOT NULL,
  next_index  ${integer} NOT NULL,
  disabled    ${text}
);

-- state: open, done or dead. due_at: not before, while it is open. waiting: the handler looks again by
-- itself, so nothing is wrong.
CREATE TABLE intent (
  id           ${serial},
  hook         ${text}    NOT NULL,
  key          ${text}    NOT NULL UNIQUE,
  lane         ${text}    NOT NULL,
  event        ${text}    NOT NULL,
  payload      ${text}    NOT NULL,
  entry_index  ${integer} NOT NULL,
  planned_at   ${integer} NOT NULL,
  state        ${text}    NOT NULL,
  waiting      ${integer} NOT NULL,
  attempts     ${integer} NOT NULL,
  due_at       ${integer} NOT NULL,
  changed_at   ${integer} NOT NULL,
  note         ${text}    NOT NULL
);

CREATE INDEX intent_due ON intent (hook, due_at, id) WHERE state = 'open';

CREATE INDEX intent_lane ON intent (hook, lane, id) WHERE state = 'open';

CREATE INDEX intent_dead ON intent (hook, id) WHERE state = 'dead';

CREATE INDEX intent_done ON intent (hook, changed_at) WHERE state = 'done';
