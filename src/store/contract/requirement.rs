//! Who must have 2FA on.

use super::*;

contract! {
    what_is_set_for_an_account_and_for_its_domain_is_told_apart
    a_domain_counts_for_names_without_a_record
    a_bare_name_has_no_domain
    what_was_set_is_listed_by_name_in_pages
    a_requirement_leaves_panel_sessions_alone_and_is_seen_by_them
    a_removed_account_leaves_no_requirement_to_its_successor
}

fn example_org() -> DomainName {
    DomainName::parse(b"Example.ORG").unwrap()
}

fn requirements(store: &mut dyn Store, name: &AccountName) -> Requirements {
    store.load(&Lookup::account(name)).unwrap().requirements
}

fn what_is_set_for_an_account_and_for_its_domain_is_told_apart(store: &mut dyn Store) {
    add_alice(store);
    assert_eq!(requirements(store, &alice()), Requirements::default());
    assert_eq!(store.set_domain_requirement(&example_org(), Some(Requirement::From(NOON)), None), Ok(None));
    let before = Requirements { domain: Some(Requirement::From(NOON)), ..Requirements::default() };
    assert_eq!(requirements(store, &alice()), before);
    for set in [Requirement::Never, Requirement::Now, Requirement::From(NOON + 1)] {
        store.set_account_requirement(ALICE, Some(set), None).unwrap();
        let expected = Requirements { account: Some(set), ..before };
        assert_eq!(requirements(store, &alice()), expected);
        assert_eq!(store.summary(&alice(), NOON).unwrap().unwrap().requirements, expected);
        assert_eq!(store.accounts(None, 10, NOON).unwrap()[0].requirements, expected);
    }
    store.set_account_requirement(ALICE, None, None).unwrap();
    assert_eq!(requirements(store, &alice()), before);
    let replaced = store.set_domain_requirement(&example_org(), Some(Requirement::Never), None);
    assert_eq!(replaced, Ok(Some(Requirement::From(NOON))));
    assert_eq!(store.set_domain_requirement(&example_org(), None, None), Ok(Some(Requirement::Never)));
    assert_eq!(requirements(store, &alice()), Requirements::default());
}

fn a_domain_counts_for_names_without_a_record(store: &mut dyn Store) {
    store.set_domain_requirement(&example_org(), Some(Requirement::Now), None).unwrap();
    assert_eq!(requirements(store, &alice()).domain, Some(Requirement::Now));
    for other in ["alice@sub.example.org", "alice@example.com", "example.org@example.com"] {
        assert_eq!(requirements(store, &name(other)), Requirements::default(), "{other}");
    }
}

fn a_bare_name_has_no_domain(store: &mut dyn Store) {
    store.add_account(&NewAccount { uid: ALICE, name: &name("example.org"), password: None }, NOON).unwrap();
    store.set_domain_requirement(&example_org(), Some(Requirement::Now), None).unwrap();
    assert_eq!(requirements(store, &name("example.org")), Requirements::default());
    assert_eq!(store.accounts(None, 1, NOON).unwrap()[0].requirements, Requirements::default());
}

fn what_was_set_is_listed_by_name_in_pages(store: &mut dyn Store) {
    let (a, b) = (DomainName::parse(b"a.org").unwrap(), DomainName::parse(b"b.org").unwrap());
    for (number, local) in [(1, "ann"), (2, "bob"), (3, "cyd")] {
        let (uid, name) = (AccountUid([number; 16]), name(&format!("{local}@a.org")));
        store.add_account(&NewAccount { uid, name: &name, password: None }, NOON).unwrap();
    }
    store.set_domain_requirement(&b, Some(Requirement::Never), None).unwrap();
    store.set_domain_requirement(&a, Some(Requirement::Now), None).unwrap();
    store.set_account_requirement(AccountUid([3; 16]), Some(Requirement::Never), None).unwrap();
    store.set_account_requirement(AccountUid([1; 16]), Some(Requirement::From(NOON)), None).unwrap();
    assert_eq!(store.domain_requirements(None, 1).unwrap(), [(a.clone(), Requirement::Now)]);
    assert_eq!(store.domain_requirements(Some(&a), 5).unwrap(), [(b.clone(), Requirement::Never)]);
    assert!(store.domain_requirements(Some(&b), 5).unwrap().is_empty());
    let of = |account| Requirements { account: Some(account), domain: Some(Requirement::Now), enrol_again: false };
    let (ann, cyd) = (name("ann@a.org"), name("cyd@a.org"));
    assert_eq!(store.account_requirements(None, 1).unwrap(), [(ann.clone(), of(Requirement::From(NOON)))]);
    assert_eq!(store.account_requirements(Some(&ann), 5).unwrap(), [(cyd, of(Requirement::Never))]);
}

fn a_requirement_leaves_panel_sessions_alone_and_is_seen_by_them(store: &mut dyn Store) {
    add_alice(store);
    let digest = SessionDigest([9; 32]);
    let limits = SessionLimits { idle: 900, absolute: 43_200 };
    let (opened_at, proved_at) = (None, None);
    let new = NewPanelSession { digest, method: "password", agent: "", from: "", limits, opened_at, proved_at };
    let version = loaded(store).version;
    assert!(store.open_panel_session(ALICE, version, &new, NOON).unwrap());
    store.set_account_requirement(ALICE, Some(Requirement::Now), None).unwrap();
    store.set_domain_requirement(&example_org(), Some(Requirement::Never), None).unwrap();
    let found = store.panel_session(digest).unwrap().unwrap();
    let (account, domain) = (Some(Requirement::Now), Some(Requirement::Never));
    assert_eq!(found.requirements, Requirements { account, domain, enrol_again: false });
}

fn a_removed_account_leaves_no_requirement_to_its_successor(store: &mut dyn Store) {
    add_alice(store);
    store.set_account_requirement(ALICE, Some(Requirement::Never), None).unwrap();
    store.remove_account(ALICE).unwrap();
    add_alice(store);
    assert_eq!(requirements(store, &alice()), Requirements::default());
    assert!(store.account_requirements(None, 10).unwrap().is_empty());
}
