//! What each page costs in logins.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use crate::account::Account;
use crate::log;
use crate::roundcube::{Webmail, arrived};
use crate::stage::test;
use crate::world::world;

/// Counts logins from one page to the next.
struct Table<'a> {
    account: &'a Account,
    since: log::Mark,
    rows: Vec<(&'static str, BTreeMap<String, usize>)>,
}

impl Table<'_> {
    /// Everything since the last row was for `page`.
    async fn row(&mut self, page: &'static str) {
        // Requests that a page makes a moment after it is there belong to it.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut logins = BTreeMap::new();
        for attempt in log::attempts(self.since, self.account) {
            assert!(attempt.accepted(), "{page}: {attempt:?}");
            let operation = match attempt.get("operation") {
                "" => attempt.get("method").to_string(),
                operation => format!("{operation} ({})", attempt.get("method")),
            };
            *logins.entry(operation).or_default() += 1;
        }
        self.since = log::mark();
        self.rows.push((page, logins));
    }
}

#[test]
fn a_password_is_looked_at_once_and_every_later_login_is_the_sessions() {
    test(async |stage| {
        let mut account = Account::new().await;
        let code = account.code().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        let mut table = Table { account: &account, since: log::mark(), rows: Vec::new() };
        webmail.sign_in(&account, &code).await;
        table.row("sign-in").await;
        webmail.open_page("_task=mail&_action=compose").await;
        table.row("window for a new message").await;
        webmail.compose(&account.address, "Counted", "One, two, three.").await;
        table.since = log::mark();
        webmail.send().await;
        table.row("send, and back to the list").await;
        arrived(&account, "Counted").await;
        webmail.open_mailbox().await;
        webmail.lists("Counted").await;
        table.row("mailbox").await;
        webmail.browser.picture("elastic-mailbox").await;
        webmail.open_message("Counted").await;
        table.row("open a message").await;
        webmail.open_filters().await;
        table.row("filters").await;
        webmail.sign_out().await;
        table.row("sign-out").await;

        let mut text = String::from("Logins of each page (Elastic with the plugin, webmail_session = \"exchange\"):\n");
        for (page, logins) in &table.rows {
            let total: usize = logins.values().sum();
            let each: Vec<_> = logins.iter().map(|(what, count)| format!("{count} {what}")).collect();
            writeln!(text, "  {page:<27} {total:>2}  {}", each.join(", ")).unwrap();
        }
        std::fs::write(&world().report, text).unwrap();

        for (page, logins) in &table.rows {
            for (what, count) in logins {
                let with_a_password = !what.contains("session") || what.contains("session_open");
                assert!(!with_a_password || (*page == "sign-in" && *count == 1), "{page}: {count} {what}");
            }
        }
    });
}
