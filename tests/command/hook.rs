//! The revocation hook: run at once for whatever takes something away, tried again when it fails, and never run for a
//! name that is none.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::lab::{ALICE, Lab, Run, code, set_mode};

const BOB: &str = "bob@example.org";

/// An instance with alice and bob whose hook writes down what it is called with.
struct Hooked {
    lab: Lab,
    program: PathBuf,
}

impl Hooked {
    fn new() -> Self {
        let lab = Lab::with_alice();
        lab.add(BOB);
        let program = lab.directory.path().canonicalize().unwrap().join("hook");
        let hooked = Self { lab, program };
        hooked.does("");
        hooked.configure(hooked.program.to_str().unwrap());
        hooked
    }

    /// What it does beside writing its arguments down.
    fn does(&self, more: &str) {
        let calls = self.calls_file();
        let script = format!("#!/bin/sh\necho \"$#:$*\" >>'{}'\n{more}\n", calls.display());
        fs::write(&self.program, script).unwrap();
        set_mode(&self.program, 0o755);
    }

    fn configure(&self, hook: &str) {
        let text = fs::read_to_string(self.lab.config()).unwrap();
        let others = text.lines().filter(|line| !line.starts_with("revocation_hook"));
        let text: Vec<&str> = others.collect();
        fs::write(self.lab.config(), format!("revocation_hook = \"{hook}\"\n{}\n", text.join("\n"))).unwrap();
    }

    fn calls_file(&self) -> PathBuf {
        self.lab.path("calls")
    }

    /// What the hook was called with since the last time.
    fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.calls_file()).unwrap_or_default();
        let _ = fs::remove_file(self.calls_file());
        calls.lines().map(String::from).collect()
    }

    fn waiting(&self) -> Value {
        self.lab.json(["hook", "status"])["waiting"].clone()
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.lab.run(arguments)
    }

    fn database(&self) -> Connection {
        Connection::open(self.lab.path("data/mailkey.db")).unwrap()
    }

    fn app_password(&self, address: &str) -> String {
        let made = self.lab.json(["app-password", "add", address, "--name", "Phone"]);
        made["id"].as_str().unwrap().to_string()
    }
}

const CALLED_FOR_ALICE: [&str; 1] = ["2:-- alice@example.org"];

#[test]
fn a_revoked_app_password_calls_the_hook_at_once_with_the_name_as_one_argument() {
    let hooked = Hooked::new();
    let id = hooked.app_password(ALICE);
    assert!(hooked.calls().is_empty());
    let run = hooked.run(&["app-password", "revoke", ALICE, &id]).done();
    assert_eq!(run.out, format!("revoked {id} of {ALICE}\n"));
    assert_eq!(hooked.calls(), CALLED_FOR_ALICE);
    assert_eq!(hooked.waiting(), json!([]));
    assert!(!hooked.lab.path("data/wake").exists());
    hooked.run(&["app-password", "revoke", ALICE, &id]);
    assert!(hooked.calls().is_empty());
}

#[test]
fn whatever_takes_something_away_calls_the_hook_and_nothing_else_does() {
    let hooked = Hooked::new();
    let lab = &hooked.lab;
    let secret = lab.json(["totp", "enroll", ALICE])["secret"].as_str().unwrap().to_string();
    lab.json(["user", "list"]);
    lab.json(["log"]);
    assert!(hooked.calls().is_empty());
    lab.json_with(["totp", "confirm", ALICE], &code(&secret, 0));
    assert_eq!(hooked.calls(), CALLED_FOR_ALICE);
    for arguments in [&["recovery-codes", "new", ALICE][..], &["totp", "disable", ALICE], &["user", "disable", ALICE]] {
        hooked.run(arguments).done();
        assert_eq!(hooked.calls(), CALLED_FOR_ALICE, "{arguments:?}");
    }
    hooked.run(&["user", "enable", ALICE]).done();
    hooked.calls();
    lab.run_with(["user", "passwd", ALICE, "--password-stdin"], "another horse\n").done();
    assert_eq!(hooked.calls(), CALLED_FOR_ALICE);
    lab.open_session(ALICE, &format!("mks-{}", "0".repeat(52)), 5, "192.0.2.7", "imap");
    hooked.run(&["session", "revoke", ALICE, "--all"]).done();
    assert_eq!(hooked.calls(), CALLED_FOR_ALICE);
    hooked.run(&["session", "revoke", ALICE, "--all"]).done();
    assert!(hooked.calls().is_empty());
    hooked.run(&["user", "remove", ALICE, "--yes"]).done();
    assert_eq!(hooked.calls(), CALLED_FOR_ALICE);
    lab.add(ALICE);
    assert!(hooked.calls().is_empty());
}

#[test]
fn a_hook_that_fails_undoes_nothing_and_is_tried_again() {
    let hooked = Hooked::new();
    hooked.does("echo no such socket >&2; exit 75");
    let id = hooked.app_password(ALICE);
    let run = hooked.run(&["app-password", "revoke", ALICE, &id]);
    assert_eq!((run.code, run.out), (0, format!("revoked {id} of {ALICE}\n")));
    assert!(run.err.contains("open connections of alice@example.org may go on"), "{}", run.err);
    assert!(run.err.contains("exit status: 75: no such socket"), "{}", run.err);
    assert_eq!(hooked.calls().len(), 1);

    let waiting = hooked.waiting();
    assert_eq!((&waiting[0]["account"], &waiting[0]["tries"]), (&json!(ALICE), &json!(1)));
    assert!(waiting[0]["error"].as_str().unwrap().contains("no such socket") && waiting[0]["next_try_at"].is_string());
    assert!(hooked.run(&["hook", "status"]).done().out.contains(ALICE));

    // Its time has not come.
    hooked.run(&["hook", "run"]).done();
    assert!(hooked.calls().is_empty());
    hooked.database().execute("UPDATE revocation SET next_try = 1", []).unwrap();
    let run = hooked.run(&["hook", "run"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("no such socket"), "{}", run.err);
    assert_eq!((hooked.calls().len(), &hooked.waiting()[0]["tries"]), (1, &json!(2)));

    hooked.does("");
    hooked.database().execute("UPDATE revocation SET next_try = 1", []).unwrap();
    assert_eq!(hooked.run(&["hook", "run"]).done().out, format!("{ALICE}: connections ended\n"));
    assert_eq!((hooked.calls(), hooked.waiting()), (CALLED_FOR_ALICE.map(String::from).into(), json!([])));
}

#[test]
fn what_is_revoked_while_the_hook_runs_calls_it_again() {
    let hooked = Hooked::new();
    let id = hooked.app_password(ALICE);
    let again = hooked.lab.path("again");
    // The database is written by somebody else, as the panel does.
    let queue = "UPDATE revocation SET times = times + 1, next_try = 0";
    let database = hooked.lab.path("data/mailkey.db");
    hooked.does(&format!(
        "[ -e '{0}' ] || {{ touch '{0}'; /usr/bin/python3 -c \"import sqlite3; d = sqlite3.connect('{1}'); d.execute('{queue}'); d.commit()\"; }}",
        again.display(),
        database.display()
    ));
    hooked.run(&["app-password", "revoke", ALICE, &id]).done();
    assert_eq!(hooked.calls(), ["2:-- alice@example.org", "2:-- alice@example.org"]);
    assert_eq!(hooked.waiting(), json!([]));
}

#[test]
fn names_that_are_none_are_refused_and_not_kept() {
    let hooked = Hooked::new();
    for name in ["*", "?", "*@example.org", "-f", "--", "alice@example.org bob", "a\nb", "%u", "../x"] {
        hooked.database().execute("INSERT INTO revocation (name) VALUES (?1)", [name]).unwrap();
    }
    hooked.database().execute("INSERT INTO revocation (name) VALUES (?1)", [ALICE]).unwrap();
    assert!(hooked.run(&["hook", "status"]).done().out.contains("\"a\\nb\""));
    let run = hooked.run(&["hook", "run"]);
    assert_eq!((run.code, run.out), (1, format!("{ALICE}: connections ended\n")));
    assert_eq!(run.err.matches("is no account name").count(), 9, "{}", run.err);
    assert_eq!(run.err.lines().count(), 9, "{}", run.err);
    assert_eq!((hooked.calls(), hooked.waiting()), (CALLED_FOR_ALICE.map(String::from).into(), json!([])));
}

#[test]
fn a_hook_that_others_could_have_written_is_not_run() {
    let hooked = Hooked::new();
    let id = hooked.app_password(ALICE);
    set_mode(&hooked.program, 0o777);
    let run = hooked.run(&["app-password", "revoke", ALICE, &id]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("may be written by its group or by others"), "{}", run.err);
    assert!(hooked.calls().is_empty());
    let status = hooked.lab.json(["hook", "status"]);
    assert!(status["problem"].as_str().unwrap().contains("chmod go-w"));
    assert_eq!(status["waiting"].as_array().unwrap().len(), 1);
}

#[test]
fn without_a_hook_nothing_is_queued_and_nothing_is_run() {
    let hooked = Hooked::new();
    hooked.configure("");
    let id = hooked.app_password(ALICE);
    hooked.run(&["app-password", "revoke", ALICE, &id]).done();
    hooked.run(&["user", "remove", BOB, "--yes"]).done();
    assert!(hooked.run(&["hook", "run"]).done().out.contains("no hook is configured"));
    assert!(hooked.run(&["hook", "status"]).done().out.contains("open connections stay open"));
    assert_eq!(hooked.lab.json(["hook", "status"]), json!({"hook": null, "problem": null, "waiting": []}));
    assert!(hooked.calls().is_empty() && !hooked.lab.path("data/wake").exists());
}

#[test]
fn a_hook_that_is_no_path_is_a_mistake_in_the_configuration() {
    let hooked = Hooked::new();
    hooked.configure("hook");
    hooked.run(&["user", "list"]).failed(1, "revocation_hook must be \"dovecot\", or the absolute path of a program");
}

/// Somebody's mail app signed in with the account's own password, so long ago.
fn used_own_password(hooked: &Hooked, address: &str, ago: i64) {
    let made = hooked.database().execute(
        "INSERT INTO activity
             (account, event, reason, method, mode, protocol, address, credential, first_at, last_at, count)
         SELECT id, 'accepted', '', 'password', 'client', 'imap', '192.0.2.7', '', unixepoch() - ?2, unixepoch() - ?2, 1
         FROM account WHERE name = ?1",
        (address, ago),
    );
    assert_eq!(made.unwrap(), 1);
}

const CALLED_FOR_BOB: [&str; 1] = ["2:-- bob@example.org"];

#[test]
fn a_requirement_ends_the_connections_of_those_whom_it_locks_out() {
    let hooked = Hooked::new();
    hooked.lab.add("cyd@example.org");
    used_own_password(&hooked, BOB, 60);
    used_own_password(&hooked, "cyd@example.org", 40 * 86_400);
    hooked.run(&["require", "set", "@example.org", "now", "--dry-run"]).done();
    hooked.run(&["require", "set", "@example.org", "2099-01-01"]).done();
    assert!(hooked.calls().is_empty());
    hooked.run(&["require", "set", "@example.org", "now"]).done();
    assert_eq!(hooked.calls(), CALLED_FOR_BOB);
    hooked.run(&["require", "set", BOB, "never"]).done();
    assert!(hooked.calls().is_empty());
    // As the domain again: that shuts him out.
    hooked.run(&["require", "clear", BOB]).done();
    assert_eq!(hooked.calls(), CALLED_FOR_BOB);
    hooked.run(&["require", "clear", BOB]).done();
    assert!(hooked.calls().is_empty(), "it was so already");
    // Of a single account it is certain, whatever its activity says.
    hooked.run(&["require", "set", ALICE, "now"]).done();
    assert_eq!(hooked.calls(), CALLED_FOR_ALICE);
}

#[test]
fn what_is_made_stricter_in_the_configuration_ends_connections_at_the_next_run() {
    let hooked = Hooked::new();
    used_own_password(&hooked, BOB, 60);
    let set = |settings: &str| {
        let text = fs::read_to_string(hooked.lab.config()).unwrap();
        let others =
            text.lines().filter(|line| !line.starts_with("require_2fa") && !line.starts_with("client_primary"));
        let text: Vec<&str> = others.collect();
        fs::write(hooked.lab.config(), format!("{settings}\n{}\n", text.join("\n"))).unwrap();
    };
    let run = |expected: &[&str]| {
        hooked.run(&["hook", "run"]).done();
        assert_eq!(hooked.calls(), expected);
    };
    set("require_2fa = true");
    run(&[]); // The first look: how it was before, nobody knows.
    run(&[]);
    set("require_2fa = false");
    run(&[]);
    set("require_2fa = true");
    run(&CALLED_FOR_BOB);
    run(&[]);
    set("");
    run(&[]);
    set("client_primary_password = false");
    run(&CALLED_FOR_BOB);
    run(&[]);
}

#[test]
fn a_date_that_comes_ends_connections_at_the_next_run_once() {
    let hooked = Hooked::new();
    used_own_password(&hooked, BOB, 60);
    hooked.run(&["require", "set", "@example.org", "2099-01-01"]).done();
    hooked.run(&["hook", "run"]).done();
    assert!(hooked.calls().is_empty());
    // It has come since the last look.
    let looked = fs::read_to_string(hooked.lab.path("data/enforced")).unwrap();
    let at: i64 = looked.split_whitespace().next().unwrap().parse().unwrap();
    fs::write(hooked.lab.path("data/enforced"), looked.replace(&at.to_string(), &(at - 60).to_string())).unwrap();
    hooked.database().execute("UPDATE domain SET require_2fa = ?1", [at - 30]).unwrap();
    hooked.run(&["hook", "run"]).done();
    assert_eq!(hooked.calls(), CALLED_FOR_BOB);
    hooked.run(&["hook", "run"]).done();
    assert!(hooked.calls().is_empty());
}

#[test]
fn what_somebody_puts_in_the_place_of_the_last_look_holds_no_revocation_up() {
    let hooked = Hooked::new();
    hooked.does("exit 1");
    hooked.run(&["user", "disable", ALICE]);
    hooked.calls();
    hooked.does("");
    hooked.database().execute("UPDATE revocation SET next_try = 0", []).unwrap();
    fs::create_dir(hooked.lab.path("data/enforced")).unwrap();
    let run = hooked.run(&["hook", "run"]);
    assert!(run.code == 1 && run.err.contains("enforced cannot be used"), "{}", run.err);
    assert_eq!(hooked.calls(), CALLED_FOR_ALICE);
    assert_eq!(hooked.waiting(), json!([]));
}

#[test]
fn whoever_does_not_own_the_configuration_runs_nothing_that_it_names() {
    let hooked = Hooked::new();
    let id = hooked.app_password(ALICE);
    if std::os::unix::fs::chown(hooked.lab.config(), Some(12_345), None).is_err() {
        return; // only root can give a file away
    }
    hooked.run(&["app-password", "revoke", ALICE, &id]);
    hooked.run(&["hook", "run"]);
    assert!(hooked.calls().is_empty());
}
