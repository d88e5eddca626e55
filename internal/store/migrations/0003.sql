-- Commands by mail: what proves who gave one, and what waits for proof.
ALTER TABLE letter ADD COLUMN ref INTEGER NOT NULL DEFAULT 0; -- of a letter to the complainant that a person wrote: counts up in a case
CREATE INDEX letter_accepted ON letter (id) WHERE state = 'sent' AND ref > 0 AND attended = 0;

CREATE TABLE code (
  hash      BLOB PRIMARY KEY,   -- of 128 random bits in a button of a letter
  letter_id INTEGER NOT NULL REFERENCES letter ON DELETE CASCADE, -- that carried it: person and moment are its
  case_id   INTEGER REFERENCES cases ON DELETE CASCADE, -- in a list each button has its own; NULL: about none
  command   BLOB NOT NULL       -- keyed hash of the command that it is good for
) STRICT, WITHOUT ROWID;
CREATE INDEX code_letter ON code (letter_id);

CREATE TABLE challenge (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id INTEGER REFERENCES cases ON DELETE CASCADE, -- NULL: about no case
  person  BLOB NOT NULL,        -- keyed hash of the registered address
  hash    BLOB NOT NULL,        -- keyed hash of code, person, case and command
  at      INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  used_at INTEGER,
  sealed  BLOB NOT NULL         -- JSON: person, command, what the mail held
) STRICT;
CREATE INDEX challenge_person ON challenge (person, at);

CREATE TABLE unproven (          -- what a sender could not prove, for limits and digest
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  at     INTEGER NOT NULL,
  person BLOB NOT NULL,         -- keyed hash of the registered address
  action TEXT NOT NULL          -- refuse, count, wrong code
) STRICT;
CREATE INDEX unproven_person ON unproven (person, action, at);

CREATE TABLE executed (          -- Message-IDs of mails whose commands ran
  token BLOB PRIMARY KEY,       -- keyed hash
  at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE choice (            -- mails of staff that wait for a word about what they are
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  at       INTEGER NOT NULL,    -- INTERNALDATE
  due      TEXT NOT NULL,       -- the last day for an answer
  sealed   BLOB NOT NULL,       -- JSON: who sent it
  raw      BLOB NOT NULL        -- sealed: the mail as it came
) STRICT;
CREATE INDEX choice_due ON choice (due);
