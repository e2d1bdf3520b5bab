//! With scripts forbidden in the browser.

use crate::account::Account;
use crate::browser::Look;
use crate::clients::{ELSEWHERE, accepted};
use crate::panel::{Panel, Settings};
use crate::stage::test;

#[test]
fn everything_works_without_scripts() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings::tls()).await;
        let browser = stage.browser(&panel, Look { script: false, ..Look::default() }).await;
        browser.sign_in(&mut account).await;
        browser.enrol(&mut account, "enrolment-without-script").await;
        browser.sign_out().await;
        browser.sign_in(&mut account).await;
        browser.picture("without-script").await;
        let (id, secret) = browser.make_app_password("Without script").await;
        // No button is there that would do nothing.
        assert_eq!(browser.shown("button[type='button']").await, 0);
        browser.picture("app-password-without-script").await;
        assert!(accepted("imap", &account.address, &secret, ELSEWHERE).await);
        browser.submit(&format!("/app-passwords/{id}/done")).await;
        browser.at("/app-passwords").await;
        browser.follow(&format!("/app-passwords/{id}/revoke")).await;
        browser.at("/app-passwords/{}/revoke").await;
        browser.submit(&format!("/app-passwords/{id}/revoke")).await;
        browser.at("/app-passwords").await;
        assert!(!accepted("imap", &account.address, &secret, ELSEWHERE).await);
        // The language, too.
        browser.open("/password").await;
        browser.unfold("a[href*='to=de']").await;
        browser.click("a[href*='to=de']").await;
        browser.at("/password").await;
        assert_eq!(browser.seen("html").await.attr("lang").await.unwrap().as_deref(), Some("de"));
    });
}
