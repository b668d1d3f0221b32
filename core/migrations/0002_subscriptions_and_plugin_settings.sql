-- What each provider holds, and what each provider set for a plugin.
CREATE TABLE subscription (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    feature TEXT NOT NULL,
    is_on FLAG NOT NULL,
    changed_at MOMENT NOT NULL,
    changed_by ID REFERENCES account (id) ON DELETE RESTRICT,
    UNIQUE (provider_id, feature)
);

CREATE TABLE plugin_setting (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    key TEXT NOT NULL,
    value JSONTEXT NOT NULL,
    changed_at MOMENT NOT NULL,
    UNIQUE (provider_id, key)
);
