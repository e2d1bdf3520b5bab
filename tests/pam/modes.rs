//! The decision table, row by row, with `primary=store`.

use crate::harness::*;

/// Signs in and compares the answer with the reason in the log; `accepted` where mail opens.
#[track_caller]
fn expect(site: &Site, client: &mut Client, service: &str, presented: &str, expected: &str) -> Answer {
    let answer = client.login(service, ALICE, presented);
    let line = site.log_line();
    let got = if answer.opened() { "accepted".to_string() } else { field(&line, "reason") };
    assert_eq!(got, expected, "{service}: {line}");
    if !answer.opened() {
        assert_eq!(answer.auth, AUTH_ERR, "{line}");
    }
    answer
}

#[test]
fn client_mode_without_2fa_takes_the_password_and_app_passwords() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    for service in ["mailkey-imap", "mailkey-pop3", "mailkey-smtp", "mailkey-submission", "mailkey-sieve"] {
        let answer = expect(&site, &mut client, service, PASSWORD, "accepted");
        assert_eq!((answer.method.as_str(), answer.env_account.as_str(), answer.prompts), ("password", ALICE, 1));
        let answer = expect(&site, &mut client, service, &app, "accepted");
        assert_eq!((answer.method.as_str(), answer.id.as_str()), ("app_password", &app[..4]));
        expect(&site, &mut client, service, "wrong password", "wrong_password");
    }
}

#[test]
fn client_mode_with_2fa_takes_app_passwords_only_and_uses_up_no_code() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    wait_for_room_in_step();
    let code = factors.code(0);
    expect(&site, &mut client, "mailkey-imap", &app, "accepted");
    expect(&site, &mut client, "mailkey-imap", PASSWORD, "app_password_required");
    expect(&site, &mut client, "mailkey-imap", &format!("{PASSWORD}{code}"), "app_password_required");
    expect(
        &site,
        &mut client,
        "mailkey-imap",
        &format!("{PASSWORD}{}", factors.recovery_codes[0]),
        "app_password_required",
    );
    expect(&site, &mut client, "mailkey-imap", "wrong password", "wrong_password");
    // Neither was used up.
    expect(&site, &mut client, "mailkey-webmail", &format!("{PASSWORD}{code}"), "accepted");
    expect(&site, &mut client, "mailkey-webmail", &format!("{PASSWORD}{}", factors.recovery_codes[0]), "accepted");
}

#[test]
fn webmail_mode_with_2fa_takes_password_and_code_once() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    wait_for_room_in_step();
    let code = factors.code(0);
    expect(&site, &mut client, "mailkey-webmail", PASSWORD, "code_required");
    expect(&site, &mut client, "mailkey-webmail", &app, "app_password_not_allowed_here");
    expect(&site, &mut client, "mailkey-webmail", &format!("wrong{code}"), "wrong_password");
    let answer = expect(&site, &mut client, "mailkey-webmail", &format!("{PASSWORD}{code}"), "accepted");
    assert_eq!(answer.method, "totp");
    expect(&site, &mut client, "mailkey-webmail", &format!("{PASSWORD}{code}"), "code_used");
    expect(&site, &mut client, "mailkey-webmail", &format!("{PASSWORD}{}", factors.code(-1)), "code_used");
    expect(&site, &mut client, "mailkey-webmail", &format!("{PASSWORD}{}", factors.code(1)), "accepted");
    expect(&site, &mut client, "mailkey-webmail", &format!("{PASSWORD}{}", factors.code(5)), "wrong_code");
}

#[test]
fn a_recovery_code_opens_the_webmail_once() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let mut client = site.client();
    for code in &factors.recovery_codes[..2] {
        let presented = format!("{PASSWORD}{}", code.to_uppercase());
        let answer = expect(&site, &mut client, "mailkey-webmail", &presented, "accepted");
        assert_eq!((answer.method.as_str(), answer.id.as_str()), ("recovery_code", &code[..2]));
        expect(&site, &mut client, "mailkey-webmail", &presented, "recovery_code_used");
    }
    expect(&site, &mut client, "mailkey-webmail", &format!("{PASSWORD}zzzz-zzzz-zzzz"), "wrong_recovery_code");
    expect(&site, &mut client, "mailkey-webmail", &format!("wrong{}", factors.recovery_codes[2]), "wrong_password");
    expect(&site, &mut client, "mailkey-webmail", &format!("{PASSWORD}{}", factors.recovery_codes[2]), "accepted");
}

#[test]
fn webmail_mode_without_2fa_takes_the_password() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    expect(&site, &mut client, "mailkey-webmail", PASSWORD, "accepted");
    expect(&site, &mut client, "mailkey-webmail", &app, "app_password_not_allowed_here");
    expect(&site, &mut client, "mailkey-webmail", "wrong password", "wrong_password");
}

#[test]
fn the_panel_takes_password_and_code_and_never_an_app_password() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    expect(&site, &mut client, "mailkey-panel", PASSWORD, "accepted");
    let factors = site.enrol(ALICE);
    wait_for_room_in_step();
    expect(&site, &mut client, "mailkey-panel", PASSWORD, "code_required");
    expect(&site, &mut client, "mailkey-panel", &app, "app_password_not_allowed_here");
    let answer = expect(&site, &mut client, "mailkey-panel", &format!("{PASSWORD}{}", factors.code(0)), "accepted");
    assert_eq!(answer.enrolment, "-");
    expect(&site, &mut client, "mailkey-panel", &format!("{PASSWORD}{}", factors.recovery_codes[0]), "accepted");
}

#[test]
fn where_2fa_is_required_an_account_without_it_opens_only_the_panel_for_enrolment() {
    let mut site = site!();
    site.configure("require_2fa = true");
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    expect(&site, &mut client, "mailkey-imap", PASSWORD, "enrolment_required");
    expect(&site, &mut client, "mailkey-webmail", PASSWORD, "enrolment_required");
    expect(&site, &mut client, "mailkey-imap", "wrong password", "wrong_password");
    let answer = expect(&site, &mut client, "mailkey-panel", PASSWORD, "accepted");
    assert_eq!(answer.enrolment, "1");
    expect(&site, &mut client, "mailkey-imap", &app, "accepted");
}

#[test]
fn from_the_day_on_that_2fa_is_required_an_account_without_it_opens_only_the_panel_for_enrolment() {
    let mut site = site!();
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    site.configure("require_2fa = 2999-01-01");
    expect(&site, &mut client, "mailkey-imap", PASSWORD, "accepted");
    assert_eq!(expect(&site, &mut client, "mailkey-panel", PASSWORD, "accepted").enrolment, "-");
    site.configure("require_2fa = 2020-01-01");
    expect(&site, &mut client, "mailkey-imap", PASSWORD, "enrolment_required");
    assert_eq!(expect(&site, &mut client, "mailkey-panel", PASSWORD, "accepted").enrolment, "1");
}

#[test]
fn a_site_may_let_primary_passwords_into_the_webmail_only() {
    let mut site = site!();
    site.configure("client_primary_password = false");
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    expect(&site, &mut client, "mailkey-imap", PASSWORD, "app_password_required");
    expect(&site, &mut client, "mailkey-webmail", PASSWORD, "accepted");
    expect(&site, &mut client, "mailkey-imap", &app, "accepted");
}

#[test]
fn a_disabled_account_opens_nothing_and_opens_again_when_it_is_enabled() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let uid = site.account(ALICE).uid;
    let mut client = site.client();
    site.store().set_enabled(uid, false).unwrap();
    for service in ["mailkey-imap", "mailkey-webmail", "mailkey-panel"] {
        expect(&site, &mut client, service, PASSWORD, "account_disabled");
        expect(&site, &mut client, service, "wrong password", "wrong_password");
    }
    expect(&site, &mut client, "mailkey-imap", &app, "account_disabled");
    site.store().set_enabled(uid, true).unwrap();
    expect(&site, &mut client, "mailkey-imap", &app, "accepted");
}

#[test]
fn webmail_hosts_make_an_imap_login_the_webmails_and_nothing_else() {
    let mut site = site!();
    site.configure("webmail_hosts = [\"198.51.100.5\", \"2001:db8::/32\"]");
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let mut client = site.client();
    wait_for_room_in_step();
    let presented = format!("{PASSWORD}{}", factors.code(0));
    let mut reason = |service: &str, rhost: &str, presented: &str| {
        let answer = client.login_from(service, ALICE, rhost, presented);
        let line = site.log_line();
        if answer.opened() { "accepted".to_string() } else { field(&line, "reason") }
    };
    assert_eq!(reason("mailkey-imap", "198.51.100.6", &presented), "app_password_required");
    assert_eq!(reason("mailkey-imap", "", &presented), "app_password_required");
    assert_eq!(reason("mailkey-pop3", "198.51.100.5", &presented), "app_password_required");
    assert_eq!(reason("mailkey-imap", "198.51.100.5", &presented), "accepted");
    assert_eq!(reason("mailkey-imap", "::ffff:198.51.100.5", &presented), "code_used");
    assert_eq!(reason("mailkey-imap", "2001:db8::7", PASSWORD), "code_required");
}

#[test]
fn mode_and_protocol_given_in_the_pam_file_win_over_the_service_name() {
    let mut site = site!();
    site.configure("webmail_hosts = [\"192.0.2.1\"]");
    site.add_account(ALICE, PASSWORD);
    let imap_only = site.add_limited(ALICE, &[mailkey::account::Protocol::Imap], &[], None);
    site.enrol(ALICE);
    site.pam_file("dovecot", &site.store_lines("mode=client protocol=imap"));
    site.pam_file("mailkey-imap", &site.store_lines("mode=client"));
    site.pam_file("plain", &site.store_lines(""));
    let mut client = site.client();
    expect(&site, &mut client, "dovecot", &imap_only, "accepted");
    expect(&site, &mut client, "mailkey-imap", &imap_only, "accepted");
    expect(&site, &mut client, "plain", &imap_only, "protocol_unknown");
}

#[test]
fn an_account_created_again_under_the_same_name_inherits_nothing() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    site.enrol(ALICE);
    let mut client = site.client();
    expect(&site, &mut client, "mailkey-imap", &app, "accepted");
    site.store().remove_account(site.account(ALICE).uid).unwrap();
    expect(&site, &mut client, "mailkey-imap", &app, "unknown_account");
    site.add_account(ALICE, "another password");
    expect(&site, &mut client, "mailkey-imap", &app, "wrong_app_password");
    expect(&site, &mut client, "mailkey-imap", PASSWORD, "wrong_password");
    expect(&site, &mut client, "mailkey-imap", "another password", "accepted");
}

#[test]
fn only_the_panel_is_told_why_it_was_refused() {
    let mut site = site!();
    site.configure("[throttle]\ncode_failures = 2");
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    let why = |client: &mut Client, presented: &str| {
        let answer = client.login("mailkey-panel", ALICE, presented);
        let line = site.log_line();
        let logged = field(&line, "reason");
        assert_eq!(answer.reason, logged, "{line}");
        logged
    };
    assert_eq!(why(&mut client, "wrong password"), "wrong_password");
    assert_eq!(why(&mut client, PASSWORD), "-");
    let factors = site.enrol(ALICE);
    wait_for_room_in_step();
    let right = format!("{PASSWORD}{}", factors.code(0));
    assert_eq!(why(&mut client, PASSWORD), "code_required");
    assert_eq!(why(&mut client, &app), "app_password_not_allowed_here");
    assert_eq!(why(&mut client, &right), "-");
    assert_eq!(why(&mut client, &right), "code_used");
    assert_eq!(why(&mut client, &format!("{PASSWORD}000000")), "wrong_code");
    assert_eq!(why(&mut client, &format!("{PASSWORD}000001")), "wrong_code");
    assert_eq!(why(&mut client, &right), "throttled");
    for (service, presented) in
        [("mailkey-webmail", "wrong password"), ("mailkey-webmail", PASSWORD), ("mailkey-imap", PASSWORD)]
    {
        let answer = client.login(service, ALICE, presented);
        assert!(!answer.opened(), "{answer:?}");
        assert_eq!(answer.reason, "-", "{service}");
    }
}

#[test]
fn the_reason_of_an_earlier_try_in_the_transaction_is_gone_when_the_next_one_opens() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    let words = |first: &'static str, second: &'static str| -> [&[u8]; 4] {
        [ALICE.as_bytes(), b"192.0.2.1", first.as_bytes(), second.as_bytes()]
    };
    let answer = client.send("again", "mailkey-panel", &words("wrong password", PASSWORD));
    assert!(answer.opened() && answer.reason == "-", "{answer:?}");
    let answer = client.send("again", "mailkey-panel", &words(PASSWORD, "wrong password"));
    assert_eq!((answer.opened(), answer.reason.as_str()), (false, "wrong_password"));
}

#[test]
fn the_panel_is_told_of_what_is_broken_and_of_an_account_call_that_nothing_preceded() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let lines = site.store_lines("");
    site.pam_file("mailkey-panel", &lines.replace("auth required", "auth sufficient pam_permit.so\nauth required"));
    let answer = site.client().login("mailkey-panel", ALICE, PASSWORD);
    assert_eq!(
        (answer.auth, answer.account, answer.reason.as_str()),
        (SUCCESS, Some(PERM_DENIED), "not_authenticated")
    );
    site.pam_file("mailkey-panel", &lines);
    std::fs::remove_file(site.path("data/mailkey.db")).unwrap();
    let answer = site.client().login("mailkey-panel", ALICE, PASSWORD);
    assert_eq!((answer.auth, answer.reason.as_str()), (UNAVAIL, "store_unavailable"));
}

#[test]
fn digits_at_the_end_of_a_password_are_its_own_where_the_panel_says_that_no_code_comes_with_it() {
    let site = site!();
    let recovery_like = "my password ab2c-de3f-gh4j";
    for (name, password) in [("alice@example.org", "summer of 200424"), ("bob@example.org", recovery_like)] {
        site.add_account(name, password);
        let factors = site.enrol(name);
        let mut client = site.client();
        let mut try_it = |verb: &str, service: &str, presented: &str| {
            let answer = client.send(verb, service, &[name.as_bytes(), b"192.0.2.1", presented.as_bytes()]);
            let reason = field(&site.log_line(), "reason");
            assert_eq!(answer.opened(), reason == "-");
            reason
        };
        wait_for_room_in_step();
        assert_eq!(try_it("alone", "mailkey-panel", password), "code_required");
        assert_eq!(try_it("alone", "mailkey-panel", "another one of 200424"), "wrong_password");
        // The word of the program counts: what would be right as a pair is no password.
        let pair = format!("{password}{}", factors.code(0));
        assert_eq!(try_it("alone", "mailkey-panel", &pair), "wrong_password");
        // It counts in the panel only, and the pair is split as ever without it.
        assert_eq!(try_it("auth", "mailkey-panel", password), "wrong_password");
        assert_eq!(try_it("alone", "mailkey-webmail", password), "wrong_password");
        assert_eq!(try_it("auth", "mailkey-panel", &pair), "-");
    }
}
