-- Today asks what clients changed lately, whatever the past.
CREATE INDEX appointments_by_change ON appointments_appointment (provider_id, changed_at);
