//! Administration on a store without a file.

mod explain;
mod import;
mod invitation;
mod panel;

use super::*;
use crate::account::{DEFAULT_NAME_SYMBOLS, NameRules, Protocol, Protocols, TotpAlgorithm, TotpForm};
use crate::auth::{Method, Mode, PrimarySource, Reason, SessionChange};
use crate::credential::password::PasswordError;
use crate::credential::{Profile, Secret, recovery_code, totp};
use crate::session::{SessionDigest, SessionKind};
use crate::store::{Charge, Claim, Claimable, Claimed, Fault, Holder, MemoryStore, NewSession, ThrottleKeys};

/// The beginning of a time step.
const NOW: i64 = 1_700_000_010;

struct Site {
    store: MemoryStore,
    keys: Keyring,
    config: Config,
}

impl Site {
    fn new() -> Self {
        let mut config = crate::config::parse("database = \"/d\"\nkey = \"/k\"\n").unwrap();
        let cheap = Profile { memory_kib: 8, iterations: 1, parallelism: 1 };
        config.policy.password_profile = cheap;
        config.policy.app_password_profile = cheap;
        let keys = Keyring::parse(&Keyring::generate().unwrap()).unwrap();
        Self { store: MemoryStore::default(), keys, config }
    }

    /// With alice, whose password is "correct horse".
    fn with_alice() -> Self {
        let mut site = Self::new();
        site.admin().create(&alice(), Some(&secret("correct horse")), NOW).unwrap();
        site
    }

    fn admin(&mut self) -> Admin<'_> {
        Admin::new(&mut self.store, &self.keys, &self.config, Via::Command)
    }

    /// Turns 2FA on; returns the raw secret and the recovery codes.
    fn enrol(&mut self) -> (Secret, Vec<Secret>) {
        let enrolment = self.admin().begin_enrolment(&alice(), "Phone", NOW).unwrap();
        let raw = raw(&enrolment);
        let code = code(&raw, enrolment.form, NOW);
        let confirmed = self.admin().confirm_enrolment(&alice(), &code, NOW).unwrap();
        (raw, confirmed.recovery_codes)
    }

    fn check(&mut self, mode: Mode, protocol: Option<Protocol>, presented: &str, now: i64) -> CheckOutcome {
        let request = CheckRequest {
            name: &alice(),
            mode,
            protocol,
            remote: Some("192.0.2.7".parse().unwrap()),
            primary: PrimarySource::Store,
            credential: secret(presented),
        };
        self.admin().check(request, now).unwrap()
    }

    fn events(&mut self) -> Vec<String> {
        let entries = self.admin().activity(Some(&alice()), 100).unwrap();
        entries.into_iter().map(|entry| entry.activity.event).collect()
    }
}

fn alice() -> AccountName {
    let rules = NameRules { default_domain: None, bare_names: false, symbols: DEFAULT_NAME_SYMBOLS.into() };
    AccountName::parse(b"alice@example.org", &rules).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::copy(text.as_bytes())
}

fn raw(enrolment: &Enrolment) -> Secret {
    Secret::new(data_encoding::BASE32_NOPAD.decode(enrolment.secret.as_bytes()).unwrap())
}

fn code(raw: &Secret, form: TotpForm, now: i64) -> Secret {
    totp::code_at(raw, form, totp::step_at(form, now)).unwrap()
}

fn request(name: &str) -> AppPasswordRequest {
    AppPasswordRequest { name: name.into(), protocols: Protocols::ALL, networks: Vec::new(), expires_at: None }
}

fn error<T>(result: Result<T>) -> AdminError {
    match result {
        Ok(_) => panic!("this should have been refused"),
        Err(error) => error,
    }
}

#[test]
fn an_account_is_made_once_and_is_gone_when_it_was_removed() {
    let mut site = Site::with_alice();
    let again = site.admin().create(&alice(), None, NOW);
    assert_eq!(error(again), AdminError::AccountExists(alice()));
    let first = site.admin().account(&alice()).unwrap().uid;
    site.admin().remove(&alice()).unwrap();
    assert_eq!(error(site.admin().summary(&alice(), NOW)), AdminError::NoAccount(alice()));
    // The same name again is another account.
    site.admin().create(&alice(), None, NOW).unwrap();
    assert_ne!(site.admin().account(&alice()).unwrap().uid, first);
}

#[test]
fn every_change_to_an_account_that_is_not_there_says_so() {
    let mut site = Site::new();
    let mut admin = site.admin();
    let missing = AdminError::NoAccount(alice());
    assert_eq!(error(admin.set_password(&alice(), &secret("correct horse"), false, NOW)), missing);
    assert_eq!(error(admin.set_enabled(&alice(), false, NOW)), missing);
    assert_eq!(error(admin.remove(&alice())), missing);
    assert_eq!(error(admin.begin_enrolment(&alice(), "Phone", NOW)), missing);
    assert_eq!(error(admin.confirm_enrolment(&alice(), &secret("123456"), NOW)), missing);
    assert_eq!(error(admin.end_two_factor(&alice(), NOW)), missing);
    assert_eq!(error(admin.new_recovery_codes(&alice(), NOW)), missing);
    assert_eq!(error(admin.add_app_password(&alice(), &request("Phone"), NOW)), missing);
    assert_eq!(error(admin.app_passwords(&alice())), missing);
    assert_eq!(error(admin.revoke_app_passwords(&alice(), None, NOW)), missing);
    assert_eq!(error(admin.activity(Some(&alice()), 10)), missing);
}

#[test]
fn a_password_that_breaks_the_rules_makes_no_account() {
    let mut site = Site::new();
    let refused = site.admin().create(&alice(), Some(&secret("short")), NOW);
    assert_eq!(error(refused), AdminError::Password(PasswordError::TooShort(10)));
    assert_eq!(error(site.admin().account(&alice())), AdminError::NoAccount(alice()));
}

#[test]
fn an_enrolment_counts_only_after_its_first_code_which_is_used_up() {
    let mut site = Site::with_alice();
    let enrolment = site.admin().begin_enrolment(&alice(), "Phone", NOW).unwrap();
    let (raw, form) = (raw(&enrolment), enrolment.form);
    assert!(!site.admin().account(&alice()).unwrap().two_factor());
    let wrong = code(&raw, form, NOW + 300);
    assert_eq!(error(site.admin().confirm_enrolment(&alice(), &wrong, NOW)), AdminError::WrongCode);
    for shapeless in ["", "12345", "1234567", "12345a"] {
        let refused = site.admin().confirm_enrolment(&alice(), &secret(shapeless), NOW);
        assert_eq!(error(refused), AdminError::CodeShape(6));
    }
    assert!(!site.admin().account(&alice()).unwrap().two_factor());
    let right = code(&raw, form, NOW);
    let shown = right.as_str().unwrap();
    let grouped = secret(&format!("{} {}", &shown[..3], &shown[3..]));
    let confirmed = site.admin().confirm_enrolment(&alice(), &grouped, NOW).unwrap();
    assert_eq!(confirmed.recovery_codes.len(), recovery_code::SET);
    assert!(site.admin().account(&alice()).unwrap().two_factor());
    let used = site.check(Mode::Webmail, None, &format!("correct horse{shown}"), NOW);
    assert_eq!(used.answer, Err(Reason::CodeUsed));
    assert_eq!(error(site.admin().confirm_enrolment(&alice(), &right, NOW)), AdminError::NoEnrolment(alice()));
}

#[test]
fn an_enrolment_that_is_begun_again_forgets_the_secret_before() {
    let mut site = Site::with_alice();
    let first = site.admin().begin_enrolment(&alice(), "Phone", NOW).unwrap();
    site.admin().begin_enrolment(&alice(), "Phone", NOW).unwrap();
    let old = code(&raw(&first), first.form, NOW);
    assert_eq!(error(site.admin().confirm_enrolment(&alice(), &old, NOW)), AdminError::WrongCode);
}

#[test]
fn a_further_authenticator_makes_codes_like_the_first_and_keeps_the_recovery_codes() {
    let mut site = Site::with_alice();
    site.enrol();
    let before = site.admin().account(&alice()).unwrap();
    site.config.totp = TotpForm { algorithm: TotpAlgorithm::Sha256, digits: 8, period: 60 };
    let second = site.admin().begin_enrolment(&alice(), "Tablet", NOW).unwrap();
    assert_eq!(second.form, before.authenticators[0].form);
    let confirmed = site.admin().confirm_enrolment(&alice(), &code(&raw(&second), second.form, NOW), NOW).unwrap();
    assert!(confirmed.recovery_codes.is_empty());
    let summary = site.admin().summary(&alice(), NOW).unwrap();
    assert_eq!((summary.two_factor, summary.recovery_codes), (true, 10));
    // With 2FA off, the next one is made as the site has set by now.
    assert!(site.admin().end_two_factor(&alice(), NOW).unwrap());
    assert!(!site.admin().end_two_factor(&alice(), NOW).unwrap());
    assert_eq!(site.admin().begin_enrolment(&alice(), "Phone", NOW).unwrap().form, site.config.totp);
}

#[test]
fn the_uri_names_issuer_account_and_form_with_everything_else_percent_encoded() {
    let mut site = Site::with_alice();
    site.config.issuer = "Müller & Söhne".into();
    site.config.totp = TotpForm { algorithm: TotpAlgorithm::Sha512, digits: 8, period: 60 };
    let enrolment = site.admin().begin_enrolment(&alice(), "Phone", NOW).unwrap();
    let (uri, secret) = (enrolment.uri.as_str().unwrap(), enrolment.secret.as_str().unwrap());
    let issuer = "M%C3%BCller%20%26%20S%C3%B6hne";
    let expected = format!(
        "otpauth://totp/{issuer}:alice%40example.org?secret={secret}&issuer={issuer}&algorithm=SHA512&digits=8&period=60"
    );
    assert_eq!(uri, expected);
}

#[test]
fn recovery_codes_open_and_a_new_set_ends_the_old_one() {
    let mut site = Site::with_alice();
    assert_eq!(error(site.admin().new_recovery_codes(&alice(), NOW)), AdminError::TwoFactorOff(alice()));
    let (_, old) = site.enrol();
    let presented = |code: &Secret| format!("correct horse{}", code.as_str().unwrap());
    let outcome = site.check(Mode::Webmail, None, &presented(&old[0]), NOW);
    assert!(matches!(outcome.answer.unwrap().claim, Some(Claimable::RecoveryCode(_))));
    let new = site.admin().new_recovery_codes(&alice(), NOW).unwrap();
    assert_eq!(site.check(Mode::Webmail, None, &presented(&old[0]), NOW).answer, Err(Reason::WrongRecoveryCode));
    assert!(site.check(Mode::Webmail, None, &presented(&new[9]), NOW).answer.is_ok());
}

#[test]
fn an_app_password_opens_what_it_was_made_for_until_it_is_revoked_or_expires() {
    let mut site = Site::with_alice();
    let wanted = AppPasswordRequest {
        protocols: [Protocol::Imap].into_iter().collect(),
        networks: vec!["192.0.2.0/24".parse().unwrap()],
        expires_at: Some(NOW + 60),
        ..request("  Phone ")
    };
    let (row, shown) = site.admin().add_app_password(&alice(), &wanted, NOW).unwrap();
    assert_eq!(row.name, "Phone");
    let shown = shown.as_str().unwrap();
    let imap = |site: &mut Site, now| site.check(Mode::Client, Some(Protocol::Imap), shown, now).answer;
    assert!(imap(&mut site, NOW).is_ok());
    assert_eq!(imap(&mut site, NOW + 60), Err(Reason::AppPasswordExpired));
    let smtp = site.check(Mode::Client, Some(Protocol::Smtp), shown, NOW);
    assert_eq!((smtp.answer, smtp.method), (Err(Reason::ProtocolNotAllowed), Method::AppPassword));
    assert_eq!(site.admin().revoke_app_passwords(&alice(), Some(row.id), NOW).unwrap(), [row.id]);
    assert_eq!(imap(&mut site, NOW), Err(Reason::AppPasswordRevoked));
    let again = site.admin().revoke_app_passwords(&alice(), Some(row.id), NOW);
    assert_eq!(error(again), AdminError::NoAppPassword(alice(), row.id));
    assert_eq!(site.admin().revoke_app_passwords(&alice(), None, NOW).unwrap(), []);
}

#[test]
fn an_app_password_that_could_open_nothing_or_not_be_listed_is_not_made() {
    let mut site = Site::with_alice();
    let mut refused = |wanted: AppPasswordRequest| error(site.admin().add_app_password(&alice(), &wanted, NOW));
    assert_eq!(refused(request("  ")), AdminError::Name(NameFault::Empty));
    assert_eq!(refused(request(&"ä".repeat(65))), AdminError::Name(NameFault::TooLong));
    for unprintable in ["a\nb", "a\u{1b}[31mb", "a\u{202e}b", "a\u{2028}b"] {
        assert_eq!(refused(request(unprintable)), AdminError::Name(NameFault::Unprintable));
    }
    let nowhere = AppPasswordRequest { protocols: Protocols::from_bits(0), ..request("Phone") };
    assert_eq!(refused(nowhere), AdminError::NoProtocol);
    let past = AppPasswordRequest { expires_at: Some(NOW), ..request("Phone") };
    assert_eq!(refused(past), AdminError::ExpiryPast);
    assert!(site.admin().add_app_password(&alice(), &request(&"ä".repeat(64)), NOW).is_ok());
    assert_eq!(site.admin().app_passwords(&alice()).unwrap().len(), 1);
}

#[test]
fn every_change_is_in_the_activity_list_with_the_door_it_came_through() {
    let mut site = Site::with_alice();
    site.admin().set_enabled(&alice(), false, NOW + 1).unwrap();
    assert!(!site.admin().set_enabled(&alice(), false, NOW + 1).unwrap());
    site.admin().set_enabled(&alice(), true, NOW + 2).unwrap();
    site.admin().set_password(&alice(), &secret("another horse"), false, NOW + 3).unwrap();
    let (made, _) = site.admin().add_app_password(&alice(), &request("Phone"), NOW + 4).unwrap();
    site.admin().revoke_app_passwords(&alice(), None, NOW + 5).unwrap();
    assert_eq!(
        site.events(),
        [
            "app_password_revoked",
            "app_password_created",
            "password_changed",
            "account_enabled",
            "account_disabled",
            "account_created"
        ]
    );
    site.admin().begin_enrolment(&alice(), "Phone", NOW + 6).unwrap();
    let entries = site.admin().activity(None, 3).unwrap();
    assert_eq!(entries.len(), 3);
    assert_eq!(entries[1].activity.credential, made.id.as_str());
    assert!(entries.iter().all(|entry| entry.activity.mode == "command"));
    let known = Event::ALL.map(Event::as_str);
    assert!(known.is_sorted() && site.events().iter().all(|event| known.contains(&event.as_str())));
}

/// Opens a session of alice's at `now`.
fn open_session(site: &mut Site, number: u8, now: i64) -> SessionDigest {
    let account = site.admin().account(&alice()).unwrap();
    let digest = SessionDigest([number; 32]);
    let (kind, opening) = (SessionKind::Exchange, Some([0; 16]));
    let new =
        NewSession { digest, kind, opening, method: "password", from: "127.0.0.1", protocol: "", confirmed: true };
    let throttle = ThrottleKeys { subject: [0; 16], network: String::new() };
    let holder = Holder::Account { uid: account.uid, version: account.version };
    let claim = Claim { holder, what: None, session: Some(&new), throttle: &throttle, now };
    assert_eq!(site.store.claim(&claim).unwrap(), Claimed::Yes);
    digest
}

#[test]
fn sessions_are_listed_while_they_live_and_revoked_one_by_one_or_all() {
    let mut site = Site::with_alice();
    let limits = site.config.policy.session_limits;
    let expired = open_session(&mut site, 1, NOW - limits.idle);
    let [first, second, third] = [2, 3, 4].map(|number| open_session(&mut site, number, NOW - 60 + i64::from(number)));
    let ids = |site: &mut Site| {
        let sessions = site.admin().sessions(&alice(), NOW).unwrap();
        sessions.iter().map(|session| session.digest).collect::<Vec<_>>()
    };
    assert_eq!(ids(&mut site), [third, second, first]);
    assert_eq!(site.admin().revoke_sessions(&alice(), Some(second.id()), NOW).unwrap(), [second.id()]);
    assert_eq!(ids(&mut site), [third, first]);
    let again = site.admin().revoke_sessions(&alice(), Some(second.id()), NOW);
    assert_eq!(error(again), AdminError::NoSession(alice(), second.id()));
    assert_eq!(site.admin().revoke_sessions(&alice(), None, NOW).unwrap(), [expired.id(), first.id(), third.id()]);
    assert!(ids(&mut site).is_empty());
    assert!(site.admin().revoke_sessions(&alice(), None, NOW).unwrap().is_empty());
    // One that had expired does not come back with longer limits.
    site.config.policy.session_limits.idle *= 10;
    assert!(ids(&mut site).is_empty());
    assert_eq!(site.events()[..4], ["session_revoked"; 4]);
    let nobody = site.admin().sessions(&AccountName::from_store("nobody@example.org".into()), NOW);
    assert!(matches!(error(nobody), AdminError::NoAccount(_)));
}

#[test]
fn a_check_changes_nothing() {
    let mut site = Site::with_alice();
    let (raw, _) = site.enrol();
    let (_, shown) = site.admin().add_app_password(&alice(), &request("Phone"), NOW).unwrap();
    let before = (site.events(), site.admin().account(&alice()).unwrap().version);
    let form = site.config.totp;
    let fresh = code(&raw, form, NOW + 30);
    let presented = format!("correct horse{}", fresh.as_str().unwrap());
    for _ in 0..3 {
        // The code is not used up, and the last use of the app password not written.
        assert!(site.check(Mode::Webmail, None, &presented, NOW + 30).answer.is_ok());
        assert!(site.check(Mode::Client, Some(Protocol::Imap), shown.as_str().unwrap(), NOW).answer.is_ok());
    }
    for _ in 0..50 {
        // Nor are failures counted: the next right password is not refused as throttled.
        let wrong = site.check(Mode::Webmail, None, "wrong password000000", NOW);
        assert_eq!(wrong.answer, Err(Reason::WrongPassword));
    }
    assert!(site.check(Mode::Webmail, None, &presented, NOW + 30).answer.is_ok());
    assert!(site.admin().app_passwords(&alice()).unwrap()[0].last_use.is_none());
    assert_eq!((site.events(), site.admin().account(&alice()).unwrap().version), before);
}

#[test]
fn a_check_is_throttled_where_a_login_would_be() {
    let mut site = Site::with_alice();
    let rules = site.config.policy.throttle;
    let throttle =
        ThrottleKeys { subject: site.keys.digest("subject", &[b"alice@example.org"]), network: "192.0.2.7".into() };
    for number in 0..rules.password_failures {
        let charge = Charge {
            throttle: &throttle,
            fault: Fault::Password,
            digest: [number as u8; 16],
            remember: 60,
            durable: false,
            now: NOW,
            next: &|kind, counter| rules.after_failure(kind, counter, NOW),
        };
        assert!(site.store.charge(&charge).unwrap());
    }
    let mut answer = |mode, now| site.check(mode, Some(Protocol::Imap), "correct horse", now).answer;
    assert_eq!(answer(Mode::Client, NOW), Err(Reason::Throttled));
    // Another network is not concerned, and a webmail's address is everybody's.
    assert!(answer(Mode::Webmail, NOW).is_ok());
    assert!(answer(Mode::Client, NOW + i64::from(rules.password_pause)).is_ok());
}

#[test]
fn a_check_sees_webmail_hosts_and_trusts_a_stacked_module() {
    let mut site = Site::with_alice();
    site.config.webmail_hosts = vec!["192.0.2.7/32".parse().unwrap()];
    let imap = site.check(Mode::Client, Some(Protocol::Imap), "correct horse", NOW);
    assert_eq!(imap.mode, Mode::Webmail);
    assert_eq!(site.check(Mode::Client, Some(Protocol::Pop3), "correct horse", NOW).mode, Mode::Client);
    assert_eq!(site.check(Mode::Panel, Some(Protocol::Imap), "correct horse", NOW).mode, Mode::Panel);
    let stacked = CheckRequest {
        name: &alice(),
        mode: Mode::Client,
        protocol: Some(Protocol::Pop3),
        remote: None,
        primary: PrimarySource::Stack { reject_unknown: false },
        credential: secret("whatever pam_unix takes"),
    };
    let outcome = site.admin().check(stacked, NOW).unwrap();
    assert!(outcome.answer.is_ok() && outcome.stack_decides);
}

#[test]
fn a_check_reads_what_the_module_would_not_look_at_as_the_module_does() {
    let mut site = Site::with_alice();
    let mut answer = |presented: &str| site.check(Mode::Client, Some(Protocol::Imap), presented, NOW).answer;
    assert_eq!(answer(""), Err(Reason::EmptyCredential));
    assert_eq!(answer(&"x".repeat(2000)), Err(Reason::CredentialTooLong));
    assert_eq!(answer("mkopen:x"), Err(Reason::SessionNotAllowedHere));
    let opening = format!("mkopen:mks-{:052}::correct horse", 1);
    assert_eq!(answer(&opening), Err(Reason::SessionNotAllowedHere));
    let outcome = site.check(Mode::Webmail, None, &opening, NOW);
    assert!(matches!(outcome.answer.unwrap().session, Some(SessionChange::Open(..))));
    assert!(site.admin().sessions(&alice(), NOW).unwrap().is_empty());
}

#[test]
fn two_factor_is_required_from_the_first_second_of_its_date_on() {
    use crate::account::{Requirement, Requirements};
    let mut site = Site::new();
    let policy = site.admin().config().policy.clone();
    let set = Requirements { account: Some(Requirement::From(NOW)), ..Requirements::default() };
    assert_eq!(policy.two_factor_at(&set, NOW - 1), Requirement::From(NOW));
    assert_eq!(policy.two_factor_at(&set, NOW), Requirement::Now);
}
