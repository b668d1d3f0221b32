-- Another e-mail address: waits for its link, then can be undone from the earlier one.
CREATE TABLE accounts_email_change (
    id ID NOT NULL PRIMARY KEY,
    account_id ID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    old_email SEALED NOT NULL,
    new_email SEALED NOT NULL,
    confirm_hash BLIND NOT NULL UNIQUE,
    undo_hash BLIND UNIQUE,
    created_at MOMENT NOT NULL,
    expires_at MOMENT NOT NULL,
    confirmed_at MOMENT,
    undo_until_at MOMENT,
    ended_at MOMENT
);
CREATE INDEX accounts_email_change_of_account ON accounts_email_change (account_id, created_at);

-- Questions that an account chose, with the hashes of its answers.
CREATE TABLE accounts_question (
    id ID NOT NULL PRIMARY KEY,
    account_id ID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    code TEXT NOT NULL,
    place BIGINT NOT NULL,
    answer_hash TEXT NOT NULL,
    created_at MOMENT NOT NULL,
    UNIQUE (account_id, code)
);

-- A client who can't answer asks the practice to confirm that it is them.
CREATE TABLE accounts_recovery (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    client_id ID NOT NULL,
    account_id ID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    created_at MOMENT NOT NULL,
    expires_at MOMENT NOT NULL,
    settled_at MOMENT,
    settled_by ID,
    UNIQUE (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX accounts_recovery_of_client ON accounts_recovery (provider_id, client_id, created_at);
CREATE INDEX accounts_recovery_of_account ON accounts_recovery (account_id);

-- A link that a practice vouched for asks no questions.
ALTER TABLE accounts_reset ADD COLUMN is_vouched FLAG NOT NULL DEFAULT FALSE;
