//! Accounts that must turn 2FA on.

use crate::account::Account;
use crate::browser::Look;
use crate::panel::{Panel, Settings};
use crate::routes;
use crate::stage::test;
use crate::visitor::Visitor;

#[test]
fn where_2fa_is_required_there_is_nothing_but_the_enrolment_and_everything_after_it() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings::tls().mailkey("require_2fa = true")).await;
        let browser = stage.browser(&panel, Look::default()).await;
        browser.give_password(&account).await;
        for path in ["/app-passwords", "/app-passwords/new", "/password", "/activity"] {
            browser.open(path).await;
            browser.at("/two-factor").await;
            browser.seen("main [role='note']").await;
        }
        browser.picture("must-enrol").await;
        browser.enrol(&mut account, "must-enrol-qr").await;
        for path in ["/app-passwords", "/app-passwords/new", "/password", "/activity"] {
            browser.open(path).await;
            browser.at(path).await;
        }
        assert!(!browser.has("main [role='note']").await);
    });
}

#[test]
fn no_form_reaches_further_than_the_enrolment() {
    test(async |_| {
        let mut account = Account::without_2fa();
        let (id, _) = account.app_password("From before");
        let panel = Panel::start(Settings::behind().mailkey("require_2fa = true")).await;
        let mut visitor = Visitor::of(&panel);
        visitor.sign_in(&mut account).await;
        let before = crate::store::dump(&[&account.address]);
        for route in routes::pages().into_iter().filter(|route| route.level == "SignedIn") {
            let path = route.with(&id);
            if route.get {
                visitor.get(&path).await.assert_goes_to("/two-factor");
            }
            if route.post {
                visitor.post(&path, &crate::crawler::FIELDS).await.assert_goes_to("/two-factor");
            }
        }
        before.assert_same(&crate::store::dump(&[&account.address]), "a form before the enrolment");
    });
}

#[test]
fn a_date_in_the_future_is_announced_and_one_in_the_past_counts() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings::tls().mailkey("require_2fa = 2099-03-01")).await;
        let browser = stage.browser(&panel, Look::default()).await;
        browser.sign_in(&mut account).await;
        browser.seen("main [role='note']").await;
        assert!(browser.text().await.contains("2099"), "{}", browser.text().await);
        browser.picture("must-enrol-later").await;
        browser.open("/app-passwords").await;
        browser.at("/app-passwords").await;

        // What is set for the account itself counts before that.
        account.required(Some("2101-03-01"));
        let panel = Panel::start(Settings::behind().mailkey("require_2fa = true")).await;
        let mut visitor = Visitor::of(&panel);
        visitor.sign_in(&mut account).await;
        let shown = visitor.get("/app-passwords").await.text();
        assert!(shown.contains("2101"), "{shown}");
        account.required(Some("now"));
        visitor.get("/app-passwords").await.assert_goes_to("/two-factor");
        account.required(None);

        let panel = Panel::start(Settings::behind().mailkey("require_2fa = 2020-01-01")).await;
        let mut visitor = Visitor::of(&panel);
        visitor.password(&account).await;
        visitor.get("/app-passwords").await.assert_goes_to("/two-factor");
    });
}
