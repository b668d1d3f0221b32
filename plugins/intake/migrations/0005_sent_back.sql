-- When the practice sent the intake back last, and whether scheduling waits until it comes again.
ALTER TABLE intake_intake ADD COLUMN returned_at MOMENT;
ALTER TABLE intake_intake ADD COLUMN blocks FLAG NOT NULL DEFAULT FALSE;

-- What came in before the intake was sent back, as it was, with what the client was told.
CREATE TABLE intake_earlier (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    intake_id ID NOT NULL,
    form_id ID,
    about_you SEALED NOT NULL,
    answers SEALED,
    record_form_id ID,
    record_answers SEALED,
    submitted_at MOMENT NOT NULL,
    note SEALED NOT NULL,
    returned_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, intake_id, submitted_at),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, intake_id) REFERENCES intake_intake (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, form_id) REFERENCES intake_form (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, record_form_id) REFERENCES intake_form (provider_id, id) ON DELETE RESTRICT
);
