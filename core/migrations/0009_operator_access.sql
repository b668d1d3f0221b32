-- An operator's hour in a practice: asked for with a reason, read only, ended by itself or by hand.
CREATE TABLE operator_access (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    account_id ID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    reason SEALED NOT NULL,
    began_at MOMENT NOT NULL,
    until_at MOMENT NOT NULL,
    ended_at MOMENT
);
CREATE INDEX operator_access_of_provider ON operator_access (provider_id, until_at);
CREATE INDEX operator_access_of_account ON operator_access (account_id, until_at);
