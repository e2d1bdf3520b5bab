//! Notices by mail: somebody chooses whether and where to.

use serde_json::{Value, json};

use crate::account::Account;
use crate::command::json as command;
use crate::panel::{Panel, Settings};
use crate::stage::test;
use crate::store;
use crate::visitor::Visitor;

fn chosen(account: &Account) -> Value {
    command(&["user", "notices", &account.address], "")
}

#[test]
fn one_sets_a_second_address_and_turns_notices_off_and_on() {
    test(async |stage| {
        let mut account = Account::new().await;
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        browser.open("/activity").await;
        browser.follow("/notices").await;
        browser.picture("notices").await;
        browser.fill("address", "nobody").await;
        browser.submit("/notices").await;
        assert!(browser.complaint("address").await.contains("no address for mail"));
        browser.fill("address", &account.address).await;
        browser.submit("/notices").await;
        assert!(browser.complaint("address").await.contains("the mailbox itself"));
        browser.fill("address", "me@elsewhere.example").await;
        browser.submit("/notices").await;
        browser.at("/activity").await;
        browser.seen("[role='status']").await;
        let address = account.address.as_str();
        let expected =
            |on| json!({"account": address, "notices": on, "also": "me@elsewhere.example", "language": "en"});
        assert_eq!(chosen(&account), expected(true));
        for on in [false, true] {
            browser.open("/notices").await;
            browser.click("[name='enabled']").await;
            browser.submit("/notices").await;
            browser.at("/activity").await;
            assert_eq!(chosen(&account), expected(on));
        }
        // Who turned them off was told so where they went before.
        let told = command(&["notify", "--dry-run"], "");
        let told: Vec<&Value> = told.as_array().unwrap().iter().filter(|letter| letter["to"][0] == address).collect();
        let changed: Vec<_> = told.iter().filter(|letter| letter["subject"] == "[Mail] Notices were changed").collect();
        assert_eq!(changed.len(), 2, "{told:?}");
        assert_eq!(changed[1]["to"], json!([address, "me@elsewhere.example"]));
    });
}

#[test]
fn what_is_done_in_the_panel_is_told_in_the_language_of_its_visitor() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings::tls()).await;
        let look = crate::browser::Look { language: "de", ..Default::default() };
        let browser = stage.browser(&panel, look).await;
        browser.sign_in(&mut account).await;
        assert_eq!(chosen(&account)["language"], "de");
        browser.make_app_password("Mein Telefon").await;
        let told = command(&["notify", "--dry-run"], "");
        let letter =
            told.as_array().unwrap().iter().find(|letter| letter["to"][0] == account.address.as_str()).unwrap();
        assert_eq!(letter["subject"], "[Mail] Neues App-Passwort");
        let text = letter["text"].as_str().unwrap();
        assert!(text.contains("Mein Telefon") && text.contains("Wo: im Selbstbedienungs-Panel"), "{text}");
    });
}

#[test]
fn whoever_finds_a_browser_open_changes_no_notices() {
    test(async |_| {
        let mut account = Account::new().await;
        let panel = Panel::start(Settings::behind().panel("proof_age = 60")).await;
        let mut visitor = Visitor::of(&panel);
        visitor.sign_in(&mut account).await;
        store::age_proof(&account.address, 200);
        visitor.get("/notices").await.assert_goes_to("/prove?next=/notices");
        let answer = visitor.post("/notices", &[("address", "mallory@evil.example")]).await;
        answer.assert_goes_to("/prove?next=/notices");
        assert_eq!(chosen(&account)["notices"], true);
        assert_eq!(chosen(&account)["also"], Value::Null);
    });
}

#[test]
fn where_the_site_sends_no_notices_there_is_no_page_for_them() {
    test(async |_| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings { no_notices: true, ..Settings::behind() }).await;
        let mut visitor = Visitor::of(&panel);
        visitor.sign_in(&mut account).await;
        visitor.get("/notices").await.assert_status(404);
        visitor.post("/notices", &[]).await.assert_status(404);
        assert!(!visitor.get("/activity").await.body.contains("/notices"));
    });
}
