//! Turning two-factor sign-in on, off, and on again; a second authenticator.

use crate::account::{Account, Phone, wrong};
use crate::browser::{Browser, Look};
use crate::clients::{ELSEWHERE, accepted};
use crate::stage::test;
use crate::visitor::in_groups;

async fn confirm(browser: &Browser, code: &str) {
    browser.fill("code", code).await;
    browser.submit("/two-factor/confirm").await;
}

async fn turn_off(browser: &Browser, account: &mut Account) {
    browser.open("/two-factor/off").await;
    browser.fill("password", &account.password).await;
    let code = account.code().await;
    browser.fill("code", &code).await;
    browser.submit("/two-factor/off").await;
    browser.at("/two-factor").await;
}

#[test]
fn one_turns_it_on_with_the_qr_code_on_the_screen_and_a_code_of_the_phone() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        let mut phone = browser.begin_enrolment("Pocket", "enrolment").await;

        // Who has no camera types the secret.
        browser.unfold("#secret").await;
        let shown = browser.seen("#secret").await.text().await.unwrap();
        assert_eq!(shown.split_whitespace().collect::<String>(), phone.secret());

        let code = phone.code().await;
        confirm(&browser, &code).await;
        browser.at("/two-factor/recovery-codes").await;
        let codes = in_groups(&browser.text().await, 3);
        assert_eq!(codes.len(), 10, "{codes:?}");
        browser.picture("recovery-codes").await;
        browser.follow("/two-factor/recovery-codes.txt").await;
        let file = browser.downloaded("txt").await;
        assert_eq!(in_groups(&file, 3), codes, "{file}");
        assert!(file.contains(&account.address), "{file}");

        // Once: they are gone when they were put away.
        browser.submit("/two-factor/recovery-codes/done").await;
        browser.at("/two-factor").await;
        browser.seen("[role='status']").await;
        browser.open("/two-factor/recovery-codes").await;
        let text = browser.text().await;
        assert!(in_groups(&text, 3).is_empty(), "{text}");
        browser.open("/two-factor").await;
        assert!(browser.text().await.contains("Pocket"));
        browser.picture("two-factor-on").await;

        // It counts at once.
        assert!(!accepted("imap", &account.address, &account.password, ELSEWHERE).await);
        browser.sign_out().await;
        account.phone = Some(phone);
        browser.sign_in(&mut account).await;
    });
}

#[test]
fn the_qr_code_is_read_in_the_dark_and_on_a_small_screen() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        browser.dark(true).await;
        let phone = browser.begin_enrolment("Phone", "enrolment-dark").await;
        browser.width(360).await;
        assert_eq!(Phone::scanning(&browser.scan("enrolment-dark-360").await).secret(), phone.secret());
    });
}

#[test]
fn a_wrong_code_is_refused_beside_its_field_and_the_secret_stays() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        let mut phone = browser.begin_enrolment("Phone", "enrolment-first-try").await;
        let code = phone.code().await;
        confirm(&browser, &wrong(&code)).await;
        browser.complaint("code").await;
        assert_eq!(Phone::scanning(&browser.scan("enrolment-wrong-code").await).secret(), phone.secret());
        confirm(&browser, "12 34").await;
        assert!(browser.complaint("code").await.contains('6'), "{}", browser.text().await);
        // Nothing is on before a right code.
        assert!(accepted("imap", &account.address, &account.password, ELSEWHERE).await);
        confirm(&browser, &code).await;
        browser.at("/two-factor/recovery-codes").await;
    });
}

#[test]
fn an_enrolment_that_was_given_up_leaves_nothing() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        browser.begin_enrolment("Phone", "enrolment-to-be-cancelled").await;
        browser.submit("/two-factor/cancel").await;
        browser.at("/two-factor").await;
        browser.open("/two-factor/enrol").await;
        browser.at("/two-factor").await;
        browser.sign_out().await;
        browser.sign_in(&mut account).await;
    });
}

#[test]
fn turned_off_the_password_opens_mail_again_and_turned_on_again_the_old_phone_is_worthless() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        browser.enrol(&mut account, "enrolment-1").await;
        let (_, app_password) = browser.make_app_password("Laptop").await;
        let old_codes = account.recovery_codes.clone();
        assert!(!accepted("imap", &account.address, &account.password, ELSEWHERE).await);

        // Not with the password alone, and not with the code alone.
        browser.open("/two-factor/off").await;
        browser.fill("password", "not the password").await;
        let code = account.code().await;
        browser.fill("code", &code).await;
        browser.submit("/two-factor/off").await;
        browser.complaint("password").await;
        browser.fill("password", &account.password).await;
        browser.fill("code", &wrong(&code)).await;
        browser.submit("/two-factor/off").await;
        browser.complaint("code").await;
        assert!(!accepted("imap", &account.address, &account.password, ELSEWHERE).await);

        turn_off(&browser, &mut account).await;
        browser.picture("two-factor-off").await;
        assert!(accepted("imap", &account.address, &account.password, ELSEWHERE).await);
        // App passwords stay, as README says.
        assert!(accepted("imap", &account.address, &app_password, ELSEWHERE).await);
        let old = account.phone.take().unwrap();

        browser.enrol(&mut account, "enrolment-2").await;
        assert_ne!(account.phone.as_ref().unwrap().secret(), old.secret());
        assert!(old_codes.iter().all(|code| !account.recovery_codes.contains(code)));
        browser.sign_out().await;
        browser.give_password(&account).await;
        browser.at("/sign-in/code").await;
        browser.give_code(&old.any_code()).await;
        browser.complaint("code").await;
        browser.give_recovery_code(&old_codes[0]).await;
        browser.complaint("code").await;
        let code = account.code().await;
        browser.give_code(&code).await;
        browser.at("/").await;
        assert!(accepted("imap", &account.address, &app_password, ELSEWHERE).await);
    });
}

#[test]
fn of_two_authenticators_each_signs_in_and_one_that_was_removed_does_not() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        browser.enrol(&mut account, "enrolment-of-the-first").await;
        let mut second = browser.begin_enrolment("Tablet & Co.", "enrolment-of-the-second").await;
        let code = second.code().await;
        confirm(&browser, &code).await;
        browser.at("/two-factor").await;
        let text = browser.text().await;
        assert!(text.contains("My phone") && text.contains("Tablet & Co."), "{text}");
        browser.picture("two-authenticators").await;

        browser.sign_out().await;
        browser.sign_in(&mut account).await;
        browser.sign_out().await;
        browser.give_password(&account).await;
        browser.at("/sign-in/code").await;
        let code = second.code().await;
        browser.give_code(&code).await;
        browser.at("/").await;

        browser.open("/two-factor").await;
        browser.click("a[href*='/two-factor/authenticators/'][href$='/remove']").await;
        browser.at("/two-factor/authenticators/{}/remove").await;
        assert!(browser.text().await.contains("My phone"), "the first comes first: {}", browser.text().await);
        browser.submit("/remove").await;
        browser.at("/two-factor").await;
        assert!(!browser.text().await.contains("My phone"));
        assert!(!browser.has("a[href$='/remove']").await, "the last one cannot be removed");

        browser.sign_out().await;
        browser.give_password(&account).await;
        browser.at("/sign-in/code").await;
        let code = account.code().await;
        browser.give_code(&code).await;
        browser.complaint("code").await;
        let code = second.code().await;
        browser.give_code(&code).await;
        browser.at("/").await;
    });
}

#[test]
fn a_qr_code_that_was_replaced_in_another_browser_turns_nothing_on() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let (panel, browser) = stage.panel_and_browser().await;
        let other = stage.browser(&panel, Look::default()).await;
        browser.sign_in(&mut account).await;
        other.sign_in(&mut account).await;
        browser.begin_enrolment("Old", "enrolment-of-the-first-browser").await;
        let mut phone = other.begin_enrolment("New", "enrolment-of-the-other-browser").await;
        // Not even by a code of the other one: this page has shown another secret.
        let code = phone.code().await;
        confirm(&browser, &code).await;
        browser.at("/two-factor").await;
        assert!(accepted("imap", &account.address, &account.password, ELSEWHERE).await);
        // It goes on where it was begun last.
        let code = phone.code().await;
        confirm(&other, &code).await;
        other.at("/two-factor/recovery-codes").await;
        assert!(!accepted("imap", &account.address, &account.password, ELSEWHERE).await);
    });
}
