-- Schema 2: webmail sessions. What each field means is written in the documentation of src/store/sqlite.rs.

CREATE TABLE session (
    digest        BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    kind          INTEGER NOT NULL CHECK (kind IN (1, 2)),
    account       INTEGER REFERENCES account (id) ON DELETE CASCADE,
    name          TEXT    CHECK (name <> ''),
    opening       BLOB    CHECK (length(opening) = 16),
    method        TEXT    NOT NULL,
    opened_at     INTEGER NOT NULL,
    opened_from   TEXT    NOT NULL,
    used_at       INTEGER NOT NULL,
    used_from     TEXT    NOT NULL,
    used_protocol TEXT    NOT NULL,
    confirmed     INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
    ended         INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)),
    CHECK ((account IS NULL) <> (name IS NULL)),
    CHECK (opening IS NULL OR kind = 1)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_account ON session (account, opened_at) WHERE account IS NOT NULL;
CREATE INDEX session_by_name ON session (name, opened_at) WHERE name IS NOT NULL;
CREATE INDEX session_by_use ON session (used_at);

CREATE TABLE session_seen (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 16)
) STRICT, WITHOUT ROWID;

ALTER TABLE activity ADD COLUMN codes_left INTEGER CHECK (codes_left >= 0);
