//! What the contract does not say, on a real server, which these tests start and end.

pub(in crate::store) mod server;

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

pub(in crate::store) use self::server::store;
use self::server::{database, statement};
use super::super::contract::*;
use super::super::sql::Engine;
use super::super::*;
use super::{PostgresStore, Settings};
use crate::account::RecoveryIndex;
use crate::node::Node;
use crate::notice::{NewNotice, NoticeKind};

const HOME: &str = "192.0.2.1";

/// What 50 threads with a connection each get when they claim `what` at the same time.
fn race(database: &Settings, what: Claimable) -> Vec<Claimed> {
    let version = loaded(&mut PostgresStore::connect(database).unwrap()).version;
    let barrier = Barrier::new(50);
    thread::scope(|scope| {
        let racers: Vec<_> = (0..50)
            .map(|_| {
                scope.spawn(|| {
                    let mut store = PostgresStore::connect(database).unwrap();
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
fn of_many_simultaneous_claims_exactly_one_succeeds_and_none_is_refused_for_another_reason() {
    let database = database();
    add_alice_with_two_factor(&mut PostgresStore::connect(&database).unwrap());
    for what in [totp_step(101), totp_step(102), Claimable::RecoveryCode(RecoveryIndex(*b"ab"))] {
        let claims = race(&database, what);
        assert_eq!(claims.iter().filter(|claim| **claim == Claimed::Yes).count(), 1, "{claims:?}");
        assert_eq!(claims.iter().filter(|claim| **claim == Claimed::Used).count(), 49, "{claims:?}");
    }
}

fn totp_step(step: i64) -> Claimable {
    Claimable::TotpStep { authenticator: 1, step }
}

#[test]
fn failures_that_are_charged_at_once_are_all_counted() {
    const THREADS: u8 = 12;
    let database = database();
    add_alice(&mut PostgresStore::connect(&database).unwrap());
    let keys = keys(1, HOME);
    thread::scope(|scope| {
        for thread in 1..=THREADS {
            let (database, keys) = (&database, &keys);
            scope.spawn(move || {
                let mut store = PostgresStore::connect(database).unwrap();
                for round in 0..5 {
                    assert!(charge(&mut store, keys, Fault::Code, thread + round * THREADS, NOON));
                }
            });
        }
    });
    let counted = counters(&mut PostgresStore::connect(&database).unwrap(), &keys);
    assert_eq!(counted.code.failures, u32::from(THREADS) * 5);
}

#[test]
fn an_account_that_two_add_at_once_is_added_by_one_and_exists_for_the_other() {
    let database = database();
    let barrier = Barrier::new(8);
    let added: Vec<_> = thread::scope(|scope| {
        let adders: Vec<_> = (1..=8)
            .map(|number| {
                let (database, barrier) = (&database, &barrier);
                scope.spawn(move || {
                    let mut store = PostgresStore::connect(database).unwrap();
                    let new = NewAccount { uid: AccountUid([number; 16]), name: &alice(), password: None };
                    barrier.wait();
                    store.add_account(&new, NOON)
                })
            })
            .collect();
        adders.into_iter().map(|adder| adder.join().unwrap()).collect()
    });
    assert_eq!(added.iter().filter(|added| added.is_ok()).count(), 1, "{added:?}");
    assert_eq!(added.iter().filter(|added| **added == Err(StoreError::Exists)).count(), 7, "{added:?}");
}

#[test]
fn a_connection_that_was_closed_since_it_was_used_is_made_again() {
    let database = database();
    let mut store = PostgresStore::connect(&database).unwrap();
    add_alice(&mut store);
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    statement(&database, others);
    assert_eq!(loaded(&mut store).name, alice());
    statement(&database, others);
    store.set_enabled(ALICE, false).unwrap();
    assert!(!loaded(&mut store).enabled);
}

#[test]
fn a_row_that_somebody_holds_makes_the_store_unavailable_after_the_time_that_is_set() {
    let database = database();
    add_alice(&mut PostgresStore::connect(&database).unwrap());
    let mut store = PostgresStore::connect(&database.within(Duration::from_millis(700))).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| statement(&database, "BEGIN; LOCK TABLE account; SELECT pg_sleep(4); COMMIT"));
        while store.summary(&alice(), NOON).is_ok() {}
        let since = Instant::now();
        let what = match store.load(&Lookup::account(&alice())) {
            Err(StoreError::Unavailable(what)) => what,
            _ => panic!("it was answered"),
        };
        assert!(what.contains("takes too long") || what.contains("does not answer"), "{what}");
        assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
    });
    assert_eq!(loaded(&mut store).name, alice());
}

#[test]
fn a_database_without_tables_of_a_newer_or_of_an_older_schema_is_unavailable_and_says_what_to_do() {
    let database = database();
    for (change, advice) in [
        ("UPDATE mailkey SET schema = 6, oldest = 6", "mailkey init"),
        ("UPDATE mailkey SET schema = 99, oldest = 98", "newer"),
        ("DELETE FROM mailkey", "restore"),
        ("DROP TABLE mailkey", "mailkey init"),
    ] {
        let mut open = PostgresStore::connect(&database).unwrap();
        statement(&database, change);
        for answer in [open.load(&Lookup::account(&alice())).map(|_| ()), PostgresStore::connect(&database).map(|_| ())]
        {
            match answer {
                Err(StoreError::Unavailable(what)) => assert!(what.contains(advice), "{change}: {what}"),
                other => panic!("{change}: {other:?}"),
            }
        }
        statement(&database, "CREATE TABLE IF NOT EXISTS mailkey (schema BIGINT, oldest BIGINT)");
        statement(&database, "DELETE FROM mailkey; INSERT INTO mailkey VALUES (8, 7)");
    }
}

#[test]
fn what_is_queued_for_the_hook_wakes_the_hook_of_this_node() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = server::store();
    add_alice(&mut store);
    store.wake_beside(&directory.path().join("mailkey.db"));
    store.set_enabled(ALICE, false).unwrap();
    assert!(!directory.path().join("wake").exists(), "nothing was queued");
    store.queue_revocations(true);
    store.set_enabled(ALICE, true).unwrap();
    assert!(directory.path().join("wake").exists() && store.has_queued_revocations());
}

#[test]
fn however_many_take_at_once_each_name_and_each_notice_is_taken_by_one_of_its_node() {
    let database = database();
    let mut store = PostgresStore::connect(&database).unwrap();
    store.queue_revocations(true);
    for number in 1..=12 {
        let (uid, name) = (AccountUid([number; 16]), name(&format!("a{number}@example.org")));
        store.add_account(&NewAccount { uid, name: &name, password: None }, NOON).unwrap();
        store.set_enabled(uid, false).unwrap();
        let kind = NoticeKind::TwoFactorOn;
        let (address, mode, subject, codes_left) = ("", "", "", None);
        let new = NewNotice { account: uid, kind, address, mode, subject, codes_left, now: NOON };
        assert!(store.queue_notice(&new).unwrap());
    }
    let barrier = Barrier::new(6);
    let taken: Vec<(&str, Vec<String>, Vec<i64>)> = thread::scope(|scope| {
        let takers: Vec<_> = ["mx1", "mx2", "mx1", "mx2", "mx1", "mx2"]
            .into_iter()
            .map(|node| {
                let (database, barrier) = (&database, &barrier);
                scope.spawn(move || {
                    let mut store = PostgresStore::connect(database).unwrap();
                    // Both are known before anything is handed out.
                    let (machine, version, keys) = (String::new(), String::new(), Vec::new());
                    let this = Node { name: node.into(), machine, version, keys, clock_off: None, seen_at: NOON };
                    store.see_node(&this).unwrap();
                    barrier.wait();
                    let (mut names, mut notices) = (Vec::new(), Vec::new());
                    while let Some(taken) = store.take_revocation(Some(node), NOON, NOON + 90).unwrap() {
                        names.push(taken.name);
                    }
                    while let Some(taken) = store.take_notice(NOON, NOON + 900).unwrap() {
                        notices.push(taken.id);
                    }
                    (node, names, notices)
                })
            })
            .collect();
        takers.into_iter().map(|taker| taker.join().unwrap()).collect()
    });
    for node in ["mx1", "mx2"] {
        let mut names: Vec<_> = taken.iter().filter(|found| found.0 == node).flat_map(|found| &found.1).collect();
        names.sort();
        assert_eq!(names.len(), 12, "{taken:?}");
        names.dedup();
        assert_eq!(names.len(), 12, "{taken:?}");
    }
    let mut notices: Vec<_> = taken.iter().flat_map(|found| &found.2).collect();
    notices.sort();
    notices.dedup();
    assert_eq!((notices.len(), taken.iter().map(|found| found.2.len()).sum::<usize>()), (12, 12));
}

#[test]
fn mail_servers_see_which_addresses_there_are_and_nothing_else() {
    let database = database();
    let mut store = PostgresStore::connect(&database).unwrap();
    add_alice(&mut store);
    let bob = AccountUid([2; 16]);
    store.add_account(&NewAccount { uid: bob, name: &name("bob"), password: None }, NOON).unwrap();
    store.set_enabled(bob, false).unwrap();
    // What is not as it says ends the script with an error.
    let expect = |sql: &str, expected: &str| {
        let check = format!(
            "SET ROLE readers; DO $$ BEGIN IF ({sql}) IS DISTINCT FROM '{expected}' THEN
                 RAISE EXCEPTION '%', ({sql}); END IF; END $$"
        );
        statement(&database, &check);
    };
    statement(&database, "CREATE ROLE readers; GRANT SELECT ON recipient TO readers");
    let row = |address: &str| {
        format!("SELECT (address, local_part, domain, enabled)::text FROM recipient WHERE address = '{address}'")
    };
    expect(&row("alice@example.org"), "(alice@example.org,alice,example.org,1)");
    expect(&row("bob"), "(bob,bob,\"\",0)");
    expect("SELECT count(*)::text FROM recipient WHERE domain = 'example.org'", "1");
    for table in ["account", "app_password", "key_check", "node"] {
        expect(&format!("SELECT has_table_privilege('{table}', 'SELECT')::text"), "false");
    }
}

#[test]
fn a_newer_schema_that_allows_it_is_used() {
    let database = database();
    statement(&database, "UPDATE mailkey SET schema = 99, oldest = 7");
    add_alice(&mut PostgresStore::connect(&database).unwrap());
}

#[test]
fn tables_are_made_once_however_many_nodes_do_it_at_the_same_time() {
    let database = server::empty_database();
    let made: Vec<_> = thread::scope(|scope| {
        let makers: Vec<_> =
            (0..6).map(|_| scope.spawn(|| PostgresStore::create_or_migrate(&database).unwrap())).collect();
        makers.into_iter().map(|maker| maker.join().unwrap()).collect()
    });
    assert_eq!(made.iter().filter(|made| **made == super::Prepared::Created).count(), 1, "{made:?}");
    assert_eq!(made.iter().filter(|made| **made == super::Prepared::UpToDate).count(), 5, "{made:?}");
    add_alice(&mut PostgresStore::connect(&database).unwrap());
}

#[test]
fn a_server_that_is_not_there_is_unavailable_and_named() {
    let settings = |url| Settings::new(url, None, Duration::from_secs(2)).unwrap();
    match PostgresStore::connect(&settings("postgresql://mailkey:sesame@127.0.0.1:1/mail?sslmode=disable")) {
        Err(StoreError::Unavailable(what)) => {
            assert!(what.contains("postgresql://127.0.0.1:1/mail") && !what.contains("sesame"), "{what}");
        }
        _ => panic!("it was reached"),
    }
}

#[test]
fn what_the_synchronous_standby_does_not_confirm_is_no_yes_and_what_waits_for_nobody_is() {
    let database = database();
    add_alice_with_two_factor(&mut PostgresStore::connect(&database).unwrap());
    let (_, name) = database.shown.rsplit_once('/').unwrap();
    statement(&database, &format!("ALTER DATABASE {name} SET synchronous_commit = on"));
    let version = loaded(&mut PostgresStore::connect(&database).unwrap()).version;
    let claim = |timeout, step| {
        let mut store = PostgresStore::connect(&database.within(Duration::from_secs(timeout))).unwrap();
        store.claim(&claim_of_alice(version, totp_step(step), &keys(1, HOME)))
    };
    let refusal = |claimed| match claimed {
        Err(StoreError::Unavailable(what)) => what,
        other => panic!("{other:?}"),
    };
    // Given up. Nobody goes on waiting for the standby then.
    assert!(refusal(claim(2, 101)).contains("does not answer"));
    let waiting = "SELECT 1 / (CASE WHEN count(*) = 0 THEN 1 ELSE 0 END) FROM pg_stat_activity
                   WHERE wait_event = 'SyncRep' AND datname = current_database()";
    statement(&database, &format!("SELECT pg_sleep(0.5); {waiting}"));
    // Cancelled by somebody else, to which the server says yes.
    let cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity
                  WHERE wait_event = 'SyncRep' AND datname = current_database()";
    thread::scope(|scope| {
        let claimed = scope.spawn(|| claim(20, 102));
        while !claimed.is_finished() {
            statement(&database, cancel);
        }
        assert!(refusal(claimed.join().unwrap()).contains("standby"));
    });
    // They are written all the same.
    assert_eq!(claim(20, 102), Ok(Claimed::Used));
    let activity = accepted("imap", HOME);
    let note = Note {
        account: Some(ALICE),
        activity: &activity,
        keep: Keep::newest(50),
        used: None,
        forgive: None,
        now: NOON,
    };
    PostgresStore::connect(&database).unwrap().note(&note).unwrap();
}

#[test]
fn a_host_that_takes_the_connection_and_says_nothing_leaves_time_for_the_next_one() {
    let database = database();
    let (directory, name) =
        database.shown.strip_prefix("postgresql://").and_then(|text| text.rsplit_once('/')).unwrap();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let settings = |next: &str| {
        let next = next.replace('/', "%2F");
        let url = format!("postgresql://mailkey@127.0.0.1:{port},{next}:5432/{name}?sslmode=disable");
        Settings::new(&url, None, Duration::from_secs(2)).unwrap()
    };
    let mut store = PostgresStore::connect(&settings(directory)).unwrap();
    add_alice(&mut store);
    // Of two that do not serve, both are named.
    match PostgresStore::connect(&settings("/nowhere")) {
        Err(StoreError::Unavailable(what)) => {
            assert!(
                what.contains("127.0.0.1") && what.contains("/nowhere") && what.contains("does not answer"),
                "{what}"
            );
        }
        _ => panic!("it was reached"),
    }
}

#[test]
fn a_text_with_a_nul_byte_is_refused_and_breaks_nothing() {
    let mut store = store();
    add_alice(&mut store);
    let named = AppPassword { name: "a\0b".into(), ..app_password(b"k7m2") };
    assert!(matches!(store.add_app_password(ALICE, None, &named), Err(StoreError::Unavailable(_))));
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
}

#[test]
fn a_note_is_due_when_it_would_leave_something_and_not_within_a_minute_of_one_like_it() {
    let mut store = store();
    add_alice(&mut store);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    let (home, away, forgiven) = (accepted("imap", HOME), accepted("imap", "192.0.2.2"), keys(1, HOME));
    let note = |activity, now, forgive| Note {
        account: Some(ALICE),
        activity,
        keep: Keep::newest(50),
        used: Some(Used::AppPassword(AppPasswordId(*b"k7m2"))),
        forgive,
        now,
    };
    let is_due = |store: &mut PostgresStore, note: &Note<'_>| store.engine.is_due(note).unwrap();
    assert!(is_due(&mut store, &note(&home, NOON, None)));
    store.note(&note(&home, NOON, None)).unwrap();
    assert!(!is_due(&mut store, &note(&home, NOON + 59, None)));
    assert!(!is_due(&mut store, &note(&home, NOON + 59, Some(&forgiven))));
    assert!(is_due(&mut store, &note(&home, NOON + 60, None)));
    assert!(is_due(&mut store, &note(&away, NOON + 59, None)));
    assert!(charge(&mut store, &forgiven, Fault::Password, 1, NOON));
    assert!(is_due(&mut store, &note(&home, NOON + 59, Some(&forgiven))));
}
