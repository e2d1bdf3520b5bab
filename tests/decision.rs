//! The decision table and its properties, without PAM and without a store.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on ends there

use mailkey::account::{
    Account, AccountName, AccountUid, AppPassword, Authenticator, DEFAULT_NAME_SYMBOLS, NameRules, Protocol, Protocols,
    RecoveryCode, Requirement, Requirements, TotpAlgorithm, TotpForm,
};
use mailkey::auth::throttle::Rules;
use mailkey::auth::{
    Answer, Attempt, Memo, Mode, Policy, Presented, PrimarySource, Prover, Reason, WebmailSession, after_password,
    decide,
};
use mailkey::credential::app_password::{self, PresentedAppPassword};
use mailkey::credential::hash::{self, HeapMemory, Owner};
use mailkey::credential::recovery_code::{self, PresentedRecoveryCode};
use mailkey::credential::{Keyring, Profile, Secret, totp};
use mailkey::session::SessionLimits;
use mailkey::store::{Claimable, Counter, Fault, Loaded};
use proptest::prelude::*;

const NOW: i64 = 1_700_000_000;
const CHEAP: Profile = Profile { memory_kib: 8, iterations: 1, parallelism: 1 };
const FORM: TotpForm = TotpForm { algorithm: TotpAlgorithm::Sha1, digits: 6, period: 30 };
const PASSWORD: &str = "correct horse battery";
const STACK: PrimarySource = PrimarySource::Stack { reject_unknown: false };

/// An account with everything, and what opens it.
struct World {
    keys: Keyring,
    loaded: Loaded,
    secret: Secret,
    app: PresentedAppPassword,
    recovery: PresentedRecoveryCode,
    policy: Policy,
}

impl World {
    fn new(two_factor: bool) -> Self {
        let keys = Keyring::parse(&Keyring::generate().unwrap()).unwrap();
        let uid = AccountUid([7; 16]);
        let hash =
            |owner, secret: &Secret| hash::create(&mut HeapMemory::default(), &keys, CHEAP, owner, secret).unwrap();
        let secret = totp::generate().unwrap();
        let app = app_password::generate().unwrap();
        let recovery = recovery_code::generate_set().unwrap().remove(0);
        let authenticator = Authenticator {
            id: 1,
            name: "phone".into(),
            sealed: totp::seal(&keys, uid, &secret).unwrap(),
            form: FORM,
            created_at: NOW,
            confirmed_at: two_factor.then_some(NOW),
            last_step: 0,
        };
        let account = Account {
            uid,
            name: name(),
            enabled: true,
            version: 1,
            password: Some(hash(Owner::Password(uid), &Secret::copy(PASSWORD.as_bytes()))),
            created_at: NOW,
            authenticators: vec![authenticator],
        };
        let row = AppPassword {
            id: app.id,
            name: "phone".into(),
            hash: hash(Owner::AppPassword(uid, app.id), &app.secret),
            protocols: Protocols::ALL,
            networks: Vec::new(),
            created_at: NOW,
            expires_at: None,
            revoked_at: None,
            last_use: None,
        };
        let code = RecoveryCode {
            index: recovery.index,
            hash: hash(Owner::RecoveryCode(uid, recovery.index), &recovery.secret),
            used_at: None,
        };
        let policy = Policy {
            require_2fa: Requirement::Never,
            client_primary_password: true,
            skew: 1,
            password_profile: CHEAP,
            app_password_profile: CHEAP,
            webmail_session: WebmailSession::Exchange,
            session_limits: SessionLimits { idle: 3600, absolute: 43_200 },
            throttle: Rules::default(),
        };
        let loaded =
            Loaded { account: Some(account), app_password: Some(row), recovery_code: Some(code), ..Loaded::default() };
        Self { keys, loaded, secret, app, recovery, policy }
    }

    /// What the store would answer for `presented`: rows only under the ids that it names.
    fn loaded_for(&self, presented: &Presented) -> Loaded {
        let mut loaded = self.loaded.clone();
        loaded.app_password = loaded.app_password.filter(|row| presented.app_password_id() == Some(row.id));
        loaded.recovery_code = loaded.recovery_code.filter(|row| presented.recovery_index() == Some(row.index));
        loaded
    }

    fn decide(
        &self,
        mode: Mode,
        primary: PrimarySource,
        presented: &[u8],
    ) -> (String, Option<Claimable>, Option<Fault>) {
        let presented = match Presented::read(Secret::copy(presented)) {
            Ok(presented) => presented,
            Err(reason) => return (reason.as_str().into(), None, None),
        };
        let loaded = self.loaded_for(&presented);
        let protocol = (mode == Mode::Client).then_some(Protocol::Imap);
        let remote = Some("192.0.2.1".parse().unwrap());
        let attempt = Attempt { name: name(), mode, protocol, remote, webmail_host: false, primary, presented };
        let (mut memory, mut memo) = (HeapMemory::default(), Memo::new().unwrap());
        let mut prover = Prover { keys: &self.keys, memory: &mut memory, memo: &mut memo };
        let mut verdict = decide(&attempt, &loaded, &self.policy, &mut prover, NOW).unwrap();
        if let Answer::AskStack(password) = &verdict.answer {
            // The stacked module of this test knows the same password.
            verdict = if password.as_bytes() == PASSWORD.as_bytes() {
                after_password(&attempt, &loaded, &self.policy, &mut prover, NOW).unwrap()
            } else {
                mailkey::auth::Verdict::wrong_password(&attempt, &loaded)
            };
        }
        let fault = verdict.fault.map(|found| found.fault);
        match verdict.answer {
            Answer::Accept(acceptance) if acceptance.enrolment_only => {
                ("enrolment only".into(), acceptance.claim, fault)
            }
            Answer::Accept(acceptance) => ("accept".into(), acceptance.claim, fault),
            Answer::Refuse(reason) => (reason.as_str().into(), None, fault),
            Answer::AskStack(_) => ("asked again".into(), None, fault),
        }
    }

    fn code(&self) -> String {
        totp::code_at(&self.secret, FORM, totp::step_at(FORM, NOW)).unwrap().as_str().unwrap().into()
    }
}

fn name() -> AccountName {
    AccountName::parse(b"alice@example.org", &rules()).unwrap()
}

fn rules() -> NameRules {
    NameRules { default_domain: None, bare_names: false, symbols: DEFAULT_NAME_SYMBOLS.into() }
}

#[test]
fn the_decision_table_holds_in_all_modes_and_for_both_primaries() {
    use Mode::{Client, Panel, Webmail};
    for primary in [PrimarySource::Store, STACK] {
        for two_factor in [false, true] {
            let world = World::new(two_factor);
            let app = world.app.shown().as_str().unwrap().to_string();
            let with_code = format!("{PASSWORD}{}", world.code());
            let with_recovery = format!("{PASSWORD}{}", world.recovery.shown().as_str().unwrap());
            let session = format!("mks-{}", "0a".repeat(26));
            let table = [
                (Client, PASSWORD, ["accept", "app_password_required"]),
                (Client, &with_code, ["wrong_password", "app_password_required"]),
                (Client, &with_recovery, ["wrong_password", "app_password_required"]),
                (Client, &app, ["accept", "accept"]),
                (Client, &session, ["session_not_allowed_here", "session_not_allowed_here"]),
                (Client, "nonsense", ["wrong_password", "wrong_password"]),
                (Webmail, PASSWORD, ["accept", "code_required"]),
                (Webmail, &with_code, ["wrong_password", "accept"]),
                (Webmail, &with_recovery, ["wrong_password", "accept"]),
                (Webmail, &app, ["app_password_not_allowed_here", "app_password_not_allowed_here"]),
                (Webmail, &session, ["session_unknown", "session_unknown"]),
                (Webmail, "nonsense", ["wrong_password", "wrong_password"]),
                (Panel, PASSWORD, ["accept", "code_required"]),
                (Panel, &with_code, ["wrong_password", "accept"]),
                (Panel, &with_recovery, ["wrong_password", "accept"]),
                (Panel, &app, ["app_password_not_allowed_here", "app_password_not_allowed_here"]),
                (Panel, &session, ["session_not_allowed_here", "session_not_allowed_here"]),
            ];
            for (mode, presented, expected) in table {
                let (answer, claim, _) = world.decide(mode, primary, presented.as_bytes());
                assert_eq!(
                    answer,
                    expected[usize::from(two_factor)],
                    "{mode:?} {primary:?} 2FA {two_factor} {presented}"
                );
                // What may be used once is claimed exactly where it opens.
                let once = answer == "accept" && two_factor && mode != Client;
                assert_eq!(claim.is_some(), once, "{mode:?} {presented}");
            }
        }
    }
}

#[test]
fn what_the_site_requires_changes_only_primary_passwords_without_2fa() {
    for primary in [PrimarySource::Store, STACK] {
        let mut world = World::new(false);
        let app = world.app.shown().as_str().unwrap().to_string();
        for required in [Requirement::Now, Requirement::From(NOW), Requirement::From(NOW - 1)] {
            world.policy.require_2fa = required;
            for (mode, presented, expected) in [
                (Mode::Client, PASSWORD, "enrolment_required"),
                (Mode::Webmail, PASSWORD, "enrolment_required"),
                (Mode::Panel, PASSWORD, "enrolment only"),
                (Mode::Client, &app, "accept"),
            ] {
                assert_eq!(world.decide(mode, primary, presented.as_bytes()).0, expected, "{required:?}");
            }
        }
        for not_yet in [Requirement::From(NOW + 1), Requirement::Never] {
            world.policy.require_2fa = not_yet;
            for mode in [Mode::Client, Mode::Webmail, Mode::Panel] {
                assert_eq!(world.decide(mode, primary, PASSWORD.as_bytes()).0, "accept", "{not_yet:?}");
            }
        }
        world.policy.client_primary_password = false;
        assert_eq!(world.decide(Mode::Client, primary, PASSWORD.as_bytes()).0, "app_password_required");
        assert_eq!(world.decide(Mode::Webmail, primary, PASSWORD.as_bytes()).0, "accept");
    }
}

#[test]
fn the_account_counts_before_its_domain_and_that_before_the_site_and_a_reset_before_everything() {
    let (never, now) = (Some(Requirement::Never), Some(Requirement::Now));
    let (past, later) = (Some(Requirement::From(NOW - 1)), Some(Requirement::From(NOW + 1)));
    for (site, domain, account, enrol_again, required) in [
        (Requirement::Never, None, None, false, false),
        (Requirement::Now, None, None, false, true),
        (Requirement::Never, now, None, false, true),
        (Requirement::Never, past, None, false, true),
        (Requirement::Never, later, None, false, false),
        (Requirement::Now, later, None, false, false),
        (Requirement::Now, never, None, false, false),
        (Requirement::Never, never, now, false, true),
        (Requirement::Now, now, never, false, false),
        (Requirement::Now, now, later, false, false),
        (Requirement::Never, None, past, false, true),
        (Requirement::Never, never, never, true, true),
        (Requirement::Never, None, None, true, true),
    ] {
        let case = format!("{site:?} {domain:?} {account:?} {enrol_again}");
        for primary in [PrimarySource::Store, STACK] {
            let mut world = World::new(false);
            world.policy.require_2fa = site;
            world.loaded.requirements = Requirements { account, domain, enrol_again };
            let [client, panel] = if required { ["enrolment_required", "enrolment only"] } else { ["accept"; 2] };
            assert_eq!(world.decide(Mode::Client, primary, PASSWORD.as_bytes()).0, client, "{case}");
            assert_eq!(world.decide(Mode::Webmail, primary, PASSWORD.as_bytes()).0, client, "{case}");
            assert_eq!(world.decide(Mode::Panel, primary, PASSWORD.as_bytes()).0, panel, "{case}");
            let app = world.app.shown().as_str().unwrap().to_string();
            assert_eq!(world.decide(Mode::Client, primary, app.as_bytes()).0, "accept", "{case}");
            // With 2FA on it is fulfilled.
            let mut world = World::new(true);
            world.policy.require_2fa = site;
            world.loaded.requirements = Requirements { account, domain, enrol_again };
            let with_code = format!("{PASSWORD}{}", world.code());
            assert_eq!(world.decide(Mode::Webmail, primary, with_code.as_bytes()).0, "accept", "{case}");
        }
    }
}

#[test]
fn a_domain_counts_for_a_name_without_a_record_that_a_stacked_module_knows() {
    let mut world = World::new(false);
    world.loaded = Loaded::default();
    assert_eq!(world.decide(Mode::Client, STACK, PASSWORD.as_bytes()).0, "accept");
    world.loaded.requirements.domain = Some(Requirement::Now);
    assert_eq!(world.decide(Mode::Client, STACK, PASSWORD.as_bytes()).0, "enrolment_required");
    assert_eq!(world.decide(Mode::Panel, STACK, PASSWORD.as_bytes()).0, "enrolment only");
}

#[test]
fn a_pending_enrolment_is_not_2fa() {
    let world = World::new(false);
    assert_eq!(world.loaded.account.as_ref().unwrap().authenticators.len(), 1);
    assert_eq!(world.decide(Mode::Client, PrimarySource::Store, PASSWORD.as_bytes()).0, "accept");
}

#[test]
fn a_paused_account_is_refused_before_the_password_is_looked_at_and_app_passwords_never_are() {
    let mut world = World::new(true);
    let app = world.app.shown().as_str().unwrap().to_string();
    world.loaded.counters.password = Counter { failures: 20, since: NOW, last_at: NOW, blocked_until: NOW + 60 };
    for mode in [Mode::Client, Mode::Webmail, Mode::Panel] {
        let (answer, _, fault) = world.decide(mode, PrimarySource::Store, PASSWORD.as_bytes());
        assert_eq!((answer.as_str(), fault), ("throttled", None));
    }
    assert_eq!(world.decide(Mode::Client, PrimarySource::Store, app.as_bytes()).0, "accept");
}

#[test]
fn wrong_passwords_and_wrong_codes_are_faults_and_nothing_else_is() {
    let world = World::new(true);
    let app = world.app.shown().as_str().unwrap().to_string();
    let wrong_app = format!("{}-0000-0000-0000-0000", &app[..4]);
    for (mode, presented, expected) in [
        (Mode::Client, "nonsense".to_string(), Some(Fault::Password)),
        (Mode::Client, PASSWORD.into(), None),
        (Mode::Client, wrong_app, None),
        (Mode::Webmail, app, None),
        (Mode::Webmail, PASSWORD.into(), None),
        (Mode::Webmail, format!("{PASSWORD}000000"), Some(Fault::Code)),
        (Mode::Webmail, format!("{PASSWORD}0000-0000-0000"), Some(Fault::Code)),
        (Mode::Webmail, "nonsense000000".into(), Some(Fault::Password)),
    ] {
        assert_eq!(world.decide(mode, PrimarySource::Store, presented.as_bytes()).2, expected, "{mode:?} {presented}");
    }
}

#[test]
fn reasons_have_distinct_names_and_advice() {
    let mut names: Vec<&str> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
    assert!(names.is_sorted());
    names.dedup();
    assert_eq!(names.len(), Reason::ALL.len());
    assert!(Reason::ALL.iter().all(|reason| reason.advice().ends_with('.')));
}

fn modes() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Webmail), Just(Mode::Client), Just(Mode::Panel)]
}

fn primaries() -> impl Strategy<Value = PrimarySource> {
    prop_oneof![Just(PrimarySource::Store), Just(STACK)]
}

/// A part of something that is often nearly right.
#[derive(Clone, Debug)]
enum Piece {
    Password,
    Code,
    App,
    AppCut,
    Recovery,
    RecoveryCut,
    Session,
    Bytes(Vec<u8>),
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let piece = prop_oneof![
        3 => Just(Piece::Password),
        2 => Just(Piece::Code),
        2 => Just(Piece::App),
        1 => Just(Piece::AppCut),
        2 => Just(Piece::Recovery),
        1 => Just(Piece::RecoveryCut),
        1 => Just(Piece::Session),
        2 => prop_oneof![Just(b"-".to_vec()), Just(b"000000".to_vec()), Just(b"mkopen:".to_vec())].prop_map(Piece::Bytes),
        2 => prop::collection::vec(any::<u8>(), 0..12).prop_map(Piece::Bytes),
    ];
    prop::collection::vec(piece, 0..4)
}

impl World {
    fn assemble(&self, pieces: &[Piece]) -> Vec<u8> {
        let (app, recovery) = (self.app.shown(), self.recovery.shown());
        let bytes = |piece: &Piece| match piece {
            Piece::Password => PASSWORD.as_bytes().to_vec(),
            Piece::Code => self.code().into_bytes(),
            Piece::App => app.as_bytes().to_vec(),
            Piece::AppCut => app.as_bytes()[..19].to_vec(),
            Piece::Recovery => recovery.as_bytes().to_vec(),
            Piece::RecoveryCut => recovery.as_bytes()[..9].to_vec(),
            Piece::Session => format!("mks-{}", "0a".repeat(26)).into_bytes(),
            Piece::Bytes(bytes) => bytes.clone(),
        };
        pieces.iter().flat_map(bytes).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn only_what_the_table_names_opens(
        two_factor in any::<bool>(), mode in modes(), primary in primaries(), pieces in pieces(),
    ) {
        let world = World::new(two_factor);
        let presented = world.assemble(&pieces);
        let (answer, claim, _) = world.decide(mode, primary, &presented);
        let password = presented == PASSWORD.as_bytes();
        let code = presented == [PASSWORD.as_bytes(), world.code().as_bytes()].concat();
        let recovery = presented == [PASSWORD.as_bytes(), world.recovery.shown().as_bytes()].concat();
        // Every spelling of the app password is the app password.
        let app = app_password::read(&presented).is_some_and(|read| read.id == world.app.id && read.secret == world.app.secret);
        let expected = match (mode, two_factor) {
            (Mode::Client, false) => password || app,
            (Mode::Client, true) => app,
            (_, false) => password,
            (_, true) => code || recovery,
        };
        prop_assert_eq!(answer == "accept", expected, "{:?} {:?}", mode, presented);
        prop_assert!(claim.is_none() || (two_factor && mode != Mode::Client));
    }

    #[test]
    fn any_bytes_are_decided_without_a_panic(
        two_factor in any::<bool>(), mode in modes(), primary in primaries(), bytes in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let (answer, ..) = World::new(two_factor).decide(mode, primary, &bytes);
        prop_assert!(answer != "accept");
    }

    #[test]
    fn a_name_is_its_own_canonical_form(raw in prop::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(name) = AccountName::parse(&raw, &rules()) {
            prop_assert_eq!(name.as_str().as_bytes(), raw.to_ascii_lowercase());
            prop_assert_eq!(AccountName::parse(name.as_str().as_bytes(), &rules()), Ok(name));
        }
    }
}

#[test]
fn the_readme_names_every_reason() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    for reason in Reason::ALL {
        assert!(readme.contains(&format!("| `{}` |", reason.as_str())), "{}", reason.as_str());
    }
    for kind in mailkey::module::TroubleKind::ALL {
        assert!(readme.contains(&format!("`{}`", kind.as_str())), "{}", kind.as_str());
    }
}
