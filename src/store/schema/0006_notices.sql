-- Schema 6: notices by mail. What each field means is written in the documentation of src/store/sqlite.rs.

ALTER TABLE account ADD COLUMN notices INTEGER NOT NULL DEFAULT 1 CHECK (notices IN (0, 1));
ALTER TABLE account ADD COLUMN notify_address TEXT CHECK (notify_address <> '');
ALTER TABLE account ADD COLUMN language TEXT CHECK (language <> '');

CREATE TABLE notice (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account    INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL CHECK (kind <> ''),
    at         INTEGER NOT NULL,
    address    TEXT    NOT NULL,
    mode       TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    codes_left INTEGER CHECK (codes_left >= 0),
    tries      INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    next_try   INTEGER NOT NULL,
    error      TEXT    NOT NULL DEFAULT '',
    settled_at INTEGER
) STRICT;

CREATE INDEX notice_by_account ON notice (account, at);
CREATE INDEX notice_due ON notice (next_try) WHERE settled_at IS NULL;
CREATE INDEX notice_settled ON notice (settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE known_network (
    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    network TEXT    NOT NULL CHECK (network <> ''),
    last_at INTEGER NOT NULL,
    PRIMARY KEY (account, network)
) STRICT, WITHOUT ROWID;

-- Only tables and columns with a default are added, and what former code does rests on none of them: `compatibility` stays
-- as it is. What happens by way of that code is told to nobody.
