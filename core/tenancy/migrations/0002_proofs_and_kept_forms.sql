-- When this login last gave the password; none means at its beginning.
ALTER TABLE login ADD COLUMN proven_at MOMENT;

-- Forms that came too late for their login, sealed for half an hour.
CREATE TABLE kept_form (
    id ID NOT NULL PRIMARY KEY,
    account_id ID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    place BLIND NOT NULL,
    body SEALED NOT NULL,
    kept_at MOMENT NOT NULL,
    expires_at MOMENT NOT NULL,
    UNIQUE (account_id, place)
);
CREATE INDEX kept_form_by_age ON kept_form (expires_at);
