//! Changing the key.

use serde_json::json;

use crate::lab::{ALICE, Lab, PASSWORD, code, mode};

fn opens(lab: &Lab, credential: &str, service: &str) -> bool {
    let run = lab.run_with(["check", ALICE, "--service", service], credential);
    assert!(matches!(run.code, 0 | 3), "{}", run.err);
    run.code == 0
}

/// How many TOTP secrets, passwords, app passwords and recovery codes stand on a key.
fn count(lab: &Lab, key: usize) -> [u64; 4] {
    let list = lab.json(["key", "list"]);
    let key = &list["keys"][key - 1];
    ["totp_secrets", "passwords", "app_passwords", "recovery_codes"].map(|kind| key[kind].as_u64().unwrap())
}

#[test]
fn after_a_rotation_everything_opens_as_before() {
    let lab = Lab::with_alice();
    let (secret, codes) = lab.enrol();
    let app = lab.json(["app-password", "add", ALICE, "--name", "Phone"]);
    let former = std::fs::read_to_string(lab.path("etc/key")).unwrap();
    assert_eq!(count(&lab, 1), [1, 1, 1, 10]);
    let run = lab.run(["key", "rotate"]).done();
    assert!(
        run.out.starts_with("key 2 is used for what is written; encrypted with it now: 1 TOTP secret\n"),
        "{}",
        run.out
    );
    assert!(run.out.contains("keep a new copy of"));
    let text = std::fs::read_to_string(lab.path("etc/key")).unwrap();
    assert!(text.starts_with(&former) && mode(&lab.path("etc/key")) == 0o640);
    assert_eq!((count(&lab, 1), count(&lab, 2)), ([0, 1, 1, 10], [1, 0, 0, 0]));
    assert!(opens(&lab, &format!("{PASSWORD}{}", code(&secret, 1)), "mailkey-webmail"));
    assert!(opens(&lab, &format!("{PASSWORD}{}", codes[0]), "mailkey-webmail"));
    assert!(opens(&lab, app["password"].as_str().unwrap(), "mailkey-imap"));
    // The former file alone is not enough any more, and that is said.
    std::fs::write(lab.path("etc/key"), &former).unwrap();
    lab.run(["user", "list"]).failed(1, "key 2, which the database was used with, is missing");
}

#[test]
fn what_is_left_of_a_rotation_is_done_by_going_on_with_it() {
    let lab = Lab::with_alice();
    lab.enrol();
    let former = lab.path("former");
    lab.run(["backup", former.to_str().unwrap()]).done();
    lab.run(["key", "rotate"]).done();
    // The secret is back under the old key, as after a rotation that ended in the middle.
    lab.run(["restore", former.to_str().unwrap(), "--yes"]).done();
    assert_eq!(count(&lab, 1)[0], 1);
    let done = lab.json(["key", "rotate", "--continue"]);
    assert_eq!(done, json!({"number": 2, "added": false, "totp_secrets": 1, "file": null}));
    assert_eq!((count(&lab, 1)[0], count(&lab, 2)[0]), (0, 1));
    assert_eq!(lab.json(["key", "rotate", "--continue"])["totp_secrets"], 0);
}

#[test]
fn a_key_that_is_needed_stays_and_one_that_is_not_can_be_removed() {
    let lab = Lab::with_alice();
    let (secret, _) = lab.enrol();
    lab.run(["key", "remove", "1", "--yes"]).failed(3, "is used for what is written");
    lab.run(["key", "remove", "7", "--yes"]).failed(4, "there is no key 7");
    lab.run(["key", "rotate"]).done();
    let needed = lab.run(["key", "remove", "1", "--yes"]);
    needed.failed(3, "key 1 is needed by 0 TOTP secrets, 1 password, 0 app passwords and 10 recovery codes");
    // The password is set anew, and so are the codes.
    lab.run_with(["user", "passwd", ALICE, "--password-stdin"], format!("{PASSWORD}\n")).done();
    lab.run(["recovery-codes", "new", ALICE]).done();
    let table = lab.run(["key", "list"]).done().out;
    assert!(table.contains("can be removed") && table.contains("in use"), "{table}");
    lab.run(["key", "remove", "1"]).failed(2, "there is no terminal");
    assert_eq!(lab.json(["key", "remove", "1", "--yes"]), json!({"number": 1, "removed": true}));
    assert!(opens(&lab, &format!("{PASSWORD}{}", code(&secret, 1)), "mailkey-webmail"));
    lab.run(["key", "remove", "2", "--yes"]).failed(3, "is used for what is written");
    lab.init().done();
    assert_eq!(lab.json(["key", "list"])["keys"].as_array().unwrap().len(), 1);
}

#[test]
fn a_secret_that_does_not_open_is_named_and_keeps_no_other_from_being_moved() {
    let lab = Lab::with_alice();
    lab.enrol();
    lab.add("bob@example.org");
    lab.json(["totp", "enroll", "bob@example.org"]);
    let damage = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
        db.execute('UPDATE authenticator SET sealed = zeroblob(60) WHERE account = 1'); db.commit()";
    let status = std::process::Command::new("python3").args(["-c", damage]).arg(lab.path("data/mailkey.db")).status();
    assert!(status.unwrap().success());
    let run = lab.run(["key", "rotate"]);
    run.failed(1, "key 2 is in use; encrypted with it: 1 TOTP secret; not: 1, the first of alice@example.org");
    assert_eq!((count(&lab, 1)[0], count(&lab, 2)[0]), (1, 1));
}

#[test]
fn a_rotation_that_ended_before_the_database_knew_of_its_key_is_finished_by_going_on_with_it() {
    let lab = Lab::with_alice();
    let former = std::fs::read_to_string(lab.path("etc/key")).unwrap();
    // The file has the new key, and that was all.
    let other = Lab::new();
    let key = std::fs::read_to_string(other.path("etc/key")).unwrap();
    let new = key.lines().last().unwrap().strip_prefix("1 ").unwrap();
    std::fs::write(lab.path("etc/key"), format!("{former}2 {new}\n")).unwrap();
    lab.run(["key", "rotate", "--continue"]).done();
    lab.enrol();
    // Another key of that number would make what is right look wrong: that is noticed.
    std::fs::write(lab.path("etc/key"), &former).unwrap();
    lab.run(["user", "list"]).failed(1, "key 2, which the database was used with, is missing");
}

#[test]
fn who_waited_for_somebody_else_s_rotation_does_not_write_over_it() {
    let lab = Lab::with_alice();
    let path = lab.path("etc/key");
    let former = std::fs::File::open(&path).unwrap();
    former.lock().unwrap();
    let mut command = lab.command(["key", "rotate"]);
    let waiting = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    #[allow(clippy::disallowed_methods)] // it is at the lock by then
    std::thread::sleep(std::time::Duration::from_millis(500));
    std::fs::copy(&path, lab.path("etc/other")).unwrap();
    std::fs::rename(lab.path("etc/other"), &path).unwrap();
    drop(former);
    let run = waiting.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.code() == Some(1) && said.contains("somebody else has just changed it"), "{said}");
    assert_eq!(lab.json(["key", "list"])["keys"].as_array().unwrap().len(), 1);
}
