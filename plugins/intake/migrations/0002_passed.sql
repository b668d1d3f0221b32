-- The sections that a client has gone through: one without required answers is done only then.
ALTER TABLE intake_intake ADD COLUMN passed JSONTEXT NOT NULL DEFAULT '[]';
