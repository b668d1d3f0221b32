-- One-time links: each row keeps the hash of its token, never the token.
CREATE TABLE accounts_invitation (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    client_id ID NOT NULL,
    email SEALED NOT NULL,
    token_hash BLIND NOT NULL UNIQUE,
    invited_by ID,
    created_at MOMENT NOT NULL,
    expires_at MOMENT NOT NULL,
    accepted_at MOMENT,
    revoked_at MOMENT,
    UNIQUE (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX accounts_invitation_of_client ON accounts_invitation (provider_id, client_id, created_at);

CREATE TABLE accounts_welcome (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    email SEALED NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'clinician', 'desk', 'biller')),
    token_hash BLIND NOT NULL UNIQUE,
    invited_by ID,
    created_at MOMENT NOT NULL,
    expires_at MOMENT NOT NULL,
    accepted_at MOMENT,
    revoked_at MOMENT,
    UNIQUE (provider_id, id)
);
CREATE INDEX accounts_welcome_of_provider ON accounts_welcome (provider_id, created_at);

-- Two tokens: the page's says which signup a code is typed for, the mail's is a proof.
CREATE TABLE accounts_signup (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email SEALED NOT NULL,
    password_hash TEXT NOT NULL,
    locale TEXT NOT NULL DEFAULT 'en',
    page_hash BLIND NOT NULL UNIQUE,
    mail_hash BLIND NOT NULL UNIQUE,
    code_hash BLIND NOT NULL,
    created_at MOMENT NOT NULL,
    expires_at MOMENT NOT NULL,
    proven_at MOMENT,
    confirmed_at MOMENT,
    UNIQUE (provider_id, id)
);
CREATE INDEX accounts_signup_by_age ON accounts_signup (expires_at);

-- A row without an account belongs to an address that nobody has: both cost the same to ask for.
CREATE TABLE accounts_reset (
    id ID NOT NULL PRIMARY KEY,
    account_id ID REFERENCES account (id) ON DELETE RESTRICT,
    token_hash BLIND NOT NULL UNIQUE,
    created_at MOMENT NOT NULL,
    expires_at MOMENT NOT NULL,
    used_at MOMENT
);
CREATE INDEX accounts_reset_of_account ON accounts_reset (account_id);
CREATE INDEX accounts_reset_by_age ON accounts_reset (expires_at);
