//! A database of every released schema is brought up to date, with everything that it held.

use super::*;
use crate::account::Protocol;
use crate::notice::NoticeSettings;
use crate::session::SessionLimits;

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

/// Makes a database of an older schema, which is refused until `mailkey init` has brought it up to date; returns it.
fn migrated(directory: &TempDir, schema: u32, content: &str) -> SqliteStore {
    let path = directory.path().join("mailkey.db");
    older(&path, schema, content);
    assert!(refusal(&path).contains(&format!("has schema {schema}, older than")), "{}", refusal(&path));
    assert_eq!(SqliteStore::create_or_migrate(&path).unwrap(), Prepared::MigratedFrom(schema));
    assert_eq!(SqliteStore::create_or_migrate(&path).unwrap(), Prepared::UpToDate);
    open(&path)
}

/// What was made in schema 1 is there.
fn has_what_schema_1_had(store: &mut SqliteStore) {
    let account = loaded(store);
    assert_eq!((account.uid, account.version, account.password.as_deref()), (ALICE, 4, Some("password hash")));
    assert_eq!((account.authenticators[0].id, account.authenticators[0].last_step), (2, 60_000_007));
    assert!(account.two_factor());
    let app_password = load_app_password(store, b"k7m2").unwrap();
    assert_eq!((app_password.hash.as_str(), app_password.networks.len()), ("app hash", 1));
    assert!(app_password.protocols.contains(Protocol::Smtp) && app_password.last_use.is_some());
    assert_eq!(load_recovery_code(store, b"ab").unwrap().used_at, None);
    assert_eq!(load_recovery_code(store, b"cd").unwrap().used_at, Some(1_800_000_300));
    assert_eq!(counters(store, &keys(0, "192.0.2.7")).code.failures, 3);
    assert_eq!(store.key_checks().unwrap().len(), 1);
    let entries = store.activity(None, 10).unwrap();
    assert_eq!((entries.len(), entries[0].count), (1, 2));
    let bob = store.summary(&name("bob@example.org"), NOON).unwrap().unwrap();
    assert!(!bob.enabled && !bob.has_password);
    assert!(open_panel_session(store, 9));
}

/// Opens a panel session of Alice's.
fn open_panel_session(store: &mut SqliteStore, number: u8) -> bool {
    let limits = SessionLimits { idle: 900, absolute: 43_200 };
    let digest = SessionDigest([number; 32]);
    let (opened_at, proved_at) = (None, None);
    let new = NewPanelSession { digest, method: "totp", agent: "", from: "", limits, opened_at, proved_at };
    let version = loaded(store).version;
    store.open_panel_session(ALICE, version, &new, NOON).unwrap()
}

#[test]
fn schema_1_is_refused_until_init_and_then_has_all_that_it_had() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = migrated(&directory, 1, include_str!("schema_1.sql"));
    has_what_schema_1_had(&mut store);
    assert_eq!(store.activity(None, 10).unwrap()[0].activity.codes_left, None);
    assert!(store.sessions(&alice()).unwrap().is_empty());
}

#[test]
fn schema_2_is_refused_until_init_and_then_has_all_that_it_had() {
    let directory = tempfile::tempdir().unwrap();
    let content = concat!(include_str!("schema_1.sql"), include_str!("schema_2.sql"));
    let mut store = migrated(&directory, 2, content);
    has_what_schema_1_had(&mut store);
    assert_eq!(store.activity(None, 10).unwrap()[0].activity.codes_left, Some(9));
    let sessions = store.sessions(&alice()).unwrap();
    assert_eq!((sessions.len(), sessions[0].digest, sessions[0].confirmed), (1, SessionDigest([5; 32]), true));
    let mut found = |name: &AccountName, number| {
        store.load(&Lookup { session: Some(SessionDigest([number; 32])), ..Lookup::account(name) }).unwrap().session
    };
    assert!(matches!(found(&name("carol@example.org"), 6), SessionFound::Here(session) if session.ended));
    assert_eq!(found(&alice(), 7), SessionFound::Gone);
}

#[test]
fn schema_3_is_refused_until_init_and_then_has_all_that_it_had() {
    let directory = tempfile::tempdir().unwrap();
    let content = concat!(include_str!("schema_1.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql"));
    let mut store = migrated(&directory, 3, content);
    has_what_schema_1_had(&mut store);
    let found = store.panel_session(SessionDigest([4; 32])).unwrap().unwrap();
    assert_eq!((found.account, found.version, found.session.agent.as_str()), (ALICE, 4, "Firefox on Linux"));
    assert!(store.revocations(10).unwrap().is_empty());
    store.queue_revocations(true);
    store.set_enabled(ALICE, false).unwrap();
    assert_eq!(store.revocations(10).unwrap()[0].name, alice().as_str());
}

#[test]
fn schema_4_is_refused_until_init_and_then_has_all_that_it_had_and_requires_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let content = concat!(
        include_str!("schema_1.sql"),
        include_str!("schema_2.sql"),
        include_str!("schema_3.sql"),
        "INSERT INTO revocation (name) VALUES ('alice@example.org');"
    );
    let mut store = migrated(&directory, 4, content);
    has_what_schema_1_had(&mut store);
    assert_eq!(store.revocations(10).unwrap()[0].name, alice().as_str());
    let loaded = store.load(&Lookup::account(&alice())).unwrap();
    assert_eq!(loaded.requirements, Requirements::default());
    assert!(store.account_requirements(None, 10).unwrap().is_empty());
    store.set_account_requirement(ALICE, Some(Requirement::Now), None).unwrap();
    assert_eq!(store.account_requirements(None, 10).unwrap().len(), 1);
}

#[test]
fn schema_5_is_refused_until_init_and_then_has_all_that_it_had() {
    let directory = tempfile::tempdir().unwrap();
    let content = concat!(
        include_str!("schema_1.sql"),
        include_str!("schema_2.sql"),
        include_str!("schema_3.sql"),
        "INSERT INTO domain (name, require_2fa) VALUES ('example.org', 0);"
    );
    let mut store = migrated(&directory, 5, content);
    has_what_schema_1_had(&mut store);
    let required = store.load(&Lookup::account(&alice())).unwrap().requirements;
    assert_ne!(required, Requirements::default());
    // Nobody was asked whether notices are welcome: they are.
    assert_eq!(store.notice_settings(ALICE).unwrap(), NoticeSettings::default());
    assert!(store.notices_due(i64::MAX, 10).unwrap().is_empty());
}

#[test]
fn schema_6_is_refused_until_init_and_then_has_all_that_it_had_and_invites_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let content = concat!(
        include_str!("schema_1.sql"),
        include_str!("schema_2.sql"),
        include_str!("schema_3.sql"),
        "UPDATE account SET language = 'de' WHERE id = 1;"
    );
    let mut store = migrated(&directory, 6, content);
    has_what_schema_1_had(&mut store);
    assert_eq!(store.notice_settings(ALICE).unwrap().language.as_deref(), Some("de"));
    assert_eq!(store.invitation(ALICE).unwrap(), None);
    assert_eq!(store.summary(&alice(), NOON).unwrap().unwrap().invited_until, None);
}

#[test]
fn schema_7_is_refused_until_init_and_then_has_all_that_it_had_and_knows_no_node() {
    let directory = tempfile::tempdir().unwrap();
    let content = concat!(
        include_str!("schema_1.sql"),
        include_str!("schema_2.sql"),
        include_str!("schema_3.sql"),
        "INSERT INTO revocation (name) VALUES ('alice@example.org');"
    );
    let mut store = migrated(&directory, 7, content);
    has_what_schema_1_had(&mut store);
    assert!(store.nodes().unwrap().is_empty());
    let taken = store.take_revocation(None, NOON, NOON + 90).unwrap().unwrap();
    assert_eq!((taken.node.as_deref(), taken.name.as_str()), (None, "alice@example.org"));
}

#[test]
fn schemas_since_3_let_code_of_schema_2_go_on_and_panel_sessions_end_by_what_that_does() {
    let fixture = Fixture::new();
    let oldest: u32 = fixture.raw().query_row("SELECT max(oldest) FROM compatibility", [], |row| row.get(0)).unwrap();
    assert_eq!((SCHEMA_VERSION, oldest), (8, 2));
    let mut store = fixture.open();
    assert!(open_panel_session(&mut store, 1));
    // A worker of that code sets a new password: it ends webmail sessions and knows of no others.
    fixture
        .raw()
        .execute_batch(
            "BEGIN IMMEDIATE;
             UPDATE account SET password = 'new', version = version + 1 WHERE id = 1;
             UPDATE session SET ended = 1 WHERE account = 1 AND ended = 0;
             COMMIT",
        )
        .unwrap();
    let (old, new) = (SessionDigest([1; 32]), SessionDigest([2; 32]));
    assert_eq!(store.panel_session(old).unwrap(), None);
    assert!(store.panel_sessions(&alice()).unwrap().is_empty());
    assert!(!store.prove_panel_session(ALICE, old, new, NOON).unwrap());
    // A later change of ours does not bring it back, and the next opening removes it.
    store.revoke_app_passwords(ALICE, None, NOON).unwrap();
    assert_eq!(store.panel_session(old).unwrap(), None);
    assert!(open_panel_session(&mut store, 3));
    let kept: u32 = fixture.raw().query_row("SELECT count(*) FROM panel_session", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 1);
}

/// What the next version's `mailkey init` may do: add a table, a column with a default, an index.
const COMPATIBLE: &str = "
    CREATE TABLE alias (address TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE);
    INSERT INTO alias SELECT 'a.' || name, id FROM account;
    ALTER TABLE account ADD COLUMN shelf TEXT NOT NULL DEFAULT 'top';
    ALTER TABLE session ADD COLUMN device TEXT;
    ALTER TABLE activity ADD COLUMN detail TEXT NOT NULL DEFAULT '';
    CREATE INDEX account_by_shelf ON account (shelf);";

/// A newer mailkey upgrades the file, as one transaction; `oldest` is what it says about older code, if anything.
fn upgrade(database: &Connection, oldest: Option<u32>) {
    let says = match oldest {
        Some(oldest) => format!("UPDATE compatibility SET oldest = {oldest};"),
        None => "DROP TABLE compatibility;".into(),
    };
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
    store
        .note(&Note {
            account: Some(ALICE),
            activity: &activity,
            keep: Keep::newest(10),
            used,
            forgive: None,
            now: NOON,
        })
        .unwrap();
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
    let untyped =
        "DROP TABLE compatibility; CREATE TABLE compatibility (oldest); INSERT INTO compatibility VALUES ('all')";
    fixture.raw().execute_batch(untyped).unwrap();
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
