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
