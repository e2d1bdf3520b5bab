//! Limits of app passwords: protocols, networks, expiry, revocation.

use crate::harness::*;
use mailkey::account::Protocol;

#[track_caller]
fn reason(site: &Site, client: &mut Client, service: &str, rhost: &str, presented: &str) -> String {
    let answer = client.login_from(service, ALICE, rhost, presented);
    let line = site.log_line();
    assert_eq!(answer.opened(), field(&line, "result") == "accepted", "{line}");
    if answer.opened() { "accepted".into() } else { field(&line, "reason") }
}

#[test]
fn an_app_password_opens_its_protocols_only_and_submission_counts_as_smtp() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_limited(ALICE, &[Protocol::Imap, Protocol::Smtp], &[], None);
    let mut client = site.client();
    for (service, expected) in [
        ("mailkey-imap", "accepted"),
        ("mailkey-smtp", "accepted"),
        ("mailkey-submission", "accepted"),
        ("mailkey-pop3", "protocol_not_allowed"),
        ("mailkey-sieve", "protocol_not_allowed"),
    ] {
        assert_eq!(reason(&site, &mut client, service, "192.0.2.1", &app), expected, "{service}");
    }
}

#[test]
fn an_app_password_opens_from_its_networks_only_and_never_without_an_address() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_limited(ALICE, &Protocol::ALL, &["192.0.2.0/24", "2001:db8:1::/48", "198.51.100.7"], None);
    let mut client = site.client();
    for (rhost, expected) in [
        ("192.0.2.255", "accepted"),
        ("::ffff:192.0.2.9", "accepted"),
        ("2001:db8:1:2::3", "accepted"),
        ("198.51.100.7", "accepted"),
        ("198.51.100.8", "network_not_allowed"),
        ("192.0.3.0", "network_not_allowed"),
        ("2001:db8:2::1", "network_not_allowed"),
        ("", "network_not_allowed"),
        ("mail.example.org", "network_not_allowed"),
        ("192.0.2.1.evil", "network_not_allowed"),
    ] {
        assert_eq!(reason(&site, &mut client, "mailkey-imap", rhost, &app), expected, "{rhost}");
    }
}

#[test]
fn an_expired_app_password_is_told_apart_from_a_wrong_one() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let expired = site.add_limited(ALICE, &Protocol::ALL, &[], Some(now() - 1));
    let valid = site.add_limited(ALICE, &Protocol::ALL, &[], Some(now() + 60));
    let mut client = site.client();
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "", &expired), "app_password_expired");
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "", &valid), "accepted");
    let wrong = format!("{}-0000-0000-0000-0000", &valid[..4]);
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "", &wrong), "wrong_app_password");
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "", "0000-0000-0000-0000-0000"), "wrong_app_password");
}

#[test]
fn a_limit_holds_for_an_app_password_that_this_worker_has_just_verified() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_limited(ALICE, &[Protocol::Imap], &["192.0.2.0/24"], None);
    let mut client = site.client();
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.1", &app), "accepted");
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "203.0.113.1", &app), "network_not_allowed");
    assert_eq!(reason(&site, &mut client, "mailkey-pop3", "192.0.2.1", &app), "protocol_not_allowed");
    site.revoke(ALICE, &app);
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.1", &app), "app_password_revoked");
}

#[test]
fn an_app_password_may_be_typed_without_dashes_and_in_capitals() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    for spelling in [app.to_uppercase(), app.replace('-', ""), app.replace('-', " "), format!(" {app} ")] {
        assert_eq!(reason(&site, &mut client, "mailkey-imap", "", &spelling), "accepted", "{spelling}");
    }
}

#[test]
fn last_use_says_when_from_where_and_how() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let uid = site.account(ALICE).uid;
    let last_use = || site.store().app_passwords(uid).unwrap().remove(0).last_use;
    assert_eq!(last_use(), None);
    let mut client = site.client();
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "::ffff:192.0.2.9", &app), "accepted");
    let first = last_use().unwrap();
    assert!((now() - first.at).abs() < 5 && first.from == "192.0.2.9" && first.protocol == "imap");
    assert_eq!(reason(&site, &mut client, "mailkey-smtp", "198.51.100.1", &app), "accepted");
    let second = last_use().unwrap();
    assert_eq!((second.from.as_str(), second.protocol.as_str()), ("198.51.100.1", "smtp"));
    let wrong = format!("{}-0000-0000-0000-0000", &app[..4]);
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "203.0.113.9", &wrong), "wrong_app_password");
    assert_eq!(last_use().unwrap(), second);
}

#[test]
fn a_wrong_app_password_writes_nothing_because_anybody_can_present_one() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    let wrong = format!("{}-0000-0000-0000-0000", &app[..4]);
    for presented in [wrong.as_str(), "0000-0000-0000-0000-0000"] {
        assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.1", presented), "wrong_app_password");
    }
    assert!(site.store().activity(None, 10).unwrap().is_empty());
    // A revoked one is somebody's own device: that is worth an entry.
    site.revoke(ALICE, &app);
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.1", &app), "app_password_revoked");
    assert_eq!(site.store().activity(None, 10).unwrap().len(), 1);
}

#[test]
fn activity_names_what_opened_and_what_did_not() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    for presented in [app.as_str(), "wrong one", "wrong one", PASSWORD] {
        client.login("mailkey-imap", ALICE, presented);
    }
    let activity = site.store().activity(None, 10).unwrap();
    let seen: Vec<_> = activity
        .iter()
        .map(|entry| {
            (entry.activity.event.as_str(), entry.activity.reason.as_str(), entry.activity.method.as_str(), entry.count)
        })
        .collect();
    assert!(seen.contains(&("accepted", "", "app_password", 1)), "{seen:?}");
    assert!(seen.contains(&("refused", "wrong_password", "password", 2)), "{seen:?}");
    assert!(seen.contains(&("accepted", "", "password", 1)), "{seen:?}");
}
