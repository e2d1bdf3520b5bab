//! What is broken is said to be broken, and never shown as an account without 2FA.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use crate::lab::{ALICE, Lab, mode, run, set_mode};

/// Every verb that reads the store.
const VERBS: [&[&str]; 9] = [
    &["user", "list"],
    &["user", "show", ALICE],
    &["user", "disable", ALICE],
    &["user", "remove", ALICE, "--yes"],
    &["totp", "status", ALICE],
    &["totp", "disable", ALICE],
    &["app-password", "list", ALICE],
    &["check", ALICE, "--service", "imap"],
    &["log"],
];

#[track_caller]
fn all_fail(lab: &Lab, what: &str) {
    for verb in VERBS {
        lab.run_with(verb, "some password").failed(1, what);
    }
}

fn without_database(lab: &Lab) {
    for file in ["mailkey.db", "mailkey.db-wal", "mailkey.db-shm"] {
        let _ = fs::remove_file(lab.path("data").join(file));
    }
}

#[test]
fn without_configuration_every_verb_says_to_run_init() {
    let lab = Lab::empty();
    all_fail(&lab, "mailkey.toml is missing: run `mailkey init`");
}

#[test]
fn a_broken_configuration_is_named_with_its_line() {
    let lab = Lab::with_alice();
    fs::write(lab.config(), "database = \"/d\"\nkey = \"/k\"\nreqire_2fa = true\n").unwrap();
    all_fail(&lab, "reqire_2fa");
}

#[test]
fn a_missing_empty_or_foreign_database_fails_every_verb() {
    let lab = Lab::with_alice();
    lab.enrol();
    let database = lab.path("data/mailkey.db");
    without_database(&lab);
    all_fail(&lab, "is missing");
    fs::write(&database, "").unwrap();
    set_mode(&database, 0o660);
    all_fail(&lab, "is empty; run `mailkey init`");
    fs::write(&database, "not a database ".repeat(1000)).unwrap();
    all_fail(&lab, database.to_str().unwrap());
}

#[test]
fn a_missing_key_fails_every_verb_and_so_does_a_damaged_one() {
    let lab = Lab::with_alice();
    let key = lab.path("etc/key");
    fs::write(&key, "1 not a key\n").unwrap();
    all_fail(&lab, "line 1 is not a key");
    fs::remove_file(&key).unwrap();
    all_fail(&lab, "key is missing");
}

#[test]
fn another_key_fails_every_verb_and_makes_nothing_look_wrong() {
    let lab = Lab::with_alice();
    let secret = lab.json(["totp", "enroll", ALICE])["secret"].as_str().unwrap().to_string();
    let other = Lab::new();
    fs::copy(other.path("etc/key"), lab.path("etc/key")).unwrap();
    let other_key = "key 1 is not the one that the database was used with";
    all_fail(&lab, other_key);
    lab.run_with(["totp", "confirm", ALICE], crate::lab::code(&secret, 0)).failed(1, other_key);
    lab.run(["init"]).failed(1, other_key);
}

#[test]
fn a_user_who_may_not_is_told_who_may() {
    let lab = Lab::with_alice();
    let path = lab.directory.path();
    set_mode(path, 0o755);
    // The binary may be in a directory that only its builder can enter.
    let copy = lab.path("mailkey");
    fs::copy(env!("CARGO_BIN_EXE_mailkey"), &copy).unwrap();
    let mut command = std::process::Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&copy).arg("--config").arg(lab.config());
    command.args(["user", "list"]);
    if fs::metadata("/proc/self").is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) != 0) {
        eprintln!("not root: setpriv cannot change the user");
        return;
    }
    run(command, b"").failed(1, "run this as root or as a member of the group mailkey");
}

#[test]
fn a_full_or_closed_standard_output_is_an_error_and_no_panic() {
    let lab = Lab::with_alice();
    let mut command = lab.command(["user", "list"]);
    command.stdout(fs::File::options().write(true).open("/dev/full").unwrap()).stderr(Stdio::piped());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("mailkey: standard output cannot be written"));

    // `mailkey … | head -c 1`, for more than a pipe holds.
    let mut command = lab.command(["completions", "bash"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(matches!(output.status.code(), Some(0 | 1)));
}

#[test]
fn nothing_changes_the_modes_of_what_is_there() {
    let lab = Lab::with_alice();
    lab.enrol();
    lab.json(["app-password", "add", ALICE, "--name", "Phone"]);
    for file in ["mailkey.db", "mailkey.db-wal", "mailkey.db-shm"] {
        let path = lab.path("data").join(file);
        assert!(!path.exists() || mode(&path) == 0o660, "{file}");
    }
}
