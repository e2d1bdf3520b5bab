//! One suite over every store: what the documentation of [`Store`] promises, sentence by sentence.

mod activity;
mod admin;
mod bulk;
mod invitation;
mod keys;
mod login;
mod node;
mod notice;
mod panel;
mod refusal;
mod rename;
mod report;
mod requirement;
mod reset;
mod revocation;
mod session;
mod throttle;
mod tidy;

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use super::*;
use crate::account::{
    Account, AppPassword, DEFAULT_NAME_SYMBOLS, NameRules, Protocols, RecoveryCode, RecoveryIndex, Sealed,
    TotpAlgorithm, TotpForm,
};
use crate::session::{SessionKind, SessionLimits};

/// Some time in the middle of a UTC day.
pub(super) const NOON: i64 = 1_800_014_400;

/// Turns functions over `&mut dyn Store` into tests of each store.
macro_rules! contract {
    ($($behaviour:ident)*) => {
        mod memory {
            $(#[test] fn $behaviour() { super::$behaviour(&mut crate::store::MemoryStore::default()); })*
        }
        mod sqlite {
            $(#[test] fn $behaviour() {
                let directory = tempfile::tempdir().unwrap();
                super::$behaviour(&mut crate::store::contract::sqlite_store(directory.path()));
            })*
        }
        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[test] fn $behaviour() { super::$behaviour(&mut crate::store::postgres::tests::store()); })*
        }
    };
}
use contract;

/// A fresh SQLite store in `directory`.
pub(super) fn sqlite_store(directory: &Path) -> SqliteStore {
    let path = directory.join("mailkey.db");
    SqliteStore::create_or_migrate(&path).unwrap();
    SqliteStore::open(&path, Duration::from_secs(5)).unwrap()
}

pub(super) fn name(name: &str) -> AccountName {
    let rules = NameRules { default_domain: None, bare_names: true, symbols: DEFAULT_NAME_SYMBOLS.into() };
    AccountName::parse(name.as_bytes(), &rules).unwrap()
}

pub(super) fn alice() -> AccountName {
    name("alice@example.org")
}

pub(super) const ALICE: AccountUid = AccountUid([1; 16]);

/// Adds Alice, who has a password and nothing else.
pub(super) fn add_alice(store: &mut dyn Store) {
    store.add_account(&NewAccount { uid: ALICE, name: &alice(), password: Some("old hash") }, NOON).unwrap();
}

pub(super) fn sealed() -> Sealed {
    Sealed { key: 3, bytes: (0..60).collect() }
}

pub(super) const FORM: TotpForm = TotpForm { algorithm: TotpAlgorithm::Sha1, digits: 6, period: 30 };

/// Begins an enrolment of Alice's.
pub(super) fn enrol(store: &mut dyn Store, at: i64) -> i64 {
    store.begin_enrolment(ALICE, &NewAuthenticator { name: "Phone", sealed: &sealed(), form: FORM }, at).unwrap()
}

pub(super) fn recovery_codes() -> Vec<NewRecoveryCode> {
    vec![(RecoveryIndex(*b"ab"), "first".into()), (RecoveryIndex(*b"cd"), "second".into())]
}

/// Adds Alice and turns her 2FA on at step 100, with two recovery codes; returns the authenticator's id.
pub(super) fn add_alice_with_two_factor(store: &mut dyn Store) -> i64 {
    add_alice(store);
    let authenticator = enrol(store, NOON);
    store.confirm_enrolment(ALICE, authenticator, 100, &recovery_codes(), NOON).unwrap();
    authenticator
}

pub(super) fn app_password(id: &[u8; 4]) -> AppPassword {
    AppPassword {
        id: AppPasswordId(*id),
        name: "Phone".into(),
        hash: "hash".into(),
        protocols: Protocols::ALL,
        networks: Vec::new(),
        created_at: NOON,
        expires_at: None,
        revoked_at: None,
        last_use: None,
    }
}

/// What is stored of Alice.
pub(super) fn loaded(store: &mut dyn Store) -> Account {
    store.load(&Lookup::account(&alice())).unwrap().account.unwrap()
}

pub(super) fn load_app_password(store: &mut dyn Store, id: &[u8; 4]) -> Option<AppPassword> {
    let alice = alice();
    let lookup = Lookup { app_password: Some(AppPasswordId(*id)), ..Lookup::account(&alice) };
    store.load(&lookup).unwrap().app_password
}

pub(super) fn load_recovery_code(store: &mut dyn Store, index: &[u8; 2]) -> Option<RecoveryCode> {
    let alice = alice();
    let lookup = Lookup { recovery_code: Some(RecoveryIndex(*index)), ..Lookup::account(&alice) };
    store.load(&lookup).unwrap().recovery_code
}

pub(super) fn counters(store: &mut dyn Store, keys: &ThrottleKeys) -> Counters {
    let alice = alice();
    let lookup = Lookup { throttle: Some(keys), ..Lookup::account(&alice) };
    store.load(&lookup).unwrap().counters
}

/// Throttle keys of the subject `subject` from `network`.
pub(super) fn keys(subject: u8, network: &str) -> ThrottleKeys {
    ThrottleKeys { subject: [subject; 16], network: network.into() }
}

/// One more failure, and no refusal.
pub(super) fn one_more(now: i64) -> impl Fn(CounterKind, Counter) -> Counter {
    move |_, before| Counter {
        failures: before.failures + 1,
        since: if before.failures == 0 { now } else { before.since },
        last_at: now,
        blocked_until: 0,
    }
}

/// Charges one wrong credential, told apart by `digest`; returns whether it was counted.
pub(super) fn charge(store: &mut dyn Store, keys: &ThrottleKeys, fault: Fault, digest: u8, now: i64) -> bool {
    let next = one_more(now);
    let charge =
        Charge { throttle: keys, fault, digest: [digest; 16], remember: 600, durable: false, now, next: &next };
    store.charge(&charge).unwrap()
}

/// Charges one wrong credential such that its counters refuse attempts until `blocked_until`.
pub(super) fn block(store: &mut dyn Store, keys: &ThrottleKeys, fault: Fault, kind: CounterKind, blocked_until: i64) {
    let moved = RefCell::new(false);
    let next = |moving: CounterKind, before: Counter| {
        let blocked_until = if moving == kind { blocked_until } else { 0 };
        *moved.borrow_mut() |= moving == kind;
        Counter { failures: before.failures + 1, since: NOON, last_at: NOON, blocked_until }
    };
    let charge = Charge {
        throttle: keys,
        fault,
        digest: [100 + keys.subject[0]; 16],
        remember: 600,
        durable: true,
        now: NOON,
        next: &next,
    };
    assert!(store.charge(&charge).unwrap());
    assert!(*moved.borrow());
}

/// A claim of Alice's, decided on this version of her account.
pub(super) fn claim_of_alice(version: i64, what: Claimable, throttle: &ThrottleKeys) -> Claim<'_> {
    let holder = Holder::Account { uid: ALICE, version };
    Claim { holder, what: Some(what), session: None, throttle, now: NOON }
}

/// Claims `what` for Alice, as decided on what is stored of her now.
pub(super) fn claim(store: &mut dyn Store, what: Claimable, keys: &ThrottleKeys, now: i64) -> Claimed {
    let version = loaded(store).version;
    store.claim(&Claim { now, ..claim_of_alice(version, what, keys) }).unwrap()
}

pub(super) fn accepted(protocol: &str, address: &str) -> Activity {
    Activity {
        event: "accepted".into(),
        method: "app-password".into(),
        mode: "client".into(),
        protocol: protocol.into(),
        address: address.into(),
        credential: "k7m2".into(),
        ..Activity::default()
    }
}
