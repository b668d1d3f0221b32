-- The provider's text in all its versions, and who signed which.
CREATE TABLE consent_text (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    published_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, version)
);

CREATE TABLE consent_signature (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    text_id ID NOT NULL,
    name SEALED NOT NULL,
    signed_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, client_id, text_id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, text_id) REFERENCES consent_text (provider_id, id) ON DELETE RESTRICT
);
