-- What figures are made of: of each case one small row, so that a report need not
-- open every case whole. It is written with its case; those that are here already
-- get theirs when the database is opened next (meta, briefs_missing).
CREATE TABLE brief (
  case_id INTEGER PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
  sealed  BLOB NOT NULL,              -- with the key of the case: number, kind, dates, choices, promises
  kept    TEXT NOT NULL DEFAULT ''    -- promises that mail has kept since: their ids and the moments, as in promise
) STRICT;
INSERT INTO meta(key, value) SELECT 'briefs_missing', '1' WHERE EXISTS (SELECT 1 FROM cases);

-- Of an erased case enough is kept that no figure changes: months, and what had
-- happened by which of them. NULL and '' stand in rows from before this one.
ALTER TABLE anonymous ADD COLUMN in_time INTEGER;                  -- closed by the date that held
ALTER TABLE anonymous ADD COLUMN solved INTEGER;                   -- closed by the term, or told of a delay before it
ALTER TABLE anonymous ADD COLUMN announced INTEGER;                -- told of a delay before the term
ALTER TABLE anonymous ADD COLUMN asked INTEGER;                    -- how content one is
ALTER TABLE anonymous ADD COLUMN resolve_by TEXT NOT NULL DEFAULT ''; -- months: of the term
ALTER TABLE anonymous ADD COLUMN expected TEXT NOT NULL DEFAULT '';   -- of the date that held
ALTER TABLE anonymous ADD COLUMN told TEXT NOT NULL DEFAULT '';       -- of the first delay
-- promises was JSON: now kind:how:month of the term, one after the other.
UPDATE anonymous SET promises = coalesce((SELECT group_concat((value ->> 'kind') || ':' || (value ->> 'how') || ':', ' ') FROM json_each(promises)), '');
