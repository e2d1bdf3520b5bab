//! Damaged values and files: an error, and never "not enrolled" or "from everywhere".

use std::io::{Seek, SeekFrom, Write};

use super::*;
use crate::account::RecoveryIndex;

/// Changes the database behind mailkey's back.
fn tamper(fixture: &Fixture, sql: &str) {
    let connection = fixture.raw();
    connection.execute_batch("PRAGMA ignore_check_constraints = ON").unwrap();
    assert!(connection.execute(sql, []).unwrap() > 0, "{sql}");
}

fn load(store: &mut SqliteStore) -> Result<Loaded> {
    let name = alice();
    let (app_password, recovery_code) = (Some(AppPasswordId(*b"k7m2")), Some(RecoveryIndex(*b"ab")));
    store.load(&Lookup {
        name: &name,
        app_password,
        recovery_code,
        session: None,
        throttle: Some(&keys(1, "192.0.2.1")),
    })
}

#[test]
fn a_network_list_that_cannot_be_read_is_unavailable() {
    for networks in ["192.0.2.0/33", "", ",", "192.0.2.0/24,", "192.0.2.0/24 2001:db8::/32", "everywhere"] {
        let fixture = Fixture::new();
        tamper(&fixture, &format!("UPDATE app_password SET networks = '{networks}'"));
        let mut store = fixture.open();
        let what = unavailability(load(&mut store));
        assert!(what.contains("app_password.networks"), "{networks}: {what}");
        unavailability(store.app_passwords(ALICE));
    }
}

#[test]
fn a_field_that_mailkey_did_not_write_is_unavailable() {
    for (tampering, field) in [
        ("UPDATE account SET uid = x'0102'", "account.uid"),
        ("UPDATE account SET enabled = 2", "account.enabled"),
        ("UPDATE authenticator SET digits = 7", "authenticator.digits"),
        ("UPDATE authenticator SET digits = 300", "mailkey did not write"),
        ("UPDATE authenticator SET period = 0", "authenticator.period"),
        ("UPDATE authenticator SET algorithm = 'MD5'", "authenticator.algorithm"),
        ("UPDATE authenticator SET key = -1", "mailkey did not write"),
        ("UPDATE app_password SET protocols = 16", "app_password.protocols"),
        ("UPDATE app_password SET protocols = 0", "app_password.protocols"),
        ("UPDATE app_password SET used_at = 1, used_from = NULL", "mailkey did not write"),
    ] {
        let fixture = Fixture::new();
        tamper(&fixture, tampering);
        let what = unavailability(load(&mut fixture.open()));
        assert!(what.contains(field) && what.contains("restore"), "{tampering}: {what}");
    }
}

#[test]
fn a_damaged_counter_is_unavailable() {
    let fixture = Fixture::new();
    let mut store = fixture.open();
    charge(&mut store, &keys(1, "192.0.2.1"), Fault::Code, 1, NOON);
    tamper(&fixture, "UPDATE throttle SET failures = -1");
    unavailability(load(&mut store));
}

#[test]
fn a_missing_table_is_unavailable() {
    for table in ["authenticator", "app_password", "recovery_code", "throttle"] {
        let fixture = Fixture::new();
        fixture.raw().execute_batch(&format!("PRAGMA foreign_keys = OFF; DROP TABLE {table}")).unwrap();
        let what = unavailability(load(&mut fixture.open()));
        assert!(what.contains("mailkey init"), "{what}");
    }
}

#[test]
fn a_damaged_page_is_unavailable_and_never_an_account_without_two_factor() {
    let fixture = Fixture::new();
    fixture.raw().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let pages = fs::metadata(&fixture.path).unwrap().len() / 4_096;
    assert!(pages > 10);
    let mut damaging = 0;
    for page in 0..pages {
        let damaged = Fixture::new();
        damaged.raw().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        let mut file = fs::OpenOptions::new().write(true).open(&damaged.path).unwrap();
        file.seek(SeekFrom::Start(page * 4_096)).unwrap();
        file.write_all(&[0xa5; 4_096]).unwrap();
        match SqliteStore::open(&damaged.path, Duration::from_millis(50)).and_then(|mut store| load(&mut store)) {
            Ok(loaded) => {
                assert!(loaded.account.is_some_and(|account| account.two_factor()), "page {page}");
                assert!(loaded.app_password.is_some() && loaded.recovery_code.is_some(), "page {page}");
            }
            Err(StoreError::Unavailable(what)) => {
                assert!(what.contains("restore it from a backup"), "page {page}: {what}");
                damaging += 1;
            }
            Err(error) => panic!("page {page}: {error}"),
        }
    }
    assert!(damaging >= 6, "only {damaging} of {pages} pages are read by a login");
}

#[test]
fn a_damaged_database_works_again_when_it_was_restored() {
    let fixture = Fixture::new();
    fixture.raw().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let backup = fs::read(&fixture.path).unwrap();
    fs::write(&fixture.path, vec![0xa5; backup.len()]).unwrap();
    assert!(fixture.refusal().contains("is no SQLite database"), "{}", fixture.refusal());
    fs::write(&fixture.path, backup).unwrap();
    assert!(load(&mut fixture.open()).unwrap().account.is_some());
}
