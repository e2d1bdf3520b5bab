use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use rusqlite::Connection;

use super::super::contract::{NOON, add_alice, alice, loaded, name};
use super::super::postgres::tests::server;
use super::super::{AccountUid, Lookup, NewAccount, Store, open};
use super::tables::TABLES;
use super::*;

/// A directory with stores.
struct Lab(tempfile::TempDir);

impl Lab {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().unwrap().join(name)
    }

    fn file(&self, name: &str) -> Place {
        Place::File(self.path(name))
    }

    /// A store with something in every field of every table, and so many accounts.
    fn filled(&self, name: &str, accounts: u32) -> Place {
        let place = self.file(name);
        super::super::create_or_migrate(&place, PATIENCE).unwrap();
        let mut sql = format!(
            "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {accounts}) SELECT i FROM n;"
        );
        sql += FILL;
        self.sql(name, &sql);
        place
    }

    /// Runs statements on a file beside mailkey.
    fn sql(&self, name: &str, sql: &str) {
        Connection::open(self.path(name)).unwrap().execute_batch(sql).unwrap();
    }
}

/// For each number of the table `n` an account and what belongs to it.
const FILL: &str = "
INSERT INTO account (uid, name, enabled, version, password, authenticators_made, created_at, require_2fa, enrol_again, notices,
        notify_address, language)
    SELECT randomblob(16), printf('%x-user%d@example.org', (i * 7919) % 4096, i), i % 5 <> 0, i, '$argon2id$' || i, 2, 1800000000 + i,
        CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN -1 WHEN 2 THEN 0 ELSE 1900000000 END, i % 7 = 0, i % 3 <> 0,
        CASE WHEN i % 2 THEN 'Ü' || i || '@elsewhere.example' END, CASE WHEN i % 3 THEN 'de' END FROM n;
INSERT INTO authenticator SELECT id, 1, 'Phone ☎', 1, randomblob(60), 'SHA1', 6, 30, created_at, created_at + 60, 60000000 + id FROM account;
INSERT INTO authenticator SELECT id, 2, '', 2, randomblob(70), 'SHA512', 8, 60, created_at, NULL, 0 FROM account WHERE id % 9 = 0;
INSERT INTO recovery_code SELECT id, code, '$argon2id$' || id || code, CASE WHEN code = 'ab' THEN 1800001000 END
    FROM account, (SELECT 'ab' AS code UNION SELECT 'cd' UNION SELECT '0z');
INSERT INTO app_password SELECT id, app, 'Phone of ' || name, '$argon2id$' || app, 1 + id % 15,
        CASE WHEN id % 2 THEN '192.0.2.0/24,2001:db8::/32' END, created_at, CASE WHEN id % 3 THEN 1900000000 END,
        CASE WHEN id % 10 = 0 THEN 1800002000 END, CASE WHEN id % 4 THEN 1800003000 END, CASE WHEN id % 4 THEN '192.0.2.1' END,
        CASE WHEN id % 4 THEN 'imap' END
    FROM account, (SELECT 'k7m2' AS app UNION SELECT '9xqd');
INSERT INTO session SELECT randomblob(32), 1, id, NULL, randomblob(16), 'totp', 1800000000, '192.0.2.1', 1800000060, '', 'imap', 1, id % 2
    FROM account;
INSERT INTO session SELECT randomblob(32), 2, NULL, 'no-record' || i, NULL, 'password', 1800000000, '', 1800000060, '', '', 0, 0
    FROM n WHERE i < 20;
INSERT INTO session_seen SELECT substr(digest, 1, 16) FROM session WHERE kind = 1;
INSERT INTO panel_session SELECT randomblob(32), id, version, 'totp', 'Firefox', 1800000000, '192.0.2.1', 1800000000, 1800000060,
    '2001:db8::1', 900, 43200 FROM account WHERE id % 3 = 0;
INSERT INTO notice (account, kind, at, address, mode, subject, codes_left, tries, next_try, error, settled_at)
    SELECT id, 'two_factor_on', 1800000000, '192.0.2.1', 'panel', 'Telefon „neu“', CASE WHEN id % 2 THEN 3 END, id % 3, 1800000000, 'no',
        CASE WHEN id % 2 THEN 1800000100 END FROM account WHERE id % 2;
INSERT INTO known_network SELECT id, '192.0.2.0/24', 1800000000 FROM account;
INSERT INTO invitation SELECT id, randomblob(32), 1800000000, 1800600000 FROM account WHERE id % 11 = 0;
INSERT INTO revocation (name, times, tries, next_try, error) SELECT name, 2, 1, 1800000000, 'exit code 1' FROM account WHERE id % 13 = 0;
INSERT INTO node VALUES ('mx1', 'd1', '0.1.0', '1,2', -3, 1800000000), ('mx2', '', '', '', NULL, 0);
INSERT INTO node_revocation SELECT 'mx1', name, id, times, tries, next_try, error FROM revocation;
INSERT INTO domain VALUES ('example.org', 1900000000), ('beispiel.example', -1);
INSERT INTO throttle SELECT 1 + i % 4, randomblob(16), '192.0.2.' || i, i, 1800000000, 1800000001, 1800000500, 1800086401 FROM n;
INSERT INTO seen_wrong SELECT randomblob(16), 1800000000 + i FROM n;
INSERT INTO tried SELECT '192.0.2.' || i, randomblob(16), 1800000000 FROM n;
INSERT INTO key_check VALUES (1, randomblob(16)), (2, randomblob(16));
INSERT INTO activity (account, event, reason, method, mode, protocol, address, credential, first_at, last_at, count, codes_left)
    SELECT id, event, '', 'app-password', 'client', 'imap', '192.0.2.1', 'k7m2', 1800000000, 1800000000 + id, 3, CASE WHEN id % 2 THEN 7 END
    FROM account, (SELECT 'accepted' AS event UNION SELECT 'rejected');
";

/// All rows, as one statement of SQLite reads them.
fn content(place: &Place) -> BTreeMap<&'static str, Vec<String>> {
    let Place::File(path) = place else { panic!("a file") };
    let connection = Connection::open(path).unwrap();
    let rows = |sql: &str| {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            Ok((0..columns).map(|column| format!("{:?} ", row.get_ref(column).unwrap())).collect::<String>())
        };
        let mut rows: Vec<_> = statement.query_map([], row).unwrap().map(|row| row.unwrap()).collect();
        rows.sort();
        rows
    };
    let mut all: BTreeMap<_, _> =
        TABLES.iter().map(|table| (table.name, rows(&format!("SELECT * FROM {}", table.name)))).collect();
    all.insert("sequences", rows("SELECT name, seq FROM sqlite_sequence"));
    all.insert("whose", rows("SELECT oldest FROM compatibility"));
    all
}

fn quietly(from: &Place, to: &Place) -> Result<Copied> {
    copy(from, to, Until::Complete, &mut |_| ())
}

#[track_caller]
fn refused(result: Result<Copied>, what: &str) {
    match result {
        Err(error) => assert!(error.to_string().contains(what), "{error}"),
        Ok(copied) => panic!("{copied:?}"),
    }
}

/// What a login meets there.
fn login(place: &Place) -> std::result::Result<(), String> {
    let mut store = open(place.clone(), PATIENCE).map_err(|error| error.to_string())?;
    store.load(&Lookup::account(&alice())).map(|_| ()).map_err(|error| error.to_string())
}

fn account(store: &mut dyn Store, number: u8) {
    let named = name(&format!("new{number}@example.org"));
    store.add_account(&NewAccount { uid: AccountUid([number; 16]), name: &named, password: None }, NOON).unwrap();
}

#[test]
fn every_table_and_every_field_is_copied() {
    let lab = Lab::new();
    lab.filled("a.db", 1);
    let connection = Connection::open(lab.path("a.db")).unwrap();
    let column = |row: &rusqlite::Row<'_>| Ok(format!("{}.{}", row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let of_sqlite = "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT IN ('compatibility', 'sqlite_sequence') ORDER BY 1, 2";
    let found: Vec<String> =
        connection.prepare(of_sqlite).unwrap().query_map([], column).unwrap().map(|row| row.unwrap()).collect();
    let mut copied: Vec<_> = TABLES
        .iter()
        .flat_map(|table| table.columns.iter().map(|column| format!("{}.{}", table.name, column.name)))
        .collect();
    copied.sort();
    assert_eq!(found, copied);
    // On a server there are the same, and those that the database numbers itself are known.
    let of_postgres = copied.iter().map(|field| format!("'{field}'")).collect::<Vec<_>>().join(", ");
    let sequences = mark::NUMBERED.map(|table| format!("'{table}_id_seq'")).join(", ");
    server::statement(
        &server::database(),
        &format!(
            "DO $$ BEGIN
                 CREATE TEMP TABLE field AS SELECT table_name, column_name FROM information_schema.columns
                     JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = 'public'
                         AND table_type = 'BASE TABLE' AND table_name NOT IN ('mailkey', 'heartbeat');
                 ASSERT (SELECT count(*) FROM field) = {0}, 'fields';
                 ASSERT (SELECT count(*) FROM field WHERE table_name || '.' || column_name IN ({of_postgres})) = {0}, 'names';
                 ASSERT (SELECT array_agg(relname::text ORDER BY relname::text) FROM pg_class WHERE relkind = 'S')
                     = (SELECT array_agg(s ORDER BY s) FROM unnest(ARRAY[{sequences}]) s), 'sequences';
             END $$",
            copied.len()
        ),
    );
}

#[test]
fn a_store_is_copied_to_a_server_and_back_row_for_row() {
    let lab = Lab::new();
    let (file, server, back) =
        (lab.filled("a.db", 5000), server::place(&server::empty_database()), lab.file("back.db"));
    // Numbers that were given out and are gone.
    lab.sql("a.db", "DELETE FROM account WHERE id > 4990; DELETE FROM notice WHERE id > 2400");
    let copied = quietly(&file, &server).unwrap();
    assert_eq!((copied.found, copied.complete, copied.passes), (Found::Empty, true, 2));
    assert!(copied.tables.iter().all(|table| table.rows > 0 && table.added == table.rows), "{copied:?}");
    assert_eq!(login(&server), Ok(()));
    let copied = quietly(&server, &back).unwrap();
    assert!(copied.complete);
    assert_eq!(content(&file), content(&back));
    assert_eq!(login(&back), Ok(()));
    // From file to file, too, and once more is nothing to do.
    let other = lab.file("other.db");
    quietly(&file, &other).unwrap();
    assert_eq!(content(&file), content(&other));
    let again = quietly(&file, &server).unwrap();
    assert_eq!((again.found, again.complete, again.rows()), (Found::Same, true, copied.rows()));
}

#[test]
fn a_number_that_was_given_out_is_not_given_again_in_the_copy() {
    let lab = Lab::new();
    let (file, database) = (lab.filled("a.db", 30), server::empty_database());
    lab.sql("a.db", "DELETE FROM account WHERE id > 10; DELETE FROM notice");
    let server = server::place(&database);
    quietly(&file, &server).unwrap();
    account(&mut *open(server.clone(), PATIENCE).unwrap(), 1);
    server::statement(
        &database,
        "DO $$ BEGIN ASSERT (SELECT max(id) FROM account) = 31; ASSERT (SELECT last_value FROM notice_id_seq) = 15; END $$",
    );
    server::statement(&database, "DELETE FROM account WHERE id = 31");
    let back = lab.file("back.db");
    quietly(&server, &back).unwrap();
    account(&mut *open(back.clone(), PATIENCE).unwrap(), 2);
    let highest: i64 = Connection::open(lab.path("back.db"))
        .unwrap()
        .query_row("SELECT max(id) FROM account", [], |row| row.get(0))
        .unwrap();
    assert_eq!(highest, 32);
}

/// Copies until so many rows were read, and ends as a process ends that is killed.
fn stopped_after(from: &Place, to: &Place, rows: u32) {
    let mut read = 0;
    let stopped = catch_unwind(AssertUnwindSafe(|| {
        copy(from, to, Until::Complete, &mut |told| {
            read += u32::from(told == Told::Row);
            assert!(read < rows, "stopped");
        })
    }));
    assert!(stopped.is_err());
}

#[test]
fn a_copy_that_was_stopped_is_gone_on_with_and_opens_for_nobody_before_it_is_complete() {
    let lab = Lab::new();
    let file = lab.filled("a.db", 9000);
    for to in [server::place(&server::empty_database()), lab.file("b.db")] {
        stopped_after(&file, &to, 60_000);
        let why = login(&to).unwrap_err();
        assert!(why.contains("is a copy that is not complete"), "{why}");
        let prepared = super::super::create_or_migrate(&to, PATIENCE).unwrap_err().to_string();
        assert!(prepared.contains("is a copy that is not complete"), "{prepared}");
        refused(quietly(&to, &lab.file("c.db")), "is a copy that is not complete");
        stopped_after(&file, &to, 75_000);
        let copied = quietly(&file, &to).unwrap();
        assert_eq!((copied.found, copied.complete), (Found::Unfinished, true));
        let added: u64 = copied.tables.iter().map(|table| table.added).sum();
        assert!(added > 0 && added < copied.rows() - 40_000, "{copied:?}");
        let back = lab.file(if matches!(to, Place::File(_)) { "back1.db" } else { "back2.db" });
        quietly(&to, &back).unwrap();
        assert_eq!(content(&file), content(&back));
    }
}

#[test]
fn what_changes_in_the_source_meanwhile_comes_along() {
    let lab = Lab::new();
    let (file, server, back) =
        (lab.filled("a.db", 3000), server::place(&server::empty_database()), lab.file("back.db"));
    let ahead = copy(&file, &server, Until::Ahead, &mut |_| ()).unwrap();
    assert!(!ahead.complete && login(&server).is_err());
    // Names that go round, one that another account has now, and whatever else can happen.
    lab.sql(
        "a.db",
        "PRAGMA foreign_keys = ON;
         UPDATE account SET name = 'x' WHERE id = 7;
         CREATE TEMP TABLE s AS SELECT name FROM account WHERE id = 8;
         UPDATE account SET name = 'y' WHERE id = 8; UPDATE account SET name = (SELECT name FROM s) WHERE id = 7;
         DELETE FROM account WHERE id BETWEEN 100 AND 2400; UPDATE account SET version = version + 1, password = NULL WHERE id > 2900;
         INSERT INTO account (uid, name, created_at) VALUES (randomblob(16), 'x', 1);
         CREATE TEMP TABLE t AS SELECT name FROM account WHERE id = 50; UPDATE account SET name = 'z' WHERE id = 50;
         UPDATE account SET name = (SELECT name FROM t) WHERE id = 20;
         DELETE FROM throttle WHERE kind = 1; DELETE FROM session_seen WHERE digest < x'80'; DELETE FROM authenticator WHERE number = 2;
         INSERT INTO authenticator SELECT id, 3, '', 2, randomblob(70), 'SHA512', 8, 60, 5, NULL, 0 FROM account WHERE id % 9 = 0;
         DELETE FROM revocation WHERE name = (SELECT name FROM account WHERE id = 13); INSERT INTO revocation (name) SELECT name FROM account WHERE id = 13;
         INSERT INTO activity SELECT NULL, id, 'e', '', '', '', '', '', '', 1, 1, 1, NULL FROM account WHERE id < 50;",
    );
    // And some more while it is being copied.
    let mut store = open(file.clone(), PATIENCE).unwrap();
    let (mut rows, mut added) = (0, 0);
    let copied = copy(&file, &server, Until::Complete, &mut |told| {
        rows += u32::from(told == Told::Row);
        if added < 3 && rows >= u32::from(added) * 3000 + 3000 {
            added += 1;
            account(&mut *store, added);
        }
    })
    .unwrap();
    assert!(copied.complete && copied.passes > 2, "{copied:?}");
    let of = |name: &str| copied.tables.iter().find(|table| table.name == name).unwrap();
    assert!(of("account").removed >= 2301 && of("account").changed >= 50 && of("account").added >= 4, "{copied:?}");
    quietly(&server, &back).unwrap();
    assert_eq!(content(&file), content(&back));
}

#[test]
fn a_source_that_changes_all_the_time_makes_no_complete_copy() {
    let lab = Lab::new();
    let (file, to) = (lab.filled("a.db", 50), server::place(&server::empty_database()));
    let mut number = 0;
    let mut store = open(file.clone(), PATIENCE).unwrap();
    let mut busy = |told| {
        if let Told::Pass(..) = told {
            number += 1;
            account(&mut *store, number);
        }
    };
    // What changes before the first row is read is in the pass. Only what comes then is not.
    let mut late = |told| {
        if told == Told::Row {
            busy(Told::Pass(0, 0));
        }
    };
    let mut seen = 0;
    let changing = copy(&file, &to, Until::Complete, &mut |told| {
        seen = if told == Told::Row { seen + 1 } else { 0 };
        if seen == 1 {
            late(told);
        }
    });
    refused(changing, "is in use");
    assert!(login(&to).is_err());
    assert!(quietly(&file, &to).unwrap().complete);
}

#[test]
fn a_place_that_is_in_use_or_another_stores_copy_is_left_alone() {
    let lab = Lab::new();
    let file = lab.filled("a.db", 20);
    let used = lab.filled("used.db", 3);
    let before = content(&used);
    refused(quietly(&file, &used), "is a store already");
    assert_eq!(before, content(&used));
    let database = server::database();
    let server = server::place(&database);
    add_alice(&mut *open(server.clone(), PATIENCE).unwrap());
    refused(quietly(&file, &server), "is a store already");
    assert_eq!(loaded(&mut *open(server, PATIENCE).unwrap()).name, alice());
    // A copy that was begun belongs to its source.
    let begun = lab.file("begun.db");
    copy(&file, &begun, Until::Ahead, &mut |_| ()).unwrap();
    refused(quietly(&used, &begun), "is an unfinished copy of");
    assert!(quietly(&file, &begun).unwrap().complete);
    // No mailkey database at all, and the same place by another name.
    std::fs::write(lab.path("text"), vec![7; 4096]).unwrap();
    std::fs::set_permissions(lab.path("text"), std::fs::Permissions::from_mode(0o660)).unwrap();
    refused(quietly(&file, &lab.file("text")), "is no SQLite database");
    refused(quietly(&file, &Place::File(lab.path(".").join("a.db"))), "where it is");
}

#[test]
fn a_database_that_init_made_is_empty_unless_it_has_another_key() {
    let lab = Lab::new();
    let file = lab.filled("a.db", 20);
    let key = |name: &str| {
        let connection = Connection::open(lab.path("a.db")).unwrap();
        let digest: Vec<u8> =
            connection.query_row("SELECT digest FROM key_check WHERE number = 1", [], |row| row.get(0)).unwrap();
        let place = lab.file(name);
        super::super::create_or_migrate(&place, PATIENCE).unwrap();
        let digest = digest.try_into().unwrap();
        open(place.clone(), PATIENCE).unwrap().add_key_check(KeyCheck { number: 1, digest }).unwrap();
        place
    };
    assert!(quietly(&file, &key("same.db")).unwrap().complete);
    let other = key("other.db");
    lab.sql("other.db", "UPDATE key_check SET digest = x'000102030405060708090a0b0c0d0e0f'");
    refused(quietly(&file, &other), "another key");
    assert_eq!(login(&other), Ok(()));
}

#[test]
fn of_two_who_copy_to_one_place_the_first_ends() {
    let lab = Lab::new();
    let (file, to) = (lab.filled("a.db", 2000), server::place(&server::empty_database()));
    let mut others = None;
    let first = copy(&file, &to, Until::Complete, &mut |told| {
        if told == Told::Row && others.is_none() {
            others = Some(copy(&file, &to, Until::Ahead, &mut |_| ()).map(|copied| copied.complete));
        }
    });
    assert!(matches!(others, Some(Ok(false))), "{others:?}");
    refused(first, "another `mailkey store copy`");
    assert!(quietly(&file, &to).unwrap().complete);
}

#[test]
fn what_cannot_be_copied_is_said_and_nothing_is_begun() {
    let lab = Lab::new();
    let (file, to) = (lab.filled("a.db", 20), lab.file("b.db"));
    refused(quietly(&lab.file("nothing.db"), &to), "is missing");
    let nowhere =
        Place::Server { url: "postgresql://mailkey@127.0.0.1:1/m?sslmode=disable".into(), password_file: None };
    refused(quietly(&file, &nowhere), "cannot be reached");
    refused(quietly(&nowhere, &to), "cannot be reached");
    // A user who may not make tables, and one who may not read them.
    let database = server::empty_database();
    server::statement(&database, "CREATE ROLE stranger LOGIN");
    let stranger = |settings: &_| match server::place(settings) {
        Place::Server { url, .. } => {
            Place::Server { url: url.replace("user=mailkey", "user=stranger"), password_file: None }
        }
        file => file,
    };
    refused(quietly(&file, &stranger(&database)), "may not be used by this user");
    refused(quietly(&stranger(&server::database()), &to), "may not be used by this user");
    let older = lab.filled("older.db", 2);
    lab.sql("older.db", "PRAGMA user_version = 6");
    refused(quietly(&older, &to), "has schema 6");
    lab.sql("older.db", "PRAGMA user_version = 99");
    refused(quietly(&older, &to), "99");
    assert!(!lab.path("b.db").exists());
    // A value that no other engine would take.
    lab.sql("a.db", "PRAGMA ignore_check_constraints = ON; UPDATE account SET enabled = 7 WHERE id = 3");
    let place = server::place(&server::empty_database());
    refused(quietly(&file, &place), "mailkey expects");
    assert!(login(&place).is_err());
    lab.sql("a.db", "UPDATE account SET enabled = 1 WHERE id = 3");
    assert!(quietly(&file, &place).unwrap().complete);
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let lab = Lab::new();
    let (file, to) = (lab.filled("a.db", 20), lab.file("b.db"));
    let copied = copy(&file, &to, Until::DryRun, &mut |_| ()).unwrap();
    assert_eq!((copied.found, copied.complete, copied.passes), (Found::Empty, false, 0));
    assert_eq!(copied.tables.iter().find(|table| table.name == "account").unwrap().rows, 20);
    assert!(!lab.path("b.db").exists());
}

/// `cargo test --profile checks --lib -- --ignored --nocapture copy_of_many`
#[test]
#[ignore = "not a test: a measurement"]
#[allow(clippy::print_stdout, clippy::disallowed_methods)]
fn copy_of_many_accounts() {
    let lab = Lab::new();
    let many = std::env::var("ACCOUNTS").ok().and_then(|many| many.parse().ok()).unwrap_or(100_000);
    let file = lab.filled("a.db", many);
    let (server, back) = (server::place(&server::empty_database()), lab.file("back.db"));
    for (from, to) in [(&file, &server), (&server, &back)] {
        let since = std::time::Instant::now();
        let copied = quietly(from, to).unwrap();
        let took = since.elapsed().as_secs_f64();
        println!("{} rows of {many} accounts in {took:.1} s: {:.0} accounts/s", copied.rows(), f64::from(many) / took);
        let since = std::time::Instant::now();
        quietly(from, to).unwrap();
        println!("compared once in {:.1} s", since.elapsed().as_secs_f64());
    }
}
