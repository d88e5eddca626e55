-- Forgetting (procedure.md 6). A case that is erased leaves an anonymous row, counts
-- in the totals of its year, and the keyed hashes by which its messages are known again.
CREATE TABLE erasure (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id INTEGER,            -- NULL: messages alone, which turned up again. Also the number of the key that is destroyed
  number  BLOB,               -- keyed hash of the number, which is never issued again
  state   TEXT NOT NULL,      -- planned, cleared (of the mailbox), destroyed (the rows are gone), shredded (key and log too), certified
  made_at INTEGER NOT NULL,
  done_at INTEGER,
  wanted  BLOB,               -- JSON, sealed with the key of the case: the messages to remove; NULL once they are
  sealed  BLOB NOT NULL       -- JSON, sealed with the key of the house: for the letters; once certified reason and counts alone
) STRICT;
CREATE INDEX erasure_open ON erasure (id) WHERE state <> 'certified';
CREATE INDEX erasure_number ON erasure (number);

-- Whom a letter asks to delete his copies.
CREATE TABLE copies_asked (
  letter_id  INTEGER PRIMARY KEY REFERENCES letter ON DELETE CASCADE,
  person     BLOB NOT NULL,   -- keyed hash of the registered address
  asked_at   INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX copies_asked_person ON copies_asked (person) WHERE deleted_at IS NULL;

-- What stays of a case: no number, no text, no person.
CREATE TABLE anonymous (
  id         INTEGER PRIMARY KEY,
  received   TEXT NOT NULL,     -- the month
  closed     TEXT NOT NULL,     -- the month; '' never
  channel    TEXT NOT NULL,
  kind       TEXT NOT NULL,
  severity   TEXT NOT NULL,
  category   TEXT NOT NULL,     -- of the configured list, as is cause
  cause      TEXT NOT NULL,
  finding    TEXT NOT NULL,
  resolution TEXT NOT NULL,
  react_days INTEGER NOT NULL,  -- -1: never
  close_days INTEGER NOT NULL,
  delays     INTEGER NOT NULL,
  reopened   INTEGER NOT NULL,
  outside    INTEGER NOT NULL,  -- with the Ooa
  actions    INTEGER NOT NULL,
  scores     TEXT NOT NULL,     -- JSON: a list of numbers
  promises   TEXT NOT NULL      -- JSON: kind, and how it ended
) STRICT;
CREATE INDEX anonymous_received ON anonymous (received);

-- How many erased cases of a year were about a course or a location. The name is
-- not kept before there are three.
CREATE TABLE total (
  year   INTEGER NOT NULL,
  what   TEXT NOT NULL,         -- course, location
  hash   BLOB NOT NULL,         -- keyed, of the name in lower case
  n      INTEGER NOT NULL,
  sealed BLOB,                  -- the name, from three on
  PRIMARY KEY (year, what, hash)
) STRICT, WITHOUT ROWID;

-- The highest sequence number that an erased case had: it is not given again.
CREATE TABLE issued (
  year INTEGER PRIMARY KEY,
  seq  INTEGER NOT NULL
) STRICT;

ALTER TABLE receipt ADD COLUMN message_id BLOB;                    -- sealed with the key of the case; NULL: of none, or it has none
ALTER TABLE receipt ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;  -- the case that it belonged to was
CREATE INDEX receipt_case ON receipt (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX receipt_kept ON receipt (folder, at) WHERE case_id IS NULL AND erased = 0;
CREATE INDEX promise_erase ON promise (due) WHERE kind = 'erase' AND fulfilled_at IS NULL;
CREATE INDEX code_case ON code (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX challenge_case ON challenge (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX letter_house ON letter (id) WHERE case_id IS NULL;
