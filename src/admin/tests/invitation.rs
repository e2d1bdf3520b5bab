//! Invitations to turn 2FA on.

use super::*;
use crate::config::EnrolmentRule;
use crate::credential::invitation::InvitationCode;
use crate::invitation::{InvitationDigest, InvitationFault};
use crate::store::{Reset, Revoke};

const DAY: i64 = 86_400;

impl Site {
    /// With alice, where nobody turns 2FA on without an invitation.
    fn by_invitation() -> Self {
        let mut site = Self::with_alice();
        site.config.enrolment = EnrolmentRule::Invited;
        site
    }

    fn invite(&mut self) -> Secret {
        self.admin().invite(&alice(), NOW + DAY, NOW).unwrap()
    }

    /// What is said of an invitation that is typed at home.
    fn look_at(&mut self, typed: &str, now: i64) -> std::result::Result<InvitationDigest, InvitationFault> {
        fault(self.panel().check_invitation(&alice(), &secret(typed), now))
    }

    fn begin(&mut self, shown: Option<InvitationDigest>) -> std::result::Result<Enrolment, InvitationFault> {
        fault(self.panel().begin_enrolment_with(&alice(), "Phone", shown, NOW))
    }

    fn confirm(
        &mut self,
        enrolment: &Enrolment,
        shown: Option<InvitationDigest>,
    ) -> std::result::Result<Confirmation, InvitationFault> {
        let code = code(&raw(enrolment), enrolment.form, NOW);
        fault(self.panel().confirm_enrolment_with(&alice(), &code, shown, NOW))
    }

    fn is_on(&mut self) -> bool {
        self.admin().account(&alice()).unwrap().two_factor()
    }
}

fn fault<T>(answer: Result<T>) -> std::result::Result<T, InvitationFault> {
    match answer {
        Ok(done) => Ok(done),
        Err(AdminError::Invitation(name, fault)) if name == alice() => Err(fault),
        Err(other) => panic!("{other}"),
    }
}

/// Another invitation each time.
fn guess() -> String {
    InvitationCode::generate().unwrap().shown().as_str().unwrap().into()
}

#[test]
fn with_an_invitation_its_owner_turns_two_factor_on_once() {
    let mut site = Site::by_invitation();
    assert!(site.panel().needs_invitation(&alice(), NOW).unwrap());
    let code = site.invite();
    let typed = code.as_str().unwrap().to_lowercase().replace('-', " ");
    let shown = site.look_at(&typed, NOW).unwrap();
    assert!(site.look_at(&typed, NOW).is_ok(), "looking uses nothing up");
    let enrolment = site.begin(Some(shown)).unwrap();
    assert_eq!(site.confirm(&enrolment, Some(shown)).unwrap().recovery_codes.len(), recovery_code::SET);
    assert!(site.is_on() && site.admin().invitation(&alice()).unwrap().is_none());
    // A second authenticator needs none.
    assert!(!site.panel().needs_invitation(&alice(), NOW).unwrap());
    let second = site.begin(None).unwrap();
    assert!(site.confirm(&second, None).unwrap().recovery_codes.is_empty());
    // Nor does it turn anything on again.
    site.admin().end_two_factor(&alice(), NOW).unwrap();
    assert!(site.panel().needs_invitation(&alice(), NOW).unwrap());
    assert_eq!(site.look_at(&typed, NOW), Err(InvitationFault::Wrong));
    assert_eq!(site.begin(Some(shown)).err(), Some(InvitationFault::Wrong));
}

#[test]
fn without_one_who_has_the_password_begins_and_confirms_nothing_and_the_administrator_both() {
    let mut site = Site::by_invitation();
    assert_eq!(site.begin(None).err(), Some(InvitationFault::Missing));
    // One that was begun while everybody could, or by the administrator, confirms nothing here either.
    let enrolment = site.admin().begin_enrolment(&alice(), "Phone", NOW).unwrap();
    assert_eq!(site.confirm(&enrolment, None).err(), Some(InvitationFault::Missing));
    assert!(!site.is_on());
    assert_eq!(site.events()[0], "invitation_refused");
    let code = code(&raw(&enrolment), enrolment.form, NOW);
    site.invite();
    site.admin().confirm_enrolment(&alice(), &code, NOW).unwrap();
    assert!(site.is_on() && site.admin().invitation(&alice()).unwrap().is_none());
}

#[test]
fn where_enrolment_is_free_who_was_invited_needs_the_invitation_until_it_expires_or_is_revoked() {
    let mut site = Site::with_alice();
    assert!(!site.panel().needs_invitation(&alice(), NOW).unwrap());
    let begun_before = site.begin(None).unwrap();
    site.invite();
    assert!(site.panel().needs_invitation(&alice(), NOW + DAY - 1).unwrap());
    assert!(!site.panel().needs_invitation(&alice(), NOW + DAY).unwrap());
    assert_eq!(site.confirm(&begun_before, None).err(), Some(InvitationFault::Missing));
    assert_eq!(site.begin(None).err(), Some(InvitationFault::Missing));
    site.admin().revoke_invitation(&alice(), NOW).unwrap();
    assert_eq!(error(site.admin().revoke_invitation(&alice(), NOW)), AdminError::NoInvitation(alice()));
    let enrolment = site.begin(None).unwrap();
    assert!(site.confirm(&enrolment, None).is_ok());
}

#[test]
fn one_that_was_revoked_or_replaced_since_the_beginning_confirms_nothing() {
    for replaced in [false, true] {
        for rule in [EnrolmentRule::Free, EnrolmentRule::Invited] {
            let mut site = Site::with_alice();
            site.config.enrolment = rule;
            let code = site.invite();
            let shown = site.look_at(code.as_str().unwrap(), NOW).unwrap();
            let enrolment = site.begin(Some(shown)).unwrap();
            if replaced {
                site.invite();
            } else {
                site.admin().revoke_invitation(&alice(), NOW).unwrap();
            }
            assert_eq!(site.confirm(&enrolment, Some(shown)).err(), Some(InvitationFault::Wrong));
            assert!(!site.is_on(), "{replaced} {rule:?}");
        }
    }
}

#[test]
fn it_says_that_it_has_expired_only_to_who_has_it() {
    let mut site = Site::by_invitation();
    let code = site.invite();
    assert_eq!(site.look_at(&guess(), NOW + DAY), Err(InvitationFault::Wrong));
    assert_eq!(site.look_at(code.as_str().unwrap(), NOW + DAY), Err(InvitationFault::Expired));
    assert_eq!(site.look_at("", NOW), Err(InvitationFault::Missing));
    assert_eq!(site.look_at("ABCD-EFGH", NOW), Err(InvitationFault::Shape));
}

#[test]
fn wrong_ones_are_counted_as_wrong_codes_are_and_too_many_keep_the_right_one_from_being_looked_at() {
    let mut site = Site::by_invitation();
    let right = site.invite();
    let free = site.config.policy.throttle.code_failures;
    // The same one again counts once, and what cannot be one not at all.
    let same = guess();
    for _ in 0..3 * free {
        assert_eq!(site.look_at(&same, NOW), Err(InvitationFault::Wrong));
        assert_eq!(site.look_at("nonsense", NOW), Err(InvitationFault::Shape));
    }
    assert!(site.look_at(right.as_str().unwrap(), NOW).is_ok());
    for _ in 1..free {
        assert_eq!(site.look_at(&guess(), NOW), Err(InvitationFault::Wrong));
    }
    assert_eq!(site.look_at(right.as_str().unwrap(), NOW), Err(InvitationFault::Throttled));
    let newest = site.newest();
    assert_eq!((newest.event.as_str(), newest.reason.as_str()), ("refused", "throttled"));
    let pause = i64::from(site.config.policy.throttle.code_pause);
    assert!(site.look_at(right.as_str().unwrap(), NOW + pause).is_ok());
    assert!(site.events().iter().any(|event| event == "invitation_refused"));
}

#[test]
fn an_account_whose_two_factor_is_on_or_that_is_not_there_is_not_invited() {
    let mut site = Site::with_alice();
    assert_eq!(error(site.admin().invite(&alice(), NOW, NOW)), AdminError::ExpiryPast);
    site.enrol();
    assert_eq!(error(site.admin().invite(&alice(), NOW + 1, NOW)), AdminError::TwoFactorOn(alice()));
    site.admin().remove(&alice()).unwrap();
    assert_eq!(error(site.admin().invite(&alice(), NOW + 1, NOW)), AdminError::NoAccount(alice()));
}

#[test]
fn a_reset_invites_in_the_same_breath() {
    let mut site = Site::with_alice();
    site.enrol();
    let reset = Reset { revoke: Revoke::Nothing, enrol_again: true, invitation: None };
    let past = site.admin().reset_and_invite(&alice(), &reset, NOW, NOW);
    assert_eq!(error(past), AdminError::ExpiryPast);
    assert!(site.is_on());
    let (_, code) = site.admin().reset_and_invite(&alice(), &reset, NOW + DAY, NOW).unwrap();
    assert_eq!(site.begin(None).err(), Some(InvitationFault::Missing));
    let shown = site.look_at(code.as_str().unwrap(), NOW).unwrap();
    let enrolment = site.begin(Some(shown)).unwrap();
    assert!(site.confirm(&enrolment, Some(shown)).is_ok());
    assert_eq!(site.events()[..3], ["two_factor_on", "enrolment_begun", "invitation_created"]);
}

#[test]
fn of_many_who_confirm_with_one_invitation_at_once_one_turns_two_factor_on() {
    const ALL: usize = 8;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mailkey.db");
    let mut site = Site::new();
    site.config.enrolment = EnrolmentRule::Invited;
    crate::store::SqliteStore::create_or_migrate(&path).unwrap();
    let open = || crate::store::open(&path, std::time::Duration::from_secs(30)).unwrap();
    let mut store = open();
    let mut admin = Admin::new(&mut *store, &site.keys, &site.config, Via::Command);
    admin.create(&alice(), None, NOW).unwrap();
    let typed = admin.invite(&alice(), NOW + DAY, NOW).unwrap();
    let mut panel = Admin::new(&mut *store, &site.keys, &site.config, Via::Panel);
    let shown = panel.check_invitation(&alice(), &typed, NOW).unwrap();
    let enrolment = panel.begin_enrolment_with(&alice(), "Phone", Some(shown), NOW).unwrap();
    let code = code(&raw(&enrolment), enrolment.form, NOW);
    let start = std::sync::Barrier::new(ALL);
    let confirmed = std::thread::scope(|scope| {
        let confirm = || {
            let mut store = open();
            let mut panel = Admin::new(&mut *store, &site.keys, &site.config, Via::Panel);
            start.wait();
            panel.confirm_enrolment_with(&alice(), &code, Some(shown), NOW)
        };
        let threads: Vec<_> = (0..ALL).map(|_| scope.spawn(confirm)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(Result::is_ok).count()
    });
    assert_eq!(confirmed, 1);
    let mut admin = Admin::new(&mut *store, &site.keys, &site.config, Via::Command);
    assert!(admin.invitation(&alice()).unwrap().is_none());
    assert_eq!(admin.summary(&alice(), NOW).unwrap().recovery_codes as usize, recovery_code::SET);
}
