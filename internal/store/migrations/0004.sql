-- The register of improvements.
CREATE TABLE action (
  id     INTEGER PRIMARY KEY AUTOINCREMENT, -- M-12 is 12: never issued twice
  sealed BLOB NOT NULL                      -- JSON: what, by whom, by when, of which cases, and what came of it
) STRICT;
