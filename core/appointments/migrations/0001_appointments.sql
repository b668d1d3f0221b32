-- What can be booked, when it can be booked, and what was booked.
CREATE TABLE appointments_type (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    title SEALED NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes BETWEEN 5 AND 720),
    minutes_before BIGINT NOT NULL DEFAULT 0 CHECK (minutes_before BETWEEN 0 AND 240),
    minutes_after BIGINT NOT NULL DEFAULT 0 CHECK (minutes_after BETWEEN 0 AND 240),
    place TEXT NOT NULL CHECK (place IN ('office', 'phone', 'video')),
    how_to_join SEALED,
    book_notice_hours BIGINT NOT NULL DEFAULT 0 CHECK (book_notice_hours >= 0),
    cancel_notice_hours BIGINT NOT NULL DEFAULT 0 CHECK (cancel_notice_hours >= 0),
    late_note SEALED,
    is_first_visit FLAG NOT NULL DEFAULT FALSE,
    is_for_clients FLAG NOT NULL DEFAULT TRUE,
    created_at MOMENT NOT NULL,
    retired_at MOMENT,
    UNIQUE (provider_id, id)
);

CREATE TABLE appointments_type_member (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    type_id ID NOT NULL,
    member_id ID NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (type_id, member_id),
    FOREIGN KEY (provider_id, type_id)
        REFERENCES appointments_type (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, member_id) REFERENCES member (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX appointments_type_member_of ON appointments_type_member (provider_id, member_id);

-- Wall-clock minutes of a weekday in the provider's zone; Monday is 0, midnight at the end 1440.
CREATE TABLE appointments_hours (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    member_id ID NOT NULL,
    weekday BIGINT NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    from_minute BIGINT NOT NULL CHECK (from_minute >= 0),
    to_minute BIGINT NOT NULL CHECK (to_minute <= 1440),
    UNIQUE (provider_id, id),
    UNIQUE (member_id, weekday, from_minute),
    CHECK (from_minute < to_minute),
    FOREIGN KEY (provider_id, member_id) REFERENCES member (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX appointments_hours_of ON appointments_hours (provider_id, member_id);

-- Days that differ from the week: closed, or open besides. No member means everybody.
CREATE TABLE appointments_exception (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    member_id ID,
    first_on DAY NOT NULL,
    last_on DAY NOT NULL,
    is_open FLAG NOT NULL,
    from_minute BIGINT NOT NULL DEFAULT 0 CHECK (from_minute >= 0),
    to_minute BIGINT NOT NULL DEFAULT 1440 CHECK (to_minute <= 1440),
    UNIQUE (provider_id, id),
    CHECK (from_minute < to_minute),
    CHECK (first_on <= last_on),
    FOREIGN KEY (provider_id, member_id) REFERENCES member (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX appointments_exception_of ON appointments_exception (provider_id, last_on);

-- What can be held for a time; a clinician's resource has the id of the member.
CREATE TABLE appointments_resource (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    member_id ID UNIQUE,
    UNIQUE (provider_id, id),
    FOREIGN KEY (provider_id, member_id) REFERENCES member (provider_id, id) ON DELETE RESTRICT
);

CREATE TABLE appointments_appointment (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    client_id ID NOT NULL,
    member_id ID NOT NULL,
    type_id ID NOT NULL,
    title SEALED NOT NULL,
    place TEXT NOT NULL CHECK (place IN ('office', 'phone', 'video')),
    from_at MOMENT NOT NULL,
    to_at MOMENT NOT NULL,
    cancel_until_at MOMENT NOT NULL,
    late_note SEALED,
    state TEXT NOT NULL CHECK (state IN ('scheduled', 'cancelled')),
    sequence BIGINT NOT NULL DEFAULT 0,
    request_key BLIND NOT NULL,
    booked_at MOMENT NOT NULL,
    booked_by ID REFERENCES account (id) ON DELETE RESTRICT,
    changed_at MOMENT NOT NULL,
    cancelled_at MOMENT,
    cancelled_by_kind TEXT NOT NULL DEFAULT '',
    UNIQUE (provider_id, id),
    CONSTRAINT appointments_booked_once UNIQUE (provider_id, request_key),
    CHECK (from_at < to_at),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, member_id) REFERENCES member (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, type_id)
        REFERENCES appointments_type (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX appointments_of_client ON appointments_appointment (provider_id, client_id, from_at);
CREATE INDEX appointments_of_day ON appointments_appointment (provider_id, from_at)
    WHERE state = 'scheduled';

-- One row for each time that is held, buffers inside; guards.sql keeps them apart.
-- No row is longer than a day, so a search looks back one day and never through the past.
CREATE TABLE appointments_occupancy (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    resource_id ID NOT NULL,
    appointment_id ID NOT NULL UNIQUE,
    from_at MOMENT NOT NULL,
    to_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    -- only: sqlite
    CHECK (from_at < to_at AND to_at - from_at <= 86400000000),
    -- only: postgresql
    CHECK (from_at < to_at AND to_at - from_at <= INTERVAL '24 hours'),
    -- only: both
    FOREIGN KEY (provider_id, resource_id)
        REFERENCES appointments_resource (provider_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (provider_id, appointment_id)
        REFERENCES appointments_appointment (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX appointments_occupancy_of ON appointments_occupancy (resource_id, from_at, to_at);
