-- Which questions a form belongs to: the provider's own, or those for the practice's record.
ALTER TABLE intake_form ADD COLUMN series TEXT NOT NULL DEFAULT 'questions';
ALTER TABLE intake_intake ADD COLUMN record_form_id ID;
ALTER TABLE intake_intake ADD COLUMN record_answers SEALED;

-- What a submission brings to the practice's record: each kind once, kept until it is there.
CREATE TABLE intake_filing (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    intake_id ID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('demographics', 'note')),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'differs', 'filed', 'refused')),
    told SEALED NOT NULL,
    before SEALED,
    theirs SEALED,
    error TEXT NOT NULL DEFAULT '',
    round BIGINT NOT NULL DEFAULT 0,
    queued_at MOMENT NOT NULL,
    filed_at MOMENT,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, intake_id, kind),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, intake_id) REFERENCES intake_intake (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX intake_filings_open ON intake_filing (provider_id, client_id) WHERE state <> 'filed';
