//! 2FA: enrolment in two halves, recovery codes, and turning it off.
//!
//! [`Admin::begin_enrolment`] makes a secret; it counts for nothing until [`Admin::confirm_enrolment`] was given a code
//! made from it. The first confirmed authenticator turns 2FA on and makes the recovery codes.
//!
//! In the panel, the first one may need an invitation ([`crate::invitation`]): it is looked at when the secret is made, and
//! used up when that is confirmed. An administrator needs none.
//!
//! Confirming an enrolment, removing an authenticator, turning 2FA off and new recovery codes end every session of the
//! account and raise its version by exactly one, as a new password does: see [`crate::store::Store`].

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::accounts::gone;
use super::app_passwords::check_name;
use super::{Admin, AdminError, Event, Result, Via};
use crate::account::{Account, AccountName, AppPasswordId, TotpForm};
use crate::credential::hash::{self, Owner};
use crate::credential::totp::{self, Match};
use crate::credential::{Secret, recovery_code};
use crate::invitation::InvitationDigest;
use crate::store::{NewAuthenticator, NewRecoveryCode, Reset, Revoke, StoreError};

/// What stands in a URI as it is (RFC 3986 section 2.3); everything else is percent-encoded.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An enrolment that waits for its first code.
pub struct Enrolment {
    /// The secret as people type it: base32 without padding.
    pub secret: Secret,
    /// The `otpauth:` URI that authenticator apps read from a QR code.
    pub uri: Secret,
    /// How its codes are made.
    pub form: TotpForm,
    /// What its owner calls the authenticator.
    pub label: String,
}

/// An enrolment that was confirmed.
pub struct Confirmation {
    /// The recovery codes, shown once; none when 2FA was on before and the ones that were made then stay.
    pub recovery_codes: Vec<Secret>,
}

impl Admin<'_> {
    /// Starts an enrolment, in place of one that still waits for its code. `label` is what its owner calls the
    /// authenticator. 2FA is not on yet. In the panel, [`AdminError::Invitation`] where an invitation is needed.
    pub fn begin_enrolment(&mut self, name: &AccountName, label: &str, now: i64) -> Result<Enrolment> {
        self.begin_enrolment_with(name, label, None, now)
    }

    /// The same, with the invitation that its owner has shown ([`Self::check_invitation`]).
    pub fn begin_enrolment_with(
        &mut self,
        name: &AccountName,
        label: &str,
        invitation: Option<InvitationDigest>,
        now: i64,
    ) -> Result<Enrolment> {
        let label = check_name(label)?;
        let account = self.account(name)?;
        if self.via == Via::Panel && !account.two_factor() {
            let made = self.store.invitation(account.uid).map_err(|error| gone(error, name))?;
            let judged = self.shown(invitation).judge(made.as_ref(), now);
            judged.map_err(|fault| AdminError::Invitation(name.clone(), fault))?;
        }
        let form = form_of_new(&account, self.config.totp);
        let raw = totp::generate()?;
        let sealed = totp::seal(self.keys, account.uid, &raw)?;
        let new = NewAuthenticator { name: label, sealed: &sealed, form };
        self.store.begin_enrolment(account.uid, &new, now).map_err(|error| gone(error, name))?;
        self.note(account.uid, Event::EnrolmentBegun, "", now);
        Ok(self.enrolment(name, &raw, form, label))
    }

    /// The enrolment that waits for its code, shown once more; none where none waits.
    pub fn pending_enrolment(&mut self, name: &AccountName) -> Result<Option<Enrolment>> {
        let account = self.account(name)?;
        let Some(pending) = account.pending() else { return Ok(None) };
        let raw = totp::open(self.keys, account.uid, &pending.sealed)?;
        Ok(Some(self.enrolment(name, &raw, pending.form, &pending.name)))
    }

    /// Drops the enrolment that waits for its code; returns whether there was one.
    pub fn cancel_enrolment(&mut self, name: &AccountName) -> Result<bool> {
        let account = self.account(name)?;
        self.store.cancel_enrolment(account.uid).map_err(|error| gone(error, name))
    }

    /// An enrolment as it is shown.
    fn enrolment(&self, name: &AccountName, raw: &Secret, form: TotpForm, label: &str) -> Enrolment {
        let secret = totp::base32(raw);
        let uri = provisioning_uri(&self.config.issuer, name, &secret, form);
        Enrolment { secret, uri, form, label: label.to_string() }
    }

    /// Confirms the enrolment with `code`, which is thereby used. A wrong code changes nothing: the enrolment waits on. In
    /// the panel, [`AdminError::Invitation`] where an invitation is needed.
    pub fn confirm_enrolment(&mut self, name: &AccountName, code: &Secret, now: i64) -> Result<Confirmation> {
        self.confirm_enrolment_with(name, code, None, now)
    }

    /// The same, with the invitation that it was begun with, which is thereby used up. One that was revoked or replaced
    /// meanwhile, or has expired, confirms nothing.
    pub fn confirm_enrolment_with(
        &mut self,
        name: &AccountName,
        code: &Secret,
        invitation: Option<InvitationDigest>,
        now: i64,
    ) -> Result<Confirmation> {
        let account = self.account(name)?;
        let pending = account.pending().ok_or_else(|| AdminError::NoEnrolment(name.clone()))?;
        let code = read_code(code, pending.form.digits)?;
        let secret = totp::open(self.keys, account.uid, &pending.sealed)?;
        let skew = self.config.policy.skew;
        let Match::Fresh(step) = totp::find_step(&secret, pending.form, &code, now, skew, pending.last_step) else {
            return Err(AdminError::WrongCode);
        };
        let first = !account.two_factor();
        let (shown, hashed) = if first { self.make_recovery_codes(&account)? } else { (Vec::new(), Vec::new()) };
        let confirmed = match self.via {
            Via::Command => self.store.confirm_enrolment(account.uid, pending.id, step, &hashed, now).map(Ok),
            Via::Panel => {
                let shown = self.shown(invitation);
                self.store.confirm_own_enrolment(account.uid, pending.id, step, &hashed, &shown, now)
            }
        };
        let confirmed = confirmed.map_err(|error| match error {
            StoreError::NotFound => AdminError::NoEnrolment(name.clone()),
            other => other.into(),
        })?;
        if let Err(fault) = confirmed {
            self.note(account.uid, Event::InvitationRefused, "", now);
            return Err(AdminError::Invitation(name.clone(), fault));
        }
        let event = if first { Event::TwoFactorOn } else { Event::AuthenticatorAdded };
        self.note_about(account.uid, event, "", &pending.name, now);
        Ok(Confirmation { recovery_codes: shown })
    }

    /// Removes one authenticator, by its number, while another one stays: the last one goes by
    /// [`Self::end_two_factor`].
    pub fn remove_authenticator(&mut self, name: &AccountName, id: i64, now: i64) -> Result<()> {
        let account = self.account(name)?;
        match self.store.remove_authenticator(account.uid, id) {
            Ok(true) => {}
            Ok(false) => return Err(AdminError::LastAuthenticator(name.clone())),
            // The account may be gone, too, and then has no authenticator either.
            Err(StoreError::NotFound) => return Err(AdminError::NoAuthenticator(name.clone(), id)),
            Err(error) => return Err(error.into()),
        }
        self.note(account.uid, Event::AuthenticatorRemoved, "", now);
        Ok(())
    }

    /// Ends 2FA for somebody who has lost what she signed in with: authenticators, recovery codes, sessions, and the app
    /// passwords that `reset` names. Returns those that this revoked. Security: it is for administrators; with
    /// `enrol_again` false it takes back what a former reset asked for.
    pub fn reset_two_factor(&mut self, name: &AccountName, reset: &Reset<'_>, now: i64) -> Result<Vec<AppPasswordId>> {
        let account = self.account(name)?;
        if let Revoke::These(ids) = reset.revoke {
            let rows = self.store.app_passwords(account.uid)?;
            let in_force = |id: &AppPasswordId| rows.iter().any(|row| row.id == *id && row.revoked_at.is_none());
            if let Some(missing) = ids.iter().find(|id| !in_force(id)) {
                return Err(AdminError::NoAppPassword(name.clone(), *missing));
            }
        }
        let revoked = self.store.reset_two_factor(account.uid, reset, now).map_err(|error| match error {
            // It was there a moment ago.
            StoreError::NotFound => AdminError::Changed(name.clone()),
            other => other.into(),
        })?;
        self.note(account.uid, Event::TwoFactorReset, "", now);
        revoked.iter().for_each(|id| self.note(account.uid, Event::AppPasswordRevoked, id.as_str(), now));
        Ok(revoked)
    }

    /// Turns 2FA off: every authenticator, also a pending one, and every recovery code goes. Returns whether it was on.
    /// An administrator thereby takes back what a reset asked for.
    pub fn end_two_factor(&mut self, name: &AccountName, now: i64) -> Result<bool> {
        let account = self.account(name)?;
        if self.via == Via::Command && self.summary(name, now)?.requirements.enrol_again {
            self.store
                .reset_two_factor(
                    account.uid,
                    &Reset { revoke: Revoke::Nothing, enrol_again: false, invitation: None },
                    now,
                )
                .map_err(|error| gone(error, name))?;
            self.note(account.uid, Event::TwoFactorOff, "", now);
            return Ok(account.two_factor());
        }
        if account.authenticators.is_empty() {
            return Ok(false);
        }
        self.store.end_two_factor(account.uid).map_err(|error| gone(error, name))?;
        if account.two_factor() {
            self.note(account.uid, Event::TwoFactorOff, "", now);
        }
        Ok(account.two_factor())
    }

    /// Makes a new set of recovery codes, shown once; the old set ends.
    pub fn new_recovery_codes(&mut self, name: &AccountName, now: i64) -> Result<Vec<Secret>> {
        let account = self.account(name)?;
        if !account.two_factor() {
            return Err(AdminError::TwoFactorOff(name.clone()));
        }
        let (shown, hashed) = self.make_recovery_codes(&account)?;
        // The hashes have taken a while. Of two who do this at once one is shown codes that count, and the other none.
        self.store.replace_recovery_codes(account.uid, Some(account.version), &hashed).map_err(
            |error| match error {
                StoreError::NotFound => AdminError::Changed(name.clone()),
                other => other.into(),
            },
        )?;
        self.note(account.uid, Event::RecoveryCodesReplaced, "", now);
        Ok(shown)
    }

    /// A set as it is shown, and as it is stored.
    fn make_recovery_codes(&mut self, account: &Account) -> Result<(Vec<Secret>, Vec<NewRecoveryCode>)> {
        let profile = self.config.policy.password_profile;
        let set = recovery_code::generate_set()?;
        let mut hashed = Vec::with_capacity(set.len());
        for code in &set {
            let owner = Owner::RecoveryCode(account.uid, code.index);
            hashed.push((code.index, hash::create(&mut self.memory, self.keys, profile, owner, &code.secret)?));
        }
        Ok((set.iter().map(|code| code.shown()).collect(), hashed))
    }
}

/// All authenticators of an account make codes of the same form: a login must know how many digits to take off the
/// password. So a further one takes the form of those that count, whatever the configuration says by now.
fn form_of_new(account: &Account, configured: TotpForm) -> TotpForm {
    account.confirmed().next().map_or(configured, |first| first.form)
}

/// A code as people type it: apps show it in groups, so spaces are ignored.
fn read_code(typed: &Secret, digits: u8) -> Result<Secret> {
    let mut code = Vec::with_capacity(typed.as_bytes().len());
    code.extend(typed.as_bytes().iter().filter(|byte| **byte != b' '));
    let code = Secret::new(code);
    let shaped = code.as_bytes().len() == usize::from(digits) && code.as_bytes().iter().all(u8::is_ascii_digit);
    if shaped { Ok(code) } else { Err(AdminError::CodeShape(digits)) }
}

/// The `otpauth:` URI of Google Authenticator's "Key Uri Format".
fn provisioning_uri(issuer: &str, name: &AccountName, secret: &Secret, form: TotpForm) -> Secret {
    use std::io::Write;
    let encode = |text| utf8_percent_encode(text, UNRESERVED);
    let (issuer, account) = (encode(issuer), encode(name.as_str()));
    let (algorithm, digits, period) = (form.algorithm.as_str(), form.digits, form.period);
    // Room for everything, so that the growing text leaves no copy of the secret behind.
    let mut uri = Vec::with_capacity(4096);
    let _ = write!(uri, "otpauth://totp/{issuer}:{account}?secret=");
    uri.extend_from_slice(secret.as_bytes());
    let _ = write!(uri, "&issuer={issuer}&algorithm={algorithm}&digits={digits}&period={period}");
    Secret::new(uri)
}
