-- Schema 3: panel sessions. What each field means is written in the documentation of src/store/sqlite.rs.

CREATE TABLE panel_session (
    digest      BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    account     INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    version     INTEGER NOT NULL CHECK (version > 0),
    method      TEXT    NOT NULL,
    agent       TEXT    NOT NULL,
    opened_at   INTEGER NOT NULL,
    opened_from TEXT    NOT NULL,
    proved_at   INTEGER NOT NULL,
    used_at     INTEGER NOT NULL,
    used_from   TEXT    NOT NULL,
    idle        INTEGER NOT NULL CHECK (idle > 0),
    absolute    INTEGER NOT NULL CHECK (absolute > 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX panel_session_by_account ON panel_session (account, used_at);
CREATE INDEX panel_session_by_expiry ON panel_session (used_at + idle);

-- Code of schema 2 may go on: a panel session lives only in the version of its account that it stands on, so that
-- nothing rests on former code ending it.
CREATE TABLE compatibility (
    oldest INTEGER NOT NULL
) STRICT;

INSERT INTO compatibility (oldest) VALUES (2);
