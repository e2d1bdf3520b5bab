-- The recipients database, version 1. What it promises is written in src/recipients.rs.
-- It is read by the SQLite of Dovecot and Postfix, which may be old: no STRICT tables here (3.37).

CREATE TABLE account (
    address TEXT    NOT NULL PRIMARY KEY COLLATE NOCASE CHECK (address <> ''),
    domain  TEXT    NOT NULL COLLATE NOCASE,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) WITHOUT ROWID;

CREATE INDEX account_by_domain ON account (domain);

CREATE VIEW recipient AS
SELECT address,
       CASE domain WHEN '' THEN address ELSE substr(address, 1, length(address) - length(domain) - 1) END AS local_part,
       domain,
       enabled
FROM account;
