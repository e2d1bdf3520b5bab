//! The log: one line for each attempt, whatever happens to the syslog daemon; never a secret.

use crate::harness::*;

#[test]
fn accepted_refused_and_broken_have_their_own_priority() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    client.login("mailkey-imap", ALICE, PASSWORD);
    let line = site.log_line();
    assert!(
        line.starts_with("<86>") && line.contains(" pam_mailkey[") && line.contains("]: result=accepted "),
        "{line}"
    );
    client.login("mailkey-imap", ALICE, "wrong");
    assert!(site.log_line().starts_with("<84>"));
    std::fs::remove_file(site.path("key")).unwrap();
    client.login("mailkey-imap", ALICE, PASSWORD);
    assert!(site.log_line().starts_with("<83>"));
}

#[test]
fn the_log_survives_a_restart_of_its_daemon_and_a_time_without_one() {
    let mut site = site!();
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
    site.log_line();
    site.start_syslog();
    assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
    site.log_line();
    site.stop_syslog();
    assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
    assert_eq!(client.login("mailkey-imap", ALICE, "wrong").auth, AUTH_ERR);
    site.start_syslog();
    assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
    site.log_line();
}

#[test]
fn a_syslog_daemon_that_does_not_read_delays_a_login_only_briefly() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    let began = std::time::Instant::now();
    // The socket's queue holds a few lines (net.unix.max_dgram_qlen); nobody reads them here.
    let most = std::fs::read_to_string("/proc/sys/net/unix/max_dgram_qlen")
        .map_or(10, |text| text.trim().parse().unwrap_or(10));
    for _ in 0..(most + 3).min(600) {
        assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
    }
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn nothing_that_was_presented_is_logged_or_kept_in_the_clear() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let app = site.add_app_password(ALICE);
    site.pam_file("mailkey-imap", &site.store_lines("debug"));
    site.pam_file("mailkey-webmail", &site.store_lines("debug"));
    let mut client = site.client();
    let code = factors.code(0);
    let recovery = &factors.recovery_codes[0];
    for presented in [PASSWORD.into(), app.clone(), format!("{PASSWORD}{code}"), format!("{PASSWORD}{recovery}")] {
        for service in ["mailkey-imap", "mailkey-webmail"] {
            client.login(service, ALICE, &presented);
        }
    }
    let log = site.log_lines().join("\n");
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(site.path("data")).unwrap() {
        kept.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let kept = String::from_utf8_lossy(&kept);
    let secret = mailkey::credential::totp::base32(&factors.secret);
    for secret in
        [PASSWORD, &app[5..], recovery.as_str(), &recovery[5..], &app.replace('-', "")[4..], secret.as_str().unwrap()]
    {
        assert!(!log.contains(secret), "in the log: {secret}");
        assert!(!kept.contains(secret), "in the database: {secret}");
    }
    assert!(!log.contains(&code), "in the log: the code");
}
