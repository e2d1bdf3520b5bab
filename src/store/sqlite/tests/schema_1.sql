-- What a database of schema 1 held: an account with 2FA and everything that belongs to it, and one without.
INSERT INTO account (id, uid, name, enabled, version, password, authenticators_made, created_at) VALUES
    (1, x'01010101010101010101010101010101', 'alice@example.org', 1, 4, 'password hash', 2, 1800000000),
    (2, x'02020202020202020202020202020202', 'bob@example.org', 0, 2, NULL, 0, 1800000001);
INSERT INTO authenticator (account, number, name, key, sealed, algorithm, digits, period, created_at, confirmed_at, last_step) VALUES
    (1, 2, 'Phone', 1, zeroblob(60), 'SHA1', 6, 30, 1800000100, 1800000200, 60000007);
INSERT INTO recovery_code (account, code, hash, used_at) VALUES (1, 'ab', 'code hash', NULL), (1, 'cd', 'used', 1800000300);
INSERT INTO app_password (account, id, name, hash, protocols, networks, created_at, expires_at, revoked_at, used_at, used_from, used_protocol) VALUES
    (1, 'k7m2', 'Phone', 'app hash', 5, '192.0.2.0/24', 1800000400, 1900000000, NULL, 1800000500, '192.0.2.7', 'imap');
INSERT INTO throttle (kind, subject, network, failures, since, last_at, blocked_until, expires_at) VALUES
    (1, zeroblob(16), '192.0.2.7', 3, 1800000000, 1800000600, 0, 1800087000);
INSERT INTO seen_wrong (digest, expires_at) VALUES (zeroblob(16), 1800004200);
INSERT INTO tried (network, subject, expires_at) VALUES ('192.0.2.7', zeroblob(16), 1800004200);
INSERT INTO key_check (number, digest) VALUES (1, x'0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a');
INSERT INTO activity (id, account, event, reason, method, mode, protocol, address, credential, first_at, last_at, count) VALUES
    (1, 1, 'accepted', '', 'app_password', 'client', 'imap', '192.0.2.7', 'k7m2', 1800000500, 1800000560, 2);
