//! Several handles and processes on one file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use super::*;
use crate::account::RecoveryIndex;

const HOME: &str = "192.0.2.1";

#[test]
fn another_process_and_this_one_see_each_others_changes_at_once() {
    let fixture = Fixture::new();
    let mut store = fixture.open();
    assert_eq!(loaded(&mut store).password.as_deref(), Some("old hash"));
    assert_eq!(in_child(&this_program(), &[], "set password", &fixture.path), "done");
    assert_eq!(loaded(&mut store).password.as_deref(), Some("from the other process"));
    assert_eq!(in_child(&this_program(), &[], "revoke", &fixture.path), "done");
    assert!(load_app_password(&mut store, b"k7m2").unwrap().revoked_at.is_some());
    store.remove_account(ALICE).unwrap();
    assert_eq!(in_child(&this_program(), &[], "load", &fixture.path), "not there");
}

/// What 32 threads with a handle each get when they claim `what` at the same time.
fn race(fixture: &Fixture, what: Claimable) -> Vec<Claimed> {
    let version = loaded(&mut fixture.open()).version;
    let barrier = Barrier::new(32);
    thread::scope(|scope| {
        let racers: Vec<_> = (0..32)
            .map(|_| {
                scope.spawn(|| {
                    let mut store = fixture.open();
                    let throttle = &keys(1, HOME);
                    barrier.wait();
                    store.claim(&claim_of_alice(version, what, throttle)).unwrap()
                })
            })
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    })
}

#[test]
fn of_many_simultaneous_claims_exactly_one_succeeds() {
    let fixture = Fixture::new();
    for what in [totp_step(101), totp_step(102), Claimable::RecoveryCode(RecoveryIndex(*b"ab"))] {
        let claims = race(&fixture, what);
        assert_eq!(claims.iter().filter(|claim| **claim == Claimed::Yes).count(), 1, "{claims:?}");
        assert_eq!(claims.iter().filter(|claim| **claim == Claimed::Used).count(), 31, "{claims:?}");
    }
}

#[test]
fn many_readers_and_writers_never_meet_a_busy_database() {
    const THREADS: u8 = 12;
    const ROUNDS: i64 = 60;
    let fixture = Fixture::new();
    thread::scope(|scope| {
        for thread in 1..=THREADS {
            let fixture = &fixture;
            scope.spawn(move || {
                let mut store = fixture.open();
                let keys = keys(thread, HOME);
                for round in 0..ROUNDS {
                    let now = NOON + round;
                    let next = one_more(now);
                    let mut digest = [thread; 16];
                    digest[..8].copy_from_slice(&round.to_le_bytes());
                    let durable = round % 4 == 0;
                    let fault = if durable { Fault::Code } else { Fault::Password };
                    let charge = Charge { throttle: &keys, fault, digest, remember: 600, durable, now, next: &next };
                    assert!(store.charge(&charge).unwrap());
                    let activity = accepted("imap", &format!("192.0.2.{thread}"));
                    let used = Some(Used::AppPassword(AppPasswordId(*b"k7m2")));
                    let note = Note {
                        account: Some(ALICE),
                        activity: &activity,
                        keep: Keep::newest(50),
                        used,
                        forgive: None,
                        now,
                    };
                    store.note(&note).unwrap();
                    assert_eq!(counters(&mut store, &keys).code.failures as i64, round / 4 + 1);
                }
            });
        }
    });
    let all = counters(&mut fixture.open(), &keys(1, HOME));
    assert_eq!(i64::from(all.code.failures + all.password.failures), ROUNDS);
    assert_eq!(all.network.failures, u32::from(THREADS));
}

/// Were a transaction begun as a deferred one and written in later, it would read first and fail then.
#[test]
fn a_write_takes_the_lock_before_it_reads_anything() {
    let fixture = Fixture::new();
    let mut store = SqliteStore::open(&fixture.path, Duration::from_millis(50)).unwrap();
    let other = fixture.raw();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let next = |_: CounterKind, _: Counter| -> Counter { panic!("the counter was read without the lock") };
    let keys = keys(1, HOME);
    let charge = Charge {
        throttle: &keys,
        fault: Fault::Code,
        digest: [1; 16],
        remember: 600,
        durable: true,
        now: NOON,
        next: &next,
    };
    assert!(unavailability(store.charge(&charge)).contains("is locked by another process"));
    let holder = Holder::Account { uid: AccountUid([9; 16]), version: 1 };
    let claim = Claim { holder, ..claim_of_alice(1, totp_step(101), &keys) };
    assert!(unavailability(store.claim(&claim)).contains("is locked by another process"));
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(store.claim(&claim).unwrap(), Claimed::Changed);
}

#[test]
fn reading_does_not_wait_for_a_writer() {
    let fixture = Fixture::new();
    let mut store = SqliteStore::open(&fixture.path, Duration::ZERO).unwrap();
    let other = fixture.raw();
    other.execute_batch("BEGIN IMMEDIATE; UPDATE account SET password = 'not committed'").unwrap();
    assert_eq!(loaded(&mut store).password.as_deref(), Some("old hash"));
    assert_eq!(load_alice(&fixture.path), "loaded");
}

#[test]
fn a_locked_database_is_unavailable_after_the_busy_timeout_and_works_again_afterwards() {
    let fixture = Fixture::new();
    let other = fixture.raw();
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE account SET enabled = 1").unwrap();
    let since = Instant::now();
    let refusal = unavailability(SqliteStore::open(&fixture.path, Duration::from_millis(200)));
    assert!(refusal.contains("is locked by another process"), "{refusal}");
    let waited = since.elapsed();
    assert!((200..2_000).contains(&waited.as_millis()), "{waited:?}");
    drop(other);
    assert!(loaded(&mut fixture.open()).enabled);
}

#[test]
fn a_panic_in_the_middle_of_a_transaction_leaves_nothing_behind() {
    let fixture = Fixture::new();
    let mut store = fixture.open();
    let keys = keys(1, HOME);
    let next = |_: CounterKind, _: Counter| -> Counter { panic!("as intended") };
    let charge = Charge {
        throttle: &keys,
        fault: Fault::Code,
        digest: [1; 16],
        remember: 600,
        durable: false,
        now: NOON,
        next: &next,
    };
    assert!(catch_unwind(AssertUnwindSafe(|| store.charge(&charge))).is_err());
    assert!(super::charge(&mut store, &keys, Fault::Code, 1, NOON));
    fixture.open().set_enabled(ALICE, false).unwrap();
}

#[test]
fn what_must_survive_a_power_cut_is_committed_with_synchronous_full() {
    let fixture = Fixture::new();
    let mut store = fixture.open();
    let full = |store: &SqliteStore| -> bool {
        match store.engine.connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap() {
            1 => false,
            2 => true,
            other => panic!("synchronous is {other}"),
        }
    };
    let keys = keys(1, HOME);
    let activity = accepted("imap", HOME);
    let next = one_more(NOON);
    let charge = |digest, durable| Charge {
        throttle: &keys,
        fault: Fault::Code,
        digest: [digest; 16],
        remember: 600,
        durable,
        now: NOON,
        next: &next,
    };
    assert!(!full(&store));
    assert_eq!(claim(&mut store, totp_step(101), &keys, NOON), Claimed::Yes);
    assert!(full(&store));
    let note =
        Note { account: Some(ALICE), activity: &activity, keep: Keep::newest(9), used: None, forgive: None, now: NOON };
    store.note(&note).unwrap();
    assert!(!full(&store));
    assert!(store.charge(&charge(1, true)).unwrap());
    assert!(full(&store));
    assert!(store.charge(&charge(2, false)).unwrap());
    assert!(!full(&store));
    store.set_password(ALICE, "new hash", None).unwrap();
    assert!(full(&store));
    assert!(store.rehash(ALICE, HashOf::Password, "new hash", "better").unwrap());
    assert!(!full(&store));
    store.revoke_app_passwords(ALICE, None, NOON).unwrap();
    assert!(full(&store));
}
