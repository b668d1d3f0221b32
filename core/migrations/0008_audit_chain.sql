-- Whose record an act was about, the chain of rows, and the signed end of it.
ALTER TABLE audit_row ADD COLUMN client_id ID;
ALTER TABLE audit_row ADD COLUMN seq BIGINT;
ALTER TABLE audit_row ADD COLUMN chain_hash BLIND;
UPDATE audit_row SET client_id = record_id WHERE record_table = 'client';
CREATE UNIQUE INDEX audit_row_in_chain ON audit_row (seq);
CREATE INDEX audit_row_waiting ON audit_row (id) WHERE seq IS NULL;
CREATE INDEX audit_row_of_client ON audit_row (client_id, at);
CREATE INDEX audit_row_by_time ON audit_row (at);

-- One row: whoever chains changes it first, and so is alone.
CREATE TABLE audit_head (
    id ID NOT NULL PRIMARY KEY,
    only_one BIGINT NOT NULL UNIQUE CHECK (only_one = 1),
    seq BIGINT NOT NULL,
    chain_hash BLIND NOT NULL,
    signed_at MOMENT NOT NULL,
    signature BLIND NOT NULL
);
