-- What goes along with several letters about a case is kept once.
CREATE TABLE enclosure (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
  sealed  BLOB NOT NULL        -- MIME parts, as they stand in each of the letters
) STRICT;
CREATE INDEX enclosure_case ON enclosure (case_id);

ALTER TABLE body ADD COLUMN enclosure_id INTEGER REFERENCES enclosure;
ALTER TABLE body ADD COLUMN enclose_at INTEGER NOT NULL DEFAULT 0; -- the offset in the opened body
CREATE INDEX body_enclosure ON body (enclosure_id) WHERE enclosure_id IS NOT NULL;
