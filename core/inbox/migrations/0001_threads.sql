-- A thread belongs to a provider and a client; `*_news_at` is what the other side wrote last.
CREATE TABLE inbox_thread (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    member_id ID,
    kind TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('both', 'members')),
    subject SEALED,
    last_author TEXT NOT NULL,
    last_at MOMENT NOT NULL,
    client_news_at MOMENT,
    member_news_at MOMENT,
    awaits_answer FLAG NOT NULL DEFAULT FALSE,
    created_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, member_id) REFERENCES member (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX inbox_thread_of_client ON inbox_thread (client_id, last_at);
CREATE INDEX inbox_thread_of_provider ON inbox_thread (provider_id, last_at);

CREATE TABLE inbox_message (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    thread_id ID NOT NULL,
    kind TEXT NOT NULL,
    author_kind TEXT NOT NULL CHECK (author_kind IN ('client', 'member', 'system')),
    author_account_id ID REFERENCES account (id) ON DELETE RESTRICT,
    author_name TEXT NOT NULL,
    body SEALED,
    facts SEALED,
    sent_at MOMENT NOT NULL,
    key TEXT NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, key),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, thread_id) REFERENCES inbox_thread (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX inbox_message_of_thread ON inbox_message (thread_id, sent_at);

CREATE TABLE inbox_reading (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    thread_id ID NOT NULL,
    account_id ID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    read_at MOMENT NOT NULL,
    UNIQUE (thread_id, account_id),
    FOREIGN KEY (provider_id, thread_id) REFERENCES inbox_thread (provider_id, id) ON DELETE RESTRICT
);

CREATE TABLE inbox_draft (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    account_id ID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    place TEXT NOT NULL,
    subject SEALED,
    body SEALED,
    saved_at MOMENT NOT NULL,
    UNIQUE (account_id, client_id, place),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT
);
