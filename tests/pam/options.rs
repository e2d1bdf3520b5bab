//! The module's arguments and files through libpam: what is wrong is refused with one line that says what to do.

use std::os::unix::fs::PermissionsExt;

use crate::harness::*;

/// The detail of the one LOG_ERR line that a refused login leaves.
#[track_caller]
fn refused(site: &Site, client: &mut Client, presented: &str) -> String {
    let answer = client.login("mailkey-imap", ALICE, presented);
    let line = site.log_line();
    assert_eq!((answer.auth, answer.account), (UNAVAIL, None), "{line}");
    // LOG_AUTHPRIV | LOG_ERR
    assert!(line.starts_with("<83>"), "{line}");
    assert_eq!(field(&line, "result"), "unavailable");
    line
}

#[test]
fn every_bad_argument_is_refused() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    for argument in [
        "nonsense",
        "mode=imap",
        "protocol=http",
        "primary=ldap",
        "finish",
        "stack_user=local",
        "unknown_account=reject",
        "primary=stack stack_user=short",
        "primary=stack unknown_account=maybe",
        "debug=yes",
        "mode=client mode=webmail",
        "try_first_pass=1",
    ] {
        site.pam_file("mailkey-imap", &site.store_lines(argument));
        let line = refused(&site, &mut client, PASSWORD);
        assert_eq!(field(&line, "reason"), "bad_option", "{argument}: {line}");
    }
    site.pam_file("mailkey-imap", &site.store_lines(""));
    assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
}

#[test]
fn use_first_pass_asks_for_nothing_and_try_first_pass_asks_once() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    site.pam_file("mailkey-imap", &site.store_lines("use_first_pass"));
    let answer = client.login("mailkey-imap", ALICE, PASSWORD);
    assert_eq!((answer.opened(), answer.prompts), (false, 0));
    assert_eq!(field(&site.log_line(), "reason"), "conversation_failed");
    site.pam_file("mailkey-imap", &site.store_lines("try_first_pass"));
    let answer = client.login("mailkey-imap", ALICE, PASSWORD);
    assert_eq!((answer.opened(), answer.prompts), (true, 1));
}

#[test]
fn debug_adds_a_line_without_what_was_presented() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    site.pam_file("mailkey-imap", &site.store_lines("debug"));
    assert!(site.client().login("mailkey-imap", ALICE, PASSWORD).opened());
    let lines = site.log_lines();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("<87>") && lines[0].contains("debug service=mailkey-imap"), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("horse")));
}

#[test]
fn a_configuration_or_key_that_others_may_write_is_refused_until_it_is_mended() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
    site.log_lines();
    for (file, bad, good) in
        [("mailkey.toml", 0o664, 0o644), ("mailkey.toml", 0o646, 0o644), ("key", 0o644, 0o640), ("key", 0o660, 0o640)]
    {
        let path = site.path(file);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(bad)).unwrap();
        let line = refused(&site, &mut client, PASSWORD);
        assert!(field(&line, "reason") == "bad_config" && line.contains("chmod"), "{line}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(good)).unwrap();
        assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
        site.log_lines();
    }
}

#[test]
fn a_configuration_with_an_unknown_setting_is_refused_and_a_mended_one_is_read_without_a_restart() {
    let mut site = site!();
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
    site.log_lines();
    site.write_config("database = \"/x\"\nkey = \"/y\"\nrequire_2fa_please = true\n");
    assert!(refused(&site, &mut client, PASSWORD).contains("require_2fa_please"));
    site.write_config("this is not toml");
    refused(&site, &mut client, PASSWORD);
    std::fs::remove_file(site.path("mailkey.toml")).unwrap();
    assert!(refused(&site, &mut client, PASSWORD).contains("mailkey init"));
    site.configure("require_2fa = true");
    assert_eq!(client.login("mailkey-imap", ALICE, PASSWORD).auth, AUTH_ERR);
    assert_eq!(field(&site.log_line(), "reason"), "enrolment_required");
}
