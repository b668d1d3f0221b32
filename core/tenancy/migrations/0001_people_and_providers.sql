-- Accounts and logins belong to nobody; members and clients to one provider.
CREATE TABLE account (
    id ID NOT NULL PRIMARY KEY,
    email SEALED NOT NULL,
    email_blind BLIND NOT NULL UNIQUE,
    password_hash TEXT,
    name TEXT NOT NULL,
    is_operator FLAG NOT NULL DEFAULT FALSE,
    locale TEXT NOT NULL DEFAULT 'en',
    zone TEXT NOT NULL DEFAULT '',
    created_at MOMENT NOT NULL,
    password_changed_at MOMENT,
    disabled_at MOMENT
);

CREATE TABLE login (
    id ID NOT NULL PRIMARY KEY,
    account_id ID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    token_hash BLIND NOT NULL UNIQUE,
    idle_seconds BIGINT NOT NULL,
    created_at MOMENT NOT NULL,
    seen_at MOMENT NOT NULL,
    ended_at MOMENT,
    address TEXT NOT NULL DEFAULT '',
    agent TEXT NOT NULL DEFAULT ''
);
CREATE INDEX login_of_account ON login (account_id, created_at);

CREATE TABLE provider (
    id ID NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    outside_name TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    address JSONTEXT NOT NULL DEFAULT '{}',
    zone TEXT NOT NULL,
    locale TEXT NOT NULL DEFAULT 'en',
    answer_days BIGINT NOT NULL DEFAULT 2,
    crisis_line TEXT NOT NULL DEFAULT '',
    created_at MOMENT NOT NULL
);

CREATE TABLE member (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    account_id ID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'clinician', 'desk', 'biller')),
    joined_at MOMENT NOT NULL,
    removed_at MOMENT,
    UNIQUE (provider_id, id)
);
CREATE UNIQUE INDEX member_once ON member (provider_id, account_id) WHERE removed_at IS NULL;
CREATE INDEX member_of_account ON member (account_id);

CREATE TABLE client (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    account_id ID REFERENCES account (id) ON DELETE RESTRICT,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    preferred_name TEXT NOT NULL DEFAULT '',
    pronouns TEXT NOT NULL DEFAULT '',
    birth_on DAY,
    email SEALED,
    email_blind BLIND,
    phone SEALED,
    address SEALED,
    emergency_contact SEALED,
    origin TEXT NOT NULL CHECK (origin IN ('self', 'invited', 'provider')),
    needs_intake_first FLAG NOT NULL DEFAULT FALSE,
    zone TEXT NOT NULL DEFAULT '',
    joined_at MOMENT,
    ended_at MOMENT,
    created_at MOMENT NOT NULL,
    UNIQUE (provider_id, id)
);
CREATE UNIQUE INDEX client_once ON client (provider_id, account_id) WHERE account_id IS NOT NULL;
CREATE INDEX client_of_account ON client (account_id);
CREATE INDEX client_by_name ON client (provider_id, family_name, given_name);
CREATE INDEX client_by_email ON client (provider_id, email_blind);
