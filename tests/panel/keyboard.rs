//! Without a mouse.

use serde_json::Value;

use crate::account::{Account, Phone};
use crate::browser::Browser;
use crate::clients::{ELSEWHERE, accepted};
use crate::stage::test;
use crate::visitor::in_groups;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";

impl Browser {
    /// Presses Tab until the keyboard is on an element; everything on the way must show that it is there.
    async fn tab_to(&self, css: &str) {
        let mut way = Vec::new();
        for _ in 0..60 {
            self.keys(TAB).await;
            let script = "const at = document.activeElement;
                const style = getComputedStyle(at);
                return [at.matches(arguments[0]), at.outerHTML.slice(0, 120),
                    style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none'];";
            let Value::Array(found) = self.js(script, vec![css.into()]).await else { panic!("no array") };
            let element = found[1].as_str().unwrap().to_string();
            assert!(found[2].as_bool().unwrap(), "nobody sees that the keyboard is on {element}");
            if found[0].as_bool().unwrap() {
                return;
            }
            way.push(element);
        }
        panic!("Tab does not reach {css} on {}: {}", self.place().await, way.join("\n"));
    }
}

#[test]
fn one_signs_in_turns_2fa_on_and_makes_an_app_password_with_the_keyboard_alone() {
    test(async |stage| {
        let account = Account::without_2fa();
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.open("/sign-in").await;
        // The cursor is where the name goes.
        browser.keys(&account.address).await;
        browser.tab_to("[name='password']").await;
        browser.keys(&format!("{}{ENTER}", account.password)).await;
        browser.at("/").await;

        browser.tab_to("nav a[href$='/two-factor']").await;
        browser.keys(ENTER).await;
        browser.at("/two-factor").await;
        browser.tab_to("[name='label']").await;
        browser.keys(&format!(" 2{ENTER}")).await;
        browser.at("/two-factor/enrol").await;
        let mut phone = Phone::scanning(&browser.scan("enrolment-by-keyboard").await);
        browser.tab_to("[name='code']").await;
        let code = phone.code().await;
        browser.keys(&format!("{code}{ENTER}")).await;
        browser.at("/two-factor/recovery-codes").await;
        browser.tab_to("form[action$='/done'] button").await;
        browser.keys(ENTER).await;
        browser.at("/two-factor").await;

        browser.tab_to("nav a[href$='/app-passwords']").await;
        browser.keys(ENTER).await;
        browser.at("/app-passwords").await;
        browser.tab_to("main a[href$='/app-passwords/new']").await;
        browser.keys(ENTER).await;
        browser.at("/app-passwords/new").await;
        // The cursor is where the name goes.
        browser.keys("Reader").await;
        browser.tab_to("[name='protocols'][value='smtp']").await;
        browser.keys(SPACE).await;
        browser.tab_to("form[action$='/app-passwords'] button[type='submit']").await;
        browser.keys(ENTER).await;
        browser.at("/app-passwords/{}/created").await;
        let secret = in_groups(&browser.text().await, 5).remove(0);
        assert!(accepted("imap", &account.address, &secret, ELSEWHERE).await);
        assert!(!accepted("smtp", &account.address, &secret, ELSEWHERE).await);
        browser.tab_to("form[action$='/sign-out'] button").await;
        browser.keys(ENTER).await;
        browser.at("/sign-in").await;
    });
}
