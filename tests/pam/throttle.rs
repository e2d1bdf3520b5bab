//! Slowing down guesses, through libpam.

use crate::harness::*;

#[track_caller]
fn reason(site: &Site, client: &mut Client, service: &str, rhost: &str, presented: &str) -> String {
    let answer = client.login_from(service, ALICE, rhost, presented);
    let line = site.log_line();
    if answer.opened() { "accepted".into() } else { field(&line, "reason") }
}

fn wrong_code(factors: &Factors, number: u32) -> String {
    let near: Vec<String> = (-3..=3).map(|offset| factors.code(offset)).collect();
    (0..).map(|more| format!("{:06}", 100_000 + number * 1000 + more)).find(|code| !near.contains(code)).unwrap()
}

#[test]
fn five_wrong_codes_pause_the_account_there_and_a_right_code_does_not_get_through() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    for number in 0..5 {
        let presented = format!("{PASSWORD}{}", wrong_code(&factors, number));
        assert_eq!(reason(&site, &mut client, "mailkey-panel", "192.0.2.1", &presented), "wrong_code");
    }
    let right = format!("{PASSWORD}{}", factors.code(0));
    assert_eq!(reason(&site, &mut client, "mailkey-panel", "192.0.2.1", &right), "throttled");
    // An app password always opens, and forgives nothing; another network has its own count.
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.1", &app), "accepted");
    assert_eq!(reason(&site, &mut client, "mailkey-panel", "192.0.2.1", &right), "throttled");
    assert_eq!(reason(&site, &mut client, "mailkey-panel", "198.51.100.1", &right), "accepted");
}

#[test]
fn behind_a_webmail_wrong_codes_count_for_the_account_and_never_for_the_address() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    site.add_account("bob@example.org", PASSWORD);
    let factors = site.enrol(ALICE);
    let mut client = site.client();
    for number in 0..5 {
        let presented = format!("{PASSWORD}{}", wrong_code(&factors, number));
        assert_eq!(reason(&site, &mut client, "mailkey-webmail", "192.0.2.1", &presented), "wrong_code");
    }
    let right = format!("{PASSWORD}{}", factors.code(0));
    let answer = client.login_from("mailkey-webmail", ALICE, "198.51.100.1", &right);
    let line = site.log_line();
    assert!(!answer.opened() && field(&line, "reason") == "throttled" && field(&line, "ban") == "no", "{line}");
    assert!(client.login_from("mailkey-webmail", "bob@example.org", "192.0.2.1", PASSWORD).opened());
}

#[test]
fn the_same_wrong_password_again_counts_once_and_different_ones_pause() {
    let mut site = site!();
    site.configure("[throttle]\npassword_failures = 3\npassword_pause = 60");
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    for first in [true].into_iter().chain([false; 7]) {
        client.login_from("mailkey-imap", ALICE, "192.0.2.1", "the old password");
        let line = site.log_line();
        let banned = field(&line, "ban") == "yes";
        assert_eq!((field(&line, "reason"), banned), ("wrong_password".into(), first), "{line}");
    }
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.1", PASSWORD), "accepted");
    for number in 0..3 {
        let presented = format!("guess {number}");
        assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.1", &presented), "wrong_password");
    }
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.1", PASSWORD), "throttled");
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.1", &app), "accepted");
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.2", PASSWORD), "accepted");
}

#[test]
fn a_right_password_forgives_the_wrong_ones_before_it() {
    let mut site = site!();
    site.configure("[throttle]\npassword_failures = 3\npassword_pause = 60");
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    for round in 0..3 {
        for number in 0..2 {
            let presented = format!("guess {round} {number}");
            assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.1", &presented), "wrong_password");
        }
        assert_eq!(reason(&site, &mut client, "mailkey-imap", "192.0.2.1", PASSWORD), "accepted");
    }
}

#[test]
fn a_network_that_fails_at_many_accounts_is_paused_for_passwords_also_of_accounts_that_do_not_exist() {
    let mut site = site!();
    site.configure("[throttle]\naccounts_per_network = 4");
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    for number in 0..4 {
        client.login_from("mailkey-imap", &format!("user{number}@example.org"), "2001:db8::1", "guess");
        let line = site.log_line();
        assert_eq!((field(&line, "reason"), field(&line, "ban")), ("unknown_account".into(), "yes".into()));
    }
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "2001:db8::99", PASSWORD), "throttled");
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "2001:db8:0:1::1", PASSWORD), "accepted");
    // Without an address there is no network to count for.
    for number in 0..10 {
        client.login_from("mailkey-imap", &format!("other{number}@example.org"), "", "guess");
    }
    site.log_lines();
    assert_eq!(reason(&site, &mut client, "mailkey-imap", "", PASSWORD), "accepted");
}

#[test]
fn visitors_of_a_panel_that_asks_from_its_own_address_are_not_paused_for_each_other() {
    let mut site = site!();
    site.configure("webmail_hosts = [\"192.0.2.9\"]\n[throttle]\naccounts_per_network = 4");
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    let mut guess = |address: &str| {
        for number in 0..4 {
            client.login_from(
                "mailkey-panel",
                &format!("user{number}@example.org"),
                address,
                &format!("guess at {address}"),
            );
        }
        let lines = site.log_lines();
        let ban = field(lines.last().unwrap(), "ban");
        (ban, reason(&site, &mut client, "mailkey-panel", address, PASSWORD))
    };
    for own in ["127.0.0.1", "::1", "192.0.2.9"] {
        assert_eq!(guess(own), ("no".into(), "accepted".into()), "{own}");
    }
    assert_eq!(guess("192.0.2.1"), ("yes".into(), "throttled".into()));
}

#[test]
fn fifty_processes_with_one_code_open_once() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    wait_for_room_in_step();
    let code = format!("{PASSWORD}{}", factors.code(0));
    let recovery = format!("{PASSWORD}{}", factors.recovery_codes[0]);
    for presented in [code, recovery] {
        let (opened, lines) = site.lines_during(|| {
            std::thread::scope(|scope| {
                let attempts: Vec<_> = (0..50)
                    .map(|_| {
                        scope.spawn(|| u32::from(site.client().login("mailkey-webmail", ALICE, &presented).opened()))
                    })
                    .collect();
                attempts.into_iter().map(|attempt| attempt.join().unwrap()).sum::<u32>()
            })
        });
        assert_eq!(opened, 1, "{presented}");
        assert_eq!(lines.len(), 50);
        assert_eq!(lines.iter().filter(|line| line.contains("result=accepted")).count(), 1);
        assert!(lines.iter().all(|line| !line.contains("result=unavailable")), "{lines:#?}");
    }
}

#[test]
fn of_many_codes_sent_at_once_no_more_are_judged_than_one_after_the_other() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let judged = std::thread::scope(|scope| {
        let attempts: Vec<_> = (0..30)
            .map(|number| {
                let presented = format!("{PASSWORD}{}", wrong_code(&factors, number));
                let site = &site;
                scope.spawn(move || site.client().login_from("mailkey-panel", ALICE, "192.0.2.1", &presented))
            })
            .collect();
        attempts.into_iter().map(|attempt| attempt.join().unwrap()).filter(|answer| !answer.opened()).count()
    });
    assert_eq!(judged, 30);
    // Whatever was looked at, a right code is refused now.
    let right = format!("{PASSWORD}{}", factors.code(0));
    site.log_lines();
    assert_eq!(reason(&site, &mut site.client(), "mailkey-panel", "192.0.2.1", &right), "throttled");
}
