//! Changing the account's own password.

use crate::account::{Account, wrong};
use crate::browser::{Browser, Look};
use crate::clients::{ELSEWHERE, accepted};
use crate::stage::test;

async fn change(browser: &Browser, current: &str, code: Option<&str>, new: &str, again: &str) {
    browser.open("/password").await;
    retry(browser, current, code, new, again).await;
}

/// On the page that says what was wrong.
async fn retry(browser: &Browser, current: &str, code: Option<&str>, new: &str, again: &str) {
    browser.fill("current", current).await;
    if let Some(code) = code {
        browser.fill("code", code).await;
    }
    browser.fill("new", new).await;
    browser.fill("again", again).await;
    browser.submit("/password").await;
}

#[test]
fn one_changes_the_password_app_passwords_stay_and_other_browsers_are_signed_out() {
    test(async |stage| {
        let mut account = Account::new().await;
        let (_, app_password) = account.app_password("Phone");
        let (panel, browser) = stage.panel_and_browser().await;
        let other = stage.browser(&panel, Look::default()).await;
        browser.sign_in(&mut account).await;
        other.sign_in(&mut account).await;
        let code = account.code().await;
        change(&browser, &account.password, Some(&code), "a longer Password 2", "a longer Password 2").await;
        browser.seen("[role='status']").await;
        browser.picture("password-changed").await;

        // Whoever changed it goes on; everybody else is out.
        browser.open("/activity").await;
        browser.at("/activity").await;
        other.open("/activity").await;
        other.at("/sign-in").await;
        assert!(accepted("imap", &account.address, &app_password, ELSEWHERE).await);
        other.give_password(&account).await;
        other.at("/sign-in").await;
        other.seen("[role='alert']").await;
        account.password = "a longer Password 2".into();
        other.sign_in(&mut account).await;
    });
}

#[test]
fn with_the_password_all_app_passwords_can_be_revoked() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let (_, app_password) = account.app_password("Phone");
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        browser.open("/password").await;
        browser.picture("password").await;
        browser.click("[name='revoke_app_passwords']").await;
        retry(&browser, &account.password, None, "a longer Password 2", "a longer Password 2").await;
        browser.seen("[role='status']").await;
        assert!(!accepted("imap", &account.address, &app_password, ELSEWHERE).await);
        assert!(!accepted("imap", &account.address, &account.password, ELSEWHERE).await);
        assert!(accepted("imap", &account.address, "a longer Password 2", ELSEWHERE).await);
    });
}

#[test]
fn what_is_wrong_is_said_beside_its_field_and_nothing_changes() {
    test(async |stage| {
        let mut account = Account::new().await;
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        let code = account.code().await;
        let good = "a longer Password 2";
        change(&browser, &account.password, Some(&code), good, "a longer password 2").await;
        browser.complaint("again").await;
        retry(&browser, &account.password, Some(&code), "short", "short").await;
        browser.complaint("new").await;
        retry(&browser, "not the password", Some(&code), good, good).await;
        browser.complaint("current").await;
        retry(&browser, &account.password, Some(&wrong(&code)), good, good).await;
        browser.complaint("code").await;
        browser.picture("password-wrong").await;
        browser.open("/activity").await;
        browser.at("/activity").await;
        // None of that used the code up.
        change(&browser, &account.password, Some(&code), good, good).await;
        browser.seen("[role='status']").await;
    });
}
