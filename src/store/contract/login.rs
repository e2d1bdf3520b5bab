//! Loading, claiming and rehashing.

use super::*;

contract! {
    an_unknown_name_loads_nothing
    an_account_loads_as_it_was_added
    only_the_presented_app_password_and_recovery_code_are_loaded
    an_app_password_loads_as_it_was_added
    what_belongs_to_another_account_is_not_loaded
    a_time_step_is_claimed_once
    an_earlier_time_step_than_the_last_is_used
    the_step_of_the_confirming_code_is_used
    each_authenticator_has_its_own_last_step
    a_pending_authenticator_has_no_steps_to_claim
    a_recovery_code_is_claimed_once_and_says_when
    a_claim_decided_on_an_older_version_is_changed
    a_password_is_set_only_on_the_version_that_is_named
    a_claim_of_a_disabled_or_removed_account_is_changed
    a_claim_is_blocked_while_a_code_counter_is
    a_block_from_before_the_clock_was_set_back_blocks_nothing
    a_blocked_claim_uses_nothing_up
    a_password_counter_blocks_no_claim
    a_claim_forgives_the_code_and_password_counters_of_its_network_alone
    a_claim_that_fails_forgives_nothing
    a_claim_does_not_change_the_version
    a_hash_is_replaced_where_it_is_still_the_old_one
    a_rehash_does_not_change_the_version
}

const HOME: &str = "192.0.2.1";

fn step(authenticator: i64, step: i64) -> Claimable {
    Claimable::TotpStep { authenticator, step }
}

fn an_unknown_name_loads_nothing(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    for unknown in ["alice", "alice@example.or", "alice@example.org.uk", "bob@example.org"] {
        let unknown = name(unknown);
        let loaded = store
            .load(&Lookup {
                name: &unknown,
                app_password: Some(AppPasswordId(*b"k7m2")),
                recovery_code: Some(RecoveryIndex(*b"ab")),
                throttle: Some(&keys(1, HOME)),
                session: None,
            })
            .unwrap();
        assert!(loaded.account.is_none() && loaded.app_password.is_none() && loaded.recovery_code.is_none());
        assert_eq!(loaded.counters, Counters::default());
    }
}

fn an_account_loads_as_it_was_added(store: &mut dyn Store) {
    add_alice(store);
    let account = loaded(store);
    assert_eq!((account.uid, account.name.clone(), account.enabled), (ALICE, alice(), true));
    assert_eq!((account.password.as_deref(), account.created_at), (Some("old hash"), NOON));
    assert!(account.authenticators.is_empty() && !account.two_factor());
    let authenticator = enrol(store, NOON + 1);
    store.confirm_enrolment(ALICE, authenticator, 100, &[], NOON + 2).unwrap();
    let account = loaded(store);
    let [authenticator] = &account.authenticators[..] else { panic!("one authenticator") };
    assert_eq!((authenticator.name.as_str(), &authenticator.sealed), ("Phone", &sealed()));
    assert_eq!((authenticator.form, authenticator.created_at), (FORM, NOON + 1));
    assert_eq!((authenticator.confirmed_at, authenticator.last_step), (Some(NOON + 2), 100));
}

fn only_the_presented_app_password_and_recovery_code_are_loaded(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    assert!(load_app_password(store, b"k7m2").is_some());
    assert!(load_app_password(store, b"k7m3").is_none());
    assert_eq!(load_recovery_code(store, b"ab").unwrap().hash, "first");
    assert!(load_recovery_code(store, b"ac").is_none());
    let nothing = store.load(&Lookup::account(&alice())).unwrap();
    assert!(nothing.app_password.is_none() && nothing.recovery_code.is_none());
}

fn an_app_password_loads_as_it_was_added(store: &mut dyn Store) {
    add_alice(store);
    let new = AppPassword {
        protocols: [crate::account::Protocol::Imap, crate::account::Protocol::Smtp].into_iter().collect(),
        networks: vec!["192.0.2.0/24".parse().unwrap(), "2001:db8::/32".parse().unwrap()],
        expires_at: Some(NOON + 90),
        ..app_password(b"k7m2")
    };
    store.add_app_password(ALICE, None, &new).unwrap();
    let found = load_app_password(store, b"k7m2").unwrap();
    assert_eq!((found.id, &found.name, &found.hash), (new.id, &new.name, &new.hash));
    assert_eq!((found.protocols, &found.networks), (new.protocols, &new.networks));
    assert_eq!((found.created_at, found.expires_at, found.revoked_at), (NOON, Some(NOON + 90), None));
    assert_eq!(found.last_use, None);
}

fn what_belongs_to_another_account_is_not_loaded(store: &mut dyn Store) {
    add_alice(store);
    let (uid, bob) = (AccountUid([2; 16]), name("bob@example.org"));
    store.add_account(&NewAccount { uid, name: &bob, password: None }, NOON).unwrap();
    store.add_app_password(uid, None, &app_password(b"k7m2")).unwrap();
    store.replace_recovery_codes(uid, None, &recovery_codes()).unwrap();
    assert!(load_app_password(store, b"k7m2").is_none());
    assert!(load_recovery_code(store, b"ab").is_none());
}

fn a_time_step_is_claimed_once(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    assert_eq!(claim(store, step(authenticator, 101), &keys(1, HOME), NOON), Claimed::Yes);
    assert_eq!(claim(store, step(authenticator, 101), &keys(1, HOME), NOON), Claimed::Used);
    assert_eq!(claim(store, step(authenticator, 102), &keys(1, HOME), NOON), Claimed::Yes);
    assert_eq!(loaded(store).authenticators[0].last_step, 102);
}

fn an_earlier_time_step_than_the_last_is_used(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    assert_eq!(claim(store, step(authenticator, 105), &keys(1, HOME), NOON), Claimed::Yes);
    assert_eq!(claim(store, step(authenticator, 104), &keys(1, HOME), NOON), Claimed::Used);
}

fn the_step_of_the_confirming_code_is_used(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    assert_eq!(claim(store, step(authenticator, 100), &keys(1, HOME), NOON), Claimed::Used);
}

fn each_authenticator_has_its_own_last_step(store: &mut dyn Store) {
    let first = add_alice_with_two_factor(store);
    let second = enrol(store, NOON);
    store.confirm_enrolment(ALICE, second, 200, &[], NOON).unwrap();
    assert_eq!(claim(store, step(first, 101), &keys(1, HOME), NOON), Claimed::Yes);
    assert_eq!(claim(store, step(second, 101), &keys(1, HOME), NOON), Claimed::Used);
    assert_eq!(claim(store, step(second, 201), &keys(1, HOME), NOON), Claimed::Yes);
}

fn a_pending_authenticator_has_no_steps_to_claim(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    let pending = enrol(store, NOON);
    assert_eq!(claim(store, step(pending, 101), &keys(1, HOME), NOON), Claimed::Used);
    assert_eq!(claim(store, step(pending + 1, 101), &keys(1, HOME), NOON), Claimed::Used);
}

fn a_recovery_code_is_claimed_once_and_says_when(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    let code = Claimable::RecoveryCode(RecoveryIndex(*b"ab"));
    assert_eq!(claim(store, code, &keys(1, HOME), NOON + 7), Claimed::Yes);
    assert_eq!(claim(store, code, &keys(1, HOME), NOON + 8), Claimed::Used);
    assert_eq!(load_recovery_code(store, b"ab").unwrap().used_at, Some(NOON + 7));
    assert_eq!(load_recovery_code(store, b"cd").unwrap().used_at, None);
    let unknown = Claimable::RecoveryCode(RecoveryIndex(*b"zz"));
    assert_eq!(claim(store, unknown, &keys(1, HOME), NOON), Claimed::Used);
}

fn a_claim_decided_on_an_older_version_is_changed(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    let version = loaded(store).version;
    store.set_password(ALICE, "new hash", None).unwrap();
    let throttle = &keys(1, HOME);
    let claim = claim_of_alice(version, step(authenticator, 101), throttle);
    assert_eq!(store.claim(&claim).unwrap(), Claimed::Changed);
    assert_eq!(loaded(store).authenticators[0].last_step, 100);
}

fn a_password_is_set_only_on_the_version_that_is_named(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    let version = loaded(store).version;
    store.set_enabled(ALICE, true).unwrap();
    assert!(!store.set_password(ALICE, "too late", Some(version)).unwrap());
    assert_ne!(loaded(store).password.as_deref(), Some("too late"));
    let version = loaded(store).version;
    assert!(store.set_password(ALICE, "in time", Some(version)).unwrap());
    assert_eq!(loaded(store).password.as_deref(), Some("in time"));
}

fn a_claim_of_a_disabled_or_removed_account_is_changed(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    store.set_enabled(ALICE, false).unwrap();
    assert_eq!(claim(store, step(authenticator, 101), &keys(1, HOME), NOON), Claimed::Changed);
    store.set_enabled(ALICE, true).unwrap();
    let version = loaded(store).version;
    store.remove_account(ALICE).unwrap();
    let throttle = &keys(1, HOME);
    let claim = claim_of_alice(version, step(authenticator, 101), throttle);
    assert_eq!(store.claim(&claim).unwrap(), Claimed::Changed);
}

fn a_claim_is_blocked_while_a_code_counter_is(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    block(store, &keys(1, HOME), Fault::Code, CounterKind::Code, NOON + 10);
    assert_eq!(claim(store, step(authenticator, 101), &keys(1, HOME), NOON + 9), Claimed::Blocked);
    assert_eq!(claim(store, step(authenticator, 101), &keys(1, "192.0.2.2"), NOON + 9), Claimed::Yes);
    assert_eq!(claim(store, step(authenticator, 102), &keys(1, HOME), NOON + 10), Claimed::Yes);
    block(store, &keys(2, HOME), Fault::Code, CounterKind::CodeHour, NOON + 10);
    assert_eq!(claim(store, step(authenticator, 103), &keys(2, "192.0.2.2"), NOON + 9), Claimed::Blocked);
}

fn a_block_from_before_the_clock_was_set_back_blocks_nothing(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    block(store, &keys(1, HOME), Fault::Code, CounterKind::Code, NOON + 10);
    let failed = counters(store, &keys(1, HOME)).code.last_at;
    let earlier = failed - crate::times::OUT_OF_ORDER;
    assert_eq!(claim(store, step(authenticator, 101), &keys(1, HOME), earlier), Claimed::Blocked);
    assert_eq!(claim(store, step(authenticator, 101), &keys(1, HOME), earlier - 1), Claimed::Yes);
}

fn a_blocked_claim_uses_nothing_up(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    block(store, &keys(1, HOME), Fault::Code, CounterKind::Code, NOON + 10);
    let code = Claimable::RecoveryCode(RecoveryIndex(*b"ab"));
    assert_eq!(claim(store, step(authenticator, 101), &keys(1, HOME), NOON), Claimed::Blocked);
    assert_eq!(claim(store, code, &keys(1, HOME), NOON), Claimed::Blocked);
    assert_eq!(loaded(store).authenticators[0].last_step, 100);
    assert_eq!(load_recovery_code(store, b"ab").unwrap().used_at, None);
    assert_eq!(counters(store, &keys(1, HOME)).code.blocked_until, NOON + 10);
}

fn a_password_counter_blocks_no_claim(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    block(store, &keys(1, HOME), Fault::Password, CounterKind::Password, NOON + 10);
    assert_eq!(claim(store, step(authenticator, 101), &keys(1, HOME), NOON), Claimed::Yes);
}

fn a_claim_forgives_the_code_and_password_counters_of_its_network_alone(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    for (digest, network) in [(1, HOME), (2, "192.0.2.2")] {
        charge(store, &keys(1, network), Fault::Code, digest, NOON);
        charge(store, &keys(1, network), Fault::Password, digest + 10, NOON);
    }
    assert_eq!(claim(store, step(authenticator, 101), &keys(1, HOME), NOON), Claimed::Yes);
    let here = counters(store, &keys(1, HOME));
    assert_eq!((here.code, here.password), (Counter::default(), Counter::default()));
    assert_eq!((here.code_hour.failures, here.network.failures), (2, 1));
    let there = counters(store, &keys(1, "192.0.2.2"));
    assert_eq!((there.code.failures, there.password.failures), (1, 1));
}

fn a_claim_that_fails_forgives_nothing(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    charge(store, &keys(1, HOME), Fault::Code, 1, NOON);
    charge(store, &keys(1, HOME), Fault::Password, 2, NOON);
    assert_eq!(claim(store, step(authenticator, 100), &keys(1, HOME), NOON), Claimed::Used);
    let counters = counters(store, &keys(1, HOME));
    assert_eq!((counters.code.failures, counters.password.failures), (1, 1));
}

fn a_claim_does_not_change_the_version(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    let version = loaded(store).version;
    assert_eq!(claim(store, step(authenticator, 101), &keys(1, HOME), NOON), Claimed::Yes);
    assert_eq!(loaded(store).version, version);
}

fn a_hash_is_replaced_where_it_is_still_the_old_one(store: &mut dyn Store) {
    add_alice(store);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    assert!(store.rehash(ALICE, HashOf::Password, "old hash", "better").unwrap());
    assert!(!store.rehash(ALICE, HashOf::Password, "old hash", "worse").unwrap());
    assert_eq!(loaded(store).password.as_deref(), Some("better"));
    let of = HashOf::AppPassword(AppPasswordId(*b"k7m2"));
    assert!(store.rehash(ALICE, of, "hash", "better").unwrap());
    assert!(!store.rehash(ALICE, of, "hash", "worse").unwrap());
    assert_eq!(load_app_password(store, b"k7m2").unwrap().hash, "better");
    assert!(!store.rehash(AccountUid([9; 16]), HashOf::Password, "better", "worse").unwrap());
}

fn a_rehash_does_not_change_the_version(store: &mut dyn Store) {
    add_alice(store);
    let version = loaded(store).version;
    assert!(store.rehash(ALICE, HashOf::Password, "old hash", "better").unwrap());
    assert_eq!(loaded(store).version, version);
}
