//! Workers of this version go on while a newer `mailkey init` has upgraded the database.

use crate::harness::*;

/// Upgrades the database to a later schema, from another process, as the next version's `mailkey init` would.
fn upgrade(site: &Site, oldest: u32) {
    let next = mailkey::store::sqlite::SCHEMA_VERSION + 1;
    let sql = format!(
        "BEGIN IMMEDIATE; CREATE TABLE later (field TEXT);
         ALTER TABLE account ADD COLUMN shelf TEXT NOT NULL DEFAULT 'top';
         UPDATE compatibility SET oldest = {oldest};
         PRAGMA user_version = {next}; COMMIT;"
    );
    let status = std::process::Command::new("sqlite3").arg("-bail").arg(&site.config.database).arg(sql).status();
    assert!(status.is_ok_and(|status| status.success()), "sqlite3 is needed");
}

#[test]
fn logins_go_on_in_a_database_of_a_newer_version_that_allows_it() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let app = site.add_app_password(ALICE);
    let mut before = site.client();
    assert!(before.login("mailkey-imap", ALICE, &app).opened());
    site.log_lines();
    upgrade(&site, mailkey::store::sqlite::SCHEMA_VERSION);
    // The worker that had the database open, and one that begins now.
    let mut after = site.client();
    for (client, code) in [(&mut before, 0), (&mut after, 1)] {
        assert!(client.login("mailkey-imap", ALICE, &app).opened());
        let recovery = format!("{PASSWORD}{}", factors.recovery_codes[code]);
        assert!(client.login("mailkey-webmail", ALICE, &recovery).opened());
        assert!(!client.login("mailkey-webmail", ALICE, &recovery).opened());
        site.log_lines();
        assert!(!client.login("mailkey-imap", ALICE, "a wrong password").opened());
        assert_eq!(field(&site.log_line(), "result"), "refused");
    }
}

#[test]
fn a_database_of_a_newer_version_that_does_not_allow_it_is_unavailable() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut before = site.client();
    assert!(before.login("mailkey-imap", ALICE, &app).opened());
    site.log_lines();
    upgrade(&site, mailkey::store::sqlite::SCHEMA_VERSION + 1);
    let mut after = site.client();
    for client in [&mut before, &mut after] {
        assert_eq!(client.login("mailkey-imap", ALICE, &app).auth, UNAVAIL);
        let line = site.log_line();
        assert_eq!(field(&line, "reason"), "store_unavailable");
        assert!(line.contains("newer"), "{line}");
    }
}
