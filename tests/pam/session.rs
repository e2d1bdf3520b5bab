//! Webmail sessions, through libpam. Each test says under which `webmail_session` it runs; the default is "exchange".

use crate::harness::*;
use mailkey::auth::throttle::Rules;

const BOB: &str = "bob@example.org";
const WEBMAIL: &str = "mailkey-webmail";

/// A session credential; two numbers never have the same.
fn credential(number: u32) -> String {
    format!("mks-{number:052}")
}

fn opening(credential: &str, code: &str, password: &str) -> String {
    format!("mkopen:{credential}:{code}:{password}")
}

/// Signs in from `rhost`; the answer with the reason in the log, or "accepted", and the line.
#[track_caller]
fn login(
    site: &Site,
    client: &mut Client,
    (service, user, rhost): (&str, &str, &str),
    presented: &str,
) -> (String, String) {
    let answer = client.login_from(service, user, rhost, presented);
    let line = site.log_line();
    assert!(!line.contains("mks-") && !line.contains(PASSWORD), "{line}");
    if answer.opened() {
        assert_eq!(field(&line, "result"), "accepted", "{line}");
        return ("accepted".into(), line);
    }
    assert_eq!(answer.auth, AUTH_ERR, "{line}");
    (field(&line, "reason"), line)
}

/// Alice at the webmail.
#[track_caller]
fn webmail(site: &Site, client: &mut Client, presented: &str) -> String {
    login(site, client, (WEBMAIL, ALICE, "127.0.0.1"), presented).0
}

/// Alice with 2FA, and a session that is open.
fn open_session(site: &Site, client: &mut Client) -> (Factors, String) {
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let credential = credential(1);
    let presented = opening(&credential, &factors.code(0), PASSWORD);
    assert_eq!(webmail(site, client, &presented), "accepted");
    (factors, credential)
}

/// Moves the sessions' times into the past, by seconds.
fn age(site: &Site, column: &str, seconds: i64) {
    let database = rusqlite::Connection::open(&site.config.database).unwrap();
    database.execute(&format!("UPDATE session SET {column} = {column} - ?1"), [seconds]).unwrap();
}

#[test]
fn a_session_opens_with_password_and_code_and_goes_on_by_its_credential_alone() {
    wait_for_room_in_step();
    let site = site!();
    let mut client = site.client();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let credential = credential(1);
    let place = (WEBMAIL, ALICE, "127.0.0.1");
    let (_, line) = login(&site, &mut client, place, &opening(&credential, &factors.code(0), PASSWORD));
    assert_eq!((field(&line, "method"), field(&line, "operation")), ("totp".into(), "session_open".into()));
    let id = field(&line, "session");
    for _ in 0..3 {
        let answer = client.login_from(WEBMAIL, ALICE, "127.0.0.1", &credential);
        let line = site.log_line();
        assert!(answer.opened(), "{line}");
        assert_eq!((answer.method.as_str(), &answer.id), ("session", &id));
        assert_eq!((field(&line, "method"), field(&line, "session")), ("session".into(), id.clone()));
    }
    // The code itself opens nothing more.
    assert_eq!(webmail(&site, &mut client, &format!("{PASSWORD}{}", factors.code(0))), "code_used");
}

#[test]
fn a_session_that_was_closed_is_worthless() {
    let site = site!();
    let mut client = site.client();
    let (_, credential) = open_session(&site, &mut client);
    let close = format!("mkclose:{credential}");
    let (answer, line) = login(&site, &mut client, (WEBMAIL, ALICE, "127.0.0.1"), &close);
    assert_eq!((answer.as_str(), field(&line, "operation").as_str()), ("accepted", "session_close"));
    assert_eq!(webmail(&site, &mut client, &credential), "session_ended");
    assert_eq!(webmail(&site, &mut client, &close), "session_ended");
    assert_eq!(webmail(&site, &mut client, &opening(&credential, "", PASSWORD)), "session_reused");
}

#[test]
fn the_same_opening_again_is_answered_as_the_first_for_thirty_seconds_and_another_one_never() {
    wait_for_room_in_step();
    let site = site!();
    let mut client = site.client();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let first = opening(&credential(1), &factors.code(0), PASSWORD);
    for _ in 0..3 {
        assert_eq!(webmail(&site, &mut client, &first), "accepted");
    }
    for other in [
        opening(&credential(1), &factors.code(1), PASSWORD),
        opening(&credential(1), "", PASSWORD),
        opening(&credential(1), &factors.code(0), "wrong"),
        opening(&credential(1), &format!("{} ", factors.code(0)), PASSWORD),
    ] {
        assert_eq!(webmail(&site, &mut client, &other), "session_reused");
    }
    age(&site, "opened_at", 31);
    assert_eq!(webmail(&site, &mut client, &first), "session_reused");
    assert_eq!(webmail(&site, &mut client, &credential(1)), "accepted");
}

#[test]
fn a_credential_that_was_seen_opens_nothing_for_anybody() {
    let site = site!();
    let mut client = site.client();
    let (_, credential) = open_session(&site, &mut client);
    site.add_account(BOB, PASSWORD);
    let bob = (WEBMAIL, BOB, "127.0.0.1");
    // Set up by Alice for Bob, and Bob's password in it.
    assert_eq!(login(&site, &mut client, bob, &opening(&credential, "", PASSWORD)).0, "session_reused");
    assert_eq!(login(&site, &mut client, bob, &credential).0, "session_unknown");
    assert_eq!(login(&site, &mut client, bob, &format!("mkclose:{credential}")).0, "session_unknown");
    assert_eq!(webmail(&site, &mut client, &credential), "accepted");
    assert_eq!(webmail(&site, &mut client, &crate::session::credential(7)), "session_unknown");
}

#[test]
fn what_is_wrong_opens_no_session_and_uses_up_nothing() {
    let site = site!();
    let mut client = site.client();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let code = factors.code(0);
    let mut tried =
        |number, code: &str, password: &str| webmail(&site, &mut client, &opening(&credential(number), code, password));
    assert_eq!(tried(1, &code, "wrong"), "wrong_password");
    assert_eq!(tried(2, "", PASSWORD), "code_required");
    assert_eq!(tried(3, "12345", PASSWORD), "wrong_code");
    assert_eq!(tried(4, "nonsense", PASSWORD), "wrong_code");
    assert_eq!(tried(5, "", &format!("{PASSWORD}{code}")), "wrong_password");
    assert_eq!(tried(6, "zzzz-zzzz-zzzz", PASSWORD), "wrong_recovery_code");
    assert_eq!(tried(7, &code, ""), "empty_credential");
    for number in 1..=7 {
        assert_eq!(webmail(&site, &mut client, &credential(number)), "session_unknown", "{number}");
    }
    // None of them was seen, and the code is still good.
    assert_eq!(webmail(&site, &mut client, &opening(&credential(1), &code, PASSWORD)), "accepted");
    assert_eq!(webmail(&site, &mut client, &opening(&credential(2), &code, PASSWORD)), "code_used");
}

#[test]
fn a_recovery_code_opens_a_session_in_any_spelling_and_the_log_says_how_many_are_left() {
    let site = site!();
    let mut client = site.client();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let spellings = [
        factors.recovery_codes[0].clone(),
        factors.recovery_codes[1].to_uppercase(),
        factors.recovery_codes[2].replace('-', ""),
        factors.recovery_codes[3].replace('-', " "),
    ];
    for (number, code) in (1..).zip(&spellings) {
        let presented = opening(&credential(number), code, PASSWORD);
        let (answer, line) = login(&site, &mut client, (WEBMAIL, ALICE, "127.0.0.1"), &presented);
        assert_eq!(answer, "accepted", "{code}");
        assert_eq!((field(&line, "method"), field(&line, "left")), ("recovery_code".into(), (10 - number).to_string()));
        assert_eq!(webmail(&site, &mut client, &credential(number)), "accepted");
        let again = opening(&credential(number + 10), code, PASSWORD);
        assert_eq!(webmail(&site, &mut client, &again), "recovery_code_used");
    }
    let entries = site.store().activity(None, 50).unwrap();
    let left: Vec<_> = entries.iter().filter_map(|entry| entry.activity.codes_left).collect();
    assert_eq!(left.len(), 4);
    assert!((6..10).all(|number| left.contains(&number)), "{left:?}");
}

#[test]
fn without_2fa_the_password_opens_a_session_and_the_code_field_does_not_matter() {
    let site = site!();
    let mut client = site.client();
    site.add_account(ALICE, "pass:word: with colons ");
    for (number, code) in (1..).zip(["", "123456", "whatever"]) {
        let presented = opening(&credential(number), code, "pass:word: with colons ");
        assert_eq!(webmail(&site, &mut client, &presented), "accepted");
        assert_eq!(webmail(&site, &mut client, &credential(number)), "accepted");
    }
    assert_eq!(webmail(&site, &mut client, &opening(&credential(9), "", "pass:word: with colons")), "wrong_password");
}

#[test]
fn what_is_no_session_credential_is_named_so() {
    let site = site!();
    let mut client = site.client();
    site.add_account(ALICE, PASSWORD);
    for presented in [
        format!("mkopen::{PASSWORD}"),
        format!("mkopen:{}", credential(1)),
        opening(&credential(1).to_uppercase(), "", PASSWORD),
        opening(&credential(1)[..55], "", PASSWORD),
        format!("mkclose:{}x", credential(1)),
    ] {
        let answer = client.login(WEBMAIL, ALICE, &presented);
        let line = site.log_line();
        assert!(!answer.opened() && field(&line, "reason") == "session_malformed", "{line}");
    }
}

#[test]
fn smtp_and_sieve_take_a_session_from_webmail_hosts_and_nothing_else_does() {
    let mut site = site!();
    site.configure("webmail_hosts = [\"127.0.0.1\", \"::1\"]");
    let mut client = site.client();
    let (factors, credential) = open_session(&site, &mut client);
    let mut tried =
        |service: &str, rhost: &str, presented: &str| login(&site, &mut client, (service, ALICE, rhost), presented).0;
    for service in ["mailkey-smtp", "mailkey-submission", "mailkey-sieve"] {
        assert_eq!(tried(service, "127.0.0.1", &credential), "accepted", "{service}");
        assert_eq!(tried(service, "::ffff:127.0.0.1", &credential), "accepted", "{service}");
        assert_eq!(tried(service, "::1", &credential), "accepted", "{service}");
        for rhost in ["192.0.2.1", "127.0.0.2", "", "localhost"] {
            assert_eq!(tried(service, rhost, &credential), "session_not_allowed_here", "{service} {rhost}");
        }
        // Sessions open and close in the webmail only.
        let another = opening(&crate::session::credential(2), &factors.code(1), PASSWORD);
        assert_eq!(tried(service, "127.0.0.1", &another), "session_not_allowed_here");
        assert_eq!(tried(service, "127.0.0.1", &format!("mkclose:{credential}")), "session_not_allowed_here");
    }
    assert_eq!(tried("mailkey-pop3", "127.0.0.1", &credential), "session_not_allowed_here");
    assert_eq!(tried("mailkey-imap", "192.0.2.1", &credential), "session_not_allowed_here");
    assert_eq!(tried("mailkey-panel", "127.0.0.1", &credential), "session_not_allowed_here");
    // The webmail's imap, by its address.
    assert_eq!(tried("mailkey-imap", "127.0.0.1", &credential), "accepted");
    assert_eq!(tried("mailkey-imap", "127.0.0.1", &format!("mkclose:{credential}")), "accepted");
    assert_eq!(tried("mailkey-smtp", "127.0.0.1", &credential), "session_ended");
}

#[test]
fn a_session_ends_when_it_was_not_used_for_the_idle_time_and_use_renews_it() {
    let mut site = site!();
    site.configure("session_idle = 600");
    let mut client = site.client();
    let (_, credential) = open_session(&site, &mut client);
    for _ in 0..3 {
        age(&site, "used_at", 590);
        assert_eq!(webmail(&site, &mut client, &credential), "accepted");
    }
    age(&site, "used_at", 601);
    assert_eq!(webmail(&site, &mut client, &credential), "session_expired");
    // Who signs out of it then is not signed in again by longer limits.
    assert_eq!(webmail(&site, &mut client, &format!("mkclose:{credential}")), "session_expired");
    site.configure("session_idle = 6000");
    assert_eq!(webmail(&site, &mut client, &credential), "session_ended");
}

#[test]
fn a_session_without_2fa_ends_when_the_site_requires_2fa() {
    let mut site = site!();
    let mut client = site.client();
    site.add_account(ALICE, PASSWORD);
    assert_eq!(webmail(&site, &mut client, &opening(&credential(1), "", PASSWORD)), "accepted");
    site.configure("require_2fa = 2999-01-01");
    assert_eq!(webmail(&site, &mut client, &credential(1)), "accepted");
    for required in ["2020-01-01", "true"] {
        site.configure(&format!("require_2fa = {required}"));
        assert_eq!(webmail(&site, &mut client, &credential(1)), "enrolment_required");
    }
    assert_eq!(webmail(&site, &mut client, &opening(&credential(2), "", PASSWORD)), "enrolment_required");
}

#[test]
fn different_guesses_of_a_recovery_code_count_each_in_whatever_field_they_come() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    site.add_account(BOB, PASSWORD);
    site.enrol(ALICE);
    site.enrol(BOB);
    let mut client = site.client();
    let guess = |number: usize| format!("{}0zz-zzzz-zzzz", char::from(b"56789"[number]));
    for number in 0..5 {
        let presented = opening(&credential(number as u32), &guess(number), PASSWORD);
        assert_eq!(webmail(&site, &mut client, &presented), "wrong_recovery_code");
    }
    assert_eq!(webmail(&site, &mut client, &opening(&credential(9), "123456", PASSWORD)), "throttled");
    // A guess that was counted as a wrong password counts as a wrong code, too.
    for number in 0..5 {
        let presented = format!("{PASSWORD}{}", guess(number));
        let rhost = format!("192.0.2.{number}");
        login(&site, &mut client, ("mailkey-imap", BOB, &rhost), &presented);
        let (answer, _) = login(&site, &mut client, (WEBMAIL, BOB, "127.0.0.1"), &presented);
        assert_eq!(answer, "wrong_recovery_code");
    }
    let (answer, _) = login(&site, &mut client, (WEBMAIL, BOB, "127.0.0.1"), &format!("{PASSWORD}123456"));
    assert_eq!(answer, "throttled");
}

#[test]
fn a_session_ends_at_the_absolute_limit_however_much_it_is_used() {
    let mut site = site!();
    site.configure("session_idle = 600\nsession_absolute = 1200");
    let mut client = site.client();
    let (_, credential) = open_session(&site, &mut client);
    age(&site, "opened_at", 1190);
    assert_eq!(webmail(&site, &mut client, &credential), "accepted");
    age(&site, "opened_at", 11);
    assert_eq!(webmail(&site, &mut client, &credential), "session_expired");
}

#[test]
fn a_session_ends_with_the_account_the_password_and_2fa() {
    let site = site!();
    let mut client = site.client();
    let (_, credential) = open_session(&site, &mut client);
    let uid = site.account(ALICE).uid;
    site.store().set_enabled(uid, false).unwrap();
    assert_eq!(webmail(&site, &mut client, &credential), "session_ended");
    site.store().set_enabled(uid, true).unwrap();
    site.store().end_two_factor(uid).unwrap();
    for (number, change) in (2..).zip(["password", "2fa", "codes"]) {
        assert_eq!(
            webmail(&site, &mut client, &opening(&crate::session::credential(number), "", PASSWORD)),
            "accepted"
        );
        let stored = site.account(ALICE).password.unwrap();
        match change {
            "password" => assert!(site.store().set_password(uid, &stored, None).unwrap()),
            "2fa" => site.store().end_two_factor(uid).unwrap(),
            _ => site.store().replace_recovery_codes(uid, None, &[]).unwrap(),
        }
        let answer = webmail(&site, &mut client, &crate::session::credential(number));
        assert_eq!(answer, "session_ended", "{change}");
    }
}

#[test]
fn with_sessions_off_nothing_of_them_is_accepted() {
    let mut site = site!();
    let mut client = site.client();
    let (factors, credential) = open_session(&site, &mut client);
    for setting in ["off", "grace"] {
        site.configure(&format!("webmail_session = \"{setting}\""));
        assert_eq!(webmail(&site, &mut client, &credential), "session_not_allowed_here");
        assert_eq!(webmail(&site, &mut client, &format!("mkclose:{credential}")), "session_not_allowed_here");
        let another = opening(&crate::session::credential(2), &factors.code(1), PASSWORD);
        assert_eq!(webmail(&site, &mut client, &another), "session_not_allowed_here");
    }
    // The code was not used up.
    site.configure("webmail_session = \"off\"");
    let presented = format!("{PASSWORD}{}", factors.code(1));
    assert_eq!(webmail(&site, &mut client, &presented), "accepted");
    assert_eq!(webmail(&site, &mut client, &presented), "code_used");
}

#[test]
fn the_same_wrong_password_counts_once_whatever_session_it_would_open() {
    let mut site = site!();
    site.configure("[throttle]\npassword_failures = 3\npassword_pause = 60");
    let mut client = site.client();
    site.add_account(ALICE, PASSWORD);
    for number in 1..=5 {
        assert_eq!(webmail(&site, &mut client, &opening(&credential(number), "", "the same")), "wrong_password");
    }
    for number in 6..=7 {
        let wrong = opening(&credential(number), "", &format!("guess {number}"));
        assert_eq!(webmail(&site, &mut client, &wrong), "wrong_password");
    }
    assert_eq!(webmail(&site, &mut client, &opening(&credential(8), "", PASSWORD)), "throttled");
}

#[test]
fn a_session_goes_on_while_its_account_is_paused() {
    let site = site!();
    let mut client = site.client();
    let (_, open) = open_session(&site, &mut client);
    for number in 0..Rules::default().password_failures {
        webmail(&site, &mut client, &opening(&credential(100 + number), "000000", &format!("guess {number}")));
    }
    assert_eq!(webmail(&site, &mut client, &opening(&credential(99), "", PASSWORD)), "throttled");
    assert_eq!(webmail(&site, &mut client, &open), "accepted");
}

#[test]
fn what_anybody_can_present_leaves_nothing_in_the_database() {
    let site = site!();
    let mut client = site.client();
    let (_, own) = open_session(&site, &mut client);
    site.add_account(BOB, PASSWORD);
    let uid = site.account(BOB).uid;
    let bob = (WEBMAIL, BOB, "127.0.0.1");
    for presented in [credential(7), own.clone(), format!("mkclose:{}", credential(7)), "mkopen:nonsense".into()] {
        assert_ne!(login(&site, &mut client, bob, &presented).0, "accepted");
        assert_ne!(login(&site, &mut client, ("mailkey-imap", BOB, "192.0.2.1"), &presented).0, "accepted");
    }
    assert!(site.store().activity(Some(uid), 10).unwrap().is_empty());
    // A session of the account's own is worth a line: somebody holds it.
    assert_eq!(webmail(&site, &mut client, &format!("mkclose:{own}")), "accepted");
    assert_eq!(webmail(&site, &mut client, &credential(1)), "session_ended");
    let events = site.store().activity(Some(site.account(ALICE).uid), 10).unwrap();
    assert_eq!(events[0].activity.reason, "session_ended");
}

// --- In front of another module -----------------------------------------------------------------------------

fn stacked_site() -> Option<Site> {
    let mut site = Site::new()?;
    site.configure("bare_names = true\nwebmail_hosts = [\"127.0.0.1\"]");
    site.system_user("bob", PASSWORD);
    for service in [WEBMAIL, "mailkey-smtp"] {
        let lines = site.stack_lines("");
        site.pam_file(service, &lines);
    }
    Some(site)
}

/// Bob, of the system; the lines of ours alone are read, pam_unix writes its own.
#[track_caller]
fn bob(site: &Site, client: &mut Client, service: &str, presented: &str) -> String {
    let answer = client.login_from(service, "bob", "127.0.0.1", presented);
    let lines: Vec<_> = site.log_lines().into_iter().filter(|line| line.contains("pam_mailkey")).collect();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(!lines[0].contains("mks-"), "{}", lines[0]);
    if answer.opened() { "accepted".into() } else { field(&lines[0], "reason") }
}

#[test]
fn around_pam_unix_a_session_opens_only_when_it_took_the_password_and_then_needs_it_no_more() {
    let Some(site) = stacked_site() else { return };
    site.add_account("bob", "");
    let factors = site.enrol("bob");
    let mut client = site.client();
    let code = factors.code(0);
    assert_eq!(bob(&site, &mut client, WEBMAIL, &opening(&credential(1), &code, "wrong")), "wrong_password");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &credential(1)), "session_unknown");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &opening(&credential(1), "", PASSWORD)), "code_required");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &credential(1)), "session_unknown");
    let right = opening(&credential(1), &code, PASSWORD);
    assert_eq!(bob(&site, &mut client, WEBMAIL, &right), "accepted");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &right), "accepted");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &credential(1)), "accepted");
    assert_eq!(bob(&site, &mut client, "mailkey-smtp", &credential(1)), "accepted");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &format!("mkclose:{}", credential(1))), "accepted");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &credential(1)), "session_ended");
}

#[test]
fn around_pam_unix_a_user_without_a_record_has_sessions_until_he_gets_one() {
    let Some(site) = stacked_site() else { return };
    let mut client = site.client();
    assert_eq!(bob(&site, &mut client, WEBMAIL, &opening(&credential(1), "", "wrong")), "wrong_password");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &credential(1)), "session_unknown");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &opening(&credential(1), "", PASSWORD)), "accepted");
    age(&site, "used_at", 3590);
    assert_eq!(bob(&site, &mut client, WEBMAIL, &credential(1)), "accepted");
    age(&site, "used_at", 3590);
    assert_eq!(bob(&site, &mut client, "mailkey-smtp", &credential(1)), "accepted");
    for (lines, expected) in [
        (site.stack_lines("unknown_account=reject"), "unknown_account"),
        (site.store_lines(""), "unknown_account"),
        (site.stack_lines(""), "accepted"),
    ] {
        site.pam_file(WEBMAIL, &lines);
        assert_eq!(bob(&site, &mut client, WEBMAIL, &credential(1)), expected);
    }
    site.add_account("bob", "");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &credential(1)), "session_unknown");
}

/// What may stand between our lines instead of pam_unix, and refuses.
const REFUSING: [&str; 5] = [
    "requisite pam_deny.so",
    "required pam_deny.so",
    "[default=bad] pam_deny.so",
    "[success=ok default=bad] pam_deny.so",
    "[default=die] pam_deny.so",
];

#[test]
fn no_session_opens_behind_a_module_that_has_refused_whatever_its_control_word() {
    for setting in ["exchange", "grace"] {
        let Some(mut site) = stacked_site() else { return };
        site.configure(&format!("bare_names = true\nwebmail_session = \"{setting}\""));
        site.add_account("bob", "");
        let factors = site.enrol("bob");
        let mut client = site.client();
        for (number, refusing) in (1..).zip(REFUSING) {
            let lines = site.stack_file("[success=done ignore=ignore default=die]", refusing, "required", "");
            site.pam_file(WEBMAIL, &(lines + &site.account_line("")));
            // A code each, of which a wrong stack may use one up.
            let code = &factors.recovery_codes[number];
            let (presented, again) = match setting {
                "exchange" => (opening(&credential(number as u32), code, "wrong"), credential(number as u32)),
                _ => (format!("wrong{code}"), format!("wrong{code}")),
            };
            for presented in [&presented, &again, &presented, &again] {
                let answer = client.login_from(WEBMAIL, "bob", "127.0.0.1", presented);
                assert!(!answer.opened(), "{setting} {refusing}: {:?}", site.log_lines());
            }
        }
        site.log_lines();
    }
}

#[test]
fn a_stacked_session_counts_when_the_account_line_has_run() {
    let Some(site) = stacked_site() else { return };
    site.add_account("bob", "");
    let with_account_line = site.stack_lines("");
    let without =
        site.stack_file("[success=done ignore=ignore default=die]", "requisite pam_permit.so", "required", "")
            + "account required pam_permit.so\n";
    let mut client = site.client();
    site.pam_file(WEBMAIL, &without);
    let presented = opening(&credential(1), "", PASSWORD);
    assert_eq!(bob(&site, &mut client, WEBMAIL, &presented), "accepted");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &credential(1)), "session_unconfirmed");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &format!("mkclose:{}", credential(1))), "session_unconfirmed");
    // The same sign-in again, in a file that is right.
    site.pam_file(WEBMAIL, &with_account_line);
    assert_eq!(bob(&site, &mut client, WEBMAIL, &presented), "accepted");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &credential(1)), "accepted");
    assert_eq!(bob(&site, &mut client, WEBMAIL, &opening(&credential(1), "", "other")), "session_reused");
}

#[test]
fn around_pam_unix_a_grace_session_goes_on_and_needs_the_password_no_more() {
    let Some(mut site) = stacked_site() else { return };
    site.configure("bare_names = true\nwebmail_session = \"grace\"");
    site.add_account("bob", "");
    let factors = site.enrol("bob");
    let mut client = site.client();
    let pair = format!("{PASSWORD}{}", factors.code(0));
    for _ in 0..3 {
        assert_eq!(bob(&site, &mut client, WEBMAIL, &pair), "accepted");
    }
    let account = site.account("bob");
    assert_eq!(site.store().sessions(&account.name).unwrap().len(), 1);
}

// --- Grace --------------------------------------------------------------------------------------------------

fn grace_site() -> Option<(Site, Factors)> {
    let mut site = Site::new()?;
    site.configure("webmail_session = \"grace\"\nsession_idle = 600\nsession_absolute = 1200");
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    Some((site, factors))
}

#[test]
fn under_grace_password_and_code_go_on_to_open_for_the_same_webmail_alone() {
    let Some((site, factors)) = grace_site() else { return };
    let mut client = site.client();
    let pair = format!("{PASSWORD}{}", factors.code(0));
    let (_, line) = login(&site, &mut client, (WEBMAIL, ALICE, "127.0.0.1"), &pair);
    assert_eq!(field(&line, "method"), "totp");
    let id = field(&line, "session");
    for _ in 0..2 {
        let (answer, line) = login(&site, &mut client, (WEBMAIL, ALICE, "127.0.0.1"), &pair);
        assert_eq!(answer, "accepted");
        assert_eq!((field(&line, "method"), field(&line, "session")), ("session".into(), id.clone()));
    }
    let mut tried = |service: &str, user: &str, rhost: &str, presented: &str| {
        login(&site, &mut client, (service, user, rhost), presented).0
    };
    // Another address, another service, another spelling of the pair.
    assert_eq!(tried(WEBMAIL, ALICE, "127.0.0.2", &pair), "code_used");
    assert_eq!(tried("mailkey-imap", ALICE, "127.0.0.1", &pair), "app_password_required");
    assert_eq!(tried("mailkey-smtp", ALICE, "127.0.0.1", &pair), "app_password_required");
    assert_eq!(tried("mailkey-panel", ALICE, "127.0.0.1", &pair), "code_used");
    assert_eq!(tried(WEBMAIL, ALICE, "127.0.0.1", &format!("{pair} ")), "wrong_password");
    // saslauthd tells no address.
    assert_eq!(tried(WEBMAIL, ALICE, "", &pair), "accepted");
    assert_eq!(tried(WEBMAIL, "ALICE@example.org", "127.0.0.1", &pair), "accepted");
}

#[test]
fn a_second_webmail_has_a_configuration_of_its_own_with_the_same_database() {
    let Some((site, factors)) = grace_site() else { return };
    let grace = std::fs::read_to_string(site.path("mailkey.toml")).unwrap();
    let exchange = site.path("exchange.toml");
    std::fs::write(&exchange, grace.replace("\"grace\"", "\"exchange\"")).unwrap();
    let second = site.store_lines("mode=webmail").replace("mailkey.toml", "exchange.toml");
    site.pam_file("second-webmail", &second);
    let mut client = site.client();
    let pair = format!("{PASSWORD}{}", factors.code(0));
    assert_eq!(webmail(&site, &mut client, &pair), "accepted");
    let place = ("second-webmail", ALICE, "127.0.0.1");
    let presented = opening(&credential(1), &factors.code(1), PASSWORD);
    assert_eq!(login(&site, &mut client, place, &presented).0, "accepted");
    assert_eq!(login(&site, &mut client, place, &credential(1)).0, "accepted");
    assert_eq!(login(&site, &mut client, place, &pair).0, "code_used");
    assert_eq!(webmail(&site, &mut client, &pair), "accepted");
    assert_eq!(webmail(&site, &mut client, &credential(1)), "session_not_allowed_here");
}

#[test]
fn a_grace_session_ends_by_its_limits_and_a_webmail_that_goes_on_asking_is_no_attack() {
    wait_for_room_in_step();
    let Some((site, factors)) = grace_site() else { return };
    let mut client = site.client();
    let pair = format!("{PASSWORD}{}", factors.code(-1));
    assert_eq!(webmail(&site, &mut client, &pair), "accepted");
    age(&site, "used_at", 590);
    assert_eq!(webmail(&site, &mut client, &pair), "accepted");
    age(&site, "used_at", 601);
    for _ in 0..30 {
        assert_eq!(webmail(&site, &mut client, &pair), "session_expired");
    }
    assert_eq!(webmail(&site, &mut client, &format!("{PASSWORD}{}", factors.code(0))), "accepted");
    age(&site, "opened_at", 1201);
    assert_eq!(webmail(&site, &mut client, &format!("{PASSWORD}{}", factors.code(0))), "session_expired");
}

#[test]
fn a_grace_session_ends_when_it_is_revoked_and_when_2fa_changes() {
    let Some((site, factors)) = grace_site() else { return };
    let mut client = site.client();
    let pair = format!("{PASSWORD}{}", factors.code(0));
    assert_eq!(webmail(&site, &mut client, &pair), "accepted");
    let account = site.account(ALICE);
    assert_eq!(site.store().end_sessions(&account.name, None).unwrap().len(), 1);
    assert_eq!(webmail(&site, &mut client, &pair), "session_ended");
    let recovery = format!("{PASSWORD}{}", factors.recovery_codes[0]);
    assert_eq!(webmail(&site, &mut client, &recovery), "accepted");
    assert_eq!(webmail(&site, &mut client, &recovery), "accepted");
    site.store().end_two_factor(account.uid).unwrap();
    assert_eq!(webmail(&site, &mut client, &recovery), "session_ended");
    // Without 2FA the password alone opens, and no session is needed.
    assert_eq!(webmail(&site, &mut client, PASSWORD), "accepted");
    assert!(site.store().sessions(&account.name).unwrap().is_empty());
}

#[test]
fn a_page_of_a_grace_session_forgives_no_guessed_password() {
    let Some((mut site, factors)) = grace_site() else { return };
    site.configure("webmail_session = \"grace\"\n[throttle]\npassword_failures = 3\npassword_pause = 60");
    let mut client = site.client();
    let pair = format!("{PASSWORD}{}", factors.code(0));
    assert_eq!(webmail(&site, &mut client, &pair), "accepted");
    for guess in ["first guess", "second guess"] {
        assert_eq!(webmail(&site, &mut client, guess), "wrong_password");
        // So long ago that this use is written.
        age(&site, "used_at", 61);
        assert_eq!(webmail(&site, &mut client, &pair), "accepted");
    }
    assert_eq!(webmail(&site, &mut client, "third guess"), "wrong_password");
    assert_eq!(webmail(&site, &mut client, &format!("{PASSWORD}{}", factors.code(1))), "throttled");
}

#[test]
fn a_code_cannot_be_guessed_by_trying_pairs_against_a_grace_session_in_a_pause() {
    let Some((site, factors)) = grace_site() else { return };
    wait_for_room_in_step();
    let mut client = site.client();
    let code = factors.code(0);
    let pair = format!("{PASSWORD}{code}");
    assert_eq!(webmail(&site, &mut client, &pair), "accepted");
    let near: Vec<String> = (-3..=3).map(|offset| factors.code(offset)).collect();
    let mut guesses = (0..).map(|number| format!("{number:06}")).filter(|guess| !near.contains(guess));
    for guess in guesses.by_ref().take(5) {
        assert_eq!(webmail(&site, &mut client, &format!("{PASSWORD}{guess}")), "wrong_code");
    }
    for guess in guesses.take(20) {
        assert_eq!(webmail(&site, &mut client, &format!("{PASSWORD}{guess}")), "throttled");
    }
    // The right one would not be told from the others.
    assert_eq!(webmail(&site, &mut client, &pair), "throttled");
    let database = rusqlite::Connection::open(&site.config.database).unwrap();
    database.execute("DELETE FROM throttle", []).unwrap();
    assert_eq!(webmail(&site, &mut client, &pair), "accepted");
}
