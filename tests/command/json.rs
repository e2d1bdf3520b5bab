//! Every verb prints one JSON value with `--json`, and nothing else.

use crate::generated::verbs;
use crate::lab::{ALICE, Lab, PASSWORD, code};

#[test]
fn every_verb_prints_one_json_value() {
    let lab = Lab::with_alice();
    let (man, copy) = (lab.path("man"), lab.path("copy"));
    let (database, second) = (lab.path("data/mailkey.db"), lab.path("data/second.db"));
    let mut secret = String::new();
    for verb in verbs() {
        let verb = verb.join(" ");
        let (arguments, input): (Vec<&str>, String) = match verb.as_str() {
            "init" | "user list" | "log" | "tidy" | "notify" | "report" | "require list" | "hook run"
            | "hook status" => (vec![], String::new()),
            "node list" => (vec![], String::new()),
            "node forget" => (vec!["mx9", "--yes"], String::new()),
            "user add" => (vec!["bob@example.org", "--password-stdin"], PASSWORD.into()),
            "user rename" => (vec!["bob@example.org", "rob@example.org"], String::new()),
            "user invite" => (vec!["rob@example.org"], String::new()),
            "user reset-2fa" => (vec!["rob@example.org", "--keep-all"], String::new()),
            "domain rename" => (vec!["example.org", "example.net", "--dry-run"], String::new()),
            "totp remove" => (vec![ALICE, "1"], String::new()),
            "user export" => (vec!["--format", "dovecot"], String::new()),
            "user passwd" => (vec![ALICE, "--password-stdin"], PASSWORD.into()),
            "user remove" => (vec!["rob@example.org", "--yes"], String::new()),
            "totp confirm" => (vec![ALICE], code(&secret, 0)),
            "totp disable" => (vec!["bob@example.org"], String::new()),
            "app-password add" => (vec![ALICE, "--name", "Phone"], String::new()),
            "app-password revoke" | "session revoke" => (vec![ALICE, "--all"], String::new()),
            "import" => (vec!["csv", "-"], "account\ncarol@example.org\n".into()),
            "backup" => (vec![copy.to_str().unwrap()], String::new()),
            "restore" => (vec![copy.to_str().unwrap(), "--yes"], String::new()),
            "store copy" => (vec![database.to_str().unwrap(), second.to_str().unwrap()], String::new()),
            "key list" | "key rotate" => (vec![], String::new()),
            "key remove" => (vec!["2", "--yes"], String::new()),
            "require set" => (vec![ALICE, "never"], String::new()),
            "check" => (vec![ALICE, "--service", "imap"], PASSWORD.into()),
            "doctor" => (vec!["--part", "config"], String::new()),
            "completions" => (vec!["bash"], String::new()),
            "man" => (vec![man.to_str().unwrap()], String::new()),
            _ => (vec![ALICE], String::new()),
        };
        if verb == "key remove" {
            // Nothing stands on the second any more when there is a third.
            lab.run(["key", "rotate"]).done();
        }
        if verb == "node forget" {
            let database = rusqlite::Connection::open(lab.path("data/mailkey.db")).unwrap();
            let node = "INSERT INTO node (name, machine, version, keys, seen_at) VALUES ('mx9', '', '', '', 0)";
            database.execute(node, []).unwrap();
        }
        if verb == "totp remove" {
            // The last one stays.
            lab.enrol();
        }
        if verb == "totp disable" {
            lab.add("bob@example.org");
        }
        let arguments = verb.split(' ').chain(arguments).chain(["--json"]);
        let run = lab.run_with(arguments, input);
        let value = run.parsed();
        assert!(run.code == 0 || verb == "check", "{verb}: {}", run.err);
        assert!(value.is_object() || value.is_array(), "{verb}: {value}");
        if verb == "totp enroll" {
            secret = value["secret"].as_str().unwrap().to_string();
        }
    }
}
