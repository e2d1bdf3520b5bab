//! What is wrong with an instance. (The rest of a machine is looked at in tests/containers/test_traps.py.)

use serde_json::Value;

use crate::lab::{ALICE, Lab, Run, set_mode};

const PARTS: [&str; 4] = ["--part", "config", "--part", "database"];

/// The ids of what is wrong, and the run.
fn doctor(lab: &Lab, more: &[&str]) -> (Vec<String>, Run) {
    let arguments = ["doctor", "--json"].iter().chain(&PARTS).chain(more);
    let run = lab.run(arguments);
    let found = run.parsed();
    let wrong = |finding: &&Value| matches!(finding["severity"].as_str(), Some("warning" | "error"));
    let ids = found["findings"].as_array().unwrap().iter().filter(wrong);
    (ids.map(|finding| finding["id"].as_str().unwrap().to_string()).collect(), run)
}

#[test]
fn of_a_new_instance_there_is_nothing_to_say() {
    let lab = Lab::with_alice();
    for more in [&[][..], &["--deep"]] {
        let (ids, run) = doctor(&lab, more);
        assert_eq!((ids, run.code), (vec![], 0), "{}", run.out);
    }
    let quiet = lab.run(["doctor", "--quiet"].iter().chain(&PARTS)).done();
    assert_eq!(quiet.out, "");
    let text = lab.run(["doctor"].iter().chain(&PARTS)).done().out;
    assert!(text.starts_with("ok       config: ") && text.contains("\nok       database: "), "{text}");
}

#[test]
fn a_key_that_others_may_read_is_an_error_with_its_mend() {
    let lab = Lab::with_alice();
    set_mode(&lab.path("etc/key"), 0o644);
    let (ids, run) = doctor(&lab, &[]);
    assert_eq!((ids, run.code), (vec!["permissions".to_string(), "key_unusable".to_string()], 7));
    let mend = format!("chmod 0640 {}", lab.path("etc/key").display());
    assert!(run.out.contains(&mend), "{}", run.out);
    let quiet = lab.run(["doctor", "--quiet"].iter().chain(&PARTS));
    assert!(quiet.code == 7 && quiet.err.is_empty() && quiet.out.contains("\n         chmod 0640 "), "{}", quiet.out);
}

#[test]
fn a_key_of_another_instance_is_an_error() {
    let (lab, other) = (Lab::with_alice(), Lab::new());
    std::fs::copy(other.path("etc/key"), lab.path("etc/key")).unwrap();
    assert_eq!(doctor(&lab, &[]).0, ["key_other"]);
}

#[test]
fn what_only_keeps_the_group_out_is_a_warning() {
    let lab = Lab::with_alice();
    set_mode(&lab.path("data"), 0o700);
    let (ids, run) = doctor(&lab, &[]);
    assert_eq!((ids, run.code), (vec!["permissions".to_string()], 6), "{}", run.out);
}

#[test]
fn an_unknown_setting_is_an_error_that_names_its_line() {
    let lab = Lab::with_alice();
    let text = std::fs::read_to_string(lab.config()).unwrap();
    std::fs::write(lab.config(), format!("no_such_setting = 1\n{text}")).unwrap();
    let (ids, run) = doctor(&lab, &[]);
    assert_eq!((ids, run.code), (vec!["config_unusable".to_string()], 7));
    assert!(run.out.contains("line 1: unknown field"), "{}", run.out);
}

#[test]
fn a_missing_database_is_an_error() {
    let lab = Lab::with_alice();
    std::fs::remove_file(lab.path("data/mailkey.db")).unwrap();
    assert_eq!(doctor(&lab, &[]).0, ["database_unusable"]);
}

#[test]
fn a_damaged_database_is_found_before_a_login_finds_it() {
    use std::os::unix::fs::FileExt;
    let lab = Lab::with_alice();
    for number in 0..40 {
        lab.add(&format!("person{number}@example.org"));
    }
    let path = lab.path("data/mailkey.db");
    let database = rusqlite::Connection::open(&path).unwrap();
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let (page, size): (i64, i64) = database
        .query_row(
            "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = 'account'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    drop(database);
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    // Where the cells of the table's first page begin.
    file.write_all_at(&[0xff; 64], ((page - 1) * size + 8) as u64).unwrap();
    let (ids, run) = doctor(&lab, &[]);
    assert_eq!((ids, run.code), (vec!["database_damaged".to_string()], 7), "{}", run.out);
}

#[test]
fn it_changes_nothing() {
    let lab = Lab::with_alice();
    let before = lab.json(["log", ALICE]);
    doctor(&lab, &["--deep"]);
    assert_eq!(lab.json(["log", ALICE]), before);
}

#[test]
fn a_part_that_is_none_is_refused() {
    let lab = Lab::new();
    lab.run(["doctor", "--part", "liver"]).failed(2, "liver");
}

const QUEUES: [&str; 4] = ["--part", "hook", "--part", "notices"];

/// What doctor says about the queues: the ids of all it says, and the run.
fn queues(lab: &Lab) -> (Vec<String>, Run) {
    let run = lab.run(["doctor", "--json"].iter().chain(&QUEUES));
    let found = run.parsed();
    let ids = found["findings"].as_array().unwrap().iter().filter(|finding| finding["id"] != "not_root");
    (ids.map(|finding| finding["id"].as_str().unwrap().to_string()).collect(), run)
}

fn prepend(lab: &Lab, setting: &str) {
    let text = std::fs::read_to_string(lab.config()).unwrap();
    std::fs::write(lab.config(), format!("{setting}\n{text}")).unwrap();
}

fn program(lab: &Lab, name: &str, text: &str) -> String {
    let path = lab.directory.path().canonicalize().unwrap().join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    set_mode(&path, 0o755);
    path.display().to_string()
}

#[test]
fn without_a_hook_and_without_notices_there_are_two_notes() {
    let lab = Lab::with_alice();
    let (ids, run) = queues(&lab);
    assert_eq!((ids, run.code), (vec!["hook_off".into(), "notices_off".into()], 0), "{}", run.out);
}

#[test]
fn a_hook_that_fails_is_a_warning_with_its_last_error_until_it_does_its_work() {
    let lab = Lab::with_alice();
    let hook = program(&lab, "hook", "echo the server is away; exit 1");
    prepend(&lab, &format!("revocation_hook = {hook:?}"));
    assert_eq!(queues(&lab).0, ["hook", "notices_off"]);
    lab.run(["user", "disable", ALICE]);
    let (ids, run) = queues(&lab);
    assert_eq!((ids, run.code), (vec!["hook_fails".into(), "notices_off".into()], 6), "{}", run.out);
    assert!(run.out.contains("the server is away") && run.out.contains(ALICE), "{}", run.out);
    program(&lab, "hook", "exit 0");
    rusqlite::Connection::open(lab.path("data/mailkey.db"))
        .unwrap()
        .execute("UPDATE revocation SET next_try = 0", [])
        .unwrap();
    lab.run(["hook", "run"]).done();
    assert_eq!(queues(&lab).0, ["hook", "notices_off"]);
    std::fs::remove_file(&hook).unwrap();
    assert_eq!(queues(&lab).0, ["hook_unusable", "notices_off"]);
}

#[test]
fn a_notice_that_cannot_be_sent_is_a_warning_with_its_error_and_one_that_nobody_sends_too() {
    let lab = Lab::with_alice();
    let sendmail = program(&lab, "sendmail", "cat >/dev/null; echo the queue is closed >&2; exit 75");
    let text = std::fs::read_to_string(lab.config()).unwrap();
    let notices = format!("[notices]\nfrom = \"noreply@example.org\"\nsendmail = {sendmail:?}\n");
    std::fs::write(lab.config(), format!("{text}\n{notices}")).unwrap();
    lab.json(["app-password", "add", ALICE, "--name", "Phone"]);
    assert_eq!(queues(&lab).0, ["hook_off", "notices"], "a moment ago");
    let database = rusqlite::Connection::open(lab.path("data/mailkey.db")).unwrap();
    assert_eq!(database.execute("UPDATE notice SET at = at - 3600", []).unwrap(), 1);
    assert_eq!(queues(&lab).0, ["hook_off", "notices_idle"]);
    lab.run(["notify"]);
    let (ids, run) = queues(&lab);
    assert_eq!((ids, run.code), (vec!["hook_off".into(), "notices_fail".into()], 6), "{}", run.out);
    assert!(run.out.contains("the queue is closed"), "{}", run.out);
    std::fs::remove_file(sendmail).unwrap();
    assert_eq!(queues(&lab).0, ["hook_off", "notices_sendmail", "notices_fail"]);
}
