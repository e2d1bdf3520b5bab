//! Accounts and app passwords, through their whole life.

use serde_json::json;

use crate::lab::{ALICE, Lab, PASSWORD, code};

/// Whether a text is a time as JSON output has it.
fn is_rfc3339(value: &serde_json::Value) -> bool {
    value.as_str().is_some_and(|text| {
        let shape: String = text.chars().map(|symbol| if symbol.is_ascii_digit() { '9' } else { symbol }).collect();
        shape == "9999-99-99T99:99:99Z"
    })
}

#[test]
fn an_account_lives_from_add_to_remove() {
    let lab = Lab::new();
    let made = lab.json_with(["user", "add", "Alice@Example.ORG", "--password-stdin"], PASSWORD);
    assert!(is_rfc3339(&made["created_at"]), "{made}");
    let mut expected = json!({
        "account": ALICE, "enabled": true, "has_password": true, "two_factor": false, "enrolment_pending": false,
        "two_factor_required": "never", "two_factor_required_from": null, "invited_until": null,
        "app_passwords": 0, "recovery_codes": 0, "created_at": made["created_at"],
    });
    assert_eq!(made, expected);
    assert_eq!(lab.json(["user", "show", ALICE]), expected);

    lab.run(["totp", "enroll", ALICE, "--json"]).done();
    expected["enrolment_pending"] = json!(true);
    assert_eq!(lab.json(["user", "show", ALICE]), expected);

    let (_, codes) = lab.enrol();
    assert_eq!(codes.len(), 10);
    expected["enrolment_pending"] = json!(false);
    expected["two_factor"] = json!(true);
    expected["recovery_codes"] = json!(10);
    assert_eq!(lab.json(["user", "show", ALICE]), expected);

    let phone = lab.json(["app-password", "add", ALICE, "--name", "Phone"]);
    lab.json(["app-password", "add", ALICE, "--name", "Tablet"]);
    expected["app_passwords"] = json!(2);
    assert_eq!(lab.json(["user", "list"]), json!([expected]));

    expected["enabled"] = json!(false);
    assert_eq!(lab.json(["user", "disable", ALICE]), expected);
    assert_eq!(lab.json(["user", "disable", ALICE]), expected);
    expected["enabled"] = json!(true);
    assert_eq!(lab.json(["user", "enable", ALICE]), expected);
    assert_eq!(lab.json_with(["user", "passwd", ALICE, "--password-stdin"], "another horse\r\n"), expected);
    let check = ["check", ALICE, "--service", "panel"];
    assert_eq!(lab.run_with(check, format!("another horse{}", codes[0])).code, 0);
    assert_eq!(lab.run_with(check, format!("{PASSWORD}{}", codes[0])).code, 3);

    let revoked = lab.json(["app-password", "revoke", ALICE, phone["id"].as_str().unwrap()]);
    assert_eq!(revoked, json!({"account": ALICE, "revoked": [phone["id"]]}));
    expected["app_passwords"] = json!(1);
    assert_eq!(lab.json(["totp", "disable", ALICE]), json!({"account": ALICE, "two_factor": false}));
    expected["two_factor"] = json!(false);
    expected["recovery_codes"] = json!(0);
    assert_eq!(lab.json(["user", "show", ALICE]), expected);

    assert_eq!(lab.json(["user", "remove", ALICE, "--yes"]), json!({"account": ALICE, "removed": true}));
    assert_eq!(lab.json(["user", "list"]), json!([]));
    // The same name again inherits nothing.
    lab.add(ALICE);
    assert_eq!(lab.json(["app-password", "list", ALICE, "--revoked"]), json!([]));
    assert_eq!(lab.json(["log", ALICE]).as_array().unwrap().len(), 1);
}

#[test]
fn an_account_that_exists_is_not_made_again() {
    let lab = Lab::with_alice();
    lab.run_with(["user", "add", ALICE, "--password-stdin"], "quite another password")
        .failed(5, "the account alice@example.org exists already");
    lab.run_with(["check", ALICE, "--service", "imap"], PASSWORD).done();
}

#[test]
fn an_account_without_a_password_is_opened_by_none() {
    let lab = Lab::new();
    let made = lab.json(["user", "add", ALICE, "--no-password"]);
    assert_eq!(made["has_password"], json!(false));
    let refused = lab.run_with(["check", ALICE, "--service", "imap"], PASSWORD);
    assert!(refused.code == 3 && refused.out.contains("--primary stack"), "{}", refused.out);
    let stack = ["check", ALICE, "--service", "imap", "--primary", "stack"];
    assert!(lab.run_with(stack, PASSWORD).done().out.contains("if the other PAM module accepts the password"));
}

#[test]
fn an_app_password_says_where_it_came_from_and_what_it_opens() {
    let lab = Lab::with_alice();
    let made = lab.json([
        "app-password",
        "add",
        ALICE,
        "--name",
        "Zoë's phone",
        "--protocol",
        "imap,submission",
        "--protocol",
        "sieve",
        "--from",
        "192.0.2.7/24",
        "--from",
        "2001:db8::1",
        "--expires",
        "2099-01-31",
    ]);
    let id = made["id"].as_str().unwrap();
    let password = made["password"].as_str().unwrap();
    assert!(password.len() == 24 && password.starts_with(id), "{made}");
    assert!(is_rfc3339(&made["created_at"]), "{made}");
    assert_eq!(
        made,
        json!({
            "id": id, "password": password, "name": "Zoë's phone", "protocols": ["imap", "smtp", "sieve"],
            "networks": ["192.0.2.0/24", "2001:db8::1/128"], "created_at": made["created_at"],
            "expires_at": "2099-01-31T00:00:00Z",
        })
    );
    let listed = lab.json(["app-password", "list", ALICE]);
    assert_eq!(
        listed,
        json!([{
            "id": id, "name": "Zoë's phone", "protocols": ["imap", "smtp", "sieve"],
            "networks": ["192.0.2.0/24", "2001:db8::1/128"], "created_at": made["created_at"],
            "expires_at": "2099-01-31T00:00:00Z", "last_used_at": null, "last_used_from": null,
            "last_used_protocol": null, "revoked_at": null,
        }])
    );
    let opens =
        |service: &str, from: &str| lab.run_with(["check", ALICE, "--service", service, "--from", from], password).code;
    assert_eq!((opens("imap", "192.0.2.200"), opens("smtp", "2001:db8::1")), (0, 0));
    assert_eq!((opens("pop3", "192.0.2.200"), opens("imap", "192.0.3.1")), (3, 3));
}

#[test]
fn a_revoked_app_password_is_listed_only_when_asked_for() {
    let lab = Lab::with_alice();
    let ids: Vec<String> = ["Phone", "Tablet", "Laptop"]
        .map(|name| lab.json(["app-password", "add", ALICE, "--name", name])["id"].as_str().unwrap().to_string())
        .to_vec();
    // Case does not matter, as for the app password itself.
    lab.run(["app-password", "revoke", ALICE, &ids[0].to_uppercase()]).done();
    lab.run(["app-password", "revoke", ALICE, &ids[0]]).failed(4, "was revoked before");
    assert_eq!(lab.json(["app-password", "list", ALICE]).as_array().unwrap().len(), 2);
    let all = lab.json(["app-password", "list", ALICE, "--revoked"]);
    for row in all.as_array().unwrap() {
        assert_eq!(is_rfc3339(&row["revoked_at"]), row["id"] == ids[0].as_str(), "{row}");
    }
    let rest = lab.json(["app-password", "revoke", ALICE, "--all"]);
    assert_eq!(rest["revoked"].as_array().unwrap().len(), 2);
    assert_eq!(lab.json(["app-password", "revoke", ALICE, "--all"])["revoked"], json!([]));
}

#[test]
fn a_list_of_more_accounts_than_one_page_is_complete_and_in_order() {
    let lab = Lab::new();
    // Made in the database at once: one process for each would take a minute.
    let mut connection = rusqlite::Connection::open(lab.path("data/mailkey.db")).unwrap();
    let transaction = connection.transaction().unwrap();
    for number in 0..1001 {
        let insert = "INSERT INTO account (uid, name, created_at) VALUES (randomblob(16), ?1, 1700000000)";
        transaction.execute(insert, [format!("u{number:04}@example.org")]).unwrap();
    }
    transaction.commit().unwrap();
    let listed = lab.json(["user", "list"]);
    let names: Vec<&str> = listed.as_array().unwrap().iter().map(|entry| entry["account"].as_str().unwrap()).collect();
    assert!(names.len() == 1001 && names.is_sorted());
    let text = lab.run(["user", "list"]).done().out;
    assert_eq!(text.lines().count(), 1003);
    assert!(text.ends_with("1001 accounts, 0 with 2FA\n"), "{}", &text[text.len() - 200..]);
}

#[test]
fn the_log_shows_the_newest_first_and_no_more_than_asked_for() {
    let lab = Lab::with_alice();
    lab.add("bob@example.org");
    lab.run(["user", "disable", "bob@example.org"]).done();
    let all = lab.json(["log"]);
    assert_eq!(all[0]["event"], json!("account_disabled"));
    assert_eq!(all[0]["mode"], json!("command"));
    assert!(is_rfc3339(&all[0]["last_at"]), "{all}");
    assert_eq!(lab.json(["log", "--limit", "1"]).as_array().unwrap().len(), 1);
    let of_alice = lab.json(["log", ALICE]);
    assert_eq!(of_alice.as_array().unwrap().len(), 1);
    assert_eq!(of_alice[0]["account"], json!(ALICE));
}

#[test]
fn status_lists_authenticators_with_their_form() {
    let lab = Lab::with_alice();
    let off = lab.json(["totp", "status", ALICE]);
    assert_eq!((&off["two_factor"], &off["authenticators"]), (&json!(false), &json!([])));
    lab.enrol();
    let begun = lab.json(["totp", "enroll", ALICE, "--name", "Tablet"]);
    let status = lab.json(["totp", "status", ALICE]);
    assert_eq!(status["recovery_codes"], json!(10));
    assert_eq!(status["enrolment_pending"], json!(true));
    assert!(is_rfc3339(&status["authenticators"][0]["confirmed_at"]), "{status}");
    assert_eq!(status["authenticators"][1]["name"], json!("Tablet"));
    assert_eq!(status["authenticators"][1]["confirmed_at"], json!(null));
    // A further authenticator keeps the recovery codes.
    let confirmed = lab.json_with(["totp", "confirm", ALICE], &code(begun["secret"].as_str().unwrap(), 0));
    assert_eq!(confirmed, json!({"account": ALICE, "recovery_codes": []}));
}

#[test]
fn sessions_of_webmail_and_panel_are_listed_together_and_all_revoked_at_once() {
    let lab = Lab::with_alice();
    let credential = format!("mks-{:052}", 1);
    let webmail = lab.open_session(ALICE, &credential, 60, "192.0.2.7", "smtp");
    let panel = lab.open_panel_session(ALICE, 7, 30, "Firefox on Linux");
    lab.open_panel_session(ALICE, 8, 900, "too long ago");
    let listed = lab.json(["session", "list", ALICE]);
    let [first, second] = &listed.as_array().unwrap()[..] else { panic!("{listed}") };
    assert!(["opened_at", "last_used_at", "expires_at"].iter().all(|time| is_rfc3339(&first[time])), "{first}");
    assert_eq!(
        *first,
        json!({
            "id": panel, "kind": "panel", "agent": "Firefox on Linux", "method": "totp",
            "opened_at": first["opened_at"], "opened_from": "192.0.2.8", "last_used_at": first["opened_at"],
            "last_used_from": "192.0.2.8", "last_used_protocol": null, "expires_at": first["expires_at"],
        })
    );
    assert_eq!((&second["id"], &second["kind"], &second["agent"]), (&json!(webmail), &json!("exchange"), &json!(null)));
    let revoked = lab.json(["session", "revoke", ALICE, "--all"]);
    // The one that had expired is ended as well.
    assert_eq!(revoked["revoked"].as_array().unwrap().len(), 3);
    assert!(revoked["revoked"].as_array().unwrap().contains(&json!(panel)), "{revoked}");
    assert_eq!(lab.json(["session", "list", ALICE]), json!([]));
    assert_eq!(lab.json(["session", "revoke", ALICE, "--all"])["revoked"], json!([]));
}
