//! webmail_session = "grace", and Roundcube as it comes: password and code in one field.

use std::time::Duration;

use crate::account::Account;
use crate::clients::{ELSEWHERE, HERE, accepted};
use crate::log;
use crate::roundcube::{CODE_FIELD, STORAGE_ERROR, Webmail, arrived, sieve_script};
use crate::stage::test;
use crate::world::world;

/// Signs in; returns password and code.
async fn sign_in(webmail: &Webmail, account: &mut Account) -> String {
    let code = account.code().await;
    let pair = format!("{}{code}", account.password);
    assert!(!webmail.browser.has(CODE_FIELD).await);
    webmail.submit(&account.address, &pair, "").await;
    webmail.signed_in().await;
    pair
}

#[test]
fn password_and_code_sign_in_read_send_and_make_filters() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "stock").await;
        let since = log::mark();
        sign_in(&webmail, &mut account).await;
        webmail.compose(&account.address, "By grace", "And without a plugin.").await;
        webmail.send().await;
        arrived(&account, "By grace").await;
        webmail.open_mailbox().await;
        webmail.lists("By grace").await;
        webmail.open_message("By grace").await;
        webmail.browser.shows("And without a plugin.").await;
        webmail.create_filter("Lists", "[list]").await;
        assert!(sieve_script(&account).contains("[list]"));
        let attempts = log::attempts(since, &account);
        assert!(attempts.iter().all(log::Attempt::accepted), "{attempts:?}");
        assert!(attempts.iter().all(|attempt| attempt.get("mode") == "webmail"), "{attempts:?}");
    });
}

#[test]
fn it_goes_on_when_the_code_is_long_over() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "stock").await;
        sign_in(&webmail, &mut account).await;
        // In steps, so that the idle limit is not what is seen.
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_secs(world().idle / 2)).await;
            webmail.open_mailbox().await;
        }
        account.phone.as_ref().unwrap().codes_are_over().await;
        webmail.compose(&account.address, "Much later", "Still here.").await;
        webmail.send().await;
        arrived(&account, "Much later").await;
    });
}

#[test]
fn the_idle_limit_ends_it_for_roundcube_and_for_everybody() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "stock").await;
        let pair = sign_in(&webmail, &mut account).await;
        tokio::time::sleep(Duration::from_secs(world().idle + 2)).await;
        webmail.browser.open(&format!("{}?_task=mail&_mbox=INBOX", webmail.site.url)).await;
        // Roundcube knows no better.
        webmail.browser.shows(STORAGE_ERROR).await;
        for port in ["webmail", "webmail-smtp", "webmail-sieve"] {
            assert!(!accepted(port, &account.address, &pair, HERE).await, "{port}");
        }
    });
}

#[test]
fn the_same_pair_opens_nothing_from_another_service_or_address() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "stock").await;
        let pair = sign_in(&webmail, &mut account).await;
        for port in ["imap", "smtp", "sieve"] {
            let since = log::mark();
            assert!(!accepted(port, &account.address, &pair, HERE).await, "{port}");
            let attempt = log::wait_for(since, &account, port, |attempt| attempt.get("mode") == "client").await;
            assert_eq!(attempt.get("result"), "refused");
        }
        for port in ["webmail", "webmail-smtp", "webmail-sieve"] {
            assert!(!accepted(port, &account.address, &pair, ELSEWHERE).await, "{port} from elsewhere");
        }
        // None of that has ended the session.
        webmail.open_mailbox().await;
        for port in ["webmail", "webmail-smtp", "webmail-sieve"] {
            assert!(accepted(port, &account.address, &pair, HERE).await, "{port} from the webmail");
        }
    });
}

#[test]
fn another_code_with_the_same_password_begins_another_session() {
    test(async |stage| {
        let mut account = Account::new().await;
        let first = Webmail::open(&stage, "stock").await;
        sign_in(&first, &mut account).await;
        let second = Webmail::open(&stage, "stock").await;
        sign_in(&second, &mut account).await;
        assert_eq!(account.sessions().len(), 2);
        first.open_mailbox().await;
        second.open_mailbox().await;
    });
}
