//! What comes from elsewhere.

use super::super::import::{Candidate, ImportPassword, ImportTotp, Missing, Source};
use super::*;
use crate::credential::foreign::Foreign;

/// Of the password "correct horse battery".
const FOREIGN: &str = "$5$WRu4FVi5.V.AxTz9$tO6NZMP5Guqmx1cIsI9h2xlKNeU3y1UqVoarg0FlHz4";

fn candidate(line: u64, name: &str, password: ImportPassword) -> Candidate {
    Candidate {
        source: Source { file: "users".into(), line },
        name: name.into(),
        password,
        enabled: true,
        totp: None,
        left_out: Vec::new(),
        is_account: true,
    }
}

fn foreign() -> ImportPassword {
    ImportPassword::Hashed(Foreign::read(FOREIGN).map_err(|error| error.to_string()).unwrap())
}

fn totp(secret: &[u8]) -> Option<ImportTotp> {
    let form = TotpForm { algorithm: TotpAlgorithm::Sha1, digits: 6, period: 30 };
    Some(ImportTotp { secret: Secret::copy(secret), form, label: "Phone".into(), last_step: None })
}

fn import(site: &mut Site, candidates: Vec<Candidate>) -> usize {
    let plan = site.admin().examine(candidates, Missing::Reject, &mut |_| ()).unwrap();
    assert!(plan.rejected.is_empty(), "{:?}", plan.rejected);
    site.admin().make_all(plan.planned, NOW, &mut |_| ()).unwrap()
}

fn version(site: &mut Site) -> i64 {
    site.admin().account(&alice()).unwrap().version
}

#[test]
fn an_imported_password_is_known_when_its_owner_changes_it() {
    let mut site = Site::new();
    assert_eq!(import(&mut site, vec![candidate(1, "alice@example.org", foreign())]), 1);
    let now_in = version(&mut site);
    let mut change = |new: &str| site.admin().change_password(&alice(), &secret(new), now_in, false, NOW);
    assert_eq!(change("correct horse battery"), Err(AdminError::Password(PasswordError::Unchanged)));
    assert_eq!(change("another horse, entirely"), Ok(Vec::new()));
    assert!(site.admin().account(&alice()).unwrap().password.unwrap().starts_with("$argon2id$"));
}

#[test]
fn of_many_passwords_each_is_hashed_for_its_own_account() {
    let mut site = Site::new();
    let names: Vec<String> = (0..300).map(|number| format!("user{number}@example.org")).collect();
    let password = |number: usize| match number % 3 {
        0 => foreign(),
        1 => ImportPassword::None,
        _ => ImportPassword::Plain(secret(&format!("the password {number}"))),
    };
    let candidates = (0..).zip(&names).map(|(number, name)| candidate(number as u64, name, password(number)));
    let candidates: Vec<_> = candidates.collect();
    let plan = site.admin().examine(candidates, Missing::Reject, &mut |_| ()).unwrap();
    let mut heard = Vec::new();
    assert_eq!(site.admin().make_all(plan.planned, NOW, &mut |done| heard.push(done)).unwrap(), 300);
    assert_eq!(heard.last(), Some(&100));
    for (number, name) in names.iter().enumerate() {
        let rules = site.config.names.clone();
        let name = AccountName::parse(name.as_bytes(), &rules).unwrap();
        let stored = site.admin().account(&name).unwrap().password;
        assert_eq!(stored.as_deref().map(|stored| &stored[..1]), [Some("{"), None, Some("$")][number % 3]);
        if number % 3 == 2 {
            let change = site.admin().change_password(&name, &secret(&format!("the password {number}")), 1, false, NOW);
            assert_eq!(change, Err(AdminError::Password(PasswordError::Unchanged)));
        }
    }
}

#[test]
fn what_changed_between_the_look_and_the_import_keeps_all_of_it_from_being_made() {
    let mut site = Site::with_alice();
    let authenticator = Candidate {
        totp: totp(&[7; 20]),
        is_account: false,
        ..candidate(2, "alice@example.org", ImportPassword::None)
    };
    let candidates = vec![candidate(1, "bob@example.org", foreign()), authenticator];
    let plan = site.admin().examine(candidates, Missing::Reject, &mut |_| ()).unwrap();
    assert_eq!((plan.planned.len(), plan.rejected.len()), (2, 0));
    site.admin().set_enabled(&alice(), false, NOW).unwrap();
    let made = site.admin().make_all(plan.planned, NOW, &mut |_| ());
    assert!(
        matches!(made, Err(AdminError::Unavailable(why)) if why.contains("alice@example.org was changed meanwhile"))
    );
    let bob = AccountName::parse(b"bob@example.org", &site.config.names.clone()).unwrap();
    assert!(site.admin().account(&bob).is_err() && !site.admin().account(&alice()).unwrap().two_factor());
}

#[test]
fn a_code_that_was_shown_before_the_import_opens_nothing_and_the_next_one_does() {
    let mut site = Site::new();
    let candidate = Candidate { totp: totp(&[7; 20]), ..candidate(1, "alice@example.org", foreign()) };
    import(&mut site, vec![candidate]);
    let form = site.admin().account(&alice()).unwrap().authenticators[0].form;
    let mut answer = |at: i64| {
        let code = code(&Secret::new(vec![7; 20]), form, at);
        site.admin().verify_code(&alice(), &code, NOW).unwrap()
    };
    assert_eq!(answer(NOW), Err(Reason::CodeUsed));
    assert_eq!(answer(NOW - 30), Err(Reason::CodeUsed));
    assert_eq!(answer(NOW + 30), Ok(Method::Totp));
}

#[test]
fn a_step_that_lies_ahead_where_it_comes_from_locks_nobody_out() {
    let mut site = Site::new();
    let totp = totp(&[7; 20]).map(|totp| ImportTotp { last_step: Some(i64::MAX), ..totp });
    import(&mut site, vec![Candidate { totp, ..candidate(1, "alice@example.org", foreign()) }]);
    let form = site.admin().account(&alice()).unwrap().authenticators[0].form;
    let later = code(&Secret::new(vec![7; 20]), form, NOW + 60);
    assert_eq!(site.admin().verify_code(&alice(), &later, NOW + 60).unwrap(), Ok(Method::Totp));
}
