//! Sessions of the panel and of a webmail: seen, ended, and over by themselves.

use crate::account::Account;
use crate::browser::Look;
use crate::clients::{HERE, accepted};
use crate::panel::{Panel, Settings};
use crate::stage::test;
use crate::store;
use crate::visitor::Visitor;

/// A session credential as a webmail's plugin makes it.
pub fn session_credential() -> String {
    let random: [u8; 26] = mailkey::credential::random().unwrap();
    let alphabet = b"0123456789abcdefghjkmnpqrstvwxyz";
    let symbol = |value: u8| char::from(alphabet[usize::from(value)]);
    "mks-".to_string() + &random.iter().flat_map(|byte| [symbol(byte & 31), symbol(byte >> 3)]).collect::<String>()
}

/// Opens a webmail session of an account without 2FA.
pub async fn open_webmail(account: &Account) -> String {
    let credential = session_credential();
    let opening = format!("mkopen:{credential}::{}", account.password);
    assert!(accepted("webmail", &account.address, &opening, HERE).await);
    assert!(accepted("webmail", &account.address, &credential, HERE).await);
    credential
}

#[test]
fn of_two_browsers_one_signs_the_other_out() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let webmail = open_webmail(&account).await;
        let (panel, browser) = stage.panel_and_browser().await;
        let other = stage.browser(&panel, Look::default()).await;
        browser.sign_in(&mut account).await;
        other.sign_in(&mut account).await;
        browser.open("/activity").await;
        browser.picture("activity").await;
        assert_eq!(browser.shown("form[action*='/sessions/panel/'] button").await, 1);
        assert_eq!(browser.shown("form[action*='/sessions/webmail/'] button").await, 1);
        assert!(browser.text().await.contains("Chrome, Linux"), "{}", browser.text().await);
        browser.submit("/sessions/end-others").await;
        browser.at("/activity").await;
        browser.seen("[role='status']").await;
        other.open("/").await;
        other.at("/sign-in").await;
        assert!(!accepted("webmail", &account.address, &webmail, HERE).await);
        browser.open("/app-passwords").await;
        browser.at("/app-passwords").await;
    });
}

#[test]
fn a_single_session_of_each_kind_is_ended_by_its_button() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let webmail = open_webmail(&account).await;
        let (panel, browser) = stage.panel_and_browser().await;
        let other = stage.browser(&panel, Look::default()).await;
        browser.sign_in(&mut account).await;
        other.sign_in(&mut account).await;
        for kind in ["panel", "webmail"] {
            browser.open("/activity").await;
            browser.click(&format!("form[action*='/sessions/{kind}/'][action$='/end'] button")).await;
            browser.at("/activity").await;
            browser.seen("[role='status']").await;
        }
        other.open("/two-factor").await;
        other.at("/sign-in").await;
        assert!(!accepted("webmail", &account.address, &webmail, HERE).await);
        browser.open("/two-factor").await;
        browser.at("/two-factor").await;
    });
}

#[test]
fn an_idle_session_ends_and_the_sign_in_says_why() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings::tls().panel("session_idle = 60")).await;
        let browser = stage.browser(&panel, Look::default()).await;
        browser.sign_in(&mut account).await;
        store::age_use(&account.address, 40);
        browser.open("/app-passwords").await;
        browser.at("/app-passwords").await;
        // That was a use: another 40 seconds are nothing.
        store::age_use(&account.address, 40);
        browser.open("/app-passwords").await;
        browser.at("/app-passwords").await;
        store::age_use(&account.address, 61);
        browser.open("/app-passwords").await;
        browser.at("/sign-in").await;
        browser.seen("[role='alert'], [role='status'], [role='note']").await;
        browser.picture("session-ended").await;
        browser.sign_in(&mut account).await;
    });
}

#[test]
fn however_much_it_is_used_a_session_has_an_end() {
    test(async |_| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings::behind().panel("session_absolute = 1000")).await;
        let mut visitor = Visitor::of(&panel);
        visitor.sign_in(&mut account).await;
        store::age_session(&account.address, 990);
        assert!(visitor.is_signed_in().await);
        store::age_session(&account.address, 11);
        assert!(!visitor.is_signed_in().await);
        visitor
            .post("/app-passwords", &[("name", "Late"), ("protocols", "imap")])
            .await
            .assert_goes_to("/sign-in?ended");
        assert!(account.app_passwords().is_empty());
    });
}

#[test]
fn a_restart_of_the_panel_signs_nobody_out_and_forgets_what_was_shown_once() {
    test(async |_| {
        let mut account = Account::new().await;
        let first = Panel::start(Settings::behind()).await;
        let mut visitor = Visitor::of(&first);
        visitor.sign_in(&mut account).await;
        let (id, _) = visitor.make_app_password("Phone").await;
        drop(first);
        let second = Panel::start(Settings::behind()).await;
        let mut visitor = visitor.to(&second);
        assert!(visitor.is_signed_in().await);
        visitor.get(&format!("/app-passwords/{id}/created")).await.assert_status(404);
    });
}
