//! webmail_session = "exchange" with an idle limit that Roundcube must renew while a message is written.

use std::time::Duration;

use crate::account::Account;
use crate::log;
use crate::roundcube::{Webmail, arrived};
use crate::stage::test;
use crate::world::world;

#[test]
fn the_session_outlives_the_idle_limit_while_a_message_is_written() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.sign_in_with_code(&mut account).await;
        webmail.compose(&account.address, "A long letter", "What took an hour to write.").await;
        let since = log::mark();
        tokio::time::sleep(Duration::from_secs(world().idle + 5)).await;
        let renewals = log::attempts(since, &account);
        assert!((1..=2).contains(&renewals.len()), "one renewal in a while: {renewals:?}");
        webmail.send().await;
        arrived(&account, "A long letter").await;
    });
}
