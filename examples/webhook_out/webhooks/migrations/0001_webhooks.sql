-- What was told to the practice's address, and how the last try went.
CREATE TABLE webhooks_delivery (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    appointment_id ID NOT NULL,
    event TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    tried_at MOMENT NOT NULL,
    done_at MOMENT,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, appointment_id, event, sequence),
    FOREIGN KEY (provider_id, appointment_id)
        REFERENCES appointments_appointment (provider_id, id) ON DELETE RESTRICT
);
