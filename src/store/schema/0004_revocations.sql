-- Schema 4: the queue of the revocation hook. What each field means is written in the documentation of src/store/sqlite.rs.

CREATE TABLE revocation (
    id       INTEGER PRIMARY KEY,
    name     TEXT    NOT NULL UNIQUE CHECK (name <> ''),
    times    INTEGER NOT NULL DEFAULT 1 CHECK (times > 0),
    tries    INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    next_try INTEGER NOT NULL DEFAULT 0,
    error    TEXT
) STRICT;

CREATE INDEX revocation_by_next_try ON revocation (next_try);

-- Only a table is added, and no login reads it: `compatibility` stays as it is. What code of an earlier schema revokes is
-- not queued; it opens nothing all the same, and connections end when they end, as they did with that code.
