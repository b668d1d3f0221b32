-- A file of clients or sessions: its lines as they were read, and what became of each.
CREATE TABLE myclientsplus_import (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind IN ('clients', 'sessions')),
    state TEXT NOT NULL CHECK (state IN ('read', 'running', 'done')),
    lines SEALED NOT NULL,
    results SEALED NOT NULL,
    made_at MOMENT NOT NULL,
    done_at MOMENT,
    UNIQUE (provider_id, id)
);
