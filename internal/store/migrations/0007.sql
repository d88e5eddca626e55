-- The audit trail (security.md 31): what happened, without content. Each row is
-- hashed over the one before it with a key that comes from the master key, so that
-- who has this file alone can take nothing out and put nothing in unseen. The rows
-- of a case stay when it is erased: they name it by a number that means nothing then.
CREATE TABLE audit (
  n       INTEGER PRIMARY KEY, -- counts up by one from 1, without a gap
  at      INTEGER NOT NULL,
  event   TEXT NOT NULL,       -- a fixed word of ours: registered, sent, exported
  what    TEXT NOT NULL,       -- more of them: the kind of a letter, the commands
  case_id INTEGER,             -- of cases.id, also of one that is gone; NULL: of none
  person  BLOB,                -- keyed hash of the address of who of the staff did it; NULL: nobody of them
  count   INTEGER NOT NULL,    -- how many; 0 where nothing was counted
  hash    BLOB NOT NULL        -- keyed, over the hash of the row before and all of the above
) STRICT;
CREATE INDEX audit_case ON audit (case_id) WHERE case_id IS NOT NULL;

-- Files that were written of a case for the person (AVG art. 15): where, so that they
-- are removed with it.
CREATE TABLE export (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
  at      INTEGER NOT NULL,
  sealed  BLOB NOT NULL       -- JSON: path, hash of the file
) STRICT;
CREATE INDEX export_case ON export (case_id);
