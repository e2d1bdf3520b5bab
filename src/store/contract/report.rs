//! The report.

use super::*;

contract! {
    a_report_says_who_has_two_factor_and_what_uses_the_password
    a_report_is_read_in_pages_and_of_one_domain
}

fn note(store: &mut dyn Store, account: AccountUid, at: i64, activity: &Activity) {
    let keep = Keep { entries: 99, since: None };
    store.note(&Note { account: Some(account), activity, keep, used: None, forgive: None, now: at }).unwrap();
}

fn password(event: &str, reason: &str, protocol: &str, address: &str) -> Activity {
    Activity {
        event: event.into(),
        reason: reason.into(),
        method: "password".into(),
        mode: "client".into(),
        protocol: protocol.into(),
        address: address.into(),
        ..Activity::default()
    }
}

fn report(
    store: &mut dyn Store,
    domain: Option<&DomainName>,
    after: Option<&AccountName>,
    limit: u32,
) -> Vec<ReportRow> {
    store.report(&ReportQuery { domain, since: NOON }, after, limit).unwrap()
}

fn a_report_says_who_has_two_factor_and_what_uses_the_password(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    const DAY: i64 = 86_400;
    note(store, ALICE, NOON - DAY, &password("accepted", "", "pop3", "192.0.2.9"));
    note(store, ALICE, NOON, &password("accepted", "", "imap", "192.0.2.1"));
    note(store, ALICE, NOON + DAY, &password("accepted", "", "imap", "192.0.2.1"));
    note(store, ALICE, NOON + 2 * DAY, &password("refused", "app_password_required", "imap", "192.0.2.1"));
    note(store, ALICE, NOON + 3 * DAY, &password("refused", "wrong_password", "imap", "192.0.2.2"));
    note(store, ALICE, NOON + 3 * DAY, &Activity { mode: "webmail".into(), ..password("accepted", "", "imap", "::1") });
    note(store, ALICE, NOON + 3 * DAY, &accepted("imap", "192.0.2.3"));
    let rows = report(store, None, None, 10);
    let device = |opens, last_at, count| PasswordDevice {
        protocol: "imap".into(),
        address: "192.0.2.1".into(),
        opens,
        last_at,
        count,
    };
    let expected = ReportRow {
        name: alice(),
        enabled: true,
        two_factor: true,
        requirements: Requirements::default(),
        invited_until: None,
        password: KeptPassword::Own,
        devices: vec![device(false, NOON + 2 * DAY, 1), device(true, NOON + DAY, 2)],
    };
    assert_eq!(rows, [expected]);
}

fn a_report_is_read_in_pages_and_of_one_domain(store: &mut dyn Store) {
    for (number, address, hash) in
        [(1, "ann@a.org", None), (2, "bob@b.org", Some("{CRYPT}x")), (3, "cyd@a.org", Some("own"))]
    {
        let (uid, name) = (AccountUid([number; 16]), name(address));
        store.add_account(&NewAccount { uid, name: &name, password: hash }, NOON).unwrap();
    }
    let a = DomainName::parse(b"a.org").unwrap();
    store.set_domain_requirement(&a, Some(Requirement::Now), None).unwrap();
    let all = report(store, None, None, 10);
    let kept: Vec<_> = all.iter().map(|row| (row.password, row.requirements.domain)).collect();
    let now = Some(Requirement::Now);
    assert_eq!(kept, [(KeptPassword::Elsewhere, now), (KeptPassword::Imported, None), (KeptPassword::Own, now)]);
    let first = report(store, Some(&a), None, 1);
    assert_eq!((first.len(), &first[0].name), (1, &name("ann@a.org")));
    let rest = report(store, Some(&a), Some(&name("ann@a.org")), 10);
    assert_eq!((rest.len(), &rest[0].name), (1, &name("cyd@a.org")));
}
