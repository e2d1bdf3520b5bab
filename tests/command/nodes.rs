//! Several nodes with one store: configurations of their own, directories of their own, the same key.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::lab::{ALICE, Lab, PASSWORD, code, mode, run, set_mode};
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
fn another_key_is_used_when_every_node_has_it_and_not_before() {
    let (_database, first, second) = nodes();
    let secret = first.lab.json(["totp", "enroll", ALICE])["secret"].as_str().unwrap().to_string();
    first.lab.json_with(["totp", "confirm", ALICE], &code(&secret, 0));
    first.lab.run(["key", "rotate"]).failed(3, "mx2");
    let next = first.lab.path("next");
    let written = first.lab.run(["key", "rotate", "--to", next.to_str().unwrap()]).done().out;
    assert!(written.contains("has key 2, too") && mode(&next) == 0o600, "{written}");
    first.lab.run(["key", "rotate", "--to", next.to_str().unwrap()]).failed(5, "was not written");
    // Nothing is changed, on either; also not where one of them has it.
    fs::copy(&next, first.key()).unwrap();
    set_mode(&first.key(), 0o640);
    for node in [&first, &second] {
        node.lab.run(["init"]).done();
        node.lab.run(["user", "list"]).done();
        node.lab.run(["hook", "run"]).done();
    }
    first.lab.run(["key", "rotate", "--continue"]).failed(3, "mx2 does not have key 2 yet");
    fs::copy(&next, second.key()).unwrap();
    set_mode(&second.key(), 0o640);
    second.lab.run(["hook", "run"]).done();
    let done = first.lab.json(["key", "rotate", "--continue"]);
    assert_eq!((&done["number"], &done["totp_secrets"]), (&json!(2), &json!(1)));
    for node in [&first, &second] {
        let keys = node.lab.json(["key", "list"]);
        let of = |key: usize| (keys["keys"][key]["current"].clone(), keys["keys"][key]["totp_secrets"].clone());
        assert_eq!((of(0), of(1)), ((json!(false), json!(0)), (json!(true), json!(1))), "{}", node.name);
    }
}

#[test]
fn a_node_without_a_key_that_the_store_is_used_with_says_which_is_missing() {
    let (_database, first, second) = nodes();
    // As if it were gone for good.
    first.lab.run(["node", "forget", "mx2", "--yes"]).done();
    first.lab.run(["key", "rotate"]).done();
    second.lab.run(["user", "list"]).failed(1, "key 2, which the database was used with, is missing");
    let doctor = second.lab.run(["doctor", "--part", "config", "--json"]).parsed();
    assert!(doctor["findings"].as_array().unwrap().iter().any(|finding| finding["id"] == "key_other"), "{doctor}");
    fs::copy(first.key(), second.key()).unwrap();
    second.lab.run(["user", "list"]).done();
}

/// What doctor says about the store: ids, and what it says of each.
fn doctor(node: &Node) -> Vec<(String, String)> {
    let found = node.lab.run(["doctor", "--part", "database", "--json"]).parsed();
    let findings = found["findings"].as_array().unwrap().iter();
    let text = |finding: &Value, member: &str| finding[member].as_str().unwrap().to_string();
    // The server of these tests syncs nothing, and says so each time.
    let usual = ["not_root", "permissions", "server_fsync"];
    let findings = findings.filter(|finding| !usual.contains(&finding["id"].as_str().unwrap()));
    findings.map(|finding| (text(finding, "id"), text(finding, "what"))).collect()
}

fn ids(found: &[(String, String)]) -> Vec<&str> {
    found.iter().map(|(id, _)| id.as_str()).collect()
}

#[test]
fn doctor_looks_at_the_server_and_at_the_other_nodes() {
    let (database, first, second) = nodes();
    let found = doctor(&first);
    assert_eq!(ids(&found), ["server", "server_superuser"], "{found:?}");
    assert!(found[0].1.contains("is the primary: PostgreSQL ") && found[0].1.contains("schema 8"), "{found:?}");
    let all = first.lab.run(["doctor", "--part", "database", "--json"]);
    assert!(all.code == 7 && all.out.contains("server_fsync"), "{}", all.out);

    // A role that owns the database and nothing else.
    let role = format!("owner_{}", database.name.clone());
    database.run(&format!("CREATE ROLE {role} LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"));
    let text = fs::read_to_string(first.lab.config()).unwrap();
    fs::write(first.lab.config(), text.replace("user=mailkey", &format!("user={role}"))).unwrap();
    assert_eq!(ids(&doctor(&first)), ["server"]);

    database.run("UPDATE node SET seen_at = seen_at - 600, clock_off = 7000, keys = '7' WHERE name = 'mx2'");
    let found = doctor(&first);
    assert_eq!(ids(&found), ["server", "node_away", "clock_node", "node_keys"], "{found:?}");
    assert!(found[1].1.contains("mx2 was last seen 10 minutes ago") && found[2].1.contains("+7.0 s"), "{found:?}");
    database.run("DELETE FROM node");
    assert_eq!(ids(&doctor(&second)), ["server", "server_superuser", "node_unknown"]);
}

#[test]
fn doctor_says_which_server_does_not_answer_and_what_is_wrong_with_the_password_file() {
    let (database, first, _second) = nodes();
    let (url, directory) = (database.url("mailkey"), first.lab.path("nobody"));
    let there = url.split("host=").nth(1).unwrap().split('&').next().unwrap().to_string();
    let text = fs::read_to_string(first.lab.config()).unwrap();
    let with = |hosts: &str| fs::write(first.lab.config(), text.replace(&there, hosts)).unwrap();
    with(&format!("{}&host={there}", directory.display()));
    let found = doctor(&first);
    assert_eq!(ids(&found), ["server_unreachable", "server", "server_superuser"], "{found:?}");
    assert!(found[0].1.starts_with(directory.to_str().unwrap()), "{found:?}");
    with(&directory.display().to_string());
    assert_eq!(ids(&doctor(&first)), ["server_unreachable", "server_no_primary", "database_unusable"]);

    let file = first.lab.path("etc/password");
    fs::write(&file, "sesame\n").unwrap();
    set_mode(&file, 0o644);
    let setting = format!("store_password_file = \"{}\"\n", file.display());
    fs::write(first.lab.config(), format!("{setting}{text}")).unwrap();
    let found = doctor(&first);
    assert_eq!(ids(&found), ["password_file", "database_unusable"]);
    assert!(found[0].1.contains("used by others") && !found[0].1.contains("sesame"), "{found:?}");
    set_mode(&file, 0o640);
    assert_eq!(ids(&doctor(&first)), ["server", "server_superuser"]);
}

#[test]
fn doctor_looks_how_far_a_replica_near_by_is_behind() {
    let (database, first, _second) = nodes();
    // The store itself is never behind.
    let text = fs::read_to_string(first.lab.config()).unwrap();
    let with = |url: &str| fs::write(first.lab.config(), format!("store_read = \"{url}\"\n{text}")).unwrap();
    with(&database.url("mailkey"));
    database.run("UPDATE heartbeat SET at = at - 3600");
    let found = doctor(&first);
    assert_eq!(ids(&found), ["server", "server_superuser", "replica"], "{found:?}");
    assert!(found[2].1.contains(" 0 s behind, 5 are allowed"), "{found:?}");
    // Another database is no replica of it: nothing that the store writes arrives there.
    let other = Database::new();
    with(&other.url("mailkey"));
    assert_eq!(ids(&doctor(&first)), ["server", "server_superuser", "replica_unusable"]);
    let node = Node::with("mx3", &other.url("mailkey"), "");
    node.lab.run(["init"]).done();
    assert_eq!(ids(&doctor(&first)), ["server", "server_superuser", "replica_late"]);
}

#[test]
fn postfix_finds_recipients_in_the_database_as_the_example_says() {
    let (database, first, _second) = nodes();
    database.run("DO $$ BEGIN CREATE ROLE mailkey_recipients LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    database.run("GRANT SELECT ON recipient TO mailkey_recipients");
    let postfix = first.lab.path("postfix");
    fs::create_dir(&postfix).unwrap();
    fs::write(postfix.join("main.cf"), "compatibility_level = 3.6\n").unwrap();
    let (place, name) = (database.url("x"), database.name.clone());
    let socket = place.split("host=").nth(1).unwrap().split('&').next().unwrap().to_string();
    // The example, with another server and database.
    let example = include_str!("../../packaging/postfix/recipients-pgsql.cf");
    let url = format!("postgresql://mailkey_recipients:PASSWORD@/{name}?host={socket}");
    let lines: Vec<String> = example
        .lines()
        .filter(|line| !line.starts_with("    postgresql://"))
        .map(|line| if line.starts_with("hosts = ") { format!("hosts = {url}") } else { line.into() })
        .collect();
    fs::write(postfix.join("recipients.cf"), lines.join("\n") + "\n").unwrap();
    let found = |address: &str| {
        let mut postmap = std::process::Command::new("/usr/sbin/postmap");
        postmap.arg("-c").arg(&postfix).args(["-q", address]);
        postmap.arg(format!("pgsql:{}", postfix.join("recipients.cf").display()));
        let ran = run(postmap, b"");
        assert!(ran.code == 0 || ran.err.is_empty(), "postmap (packages postfix, postfix-pgsql): {}", ran.err);
        ran.out
    };
    assert_eq!(found("Alice@Example.org"), "alice@example.org\n");
    assert_eq!(found("nobody@example.org"), "");
    first.lab.run(["user", "disable", ALICE]).done();
    assert_eq!(found(ALICE), "alice@example.org\n", "its mail is taken");
    first.lab.run(["user", "remove", ALICE, "--yes"]).done();
    assert_eq!(found(ALICE), "");
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
    // Also where it was copied from a server.
    let file = rusqlite::Connection::open(lab.path("data/mailkey.db")).unwrap();
    let copied = "INSERT INTO node (name, machine, version, keys, seen_at) VALUES ('mx1', '', '0.1.0', '1', 0)";
    file.execute(copied, []).unwrap();
    assert_eq!(lab.json(["key", "rotate"])["number"], 2);
    lab.run(["key", "remove", "1", "--yes"]).done();
}
