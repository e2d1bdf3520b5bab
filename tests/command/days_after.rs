//! Lost phones, other names, and what a new password takes with it.

use serde_json::json;

use crate::lab::{ALICE, Lab, PASSWORD, code};

fn app_password(lab: &Lab, name: &str) -> (String, String) {
    let made = lab.json(["app-password", "add", ALICE, "--name", name]);
    (made["id"].as_str().unwrap().into(), made["password"].as_str().unwrap().into())
}

/// How a login of alice's would end: "accepted", or the reason.
fn checked(lab: &Lab, address: &str, service: &str, presented: &str) -> String {
    let answer = lab.run_with(["check", address, "--service", service, "--json"], presented).parsed();
    if answer["accepted"] == true { "accepted".into() } else { answer["reason"].as_str().unwrap().into() }
}

#[test]
fn a_reset_asks_what_becomes_of_the_app_passwords_and_does_nothing_until_it_is_told() {
    let lab = Lab::with_alice();
    lab.enrol();
    let (phone, _) = app_password(&lab, "Old phone");
    let run = lab.run(["user", "reset-2fa", ALICE]);
    for said in [phone.as_str(), "Old phone", "--revoke-all", "--keep-all"] {
        assert!(run.err.contains(said), "{said} is not in: {}", run.err);
    }
    run.failed(2, "you must say what becomes of them");
    lab.run(["user", "reset-2fa", ALICE, "--revoke-all", "--keep-all"]).failed(2, "cannot be used with");
    lab.run(["user", "reset-2fa", ALICE, "--revoke", "zzzz"]).failed(4, "has no app password zzzz");
    lab.run(["user", "reset-2fa", ALICE, "--revoke", "nonsense!"]).failed(2, "is no app password's id");
    lab.run(["user", "reset-2fa", "bob@example.org", "--keep-all"]).failed(4, "there is no account");
    assert_eq!(lab.json(["user", "show", ALICE])["two_factor"], true);
}

#[test]
fn after_a_reset_the_password_opens_the_panel_only_until_2fa_is_on_again() {
    let lab = Lab::with_alice();
    let (secret, codes) = lab.enrol();
    let ((lost, lost_password), (laptop, laptop_password)) =
        (app_password(&lab, "Phone"), app_password(&lab, "Laptop"));
    lab.open_panel_session(ALICE, 1, 5, "Firefox");
    let reset = lab.json(["user", "reset-2fa", ALICE, "--revoke", &lost]);
    let expected = json!({
        "account": ALICE, "revoked": [lost], "kept": [laptop], "enrol_again": true,
        "invitation": null, "invitation_expires_at": null,
    });
    assert_eq!(reset, expected);
    assert_eq!(checked(&lab, ALICE, "imap", &lost_password), "app_password_revoked");
    assert_eq!(checked(&lab, ALICE, "imap", &laptop_password), "accepted");
    assert_eq!(checked(&lab, ALICE, "imap", PASSWORD), "enrolment_required");
    assert_eq!(checked(&lab, ALICE, "webmail", PASSWORD), "enrolment_required");
    assert_eq!(checked(&lab, ALICE, "panel", PASSWORD), "accepted");
    // The old codes are nothing but the end of a wrong password.
    for old in [code(&secret, 1), codes[0].clone()] {
        assert_eq!(checked(&lab, ALICE, "webmail", &format!("{PASSWORD}{old}")), "wrong_password");
    }
    assert_eq!(lab.json(["session", "list", ALICE]), json!([]));
    // An exemption does not open it: the reset counts before everything.
    lab.run(["require", "set", ALICE, "never"]).done();
    assert_eq!(checked(&lab, ALICE, "imap", PASSWORD), "enrolment_required");
    assert_eq!(lab.json(["require", "list"])[1]["two_factor"], "again");
    lab.enrol();
    assert_eq!(lab.json(["user", "show", ALICE])["two_factor_required"], "never");
    let log = lab.json(["log", ALICE]);
    let events: Vec<&str> = log.as_array().unwrap().iter().map(|entry| entry["event"].as_str().unwrap()).collect();
    assert!(events.contains(&"two_factor_reset") && events.contains(&"app_password_revoked"), "{events:?}");
}

#[test]
fn a_reset_is_taken_back_by_turning_2fa_off_and_may_ask_for_nothing() {
    let lab = Lab::with_alice();
    lab.enrol();
    lab.run(["user", "reset-2fa", ALICE]).done();
    assert_eq!(checked(&lab, ALICE, "imap", PASSWORD), "enrolment_required");
    lab.run(["totp", "disable", ALICE]).done();
    assert_eq!(checked(&lab, ALICE, "imap", PASSWORD), "accepted");
    lab.enrol();
    lab.run(["user", "reset-2fa", ALICE, "--turn-off"]).done();
    assert_eq!(checked(&lab, ALICE, "imap", PASSWORD), "accepted");
}

#[test]
fn a_renamed_account_opens_under_its_new_name_with_all_that_it_had() {
    let lab = Lab::with_alice();
    let (_, codes) = lab.enrol();
    let (_, app) = app_password(&lab, "Phone");
    let new = "alice.b@example.net";
    assert_eq!(lab.json(["user", "rename", ALICE, "Alice.B@Example.NET"]), json!({"account": new, "former": ALICE}));
    assert_eq!(checked(&lab, new, "imap", &app), "accepted");
    assert_eq!(checked(&lab, new, "webmail", &format!("{PASSWORD}{}", codes[0])), "accepted");
    assert_eq!(checked(&lab, ALICE, "imap", &app), "unknown_account");
    lab.add(ALICE);
    lab.run(["user", "rename", ALICE, new]).failed(5, "exists already");
    lab.run(["user", "rename", ALICE, ALICE]).failed(2, "are the same");
    lab.run(["user", "rename", "bob@example.org", "x@example.org"]).failed(4, "there is no account");
}

#[test]
fn a_domain_is_renamed_as_a_whole_or_not_at_all() {
    let lab = Lab::with_alice();
    lab.add("bob@example.org");
    lab.add("bob@example.net");
    lab.run(["require", "set", "@example.org", "2099-01-01"]).done();
    lab.run(["domain", "rename", "example.org", "example.net"]).failed(5, "bob@example.org");
    lab.run(["domain", "rename", "example.org", "example.net", "--dry-run"]).failed(5, "bob@example.org");
    lab.run(["user", "remove", "bob@example.net", "--yes"]).done();
    let dry = lab.json(["domain", "rename", "example.org", "example.net", "--dry-run"]);
    assert_eq!(dry, json!({"domain": "example.net", "former": "example.org", "accounts": 2, "dry_run": true}));
    assert_eq!(checked(&lab, ALICE, "imap", PASSWORD), "accepted");
    assert_eq!(lab.json(["domain", "rename", "@example.org", "@example.net"])["accounts"], 2);
    assert_eq!(checked(&lab, "alice@example.net", "imap", PASSWORD), "accepted");
    assert_eq!(checked(&lab, ALICE, "imap", PASSWORD), "unknown_account");
    assert_eq!(lab.json(["require", "list"])[1]["what"], "@example.net");
    assert_eq!(lab.json(["log", "bob@example.net"])[0]["event"], "account_renamed");
    lab.run(["domain", "rename", "example.org", "example.net"]).failed(4, "no account has a name in @example.org");
    lab.run(["domain", "rename", "example.net", "example.net"]).failed(2, "are the same");
    lab.run(["domain", "rename", "exa mple", "example.net"]).failed(2, "is no domain");
}

#[test]
fn an_old_phone_goes_by_number_or_name_while_the_new_one_counts() {
    let lab = Lab::with_alice();
    lab.enrol();
    lab.run(["totp", "remove", ALICE, "1"]).failed(3, "mailkey totp disable");
    let begun = lab.json(["totp", "enroll", ALICE, "--name", "New phone"]);
    let waiting = lab.json(["totp", "list", ALICE]);
    assert_eq!((&waiting[1]["number"], &waiting[1]["name"]), (&json!(2), &json!("New phone")));
    assert!(waiting[1]["confirmed_at"].is_null());
    lab.run(["totp", "remove", ALICE, "New phone"]).failed(4, "whose codes count");
    let secret = begun["secret"].as_str().unwrap();
    lab.json_with(["totp", "confirm", ALICE], &code(secret, 0));
    let removed = lab.json(["totp", "remove", ALICE, "Authenticator app"]);
    assert_eq!(removed, json!({"account": ALICE, "number": 1, "name": "Authenticator app", "removed": true}));
    assert_eq!(checked(&lab, ALICE, "webmail", &format!("{PASSWORD}{}", code(secret, 1))), "accepted");
    lab.run(["totp", "remove", ALICE, "1"]).failed(4, "has no authenticator");
    assert_eq!(lab.json(["totp", "list", ALICE]).as_array().unwrap().len(), 1);
}

#[test]
fn a_new_password_keeps_or_revokes_app_passwords_as_is_set_or_said() {
    let lab = Lab::with_alice();
    let passwd = |options: &[&str]| {
        let arguments = [&["user", "passwd", ALICE, "--password-stdin"], options].concat();
        lab.run_with(arguments, "another horse").done().out
    };
    app_password(&lab, "Phone");
    app_password(&lab, "Laptop");
    passwd(&[]);
    let count = || lab.json(["user", "show", ALICE])["app_passwords"].clone();
    assert_eq!(count(), 2);
    assert!(passwd(&["--revoke-app-passwords"]).contains("its 2 app passwords are revoked"));
    assert_eq!(count(), 0);
    let text = std::fs::read_to_string(lab.config()).unwrap();
    std::fs::write(lab.config(), format!("password_change_revokes = true\n{text}")).unwrap();
    app_password(&lab, "Phone");
    passwd(&["--keep-app-passwords"]);
    assert_eq!(count(), 1);
    assert!(passwd(&[]).contains("its app password is revoked"));
    assert_eq!(count(), 0);
}
