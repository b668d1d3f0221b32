-- Forms beside the intake's own questions (their id is the `series` of their versions); whom they are asked of, and what came back.
CREATE TABLE intake_series (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind IN ('form', 'consent')),
    title TEXT NOT NULL,
    created_at MOMENT NOT NULL,
    retired_at MOMENT,
    UNIQUE (provider_id, id)
);

CREATE TABLE intake_packet (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind IN ('signed_up', 'invited', 'minor', 'couple')),
    forms JSONTEXT NOT NULL,
    due_days BIGINT,
    changed_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, kind)
);

CREATE TABLE intake_request (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    series_id ID NOT NULL,
    form_id ID,
    status TEXT NOT NULL CHECK (status IN ('asked', 'begun', 'sent', 'accepted', 'returned', 'withdrawn')),
    blocks FLAG NOT NULL,
    yearly FLAG NOT NULL,
    due_on DAY,
    answers SEALED,
    passed JSONTEXT NOT NULL,
    note SEALED,
    fingerprint TEXT NOT NULL DEFAULT '',
    expires_on DAY,
    again_on DAY,
    asked_at MOMENT NOT NULL,
    saved_at MOMENT,
    sent_at MOMENT,
    looked_at MOMENT,
    withdrawn_at MOMENT,
    UNIQUE (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, series_id) REFERENCES intake_series (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, form_id) REFERENCES intake_form (provider_id, id) ON DELETE RESTRICT
);

-- Of one form, one at a time is open.
CREATE UNIQUE INDEX intake_request_open ON intake_request (provider_id, client_id, series_id)
    WHERE status IN ('asked', 'begun', 'returned');
