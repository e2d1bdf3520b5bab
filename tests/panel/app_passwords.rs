//! App passwords: made in the browser, used in mail apps, revoked.

use plist::Value;

use crate::account::{Account, wrong};
use crate::browser::Look;
use crate::clients::{ELSEWHERE, HERE, accepted};
use crate::panel::{Panel, Settings};
use crate::stage::test;
use crate::store;
use crate::visitor::{Visitor, in_groups};

#[test]
fn one_makes_an_app_password_and_its_owner_reads_mail_with_it_and_no_more_after_it_was_revoked() {
    test(async |stage| {
        let mut account = Account::new().await;
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        browser.open("/app-passwords").await;
        browser.follow("/app-passwords/new").await;
        browser.at("/app-passwords/new").await;
        browser.picture("new-app-password").await;
        let (id, secret) = browser.make_app_password("Old laptop").await;
        let text = browser.text().await;
        for setting in ["imap.example.test", "993", "smtp.example.test", "587", account.address.as_str()] {
            assert!(text.contains(setting), "{setting} is not on {text}");
        }
        browser.picture("app-password").await;

        assert!(secret.starts_with(&format!("{id}-")));
        assert!(accepted("smtp", &account.address, &secret, HERE).await);
        assert!(accepted("imap", &account.address, &secret, ELSEWHERE).await);
        assert!(!accepted("sieve", &account.address, &secret, HERE).await, "it is for imap and smtp");
        assert!(!accepted("imap", &account.address, &account.password, ELSEWHERE).await);

        browser.submit(&format!("/app-passwords/{id}/done")).await;
        browser.at("/app-passwords").await;
        let text = browser.text().await;
        assert!(text.contains("Old laptop") && text.contains(&ELSEWHERE.to_string()), "{text}");
        assert!(!text.contains(&secret));
        browser.picture("app-passwords").await;
        // Shown once.
        browser.open(&format!("/app-passwords/{id}/created")).await;
        assert!(in_groups(&browser.text().await, 5).is_empty());

        browser.open("/app-passwords").await;
        browser.follow(&format!("/app-passwords/{id}/revoke")).await;
        browser.at("/app-passwords/{}/revoke").await;
        browser.picture("revoke").await;
        browser.submit(&format!("/app-passwords/{id}/revoke")).await;
        browser.at("/app-passwords").await;
        assert!(!accepted("imap", &account.address, &secret, ELSEWHERE).await);
    });
}

#[test]
fn what_a_form_lacks_is_said_beside_each_field_and_what_was_typed_stays() {
    test(async |stage| {
        let mut account = Account::new().await;
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        browser.open("/app-passwords/new").await;
        browser.fill("name", "   ").await;
        browser.click("[name='protocols'][value='imap']").await;
        browser.click("[name='protocols'][value='smtp']").await;
        browser.unfold("[name='networks']").await;
        browser.fill("networks", "192.0.2.0/24, my home").await;
        browser.click("[name='expires'][value='date']").await;
        browser.submit("/app-passwords").await;
        assert!(browser.complaint("networks").await.contains("my"));
        browser.seen("[role='alert']").await;
        browser.picture("new-app-password-wrong").await;
        assert_eq!(
            browser.seen("[name='networks']").await.prop("value").await.unwrap().unwrap(),
            "192.0.2.0/24, my home"
        );

        browser.fill("name", "Only from there").await;
        browser.click("[name='protocols'][value='imap']").await;
        browser.fill("networks", "127.0.0.2").await;
        browser.click("[name='expires'][value='30d']").await;
        browser.submit("/app-passwords").await;
        browser.at("/app-passwords/{}/created").await;
        let secret = in_groups(&browser.text().await, 5).remove(0);
        assert!(accepted("imap", &account.address, &secret, ELSEWHERE).await);
        assert!(!accepted("imap", &account.address, &secret, HERE).await);
        assert!(!accepted("smtp", &account.address, &secret, ELSEWHERE).await);
    });
}

#[test]
fn all_are_revoked_at_once() {
    test(async |stage| {
        let mut account = Account::new().await;
        let made: Vec<_> = ["One", "Two", "Three"].map(|name| account.app_password(name).1).into();
        let (_panel, browser) = stage.panel_and_browser().await;
        browser.sign_in(&mut account).await;
        browser.open("/app-passwords").await;
        browser.follow("/app-passwords/revoke-all").await;
        browser.at("/app-passwords/revoke-all").await;
        assert!(browser.text().await.contains('3'));
        browser.submit("/app-passwords/revoke-all").await;
        browser.at("/app-passwords").await;
        for secret in made {
            assert!(!accepted("imap", &account.address, &secret, ELSEWHERE).await);
        }
    });
}

#[test]
fn the_profile_for_phones_has_the_servers_the_user_and_the_app_password() {
    test(async |_| {
        let mut account = Account::new().await;
        let panel = Panel::start(Settings::behind()).await;
        let mut visitor = Visitor::of(&panel);
        visitor.sign_in(&mut account).await;
        let (id, secret) = visitor.make_app_password("iPhone").await;
        for (query, with_password) in [("", true), ("?password=no", false)] {
            let answer = visitor.get(&format!("/app-passwords/{id}/profile.mobileconfig{query}")).await;
            answer.assert_status(200);
            assert_eq!(answer.header("content-type"), "application/x-apple-aspen-config");
            assert!(answer.header("content-disposition").contains(".mobileconfig"));
            let profile = Value::from_reader_xml(answer.body.as_bytes()).unwrap();
            let profile = profile.as_dictionary().unwrap();
            assert_eq!(profile["PayloadType"].as_string(), Some("Configuration"));
            let payloads = profile["PayloadContent"].as_array().unwrap();
            let mail = payloads.iter().map(|payload| payload.as_dictionary().unwrap());
            let mail = mail.into_iter().find(|one| one["PayloadType"].as_string() == Some("com.apple.mail.managed"));
            let mail = mail.unwrap();
            let text = |name: &str| mail.get(name).and_then(Value::as_string).unwrap_or_default();
            let number = |name: &str| mail[name].as_unsigned_integer().unwrap();
            let truth = |name: &str| mail[name].as_boolean().unwrap();
            assert_eq!(text("EmailAccountType"), "EmailTypeIMAP");
            assert_eq!(text("EmailAddress"), account.address);
            assert_eq!(text("IncomingMailServerHostName"), "imap.example.test");
            assert_eq!(number("IncomingMailServerPortNumber"), 993);
            assert!(truth("IncomingMailServerUseSSL"));
            assert_eq!(text("IncomingMailServerAuthentication"), "EmailAuthPassword");
            assert_eq!(text("IncomingMailServerUsername"), account.address);
            assert_eq!(text("OutgoingMailServerHostName"), "smtp.example.test");
            assert_eq!(number("OutgoingMailServerPortNumber"), 587);
            assert!(truth("OutgoingMailServerUseSSL"));
            assert_eq!(text("OutgoingMailServerUsername"), account.address);
            let expected = if with_password { secret.as_str() } else { "" };
            assert_eq!(text("IncomingPassword"), expected);
            assert!(accepted("imap", &account.address, &secret, ELSEWHERE).await);
        }
    });
}

#[test]
fn thunderbird_finds_the_servers_without_a_sign_in() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut visitor = Visitor::of(&panel);
        for path in ["/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml"] {
            let answer = visitor.get(&format!("{path}?emailaddress=someone%40example.test")).await;
            answer.assert_status(200);
            for part in [
                "<hostname>imap.example.test</hostname>",
                "<port>993</port>",
                "<socketType>SSL</socketType>",
                "<hostname>smtp.example.test</hostname>",
                "<socketType>STARTTLS</socketType>",
                "example.test",
            ] {
                assert!(answer.body.contains(part), "{part} is not in {}", answer.body);
            }
        }
    });
}

#[test]
fn after_a_while_the_code_is_asked_again_before_a_new_app_password() {
    test(async |stage| {
        let mut account = Account::new().await;
        let panel = Panel::start(Settings::tls().panel("proof_age = 60")).await;
        let browser = stage.browser(&panel, Look::default()).await;
        browser.sign_in(&mut account).await;
        store::age_proof(&account.address, 61);
        browser.open("/app-passwords").await;
        browser.follow("/app-passwords/new").await;
        browser.at("/prove").await;
        browser.picture("prove").await;
        let code = account.code().await;
        browser.fill("code", &wrong(&code)).await;
        browser.submit("/prove").await;
        browser.complaint("code").await;
        browser.fill("code", &code).await;
        browser.submit("/prove").await;
        browser.at("/app-passwords/new").await;
        browser.make_app_password("After a while").await;
    });
}

#[test]
fn without_2fa_it_is_the_password_that_is_asked_again() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings::tls().panel("proof_age = 60")).await;
        let browser = stage.browser(&panel, Look::default()).await;
        browser.sign_in(&mut account).await;
        store::age_proof(&account.address, 61);
        browser.open("/app-passwords/new").await;
        browser.at("/prove").await;
        browser.fill("password", "not the password").await;
        browser.submit("/prove").await;
        browser.complaint("password").await;
        browser.fill("password", &account.password).await;
        browser.submit("/prove").await;
        browser.at("/app-passwords/new").await;
    });
}
