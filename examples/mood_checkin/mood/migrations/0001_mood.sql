-- One check-in a day for each client.
CREATE TABLE mood_checkin (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    told_on DAY NOT NULL,
    told SEALED NOT NULL,
    told_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, client_id, told_on),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT
);
