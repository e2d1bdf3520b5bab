//! Several nodes with one store: configurations of their own, directories of their own, the same key.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::lab::{ALICE, Lab, PASSWORD, code, run, set_mode};
use crate::server::Database;

const HASHES: &str = "[hash.password]\nmemory_kib = 8\niterations = 1\nparallelism = 1\n\
                      [hash.app_password]\nmemory_kib = 8\niterations = 1\nparallelism = 1\n";

/// A mail server of several. Its hook writes down what it is called with, its sendmail to whom it sends.
struct Node {
    lab: Lab,
    name: &'static str,
}

impl Node {
    fn with(name: &'static str, store: &str, more: &str) -> Self {
        let node = Self { lab: Lab::empty(), name };
        fs::create_dir(node.lab.path("etc")).unwrap();
        let place = node.lab.directory.path().canonicalize().unwrap();
        let (hook, sendmail) =
            (node.program("hook", "echo \"$2\" >>'@/calls'"), node.program("sendmail", "cat >>'@/mail'"));
        let settings = format!(
            "store = \"{store}\"\nkey = \"{0}/etc/key\"\nnode = \"{name}\"\nnode_dir = \"{0}/data\"\n\
             revocation_hook = \"{hook}\"\n{more}{HASHES}\
             [notices]\nfrom = \"noreply@example.org\"\nsendmail = \"{sendmail}\"\n",
            place.display()
        );
        fs::write(node.lab.config(), settings).unwrap();
        node
    }

    fn program(&self, name: &str, does: &str) -> String {
        let place = self.lab.directory.path().canonicalize().unwrap();
        let does = does.replace('@', place.to_str().unwrap());
        fs::write(place.join(name), format!("#!/bin/sh\n{does}\n")).unwrap();
        set_mode(&place.join(name), 0o755);
        place.join(name).display().to_string()
    }

    /// What was written down in a file since the last time.
    fn written(&self, file: &str) -> String {
        let text = fs::read_to_string(self.lab.path(file)).unwrap_or_default();
        let _ = fs::remove_file(self.lab.path(file));
        text
    }

    fn key(&self) -> PathBuf {
        self.lab.path("etc/key")
    }

    fn waiting(&self) -> Vec<(Value, Value)> {
        let waiting = self.lab.json(["hook", "status"])["waiting"].clone();
        let rows = waiting.as_array().unwrap().iter();
        rows.map(|row| (row["node"].clone(), row["account"].clone())).collect()
    }
}

/// Two nodes with a store that the first has made, and alice.
fn nodes() -> (Database, Node, Node) {
    let database = Database::new();
    let (first, second) =
        (Node::with("mx1", &database.url("mailkey"), ""), Node::with("mx2", &database.url("mailkey"), ""));
    first.lab.run(["init"]).done();
    second.lab.run(["init"]).failed(1, "restore the key");
    fs::copy(first.key(), second.key()).unwrap();
    second.lab.run(["init"]).done();
    for node in [&first, &second] {
        node.lab.run(["hook", "run"]).done();
    }
    first.lab.add(ALICE);
    (database, first, second)
}

#[test]
fn what_is_revoked_on_one_node_calls_the_hook_of_each_once() {
    let (_database, first, second) = nodes();
    first.lab.run(["user", "disable", ALICE]).done();
    assert_eq!((first.written("calls"), second.written("calls")), (format!("{ALICE}\n"), String::new()));
    assert_eq!(second.waiting(), [(json!("mx2"), json!(ALICE))]);
    let shown = first.lab.run(["hook", "status"]).done().out;
    assert!(shown.contains("NODE") && shown.contains("mx2"), "{shown}");
    assert_eq!(second.lab.run(["hook", "run"]).done().out, format!("{ALICE}: connections ended\n"));
    assert_eq!(second.written("calls"), format!("{ALICE}\n"));
    for node in [&first, &second] {
        assert_eq!(node.lab.run(["hook", "run"]).done().out, "no account waits, or none is due\n");
        assert_eq!(node.written("calls"), "");
    }
}

#[test]
fn a_hook_that_fails_on_one_node_is_tried_again_there_alone() {
    let (database, first, second) = nodes();
    second.program("hook", "echo no Dovecot >&2; exit 75");
    first.lab.run(["user", "disable", ALICE]).done();
    let failed = second.lab.run(["hook", "run"]);
    assert!(failed.code == 1 && failed.err.contains("no Dovecot"), "{}", failed.err);
    assert_eq!(first.waiting(), [(json!("mx2"), json!(ALICE))]);
    let doctor = first.lab.run(["doctor", "--part", "hook", "--json"]).parsed();
    let finding = &doctor["findings"][0];
    assert_eq!(finding["id"], "hook_fails");
    assert!(finding["what"].as_str().unwrap().contains("on mx2"), "{finding}");
    let listed = first.lab.json(["node", "list"]);
    let of =
        |node: usize| (listed[node]["node"].clone(), listed[node]["waiting"].clone(), listed[node]["failing"].clone());
    assert_eq!((of(0), of(1)), ((json!("mx1"), json!(0), json!(0)), (json!("mx2"), json!(1), json!(1))));
    second.program("hook", "exit 0");
    database.run("UPDATE node_revocation SET next_try = 1");
    second.lab.run(["hook", "run"]).done();
    assert_eq!((first.waiting(), first.written("calls")), (vec![], format!("{ALICE}\n")));
}

#[test]
fn nodes_are_known_with_version_keys_and_clock_until_they_are_forgotten() {
    let (_database, first, second) = nodes();
    let listed = second.lab.json(["node", "list"]);
    let names: Vec<_> = listed.as_array().unwrap().iter().map(|node| (&node["node"], &node["this"])).collect();
    assert_eq!(names, [(&json!("mx1"), &json!(false)), (&json!("mx2"), &json!(true))]);
    assert_eq!((&listed[0]["version"], &listed[0]["keys"]), (&json!(env!("CARGO_PKG_VERSION")), &json!([1])));
    assert!(listed[0]["clock_ahead_ms"].as_i64().unwrap().abs() < 2000, "{listed}");
    first.lab.run(["node", "forget", "mx9"]).failed(4, "no node");
    first.lab.run(["node", "forget", "mx2"]).failed(2, "no terminal");
    first.lab.run(["user", "disable", ALICE]).done();
    assert_eq!(first.waiting().len(), 1);
    first.lab.run(["node", "forget", "mx2", "--yes"]).done();
    assert_eq!((first.waiting(), first.lab.json(["node", "list"]).as_array().unwrap().len()), (vec![], 1));
    // It still runs, and so it is known again.
    second.lab.run(["hook", "run"]).done();
    assert!(first.lab.run(["node", "list"]).done().out.contains("mx2"));
}

#[test]
fn two_machines_of_one_name_are_noticed_before_anything_is_carried_out_on_one_of_them_alone() {
    let (database, first, second) = nodes();
    database.run("UPDATE node SET machine = 'another' WHERE name = 'mx2'");
    first.lab.run(["user", "disable", ALICE]).done();
    second.lab.run(["hook", "run"]).failed(1, "another machine is called mx2, too");
    assert_eq!(second.written("calls"), "");
    database.run("UPDATE node SET seen_at = seen_at - 300 WHERE name = 'mx2'");
    second.lab.run(["hook", "run"]).done();
    assert_eq!(second.written("calls"), format!("{ALICE}\n"));
}

#[test]
fn every_letter_is_sent_by_one_of_the_nodes_that_send_at_the_same_time() {
    let (_database, first, second) = nodes();
    for node in [&first, &second] {
        // One that takes its time, so that both are at it together.
        node.program("sendmail", "sleep 0.1; grep -i '^To:' >>'@/mail'");
    }
    let accounts: Vec<String> = (0..8).map(|number| format!("person{number}@example.org")).collect();
    for address in &accounts {
        first.lab.add(address);
        first.lab.run(["app-password", "add", address, "--name", "Phone"]).done();
    }
    let [one, other] = std::thread::scope(|scope| {
        [&first, &second].map(|node| scope.spawn(|| node.lab.json(["notify"]))).map(|sender| sender.join().unwrap())
    });
    let sent = |done: &Value| done["sent"].as_u64().unwrap();
    assert_eq!((sent(&one) + sent(&other), &one["failed"], &other["failed"]), (8, &json!(0), &json!(0)));
    assert!(sent(&one) > 0 && sent(&other) > 0, "{one} {other}");
    let mut to: Vec<String> = [first, second]
        .iter()
        .flat_map(|node| node.written("mail").lines().map(String::from).collect::<Vec<_>>())
        .collect();
    to.sort();
    let expected: Vec<String> = accounts.iter().map(|address| format!("To: {address}")).collect();
    assert_eq!(to, expected);
}

#[test]
fn a_node_without_the_key_that_another_one_has_rotated_to_says_which_is_missing() {
    let (_database, first, second) = nodes();
    first.lab.run(["key", "rotate"]).done();
    second.lab.run(["user", "list"]).failed(1, "key 2, which the database was used with, is missing");
    fs::copy(first.key(), second.key()).unwrap();
    second.lab.run(["user", "list"]).done();
}

#[test]
fn what_one_node_changes_counts_on_the_other_at_once() {
    let (_database, first, second) = nodes();
    let secret = first.lab.json(["totp", "enroll", ALICE])["secret"].as_str().unwrap().to_string();
    second.lab.json_with(["totp", "confirm", ALICE], &code(&secret, 0));
    let made = second.lab.json(["app-password", "add", ALICE, "--name", "Phone"]);
    let opens = |node: &Node, credential: &str| {
        let run = node.lab.run_with(["check", ALICE, "--service", "imap"], credential);
        assert!(matches!(run.code, 0 | 3), "{}: {}", node.name, run.err);
        run.code == 0
    };
    let app_password = made["password"].as_str().unwrap();
    for node in [&first, &second] {
        assert!(opens(node, app_password) && !opens(node, PASSWORD), "{}", node.name);
    }
    first.lab.run(["app-password", "revoke", ALICE, made["id"].as_str().unwrap()]).done();
    assert!(!opens(&second, app_password));
}

#[test]
fn a_list_of_recipients_in_a_file_is_refused_where_the_store_has_a_view_of_them() {
    let database = Database::new();
    let node = Node::with("mx1", &database.url("mailkey"), "recipients = \"/nowhere/recipients.db\"\n");
    node.lab.run(["init"]).failed(1, "the view recipient");
}

#[test]
fn in_a_file_there_are_no_other_nodes() {
    let lab = Lab::new();
    assert_eq!(lab.json(["node", "list"]), json!([]));
    assert!(lab.run(["node", "list"]).done().out.contains("a file of this machine"));
    let mut command = lab.command(["node", "forget", "mx1"]);
    command.env("NO_COLOR", "1");
    run(command, b"").failed(4, "no node");
}
