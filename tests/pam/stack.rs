//! In front of pam_unix, with a real system user in a private /etc/passwd and /etc/shadow.

use crate::harness::*;

const BOB: &str = "bob";
const FIRST: &str = "[success=done ignore=ignore default=die]";
const UNIX: &str = "requisite pam_unix.so use_first_pass";

/// A site whose system user bob has 2FA, under bare names; and carol, without a record.
fn site_with_bob() -> Option<(Site, Factors, String)> {
    let mut site = Site::new()?;
    site.configure("bare_names = true");
    site.system_user(BOB, PASSWORD);
    site.system_user("carol", PASSWORD);
    site.add_account(BOB, "");
    let factors = site.enrol(BOB);
    let app = site.add_app_password(BOB);
    for service in ["mailkey-imap", "mailkey-webmail"] {
        let lines = site.stack_lines("");
        site.pam_file(service, &lines);
    }
    Some((site, factors, app))
}

macro_rules! bob {
    () => {
        match site_with_bob() {
            Some(made) => made,
            None => return,
        }
    };
}

#[track_caller]
fn expect(site: &Site, client: &mut Client, service: &str, user: &str, presented: &str, expected: &str) -> Answer {
    let answer = client.login(service, user, presented);
    let line = site.log_lines().into_iter().filter(|line| line.contains("pam_mailkey")).collect::<Vec<_>>();
    assert_eq!(line.len(), 1, "one line for each attempt: {line:#?}");
    let got = if answer.opened() { "accepted".to_string() } else { field(&line[0], "reason") };
    assert_eq!(got, expected, "{}", line[0]);
    answer
}

#[test]
fn the_decision_table_holds_around_pam_unix() {
    let (site, factors, app) = bob!();
    let mut client = site.client();
    wait_for_room_in_step();
    let code = factors.code(0);
    expect(&site, &mut client, "mailkey-imap", BOB, &app, "accepted");
    expect(&site, &mut client, "mailkey-imap", BOB, PASSWORD, "app_password_required");
    expect(&site, &mut client, "mailkey-imap", BOB, "wrong password", "wrong_password");
    expect(&site, &mut client, "mailkey-webmail", BOB, PASSWORD, "code_required");
    expect(&site, &mut client, "mailkey-webmail", BOB, &app, "app_password_not_allowed_here");
    expect(&site, &mut client, "mailkey-webmail", BOB, &format!("wrong{code}"), "wrong_password");
    // A wrong password burns no code.
    let answer = expect(&site, &mut client, "mailkey-webmail", BOB, &format!("{PASSWORD}{code}"), "accepted");
    assert_eq!((answer.user.as_str(), answer.method.as_str()), (BOB, "totp"));
    expect(&site, &mut client, "mailkey-webmail", BOB, &format!("{PASSWORD}{code}"), "code_used");
    let recovery = format!("{PASSWORD}{}", factors.recovery_codes[0]);
    expect(&site, &mut client, "mailkey-webmail", BOB, &recovery, "accepted");
    expect(&site, &mut client, "mailkey-webmail", BOB, &recovery, "recovery_code_used");
    expect(&site, &mut client, "mailkey-webmail", BOB, &format!("{PASSWORD}000000"), "wrong_code");
}

#[test]
fn a_system_user_without_a_record_is_off_or_refused_as_the_argument_says() {
    let (site, _, _) = bob!();
    let mut client = site.client();
    expect(&site, &mut client, "mailkey-imap", "carol", PASSWORD, "accepted");
    expect(&site, &mut client, "mailkey-webmail", "carol", PASSWORD, "accepted");
    expect(&site, &mut client, "mailkey-imap", "carol", "wrong password", "wrong_password");
    expect(&site, &mut client, "mailkey-imap", "nobody-at-all", PASSWORD, "wrong_password");
    let lines = site.stack_lines("unknown_account=reject");
    site.pam_file("mailkey-imap", &lines);
    expect(&site, &mut client, "mailkey-imap", "carol", PASSWORD, "unknown_account");
}

#[test]
fn an_old_shadow_password_that_looks_like_another_credential_still_works() {
    let Some(mut site) = Site::new() else { return };
    site.configure("bare_names = true");
    // 20 letters and digits: the shape of an app password; 14 with a code behind them: too.
    for (user, password) in [("dave", "abcdefghjk1234567890"), ("erin", "abcdefgh123456"), ("frank", "abcdefgh")] {
        site.system_user(user, password);
        site.add_account(user, "");
    }
    let lines = site.stack_lines("");
    site.pam_file("mailkey-imap", &lines);
    site.pam_file("mailkey-webmail", &lines);
    let (erin, frank) = (site.enrol("erin"), site.enrol("frank"));
    let mut client = site.client();
    expect(&site, &mut client, "mailkey-imap", "dave", "abcdefghjk1234567890", "accepted");
    wait_for_room_in_step();
    expect(&site, &mut client, "mailkey-webmail", "erin", &format!("abcdefgh123456{}", erin.code(0)), "accepted");
    expect(&site, &mut client, "mailkey-webmail", "frank", &format!("abcdefgh{}", frank.recovery_codes[0]), "accepted");
}

#[test]
fn stack_user_local_gives_the_stacked_module_the_name_without_its_domain() {
    let Some(mut site) = Site::new() else { return };
    site.configure("default_domain = \"example.org\"");
    site.system_user(BOB, PASSWORD);
    site.add_account("bob@example.org", "");
    let factors = site.enrol("bob@example.org");
    let app = site.add_app_password("bob@example.org");
    let lines = site.stack_lines("stack_user=local");
    site.pam_file("mailkey-webmail", &lines);
    site.pam_file("mailkey-imap", &(lines + &site.account_line("stack_user=local finish")));
    let mut client = site.client();
    let answer = expect(&site, &mut client, "mailkey-imap", "Bob@example.org", &app, "accepted");
    assert_eq!((answer.user.as_str(), answer.env_account.as_str()), ("bob@example.org", "bob@example.org"));
    let answer =
        expect(&site, &mut client, "mailkey-webmail", BOB, &format!("{PASSWORD}{}", factors.code(0)), "accepted");
    assert_eq!((answer.user.as_str(), answer.env_account.as_str()), (BOB, "bob@example.org"));
}

#[test]
fn with_stack_user_local_a_name_of_another_domain_is_no_account() {
    let Some(mut site) = Site::new() else { return };
    site.configure("default_domain = \"example.org\"");
    site.system_user(BOB, PASSWORD);
    site.add_account("bob@example.org", "");
    site.enrol("bob@example.org");
    let lines = site.stack_lines("stack_user=local");
    site.pam_file("mailkey-imap", &lines);
    let mut client = site.client();
    expect(&site, &mut client, "mailkey-imap", "bob@other.example", PASSWORD, "invalid_name");
    expect(&site, &mut client, "mailkey-imap", BOB, PASSWORD, "app_password_required");
    site.configure("bare_names = true");
    expect(&site, &mut client, "mailkey-imap", "bob@example.org", PASSWORD, "invalid_name");
    site.configure("");
    expect(&site, &mut client, "mailkey-imap", "bob@example.org", PASSWORD, "bad_option");
}

#[test]
fn an_attempt_that_a_program_goes_on_from_without_success_counts_too() {
    let (mut site, _, _) = bob!();
    site.configure("bare_names = true\n[throttle]\npassword_failures = 3\npassword_pause = 60");
    let mut client = site.client();
    for number in 0..3 {
        let words: [&[u8]; 3] = [BOB.as_bytes(), b"192.0.2.1", &[b"guess ", &[b'0' + number][..]].concat()];
        let answer = client.send("both", "mailkey-imap", &words);
        assert_eq!(answer.account, Some(PERM_DENIED));
    }
    site.log_lines();
    expect(&site, &mut client, "mailkey-imap", BOB, PASSWORD, "throttled");
}

#[test]
fn what_was_never_finished_counts_as_a_wrong_password() {
    let (mut site, _, _) = bob!();
    site.configure("bare_names = true\n[throttle]\npassword_failures = 3\npassword_pause = 60");
    let mut client = site.client();
    for number in 0..3 {
        expect(&site, &mut client, "mailkey-imap", BOB, &format!("guess {number}"), "wrong_password");
    }
    expect(&site, &mut client, "mailkey-imap", BOB, PASSWORD, "throttled");
}

/// What must never open, in either service, whatever is wrong with the stack.
#[track_caller]
fn never_opens(site: &Site, factors: &Factors, what: &str) {
    let mut client = site.client();
    for (service, presented) in [
        ("mailkey-imap", PASSWORD.to_string()),
        ("mailkey-imap", "wrong password".to_string()),
        ("mailkey-webmail", PASSWORD.to_string()),
        ("mailkey-webmail", "wrong password".to_string()),
        ("mailkey-webmail", format!("wrong password{}", factors.code(1))),
        ("mailkey-webmail", format!("{PASSWORD}000000")),
    ] {
        let answer = client.send("auth", service, &[BOB.as_bytes(), b"192.0.2.1", presented.as_bytes()]);
        assert!(!answer.opened(), "{what}: {service} {presented} {answer:?}");
        site.log_lines();
    }
}

#[test]
fn with_our_account_line_no_control_word_on_our_first_line_opens_what_the_table_refuses() {
    let (site, factors, _) = bob!();
    for first in [
        "required",
        "requisite",
        "sufficient",
        "optional",
        "[success=ok default=ignore]",
        "[success=done default=ignore]",
        "[success=1 default=ignore]",
        "[success=ok ignore=ignore default=bad]",
        "[success=done ignore=ignore default=die]",
        "[default=ignore]",
        "[default=ok]",
        "[default=done]",
    ] {
        for unix in [
            UNIX,
            "required pam_unix.so use_first_pass",
            "requisite pam_unix.so",
            "required pam_unix.so try_first_pass",
        ] {
            for finish in ["required", "requisite", "sufficient", "[success=ok default=die]"] {
                let lines = site.stack_file(first, unix, finish, "")
                    + &site.account_line("")
                    + "account required pam_unix.so\n";
                site.pam_file("mailkey-imap", &lines);
                site.pam_file("mailkey-webmail", &lines);
                never_opens(&site, &factors, &format!("{first} / {unix} / {finish}"));
            }
        }
    }
}

#[test]
fn with_our_account_line_a_stack_without_the_finish_line_opens_only_app_passwords() {
    let (site, factors, app) = bob!();
    for first in ["required", "sufficient", "optional", FIRST] {
        for unix in [UNIX, "sufficient pam_unix.so use_first_pass", "required pam_unix.so"] {
            let lines = site.stack_file(first, unix, "required", "");
            let without: String =
                lines.lines().filter(|line| !line.contains("finish")).map(|line| format!("{line}\n")).collect();
            for service in ["mailkey-imap", "mailkey-webmail"] {
                site.pam_file(service, &format!("{without}{}", site.account_line("")));
            }
            never_opens(&site, &factors, &format!("{first} / {unix} / no finish"));
            let mut client = site.client();
            let presented = format!("{PASSWORD}{}", factors.code(0));
            assert!(!client.login("mailkey-webmail", BOB, &presented).opened());
            let lines = site.log_lines();
            if first == FIRST && unix == UNIX {
                let ours: Vec<&String> = lines.iter().filter(|line| line.contains("pam_mailkey")).collect();
                assert!(ours.len() == 1 && field(ours[0], "reason") == "not_authenticated", "{ours:?}");
            }
            if first == FIRST {
                assert!(client.login("mailkey-imap", BOB, &app).opened());
            }
            site.log_lines();
        }
    }
}

#[test]
fn a_stacked_pam_unix_that_may_fail_is_caught_by_what_pam_unix_leaves_behind() {
    let (site, factors, _) = bob!();
    for unix in ["sufficient pam_unix.so use_first_pass", "optional pam_unix.so use_first_pass"] {
        for first in [FIRST, "required", "optional"] {
            let lines = site.stack_file(first, unix, "required", "") + &site.account_line("");
            site.pam_file("mailkey-imap", &lines);
            site.pam_file("mailkey-webmail", &lines);
            never_opens(&site, &factors, &format!("{first} / {unix}"));
        }
    }
}

#[test]
fn a_refusal_leaves_no_password_for_the_modules_behind_it() {
    let (site, _, _) = bob!();
    for first in ["optional", "sufficient"] {
        // Carol's password is right for pam_unix; our line, which must not decide here, refuses her.
        let lines = site.stack_file(first, "required pam_unix.so use_first_pass", "required", "unknown_account=reject");
        let lines: String =
            lines.lines().filter(|line| !line.contains("finish")).map(|line| format!("{line}\n")).collect();
        site.pam_file("mailkey-imap", &format!("{lines}account required pam_permit.so\n"));
        let answer = site.client().login("mailkey-imap", "carol", PASSWORD);
        assert!(!answer.opened(), "{first}: {answer:?}");
        site.log_lines();
    }
}

#[test]
fn the_first_line_left_out_opens_nothing() {
    let (site, factors, app) = bob!();
    let lines: String = site
        .stack_lines("")
        .lines()
        .filter(|line| !line.contains("default=die"))
        .map(|line| format!("{}\n", line.replace("use_first_pass", "")))
        .collect();
    site.pam_file("mailkey-imap", &lines);
    site.pam_file("mailkey-webmail", &lines);
    never_opens(&site, &factors, "no first line");
    assert!(!site.client().login("mailkey-imap", BOB, &app).opened());
}

#[test]
fn even_without_our_account_line_the_shipped_auth_lines_refuse() {
    let (site, factors, app) = bob!();
    for unix in [UNIX, "required pam_unix.so use_first_pass", "requisite pam_unix.so"] {
        for first in [FIRST, "required", "requisite", "sufficient", "optional"] {
            for finish in ["required", "requisite"] {
                let lines = site.stack_file(first, unix, finish, "") + "account required pam_permit.so\n";
                site.pam_file("mailkey-imap", &lines);
                site.pam_file("mailkey-webmail", &lines);
                never_opens(&site, &factors, &format!("{first} / {unix} / {finish}, no account line"));
            }
        }
    }
    let lines = site.stack_file(FIRST, UNIX, "required", "") + "account required pam_permit.so\n";
    site.pam_file("mailkey-imap", &lines);
    assert!(site.client().login("mailkey-imap", BOB, &app).opened());
}

/// Named as unsafe in the documentation: with neither our account line nor the finish line, the stacked module alone
/// decides. The test shows it, so that the documentation stays true.
#[test]
fn without_our_account_line_and_without_the_finish_line_the_stacked_module_alone_decides() {
    let (site, _, _) = bob!();
    let lines = site.stack_file(FIRST, UNIX, "required", "");
    let without: String =
        lines.lines().filter(|line| !line.contains("finish")).map(|line| format!("{line}\n")).collect();
    site.pam_file("mailkey-imap", &format!("{without}account required pam_permit.so\n"));
    assert!(site.client().login("mailkey-imap", BOB, PASSWORD).opened());
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    assert!(readme.contains("finish line and account line"), "README.md must name what is unsafe");
}

#[test]
fn a_second_attempt_in_the_same_transaction_is_judged_on_its_own() {
    let (site, factors, _) = bob!();
    let mut client = site.client();
    let mut twice = |first: &str, second: &str| {
        let words: [&[u8]; 4] = [BOB.as_bytes(), b"192.0.2.1", first.as_bytes(), second.as_bytes()];
        let answer = client.send("again", "mailkey-webmail", &words);
        let lines = site.log_lines();
        let reasons: Vec<String> =
            lines.iter().filter(|line| line.contains("pam_mailkey")).map(|line| field(line, "reason")).collect();
        (answer.opened(), reasons.join(" then "))
    };
    wait_for_room_in_step();
    let right = format!("{PASSWORD}{}", factors.code(0));
    assert_eq!(twice("wrong password", PASSWORD), (false, "wrong_password then code_required".into()));
    assert_eq!(twice("wrong password", &right), (true, "wrong_password then -".into()));
    let next = format!("{PASSWORD}{}", factors.code(1));
    assert_eq!(twice(&next, "wrong password"), (false, "- then wrong_password".into()));
}

#[test]
fn the_account_call_alone_is_never_enough() {
    let (site, _, _) = bob!();
    site.pam_file("mailkey-imap", &format!("auth required pam_permit.so\n{}", site.account_line("")));
    let answer = site.client().login("mailkey-imap", BOB, PASSWORD);
    assert_eq!((answer.auth, answer.account), (SUCCESS, Some(PERM_DENIED)));
    assert_eq!(field(&site.log_line(), "reason"), "not_authenticated");
}

#[test]
fn the_panel_is_told_whether_the_stacked_module_found_the_password_right() {
    let (site, factors, app) = bob!();
    site.pam_file("mailkey-panel", &site.stack_lines(""));
    let mut client = site.client();
    let mut why = |verb: &str, presented: &str| {
        let answer = client.send(verb, "mailkey-panel", &[BOB.as_bytes(), b"192.0.2.1", presented.as_bytes()]);
        let line = site.log_lines().into_iter().filter(|line| line.contains("pam_mailkey")).collect::<Vec<_>>();
        assert_eq!(line.len(), 1, "one line for each attempt: {line:#?}");
        assert_eq!(answer.reason, field(&line[0], "reason"), "{}", line[0]);
        answer
    };
    wait_for_room_in_step();
    assert_eq!(why("alone", PASSWORD).reason, "code_required");
    assert_eq!(why("alone", "wrong password").reason, "wrong_password");
    assert_eq!(why("auth", &format!("wrong password{}", factors.code(0))).reason, "wrong_password");
    assert_eq!(why("auth", &app).reason, "app_password_not_allowed_here");
    assert_eq!(why("auth", &format!("{PASSWORD}000000")).reason, "wrong_code");
    let opened = why("auth", &format!("{PASSWORD}{}", factors.code(0)));
    assert!(opened.opened() && opened.reason == "-", "{opened:?}");
    assert_eq!(why("auth", &format!("{PASSWORD}{}", factors.code(0))).reason, "code_used");
    let webmail = client.login("mailkey-webmail", BOB, PASSWORD);
    assert_eq!((webmail.opened(), webmail.reason.as_str()), (false, "-"));
}

#[test]
fn digits_at_the_end_of_a_system_password_are_its_own_where_the_panel_says_so() {
    let Some(mut site) = Site::new() else { return };
    site.configure("bare_names = true");
    site.system_user(BOB, "summer of 200424");
    site.add_account(BOB, "");
    site.enrol(BOB);
    site.pam_file("mailkey-panel", &site.stack_lines(""));
    let mut client = site.client();
    let answer = client.send("alone", "mailkey-panel", &[BOB.as_bytes(), b"192.0.2.1", b"summer of 200424"]);
    assert_eq!((answer.auth, answer.reason.as_str()), (AUTH_ERR, "code_required"));
}
