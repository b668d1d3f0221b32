-- A locked note stays as it was signed: its sealed words are only ever sealed anew, by a turned key.

-- only: sqlite
-- guard: myclientsplus_note_stays
CREATE TRIGGER myclientsplus_note_stays BEFORE UPDATE ON myclientsplus_note
WHEN OLD.locked_at IS NOT NULL AND (
    NEW.locked_at IS NULL OR NEW.locked_at <> OLD.locked_at OR NEW.written_at <> OLD.written_at
    OR NEW.kind <> OLD.kind OR NEW.version <> OLD.version OR NEW.client_id <> OLD.client_id
    OR NEW.author_id IS NOT OLD.author_id OR NEW.amends_id IS NOT OLD.amends_id
)
BEGIN
    SELECT RAISE(ABORT, 'myclientsplus_note_stays');
END;

-- guard: myclientsplus_note_is_kept
CREATE TRIGGER myclientsplus_note_is_kept BEFORE DELETE ON myclientsplus_note
WHEN OLD.locked_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'myclientsplus_note_stays');
END;

-- only: postgresql
-- guard: myclientsplus_note_stays
CREATE OR REPLACE FUNCTION myclientsplus_note_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.locked_at IS NULL THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (NEW.locked_at, NEW.written_at, NEW.kind, NEW.version, NEW.client_id)
            IS DISTINCT FROM (OLD.locked_at, OLD.written_at, OLD.kind, OLD.version, OLD.client_id)
        OR (NEW.author_id, NEW.amends_id) IS DISTINCT FROM (OLD.author_id, OLD.amends_id) THEN
        RAISE EXCEPTION 'myclientsplus_note_stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;

DROP TRIGGER IF EXISTS myclientsplus_note_stays ON myclientsplus_note;
CREATE TRIGGER myclientsplus_note_stays BEFORE UPDATE OR DELETE ON myclientsplus_note
    FOR EACH ROW EXECUTE FUNCTION myclientsplus_note_stays();
