//! Whose own passwords open no mail any more.

use super::*;

contract! {
    those_without_two_factor_who_signed_in_with_their_own_password_are_refused
    what_is_set_nearer_to_an_account_counts_before_what_is_asked
    without_activity_all_are_meant
    who_may_not_use_his_password_in_mail_apps_is_refused_there_alone
    a_requirement_queues_whom_it_shuts_out_with_the_change_and_nobody_else
    nobody_is_queued_where_no_hook_is
    who_revokes_something_waits_for_none_of_those_whom_a_requirement_shuts_out
    a_date_that_has_come_is_found_once
}

const BOB: AccountUid = AccountUid([2; 16]);
const DAY: i64 = 86_400;

/// All that are refused at noon where 2FA is required of all.
const ALL: Refusal<'static> = Refusal {
    among: Among::All,
    required: Requirement::Now,
    after: None,
    client_primary_password: true,
    since: Some(NOON - 30 * DAY),
    now: NOON,
};

fn add(store: &mut dyn Store, number: u8, address: &str) -> AccountUid {
    let uid = AccountUid([number; 16]);
    store.add_account(&NewAccount { uid, name: &name(address), password: None }, NOON).unwrap();
    uid
}

/// An attempt that was accepted.
fn signed_in(store: &mut dyn Store, account: AccountUid, mode: &str, method: &str, at: i64) {
    let activity = Activity { mode: mode.into(), method: method.into(), ..accepted("imap", "192.0.2.1") };
    let keep = Keep { entries: 99, since: None };
    store
        .note(&Note { account: Some(account), activity: &activity, keep, used: None, forgive: None, now: at })
        .unwrap();
}

fn domain(name: &str) -> DomainName {
    DomainName::parse(name.as_bytes()).unwrap()
}

fn waiting(store: &mut dyn Store) -> Vec<String> {
    store.revocations(100).unwrap().into_iter().map(|found| found.name).collect()
}

fn those_without_two_factor_who_signed_in_with_their_own_password_are_refused(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    signed_in(store, ALICE, "client", "password", NOON - DAY);
    assert_eq!(store.refused(&ALL), Ok(0), "2FA is on");
    let bob = add(store, 2, "bob@example.org");
    assert_eq!(store.refused(&ALL), Ok(0), "he never signed in");
    signed_in(store, bob, "client", "app_password", NOON - DAY);
    signed_in(store, bob, "client", "session", NOON - DAY);
    signed_in(store, bob, "panel", "password", NOON - DAY);
    signed_in(store, bob, "client", "password", NOON - 31 * DAY);
    assert_eq!(store.refused(&ALL), Ok(0), "nothing of this is refused, or it was long ago");
    signed_in(store, bob, "client", "password", NOON - 30 * DAY);
    assert_eq!(store.refused(&ALL), Ok(1));
    for (number, mode, method) in [(3, "webmail", "password"), (4, "webmail", "session")] {
        let uid = add(store, number, &format!("person{number}@example.org"));
        signed_in(store, uid, mode, method, NOON - DAY);
    }
    assert_eq!(store.refused(&ALL), Ok(3));
    store.set_enabled(bob, false).unwrap();
    assert_eq!(store.refused(&ALL), Ok(2), "nothing opens him");
    let of_alice = Refusal { among: Among::Account(ALICE), ..ALL };
    assert_eq!(store.refused(&of_alice), Ok(0));
    let of_one = Refusal { among: Among::Account(AccountUid([3; 16])), ..ALL };
    assert_eq!(store.refused(&of_one), Ok(1));
    for (of, number) in [("example.org", 2), ("example.com", 0), ("xample.org", 0)] {
        assert_eq!(store.refused(&Refusal { among: Among::Domain(&domain(of)), ..ALL }), Ok(number), "{of}");
    }
}

fn what_is_set_nearer_to_an_account_counts_before_what_is_asked(store: &mut dyn Store) {
    let (ann, bare) = (add(store, 3, "ann@example.org"), add(store, 4, "example.org"));
    signed_in(store, ann, "client", "password", NOON);
    signed_in(store, bare, "client", "password", NOON);
    assert_eq!(store.refused(&ALL), Ok(2));
    let never = Refusal { required: Requirement::Never, ..ALL };
    assert_eq!(store.refused(&never), Ok(0));
    let later = Refusal { required: Requirement::From(NOON + 1), ..ALL };
    assert_eq!((store.refused(&later), store.refused(&Refusal { now: NOON + 1, ..later })), (Ok(0), Ok(2)));
    let example = domain("example.org");
    store.set_domain_requirement(&example, Some(Requirement::Never), None).unwrap();
    assert_eq!(store.refused(&ALL), Ok(1), "a bare name has no domain");
    assert_eq!(store.refused(&Refusal { among: Among::Domain(&example), ..ALL }), Ok(1), "as if it were set");
    store.set_account_requirement(ann, Some(Requirement::Never), None).unwrap();
    assert_eq!(store.refused(&Refusal { among: Among::Domain(&example), ..ALL }), Ok(0));
    assert_eq!(store.refused(&Refusal { among: Among::Account(ann), ..ALL }), Ok(1), "as if it were set");
    store.set_account_requirement(ann, Some(Requirement::Now), None).unwrap();
    assert_eq!(store.refused(&never), Ok(1));
}

fn without_activity_all_are_meant(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    add(store, 2, "bob@example.org");
    add(store, 3, "ann@example.org");
    assert_eq!(store.refused(&ALL), Ok(0));
    assert_eq!(store.refused(&Refusal { since: None, ..ALL }), Ok(2));
    assert_eq!(store.refused(&Refusal { since: None, required: Requirement::Never, ..ALL }), Ok(0));
}

fn who_may_not_use_his_password_in_mail_apps_is_refused_there_alone(store: &mut dyn Store) {
    let (bob, ann) = (add(store, 2, "bob@example.org"), add(store, 3, "ann@example.org"));
    signed_in(store, bob, "client", "password", NOON);
    signed_in(store, ann, "webmail", "password", NOON);
    let closed = Refusal { required: Requirement::Never, client_primary_password: false, ..ALL };
    assert_eq!(store.refused(&closed), Ok(1));
    store.queue_revocations(true);
    assert_eq!(store.queue_refused(&closed), Ok(1));
    assert_eq!(waiting(store), ["bob@example.org"]);
}

fn a_requirement_queues_whom_it_shuts_out_with_the_change_and_nobody_else(store: &mut dyn Store) {
    store.queue_revocations(true);
    for (number, address) in [(2, "bob@example.org"), (3, "ann@example.org"), (4, "bob@example.com")] {
        let uid = add(store, number, address);
        signed_in(store, uid, "client", "password", NOON);
    }
    let example = domain("example.org");
    store.set_domain_requirement(&example, Some(Requirement::Now), None).unwrap();
    assert!(waiting(store).is_empty());
    let of_domain = Refusal { among: Among::Domain(&example), ..ALL };
    store.set_domain_requirement(&example, Some(Requirement::Now), Some(&of_domain)).unwrap();
    assert_eq!(waiting(store), ["ann@example.org", "bob@example.org"]);
    let of_bob = Refusal { among: Among::Account(BOB), since: None, ..ALL };
    store.set_account_requirement(BOB, Some(Requirement::Now), Some(&of_bob)).unwrap();
    let again = store.revocations(9).unwrap().into_iter().find(|found| found.name == "bob@example.org").unwrap();
    assert_eq!(again.times, 2);
    let missing = AccountUid([9; 16]);
    let of_missing = Refusal { among: Among::Account(missing), ..ALL };
    let change = store.set_account_requirement(missing, Some(Requirement::Now), Some(&of_missing));
    assert_eq!(change, Err(StoreError::NotFound));
    assert_eq!(waiting(store).len(), 2);
}

fn nobody_is_queued_where_no_hook_is(store: &mut dyn Store) {
    let bob = add(store, 2, "bob@example.org");
    let of_bob = Refusal { among: Among::Account(bob), since: None, ..ALL };
    store.set_account_requirement(bob, Some(Requirement::Now), Some(&of_bob)).unwrap();
    assert_eq!(store.queue_refused(&Refusal { since: None, ..ALL }), Ok(0));
    assert!(waiting(store).is_empty());
}

fn who_revokes_something_waits_for_none_of_those_whom_a_requirement_shuts_out(store: &mut dyn Store) {
    store.queue_revocations(true);
    add(store, 2, "bob@example.org");
    add(store, 3, "ann@example.org");
    add(store, 4, "dan@example.org");
    assert_eq!(
        store.queue_refused(&Refusal { among: Among::Domain(&domain("example.org")), since: None, ..ALL }),
        Ok(3)
    );
    let cyd = add(store, 5, "cyd@example.com");
    store.set_enabled(cyd, false).unwrap();
    let order: Vec<String> =
        (0..4).map(|_| store.take_revocation(None, NOON, NOON + 90).unwrap().unwrap().name).collect();
    assert_eq!(order, ["cyd@example.com", "ann@example.org", "bob@example.org", "dan@example.org"]);
}

fn a_date_that_has_come_is_found_once(store: &mut dyn Store) {
    store.queue_revocations(true);
    for (number, address) in [(2, "bob@example.org"), (3, "ann@example.com"), (4, "cyd@example.net")] {
        let uid = add(store, number, address);
        signed_in(store, uid, "client", "password", NOON);
    }
    store.set_account_requirement(BOB, Some(Requirement::From(NOON)), None).unwrap();
    store.set_domain_requirement(&domain("example.com"), Some(Requirement::From(NOON + 10)), None).unwrap();
    store.set_domain_requirement(&domain("example.net"), Some(Requirement::Now), None).unwrap();
    let looked = |after, now| Refusal {
        required: Requirement::Never,
        after: Some(after),
        client_primary_password: false,
        now,
        ..ALL
    };
    assert_eq!(store.queue_refused(&looked(NOON - 60, NOON - 1)), Ok(0));
    assert_eq!(store.queue_refused(&looked(NOON - 1, NOON)), Ok(1));
    assert_eq!(waiting(store), ["bob@example.org"]);
    assert_eq!(store.queue_refused(&looked(NOON, NOON + 9)), Ok(0));
    assert_eq!(store.queue_refused(&looked(NOON, NOON + 60)), Ok(1), "that of the last look is not found again");
    assert_eq!(waiting(store), ["bob@example.org", "ann@example.com"]);
    // That of all others, in the configuration.
    store.set_domain_requirement(&domain("example.net"), None, None).unwrap();
    let all = Refusal { required: Requirement::From(NOON + 70), ..looked(NOON + 60, NOON + 70) };
    assert_eq!(store.queue_refused(&all), Ok(1));
    assert_eq!(store.queue_refused(&Refusal { after: Some(NOON + 70), now: NOON + 99, ..all }), Ok(0));
}
