//! What the panel does for the owner of an account.

use super::*;
use crate::credential::panel_cookie;
use crate::panel_session::PanelSessions;
use crate::session::{Life, SessionLimits};

const LIMITS: SessionLimits = SessionLimits { idle: 900, absolute: 43_200 };
const HOME: &str = "192.0.2.7";

fn home() -> Option<IpAddr> {
    Some(HOME.parse().unwrap())
}

impl Site {
    /// The panel, for a visitor at home.
    pub(super) fn panel(&mut self) -> Admin<'_> {
        Admin::new(&mut self.store, &self.keys, &self.config, Via::Panel).with_remote(home())
    }

    fn version(&mut self) -> i64 {
        self.admin().account(&alice()).unwrap().version
    }

    fn try_to_sign_in(&mut self, version: i64, now: i64) -> Result<SessionDigest> {
        let account = self.admin().account(&alice())?.uid;
        let agent = "Firefox on Linux";
        let sign_in = PanelSignIn { account, version, method: Method::Totp, agent, limits: LIMITS, goes_on: None };
        let cookie = self.panel().open_panel_session(&alice(), &sign_in, now)?;
        Ok(panel_cookie::read(cookie.as_bytes()).unwrap())
    }

    fn sign_in(&mut self, now: i64) -> SessionDigest {
        let version = self.version();
        self.try_to_sign_in(version, now).unwrap()
    }

    fn is_signed_in(&mut self, cookie: SessionDigest, now: i64) -> bool {
        self.panel().panel_session(cookie, &LIMITS, now).unwrap().is_some()
    }

    fn verify(&mut self, typed: &str, now: i64) -> std::result::Result<Method, Reason> {
        self.panel().verify_code(&alice(), &secret(typed), now).unwrap()
    }

    pub(super) fn newest(&mut self) -> crate::store::Activity {
        self.admin().activity(Some(&alice()), 1).unwrap().remove(0).activity
    }
}

/// A code that this authenticator does not make around `now`.
fn wrong_code(raw: &Secret, form: TotpForm, now: i64) -> String {
    let near: Vec<_> = (-2..=2).map(|step| code(raw, form, now + 30 * step)).collect();
    let wrong = (0..).map(|number| format!("{number:06}"));
    wrong.into_iter().find(|wrong| near.iter().all(|code| code.as_bytes() != wrong.as_bytes())).unwrap()
}

#[test]
fn a_cookie_opens_its_session_until_it_expires_and_its_use_is_noted() {
    let mut site = Site::with_alice();
    let cookie = site.sign_in(NOW);
    let elsewhere = Some("2001:db8::1".parse().unwrap());
    let mut used = |now| {
        let mut admin = Admin::new(&mut site.store, &site.keys, &site.config, Via::Panel).with_remote(elsewhere);
        admin.panel_session(cookie, &LIMITS, now).unwrap()
    };
    let found = used(NOW + 59).unwrap();
    assert_eq!((&found.name, found.session.used_at, found.session.used_from.as_str()), (&alice(), NOW, HOME));
    assert!(used(NOW + 899).is_some());
    let found = used(NOW + 900).unwrap();
    assert_eq!((found.session.used_at, found.session.used_from.as_str()), (NOW + 899, "2001:db8::1"));
    assert!(used(NOW + 899 + 899).is_some());
    assert!(used(NOW + 899 + 899 + 900).is_none());
    assert!(site.panel().panel_session(SessionDigest([1; 32]), &LIMITS, NOW).unwrap().is_none());
}

#[test]
fn an_expired_session_is_not_kept_alive_by_being_presented() {
    let mut site = Site::with_alice();
    let cookie = site.sign_in(NOW);
    assert!(!site.is_signed_in(cookie, NOW + 900));
    assert!(!site.is_signed_in(cookie, NOW + 901));
    assert_eq!(site.panel().panel_sessions(&alice(), None, NOW + 899).unwrap()[0].used_at, NOW);
    assert!(site.panel().panel_sessions(&alice(), None, NOW + 900).unwrap().is_empty());
    let shorter = SessionLimits { idle: 60, ..LIMITS };
    assert!(site.panel().panel_sessions(&alice(), Some(&shorter), NOW + 60).unwrap().is_empty());
}

#[test]
fn a_session_opens_in_the_version_that_the_password_was_checked_in_and_in_no_other() {
    let mut site = Site::with_alice();
    let before = site.version();
    site.admin().set_enabled(&alice(), false, NOW).unwrap();
    let now = site.version();
    // Disabled, in the old version and in this one.
    for version in [before, now] {
        assert_eq!(error(site.try_to_sign_in(version, NOW)), AdminError::Changed(alice()));
    }
    site.admin().set_enabled(&alice(), true, NOW).unwrap();
    assert_eq!(error(site.try_to_sign_in(now, NOW)), AdminError::Changed(alice()));
    site.try_to_sign_in(now + 1, NOW).unwrap();
}

#[test]
fn a_session_that_takes_the_place_of_another_is_as_old_and_as_long_proved() {
    let mut site = Site::with_alice();
    let (account, version) = (site.admin().account(&alice()).unwrap().uid, site.version());
    let mut go_on = |proved_at| {
        let goes_on = Some(GoesOn { opened_at: NOW, proved_at });
        let sign_in = PanelSignIn { account, version, method: Method::Totp, agent: "", limits: LIMITS, goes_on };
        let cookie = site.panel().open_panel_session(&alice(), &sign_in, NOW + 600).unwrap();
        let digest = panel_cookie::read(cookie.as_bytes()).unwrap();
        site.panel().panel_session(digest, &LIMITS, NOW + 600).unwrap().unwrap().session
    };
    let kept = go_on(Some(NOW + 5));
    assert_eq!((kept.opened_at, kept.proved_at, kept.used_at), (NOW, NOW + 5, NOW + 600));
    assert_eq!(kept.life(&LIMITS, NOW + LIMITS.absolute), Life::Expired);
    let shown = go_on(None);
    assert_eq!((shown.opened_at, shown.proved_at), (NOW, NOW + 600));
}

#[test]
fn what_a_browser_says_about_itself_is_kept_short_and_printable() {
    let mut site = Site::with_alice();
    let (account, version) = (site.admin().account(&alice()).unwrap().uid, site.version());
    let agent = format!("\u{202e}Fire\nfox\0{}", "x".repeat(500));
    let method = Method::Password;
    let sign_in = PanelSignIn { account, version, method, agent: &agent, limits: LIMITS, goes_on: None };
    site.panel().open_panel_session(&alice(), &sign_in, NOW).unwrap();
    let session = site.panel().panel_sessions(&alice(), None, NOW).unwrap().remove(0);
    assert_eq!(session.agent, format!("Firefox{}", "x".repeat(57)));
    assert_eq!((session.method.as_str(), session.opened_from.as_str()), ("password", HOME));
}

#[test]
fn a_step_up_changes_the_cookie_and_the_old_one_opens_nothing() {
    let mut site = Site::with_alice();
    let old = site.sign_in(NOW);
    let account = site.admin().account(&alice()).unwrap().uid;
    let value = site.panel().prove_panel_session(account, old, NOW + 600).unwrap().unwrap();
    let new = panel_cookie::read(value.as_bytes()).unwrap();
    assert!(!site.is_signed_in(old, NOW + 600));
    let found = site.panel().panel_session(new, &LIMITS, NOW + 600).unwrap().unwrap();
    assert!(found.session.is_proved(300, NOW + 600 + 299) && !found.session.is_proved(300, NOW + 600 + 300));
    assert!(site.panel().prove_panel_session(account, old, NOW + 601).unwrap().is_none());
    let stranger = crate::account::AccountUid([9; 16]);
    assert!(site.panel().prove_panel_session(stranger, new, NOW + 601).unwrap().is_none());
}

#[test]
fn sessions_are_ended_by_id_all_but_ones_own_or_by_signing_out() {
    let mut site = Site::with_alice();
    let [own, first, second, third] = [0, 1, 2, 3].map(|seconds| site.sign_in(NOW + seconds));
    site.panel().end_panel_session(&alice(), first.id(), NOW).unwrap();
    assert_eq!(site.newest().credential, first.id().as_str());
    let again = site.panel().end_panel_session(&alice(), first.id(), NOW);
    assert_eq!(error(again), AdminError::NoSession(alice(), first.id()));
    let mut ended = site.panel().end_panel_sessions(&alice(), PanelSessions::AllBut(own), NOW + 4).unwrap();
    ended.sort();
    let mut others = [second.id(), third.id()];
    others.sort();
    assert_eq!(ended, others);
    assert!(site.is_signed_in(own, NOW + 4) && !site.is_signed_in(second, NOW + 4));
    assert!(site.panel().close_panel_session(&alice(), own, NOW + 5).unwrap());
    assert!(!site.panel().close_panel_session(&alice(), own, NOW + 5).unwrap());
    assert!(!site.is_signed_in(own, NOW + 5));
    assert_eq!(site.events()[..4], ["session_closed", "session_revoked", "session_revoked", "session_revoked"]);
    // Another account's sessions have no id here.
    let bob = AccountName::from_store("bob@example.org".into());
    site.admin().create(&bob, None, NOW).unwrap();
    let cookie = site.sign_in(NOW + 6);
    assert!(site.panel().end_panel_session(&bob, cookie.id(), NOW).is_err());
    assert!(!site.panel().close_panel_session(&bob, cookie, NOW).unwrap());
    assert!(site.is_signed_in(cookie, NOW + 6));
}

#[test]
fn whoever_ends_his_own_session_by_a_change_opens_the_next_with_the_version_after_it() {
    let mut site = Site::with_alice();
    type Change<'a> = &'a dyn Fn(&mut Site);
    let changes: [(&str, Change<'_>); 6] = [
        ("on", &|site| drop(site.enrol())),
        ("another authenticator", &|site| {
            let enrolment = site.panel().begin_enrolment(&alice(), "Tablet", NOW).unwrap();
            let code = code(&raw(&enrolment), enrolment.form, NOW);
            site.panel().confirm_enrolment(&alice(), &code, NOW).unwrap();
        }),
        ("one removed", &|site| site.panel().remove_authenticator(&alice(), 1, NOW).unwrap()),
        ("new recovery codes", &|site| drop(site.panel().new_recovery_codes(&alice(), NOW).unwrap())),
        ("password", &|site| {
            let version = site.version();
            site.panel().change_password(&alice(), &secret("another horse"), version, true, NOW).unwrap();
        }),
        ("off", &|site| assert!(site.panel().end_two_factor(&alice(), NOW).unwrap())),
    ];
    for (what, change) in changes {
        let (cookie, before) = (site.sign_in(NOW), site.version());
        change(&mut site);
        assert!(!site.is_signed_in(cookie, NOW), "{what}");
        assert!(site.try_to_sign_in(before, NOW).is_err(), "{what}");
        site.try_to_sign_in(before + 1, NOW).unwrap();
    }
}

#[test]
fn a_change_by_somebody_whose_session_has_ended_is_refused() {
    let mut site = Site::with_alice();
    site.enrol();
    let stale = site.version() - 1;
    let uid = site.admin().account(&alice()).unwrap().uid;
    let changed = AdminError::Changed(alice());
    let mut panel = Admin::new(&mut site.store, &site.keys, &site.config, Via::Panel).expecting(uid, stale);
    assert_eq!(error(panel.begin_enrolment(&alice(), "Phone", NOW)), changed);
    assert_eq!(error(panel.end_two_factor(&alice(), NOW)), changed);
    assert_eq!(error(panel.remove_authenticator(&alice(), 1, NOW)), changed);
    assert_eq!(error(panel.new_recovery_codes(&alice(), NOW)), changed);
    assert_eq!(error(panel.add_app_password(&alice(), &request("Phone"), NOW)), changed);
    assert_eq!(error(panel.change_password(&alice(), &secret("another horse"), stale, false, NOW)), changed);
    assert_eq!(panel.verify_code(&alice(), &secret("123456"), NOW), Ok(Err(Reason::AccountChanged)));
    let mut panel = Admin::new(&mut site.store, &site.keys, &site.config, Via::Panel).expecting(uid, stale + 1);
    panel.add_app_password(&alice(), &request("Phone"), NOW).unwrap();
    // Another account may have the same name and version.
    let other = AccountUid([0; 16]);
    let mut panel = Admin::new(&mut site.store, &site.keys, &site.config, Via::Panel).expecting(other, stale + 1);
    assert_eq!(error(panel.end_two_factor(&alice(), NOW)), changed);
}

#[test]
fn a_code_is_verified_once_in_any_spelling_and_noted_with_the_address() {
    let mut site = Site::with_alice();
    let (raw, recovery) = site.enrol();
    let form = site.config.totp;
    let fresh = code(&raw, form, NOW + 30);
    let fresh = fresh.as_str().unwrap();
    let spaced = format!(" {} {} ", &fresh[..3], &fresh[3..]);
    assert_eq!(site.verify(&spaced, NOW + 30), Ok(Method::Totp));
    let noted = site.newest();
    assert_eq!((noted.event.as_str(), noted.method.as_str(), noted.mode.as_str()), ("code_verified", "totp", "panel"));
    assert_eq!((noted.address.as_str(), noted.reason.as_str()), (HOME, ""));
    assert_eq!(site.verify(fresh, NOW + 30), Err(Reason::CodeUsed));
    // A sign-in does not take it either.
    let whole = format!("correct horse{fresh}");
    assert_eq!(site.check(Mode::Panel, None, &whole, NOW + 30).answer, Err(Reason::CodeUsed));
    let shown = recovery[3].as_str().unwrap();
    assert_eq!(site.verify(&shown.replace('-', " ").to_uppercase(), NOW + 40), Ok(Method::RecoveryCode));
    assert_eq!((site.newest().credential.as_str(), site.newest().codes_left), (&shown[..2], Some(9)));
    assert_eq!(site.verify(shown, NOW + 41), Err(Reason::RecoveryCodeUsed));
    assert_eq!((site.newest().event.as_str(), site.newest().reason.as_str()), ("refused", "recovery_code_used"));
    assert_eq!(site.verify("", NOW + 42), Err(Reason::CodeRequired));
    assert_eq!(site.verify("no code at all", NOW + 43), Err(Reason::WrongCode));
    assert_eq!(site.verify("ab2c-de3f-gh4j", NOW + 44), Err(Reason::WrongRecoveryCode));
}

#[test]
fn wrong_codes_pause_the_next_ones_and_the_sign_in_from_there_and_are_not_told_from_right_ones() {
    let mut site = Site::with_alice();
    let (raw, _) = site.enrol();
    let form = site.config.totp;
    let now = NOW + 60;
    let right = code(&raw, form, now);
    let right = right.as_str().unwrap();
    let wrong = wrong_code(&raw, form, now);
    for _ in 0..50 {
        // The same again counts once.
        assert_eq!(site.verify(&wrong, now), Err(Reason::WrongCode));
    }
    for failure in 1..5 {
        let time = now + 300 * failure;
        let wrong = wrong_code(&raw, form, time);
        assert_eq!(site.verify(&wrong, time), Err(Reason::WrongCode), "{failure}");
    }
    let paused = now + 1200;
    let right_then = code(&raw, form, paused);
    let right_then = right_then.as_str().unwrap();
    assert_eq!(site.verify(right_then, paused), Err(Reason::Throttled));
    // Nor is a wrong one looked at.
    let wrong_then = wrong_code(&raw, form, paused);
    assert_eq!(site.verify(&wrong_then, paused), Err(Reason::Throttled));
    assert_eq!((site.newest().reason.as_str(), site.newest().method.as_str()), ("throttled", "none"));
    let whole = format!("correct horse{right_then}");
    assert_eq!(site.check(Mode::Panel, None, &whole, paused).answer, Err(Reason::Throttled));
    // From elsewhere the owner gets on.
    let mut elsewhere = Admin::new(&mut site.store, &site.keys, &site.config, Via::Panel);
    elsewhere = elsewhere.with_remote(Some("203.0.113.9".parse().unwrap()));
    assert_eq!(elsewhere.verify_code(&alice(), &secret(right_then), paused), Ok(Ok(Method::Totp)));
    let later = paused + 30;
    let right_later = code(&raw, form, later);
    assert_eq!(site.verify(right_later.as_str().unwrap(), later), Ok(Method::Totp));
    assert_eq!(site.verify(right, later), Err(Reason::WrongCode));
}

/// A database with alice, who has 2FA on; returns her secret and recovery codes.
fn database(path: &std::path::Path, site: &Site) -> (Secret, Vec<Secret>) {
    crate::store::SqliteStore::create_or_migrate(path).unwrap();
    let mut store = crate::store::open(path, std::time::Duration::from_secs(10)).unwrap();
    let mut admin = Admin::new(&mut *store, &site.keys, &site.config, Via::Panel);
    admin.create(&alice(), None, NOW).unwrap();
    let enrolment = admin.begin_enrolment(&alice(), "Phone", NOW).unwrap();
    let raw = raw(&enrolment);
    let confirmed = admin.confirm_enrolment(&alice(), &code(&raw, enrolment.form, NOW), NOW).unwrap();
    (raw, confirmed.recovery_codes)
}

#[test]
fn of_many_who_show_one_code_at_once_one_has_shown_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mailkey.db");
    let site = Site::new();
    let (raw, recovery) = database(&path, &site);
    let fresh = code(&raw, site.config.totp, NOW + 30);
    for (typed, used) in [(&fresh, Reason::CodeUsed), (&recovery[0], Reason::RecoveryCodeUsed)] {
        const ALL: usize = 16;
        let (path, site, start) = (&path, &site, &std::sync::Barrier::new(ALL));
        let answers: Vec<_> = std::thread::scope(|scope| {
            let attempt = || {
                let mut store = crate::store::open(path, std::time::Duration::from_secs(10)).unwrap();
                start.wait();
                let mut admin = Admin::new(&mut *store, &site.keys, &site.config, Via::Panel);
                admin.verify_code(&alice(), typed, NOW + 30).unwrap()
            };
            let threads: Vec<_> = (0..ALL).map(|_| scope.spawn(attempt)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|answer| **answer == Err(used)).count(), ALL - 1, "{answers:?}");
    }
}

#[test]
fn a_wrong_code_that_cannot_be_counted_is_no_answer() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mailkey.db");
    let site = Site::new();
    let (raw, _) = database(&path, &site);
    let form = site.config.totp;
    let mut store = crate::store::open(&path, std::time::Duration::from_millis(10)).unwrap();
    let mut admin = Admin::new(&mut *store, &site.keys, &site.config, Via::Panel);
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut verify = |typed: &str| admin.verify_code(&alice(), &secret(typed), NOW + 60);
    assert!(matches!(verify(&wrong_code(&raw, form, NOW + 60)), Err(AdminError::Unavailable(_))));
    let right = code(&raw, form, NOW + 60);
    assert!(matches!(verify(right.as_str().unwrap()), Err(AdminError::Unavailable(_))));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(verify(right.as_str().unwrap()), Ok(Ok(Method::Totp)));
}

#[test]
fn who_has_no_second_factor_or_no_open_account_proves_nothing() {
    let mut site = Site::with_alice();
    assert_eq!(site.verify("123456", NOW), Err(Reason::EnrolmentRequired));
    let (raw, _) = site.enrol();
    site.admin().set_enabled(&alice(), false, NOW).unwrap();
    let fresh = code(&raw, site.config.totp, NOW + 30);
    assert_eq!(site.verify(fresh.as_str().unwrap(), NOW + 30), Err(Reason::AccountDisabled));
    site.admin().remove(&alice()).unwrap();
    assert_eq!(site.verify("123456", NOW), Err(Reason::UnknownAccount));
}

#[test]
fn a_pending_enrolment_is_shown_again_as_it_was_until_it_is_cancelled_or_confirmed() {
    let mut site = Site::with_alice();
    assert!(site.panel().pending_enrolment(&alice()).unwrap().is_none());
    let begun = site.panel().begin_enrolment(&alice(), " Phone ", NOW).unwrap();
    let again = site.panel().pending_enrolment(&alice()).unwrap().unwrap();
    assert!(again.secret == begun.secret && again.uri == begun.uri && again.form == begun.form);
    assert_eq!((again.label.as_str(), begun.label.as_str()), ("Phone", "Phone"));
    assert!(site.panel().cancel_enrolment(&alice()).unwrap());
    assert!(!site.panel().cancel_enrolment(&alice()).unwrap());
    assert!(site.panel().pending_enrolment(&alice()).unwrap().is_none());
    let code = code(&raw(&begun), begun.form, NOW);
    assert_eq!(error(site.panel().confirm_enrolment(&alice(), &code, NOW)), AdminError::NoEnrolment(alice()));
    site.enrol();
    assert!(site.panel().pending_enrolment(&alice()).unwrap().is_none());
}

#[test]
fn an_authenticator_is_removed_while_another_one_stays() {
    let mut site = Site::with_alice();
    site.enrol();
    let last = site.panel().remove_authenticator(&alice(), 1, NOW);
    assert_eq!(error(last), AdminError::LastAuthenticator(alice()));
    let second = site.panel().begin_enrolment(&alice(), "Tablet", NOW).unwrap();
    let pending = site.panel().remove_authenticator(&alice(), 2, NOW);
    assert_eq!(error(pending), AdminError::NoAuthenticator(alice(), 2));
    let first_code = code(&raw(&second), second.form, NOW);
    site.panel().confirm_enrolment(&alice(), &first_code, NOW).unwrap();
    site.panel().remove_authenticator(&alice(), 1, NOW + 1).unwrap();
    assert_eq!((site.newest().event.as_str(), site.newest().address.as_str()), ("authenticator_removed", HOME));
    let account = site.admin().account(&alice()).unwrap();
    assert!(account.two_factor() && account.authenticators[0].id == 2);
}

#[test]
fn a_new_password_is_another_one_and_may_take_every_app_password_with_it() {
    let mut site = Site::with_alice();
    let (phone, _) = site.admin().add_app_password(&alice(), &request("Phone"), NOW).unwrap();
    let mut change = |new: &str, version, revoke| {
        let changed = site.panel().change_password(&alice(), &secret(new), version, revoke, NOW);
        (changed, site.version())
    };
    let refused = |reason| Err(AdminError::Password(reason));
    assert_eq!(change("correct horse", 1, true), (refused(PasswordError::Unchanged), 1));
    assert_eq!(change("short", 1, true), (refused(PasswordError::TooShort(10)), 1));
    assert_eq!(change("another horse", 2, true), (Err(AdminError::Changed(alice())), 1));
    assert_eq!(change("another horse", 1, false), (Ok(vec![]), 2));
    assert_eq!(change("a third horse", 2, true), (Ok(vec![phone.id]), 3));
    let check = |site: &mut Site, presented: &str| site.check(Mode::Panel, None, presented, NOW).answer;
    assert!(check(&mut site, "a third horse").is_ok() && check(&mut site, "another horse").is_err());
    assert_eq!(site.events()[..2], ["app_password_revoked", "password_changed"]);
    // Kept elsewhere, there is none to be changed here.
    let bob = AccountName::from_store("bob@example.org".into());
    site.admin().create(&bob, None, NOW).unwrap();
    let elsewhere = site.panel().change_password(&bob, &secret("another horse"), 1, false, NOW);
    assert_eq!(error(elsewhere), AdminError::PasswordElsewhere(bob));
}

#[test]
fn a_name_that_another_module_vouches_for_gets_a_record_once() {
    let mut site = Site::new();
    // A list of recipients that cannot follow does not keep anybody out.
    site.config.recipients = Some("/nonexistent/recipients.db".into());
    let adopted = site.panel().adopt(&alice(), NOW).unwrap();
    assert!(adopted.enabled && adopted.password.is_none() && !adopted.two_factor());
    assert_eq!(site.panel().adopt(&alice(), NOW + 1).unwrap().uid, adopted.uid);
    assert_eq!(site.admin().account(&alice()).unwrap().created_at, NOW);
    let noted = site.newest();
    assert_eq!((noted.event.as_str(), noted.mode.as_str(), noted.address.as_str()), ("account_created", "panel", HOME));
}
