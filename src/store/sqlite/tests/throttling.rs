//! The tables of failures do not grow without bound.

use super::*;
use crate::store::sql::throttle;

fn rows(store: &SqliteStore, table: &str) -> u32 {
    store.engine.connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

/// Charges a wrong password for the subject and with the digest `number`, from a network of its own.
fn charge_number(store: &mut SqliteStore, number: u64, fault: Fault, now: i64) {
    let mut digest = [1; 16];
    digest[8..].copy_from_slice(&number.to_le_bytes());
    let throttle = ThrottleKeys { subject: digest, network: format!("network {number}") };
    let next = one_more(now);
    let charge = Charge { throttle: &throttle, fault, digest, remember: 600, durable: false, now, next: &next };
    assert!(store.charge(&charge).unwrap());
}

#[test]
fn what_has_expired_is_removed_by_later_charges() {
    let mut store = Fixture::new().open();
    for number in 0..200 {
        charge_number(&mut store, number, Fault::Password, NOON);
    }
    assert_eq!((rows(&store, "throttle"), rows(&store, "seen_wrong"), rows(&store, "tried")), (400, 200, 200));
    for number in 0..100 {
        charge_number(&mut store, 1_000 + number, Fault::Password, NOON + 2 * 86_400);
    }
    assert_eq!((rows(&store, "throttle"), rows(&store, "seen_wrong"), rows(&store, "tried")), (200, 100, 100));
}

#[test]
fn however_many_have_expired_a_tidying_removes_as_many_as_it_says() {
    let mut store = Fixture::new().open();
    for number in 0..700 {
        charge_number(&mut store, number, Fault::Password, NOON);
    }
    let stale = Stale { now: NOON + 2 * 86_400, activity_before: None };
    let removed: Vec<_> = (0..5).map(|_| store.tidy(&stale).unwrap().throttle).collect();
    assert_eq!(removed, [1500, 900, 400, 0, 0]);
    assert_eq!((rows(&store, "throttle"), rows(&store, "seen_wrong"), rows(&store, "tried")), (0, 0, 0));
}

#[test]
fn too_many_rows_are_cut_back_the_soonest_expiring_first_and_code_counters_last() {
    let mut store = Fixture::new().open();
    for number in 0..5 {
        charge_number(&mut store, number, Fault::Code, NOON);
    }
    for number in 5..100 {
        charge_number(&mut store, number, Fault::Password, NOON + number as i64);
    }
    assert_eq!(rows(&store, "throttle"), 200);
    store.engine.write(Durability::Normal, |db| throttle::cut_back(db, 30)).unwrap();
    assert_eq!((rows(&store, "throttle"), rows(&store, "seen_wrong"), rows(&store, "tried")), (30, 30, 30));
    let count = |which: &str| rows(&store, &format!("throttle WHERE {which}"));
    assert_eq!((count("kind <= 2"), count("kind > 2"), count("kind = 3")), (10, 20, 10));
    assert_eq!(count(&format!("kind = 3 AND last_at >= {}", NOON + 90)), 10);
    assert_eq!(rows(&store, &format!("tried WHERE expires_at >= {}", NOON + 70 + 3_600)), 30);
}

/// None of the statements with which a charge removes rows may walk through a table.
#[test]
fn expired_rows_are_found_and_removed_by_key() {
    let store = Fixture::new().open();
    let plan = |sql: &str| -> String {
        let mut statement = store.engine.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3)).map(|step| step.unwrap());
        steps.collect::<Vec<_>>().join("; ")
    };
    for table in throttle::REMOVALS.iter() {
        let find = plan(&table.expired);
        assert!(find.starts_with("SEARCH") && find.ends_with("(expires_at<?)"), "{find}");
        for (remove, rows) in table.remove.iter().map(|remove| plan(remove)).zip([256, 8]) {
            assert!(!remove.contains("SCAN"), "{remove}");
            let found = (remove.matches("SEARCH").count(), remove.matches("=?").count());
            // Of some values of one column SQLite makes a set itself.
            let is_set = table.columns == 1 && found == (1, 1);
            assert!(is_set || found == (rows, rows * table.columns), "{found:?} {remove}");
        }
    }
}
