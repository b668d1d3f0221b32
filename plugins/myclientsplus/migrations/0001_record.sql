-- What a practice's record keeps of a person; one row for each, with a version that counts its changes.
CREATE TABLE myclientsplus_person (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    told SEALED NOT NULL,
    version BIGINT NOT NULL,
    outside_id TEXT,
    changed_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, client_id),
    UNIQUE (provider_id, outside_id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT
);

-- A write by its key: the same key again writes nothing and gives the first answer.
CREATE TABLE myclientsplus_write (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    key TEXT NOT NULL,
    digest SEALED NOT NULL,
    ref TEXT NOT NULL,
    version TEXT NOT NULL,
    written_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, key),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT
);

-- A note: a draft until it is locked, then never changed; what amends it names it.
CREATE TABLE myclientsplus_note (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('progress', 'intake', 'psychotherapy')),
    author_id ID,
    appointment_id ID,
    amends_id ID,
    title SEALED NOT NULL,
    body SEALED NOT NULL,
    answers SEALED,
    document SEALED,
    version BIGINT NOT NULL,
    written_at MOMENT NOT NULL,
    changed_at MOMENT NOT NULL,
    locked_at MOMENT,
    UNIQUE (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, author_id) REFERENCES member (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, appointment_id)
        REFERENCES appointments_appointment (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, amends_id) REFERENCES myclientsplus_note (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX myclientsplus_notes_of_client ON myclientsplus_note (provider_id, client_id, written_at);

-- What sessions cost, what was paid, and which payment went to which charge; whole minor units.
CREATE TABLE myclientsplus_charge (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    appointment_id ID,
    title SEALED NOT NULL,
    service_on DAY NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    made_at MOMENT NOT NULL,
    cancelled_at MOMENT,
    UNIQUE (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, appointment_id)
        REFERENCES appointments_appointment (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX myclientsplus_charges_of_client ON myclientsplus_charge (provider_id, client_id, service_on);

CREATE TABLE myclientsplus_payment (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    paid_at MOMENT NOT NULL,
    method TEXT NOT NULL,
    reference SEALED,
    made_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX myclientsplus_payments_of_client ON myclientsplus_payment (provider_id, client_id, paid_at);

CREATE TABLE myclientsplus_share (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    payment_id ID NOT NULL,
    charge_id ID NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, payment_id, charge_id),
    FOREIGN KEY (provider_id, payment_id) REFERENCES myclientsplus_payment (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, charge_id) REFERENCES myclientsplus_charge (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX myclientsplus_shares_of_charge ON myclientsplus_share (provider_id, charge_id);

-- Places for homework, and files.
CREATE TABLE myclientsplus_slot (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    title SEALED NOT NULL,
    due_on DAY,
    made_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT
);

CREATE TABLE myclientsplus_document (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    slot_id ID,
    title SEALED NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('form', 'homework', 'card', 'letter')),
    media_type TEXT NOT NULL,
    content SEALED NOT NULL,
    made_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, slot_id) REFERENCES myclientsplus_slot (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX myclientsplus_documents_of_client ON myclientsplus_document (provider_id, client_id, made_at);
