-- Which cases are about one course: found by it, and not to be read here.
CREATE TABLE course (
  case_id INTEGER PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
  name    BLOB NOT NULL,       -- keyed hash
  at      INTEGER NOT NULL     -- when the complaint was received
) STRICT;
CREATE INDEX course_name ON course (name, at);
