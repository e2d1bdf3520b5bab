-- Schema 7: invitations to turn 2FA on. What each field means is written in the documentation of src/store/sqlite.rs.

CREATE TABLE invitation (
    account    INTEGER NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    digest     BLOB    NOT NULL CHECK (length(digest) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX invitation_by_expiry ON invitation (expires_at);

-- A table is added, and nothing of what was there has changed, so that former code may go on and `compatibility` stays as it
-- is. Where that code is a panel, it asks nobody for an invitation until it is started again, which the upgrade of its
-- package does; workers turn no 2FA on. An invitation that it leaves behind lasts until it expires.
