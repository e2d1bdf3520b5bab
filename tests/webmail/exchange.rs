//! webmail_session = "exchange", and our plugin in Roundcube.

use crate::account::Account;
use crate::browser::test;
use crate::roundcube::{Webmail, arrived, sieve_script};

#[test]
fn an_account_without_2fa_signs_in_reads_and_writes() {
    test(async |stage| {
        let account = Account::without_2fa();
        let webmail = Webmail::open(&stage, "stock").await;
        webmail.submit(&account.address, &account.password, "").await;
        webmail.signed_in().await;
        webmail.browser.picture("stock-mailbox").await;
        webmail.compose(&account.address, "Hello to me", "A line.").await;
        webmail.send().await;
        arrived(&account, "Hello to me").await;
        webmail.open_mailbox().await;
        webmail.lists("Hello to me").await;
        webmail.open_message("Hello to me").await;
        webmail.browser.shows("A line.").await;
        webmail.open_mailbox().await;
        webmail.search("nowhere").await;
        webmail.create_filter("Lists", "[list]").await;
        assert!(sieve_script(&account).contains("[list]"));
        assert_eq!(webmail.held_credential(&account), account.password);
        assert!(!webmail.places_of(&account.password).is_empty());
        webmail.sign_out().await;
        assert!(webmail.held().is_empty());
    });
}
