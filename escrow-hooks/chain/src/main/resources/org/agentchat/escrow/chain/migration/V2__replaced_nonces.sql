-- A nonce that a stranger had taken is free again when the chain goes back before the stranger's
-- transaction: what was replaced must not keep it.
DROP INDEX chain_request_nonce;

CREATE UNIQUE INDEX chain_request_nonce ON chain_request (chain_id, sender, nonce)
  WHERE stage <> 'replaced';

-- And the wish that was replaced, signed anew for that nonce at the same fees, is the same bytes: an
-- attempt's hash may be there twice, under two generations of the wish.
CREATE TABLE chain_attempt_v2 (
  request_id  ${integer} NOT NULL,
  ordinal     ${integer} NOT NULL,
  hash        ${text}    NOT NULL,
  raw         ${text}    NOT NULL,
  max_fee     ${text}    NOT NULL,
  tip         ${text}    NOT NULL,
  gas_limit   ${integer} NOT NULL,
  sent_at     ${integer},
  PRIMARY KEY (request_id, ordinal)
);

INSERT INTO chain_attempt_v2 (request_id, ordinal, hash, raw, max_fee, tip, gas_limit, sent_at)
SELECT request_id, ordinal, hash, raw, max_fee, tip, gas_limit, sent_at FROM chain_attempt;

DROP TABLE chain_attempt;

ALTER TABLE chain_attempt_v2 RENAME TO chain_attempt;
