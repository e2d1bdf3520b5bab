//! `mailkey report`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mailkey::account::{AccountName, DEFAULT_NAME_SYMBOLS, NameRules};
use mailkey::store::{self, Activity, Keep, Note};
use serde_json::json;

use crate::lab::{ALICE, Lab};

/// A login of a mail app with the account's password, some days ago, as the module notes it.
#[allow(clippy::disallowed_methods)] // a test has a clock
fn signed_in(lab: &Lab, address: &str, days: i64, from: &str, refused: &str) {
    let rules = NameRules { default_domain: None, bare_names: false, symbols: DEFAULT_NAME_SYMBOLS.into() };
    let mut store = store::open(&lab.path("data/mailkey.db"), Duration::from_secs(5)).unwrap();
    let name = AccountName::parse(address.as_bytes(), &rules).unwrap();
    let account = store.summary(&name, 0).unwrap().map(|summary| summary.uid);
    let activity = Activity {
        event: if refused.is_empty() { "accepted" } else { "refused" }.into(),
        reason: refused.into(),
        method: "password".into(),
        mode: "client".into(),
        protocol: "imap".into(),
        address: from.into(),
        ..Activity::default()
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64 - days * 86_400;
    let keep = Keep { entries: 100, since: None };
    store.note(&Note { account, activity: &activity, keep, used: None, forgive: None, now }).unwrap();
}

fn lab() -> Lab {
    let lab = Lab::with_alice();
    lab.enrol();
    for name in ["ann", "bob", "cyd", "dan", "eve"] {
        lab.add(&format!("{name}@example.org"));
    }
    lab.add("fay@example.net");
    lab.run(["user", "disable", "eve@example.org"]).done();
    lab.run(["require", "set", "cyd@example.org", "never"]).done();
    lab.run(["require", "set", "dan@example.org", "now"]).done();
    signed_in(&lab, "bob@example.org", 1, "192.0.2.1", "");
    signed_in(&lab, "ann@example.org", 50, "192.0.2.2", "");
    signed_in(&lab, "eve@example.org", 1, "192.0.2.4", "");
    signed_in(&lab, ALICE, 2, "192.0.2.3", "app_password_required");
    lab
}

#[test]
fn a_report_counts_and_lists_who_signed_in_lately_first() {
    let lab = lab();
    let report = lab.json(["report"]);
    let totals = json!({
        "accounts": 7, "disabled": 1, "two_factor": 1, "without_two_factor": 5, "lately_with_password": 1, "exempt": 1,
        "required": 1, "invited": 0, "imported_hashes": 0, "devices": 2,
    });
    assert_eq!(report["totals"], totals);
    let without = report["without_two_factor"].as_array().unwrap();
    let listed: Vec<_> =
        without.iter().map(|line| (line["account"].as_str().unwrap(), line["state"].as_str().unwrap())).collect();
    let expected = [
        ("bob@example.org", "would_lock_out"),
        ("ann@example.org", "would_lock_out"),
        ("cyd@example.org", "exempt"),
        ("dan@example.org", "required"),
        ("fay@example.net", "would_lock_out"),
    ];
    assert_eq!(listed, expected);
    assert!(without[0]["last_sign_in"].is_string() && without[1]["last_sign_in"].is_null());
    let devices = report["devices"].as_array().unwrap();
    assert_eq!((&devices[0]["account"], &devices[0]["accepted"]), (&json!(ALICE), &json!(false)));
    assert_eq!((&devices[1]["account"], &devices[1]["address"]), (&json!("bob@example.org"), &json!("192.0.2.1")));
    let longer = lab.json(["report", "--days", "60"]);
    assert_eq!((&longer["totals"]["lately_with_password"], &longer["totals"]["devices"]), (&json!(2), &json!(3)));
    let other = lab.json(["report", "--domain", "example.net"]);
    assert_eq!((&other["domain"], &other["totals"]["accounts"]), (&json!("example.net"), &json!(1)));
}

#[test]
fn a_report_reads_as_a_table_and_as_csv() {
    let lab = lab();
    let text = lab.run(["report"]).done().out;
    for said in ["7, 1 disabled", "required: locked out", "exempt", "192.0.2.1", "refused"] {
        assert!(text.contains(said), "{said} is not in:\n{text}");
    }
    let csv = lab.run(["report", "--csv"]).done().out;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "part,account,state,protocol,address,last_seen,count,invited_until");
    assert!(lines[1].starts_with("account,bob@example.org,would_lock_out,,,2"), "{csv}");
    assert!(
        lines[6].starts_with("device,alice@example.org,refused,imap,192.0.2.3,2") && lines[6].ends_with(",1,"),
        "{csv}"
    );
    assert_eq!(lines.len(), 8);
    lab.run(["report", "--csv", "--json"]).failed(2, "do not go together");
    lab.run(["report", "--domain", "a b"]).failed(2, "is no domain");
}

#[test]
fn a_report_of_nobody_is_a_report() {
    let lab = Lab::new();
    assert_eq!(lab.json(["report"])["devices"], json!([]));
    assert!(lab.run(["report"]).done().out.starts_with("accounts"));
}
