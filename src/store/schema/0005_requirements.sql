-- Schema 5: who must have 2FA on. What each field means is written in the documentation of src/store/sqlite.rs.

ALTER TABLE account ADD COLUMN require_2fa INTEGER CHECK (require_2fa >= -1);
ALTER TABLE account ADD COLUMN enrol_again INTEGER NOT NULL DEFAULT 0 CHECK (enrol_again IN (0, 1));

-- Finds the few accounts that have something set.
CREATE INDEX account_by_requirement ON account (name) WHERE require_2fa IS NOT NULL OR enrol_again = 1;

CREATE TABLE domain (
    name        TEXT    NOT NULL PRIMARY KEY CHECK (name <> ''),
    require_2fa INTEGER NOT NULL CHECK (require_2fa >= -1)
) STRICT, WITHOUT ROWID;

-- Code of schema 2 and later may go on: nothing that it knows has changed. It asks the configuration alone who must have 2FA
-- on, as it always did, until its workers have ended; to make them unavailable would close every mailbox instead.
