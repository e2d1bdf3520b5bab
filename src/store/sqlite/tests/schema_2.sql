-- What a database of schema 2 held beside what one of schema 1 did: webmail sessions.
INSERT INTO session (digest, kind, account, name, opening, method, opened_at, opened_from, used_at, used_from, used_protocol, confirmed, ended) VALUES
    (x'0505050505050505050505050505050505050505050505050505050505050505', 1, 1, NULL, NULL, 'totp', 1800000700, '192.0.2.7', 1800000800, '192.0.2.8', 'smtp', 1, 0),
    (x'0606060606060606060606060606060606060606060606060606060606060606', 2, NULL, 'carol@example.org', NULL, 'totp', 1800000700, '', 1800000700, '', '', 0, 1);
INSERT INTO session_seen (digest) VALUES (x'05050505050505050505050505050505'), (x'07070707070707070707070707070707');
UPDATE activity SET codes_left = 9;
