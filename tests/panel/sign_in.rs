//! Signing in and out.

use crate::account::{Account, wrong};
use crate::stage::test;

#[test]
fn one_signs_out_and_in_again_with_password_and_code() {
    test(async |stage| {
        let mut account = Account::new().await;
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.open("/").await;
        browser.at("/sign-in").await;
        browser.picture("sign-in").await;
        browser.sign_in(&mut account).await;
        assert!(browser.text().await.contains(&account.address));
        browser.picture("overview").await;
        browser.sign_out().await;
        browser.seen("[role='status']").await;
        // Nobody goes back to what was there.
        browser.open("/app-passwords").await;
        browser.at("/sign-in").await;
        browser.sign_in(&mut account).await;
    });
}

#[test]
fn a_wrong_code_is_refused_beside_its_field_and_a_right_one_then_opens() {
    test(async |stage| {
        let mut account = Account::new().await;
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.give_password(&account).await;
        browser.at("/sign-in/code").await;
        browser.picture("sign-in-code").await;
        let code = account.code().await;
        browser.give_code(&wrong(&code)).await;
        browser.complaint("code").await;
        browser.picture("sign-in-wrong-code").await;
        for shape in ["1234", "my dog"] {
            browser.give_code(shape).await;
            browser.complaint("code").await;
        }
        browser.give_code(&format!("{} {}", &code[..3], &code[3..])).await;
        browser.at("/").await;
        // A code opens once.
        browser.sign_out().await;
        browser.give_password(&account).await;
        browser.at("/sign-in/code").await;
        browser.give_code(&code).await;
        browser.complaint("code").await;
    });
}

#[test]
fn a_wrong_password_is_refused_and_it_is_not_said_whether_the_account_exists() {
    test(async |stage| {
        let account = Account::new().await;
        let (_panel, browser) = stage.panel_and_browser().await;
        let mut said = Vec::new();
        for (name, password) in [
            (account.address.as_str(), "not the password"),
            ("nobody@example.test", "not the password"),
            ("no address at all", "not the password"),
        ] {
            browser.open("/sign-in").await;
            browser.fill("name", name).await;
            browser.fill("password", password).await;
            browser.submit("/sign-in").await;
            browser.seen("[role='alert']").await;
            browser.at("/sign-in").await;
            assert_eq!(browser.seen("[name='name']").await.prop("value").await.unwrap().unwrap(), name);
            assert_eq!(browser.seen("[name='password']").await.prop("value").await.unwrap().unwrap(), "");
            said.push(browser.text().await);
        }
        browser.picture("sign-in-wrong").await;
        assert!(said.iter().all(|text| *text == said[0]), "{said:?}");
    });
}

#[test]
fn a_recovery_code_signs_in_once_and_nine_are_left() {
    test(async |stage| {
        let mut account = Account::new().await;
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.give_password(&account).await;
        browser.at("/sign-in/code").await;
        browser.give_recovery_code(&account.recovery_codes[0].to_uppercase().replace('-', " ")).await;
        browser.at("/").await;
        assert!(browser.text().await.contains('9'), "{}", browser.text().await);
        browser.open("/two-factor").await;
        assert!(browser.text().await.contains("9 "), "{}", browser.text().await);
        browser.picture("nine-recovery-codes").await;

        browser.sign_out().await;
        browser.give_password(&account).await;
        browser.at("/sign-in/code").await;
        browser.give_recovery_code(&account.recovery_codes[0]).await;
        browser.complaint("code").await;
        browser.picture("recovery-code-used").await;
        browser.give_recovery_code(&account.recovery_codes[1]).await;
        browser.at("/").await;

        // A new set ends the old one.
        browser.open("/two-factor").await;
        let css = "form[action$='/two-factor/recovery-codes'] button";
        browser.unfold(css).await;
        browser.click(css).await;
        browser.at("/two-factor/recovery-codes").await;
        let new = crate::visitor::in_groups(&browser.text().await, 3);
        assert_eq!(new.len(), 10);
        browser.submit("/two-factor/recovery-codes/done").await;
        browser.at("/two-factor").await;
        browser.sign_out().await;
        browser.give_password(&account).await;
        browser.at("/sign-in/code").await;
        browser.give_recovery_code(&account.recovery_codes[2]).await;
        browser.complaint("code").await;
        account.recovery_codes = new;
        browser.give_recovery_code(&account.recovery_codes[0]).await;
        browser.at("/").await;
    });
}
