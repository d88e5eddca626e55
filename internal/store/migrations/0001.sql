-- The first schema. Times are Unix milliseconds, days are 2026-11-22, and what
-- is called sealed is encrypted with the key of its case (security.md 26):
-- no text, name, address, subject or Message-ID is readable here.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One complaint.
CREATE TABLE cases (
  id            INTEGER PRIMARY KEY AUTOINCREMENT, -- also the number of its key; never used twice
  number        TEXT NOT NULL UNIQUE,              -- K2026-482931 (procedure.md 4)
  year          INTEGER NOT NULL,                  -- of receipt
  seq           INTEGER NOT NULL,                  -- counts up within the year, for the auditor
  kind          TEXT NOT NULL,
  state         TEXT NOT NULL,
  severity      TEXT NOT NULL,
  received_at   INTEGER NOT NULL,
  registered_at INTEGER NOT NULL,
  reacted_at    INTEGER,
  closed_at     INTEGER,
  react_by      TEXT NOT NULL,
  resolve_by    TEXT NOT NULL,
  expected_on   TEXT NOT NULL,
  sealed        BLOB NOT NULL,                     -- JSON: complainant, subject, owner, handler, concerned
  UNIQUE (year, seq)
) STRICT;
CREATE INDEX case_open ON cases (id) WHERE state <> 'closed';

-- Something that is owed (procedure.md 1).
CREATE TABLE promise (
  id           INTEGER PRIMARY KEY,
  case_id      INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
  kind         TEXT NOT NULL,
  made_on      TEXT NOT NULL,
  due          TEXT NOT NULL, -- the last day of the term
  fulfilled_at INTEGER,
  bounced_at   INTEGER,
  letter_id    INTEGER,       -- the letter that kept it: the evidence
  sealed       BLOB           -- JSON: waived by whom, reason
) STRICT;
CREATE INDEX promise_case ON promise (case_id);

-- The timeline of a case.
CREATE TABLE event (
  id      INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
  at      INTEGER NOT NULL,
  event   TEXT NOT NULL,
  sealed  BLOB                -- JSON: actor, detail
) STRICT;
CREATE INDEX event_case ON event (case_id);

-- A message that came in and belongs to a case.
CREATE TABLE message (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id   INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
  direction TEXT NOT NULL,    -- in, note
  at        INTEGER NOT NULL, -- INTERNALDATE
  sealed    BLOB NOT NULL     -- JSON: from, to, subject, message_id, text, names of attachments
) STRICT;
CREATE INDEX message_case ON message (case_id);

-- The bytes of a message as they came, in pieces (security.md 4).
CREATE TABLE chunk (
  id         INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
  n          INTEGER NOT NULL,
  sealed     BLOB NOT NULL
) STRICT;
CREATE INDEX chunk_message ON chunk (message_id, n);

-- The outbox, and what has left it. A letter of no case is sealed with the key of the house.
CREATE TABLE letter (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id     INTEGER REFERENCES cases ON DELETE CASCADE,
  kind        TEXT NOT NULL,
  state       TEXT NOT NULL,    -- held, due, claimed, sending, uncertain, sent, failed
  promise_id  INTEGER,          -- kept when the letter is accepted
  token       BLOB NOT NULL,    -- keyed hash of its Message-ID
  created_at  INTEGER NOT NULL,
  next_at     INTEGER NOT NULL, -- not before
  lease_until INTEGER,          -- claimed: free again after this
  attempts    INTEGER NOT NULL DEFAULT 0,
  again       INTEGER NOT NULL DEFAULT 0, -- times sent once more after no answer (security.md 37)
  sent_at     INTEGER,
  failure     TEXT,             -- refused, given_up, bounced, uncertain
  attended    INTEGER NOT NULL DEFAULT 0, -- the failure has become somebody's task
  sealed      BLOB NOT NULL,    -- JSON: to, subject, message_id
  outcome     BLOB              -- sealed: the server's last words
) STRICT;
CREATE INDEX letter_case ON letter (case_id);
CREATE INDEX letter_token ON letter (token);
CREATE INDEX letter_waiting ON letter (state, next_at) WHERE state NOT IN ('sent', 'failed'); -- used by queries that say the same
CREATE INDEX letter_failed ON letter (id) WHERE state = 'failed' AND attended = 0;
CREATE UNIQUE INDEX letter_once ON letter (case_id) WHERE kind = 'acknowledgement'; -- one a case, ever (security.md 12)

-- The bytes of a letter, the same at each attempt (security.md 36).
CREATE TABLE body (
  letter_id INTEGER PRIMARY KEY REFERENCES letter ON DELETE CASCADE,
  sealed    BLOB NOT NULL
) STRICT;

-- A mailbox as the server numbers it.
CREATE TABLE box (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  uidvalidity INTEGER NOT NULL,
  UNIQUE (name, uidvalidity)
) STRICT;

-- What became of each message that the mailbox handed over: every one has a row.
CREATE TABLE receipt (
  box_id      INTEGER NOT NULL REFERENCES box,
  uid         INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  content     BLOB NOT NULL,    -- keyed hash of the content (security.md 32)
  became      TEXT NOT NULL,    -- registered, followup, note, duplicate, automatic, bounce, spam, quarantined
  reason      TEXT NOT NULL,
  case_id     INTEGER,
  folder      TEXT NOT NULL,    -- where it is to be filed, by the key of imap.folders
  filed_at    INTEGER,
  PRIMARY KEY (box_id, uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_content ON receipt (content);
CREATE INDEX receipt_unfiled ON receipt (box_id, uid) WHERE filed_at IS NULL;

-- Messages that are being handled; what is left here after a crash is suspect (security.md 5).
CREATE TABLE attempt (
  box_id INTEGER NOT NULL REFERENCES box,
  uid    INTEGER NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (box_id, uid)
) STRICT, WITHOUT ROWID;

-- Acknowledgements of the last day, for the limits of security.md 12.
CREATE TABLE acknowledged (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  at      INTEGER NOT NULL,
  address BLOB NOT NULL,      -- keyed hashes
  domain  BLOB NOT NULL
) STRICT;
CREATE INDEX acknowledged_at ON acknowledged (at);
CREATE INDEX acknowledged_address ON acknowledged (address, at);
CREATE INDEX acknowledged_domain ON acknowledged (domain, at);

-- When each job last ran, by the moment it was scheduled for (security.md 44).
CREATE TABLE job (
  name      TEXT PRIMARY KEY,
  scheduled INTEGER NOT NULL,
  ran_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
