//! `mailkey require`: who must have 2FA on, and what a login then is.

use serde_json::{Value, json};

use crate::lab::{ALICE, Lab, PASSWORD};

/// What a login of alice's mail app with her password would be.
fn checked(lab: &Lab) -> Value {
    let run = lab.run_with(["check", ALICE, "--service", "imap", "--json"], PASSWORD);
    run.parsed()
}

fn events(lab: &Lab) -> Vec<String> {
    let entries = lab.json(["log", ALICE]);
    entries.as_array().unwrap().iter().map(|entry| entry["event"].as_str().unwrap().to_string()).collect()
}

#[test]
fn a_domain_is_required_and_an_account_is_exempt() {
    let lab = Lab::with_alice();
    assert_eq!(checked(&lab)["accepted"], true);
    let run = lab.run(["require", "set", "@Example.ORG", "now"]).done();
    assert_eq!(run.out, "2FA for @example.org: required now\n");
    assert_eq!(checked(&lab)["reason"], "enrolment_required");
    assert_eq!(lab.json(["user", "show", ALICE])["two_factor_required"], "now");
    assert!(lab.run(["user", "list"]).done().out.contains("off, required"));
    lab.run(["require", "set", ALICE, "never"]).done();
    assert_eq!(checked(&lab)["accepted"], true);
    assert_eq!(lab.json(["user", "show", ALICE])["two_factor_required"], "never");
    lab.run(["require", "clear", ALICE]).done();
    assert_eq!(checked(&lab)["reason"], "enrolment_required");
    assert_eq!(
        lab.json(["require", "clear", "@example.org"]),
        json!({"what": "@example.org", "two_factor": null, "from": null, "locked_out": 0, "dry_run": false})
    );
    assert_eq!(checked(&lab)["accepted"], true);
    assert_eq!(&events(&lab)[..2], ["requirement_cleared", "two_factor_exempted"]);
}

#[test]
fn until_its_date_a_requirement_is_announced_and_nothing_more() {
    let lab = Lab::with_alice();
    lab.run(["require", "set", ALICE, "2099-03-01"]).done();
    let login = checked(&lab);
    assert_eq!(
        (&login["accepted"], &login["two_factor_required_from"]),
        (&json!(true), &json!("2099-03-01T00:00:00Z"))
    );
    let shown = lab.json(["user", "show", ALICE]);
    assert_eq!(
        (&shown["two_factor_required"], &shown["two_factor_required_from"]),
        (&json!("from"), &json!("2099-03-01T00:00:00Z"))
    );
    assert!(lab.run(["user", "show", ALICE]).done().out.contains("off, required from 2099-03-01"));
    assert!(lab.run(["user", "list"]).done().out.contains("off, from 2099-03-01"));
    // A date that has passed means now.
    lab.run(["require", "set", ALICE, "2020-03-01"]).done();
    assert_eq!(checked(&lab)["reason"], "enrolment_required");
    assert_eq!(events(&lab)[0], "two_factor_required");
}

#[test]
fn the_list_has_what_is_set_for_all_for_domains_and_for_accounts() {
    let lab = Lab::with_alice();
    let text = std::fs::read_to_string(lab.config()).unwrap();
    std::fs::write(lab.config(), format!("require_2fa = 2098-01-01\n{text}")).unwrap();
    lab.run(["require", "set", "@example.org", "2099-03-01"]).done();
    lab.run(["require", "set", ALICE, "never"]).done();
    let expected = json!([
        {"what": "*", "two_factor": "from", "from": "2098-01-01T00:00:00Z"},
        {"what": "@example.org", "two_factor": "from", "from": "2099-03-01T00:00:00Z"},
        {"what": ALICE, "two_factor": "never", "from": null},
    ]);
    assert_eq!(lab.json(["require", "list"]), expected);
    let shown = lab.run(["require", "list"]).done().out;
    let lines: Vec<Vec<&str>> =
        shown.lines().map(|line| line.split("  ").filter(|cell| !cell.is_empty()).map(str::trim).collect()).collect();
    assert_eq!(lines[1], ["all others (require_2fa)", "required from 2098-01-01"]);
    assert_eq!(lines[2..], [vec!["@example.org", "required from 2099-03-01"], vec![ALICE, "never required"]]);
}

#[test]
fn what_is_no_account_no_domain_and_no_date_is_refused_and_changes_nothing() {
    let lab = Lab::with_alice();
    lab.run(["require", "set", "bob@example.org", "now"]).failed(4, "there is no account bob@example.org");
    lab.run(["require", "set", "@", "now"]).failed(2, "is no domain");
    lab.run(["require", "set", "@exa mple.org", "now"]).failed(2, "is no domain");
    lab.run(["require", "set", "@a@b", "now"]).failed(2, "is no domain");
    lab.run(["require", "set", ALICE, "soon"]).failed(2, "neither now nor never nor a date");
    lab.run(["require", "set", ALICE, "2027-02-30"]).failed(2, "neither now nor never nor a date");
    assert_eq!(lab.json(["require", "list"]).as_array().unwrap().len(), 1);
}

/// Alice's mail app signed in with her password, an hour ago.
fn used_her_password(lab: &Lab) {
    let database = rusqlite::Connection::open(lab.path("data/mailkey.db")).unwrap();
    let made = database.execute(
        "INSERT INTO activity
             (account, event, reason, method, mode, protocol, address, credential, first_at, last_at, count)
         SELECT id, 'accepted', '', 'password', 'client', 'imap', '192.0.2.7', '',
             unixepoch() - 3600, unixepoch() - 3600, 1
         FROM account WHERE name = ?1",
        [ALICE],
    );
    assert_eq!(made.unwrap(), 1);
}

#[test]
fn whoever_would_be_locked_out_is_counted_before_it_is_so_and_a_dry_run_changes_nothing() {
    let lab = Lab::with_alice();
    lab.add("bob@example.org");
    let dry = ["require", "set", "@example.org", "now", "--dry-run"];
    assert_eq!(
        lab.run(dry).done().out,
        "nobody who signed in lately would be locked out; nothing was changed\n",
        "bob never signed in"
    );
    used_her_password(&lab);
    let run = lab.run(dry).done();
    assert_eq!(
        run.out,
        "1 account of @example.org has no 2FA and signed in with its own password in the last 30 days: now locked out of \
         mail apps and webmail until it is on\nnothing was changed\n"
    );
    assert_eq!(checked(&lab)["accepted"], true);
    let later = lab.run(["require", "set", ALICE, "2099-03-01"]).done().out;
    assert!(later.starts_with("alice@example.org has no 2FA and signed in") && later.contains(": from 2099-03-01 on "));
    assert!(later.ends_with("\n2FA for alice@example.org: required from 2099-03-01\n"), "{later}");
    let set = lab.json(["require", "set", "@example.org", "now", "--dry-run"]);
    assert_eq!((&set["locked_out"], &set["dry_run"]), (&json!(0), &json!(true)), "what is set for alice counts first");
    let clear = lab.json(["require", "clear", ALICE]);
    assert_eq!((&clear["locked_out"], &clear["dry_run"]), (&json!(0), &json!(false)));
    assert_eq!(lab.json(["require", "set", "@example.org", "now"])["locked_out"], 1);
    lab.enrol();
    assert_eq!(lab.json(["require", "set", ALICE, "now"])["locked_out"], 0);
}
