-- Schema 8 of the PostgreSQL store: the nodes that share it, and what mail servers may see of it. What each field means is
-- written in the documentation of src/store/sql.rs.

CREATE TABLE node (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (name <> ''),
    machine TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    keys TEXT COLLATE "C" NOT NULL,
    clock_off BIGINT,
    seen_at BIGINT NOT NULL
);

CREATE TABLE node_revocation (
    node TEXT COLLATE "C" NOT NULL REFERENCES node (name) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL CHECK (name <> ''),
    queued BIGINT NOT NULL,
    times BIGINT NOT NULL CHECK (times > 0),
    tries BIGINT NOT NULL DEFAULT 0 CHECK (tries >= 0),
    next_try BIGINT NOT NULL,
    error TEXT COLLATE "C",
    PRIMARY KEY (node, name)
);

CREATE INDEX node_revocation_by_next_try ON node_revocation (node, next_try);

-- For mail servers, which must know which addresses there are and may see nothing else: a role of theirs gets
-- GRANT SELECT ON recipient, and no more. The columns are those of the view in src/recipients.rs.
CREATE INDEX account_by_domain ON account (split_part(name, '@', 2));

CREATE VIEW recipient AS
SELECT name AS address, split_part(name, '@', 1) AS local_part, split_part(name, '@', 2) AS domain, enabled
FROM account;

-- Tables, a view and an index are added, so that former code may go on. Its hook takes what was revoked for itself alone:
-- while nodes are upgraded one by one, connections at the others may go on.
UPDATE mailkey SET schema = 8;
