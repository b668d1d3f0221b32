-- A form in all its versions, and one intake for each client.
CREATE TABLE intake_form (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    version BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'retired')),
    questionnaire JSONTEXT NOT NULL,
    changed_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, version)
);

CREATE TABLE intake_intake (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    form_id ID,
    status TEXT NOT NULL CHECK (status IN ('begun', 'submitted')),
    about_you SEALED,
    answers SEALED,
    begun_at MOMENT NOT NULL,
    saved_at MOMENT NOT NULL,
    submitted_at MOMENT,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, client_id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, form_id) REFERENCES intake_form (provider_id, id) ON DELETE RESTRICT
);
