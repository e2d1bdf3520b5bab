//! Backups, and putting them back.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Stdio;

use crate::lab::{ALICE, Lab, PASSWORD, code, mode, set_mode};

const BOB: &str = "bob@example.org";

fn backup(lab: &Lab, name: &str) -> PathBuf {
    let file = lab.path(name);
    lab.run(["backup", file.to_str().unwrap()]).done();
    file
}

fn opens(lab: &Lab, account: &str, credential: &str, service: &str) -> bool {
    lab.run_with(["check", account, "--service", service], credential).code == 0
}

fn former(lab: &Lab) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(lab.path("data"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("before-restore"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_whole_its_owners_alone_and_without_the_key() {
    let lab = Lab::with_alice();
    let file = lab.path("backup.db");
    let run = lab.run(["backup", file.to_str().unwrap()]).done();
    assert!(run.out.starts_with(&format!("wrote 1 account to {}\n", file.display())), "{}", run.out);
    assert!(run.out.contains("the key is not in it") && run.out.contains("etc/key"));
    assert_eq!(mode(&file), 0o600);
    let again = lab.run(["backup", file.to_str().unwrap()]);
    again.failed(5, "is there already");
    lab.run(["backup", "/nonexistent/file"]).failed(1, "/nonexistent/file");
    let made = lab.json(["backup", lab.directory.path().to_str().unwrap()]);
    let name = made["file"].as_str().unwrap();
    assert!(name.contains("/mailkey-2") && name.ends_with("Z.db") && made["accounts"] == 1, "{made}");
    // Nothing stays beside them.
    let hidden = std::fs::read_dir(lab.directory.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!hidden.into_iter().any(|name| name.to_string_lossy().starts_with(".backup")));
}

#[test]
fn the_key_is_copied_apart() {
    let lab = Lab::new();
    let file = lab.path("stick");
    lab.run(["backup", "--key", file.to_str().unwrap()]).done();
    assert_eq!(mode(&file), 0o600);
    assert_eq!(std::fs::read(&file).unwrap(), std::fs::read(lab.path("etc/key")).unwrap());
    lab.run(["backup", "--key", file.to_str().unwrap()]).failed(5, "is there already");
}

#[test]
fn what_was_in_the_backup_is_there_again_and_the_former_database_is_kept() {
    let lab = Lab::with_alice();
    let (secret, codes) = lab.enrol();
    let file = backup(&lab, "backup.db");
    lab.add(BOB);
    lab.run(["user", "remove", ALICE, "--yes"]).done();
    lab.run(["restore", file.to_str().unwrap()]).failed(2, "there is no terminal");
    assert!(opens(&lab, BOB, PASSWORD, "mailkey-imap") && former(&lab).is_empty());
    let before = std::fs::metadata(lab.path("data/mailkey.db")).unwrap();
    let run = lab.run(["restore", file.to_str().unwrap(), "--yes"]).done();
    assert!(run.out.contains("restored 1 account\n") && run.out.contains("counts again"), "{}", run.out);
    lab.run(["user", "show", BOB]).failed(4, "there is no account");
    assert!(opens(&lab, ALICE, &format!("{PASSWORD}{}", code(&secret, 1)), "mailkey-webmail"));
    assert!(opens(&lab, ALICE, &format!("{PASSWORD}{}", codes[0]), "mailkey-webmail"));
    let after = std::fs::metadata(lab.path("data/mailkey.db")).unwrap();
    assert!(
        (after.mode(), after.uid(), after.gid()) == (before.mode(), before.uid(), before.gid())
            && after.ino() != before.ino()
    );
    // The former one is whole by itself, and can be put back.
    let name = former(&lab).into_iter().find(|name| name.ends_with('Z')).unwrap();
    let path = lab.path(&format!("data/{name}"));
    let restored = lab.json(["restore", path.to_str().unwrap(), "--yes"]);
    assert_eq!((&restored["migrated"], &restored["problems"]), (&false.into(), &serde_json::json!([])));
    assert!(opens(&lab, BOB, PASSWORD, "mailkey-imap"));
}

#[test]
fn a_session_that_was_ended_since_the_backup_is_not_alive_again() {
    let lab = Lab::with_alice();
    lab.open_session(ALICE, &format!("mks-{}", "0".repeat(52)), 5, "192.0.2.7", "imap");
    lab.open_panel_session(ALICE, 7, 5, "Firefox on Linux");
    assert_eq!(lab.json(["session", "list", ALICE]).as_array().unwrap().len(), 2);
    // Once as it is made here, and once as SQLite's own backup makes it.
    let (file, own) = (backup(&lab, "backup.db"), lab.path("own.db"));
    let copy = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))";
    let database = lab.path("data/mailkey.db");
    assert!(
        std::process::Command::new("python3").args(["-c", copy]).arg(database).arg(&own).status().unwrap().success()
    );
    for file in [file, own] {
        lab.run(["restore", file.to_str().unwrap(), "--yes"]).done();
        assert_eq!(lab.json(["session", "list", ALICE]), serde_json::json!([]));
        let stray = std::fs::read_dir(lab.path("data")).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(!stray.into_iter().any(|name| name.to_string_lossy().starts_with('.')), "nothing stays beside it");
        assert!(opens(&lab, ALICE, PASSWORD, "mailkey-imap"));
    }
}

#[test]
fn a_damaged_database_is_replaced_too() {
    let lab = Lab::with_alice();
    let file = backup(&lab, "backup.db");
    std::fs::write(lab.path("data/mailkey.db"), vec![7; 8192]).unwrap();
    lab.run(["user", "list"]).failed(1, "");
    lab.run(["restore", file.to_str().unwrap(), "--yes"]).done();
    assert!(opens(&lab, ALICE, PASSWORD, "mailkey-imap"));
    // And one that is not there.
    for name in ["mailkey.db", "mailkey.db-wal", "mailkey.db-shm"] {
        std::fs::remove_file(lab.path(&format!("data/{name}"))).unwrap();
    }
    let restored = lab.json(["restore", file.to_str().unwrap(), "--yes"]);
    assert!(restored["former"].is_null());
    assert!(opens(&lab, ALICE, PASSWORD, "mailkey-imap"));
}

#[test]
fn what_is_no_backup_or_has_another_key_is_refused_and_nothing_is_moved() {
    let lab = Lab::with_alice();
    let file = backup(&lab, "backup.db");
    let refused = |path: &str, what: &str| {
        lab.run(["restore", path, "--yes"]).failed(1, what);
        assert!(opens(&lab, ALICE, PASSWORD, "mailkey-imap") && former(&lab).is_empty());
    };
    refused("/nonexistent", "/nonexistent");
    std::fs::write(lab.path("text"), "not a database\n".repeat(100)).unwrap();
    refused(lab.path("text").to_str().unwrap(), "text");
    std::fs::write(lab.path("empty"), "").unwrap();
    refused(lab.path("empty").to_str().unwrap(), "is empty");
    // Half of it.
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(lab.path("half"), &bytes[..bytes.len() / 2]).unwrap();
    refused(lab.path("half").to_str().unwrap(), "half");
    // With changes that are not in the file itself.
    std::fs::copy(&file, lab.path("live")).unwrap();
    std::fs::write(lab.path("live-wal"), "something").unwrap();
    refused(lab.path("live").to_str().unwrap(), "was copied while it was");
    // Of an instance with another key.
    let other = Lab::with_alice();
    refused(backup(&other, "other.db").to_str().unwrap(), "does not go with it");
}

#[test]
fn a_backup_of_an_older_version_is_brought_up_to_date() {
    let lab = Lab::with_alice();
    let file = backup(&lab, "backup.db");
    // What the migration to schema 3 made is taken away again, and what later ones made with it.
    let sql = "DROP TABLE panel_session; DROP TABLE compatibility; DROP TABLE revocation; DROP TABLE domain;
        DROP INDEX account_by_requirement; ALTER TABLE account DROP COLUMN require_2fa;
        ALTER TABLE account DROP COLUMN enrol_again; DROP TABLE notice; DROP TABLE known_network;
        ALTER TABLE account DROP COLUMN notices; ALTER TABLE account DROP COLUMN notify_address;
        ALTER TABLE account DROP COLUMN language; DROP TABLE invitation; DROP TABLE node_revocation;
        DROP TABLE node; PRAGMA user_version = 2;";
    let status = std::process::Command::new("python3")
        .args(["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])"])
        .arg(&file)
        .arg(sql)
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let restored = lab.json(["restore", file.to_str().unwrap(), "--yes"]);
    assert_eq!(restored["migrated"], true);
    assert!(opens(&lab, ALICE, PASSWORD, "mailkey-imap"));
    set_mode(&file, 0o600);
}
