//! The activity list, and what administration writes into it.

use super::{Admin, Result};
use crate::account::{AccountName, AccountUid};
use crate::notice::{NewNotice, NoticeKind};
use crate::store::{Activity, ActivityEntry, Note};

/// An administrative change, as the activity list names it. The list is closed. Removing an account removes its
/// activity with it, so that no event says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The account was created.
    AccountCreated,
    /// The account was disabled: nothing opens it.
    AccountDisabled,
    /// The account was enabled again.
    AccountEnabled,
    /// The account got another name.
    AccountRenamed,
    /// An app password was made.
    AppPasswordCreated,
    /// An app password was revoked.
    AppPasswordRevoked,
    /// A further authenticator was confirmed while 2FA was on.
    AuthenticatorAdded,
    /// An authenticator was removed while another one stayed.
    AuthenticatorRemoved,
    /// A code was shown by somebody who was signed in, before something that matters.
    CodeVerified,
    /// A TOTP secret was shown; it does not count until its first code.
    EnrolmentBegun,
    /// The account's owner was invited to turn 2FA on.
    InvitationCreated,
    /// A wrong invitation was shown, or one that had expired.
    InvitationRefused,
    /// The invitation was revoked.
    InvitationRevoked,
    /// The primary password was set.
    PasswordChanged,
    /// A new set of recovery codes was made; the old one ended.
    RecoveryCodesReplaced,
    /// Somebody signed out: a webmail session was ended by its webmail, or a panel session by its visitor.
    SessionClosed,
    /// What was set for the account about requiring 2FA was taken back: it is as its domain again.
    RequirementCleared,
    /// A session of the webmail or the panel was revoked.
    SessionRevoked,
    /// 2FA is not required of the account, whatever is set for its domain.
    TwoFactorExempted,
    /// 2FA was turned off.
    TwoFactorOff,
    /// 2FA was turned on.
    TwoFactorOn,
    /// 2FA is required of the account, now or from a date on.
    TwoFactorRequired,
    /// 2FA was ended because a device or its owner was lost.
    TwoFactorReset,
}

impl Event {
    /// All of them, by name.
    pub const ALL: [Self; 23] = [
        Self::AccountCreated,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::AccountRenamed,
        Self::AppPasswordCreated,
        Self::AppPasswordRevoked,
        Self::AuthenticatorAdded,
        Self::AuthenticatorRemoved,
        Self::CodeVerified,
        Self::EnrolmentBegun,
        Self::InvitationCreated,
        Self::InvitationRefused,
        Self::InvitationRevoked,
        Self::PasswordChanged,
        Self::RecoveryCodesReplaced,
        Self::RequirementCleared,
        Self::SessionClosed,
        Self::SessionRevoked,
        Self::TwoFactorExempted,
        Self::TwoFactorOff,
        Self::TwoFactorOn,
        Self::TwoFactorRequired,
        Self::TwoFactorReset,
    ];

    /// The name in the activity list and in the documentation.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::AccountRenamed => "account_renamed",
            Self::AppPasswordCreated => "app_password_created",
            Self::AppPasswordRevoked => Activity::APP_PASSWORD_REVOKED,
            Self::AuthenticatorAdded => "authenticator_added",
            Self::AuthenticatorRemoved => "authenticator_removed",
            Self::CodeVerified => "code_verified",
            Self::EnrolmentBegun => "enrolment_begun",
            Self::InvitationCreated => "invitation_created",
            Self::InvitationRefused => "invitation_refused",
            Self::InvitationRevoked => "invitation_revoked",
            Self::PasswordChanged => Activity::PASSWORD_CHANGED,
            Self::RecoveryCodesReplaced => "recovery_codes_replaced",
            Self::RequirementCleared => "requirement_cleared",
            Self::SessionClosed => Activity::SESSION_CLOSED,
            Self::SessionRevoked => "session_revoked",
            Self::TwoFactorExempted => "two_factor_exempted",
            Self::TwoFactorOff => "two_factor_off",
            Self::TwoFactorOn => "two_factor_on",
            Self::TwoFactorRequired => "two_factor_required",
            Self::TwoFactorReset => "two_factor_reset",
        }
    }

    /// What the account's owner is told about it, if anything.
    fn notice(self) -> Option<NoticeKind> {
        Some(match self {
            Self::AppPasswordCreated => NoticeKind::AppPasswordCreated,
            Self::AuthenticatorAdded => NoticeKind::AuthenticatorAdded,
            Self::PasswordChanged => NoticeKind::PasswordChanged,
            Self::RecoveryCodesReplaced => NoticeKind::RecoveryCodesReplaced,
            Self::TwoFactorOff | Self::TwoFactorReset => NoticeKind::TwoFactorOff,
            Self::TwoFactorOn => NoticeKind::TwoFactorOn,
            _ => return None,
        })
    }
}

impl Admin<'_> {
    /// The newest `limit` entries of one account or of all, newest first.
    pub fn activity(&mut self, name: Option<&AccountName>, limit: u32) -> Result<Vec<ActivityEntry>> {
        let account = name.map(|name| self.account(name)).transpose()?;
        Ok(self.store.activity(account.map(|account| account.uid), limit)?)
    }

    /// Notes a change that was made. Best effort: the change stands whether or not its note could be written.
    /// `credential` is the id of the app password or session, if the event has one.
    pub(super) fn note(&mut self, account: AccountUid, event: Event, credential: &str, now: i64) {
        self.note_about(account, event, credential, "", now);
    }

    /// Like [`Self::note`]; `subject` is what the account's owner calls what it is about.
    pub(super) fn note_about(&mut self, account: AccountUid, event: Event, credential: &str, subject: &str, now: i64) {
        let activity = Activity { event: event.as_str().into(), credential: credential.into(), ..Activity::default() };
        self.note_activity(account, activity, now);
        if let Some(kind) = event.notice() {
            self.tell(account, kind, subject, None, now);
        }
    }

    /// Queues a notice by mail, where the site sends any. Best effort, as [`Self::note`].
    pub(super) fn tell(
        &mut self,
        account: AccountUid,
        kind: NoticeKind,
        subject: &str,
        codes_left: Option<u32>,
        now: i64,
    ) {
        if self.config.notices.is_some() {
            let address = self.address();
            let mode = self.via.as_str();
            let new = NewNotice { account, kind, address: &address, mode, subject, codes_left, now };
            let _ = self.store.queue_notice(&new);
        }
    }

    /// Like [`Self::note`], with more to say. The mode and the address are this Admin's.
    pub(super) fn note_activity(&mut self, account: AccountUid, activity: Activity, now: i64) {
        let activity = Activity { mode: self.via.as_str().into(), address: self.address(), ..activity };
        let keep = self.config.kept_activity(now);
        let _ = self.store.note(&Note {
            account: Some(account),
            activity: &activity,
            keep,
            used: None,
            forgive: None,
            now,
        });
    }
}
