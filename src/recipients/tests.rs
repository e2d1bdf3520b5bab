//! The file as its readers see it, and how it comes into step.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::account::{AccountUid, DEFAULT_NAME_SYMBOLS, NameRules};
use crate::store::{MemoryStore, NewAccount, SqliteStore};

struct Fixture {
    directory: tempfile::TempDir,
    path: PathBuf,
}

impl Fixture {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("recipients.db");
        make_file(&path);
        let fixture = Self { directory, path };
        assert!(Recipients::create_or_open(&fixture.path, SHORT).unwrap().1);
        fixture
    }

    fn open(&self) -> Recipients {
        Recipients::open(&self.path, Duration::from_secs(10)).unwrap()
    }

    fn refusal(&self) -> String {
        Recipients::open(&self.path, SHORT).err().expect("it was opened").to_string()
    }

    /// A connection as Dovecot and Postfix have it, which may not write.
    fn reader(&self) -> Connection {
        Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
    }

    /// A connection of somebody who may do what he likes.
    fn raw(&self) -> Connection {
        Connection::open(&self.path).unwrap()
    }

    /// What a reader sees.
    fn rows(&self) -> Vec<(String, String, String, bool)> {
        let reader = self.reader();
        let mut select =
            reader.prepare("SELECT address, local_part, domain, enabled FROM recipient ORDER BY address").unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        select.query_map([], row).unwrap().map(rusqlite::Result::unwrap).collect()
    }
}

const SHORT: Duration = Duration::from_millis(50);

fn make_file(path: &Path) {
    fs::write(path, "").unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
}

fn name(text: &str) -> AccountName {
    let rules = NameRules { default_domain: None, bare_names: true, symbols: DEFAULT_NAME_SYMBOLS.into() };
    AccountName::parse(text.as_bytes(), &rules).unwrap()
}

fn add(store: &mut dyn Store, number: u32, text: &str) -> AccountUid {
    let mut uid = [0; 16];
    uid[..4].copy_from_slice(&number.to_be_bytes());
    store.add_account(&NewAccount { uid: AccountUid(uid), name: &name(text), password: None }, 0).unwrap();
    AccountUid(uid)
}

fn row(address: &str, local: &str, domain: &str, enabled: bool) -> (String, String, String, bool) {
    (address.into(), local.into(), domain.into(), enabled)
}

#[test]
fn an_account_is_followed_through_its_life() {
    let (fixture, mut store) = (Fixture::new(), MemoryStore::default());
    let alice = add(&mut store, 1, "alice@example.org");
    add(&mut store, 2, "bob");
    let mut recipients = fixture.open();
    recipients.follow(&name("alice@example.org"), &mut store).unwrap();
    recipients.follow(&name("bob"), &mut store).unwrap();
    recipients.follow(&name("nobody@example.org"), &mut store).unwrap();
    let bob = row("bob", "bob", "", true);
    assert_eq!(fixture.rows(), [row("alice@example.org", "alice", "example.org", true), bob.clone()]);
    store.set_enabled(alice, false).unwrap();
    recipients.follow(&name("alice@example.org"), &mut store).unwrap();
    assert_eq!(fixture.rows(), [row("alice@example.org", "alice", "example.org", false), bob.clone()]);
    store.remove_account(alice).unwrap();
    recipients.follow(&name("alice@example.org"), &mut store).unwrap();
    assert_eq!(fixture.rows(), [bob]);
}

#[test]
fn readers_look_up_by_address_and_domain_without_reading_everything() {
    let (fixture, mut store) = (Fixture::new(), MemoryStore::default());
    add(&mut store, 1, "alice@example.org");
    fixture.open().bring_into_step(&mut store).unwrap();
    let reader = fixture.reader();
    for (condition, found) in
        [("address = 'ALICE@Example.ORG'", 1), ("domain = 'Example.org'", 1), ("address = '@example.org'", 0)]
    {
        let count: u32 = reader
            .query_row(&format!("SELECT count(*) FROM recipient WHERE {condition}"), [], |row| row.get(0))
            .unwrap();
        assert_eq!(count, found, "{condition}");
        let explain = format!("EXPLAIN QUERY PLAN SELECT local_part FROM recipient WHERE {condition}");
        let plan: String = reader.query_row(&explain, [], |row| row.get(3)).unwrap();
        assert!(plan.starts_with("SEARCH account USING"), "{condition}: {plan}");
    }
    assert!(reader.execute("DELETE FROM recipient", []).is_err());
    assert!(fixture.raw().execute("DELETE FROM recipient", []).is_err(), "the view is for reading");
}

#[test]
fn bringing_into_step_mends_what_differs_in_every_batch() {
    let (fixture, mut store) = (Fixture::new(), MemoryStore::default());
    let mut recipients = fixture.open();
    assert_eq!(recipients.bring_into_step(&mut store).unwrap(), 0);
    let accounts = 2 * BATCH + 1;
    for number in 0..accounts {
        add(&mut store, number, &format!("u{number:06}@example.org"));
    }
    assert_eq!(recipients.bring_into_step(&mut store).unwrap(), accounts as usize);
    assert_eq!(recipients.bring_into_step(&mut store).unwrap(), 0);
    let right = fixture.rows();
    assert_eq!(right.len(), accounts as usize);
    // The first and the last of a batch, what lies between two, and what lies outside of all.
    let (first, last, next) = (0, BATCH - 1, BATCH);
    let spoil = format!(
        "DELETE FROM account WHERE address IN ('u{first:06}@example.org', 'u{last:06}@example.org', 'u{next:06}@example.org');
         UPDATE account SET enabled = 0 WHERE address = 'u007000@example.org';
         UPDATE account SET address = 'U008000@EXAMPLE.ORG' WHERE address = 'u008000@example.org';
         INSERT INTO account VALUES ('aaa@example.org', 'example.org', 1), ('u{last:06}x@example.org', 'example.org', 1),
             ('zzz@example.org', 'example.org', 0), ('zzz', '', 1);"
    );
    fixture.raw().execute_batch(&spoil).unwrap();
    // The one in capitals counts twice: as one that does not exist, and as one that is missing.
    assert_eq!(recipients.bring_into_step(&mut store).unwrap(), 3 + 1 + 2 + 4);
    assert_eq!(fixture.rows(), right);
    assert_eq!(recipients.bring_into_step(&mut store).unwrap(), 0);
    let mut nobody = MemoryStore::default();
    assert_eq!(recipients.bring_into_step(&mut nobody).unwrap(), accounts as usize);
    assert!(fixture.rows().is_empty());
}

#[test]
fn concurrent_changes_end_with_the_truth() {
    let fixture = Fixture::new();
    let data = tempfile::tempdir().unwrap();
    let database = data.path().join("mailkey.db");
    SqliteStore::create_or_migrate(&database).unwrap();
    let open = || SqliteStore::open(&database, Duration::from_secs(20)).unwrap();
    let uid = add(&mut open(), 1, "alice@example.org");
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let (open, fixture) = (&open, &fixture);
            scope.spawn(move || {
                let mut store = open();
                for round in 0..10 {
                    store.set_enabled(uid, (worker + round) % 2 == 0).unwrap();
                    let bob = add(&mut store, 100 + worker, &format!("bob{worker}@example.org"));
                    fixture.open().follow(&name("alice@example.org"), &mut store).unwrap();
                    fixture.open().bring_into_step(&mut store).unwrap();
                    store.remove_account(bob).unwrap();
                    fixture.open().follow(&name(&format!("bob{worker}@example.org")), &mut store).unwrap();
                }
            });
        }
    });
    let enabled = open().load(&Lookup::account(&name("alice@example.org"))).unwrap().account.unwrap().enabled;
    assert_eq!(fixture.rows(), [row("alice@example.org", "alice", "example.org", enabled)]);
}

#[test]
fn a_reader_is_waited_for_and_one_that_does_not_end_is_an_error() {
    let (fixture, mut store) = (Fixture::new(), MemoryStore::default());
    let alice = add(&mut store, 1, "alice@example.org");
    let alice_name = name("alice@example.org");
    fixture.open().follow(&alice_name, &mut store).unwrap();
    store.set_enabled(alice, false).unwrap();
    let reader = fixture.reader();
    reader.execute_batch("BEGIN; SELECT * FROM recipient").unwrap();
    let held: u32 = reader.query_row("SELECT count(*) FROM recipient", [], |row| row.get(0)).unwrap();
    assert_eq!(held, 1);
    let refused = Recipients::open(&fixture.path, SHORT).unwrap().follow(&alice_name, &mut store);
    assert!(refused.unwrap_err().to_string().contains("is locked by another process for too long"));
    let followed = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            fixture.open().follow(&alice_name, &mut store).unwrap();
            followed.store(true, Ordering::Release);
        });
        pause(Duration::from_millis(200));
        assert!(!followed.load(Ordering::Acquire));
        reader.execute_batch("COMMIT").unwrap();
    });
    assert_eq!(fixture.rows(), [row("alice@example.org", "alice", "example.org", false)]);
}

#[allow(clippy::disallowed_methods)] // a test may wait
fn pause(time: Duration) {
    std::thread::sleep(time);
}

#[test]
fn a_reader_that_turned_the_file_into_wal_is_undone() {
    let fixture = Fixture::new();
    let mode = |db: &Connection| -> String { db.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap() };
    fixture.raw().query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
    assert_eq!(mode(&fixture.raw()), "wal");
    drop(fixture.open());
    assert_eq!(mode(&fixture.raw()), "delete");
    // While such a reader has it open, that cannot be.
    let reader = fixture.raw();
    reader.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM recipient").unwrap();
    let refusal = fixture.refusal();
    assert!(refusal.contains("let readers open it read-only") || refusal.contains("is locked"), "{refusal}");
}

#[test]
fn what_a_killed_command_leaves_behind_is_rolled_back() {
    let (fixture, mut store) = (Fixture::new(), MemoryStore::default());
    for number in 0..2000 {
        add(&mut store, number, &format!("u{number:06}@example.org"));
    }
    fixture.open().bring_into_step(&mut store).unwrap();
    let writer = fixture.raw();
    // Too little memory for the change: a part of it is in the file already.
    writer.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE; UPDATE account SET enabled = 0").unwrap();
    // What is on the disk then, without the process that holds the locks.
    let torn =
        Fixture { path: fixture.directory.path().join("torn/recipients.db"), directory: tempfile::tempdir().unwrap() };
    fs::create_dir(torn.path.parent().unwrap()).unwrap();
    for suffix in ["", "-journal"] {
        let of = |path: &Path| format!("{}{suffix}", path.display());
        fs::copy(of(&fixture.path), of(&torn.path)).unwrap();
    }
    assert!(torn.reader().query_row("SELECT count(*) FROM recipient", [], |_| Ok(())).is_err(), "nothing was torn");
    assert_eq!(torn.open().bring_into_step(&mut store).unwrap(), 0);
    assert_eq!(torn.rows().len(), 2000);
    assert!(torn.rows().iter().all(|row| row.3));
}

#[test]
fn a_file_that_is_not_ours_is_refused_and_left_alone() {
    let fixture = Fixture::new();
    fs::remove_file(&fixture.path).unwrap();
    assert!(fixture.refusal().contains("is missing: run `mailkey init`"), "{}", fixture.refusal());
    make_file(&fixture.path);
    assert!(fixture.refusal().contains("is empty: run `mailkey init`"), "{}", fixture.refusal());
    fixture.raw().execute_batch("CREATE TABLE notes (text)").unwrap();
    let before = fs::read(&fixture.path).unwrap();
    let error = Recipients::create_or_open(&fixture.path, SHORT).err().unwrap().to_string();
    assert!(error.contains("is another program's"), "{error}");
    assert!(fixture.refusal().contains("is another program's"), "{}", fixture.refusal());
    assert_eq!(fs::read(&fixture.path).unwrap(), before);
    fs::write(&fixture.path, "somebody's notes ".repeat(1000)).unwrap();
    assert!(fixture.refusal().contains("remove it and run `mailkey init`"), "{}", fixture.refusal());
    let fixture = Fixture::new();
    fixture.raw().pragma_update(None, "user_version", VERSION + 1).unwrap();
    assert!(fixture.refusal().contains("is of version 2"), "{}", fixture.refusal());
}

#[test]
fn a_file_that_others_can_put_things_into_is_refused() {
    let fixture = Fixture::new();
    let chmod = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for mode in [0o646, 0o664] {
        chmod(&fixture.path, mode);
        let mend = format!("others than its owner may write it: run `chmod go-w {}`", fixture.path.display());
        assert!(fixture.refusal().contains(&mend), "{mode:o}: {}", fixture.refusal());
    }
    chmod(&fixture.path, 0o640);
    for mode in [0o1777, 0o2775] {
        chmod(fixture.directory.path(), mode);
        let refusal = fixture.refusal();
        assert!(refusal.contains("others than its owner may write its directory"), "{mode:o}: {refusal}");
    }
    chmod(fixture.directory.path(), 0o755);
    fixture.open();
    // What was put there while others could is not played back.
    let journal = fixture.directory.path().join("recipients.db-journal");
    symlink("/nowhere", &journal).unwrap();
    assert!(fixture.refusal().contains("recipients.db-journal there: remove that"), "{}", fixture.refusal());
    fs::remove_file(&journal).unwrap();
    fs::write(&journal, "").unwrap();
    if std::os::unix::fs::chown(&journal, Some(12_345), None).is_ok() {
        assert!(fixture.refusal().contains("recipients.db-journal there: remove that"), "{}", fixture.refusal());
    }
    fs::remove_file(&journal).unwrap();
    fixture.open();
    let link = fixture.directory.path().join("link.db");
    symlink(&fixture.path, &link).unwrap();
    let error = Recipients::open(&link, SHORT).err().unwrap().to_string();
    assert!(error.contains("is no regular file"), "{error}");
    // A link among its directories is none of our business: /var may be one.
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(fixture.directory.path(), elsewhere.path().join("way")).unwrap();
    Recipients::open(&elsewhere.path().join("way/recipients.db"), SHORT).unwrap();
}
