//! A database of every released schema is brought up to date, with everything that it held.

use super::*;
use crate::account::Protocol;

/// A database as the first `schema` migrations made it, holding what `content` says.
fn older(path: &Path, schema: u32, content: &str) {
    let database = Connection::open(path).unwrap();
    set_mode(path, 0o660);
    database.pragma_update(None, "journal_mode", "wal").unwrap();
    for migration in &migrate::MIGRATIONS[..schema as usize] {
        database.execute_batch(migration).unwrap();
    }
    database.pragma_update(None, "application_id", migrate::APPLICATION_ID).unwrap();
    database.pragma_update(None, "user_version", schema).unwrap();
    database.execute_batch(content).unwrap();
}

#[test]
fn schema_1_is_refused_until_init_and_then_has_all_that_it_had() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mailkey.db");
    older(&path, 1, include_str!("schema_1.sql"));
    assert!(refusal(&path).contains("has schema 1, older than"), "{}", refusal(&path));
    assert_eq!(SqliteStore::create_or_migrate(&path).unwrap(), Prepared::MigratedFrom(1));
    assert_eq!(SqliteStore::create_or_migrate(&path).unwrap(), Prepared::UpToDate);

    let mut store = open(&path);
    let account = loaded(&mut store);
    assert_eq!((account.uid, account.version, account.password.as_deref()), (ALICE, 4, Some("password hash")));
    assert_eq!((account.authenticators[0].id, account.authenticators[0].last_step), (2, 60_000_007));
    assert!(account.two_factor());
    let app_password = load_app_password(&mut store, b"k7m2").unwrap();
    assert_eq!((app_password.hash.as_str(), app_password.networks.len()), ("app hash", 1));
    assert!(app_password.protocols.contains(Protocol::Smtp) && app_password.last_use.is_some());
    assert_eq!(load_recovery_code(&mut store, b"ab").unwrap().used_at, None);
    assert_eq!(load_recovery_code(&mut store, b"cd").unwrap().used_at, Some(1_800_000_300));
    assert_eq!(counters(&mut store, &keys(0, "192.0.2.7")).code.failures, 3);
    assert_eq!(store.key_checks().unwrap().len(), 1);
    let entries = store.activity(None, 10).unwrap();
    assert_eq!((entries.len(), entries[0].count, entries[0].activity.codes_left), (1, 2, None));
    let bob = store.summary(&name("bob@example.org"), NOON).unwrap().unwrap();
    assert!(!bob.enabled && !bob.has_password);
}

/// What the next version's `mailkey init` may do: add a table, a column with a default, an index.
const COMPATIBLE: &str = "
    CREATE TABLE alias (address TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE);
    INSERT INTO alias SELECT 'a.' || name, id FROM account;
    ALTER TABLE account ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
    ALTER TABLE session ADD COLUMN device TEXT;
    ALTER TABLE activity ADD COLUMN detail TEXT NOT NULL DEFAULT '';
    CREATE INDEX account_by_language ON account (language);";

/// A newer mailkey upgrades the file, as one transaction; `oldest` is what it says about older code, if anything.
fn upgrade(database: &Connection, oldest: Option<u32>) {
    let says = oldest.map_or(String::new(), |oldest| {
        format!("CREATE TABLE compatibility (oldest INTEGER NOT NULL); INSERT INTO compatibility VALUES ({oldest});")
    });
    let next = SCHEMA_VERSION + 1;
    database
        .execute_batch(&format!("BEGIN IMMEDIATE; {COMPATIBLE} {says} PRAGMA user_version = {next}; COMMIT"))
        .unwrap();
}

/// Everything that a login and the administration do.
fn goes_on(store: &mut SqliteStore) {
    let keys = keys(3, "192.0.2.9");
    let (code, step) = (loaded(store).version, loaded(store).authenticators[0].last_step + 1);
    assert_eq!(claim(store, totp_step(step), &keys, NOON), Claimed::Yes);
    assert_eq!(claim(store, totp_step(step), &keys, NOON), Claimed::Used);
    charge(store, &keys, Fault::Password, (step % 256) as u8, NOON);
    assert!(load_app_password(store, b"k7m2").is_some());
    let activity = accepted("imap", "192.0.2.9");
    let used = Some(Used::AppPassword(AppPasswordId(*b"k7m2")));
    store.note(&Note { account: Some(ALICE), activity: &activity, keep: 10, used, forgive: None, now: NOON }).unwrap();
    assert_eq!(store.activity(Some(ALICE), 10).unwrap().len(), 1);
    store.set_enabled(ALICE, false).unwrap();
    store.set_enabled(ALICE, true).unwrap();
    assert!(loaded(store).version > code);
    let carol = name("carol@example.org");
    let uid = AccountUid([0xca; 16]);
    store.add_account(&NewAccount { uid, name: &carol, password: None }, NOON).unwrap();
    store.remove_account(uid).unwrap();
    assert_eq!(store.accounts(None, 10, NOON).unwrap().len(), 1);
}

#[test]
fn a_newer_schema_that_allows_it_is_used_by_an_open_handle_and_by_a_new_one() {
    for oldest in [1, SCHEMA_VERSION] {
        let fixture = Fixture::new();
        let mut store = fixture.open();
        goes_on(&mut store);
        upgrade(&fixture.raw(), Some(oldest));
        goes_on(&mut store);
        goes_on(&mut fixture.open());
        // What the newer version added is still there.
        let kept: i64 = fixture.raw().query_row("SELECT count(*) FROM alias", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 1);
    }
}

#[test]
fn a_newer_schema_that_does_not_allow_it_is_refused_by_an_open_handle_and_by_a_new_one() {
    for oldest in [None, Some(SCHEMA_VERSION + 1)] {
        let fixture = Fixture::new();
        let mut store = fixture.open();
        loaded(&mut store);
        upgrade(&fixture.raw(), oldest);
        let (name, newer) = (alice(), "newer than this mailkey's");
        assert!(unavailability(store.load(&Lookup::account(&name))).contains(newer), "{oldest:?}");
        assert!(unavailability(store.set_enabled(ALICE, false)).contains(newer), "{oldest:?}");
        assert!(fixture.refusal().contains(newer), "{oldest:?}");
        assert!(unavailability(SqliteStore::create_or_migrate(&fixture.path)).contains(newer), "{oldest:?}");
    }
}

#[test]
fn a_table_of_compatibility_without_a_row_or_with_another_value_allows_nothing() {
    let fixture = Fixture::new();
    upgrade(&fixture.raw(), Some(1));
    fixture.raw().execute_batch("DELETE FROM compatibility").unwrap();
    assert!(fixture.refusal().contains("newer than this mailkey's"), "{}", fixture.refusal());
    // Of two rows, which no mailkey writes, the more cautious counts.
    fixture.raw().execute_batch(&format!("INSERT INTO compatibility VALUES (1), ({})", SCHEMA_VERSION + 1)).unwrap();
    assert!(fixture.refusal().contains("newer than this mailkey's"), "{}", fixture.refusal());
    fixture.raw().execute_batch("DELETE FROM compatibility; INSERT INTO compatibility VALUES ('all')").unwrap();
    assert!(fixture.refusal().contains("restore the database"), "{}", fixture.refusal());
    fixture.raw().execute_batch("UPDATE compatibility SET oldest = 1").unwrap();
    fixture.open();
}

#[test]
fn init_of_an_older_version_leaves_a_compatible_newer_database_as_it_is() {
    let fixture = Fixture::new();
    upgrade(&fixture.raw(), Some(SCHEMA_VERSION));
    assert_eq!(SqliteStore::create_or_migrate(&fixture.path).unwrap(), Prepared::UpToDate);
    let version: u32 = fixture.raw().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, SCHEMA_VERSION + 1);
    goes_on(&mut fixture.open());
}

#[test]
fn what_goes_on_while_the_file_is_upgraded_never_fails() {
    let fixture = Fixture::new();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|number| {
                let (mut store, path, done) = (fixture.open(), &fixture.path, &done);
                scope.spawn(move || {
                    let mut after = 0;
                    while after < 20 {
                        let wrong = keys(number, "192.0.2.9");
                        charge(&mut store, &wrong, Fault::Password, number, NOON);
                        assert!(loaded(&mut store).two_factor());
                        assert!(loaded(&mut open(path)).two_factor());
                        after += u32::from(done.load(std::sync::atomic::Ordering::Acquire));
                    }
                })
            })
            .collect();
        let newer = fixture.raw();
        newer.busy_timeout(Duration::from_secs(10)).unwrap();
        upgrade(&newer, Some(SCHEMA_VERSION));
        done.store(true, std::sync::atomic::Ordering::Release);
        workers.into_iter().for_each(|worker| worker.join().unwrap());
    });
}
