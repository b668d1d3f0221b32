-- When a chart's data was erased, and what each room and plugin did about it.
ALTER TABLE client ADD COLUMN erased_at MOMENT;

CREATE TABLE client_erasure (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    plugin TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    told SEALED,
    asked_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, client_id, plugin),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT
);
