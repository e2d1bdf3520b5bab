//! What the overview says needs its owner's attention, and where the steps lead.

use crate::account::Account;
use crate::browser::{Browser, Look};
use crate::clients::{ELSEWHERE, HERE, accepted};
use crate::command::run;
use crate::panel::{Panel, Settings};
use crate::stage::test;

/// What the card says; empty where there is none.
async fn said(browser: &Browser) -> String {
    browser.open("/").await;
    browser.seen("h1").await;
    let script = "const card = document.querySelector('.attention'); return card ? card.textContent : '';";
    browser.js(script, vec![]).await.as_str().unwrap().to_string()
}

/// The paths that its links lead to.
async fn links(browser: &Browser) -> Vec<String> {
    let script = "return [...document.querySelectorAll('.attention a')].map(link => link.getAttribute('href'));";
    let found = browser.js(script, vec![]).await;
    found.as_array().unwrap().iter().map(|path| path.as_str().unwrap().to_string()).collect()
}

#[test]
fn a_phone_with_the_account_password_and_one_with_a_revoked_app_password_are_named_each_with_its_step() {
    test(async |stage| {
        let mut account = Account::new().await;
        let address = account.address.clone();
        let (id, revoked) = account.app_password("Old iPhone");
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        assert_eq!(said(&browser).await, "", "nothing is the matter");

        run(&["app-password", "revoke", &address, &id], "");
        assert!(!accepted("imap", &address, &revoked, ELSEWHERE).await);
        assert!(!accepted("imap", &address, &account.password, ELSEWHERE).await);
        let text = said(&browser).await;
        assert!(text.contains("A mail app still uses the password of your mailbox"), "{text}");
        assert!(text.contains("still uses a revoked app password") && text.contains("Old iPhone"), "{text}");
        assert!(text.contains(&ELSEWHERE.to_string()) && text.contains("IMAP"), "{text}");
        assert_eq!(links(&browser).await, ["/app-passwords/new", "/password", "/app-passwords/new"]);
        browser.picture("overview-attention").await;
        browser.follow("/app-passwords/new").await;
        browser.at("/app-passwords/new").await;

        // Set right: the phone at that address has a new one.
        let (_, new) = account.app_password("New iPhone");
        assert!(accepted("imap", &address, &new, ELSEWHERE).await);
        assert_eq!(said(&browser).await, "");
    });
}

#[test]
fn guesses_and_few_recovery_codes_are_said_in_the_language_of_the_visitor() {
    test(async |stage| {
        let mut account = Account::new().await;
        let panel = Panel::start(Settings::tls()).await;
        let look = Look { language: "de", ..Default::default() };
        let browser = stage.browser(&panel, look).await;
        browser.sign_in(&mut account).await;
        assert_eq!(said(&browser).await, "");
        let address = account.address.clone();
        assert!(!accepted("imap", &address, "a guess", ELSEWHERE).await);
        for _ in 0..7 {
            let code = account.recovery_codes.pop().unwrap();
            assert!(accepted("webmail", &address, &format!("{}{code}", account.password), HERE).await);
        }
        let text = said(&browser).await;
        assert!(text.contains("Falsche Passwörter kamen von einer Adresse"), "{text}");
        assert!(text.contains("3 Wiederherstellungscodes sind übrig"), "{text}");
        assert_eq!(links(&browser).await, ["/activity", "/two-factor"]);
    });
}

#[test]
fn what_concerns_somebody_else_is_not_shown() {
    test(async |stage| {
        let (mut account, other) = (Account::new().await, Account::new().await);
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        assert!(!accepted("imap", &other.address, &other.password, ELSEWHERE).await);
        assert!(!accepted("imap", &other.address, "a guess", ELSEWHERE).await);
        assert_eq!(said(&browser).await, "");
    });
}
