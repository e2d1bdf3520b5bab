//! Which files are opened, which are refused, and what the refusal says.

use std::os::unix::fs::{chown, symlink};

use super::*;

#[test]
fn a_created_database_opens_with_its_companions_and_modes() {
    let fixture = Fixture::new();
    for suffix in ["", "-wal", "-shm"] {
        assert_eq!(mode(&fixture.companion(suffix)), 0o660, "{suffix}");
    }
    let mut store = fixture.open();
    assert!(loaded(&mut store).two_factor());
    assert_eq!(store.identity(), identity_of(&fixture.path).unwrap());
}

#[test]
fn creating_again_changes_nothing() {
    let fixture = Fixture::new();
    let version = loaded(&mut fixture.open()).version;
    assert_eq!(SqliteStore::create_or_migrate(&fixture.path).unwrap(), Prepared::UpToDate);
    assert_eq!(loaded(&mut fixture.open()).version, version);
}

#[test]
fn creating_takes_an_empty_file_that_is_there() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mailkey.db");
    fs::write(&path, "").unwrap();
    set_mode(&path, 0o640);
    assert_eq!(SqliteStore::create_or_migrate(&path).unwrap(), Prepared::Created);
    assert_eq!((mode(&path), mode(&companion(&path, "-shm"))), (0o640, 0o640));
}

#[test]
fn creating_mends_the_modes_of_the_companions() {
    let fixture = Fixture::new();
    set_mode(&fixture.companion("-wal"), 0o600);
    set_mode(&fixture.companion("-shm"), 0o604);
    SqliteStore::create_or_migrate(&fixture.path).unwrap();
    assert_eq!((mode(&fixture.companion("-wal")), mode(&fixture.companion("-shm"))), (0o660, 0o660));
}

#[test]
fn creating_at_the_same_time_creates_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mailkey.db");
    let prepared = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| SqliteStore::create_or_migrate(&path).unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(prepared.iter().filter(|prepared| **prepared == Prepared::Created).count(), 1, "{prepared:?}");
    open(&path);
}

#[test]
fn opening_creates_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mailkey.db");
    assert!(refusal(&path).contains("is missing; run `mailkey init`"));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    assert!(refusal(&directory.path().join("no/mailkey.db")).contains("is missing"));
}

#[test]
fn an_empty_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mailkey.db");
    fs::write(&path, "").unwrap();
    set_mode(&path, 0o660);
    assert!(refusal(&path).contains("is empty; run `mailkey init`"), "{}", refusal(&path));
    assert_eq!(fs::metadata(&path).unwrap().len(), 0);
}

/// Marks the file as one of a later schema, which only code of that schema may use.
fn later(database: &Connection) {
    let later = SCHEMA_VERSION + 1;
    database
        .execute_batch(&format!("UPDATE compatibility SET oldest = {later}; PRAGMA user_version = {later}"))
        .unwrap();
}

#[test]
fn another_schema_is_refused_and_not_migrated() {
    let fixture = Fixture::new();
    fixture.raw().pragma_update(None, "user_version", 0).unwrap();
    let refusal = fixture.refusal();
    assert!(refusal.contains("has schema 0, older than") && refusal.contains("run `mailkey init`"), "{refusal}");
    later(&fixture.raw());
    assert!(fixture.refusal().contains("newer than this mailkey's"), "{}", fixture.refusal());
    let refusal = unavailability(SqliteStore::create_or_migrate(&fixture.path));
    assert!(refusal.contains("newer than this mailkey's"), "{refusal}");
}

#[test]
fn a_schema_that_changes_under_an_open_handle_is_noticed() {
    let fixture = Fixture::new();
    let mut store = fixture.open();
    loaded(&mut store);
    later(&fixture.raw());
    let name = alice();
    let lookup = Lookup::account(&name);
    assert!(unavailability(store.load(&lookup)).contains("newer"));
    assert!(unavailability(store.set_enabled(ALICE, false)).contains("newer"));
    fixture.raw().pragma_update(None, "user_version", SCHEMA_VERSION).unwrap();
    assert!(loaded(&mut store).enabled);
}

#[test]
fn another_programs_database_is_refused_and_not_changed() {
    let fixture = Fixture::new();
    fixture.raw().pragma_update(None, "application_id", 7).unwrap();
    assert!(fixture.refusal().contains("is no mailkey database"), "{}", fixture.refusal());
    assert!(unavailability(SqliteStore::create_or_migrate(&fixture.path)).contains("is no mailkey database"));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("other.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE other (field)").unwrap();
    set_mode(&path, 0o660);
    let before = fs::read(&path).unwrap();
    assert!(unavailability(SqliteStore::create_or_migrate(&path)).contains("is no mailkey database"));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn what_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mailkey.db");
    for length in [1, 10, 100, 5_000] {
        fs::write(&path, "x".repeat(length)).unwrap();
        set_mode(&path, 0o660);
        let refusal = refusal(&path);
        assert!(refusal.contains("database") && refusal.contains("restore it from a backup"), "{length}: {refusal}");
        unavailability(SqliteStore::create_or_migrate(&path));
        assert_eq!(fs::read(&path).unwrap(), "x".repeat(length).as_bytes());
    }
}

#[test]
fn a_file_open_to_every_user_is_refused() {
    let fixture = Fixture::new();
    for open in [0o661, 0o662, 0o664, 0o604] {
        set_mode(&fixture.path, open);
        assert!(fixture.refusal().contains("is open to every user"), "{}", fixture.refusal());
    }
    set_mode(&fixture.path, 0o660);
    fixture.open();
}

#[test]
fn a_directory_open_to_every_user_is_refused() {
    let fixture = Fixture::new();
    for open in [0o1777, 0o0702] {
        set_mode(fixture.directory.path(), open);
        assert!(fixture.refusal().contains("where every user may write"), "{}", fixture.refusal());
    }
    set_mode(fixture.directory.path(), 0o750);
    fixture.open();
}

#[test]
fn a_file_or_directory_of_another_user_is_refused() {
    if !is_root() {
        return;
    }
    let fixture = Fixture::new();
    chown(&fixture.path, Some(12_345), None).unwrap();
    assert!(fixture.refusal().contains("belongs to user 12345; give it to root"), "{}", fixture.refusal());
    chown(&fixture.path, Some(0), None).unwrap();
    chown(fixture.directory.path(), Some(12_345), None).unwrap();
    assert!(fixture.refusal().contains("which belongs to user 12345"), "{}", fixture.refusal());
    chown(fixture.directory.path(), Some(0), None).unwrap();
    fixture.open();
}

#[test]
fn a_link_to_the_file_is_refused_and_a_link_to_its_directory_is_not() {
    let fixture = Fixture::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let (to_file, to_directory) = (elsewhere.path().join("mailkey.db"), elsewhere.path().join("directory"));
    symlink(&fixture.path, &to_file).unwrap();
    symlink(fixture.directory.path(), &to_directory).unwrap();
    assert!(refusal(&to_file).contains("is a symbolic link"));
    unavailability(SqliteStore::create_or_migrate(&to_file));
    open(&to_directory.join("mailkey.db"));
}

#[test]
fn what_is_no_regular_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    assert!(refusal(directory.path()).contains("is no regular file"));
    assert!(refusal(Path::new("/dev/null")).contains("is no regular file"));
    assert!(refusal(Path::new("/")).contains("has no file name"));
}

#[test]
fn a_database_without_write_ahead_log_is_refused_until_init() {
    let fixture = Fixture::new();
    fixture.raw().query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).unwrap();
    assert!(fixture.refusal().contains("is not in WAL mode"), "{}", fixture.refusal());
    assert_eq!(SqliteStore::create_or_migrate(&fixture.path).unwrap(), Prepared::UpToDate);
    fixture.open();
}

#[test]
fn a_replaced_file_has_another_identity() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let aside = fixture.directory.path().join("aside.db");
    fs::copy(&fixture.path, &aside).unwrap();
    fs::rename(&aside, &fixture.path).unwrap();
    assert_ne!(store.identity(), identity_of(&fixture.path).unwrap());
    fs::remove_file(&fixture.path).unwrap();
    assert!(unavailability(identity_of(&fixture.path)).contains("is missing"));
}

#[test]
fn a_connection_is_set_up_as_documented() {
    use rusqlite::config::DbConfig::*;
    let store = Fixture::new().open();
    let pragma =
        |name: &str| -> i64 { store.engine.connection.pragma_query_value(None, name, |row| row.get(0)).unwrap() };
    assert_eq!((pragma("foreign_keys"), pragma("trusted_schema"), pragma("temp_store")), (1, 0, 2));
    assert_eq!((pragma("mmap_size"), pragma("cell_size_check"), pragma("synchronous")), (0, 1, 1));
    for (setting, on) in [
        (SQLITE_DBCONFIG_DEFENSIVE, true),
        (SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true),
        (SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        assert_eq!(store.engine.connection.db_config(setting).unwrap(), on, "{setting:?}");
    }
}
