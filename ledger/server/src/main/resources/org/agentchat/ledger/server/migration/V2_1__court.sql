-- Court cases as they are served: JSON, whose own escapes hold any character.
CREATE TABLE dispute (
  entry_index  ${integer} PRIMARY KEY,
  id           ${text}    NOT NULL UNIQUE,
  proposal_id  ${text}    NOT NULL,
  json         ${text}    NOT NULL
);

CREATE INDEX dispute_by_proposal ON dispute (proposal_id, entry_index);
