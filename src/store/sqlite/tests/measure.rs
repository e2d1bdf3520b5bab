//! Not a test: prints what the login path costs.
//!
//!     cargo test --release --lib measure -- --ignored --nocapture --test-threads=1

use std::hint::black_box;
use std::time::Instant;

use super::*;
use crate::account::RecoveryIndex;
use crate::store::sql::admin;

const ROUNDS: usize = 20_000;

#[test]
#[ignore = "not a test: a measurement"]
fn measure_the_login_path_with_a_thousand_and_a_hundred_thousand_accounts() {
    for accounts in [1_000, 100_000] {
        measure(accounts);
    }
}

fn measure(accounts: u32) {
    let directory = tempfile::tempdir_in(std::env::var_os("MAILKEY_MEASURE_DIR").unwrap_or("/tmp".into())).unwrap();
    let path = directory.path().join("mailkey.db");
    SqliteStore::create_or_migrate(&path).unwrap();
    fill(&path, accounts);
    let mut store = open(&path);
    let names: Vec<_> = (0..accounts).map(|number| name(&format!("user{number}@example.org"))).collect();
    // A walk over the accounts in no order that the file knows.
    let numbers: Vec<_> = (0..ROUNDS).map(|round| (round * 7_919) % accounts as usize).collect();
    println!("{accounts} accounts, {} KiB", fs::metadata(&path).unwrap().len() / 1_024);

    time("load (app password)", &numbers, |number| {
        let lookup = Lookup { app_password: Some(AppPasswordId(*b"aaaa")), ..Lookup::account(&names[number]) };
        assert!(store.load(&lookup).unwrap().app_password.is_some());
    });
    let home = keys(1, "192.0.2.1");
    time("load (password and code, throttled)", &numbers, |number| {
        let lookup = Lookup { throttle: Some(&home), ..Lookup::account(&names[number]) };
        black_box(store.load(&lookup).unwrap());
    });
    let nobody = name("nobody@example.org");
    time("load (no such account, throttled)", &numbers, |_| {
        let lookup = Lookup { throttle: Some(&home), ..Lookup::account(&nobody) };
        black_box(store.load(&lookup).unwrap());
    });
    let step = std::cell::Cell::new(1_000);
    time("claim (FULL)", &numbers[..2_000], |number| {
        step.set(step.get() + 1);
        let claim = Claim {
            holder: Holder::Account { uid: uid(number as u32), version: 2 },
            what: Some(Claimable::TotpStep { authenticator: 1, step: step.get() }),
            session: None,
            throttle: &home,
            now: NOON,
        };
        assert_eq!(store.claim(&claim).unwrap(), Claimed::Yes);
    });
    let activity = accepted("imap", "192.0.2.1");
    let mut note = |number: usize, now: i64| {
        let used = Some(Used::AppPassword(AppPasswordId(*b"aaaa")));
        let note = Note {
            account: Some(uid(number as u32)),
            activity: &activity,
            keep: Keep::newest(100),
            used,
            forgive: None,
            now,
        };
        store.note(&note).unwrap();
    };
    let now = std::cell::Cell::new(NOON);
    time("note (first use and entry, NORMAL)", &numbers[..accounts.min(5_000) as usize], |number| note(number, NOON));
    time("note (a minute later, NORMAL)", &numbers, |number| {
        now.set(now.get() + 60);
        note(number, now.get());
    });
    note(0, NOON + 100);
    time("note (nothing to write)", &[0; ROUNDS], |number| note(number, NOON + 110));
    let next = one_more(NOON);
    let count = std::cell::Cell::new(0u64);
    time("charge (wrong password, NORMAL)", &numbers, |_| {
        count.set(count.get() + 1);
        let mut digest = [1; 16];
        digest[8..].copy_from_slice(&count.get().to_le_bytes());
        let throttle = ThrottleKeys { subject: digest, network: "192.0.2.7".into() };
        let fault = Fault::Password;
        let charge =
            Charge { throttle: &throttle, fault, digest, remember: 600, durable: false, now: NOON, next: &next };
        assert!(store.charge(&charge).unwrap());
    });
    let open_and_load = |number: usize| {
        let lookup = Lookup::account(&names[number]);
        black_box(open(&path).load(&lookup).unwrap());
    };
    time("open and load (beside another handle)", &numbers[..500], open_and_load);
    drop(store);
    time("open and load (alone: recovers the WAL)", &numbers[..500], open_and_load);
}

fn uid(number: u32) -> AccountUid {
    let mut uid = [7; 16];
    uid[..4].copy_from_slice(&number.to_le_bytes());
    AccountUid(uid)
}

/// Accounts with 2FA, three app passwords and ten recovery codes each.
fn fill(path: &Path, accounts: u32) {
    let hash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let mut store = open(path);
    store
        .engine
        .write(Durability::Normal, |db| {
            for number in 0..accounts {
                let uid = uid(number);
                let name = name(&format!("user{number}@example.org"));
                admin::add_account(db, &NewAccount { uid, name: &name, password: Some(hash) }, NOON)?;
                let new = NewAuthenticator { name: "Phone", sealed: &sealed(), form: FORM };
                let authenticator = admin::begin_enrolment(db, uid, &new, NOON)?;
                let codes: Vec<_> = (b'a'..=b'j').map(|code| (RecoveryIndex([code; 2]), hash.to_owned())).collect();
                admin::confirm_enrolment(db, uid, authenticator, 100, &codes, NOON)?;
                for id in [b"aaaa", b"bbbb", b"cccc"] {
                    admin::add_app_password(db, uid, None, &AppPassword { hash: hash.into(), ..app_password(id) })?;
                }
            }
            Ok(())
        })
        .unwrap();
    store.engine.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

fn time(what: &str, numbers: &[usize], mut work: impl FnMut(usize)) {
    let mut times: Vec<_> = numbers
        .iter()
        .map(|number| {
            let since = Instant::now();
            work(*number);
            since.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_nanos() as f64 / 1_000.0;
    println!("  {what:40} p50 {:7.1} µs  p99 {:7.1} µs", at(50), at(99));
}
