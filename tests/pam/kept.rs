//! What a worker keeps between logins, and what that costs.

use crate::harness::*;

/// Hashes as they are by default.
const REAL: &str = "[hash.password]\nmemory_kib = 19456\niterations = 2\nparallelism = 1\n\
                    [hash.app_password]\nmemory_kib = 4096\niterations = 1\nparallelism = 1";

#[test]
fn a_worker_that_has_hashed_is_as_small_between_logins_as_one_that_has_not() {
    let mut site = site!();
    site.configure(REAL);
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    site.pam_file("permit", "auth required pam_permit.so\naccount required pam_permit.so\n");
    let mut client = site.client();
    assert!(client.login("permit", ALICE, "x").opened());
    let before = client.memory_kib();
    for _ in 0..20 {
        assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
        assert!(client.login("mailkey-imap", ALICE, &app).opened());
        assert!(!client.login("mailkey-imap", ALICE, "wrong password").opened());
        site.log_lines();
    }
    let more = client.memory_kib() - before;
    assert!(more <= 10 * 1024, "{more} KiB more than pam_permit's");
}

#[test]
fn the_address_space_of_a_dovecot_worker_is_enough() {
    let mut site = site!();
    site.configure(REAL);
    site.add_account(ALICE, PASSWORD);
    let mut client = Client::start_with(&site, "", "prlimit --as=268435456");
    for _ in 0..5 {
        assert!(client.login("mailkey-imap", ALICE, PASSWORD).opened());
    }
}

#[test]
fn a_hash_for_which_there_is_no_memory_is_broken_and_not_wrong() {
    let mut site = site!();
    site.configure(REAL);
    site.add_account(ALICE, PASSWORD);
    let mut client = Client::start_with(&site, "", "prlimit --as=25000000");
    let answer = client.login("mailkey-imap", ALICE, PASSWORD);
    let line = site.log_line();
    assert_eq!((answer.auth, field(&line, "reason").as_str()), (UNAVAIL, "proof_failed"), "{line}");
    assert!(line.contains("no memory"), "{line}");
}

#[test]
fn a_changed_cost_is_applied_to_each_password_when_it_is_next_used() {
    let mut site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let app = site.add_app_password(ALICE);
    site.configure(REAL);
    let hashes = || {
        let account = site.account(ALICE);
        let app = site.store().app_passwords(account.uid).unwrap().remove(0).hash;
        (account.password.unwrap(), app)
    };
    assert!(hashes().0.contains("m=8,") && hashes().1.contains("m=8,"));
    let mut client = site.client();
    assert!(client.login("mailkey-webmail", ALICE, &format!("{PASSWORD}{}", factors.recovery_codes[0])).opened());
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
    assert!(hashes().0.contains("m=19456,") && hashes().1.contains("m=4096,"), "{:?}", hashes());
    assert!(client.login("mailkey-webmail", ALICE, &format!("{PASSWORD}{}", factors.recovery_codes[1])).opened());
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
}
