//! Why an attempt was refused.

/// Why an attempt was refused. The list is closed: log, activity and documentation use the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The account is disabled.
    AccountDisabled,
    /// The account changed while the attempt was under way.
    AccountChanged,
    /// The app password has expired.
    AppPasswordExpired,
    /// App passwords open mail apps only.
    AppPasswordNotAllowedHere,
    /// The primary password does not open mail apps here: an app password does.
    AppPasswordRequired,
    /// The app password was revoked.
    AppPasswordRevoked,
    /// The password was right, and no code came with it.
    CodeRequired,
    /// The code was right and had been used before.
    CodeUsed,
    /// More bytes than any credential has.
    CredentialTooLong,
    /// Nothing was presented.
    EmptyCredential,
    /// The account must turn 2FA on first.
    EnrolmentRequired,
    /// The name is no account name.
    InvalidName,
    /// The app password is not for this network, or the network is unknown.
    NetworkNotAllowed,
    /// This transaction was not accepted by the authentication lines.
    NotAuthenticated,
    /// The new password was refused.
    PasswordRefused,
    /// The app password is not for this protocol.
    ProtocolNotAllowed,
    /// The protocol is unknown: the PAM service says none, and no `protocol=` was given.
    ProtocolUnknown,
    /// The recovery code was right and had been used before.
    RecoveryCodeUsed,
    /// The session was ended: signed out, revoked, or the account changed.
    SessionEnded,
    /// The session was not used for too long, or is too old.
    SessionExpired,
    /// It begins like a session credential, or like what opens or closes a session, and is none.
    SessionMalformed,
    /// Session credentials do not open this.
    SessionNotAllowedHere,
    /// A session cannot be opened with a credential that was seen before.
    SessionReused,
    /// The sign-in that would open the session did not come to its end.
    SessionUnconfirmed,
    /// No such session of this account.
    SessionUnknown,
    /// Too many failures; refused without looking.
    Throttled,
    /// No such account.
    UnknownAccount,
    /// No app password with this id, or its secret is another one.
    WrongAppPassword,
    /// The password was right and the code was not.
    WrongCode,
    /// The password was not right.
    WrongPassword,
    /// The password was right and the recovery code was not.
    WrongRecoveryCode,
}

impl Reason {
    /// All of them, by name.
    pub const ALL: [Self; 31] = [
        Self::AccountChanged,
        Self::AccountDisabled,
        Self::AppPasswordExpired,
        Self::AppPasswordNotAllowedHere,
        Self::AppPasswordRequired,
        Self::AppPasswordRevoked,
        Self::CodeRequired,
        Self::CodeUsed,
        Self::CredentialTooLong,
        Self::EmptyCredential,
        Self::EnrolmentRequired,
        Self::InvalidName,
        Self::NetworkNotAllowed,
        Self::NotAuthenticated,
        Self::PasswordRefused,
        Self::ProtocolNotAllowed,
        Self::ProtocolUnknown,
        Self::RecoveryCodeUsed,
        Self::SessionEnded,
        Self::SessionExpired,
        Self::SessionMalformed,
        Self::SessionNotAllowedHere,
        Self::SessionReused,
        Self::SessionUnconfirmed,
        Self::SessionUnknown,
        Self::Throttled,
        Self::UnknownAccount,
        Self::WrongAppPassword,
        Self::WrongCode,
        Self::WrongPassword,
        Self::WrongRecoveryCode,
    ];

    /// The name used in log, activity and documentation.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountChanged => "account_changed",
            Self::AccountDisabled => "account_disabled",
            Self::AppPasswordExpired => "app_password_expired",
            Self::AppPasswordNotAllowedHere => "app_password_not_allowed_here",
            Self::AppPasswordRequired => "app_password_required",
            Self::AppPasswordRevoked => "app_password_revoked",
            Self::CodeRequired => "code_required",
            Self::CodeUsed => "code_used",
            Self::CredentialTooLong => "credential_too_long",
            Self::EmptyCredential => "empty_credential",
            Self::EnrolmentRequired => "enrolment_required",
            Self::InvalidName => "invalid_name",
            Self::NetworkNotAllowed => "network_not_allowed",
            Self::NotAuthenticated => "not_authenticated",
            Self::PasswordRefused => "password_refused",
            Self::ProtocolNotAllowed => "protocol_not_allowed",
            Self::ProtocolUnknown => "protocol_unknown",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::SessionEnded => "session_ended",
            Self::SessionExpired => "session_expired",
            Self::SessionMalformed => "session_malformed",
            Self::SessionNotAllowedHere => "session_not_allowed_here",
            Self::SessionReused => "session_reused",
            Self::SessionUnconfirmed => "session_unconfirmed",
            Self::SessionUnknown => "session_unknown",
            Self::Throttled => "throttled",
            Self::UnknownAccount => "unknown_account",
            Self::WrongAppPassword => "wrong_app_password",
            Self::WrongCode => "wrong_code",
            Self::WrongPassword => "wrong_password",
            Self::WrongRecoveryCode => "wrong_recovery_code",
        }
    }

    /// The step that helps, in a sentence for people.
    pub fn advice(self) -> &'static str {
        match self {
            Self::AccountChanged => "The account was changed during the sign-in: try again.",
            Self::AccountDisabled => "The account is disabled: `mailkey user enable` opens it again.",
            Self::AppPasswordExpired => "The app password has expired: make a new one.",
            Self::AppPasswordNotAllowedHere => "App passwords open mail apps only: sign in with password and code.",
            Self::AppPasswordRequired => "Mail apps need an app password: make one and enter it in the app.",
            Self::AppPasswordRevoked => "The app password was revoked: make a new one if the device is still yours.",
            Self::CodeRequired => "2FA is on: append the code to the password.",
            Self::CodeUsed => "Each code opens once: wait for the next one.",
            Self::CredentialTooLong => "That is longer than any password here can be.",
            Self::EmptyCredential => "No password was sent.",
            Self::EnrolmentRequired => "2FA is required here: turn it on first.",
            Self::InvalidName => "The user name is not spelled like an account's: check it for spaces and the domain.",
            Self::NetworkNotAllowed => "The app password is limited to other networks.",
            Self::NotAuthenticated => {
                "The account check ran without a sign-in that mailkey accepted: compare the PAM file with the documentation."
            }
            Self::PasswordRefused => "The new password does not follow the rules.",
            Self::ProtocolNotAllowed => "The app password is limited to other protocols.",
            Self::ProtocolUnknown => {
                "mailkey does not know which protocol asks: name the PAM service mailkey-imap, … or set protocol=."
            }
            Self::RecoveryCodeUsed => "Each recovery code opens once: use another one.",
            Self::SessionEnded => "The webmail session was ended: sign in again.",
            Self::SessionExpired => "The webmail session has expired: sign in again.",
            Self::SessionMalformed => {
                "The webmail sent no session credential where one should be: install the plugin of this version."
            }
            Self::SessionNotAllowedHere => {
                "Webmail sessions open nothing here: compare webmail_session, webmail_hosts and the PAM service with the documentation."
            }
            Self::SessionReused => "A session credential opens one session only: sign in again.",
            Self::SessionUnconfirmed => {
                "The sign-in that would open the webmail session did not end well: sign in again. If this repeats, the account line of mailkey is missing from the PAM file."
            }
            Self::SessionUnknown => "The account has no such session: sign in again.",
            Self::Throttled => "Too many failures: wait before the next try.",
            Self::UnknownAccount => "There is no such account.",
            Self::WrongAppPassword => "No app password of the account matches: make a new one.",
            Self::WrongCode => "The code was wrong: check the clock of the phone and of the server.",
            Self::WrongPassword => "The password was wrong.",
            Self::WrongRecoveryCode => "The recovery code was wrong.",
        }
    }
}
