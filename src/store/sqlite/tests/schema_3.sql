-- What a database of schema 3 held beside what one of schema 2 did: a panel session.
INSERT INTO panel_session (digest, account, version, method, agent, opened_at, opened_from, proved_at, used_at, used_from, idle, absolute) VALUES
    (x'0404040404040404040404040404040404040404040404040404040404040404', 1, 4, 'totp', 'Firefox on Linux', 1800000900, '192.0.2.7', 1800000900, 1800000960, '192.0.2.7', 43200, 43200);
