//! What is the matter with an account.

use super::*;
use crate::account::Requirement;
use crate::admin::explain::{Finding, FindingKind, RECENT};
use crate::record::CounterKind;
use crate::store::{Activity, Keep, Note, Store};

const PHONE: &str = "198.51.100.7";
const HOUR: i64 = 3600;

impl Site {
    /// Notes an attempt of alice's by a mail app on IMAP.
    fn noted(&mut self, reason: Option<Reason>, method: Method, credential: &str, address: &str, at: i64) {
        let activity = Activity { credential: credential.into(), ..attempt(reason, method, address) };
        self.note_of_alice(&activity, at);
    }

    fn note_of_alice(&mut self, activity: &Activity, now: i64) {
        let account = Some(self.admin().account(&alice()).unwrap().uid);
        let keep = Keep::newest(200);
        self.store.note(&Note { account, activity, keep, used: None, forgive: None, now }).unwrap();
    }

    fn findings(&mut self, now: i64) -> Vec<Finding> {
        self.admin().explain(&alice(), now).unwrap().findings
    }

    fn kinds(&mut self, now: i64) -> Vec<FindingKind> {
        self.findings(now).iter().map(|finding| finding.kind).collect()
    }
}

fn attempt(reason: Option<Reason>, method: Method, address: &str) -> Activity {
    Activity {
        event: if reason.is_some() { "refused" } else { "accepted" }.into(),
        reason: reason.map_or("", Reason::as_str).into(),
        method: method.as_str().into(),
        mode: Mode::Client.as_str().into(),
        protocol: "imap".into(),
        address: address.into(),
        ..Activity::default()
    }
}

fn enrolled() -> Site {
    let mut site = Site::with_alice();
    site.enrol();
    site
}

#[test]
fn of_an_account_that_works_there_is_nothing_to_say() {
    let mut site = enrolled();
    site.noted(None, Method::AppPassword, "k7m2", PHONE, NOW);
    let explanation = site.admin().explain(&alice(), NOW).unwrap();
    assert_eq!(explanation.findings, []);
    assert_eq!(explanation.two_factor_since, Some(NOW));
    assert_eq!(explanation.last_accepted.unwrap().activity.address, PHONE);
}

#[test]
fn a_phone_that_still_uses_the_account_password_is_named_with_its_first_and_last_time() {
    let mut site = enrolled();
    for at in [NOW, NOW + 60, NOW + 120] {
        site.noted(Some(Reason::AppPasswordRequired), Method::Password, "", PHONE, at);
    }
    let [finding] = &site.findings(NOW + HOUR)[..] else { panic!() };
    assert_eq!((finding.kind, finding.address.as_str()), (FindingKind::AccountPasswordUsed, PHONE));
    assert_eq!((finding.protocol.as_str(), finding.count), ("imap", 3));
    assert_eq!((finding.since, finding.last), (Some(NOW), Some(NOW + 120)));
}

#[test]
fn a_password_with_a_code_behind_it_is_not_taken_for_the_right_password() {
    let mut site = enrolled();
    site.noted(Some(Reason::AppPasswordRequired), Method::Totp, "", PHONE, NOW);
    assert_eq!(site.kinds(NOW), [FindingKind::CodeInMailApp]);
}

#[test]
fn what_was_set_right_since_is_not_mentioned() {
    let mut site = enrolled();
    site.noted(Some(Reason::AppPasswordRequired), Method::Password, "", PHONE, NOW);
    site.noted(None, Method::AppPassword, "k7m2", PHONE, NOW + 60);
    assert_eq!(site.kinds(NOW + 61), []);
}

#[test]
fn another_device_that_opens_from_the_same_address_hides_nothing_while_the_first_still_tries() {
    let mut site = enrolled();
    site.noted(None, Method::AppPassword, "k7m2", PHONE, NOW - 600);
    site.noted(Some(Reason::AppPasswordRequired), Method::Password, "", PHONE, NOW);
    site.noted(None, Method::AppPassword, "k7m2", PHONE, NOW + 60);
    assert_eq!(site.kinds(NOW + 61), [FindingKind::AccountPasswordUsed]);
    site.noted(None, Method::AppPassword, "k7m2", PHONE, NOW + 2 * HOUR);
    assert_eq!(site.kinds(NOW + 2 * HOUR), [], "it has given up");
}

#[test]
fn what_opens_another_address_or_protocol_settles_nothing() {
    let mut site = enrolled();
    site.noted(Some(Reason::AppPasswordRequired), Method::Password, "", PHONE, NOW);
    site.noted(None, Method::AppPassword, "k7m2", "192.0.2.1", NOW + 60);
    site.note_of_alice(&Activity { protocol: "smtp".into(), ..attempt(None, Method::AppPassword, PHONE) }, NOW + 60);
    assert_eq!(site.kinds(NOW + 61), [FindingKind::AccountPasswordUsed]);
}

#[test]
fn a_device_with_a_revoked_or_expired_app_password_is_named_by_what_its_owner_calls_it() {
    let mut site = enrolled();
    let request = AppPasswordRequest {
        name: "Old phone".into(),
        protocols: Protocols::ALL,
        networks: Vec::new(),
        expires_at: None,
    };
    let (row, _) = site.admin().add_app_password(&alice(), &request, NOW).unwrap();
    site.admin().revoke_app_passwords(&alice(), Some(row.id), NOW).unwrap();
    site.noted(Some(Reason::AppPasswordRevoked), Method::AppPassword, row.id.as_str(), PHONE, NOW);
    site.noted(Some(Reason::AppPasswordExpired), Method::AppPassword, "zzzz", PHONE, NOW);
    let [revoked, expired] = &site.findings(NOW)[..] else { panic!() };
    assert_eq!((revoked.kind, revoked.name.as_deref()), (FindingKind::RevokedAppPasswordUsed, Some("Old phone")));
    assert_eq!((expired.kind, expired.name.as_deref()), (FindingKind::ExpiredAppPasswordUsed, None));
    assert_eq!(expired.credential, "zzzz");
}

#[test]
fn an_app_password_for_other_protocols_and_one_for_other_networks_are_told_apart() {
    let mut site = enrolled();
    site.noted(Some(Reason::ProtocolNotAllowed), Method::AppPassword, "k7m2", PHONE, NOW);
    site.noted(Some(Reason::NetworkNotAllowed), Method::AppPassword, "k7m2", PHONE, NOW);
    let (protocols, networks) = (FindingKind::AppPasswordForOtherProtocols, FindingKind::AppPasswordForOtherNetworks);
    assert_eq!(site.kinds(NOW), [protocols, networks]);
}

#[test]
fn wrong_passwords_are_an_old_device_where_the_account_was_opened_and_guesses_elsewhere() {
    let mut site = enrolled();
    site.noted(None, Method::AppPassword, "k7m2", PHONE, NOW - 60);
    for address in [PHONE, "203.0.113.1", "203.0.113.2"] {
        site.noted(Some(Reason::WrongPassword), Method::Password, "", address, NOW);
    }
    let [device, guesses] = &site.findings(NOW)[..] else { panic!() };
    assert_eq!((device.kind, device.address.as_str()), (FindingKind::WrongPassword, PHONE));
    assert_eq!((guesses.kind, guesses.count, guesses.number), (FindingKind::Guesses, 2, Some(2)));
}

#[test]
fn what_is_long_ago_is_not_mentioned() {
    let mut site = enrolled();
    site.noted(Some(Reason::WrongCode), Method::Totp, "", PHONE, NOW);
    assert_eq!(site.kinds(NOW + RECENT - 1), [FindingKind::WrongCode]);
    assert_eq!(site.kinds(NOW + RECENT), []);
}

#[test]
fn a_webmail_without_a_field_for_the_code_is_told_from_the_first_half_of_a_sign_in_to_the_panel() {
    let mut site = enrolled();
    let from = |mode: Mode| Activity {
        mode: mode.as_str().into(),
        ..attempt(Some(Reason::CodeRequired), Method::Password, "127.0.0.1")
    };
    site.note_of_alice(&from(Mode::Panel), NOW);
    assert_eq!(site.kinds(NOW), []);
    site.note_of_alice(&from(Mode::Webmail), NOW);
    assert_eq!(site.kinds(NOW), [FindingKind::CodeMissing]);
}

#[test]
fn the_states_of_an_account_that_keep_its_owner_out_come_first() {
    let mut site = Site::with_alice();
    site.config.policy.require_2fa = Requirement::Now;
    site.noted(Some(Reason::WrongPassword), Method::Password, "", PHONE, NOW);
    site.admin().begin_enrolment(&alice(), "Phone", NOW).unwrap();
    site.admin().set_enabled(&alice(), false, NOW).unwrap();
    let (disabled, required) = (FindingKind::AccountDisabled, FindingKind::EnrolmentRequired);
    assert_eq!(site.kinds(NOW), [disabled, required, FindingKind::Guesses, FindingKind::EnrolmentPending]);
    site.config.policy.require_2fa = Requirement::From(NOW + 1);
    assert_eq!(site.kinds(NOW).last(), Some(&FindingKind::EnrolmentAhead));
    assert_eq!(site.kinds(NOW + 1)[1], required);
}

#[test]
fn few_recovery_codes_are_counted() {
    let mut site = enrolled();
    let (_, codes) = Site::with_alice().enrol();
    assert_eq!(codes.len(), 10);
    let uid = site.admin().account(&alice()).unwrap().uid;
    let four: Vec<_> = ["aa", "bb", "cc", "dd"].map(|index| index.as_bytes().try_into().unwrap()).to_vec();
    let four: Vec<_> =
        four.into_iter().map(|index| (crate::account::RecoveryIndex(index), "hash".to_string())).collect();
    site.store.replace_recovery_codes(uid, None, &four).unwrap();
    assert_eq!(site.kinds(NOW), []);
    site.store.replace_recovery_codes(uid, None, &four[..3]).unwrap();
    let [finding] = &site.findings(NOW)[..] else { panic!() };
    assert_eq!((finding.kind, finding.number), (FindingKind::FewRecoveryCodes, Some(3)));
}

#[test]
fn a_pause_is_told_with_its_network_and_its_end() {
    let mut site = enrolled();
    site.noted(Some(Reason::WrongPassword), Method::Password, "", PHONE, NOW);
    let keys = crate::auth::throttle_keys(&site.keys, &alice(), Some(PHONE.parse().unwrap()));
    let rules = site.config.policy.throttle;
    for number in 0..12 {
        let charge = Charge {
            throttle: &keys,
            fault: Fault::Password,
            digest: [number; 16],
            remember: 600,
            durable: false,
            now: NOW,
            next: &|kind, counter| rules.after_failure(kind, counter, NOW),
        };
        assert!(site.store.charge(&charge).unwrap());
    }
    let paused = site.findings(NOW).remove(0);
    assert_eq!((paused.kind, paused.paused), (FindingKind::Paused, Some(CounterKind::Password)));
    assert_eq!((paused.address.as_str(), paused.until, paused.count), (PHONE, Some(NOW + 8), 12));
    assert_eq!(site.kinds(NOW + 8), [FindingKind::Guesses]);
}

#[test]
fn with_2fa_off_again_the_refusals_of_before_are_no_matter() {
    let mut site = enrolled();
    site.noted(Some(Reason::AppPasswordRequired), Method::Password, "", PHONE, NOW);
    site.admin().end_two_factor(&alice(), NOW).unwrap();
    assert_eq!(site.kinds(NOW), []);
    site.config.policy.client_primary_password = false;
    assert_eq!(site.kinds(NOW), [FindingKind::AccountPasswordUsed]);
}

#[test]
fn an_account_that_is_not_there_is_not_explained() {
    let mut site = Site::new();
    assert!(matches!(site.admin().explain(&alice(), NOW), Err(AdminError::NoAccount(_))));
}

#[test]
fn tidying_removes_the_activity_that_is_too_old_and_says_how_much() {
    let mut site = enrolled();
    let before = site.events().len() as u64;
    site.config.activity_days = 30;
    let now = NOW + 30 * 86_400;
    assert_eq!(site.admin().tidy(now, &mut |_| ()).unwrap().activity, 0);
    let mut seen = 0;
    let tidied = site.admin().tidy(now + 1, &mut |removed| seen = removed.activity).unwrap();
    assert_eq!((tidied.activity, seen), (before, before));
    site.config.activity_days = 0;
    assert_eq!(site.admin().tidy(i64::MAX / 2, &mut |_| ()).unwrap().activity, 0);
}
