-- Schema 8: the nodes that share a store. What each field means is written in the documentation of src/store/sql.rs.
-- A file has one node, and nothing of this is used there; the tables are the same for all engines.

CREATE TABLE node (
    name      TEXT    NOT NULL PRIMARY KEY CHECK (name <> ''),
    machine   TEXT    NOT NULL,
    version   TEXT    NOT NULL,
    keys      TEXT    NOT NULL,
    clock_off INTEGER,
    seen_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE node_revocation (
    node     TEXT    NOT NULL REFERENCES node (name) ON DELETE CASCADE,
    name     TEXT    NOT NULL CHECK (name <> ''),
    queued   INTEGER NOT NULL,
    times    INTEGER NOT NULL CHECK (times > 0),
    tries    INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    next_try INTEGER NOT NULL,
    error    TEXT,
    PRIMARY KEY (node, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX node_revocation_by_next_try ON node_revocation (node, next_try);

-- Tables are added, and nothing of what was there has changed: `compatibility` stays as it is.
