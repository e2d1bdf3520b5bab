//! webmail_session = "exchange" with an idle limit of seconds, which pass while nobody renews.

use std::time::Duration;

use crate::account::Account;
use crate::browser::Browser;
use crate::clients::{HERE, accepted};
use crate::log;
use crate::roundcube::{STORAGE_ERROR, Webmail, arrived};
use crate::stage::test;
use crate::world::world;

const ENDED: &str = "Your sign-in has ended";

/// Waits until a session that is used now has been idle for too long.
async fn idle() {
    tokio::time::sleep(Duration::from_secs(world().idle + 2)).await;
}

#[test]
fn a_page_after_the_idle_limit_says_clearly_that_the_session_has_ended() {
    test(async |stage| {
        for site in ["elastic", "larry"] {
            let mut account = Account::new().await;
            let webmail = Webmail::open(&stage, site).await;
            webmail.sign_in_with_code(&mut account).await;
            let since = log::mark();
            idle().await;
            webmail.browser.open(&format!("{}?_task=mail&_mbox=INBOX", webmail.site.url)).await;
            webmail.at_the_form_with(ENDED).await;
            assert!(!webmail.browser.text().await.contains(STORAGE_ERROR));
            webmail.browser.picture(&format!("{site}-ended")).await;
            log::wait_for(since, &account, "expiry", |attempt| attempt.get("reason") == "session_expired").await;
            webmail.sign_in_with_code(&mut account).await;
        }
    });
}

#[test]
fn while_it_is_used_a_session_outlives_the_idle_limit() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.sign_in_with_code(&mut account).await;
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_secs(world().idle / 2)).await;
            webmail.open_mailbox().await;
        }
        assert_eq!(account.sessions().len(), 1);
    });
}

#[test]
fn the_credential_of_an_idle_session_opens_nothing() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.sign_in_with_code(&mut account).await;
        let credential = webmail.held_credential(&account);
        assert!(accepted("webmail", &account.address, &credential, HERE).await);
        idle().await;
        for port in ["webmail", "smtp", "sieve"] {
            assert!(!accepted(port, &account.address, &credential, HERE).await, "{port}");
        }
    });
}

#[test]
fn the_list_left_open_says_so_when_it_is_used_again() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.sign_in_with_code(&mut account).await;
        idle().await;
        webmail.browser.js("rcmail.command('checkmail')", vec![]).await;
        webmail.browser.shows(ENDED).await;
        never_the_storage_error(&webmail.browser).await;
    });
}

#[test]
fn the_filters_say_so_too() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.sign_in_with_code(&mut account).await;
        webmail.open_page("_task=settings").await;
        idle().await;
        webmail.browser.open(&format!("{}?_task=settings&_action=plugin.managesieve", webmail.site.url)).await;
        webmail.at_the_form_with(ENDED).await;
    });
}

#[test]
fn a_message_that_was_being_written_is_not_lost() {
    test(async |stage| {
        // Saving a draft is one request of a script, sending another, in a frame.
        for action in ["savedraft", "send"] {
            let mut account = Account::new().await;
            let webmail = Webmail::open(&stage, "elastic").await;
            webmail.sign_in_with_code(&mut account).await;
            let subject = format!("A long letter ({action})");
            webmail.compose(&account.address, &subject, "What took an hour to write.").await;
            idle().await;
            webmail.browser.js("rcmail.command(arguments[0], '')", vec![action.into()]).await;
            webmail.browser.shows(ENDED).await;
            webmail.browser.picture(&format!("elastic-ended-{action}")).await;
            never_the_storage_error(&webmail.browser).await;

            // The text is still there. The way back to the form is the person's.
            assert!(webmail.composed().await.contains("What took an hour to write."));
            webmail.browser.open(&webmail.site.url).await;
            webmail.sign_in_again(&mut account).await;
            webmail.open_page("_task=mail&_action=compose").await;
            webmail.restore().await;
            assert!(webmail.composed().await.contains("What took an hour to write."), "{}", webmail.composed().await);
            webmail.send().await;
            arrived(&account, &subject).await;
        }
    });
}

async fn never_the_storage_error(browser: &Browser) {
    assert!(!browser.text().await.contains(STORAGE_ERROR), "{}", browser.text().await);
}
