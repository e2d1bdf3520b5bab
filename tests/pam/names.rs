//! Names: one account has one name, and no other spelling opens it or counts as "2FA off".

use crate::harness::*;

const SPELLINGS: [&[u8]; 12] = [
    b"alice@example.org ",
    b" alice@example.org",
    b"alice@example.org\t",
    b"alice@example.org\n",
    "alic\u{435}@example.org".as_bytes(),
    "\u{ff41}lice@example.org".as_bytes(),
    "ALİCE@example.org".as_bytes(),
    b"alice@example.org.",
    b"alice@@example.org",
    b"alice",
    b"alice%example.org",
    b"\xff\xfealice@example.org",
];

#[test]
fn case_does_not_matter_and_pam_user_becomes_the_canonical_name() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let mut client = site.client();
    let answer = client.login("mailkey-imap", "Alice@EXAMPLE.Org", PASSWORD);
    assert!(answer.opened());
    assert_eq!((answer.user.as_str(), answer.env_account.as_str()), (ALICE, ALICE));
}

#[test]
fn another_spelling_never_opens_an_account() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let mut client = site.client();
    for spelling in SPELLINGS {
        for presented in [PASSWORD, app.as_str()] {
            let answer = client.send("auth", "mailkey-imap", &[spelling, b"192.0.2.1", presented.as_bytes()]);
            let line = site.log_line();
            assert_eq!((answer.auth, field(&line, "reason").as_str()), (AUTH_ERR, "invalid_name"), "{line}");
        }
    }
}

#[test]
fn another_spelling_never_counts_as_not_enrolled_before_a_stacked_module() {
    let mut site = site!();
    site.add_account(ALICE, "");
    site.enrol(ALICE);
    // The stacked module accepts every name and password: whatever opens here is our fault.
    for unknown in ["", "unknown_account=reject"] {
        let lines =
            site.stack_file("[success=done ignore=ignore default=die]", "requisite pam_permit.so", "required", unknown)
                + &site.account_line(unknown);
        site.pam_file("mailkey-imap", &lines);
        let mut client = site.client();
        for spelling in SPELLINGS.into_iter().chain([&b"ALICE@example.org"[..]]) {
            let answer = client.send("both", "mailkey-imap", &[spelling, b"192.0.2.1", PASSWORD.as_bytes()]);
            assert!(!answer.opened(), "{spelling:?} {answer:?}");
            site.log_lines();
        }
    }
    // With a default domain the bare name is the account itself.
    site.configure("default_domain = \"Example.ORG\"");
    site.pam_file("mailkey-imap", &site.store_lines(""));
    let app = site.add_app_password(ALICE);
    let answer = site.client().login("mailkey-imap", "Alice", &app);
    assert!(answer.opened() && answer.user == ALICE);
}

#[test]
fn no_name_is_refused_without_asking_for_one() {
    let site = site!();
    let mut client = site.client();
    let answer = client.send("auth", "mailkey-imap", &[b"", b"", PASSWORD.as_bytes()]);
    assert_eq!((answer.auth, answer.echo), (AUTH_ERR, 0));
    assert_eq!(field(&site.log_line(), "reason"), "invalid_name");
}

#[test]
fn a_name_is_written_to_the_log_so_that_it_can_forge_nothing() {
    let site = site!();
    let mut client = site.client();
    let name = b"x user=alice@example.org rhost=203.0.113.9\nresult=accepted";
    client.send("auth", "mailkey-imap", &[name, b"192.0.2.1\n rhost=x", b"p"]);
    let line = site.log_line();
    assert_eq!(line.matches(" user=").count() + line.matches(" rhost=").count(), 2, "{line}");
    assert_eq!(line.lines().count(), 1);
    let long = [b'a'; 10_000];
    client.send("auth", "mailkey-imap", &[&long, b"192.0.2.1", b"p"]);
    assert!(site.log_line().len() < 600);
}
