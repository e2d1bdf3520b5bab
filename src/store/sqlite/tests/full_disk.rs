//! A full disk, and one that cannot be written: a small tmpfs in a mount namespace of its own.

use std::io::Write;

use super::*;

/// Runs `action` of [`child`] on a database to be made in a tmpfs of 1 MiB; none when that cannot be mounted here.
fn on_small_disk(action: &str) -> Option<String> {
    if !is_root() {
        return None;
    }
    let mount = tempfile::tempdir().unwrap();
    let path = mount.path().join("mailkey.db");
    let wrap = [
        "unshare",
        "--mount",
        "sh",
        "-c",
        "mount -t tmpfs -o size=1m,mode=0700 mailkey-test \"$0\" || { echo 'result: no mount'; exit; }; exec \"$@\"",
        mount.path().to_str().unwrap(),
    ];
    let result = in_child(&this_program(), &wrap, action, &path);
    if result == "no mount" {
        println!("skipped: a tmpfs cannot be mounted here");
        return None;
    }
    Some(result)
}

/// Takes what is left of the disk.
fn fill(path: &Path) -> PathBuf {
    let filler = path.with_file_name("filler");
    let mut file = fs::OpenOptions::new().create(true).append(true).open(&filler).unwrap();
    while file.write_all(&[0; 4_096]).is_ok() {}
    filler
}

fn fresh_process(action: &str, path: &Path) -> String {
    in_child(&this_program(), &[], action, path)
}

#[test]
fn on_a_full_disk_a_new_process_still_reads_and_everything_works_again_afterwards() {
    if let Some(result) = on_small_disk("full disk") {
        assert_eq!(result, "as it should");
    }
}

pub(super) fn on_a_full_disk(path: &Path) -> String {
    populate(path);
    let mut store = open(path);
    let filler = fill(path);
    // Alone on the file, and beside another handle.
    assert_eq!(fresh_process("load", path), "loaded");
    drop(store);
    assert_eq!(fresh_process("load", path), "loaded");
    assert_eq!(fresh_process("load", path), "loaded");
    store = open(path);
    // What must be written says what is the matter, sooner or later; what must be read is read.
    let mut step = 101;
    let refused = loop {
        let version = loaded(&mut store).version;
        let throttle = &keys(1, "192.0.2.1");
        let claim = Claim {
            holder: Holder::Account { uid: ALICE, version },
            what: Some(totp_step(step)),
            session: None,
            throttle,
            now: NOON,
        };
        match store.claim(&claim) {
            Ok(claimed) => assert_eq!(claimed, Claimed::Yes),
            Err(error) => break error.to_string(),
        }
        step += 1;
        assert!(step < 10_000, "the disk is not full");
    };
    assert!(refused.contains("the disk is full; free some space"), "{refused}");
    let refused = unavailability(store.set_password(ALICE, "new hash", None));
    assert!(refused.contains("the disk is full"), "{refused}");
    let account = loaded(&mut store);
    assert_eq!((account.authenticators[0].last_step, account.password.as_deref()), (step - 1, Some("old hash")));
    assert!(load_app_password(&mut store, b"k7m2").is_some());
    assert_eq!(fresh_process("load", path), "loaded");
    fs::remove_file(filler).unwrap();
    assert_eq!(claim(&mut store, totp_step(step), &keys(1, "192.0.2.1"), NOON), Claimed::Yes);
    assert_eq!(fresh_process("set password", path), "done");
    assert_eq!(loaded(&mut store).password.as_deref(), Some("from the other process"));
    "as it should".into()
}

#[test]
fn on_a_full_disk_a_database_without_companions_is_unavailable_and_says_why() {
    if let Some(result) = on_small_disk("without companions") {
        assert!(result.contains("the disk is full"), "{result}");
    }
}

pub(super) fn without_companions(path: &Path) -> String {
    populate(path);
    let connection = Connection::open(path).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(connection);
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(companion(path, suffix));
    }
    let filler = fill(path);
    let refusal = fresh_process("load", path);
    fs::remove_file(filler).unwrap();
    assert_eq!(fresh_process("load", path), "loaded");
    refusal
}

#[test]
fn on_a_read_only_disk_opening_is_refused_until_it_can_be_written_again() {
    if let Some(result) = on_small_disk("read-only") {
        assert!(result.contains("cannot be written; make its file system writable"), "{result}");
    }
}

pub(super) fn read_only(path: &Path) -> String {
    populate(path);
    let remount = |how: &str| {
        let mounted = Command::new("mount").args(["-o", how]).arg(path.parent().unwrap()).status().unwrap();
        assert!(mounted.success());
    };
    remount("remount,ro");
    let refusal = fresh_process("load", path);
    remount("remount,rw");
    assert_eq!(fresh_process("load", path), "loaded");
    refusal
}
