//! The recipients database follows what the command does.

use std::fs;
use std::os::unix::fs::chown;
use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::json;

use crate::lab::{ALICE, Lab, Run, mode, set_mode};

const BOB: &str = "bob@example.org";

/// An instance whose configuration names a recipients database that init has made.
fn prepared() -> Lab {
    let lab = Lab::new();
    configure(&lab);
    lab.run(["init"]).done();
    lab
}

pub fn configure(lab: &Lab) {
    let text = fs::read_to_string(lab.config()).unwrap();
    let setting = format!("recipients = \"{}\"", file(lab).display());
    let configured = text.replace("#recipients = \"\"", &setting);
    assert_ne!(text, configured);
    fs::write(lab.config(), configured).unwrap();
}

pub fn file(lab: &Lab) -> PathBuf {
    lab.path("recipients/recipients.db")
}

/// What Dovecot and Postfix see.
pub fn rows(lab: &Lab) -> Vec<(String, bool)> {
    let reader = Connection::open_with_flags(file(lab), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut select = reader.prepare("SELECT address, enabled FROM recipient ORDER BY address").unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(rusqlite::Result::unwrap).collect()
}

fn add(lab: &Lab, address: &str) -> Run {
    lab.run(["user", "add", address, "--no-password"])
}

#[test]
fn without_the_setting_there_is_no_recipients_database() {
    let lab = Lab::with_alice();
    let made = lab.json(["init"]);
    assert_eq!((made["recipients"].clone(), made["steps"].as_array().unwrap().len()), (json!(null), 4));
    assert!(!lab.path("recipients").exists());
}

#[test]
fn every_change_of_an_account_is_seen_at_once() {
    let lab = prepared();
    assert_eq!(rows(&lab), []);
    lab.add("Alice@Example.org");
    add(&lab, BOB).done();
    lab.run(["user", "disable", BOB]).done();
    assert_eq!(rows(&lab), [(ALICE.into(), true), (BOB.into(), false)]);
    lab.run(["user", "enable", BOB]).done();
    assert_eq!(rows(&lab)[1], (BOB.into(), true));
    lab.run(["user", "remove", ALICE, "--yes"]).done();
    assert_eq!(rows(&lab), [(BOB.into(), true)]);
}

#[test]
fn init_makes_it_for_everybody_to_read_and_finds_what_is_out_of_step() {
    let lab = Lab::with_alice();
    configure(&lab);
    let made = lab.run(["init"]).done().out;
    assert!(made.contains(&format!("made      recipients    {}", file(&lab).display())), "{made}");
    assert_eq!(rows(&lab), [(ALICE.into(), true)]);
    for (path, open) in [(lab.path("recipients"), 0o005), (file(&lab), 0o004)] {
        assert_eq!(mode(&path) & 0o007, open, "{}", path.display());
    }
    assert_eq!(lab.run(["init"]).done().out.matches("kept").count(), 6);
    let other = Connection::open(file(&lab)).unwrap();
    other.execute_batch("INSERT INTO account VALUES ('ghost@example.org', 'example.org', 1)").unwrap();
    let again = lab.json(["init"]);
    assert_eq!(again["recipients"], json!(file(&lab).display().to_string()));
    assert_eq!(again["steps"][5]["done"], json!("updated"));
    assert_eq!(rows(&lab), [(ALICE.into(), true)]);
}

#[test]
fn a_narrow_umask_changes_no_mode() {
    let lab = Lab::new();
    configure(&lab);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "umask 077; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_mailkey"), "--config"]);
    command.arg(lab.config()).arg("init");
    crate::lab::run(command, b"").done();
    assert_eq!((mode(&lab.path("recipients")) & 0o007, mode(&file(&lab)) & 0o004), (0o005, 0o004));
    add(&lab, ALICE).done();
    assert_eq!(rows(&lab).len(), 1);
}

#[test]
fn a_narrower_mode_with_a_group_is_kept_and_one_that_no_mail_server_can_read_is_complained_about() {
    let lab = prepared();
    let directory = lab.path("recipients");
    set_mode(&directory, 0o750);
    set_mode(&file(&lab), 0o640);
    // Without root it is in a group of the user's own already.
    let root = [&directory, &file(&lab)].map(|path| chown(path, None, Some(12_345)).is_ok())[0];
    assert!(!lab.run(["init"]).done().out.contains("wrong:"));
    add(&lab, ALICE).done();
    assert_eq!((mode(&directory), mode(&file(&lab))), (0o750, 0o640));
    for (path, right, narrow) in [(&directory, 0o755, 0o700), (&file(&lab), 0o644, 0o600)] {
        let complained = || {
            let mend = format!("chmod {right:04o} {}", path.display());
            assert!(lab.run(["init"]).done().out.contains(&mend), "{mend}");
        };
        let before = mode(path);
        set_mode(path, narrow);
        complained();
        set_mode(path, before);
        if root {
            chown(path, None, Some(0)).unwrap();
            complained();
        }
        set_mode(path, right);
    }
    assert!(!lab.run(["init"]).done().out.contains("wrong:"));
}

#[test]
fn what_others_than_root_may_write_is_complained_about_and_not_opened() {
    let lab = prepared();
    for (path, right, wrong) in
        [(lab.path("recipients"), 0o755, [0o757, 0o775, 0o2775]), (file(&lab), 0o644, [0o646, 0o664, 0o660])]
    {
        for wrong in wrong {
            set_mode(&path, wrong);
            let mend = format!("chmod go-w {}", path.display());
            let run = lab.run(["init", "--quiet"]);
            assert!(run.code == 0 && run.err.contains(&mend), "{wrong:o}: {}", run.err);
            add(&lab, ALICE).failed(1, &mend);
            lab.run(["user", "remove", ALICE, "--yes"]).failed(1, &mend);
        }
        set_mode(&path, right);
    }
    assert_eq!(lab.run(["init", "--quiet"]).done().out, "");
}

#[test]
fn an_empty_file_that_a_reader_made_for_itself_becomes_a_list_for_everybody() {
    let lab = prepared();
    lab.add(ALICE);
    fs::write(file(&lab), "").unwrap();
    set_mode(&file(&lab), 0o600);
    let _without_root_it_keeps_its_group = chown(file(&lab), None, Some(12_345));
    let made = lab.run(["init"]).done().out;
    assert!(made.contains("made      recipients    ") && !made.contains("wrong:"), "{made}");
    assert_eq!((mode(&file(&lab)), rows(&lab)), (0o644, vec![(ALICE.into(), true)]));
}

#[test]
fn a_change_that_the_recipients_database_cannot_follow_is_told_as_what_it_is() {
    let lab = prepared();
    add(&lab, BOB).done();
    let away = lab.path("away");
    fs::rename(lab.path("recipients"), &away).unwrap();
    let behind = "but Dovecot and Postfix do not see that yet: the recipients database";
    for (arguments, done) in [
        (vec!["user", "add", ALICE, "--no-password"], "alice@example.org was created, "),
        (vec!["user", "disable", ALICE], "alice@example.org is disabled, "),
        (vec!["user", "remove", BOB, "--yes", "--json"], "bob@example.org was removed, "),
    ] {
        let run = lab.run(&arguments).failed(1, &format!("{done}{behind}"));
        assert!(run.err.contains("mailkey init"), "{}", run.err);
    }
    // It was done.
    let listed = lab.json(["user", "list"]);
    assert_eq!((listed[0]["account"].clone(), listed[0]["enabled"].clone()), (json!(ALICE), json!(false)));
    assert_eq!(listed.as_array().unwrap().len(), 1);
    fs::rename(&away, lab.path("recipients")).unwrap();
    assert_eq!(rows(&lab), [(BOB.into(), true)]);
    // The same command again mends its own account, init everything.
    lab.run(["user", "disable", ALICE]).done();
    assert_eq!(rows(&lab), [(ALICE.into(), false), (BOB.into(), true)]);
    lab.run(["init"]).done();
    assert_eq!(rows(&lab), [(ALICE.into(), false)]);
}

#[test]
fn a_broken_list_does_not_stop_init_which_says_what_is_wrong_with_it() {
    let lab = prepared();
    lab.add(ALICE);
    fs::write(file(&lab), "somebody's notes ".repeat(1000)).unwrap();
    let shown = lab.run(["init"]).done().out;
    for part in ["kept      recipients", "wrong:", "is damaged, or not mailkey's", "no sign-in needs this"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let quiet = lab.run(["init", "--quiet"]);
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.lines().count()), (0, "", 1));
    let expected = format!("mailkey: {}: the recipients database", file(&lab).display());
    assert!(
        quiet.err.starts_with(&expected) && quiet.err.contains("remove it and run `mailkey init`"),
        "{}",
        quiet.err
    );
    fs::remove_file(file(&lab)).unwrap();
    lab.run(["init"]).done();
    assert_eq!(rows(&lab), [(ALICE.into(), true)]);
}

#[test]
fn a_list_that_cannot_be_made_does_not_stop_init_either() {
    let lab = prepared();
    fs::remove_dir_all(lab.path("recipients")).unwrap();
    fs::write(lab.path("recipients"), "a file where the directory should be").unwrap();
    let steps = lab.json(["init"])["steps"].clone();
    assert_eq!((steps[4]["done"].clone(), steps[5]["done"].clone()), (json!("kept"), json!("missing")));
    assert!(steps[5]["problem"].as_str().unwrap().contains("cannot be made"), "{steps}");
    lab.run(["user", "list"]).done();
}

#[test]
fn what_is_no_change_of_an_account_goes_on_without_the_recipients_database() {
    let lab = prepared();
    lab.add(ALICE);
    fs::remove_dir_all(lab.path("recipients")).unwrap();
    lab.run(["user", "list"]).done();
    lab.enrol();
    lab.json(["app-password", "add", ALICE, "--name", "Phone"]);
    lab.run_with(["user", "passwd", ALICE, "--password-stdin"], "another horse").done();
    assert_eq!(lab.run_with(["check", ALICE, "--service", "panel"], "wrong password").code, 3);
}
