//! Why somebody cannot connect, which devices nobody uses, and what has expired.

use std::time::Duration;

use mailkey::account::{AccountName, DEFAULT_NAME_SYMBOLS, NameRules};
use mailkey::store::{self, Activity, Keep, Note, Used};
use serde_json::json;

use crate::lab::{ALICE, Lab};

/// A refusal or a success of a mail app of alice's on IMAP, `ago` seconds ago.
fn attempt(lab: &Lab, reason: &str, method: &str, credential: &str, ago: i64) {
    let mut store = store::open(&lab.path("data/mailkey.db"), Duration::from_secs(5)).unwrap();
    let rules = NameRules { default_domain: None, bare_names: false, symbols: DEFAULT_NAME_SYMBOLS.into() };
    let name = AccountName::parse(ALICE.as_bytes(), &rules).unwrap();
    let account = store.summary(&name, 0).unwrap().unwrap().uid;
    let activity = Activity {
        event: if reason.is_empty() { "accepted" } else { "refused" }.into(),
        reason: reason.into(),
        method: method.into(),
        mode: "client".into(),
        protocol: "imap".into(),
        address: "198.51.100.7".into(),
        credential: credential.into(),
        codes_left: None,
    };
    let id = store.app_passwords(account).unwrap().into_iter().find(|row| row.id.as_str() == credential);
    let used = id.filter(|_| reason.is_empty()).map(|row| Used::AppPassword(row.id));
    let keep = Keep::newest(99);
    store
        .note(&Note { account: Some(account), activity: &activity, keep, used, forgive: None, now: now() - ago })
        .unwrap();
}

#[allow(clippy::disallowed_methods)] // a test has a clock
fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64
}

fn add(lab: &Lab, name: &str) -> String {
    lab.json(["app-password", "add", ALICE, "--name", name])["id"].as_str().unwrap().to_string()
}

#[test]
fn a_phone_that_still_uses_the_account_password_is_named_with_the_step_to_take() {
    let lab = Lab::with_alice();
    lab.enrol();
    attempt(&lab, "app_password_required", "password", "", 60);
    attempt(&lab, "app_password_required", "password", "", 30);
    let text = lab.run(["explain", ALICE]).done().out;
    assert!(text.starts_with("alice@example.org: enabled, 2FA on since "), "{text}");
    assert!(
        text.contains(" 1. The device at 198.51.100.7 on IMAP still presents the account's own password (2 times"),
        "{text}"
    );
    assert!(text.contains("mailkey app-password add alice@example.org --name \"Phone\""), "{text}");
    assert!(text.ends_with("nothing was accepted so far\n"), "{text}");
    let explained = lab.json(["explain", ALICE]);
    assert_eq!(explained["findings"].as_array().unwrap().len(), 1);
    let finding = &explained["findings"][0];
    assert_eq!(finding["kind"], "account_password_used");
    assert_eq!((&finding["from"], &finding["count"]), (&json!("198.51.100.7"), &json!(2)));
}

#[test]
fn a_device_with_a_revoked_app_password_is_named_by_its_name() {
    let lab = Lab::with_alice();
    lab.enrol();
    let id = add(&lab, "Old iPhone");
    lab.json(["app-password", "revoke", ALICE, &id]);
    attempt(&lab, "app_password_revoked", "app_password", &id, 60);
    let text = lab.run(["explain", ALICE]).done().out;
    let named = format!("still presents the app password \"Old iPhone\" ({id}), which was revoked (");
    assert!(text.contains(&named), "{text}");
    assert_eq!(lab.json(["explain", ALICE])["findings"][0]["name"], "Old iPhone");
}

#[test]
fn an_account_that_works_is_said_to() {
    let lab = Lab::with_alice();
    lab.enrol();
    let id = add(&lab, "Phone");
    attempt(&lab, "", "app_password", &id, 0);
    let text = lab.run(["explain", ALICE]).done().out;
    assert!(text.contains("\nnothing is wrong\nlast accepted: "), "{text}");
    assert!(text.contains(&format!(" imap from 198.51.100.7, by app password \"Phone\" ({id})\n")), "{text}");
    let explained = lab.json(["explain", ALICE]);
    assert_eq!(explained["findings"], json!([]));
    assert_eq!(explained["last_accepted"]["name"], "Phone");
}

#[test]
fn a_disabled_account_is_said_to_be_with_the_command_that_opens_it() {
    let lab = Lab::with_alice();
    lab.run(["user", "disable", ALICE]).done();
    let text = lab.run(["explain", ALICE]).done().out;
    assert!(text.contains("mailkey user enable alice@example.org"), "{text}");
}

#[test]
fn of_a_name_that_is_not_there_similar_ones_are_shown() {
    let lab = Lab::with_alice();
    lab.add("bob@example.org");
    lab.run(["explain", "alice@example.com"]).failed(4, "these are similar: alice@example.org\n");
    lab.run(["explain", "alcie@example.org"]).failed(4, "these are similar: alice@example.org\n");
    let stranger = lab.run(["explain", "zacharias@example.net"]).failed(4, "zacharias@example.net");
    assert!(!stranger.err.contains("similar"), "{}", stranger.err);
}

#[test]
fn app_passwords_that_nobody_uses_are_listed_by_their_last_use_or_else_by_their_age() {
    let lab = Lab::with_alice();
    let (used, idle, _new) = (add(&lab, "Used"), add(&lab, "Idle"), add(&lab, "New"));
    attempt(&lab, "", "app_password", &used, 5 * 86_400);
    let database = rusqlite::Connection::open(lab.path("data/mailkey.db")).unwrap();
    let older = "UPDATE app_password SET created_at = created_at - 40 * 86400 WHERE id IN (?1, ?2)";
    database.execute(older, [&used, &idle]).unwrap();
    let unused = |days: &str| -> Vec<String> {
        let list = lab.json(["app-password", "list", ALICE, "--unused", days]);
        list.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_string()).collect()
    };
    assert_eq!(unused("41"), [""; 0]);
    assert_eq!(unused("30"), ["Idle"]);
    let mut few = unused("3");
    few.sort();
    assert_eq!(few, ["Idle", "Used"]);
    let none = lab.run(["app-password", "list", ALICE, "--unused", "41"]).done().out;
    assert_eq!(none, "alice@example.org has no app password that was unused for 41 days\n");
}

#[test]
fn tidying_removes_what_is_older_than_the_configuration_says_and_says_what() {
    let lab = Lab::with_alice();
    attempt(&lab, "wrong_password", "password", "", 11 * 86_400);
    attempt(&lab, "wrong_code", "totp", "", 9 * 86_400);
    assert_eq!(lab.run(["tidy"]).done().out, "nothing has expired\n");
    let text = std::fs::read_to_string(lab.config()).unwrap();
    std::fs::write(lab.config(), format!("activity_days = 10\n{text}")).unwrap();
    let removed = json!({"activity": 1, "webmail_sessions": 0, "panel_sessions": 0, "invitations": 0, "throttle": 0});
    assert_eq!(lab.json(["tidy"]), removed);
    let log = lab.json(["log", ALICE]);
    assert!(log.as_array().unwrap().iter().any(|entry| entry["reason"] == "wrong_code"), "{log}");
    assert!(!log.as_array().unwrap().iter().any(|entry| entry["reason"] == "wrong_password"), "{log}");
}
