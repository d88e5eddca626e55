-- Letters of which a copy belongs in the Sent folder of the mailbox, and is not
-- there yet. NULL: none belongs there, or it is there. 1: it is owed. Else it is
-- being put there, until this moment.
ALTER TABLE letter ADD COLUMN to_keep INTEGER;
CREATE INDEX letter_to_keep ON letter (id) WHERE to_keep IS NOT NULL;
