//! Counting failures.

use super::*;

contract! {
    a_wrong_code_moves_the_code_counters
    a_wrong_password_moves_the_password_and_network_counters
    the_next_value_is_made_of_the_stored_one
    the_same_wrong_credential_counts_once
    seeing_it_again_prolongs_the_memory
    a_forgotten_wrong_credential_counts_again
    a_network_is_charged_once_an_hour_for_one_account
    a_network_is_charged_for_every_account
    a_clock_that_stepped_back_hides_no_account_from_the_network_counter
    without_a_network_only_the_account_is_charged
    a_counter_is_forgotten_a_day_after_its_last_failure
    a_counter_is_not_forgotten_while_it_refuses
    accounts_that_do_not_exist_are_counted_too
    removing_an_account_keeps_its_counters
}

const HOME: &str = "192.0.2.1";
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// code, code_hour, password, network
fn failures(store: &mut dyn Store, keys: &ThrottleKeys) -> (u32, u32, u32, u32) {
    let counters = counters(store, keys);
    (counters.code.failures, counters.code_hour.failures, counters.password.failures, counters.network.failures)
}

fn a_wrong_code_moves_the_code_counters(store: &mut dyn Store) {
    assert!(charge(store, &keys(1, HOME), Fault::Code, 1, NOON));
    assert!(charge(store, &keys(1, "192.0.2.2"), Fault::Code, 2, NOON));
    assert_eq!(failures(store, &keys(1, HOME)), (1, 2, 0, 0));
    assert_eq!(failures(store, &keys(2, HOME)), (0, 0, 0, 0));
}

fn a_wrong_password_moves_the_password_and_network_counters(store: &mut dyn Store) {
    assert!(charge(store, &keys(1, HOME), Fault::Password, 1, NOON));
    assert_eq!(failures(store, &keys(1, HOME)), (0, 0, 1, 1));
    assert_eq!(failures(store, &keys(2, HOME)), (0, 0, 0, 1));
    assert_eq!(failures(store, &keys(1, "192.0.2.2")), (0, 0, 0, 0));
}

fn the_next_value_is_made_of_the_stored_one(store: &mut dyn Store) {
    charge(store, &keys(1, HOME), Fault::Code, 1, NOON);
    charge(store, &keys(1, HOME), Fault::Code, 2, NOON + 5);
    let counters = counters(store, &keys(1, HOME));
    assert_eq!(counters.code, Counter { failures: 2, since: NOON, last_at: NOON + 5, blocked_until: 0 });
    assert_eq!(counters.code_hour, counters.code);
}

fn the_same_wrong_credential_counts_once(store: &mut dyn Store) {
    assert!(charge(store, &keys(1, HOME), Fault::Password, 1, NOON));
    assert!(!charge(store, &keys(1, HOME), Fault::Password, 1, NOON + 599));
    assert!(charge(store, &keys(1, HOME), Fault::Password, 2, NOON + 599));
    assert_eq!(failures(store, &keys(1, HOME)), (0, 0, 2, 1));
}

fn seeing_it_again_prolongs_the_memory(store: &mut dyn Store) {
    assert!(charge(store, &keys(1, HOME), Fault::Password, 1, NOON));
    for minute in (5..60).step_by(5) {
        assert!(!charge(store, &keys(1, HOME), Fault::Password, 1, NOON + minute * 60));
    }
}

fn a_forgotten_wrong_credential_counts_again(store: &mut dyn Store) {
    assert!(charge(store, &keys(1, HOME), Fault::Password, 1, NOON));
    assert!(charge(store, &keys(1, HOME), Fault::Password, 1, NOON + 600));
    assert_eq!(failures(store, &keys(1, HOME)), (0, 0, 2, 1));
}

fn a_network_is_charged_once_an_hour_for_one_account(store: &mut dyn Store) {
    for (digest, seconds) in [(1, 0), (2, 1), (3, HOUR - 1)] {
        charge(store, &keys(1, HOME), Fault::Password, digest, NOON + seconds);
        assert_eq!(failures(store, &keys(1, HOME)).3, 1);
    }
    charge(store, &keys(1, HOME), Fault::Password, 4, NOON + HOUR);
    assert_eq!(failures(store, &keys(1, HOME)), (0, 0, 4, 2));
}

fn a_network_is_charged_for_every_account(store: &mut dyn Store) {
    for subject in 1..=20 {
        charge(store, &keys(subject, HOME), Fault::Password, subject, NOON);
    }
    assert_eq!(failures(store, &keys(1, HOME)), (0, 0, 1, 20));
}

fn a_clock_that_stepped_back_hides_no_account_from_the_network_counter(store: &mut dyn Store) {
    charge(store, &keys(1, HOME), Fault::Password, 1, NOON + DAY);
    charge(store, &keys(1, HOME), Fault::Password, 2, NOON);
    assert_eq!(failures(store, &keys(1, HOME)), (0, 0, 2, 2));
}

fn without_a_network_only_the_account_is_charged(store: &mut dyn Store) {
    charge(store, &keys(1, ""), Fault::Password, 1, NOON);
    charge(store, &keys(1, ""), Fault::Code, 2, NOON);
    assert_eq!(failures(store, &keys(1, "")), (1, 1, 1, 0));
    assert_eq!(failures(store, &keys(2, "")), (0, 0, 0, 0));
}

fn a_counter_is_forgotten_a_day_after_its_last_failure(store: &mut dyn Store) {
    charge(store, &keys(1, HOME), Fault::Password, 1, NOON);
    charge(store, &keys(1, HOME), Fault::Password, 2, NOON + 10);
    charge(store, &keys(1, HOME), Fault::Password, 3, NOON + 10 + DAY - 1);
    assert_eq!(failures(store, &keys(1, HOME)).2, 3);
    charge(store, &keys(1, HOME), Fault::Password, 4, NOON + 10 + 2 * DAY - 1);
    assert_eq!(failures(store, &keys(1, HOME)).2, 1);
    // Others make room too.
    charge(store, &keys(2, HOME), Fault::Password, 5, NOON + 5 * DAY);
    assert_eq!(failures(store, &keys(1, HOME)).2, 0);
}

fn a_counter_is_not_forgotten_while_it_refuses(store: &mut dyn Store) {
    block(store, &keys(1, HOME), Fault::Password, CounterKind::Password, NOON + 3 * DAY);
    charge(store, &keys(2, HOME), Fault::Password, 1, NOON + 3 * DAY - 1);
    assert_eq!(failures(store, &keys(1, HOME)).2, 1);
    charge(store, &keys(2, HOME), Fault::Password, 2, NOON + 3 * DAY);
    assert_eq!(failures(store, &keys(1, HOME)).2, 0);
}

fn accounts_that_do_not_exist_are_counted_too(store: &mut dyn Store) {
    charge(store, &keys(1, HOME), Fault::Password, 1, NOON);
    let nobody = name("nobody@example.org");
    let keys = keys(1, HOME);
    let lookup = Lookup { throttle: Some(&keys), ..Lookup::account(&nobody) };
    let loaded = store.load(&lookup).unwrap();
    assert!(loaded.account.is_none());
    assert_eq!(loaded.counters.password.failures, 1);
}

fn removing_an_account_keeps_its_counters(store: &mut dyn Store) {
    add_alice(store);
    charge(store, &keys(1, HOME), Fault::Password, 1, NOON);
    store.remove_account(ALICE).unwrap();
    assert_eq!(failures(store, &keys(1, HOME)).2, 1);
}
