-- What was sent of a form before it was sent back, and the version it was given under.
ALTER TABLE intake_request ADD COLUMN sent_answers SEALED;
ALTER TABLE intake_request ADD COLUMN sent_form_id ID;
