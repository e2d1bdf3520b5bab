//! What a login is worth a letter for.

use mailkey::notice::NoticeKind;

use crate::harness::*;

const SENDER: &str = "[notices]\nfrom = \"noreply@example.org\"";

/// An instance that sends notices, with Alice, who has 2FA on.
fn with_alice() -> Option<(Site, Factors)> {
    let mut site = Site::new()?;
    site.configure(SENDER);
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    Some((site, factors))
}

macro_rules! with_alice {
    () => {
        match with_alice() {
            Some(found) => found,
            None => return,
        }
    };
}

/// What waits to be told, with the address that it names.
fn waiting(site: &Site) -> Vec<(NoticeKind, String)> {
    let due = site.store().notices_due(now() + 1, 100).unwrap();
    due.into_iter().map(|notice| (notice.kind, notice.address)).collect()
}

fn wrong_code(factors: &Factors, number: u32) -> String {
    let near: Vec<String> = (-3..=3).map(|offset| factors.code(offset)).collect();
    (0..).map(|more| format!("{:06}", 100_000 + number * 1000 + more)).find(|code| !near.contains(code)).unwrap()
}

#[test]
fn a_recovery_code_that_was_used_is_told_with_those_that_are_left() {
    let (site, factors) = with_alice!();
    let presented = format!("{PASSWORD}{}", factors.recovery_codes[0]);
    assert!(site.client().login_from("mailkey-webmail", ALICE, "192.0.2.1", &presented).opened());
    let notice = site.store().notices_due(now() + 1, 10).unwrap().remove(0);
    assert_eq!((notice.kind, notice.codes_left), (NoticeKind::RecoveryCodeUsed, Some(9)));
    assert_eq!((notice.mode.as_str(), notice.address.as_str()), ("webmail", "192.0.2.1"));
}

#[test]
fn a_sign_in_from_another_network_is_told_once_and_the_first_one_is_not() {
    let (site, factors) = with_alice!();
    let mut client = site.client();
    let mut sign_in = |service: &str, rhost: &str, code: &str| {
        assert!(client.login_from(service, ALICE, rhost, &format!("{PASSWORD}{code}")).opened());
    };
    sign_in("mailkey-webmail", "192.0.2.1", &factors.code(-1));
    assert_eq!(waiting(&site), []);
    sign_in("mailkey-panel", "192.0.2.99", &factors.code(0));
    assert_eq!(waiting(&site), [], "a neighbour in the same network");
    sign_in("mailkey-panel", "198.51.100.1", &factors.code(1));
    assert_eq!(waiting(&site), [(NoticeKind::NewNetwork, "198.51.100.1".into())]);
    sign_in("mailkey-webmail", "198.51.100.2", &factors.recovery_codes[0]);
    assert_eq!(waiting(&site).len(), 2, "the recovery code, and no new network");
}

#[test]
fn mail_apps_come_from_everywhere_and_a_webmail_that_keeps_its_users_address_tells_nothing() {
    let (mut site, factors) = with_alice!();
    site.configure(&format!("webmail_hosts = [\"192.0.2.80\"]\n{SENDER}"));
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    for rhost in ["192.0.2.1", "198.51.100.1", "203.0.113.1"] {
        assert!(client.login_from("mailkey-imap", ALICE, rhost, &app).opened());
    }
    let offsets = [-1, 0, 1];
    for (rhost, offset) in ["203.0.113.7", "192.0.2.80", "127.0.0.1"].into_iter().zip(offsets) {
        let presented = format!("{PASSWORD}{}", factors.code(offset));
        assert!(client.login_from("mailkey-webmail", ALICE, rhost, &presented).opened());
    }
    assert_eq!(waiting(&site), []);
}

#[test]
fn who_tries_codes_is_told_of_once_an_hour_and_a_slip_of_the_finger_is_not() {
    let (site, factors) = with_alice!();
    let mut client = site.client();
    let mut guess = |number| {
        let presented = format!("{PASSWORD}{}", wrong_code(&factors, number));
        assert!(!client.login_from("mailkey-panel", ALICE, "192.0.2.66", &presented).opened());
    };
    (0..4).for_each(&mut guess);
    assert_eq!(waiting(&site), []);
    (4..9).for_each(&mut guess);
    assert_eq!(waiting(&site), [(NoticeKind::CodeGuessing, "192.0.2.66".into())]);
}

#[test]
fn wrong_passwords_are_told_to_nobody() {
    let (site, _) = with_alice!();
    let mut client = site.client();
    for number in 0..12 {
        client.login_from("mailkey-imap", ALICE, "192.0.2.66", &format!("wrong horse {number}"));
        client.login_from("mailkey-panel", ALICE, "192.0.2.66", &format!("wrong horse {number}"));
    }
    assert_eq!(waiting(&site), []);
}

#[test]
fn where_the_site_sends_none_and_where_somebody_wants_none_nothing_is_queued() {
    let (mut site, factors) = with_alice!();
    let uid = site.account(ALICE).uid;
    let mut client = site.client();
    site.store()
        .set_notice_settings(uid, &mailkey::notice::NoticeSettings { enabled: false, ..Default::default() })
        .unwrap();
    assert!(
        client.login_from("mailkey-webmail", ALICE, "", &format!("{PASSWORD}{}", factors.recovery_codes[0])).opened()
    );
    site.store().set_notice_settings(uid, &Default::default()).unwrap();
    site.configure("");
    assert!(
        client.login_from("mailkey-webmail", ALICE, "", &format!("{PASSWORD}{}", factors.recovery_codes[1])).opened()
    );
    assert_eq!(waiting(&site), []);
}

#[test]
fn a_database_that_cannot_be_written_keeps_nobody_from_signing_in() {
    let (site, factors) = with_alice!();
    let database = rusqlite::Connection::open(&site.config.database).unwrap();
    database.execute_batch("DROP TABLE known_network; ALTER TABLE notice RENAME TO elsewhere").unwrap();
    let mut client = site.client();
    assert!(
        client.login_from("mailkey-webmail", ALICE, "192.0.2.1", &format!("{PASSWORD}{}", factors.code(0))).opened()
    );
    let recovery_code = format!("{PASSWORD}{}", factors.recovery_codes[0]);
    assert!(client.login_from("mailkey-webmail", ALICE, "192.0.2.1", &recovery_code).opened());
}
