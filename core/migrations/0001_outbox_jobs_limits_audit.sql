-- The machinery: what waits to be delivered, what repeats, how often somebody tried, who did what.
-- provider_id and account_id refer to nothing on purpose: these rows tell of the past and must
-- neither keep a row alive nor vanish with it.
CREATE TABLE outbox (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID,
    kind TEXT NOT NULL CHECK (kind IN ('mail', 'event')),
    target TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    payload SEALED,
    completes FLAG NOT NULL DEFAULT FALSE,
    due_at MOMENT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    done_at MOMENT,
    dropped_at MOMENT,
    parked_at MOMENT,
    created_at MOMENT NOT NULL
);
CREATE INDEX outbox_waiting ON outbox (kind, due_at)
    WHERE done_at IS NULL AND dropped_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_parked ON outbox (parked_at) WHERE parked_at IS NOT NULL;
CREATE INDEX outbox_by_age ON outbox (created_at);

CREATE TABLE job_periodic (
    id ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    due_at MOMENT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    done_at MOMENT,
    error TEXT NOT NULL DEFAULT ''
);

CREATE TABLE limit_count (
    id ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    key BLIND NOT NULL,
    tries BIGINT NOT NULL,
    since_at MOMENT NOT NULL,
    seen_at MOMENT NOT NULL,
    until_at MOMENT,
    UNIQUE (name, key)
);
CREATE INDEX limit_count_by_age ON limit_count (seen_at);

CREATE TABLE audit_row (
    id ID NOT NULL PRIMARY KEY,
    at MOMENT NOT NULL,
    provider_id ID,
    account_id ID,
    kind TEXT NOT NULL,
    event TEXT NOT NULL,
    record_table TEXT NOT NULL DEFAULT '',
    record_id ID,
    address TEXT NOT NULL DEFAULT '',
    detail JSONTEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_row_of_provider ON audit_row (provider_id, at);
CREATE INDEX audit_row_of_record ON audit_row (record_id, at);
