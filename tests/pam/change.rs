//! pam_chauthtok: the primary password that mailkey keeps.

use crate::harness::*;

const NEW: &str = "a new and better one";

fn change(client: &mut Client, old: &str, new: &str) -> Answer {
    client.send("change", "mailkey-webmail", &[ALICE.as_bytes(), b"", old.as_bytes(), new.as_bytes()])
}

#[test]
fn the_password_changes_when_the_old_one_is_right() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    assert_eq!(change(&mut client, "wrong", NEW).auth, AUTH_ERR);
    assert_eq!(field(&site.log_line(), "reason"), "wrong_password");
    assert_eq!(change(&mut client, &app, NEW).auth, AUTH_ERR);
    assert_eq!(field(&site.log_line(), "reason"), "app_password_not_allowed_here");
    assert_eq!(change(&mut client, PASSWORD, NEW).auth, SUCCESS);
    let line = site.log_line();
    assert!(line.contains("result=accepted") && line.contains("operation=password_change"), "{line}");
    assert_eq!(client.login("mailkey-imap", ALICE, PASSWORD).auth, AUTH_ERR);
    assert!(client.login("mailkey-imap", ALICE, NEW).opened());
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
}

#[test]
fn a_new_password_against_the_rules_is_refused_with_the_rule() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    for (new, rule) in [
        ("short", "at least 10"),
        ("k7m2-9xqd-0011-abcd-efgh", "looks like an app password"),
        (PASSWORD, "same as before"),
        (ALICE, "the account's name"),
    ] {
        let answer = change(&mut client, PASSWORD, new);
        assert_eq!(answer.auth, AUTHTOK_ERR, "{new}");
        assert!(answer.message.contains(rule), "{new}: {}", answer.message);
        assert_eq!(field(&site.log_line(), "reason"), "password_refused");
    }
    assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
}

#[test]
fn with_2fa_on_the_old_password_comes_with_a_code() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let mut client = site.client();
    wait_for_room_in_step();
    assert_eq!(change(&mut client, PASSWORD, NEW).auth, AUTH_ERR);
    assert_eq!(field(&site.log_line(), "reason"), "code_required");
    let presented = format!("{PASSWORD}{}", factors.code(0));
    assert_eq!(change(&mut client, &presented, NEW).auth, SUCCESS);
    assert_eq!(change(&mut client, &format!("{NEW}{}", factors.code(0)), "yet another password").auth, AUTH_ERR);
    assert!(client.login("mailkey-webmail", ALICE, &format!("{NEW}{}", factors.code(1))).opened());
}

#[test]
fn where_2fa_is_required_the_password_alone_changes_nothing() {
    let mut site = site!();
    site.configure("require_2fa = true");
    site.add_account(ALICE, PASSWORD);
    assert_eq!(change(&mut site.client(), PASSWORD, NEW).auth, AUTH_ERR);
    assert_eq!(field(&site.log_line(), "reason"), "enrolment_required");
}

#[test]
fn an_account_that_changed_while_the_new_password_was_typed_is_left_alone() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let between = format!("sqlite3 {} 'UPDATE account SET version = version + 1'", site.config.database.display());
    let mut client = Client::start_with(&site, &format!("export MAILKEY_TEST_BETWEEN=\"{between}\""), "");
    assert_eq!(change(&mut client, PASSWORD, NEW).auth, AUTHTOK_ERR);
    assert_eq!(field(&site.log_line(), "reason"), "account_changed");
    assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
}

#[test]
fn in_front_of_another_module_the_change_is_left_to_that() {
    let site = site!();
    let lines = site.store_lines("").replace("password required", "password [default=die ignore=ignore]");
    site.pam_file(
        "mailkey-webmail",
        &format!("{}password required pam_permit.so\n", lines.replace("toml\n", "toml primary=stack\n")),
    );
    let mut client = site.client();
    assert_eq!(change(&mut client, "anything", NEW).auth, SUCCESS);
    assert!(site.log_lines().is_empty());
}

#[test]
fn a_new_password_revokes_app_passwords_and_waits_for_the_hook_where_the_configuration_says_so() {
    let mut site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    site.configure("password_change_revokes = true\nrevocation_hook = \"dovecot\"");
    let mut client = site.client();
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
    assert_eq!(change(&mut client, PASSWORD, NEW).auth, SUCCESS);
    assert_eq!(client.login("mailkey-imap", ALICE, &app).auth, AUTH_ERR);
    let mut store = mailkey::store::open(&site.config.database, std::time::Duration::from_secs(5)).unwrap();
    let waiting: Vec<_> = store.revocations(9).unwrap();
    assert_eq!(waiting.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), [ALICE]);
}
