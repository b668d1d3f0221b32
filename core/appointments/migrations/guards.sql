-- The overlap constraint: no two held times of one resource overlap (half-open ranges).
-- It alone decides who gets a time; reads before the insert only choose the words.

-- only: postgresql
-- guard: appointments_no_overlap
CREATE EXTENSION IF NOT EXISTS btree_gist;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_constraint
        WHERE conname = 'appointments_no_overlap'
            AND conrelid = 'appointments_occupancy'::regclass
    ) THEN
        ALTER TABLE appointments_occupancy ADD CONSTRAINT appointments_no_overlap
            EXCLUDE USING gist (resource_id WITH =, tstzrange(from_at, to_at) WITH &&);
    END IF;
END
$$;

-- only: sqlite
-- guard: appointments_no_overlap_insert
CREATE TRIGGER appointments_no_overlap_insert
BEFORE INSERT ON appointments_occupancy
WHEN EXISTS (
    SELECT 1 FROM appointments_occupancy AS held
    WHERE held.resource_id = NEW.resource_id
        AND held.from_at > NEW.from_at - 86400000000
        AND held.from_at < NEW.to_at
        AND held.to_at > NEW.from_at
)
BEGIN
    SELECT RAISE(ABORT, 'appointments_no_overlap');
END;

-- guard: appointments_no_overlap_update
CREATE TRIGGER appointments_no_overlap_update
BEFORE UPDATE ON appointments_occupancy
WHEN EXISTS (
    SELECT 1 FROM appointments_occupancy AS held
    WHERE held.id <> OLD.id
        AND held.resource_id = NEW.resource_id
        AND held.from_at > NEW.from_at - 86400000000
        AND held.from_at < NEW.to_at
        AND held.to_at > NEW.from_at
)
BEGIN
    SELECT RAISE(ABORT, 'appointments_no_overlap');
END;
