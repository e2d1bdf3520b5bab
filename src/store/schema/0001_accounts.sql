-- Schema 1. What each field means is written in the documentation of src/store/sqlite.rs.

CREATE TABLE account (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    uid                 BLOB    NOT NULL UNIQUE CHECK (length(uid) = 16),
    name                TEXT    NOT NULL UNIQUE CHECK (name <> ''),
    enabled             INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    version             INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    password            TEXT    CHECK (password <> ''),
    authenticators_made INTEGER NOT NULL DEFAULT 0 CHECK (authenticators_made >= 0),
    created_at          INTEGER NOT NULL
) STRICT;

CREATE TABLE authenticator (
    account      INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    number       INTEGER NOT NULL CHECK (number > 0),
    name         TEXT    NOT NULL,
    key          INTEGER NOT NULL CHECK (key BETWEEN 0 AND 4294967295),
    sealed       BLOB    NOT NULL CHECK (length(sealed) > 40),
    algorithm    TEXT    NOT NULL CHECK (algorithm IN ('SHA1', 'SHA256', 'SHA512')),
    digits       INTEGER NOT NULL CHECK (digits IN (6, 8)),
    period       INTEGER NOT NULL CHECK (period BETWEEN 1 AND 4294967295),
    created_at   INTEGER NOT NULL,
    confirmed_at INTEGER,
    last_step    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX authenticator_one_pending ON authenticator (account) WHERE confirmed_at IS NULL;

CREATE TABLE recovery_code (
    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    code    TEXT    NOT NULL CHECK (length(code) = 2),
    hash    TEXT    NOT NULL CHECK (hash <> ''),
    used_at INTEGER,
    PRIMARY KEY (account, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE app_password (
    account       INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    id            TEXT    NOT NULL CHECK (length(id) = 4),
    name          TEXT    NOT NULL,
    hash          TEXT    NOT NULL CHECK (hash <> ''),
    protocols     INTEGER NOT NULL CHECK (protocols BETWEEN 1 AND 15),
    networks      TEXT    CHECK (networks <> ''),
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER,
    revoked_at    INTEGER,
    used_at       INTEGER,
    used_from     TEXT    CHECK ((used_from IS NULL) = (used_at IS NULL)),
    used_protocol TEXT    CHECK ((used_protocol IS NULL) = (used_at IS NULL)),
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE throttle (
    kind          INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4),
    subject       BLOB    NOT NULL CHECK (length(subject) = 16),
    network       TEXT    NOT NULL,
    failures      INTEGER NOT NULL CHECK (failures BETWEEN 0 AND 4294967295),
    since         INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL CHECK (expires_at >= blocked_until),
    PRIMARY KEY (kind, subject, network)
) STRICT, WITHOUT ROWID;

CREATE INDEX throttle_by_expiry ON throttle (expires_at);

CREATE TABLE seen_wrong (
    digest     BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 16),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX seen_wrong_by_expiry ON seen_wrong (expires_at);

CREATE TABLE tried (
    network    TEXT    NOT NULL CHECK (network <> ''),
    subject    BLOB    NOT NULL CHECK (length(subject) = 16),
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (network, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX tried_by_expiry ON tried (expires_at);

CREATE TABLE key_check (
    number INTEGER PRIMARY KEY,
    digest BLOB    NOT NULL CHECK (length(digest) = 16)
) STRICT;

CREATE TABLE activity (
    id         INTEGER PRIMARY KEY,
    account    INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    event      TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    method     TEXT    NOT NULL,
    mode       TEXT    NOT NULL,
    protocol   TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    credential TEXT    NOT NULL,
    first_at   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL CHECK (last_at >= first_at),
    count      INTEGER NOT NULL CHECK (count > 0)
) STRICT;

-- Finds the entry that a note is folded into, however many an account has.
CREATE INDEX activity_by_origin ON activity (account, address, credential, last_at);
CREATE INDEX activity_by_account ON activity (account, last_at);
CREATE INDEX activity_by_time ON activity (last_at);
