//! What the pages show: plain data, made by the handlers.
//!
//! Times are seconds since the Unix epoch. Nothing here is HTML; texts that people typed are taken as they are, and
//! escaped where they are drawn.

use mailkey::account::{Account, AccountName, AppPassword, Authenticator, Protocol, Protocols, TotpForm};
use mailkey::admin::NameFault;
use mailkey::admin::explain::Finding;
use mailkey::credential::Secret;
use mailkey::credential::password::PasswordError;
use mailkey::session::Session;
use mailkey::store::ActivityEntry;

use crate::assets::Assets;
use crate::config::{Brand, Servers};
use crate::locale::Locale;

/// What every page has around it.
pub struct Frame<'a> {
    /// The visitor's language.
    pub locale: &'a Locale,
    /// What the panel looks like here.
    pub brand: &'a Brand,
    /// Style sheets, script and logo.
    pub assets: &'a Assets,
    /// What stands before every path: empty, or `/panel`.
    pub base: &'a str,
    /// The hidden field `csrf` of every form.
    pub csrf: &'a str,
    /// This page's path, without [`Self::base`]: where the language chooser comes back to.
    pub path: &'a str,
    /// Who is signed in.
    pub account: Option<&'a AccountName>,
    /// Where in the panel this is.
    pub section: Option<Section>,
    /// What was just done.
    pub notice: Option<Notice>,
    /// Whether 2FA, which is off, must be turned on.
    pub must_enrol: Option<MustEnrol>,
}

/// The parts of the panel, as the navigation shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// `/`
    Overview,
    /// `/two-factor`
    TwoFactor,
    /// `/app-passwords`
    AppPasswords,
    /// `/password`
    Password,
    /// `/activity`
    Activity,
}

/// Whether 2FA, which is off, must be turned on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MustEnrol {
    /// From that time on, which is not yet.
    From(i64),
    /// Before anything else.
    Now,
}

/// What was just done. The list is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The visitor signed out.
    SignedOut,
    /// 2FA was turned on, and the recovery codes were put away.
    TwoFactorOn,
    /// 2FA was turned off.
    TwoFactorOff,
    /// An enrolment was given up.
    EnrolmentCancelled,
    /// A further authenticator was confirmed.
    AuthenticatorAdded,
    /// An authenticator was removed.
    AuthenticatorRemoved,
    /// A new set of recovery codes was put away.
    RecoveryCodesReplaced,
    /// An app password was made and put away.
    AppPasswordCreated,
    /// An app password was revoked.
    AppPasswordRevoked,
    /// All app passwords were revoked.
    AppPasswordsRevoked,
    /// The password was changed; the app passwords stay.
    PasswordChanged,
    /// The password was changed, and all app passwords were revoked.
    PasswordChangedAndRevoked,
    /// A session was ended.
    SessionEnded,
    /// All other sessions were ended.
    OtherSessionsEnded,
    /// How somebody wants to be told by mail was saved.
    NoticesSaved,
}

impl Notice {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Self; 15] = [
        Self::SignedOut,
        Self::TwoFactorOn,
        Self::TwoFactorOff,
        Self::EnrolmentCancelled,
        Self::AuthenticatorAdded,
        Self::AuthenticatorRemoved,
        Self::RecoveryCodesReplaced,
        Self::AppPasswordCreated,
        Self::AppPasswordRevoked,
        Self::AppPasswordsRevoked,
        Self::PasswordChanged,
        Self::PasswordChangedAndRevoked,
        Self::SessionEnded,
        Self::OtherSessionsEnded,
        Self::NoticesSaved,
    ];

    /// What its message is called.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::TwoFactorOn => "two-factor-on",
            Self::TwoFactorOff => "two-factor-off",
            Self::EnrolmentCancelled => "enrolment-cancelled",
            Self::AuthenticatorAdded => "authenticator-added",
            Self::AuthenticatorRemoved => "authenticator-removed",
            Self::RecoveryCodesReplaced => "recovery-codes-replaced",
            Self::AppPasswordCreated => "app-password-created",
            Self::AppPasswordRevoked => "app-password-revoked",
            Self::AppPasswordsRevoked => "app-passwords-revoked",
            Self::PasswordChanged => "password-changed",
            Self::PasswordChangedAndRevoked => "password-changed-and-revoked",
            Self::SessionEnded => "session-ended",
            Self::OtherSessionsEnded => "other-sessions-ended",
            Self::NoticesSaved => "notices-saved",
        }
    }
}

/// Why what was typed did not open the door, on any page that asks for a password or a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A field was left empty.
    Missing,
    /// Sign-in: name or password (or, on one page with them, the code) are wrong. It is not said which.
    SignIn,
    /// The password is wrong.
    WrongPassword,
    /// Not that many digits, and no recovery code either.
    CodeShape(u8),
    /// The code is wrong.
    WrongCode,
    /// The code was right and had been used before.
    CodeUsed,
    /// The recovery code is wrong.
    WrongRecoveryCode,
    /// The recovery code was right and had been used before.
    RecoveryCodeUsed,
    /// An invitation is needed.
    InvitationMissing,
    /// That has not the shape of an invitation.
    InvitationShape,
    /// The invitation is wrong, or was used, revoked or replaced.
    InvitationWrong,
    /// The invitation was right and has expired.
    InvitationExpired,
    /// An app password, or a webmail's session, was presented.
    AppPassword,
    /// Sign-in: the account is disabled.
    Disabled,
    /// Sign-in: the password has expired, and is changed where another system keeps it.
    PasswordExpired,
    /// Too many failures: pause.
    Throttled,
    /// The account changed meanwhile.
    Changed,
    /// Sign-in: the code did not come within some minutes after the password.
    StepExpired,
    /// Sign-in: the session was not used for too long, is too old, or was ended.
    SessionEnded,
    /// Too much to do just now.
    Busy,
    /// Passwords cannot be checked.
    Unavailable,
}

impl Problem {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Self; 21] = [
        Self::Missing,
        Self::SignIn,
        Self::WrongPassword,
        Self::CodeShape(6),
        Self::WrongCode,
        Self::CodeUsed,
        Self::WrongRecoveryCode,
        Self::RecoveryCodeUsed,
        Self::InvitationMissing,
        Self::InvitationShape,
        Self::InvitationWrong,
        Self::InvitationExpired,
        Self::AppPassword,
        Self::Disabled,
        Self::PasswordExpired,
        Self::Throttled,
        Self::Changed,
        Self::StepExpired,
        Self::SessionEnded,
        Self::Busy,
        Self::Unavailable,
    ];
}

/// `/sign-in`. Fields: `name`, `password`, and `code` where [`Self::code_field`].
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    /// The name as it was typed.
    pub name: &'a str,
    /// Whether the code is asked for here (IMAP cannot ask twice).
    pub code_field: bool,
    /// What went wrong.
    pub problem: Option<Problem>,
}

/// `/sign-in/code`. Field: `code`, a TOTP code or a recovery code.
#[derive(Clone, Copy)]
pub struct SecondStep<'a> {
    /// Who is signing in.
    pub name: &'a str,
    /// Digits of a code.
    pub digits: u8,
    /// What went wrong.
    pub problem: Option<Problem>,
}

/// `/`
#[derive(Clone, Copy)]
pub struct Overview<'a> {
    /// Whether 2FA is on.
    pub two_factor: bool,
    /// Authenticators that count.
    pub authenticators: usize,
    /// Recovery codes left.
    pub codes_left: usize,
    /// App passwords, revoked ones included (the page counts those that open something, and names those in `last`).
    pub app_passwords: &'a [AppPassword],
    /// What is the matter, most urgent first; the page leaves out what does not concern its owner.
    pub findings: &'a [Finding],
    /// The newest activity, a few entries.
    pub last: &'a [ActivityEntry],
    /// Now.
    pub now: i64,
}

/// `/two-factor`. Forms: `enrol` (field `label`), `recovery-codes`; links to `off` and to each `remove`.
#[derive(Clone, Copy)]
pub struct TwoFactor<'a> {
    /// The account.
    pub account: &'a Account,
    /// Recovery codes left.
    pub codes_left: usize,
    /// Whether the secret of the enrolment that waits can still be shown (`/two-factor/enrol`).
    pub enrolment_held: bool,
    /// The label as it was typed; empty: the page proposes one.
    pub label: &'a str,
    /// Whether an invitation is asked for, too (field `invitation`).
    pub invitation: bool,
    /// What is wrong with what was typed.
    pub problem: Option<BeginProblem>,
    /// Now.
    pub now: i64,
}

/// Why no QR code is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeginProblem {
    /// The label.
    Name(NameFault),
    /// The invitation.
    Invitation(Problem),
}

/// `/two-factor/enrol`. Forms: `confirm` (field `code`), `cancel`.
#[derive(Clone, Copy)]
pub struct Enrol<'a> {
    /// The `otpauth:` URI, for the QR code.
    pub uri: &'a Secret,
    /// The secret as people type it.
    pub secret: &'a Secret,
    /// How codes are made.
    pub form: TotpForm,
    /// What its owner calls the authenticator.
    pub label: &'a str,
    /// Whether this turns 2FA on.
    pub first: bool,
    /// What went wrong.
    pub problem: Option<Problem>,
}

/// `/two-factor/recovery-codes`. Form: `done`; link to `recovery-codes.txt`.
#[derive(Clone, Copy)]
pub struct RecoveryCodes<'a> {
    /// The codes, as they are shown.
    pub codes: &'a [Secret],
    /// Whether 2FA was turned on just now (else: a new set in place of an old one).
    pub first: bool,
}

/// `/two-factor/off`. Fields: `password`, `code`.
#[derive(Clone, Copy)]
pub struct TwoFactorOff {
    /// Digits of a code.
    pub digits: u8,
    /// Whether it takes an invitation to turn it on again.
    pub invitation: bool,
    /// What went wrong.
    pub problem: Option<Problem>,
}

/// `/two-factor/authenticators/{id}/remove`. No fields.
#[derive(Clone, Copy)]
pub struct RemoveAuthenticator<'a> {
    /// Which one. It is not the last that counts.
    pub authenticator: &'a Authenticator,
}

/// `/app-passwords`
#[derive(Clone, Copy)]
pub struct AppPasswords<'a> {
    /// All of them, revoked ones included.
    pub list: &'a [AppPassword],
    /// Whether 2FA is on.
    pub two_factor: bool,
    /// Now.
    pub now: i64,
}

/// `/app-passwords/new`. Fields: `name`, `protocols` (one value for each), `expires` ([`Expires::as_str`]), `expires_on`
/// (a date, where `expires` is `date`), `networks`.
#[derive(Clone, Copy)]
pub struct NewAppPassword<'a> {
    /// What was typed.
    pub form: &'a AppPasswordForm,
    /// What is wrong with it.
    pub problems: &'a [AppPasswordProblem],
    /// Now.
    pub now: i64,
}

/// What was typed for a new app password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppPasswordForm {
    /// What its owner calls it.
    pub name: String,
    /// What it is for.
    pub protocols: Protocols,
    /// When it ends.
    pub expires: Expires,
    /// The date as it was sent: `2027-01-31`.
    pub expires_on: String,
    /// Networks, separated by commas, spaces or lines.
    pub networks: String,
}

impl Default for AppPasswordForm {
    /// The preset: a mail app that reads and sends.
    fn default() -> Self {
        Self {
            name: String::new(),
            protocols: [Protocol::Imap, Protocol::Smtp].into_iter().collect(),
            expires: Expires::Never,
            expires_on: String::new(),
            networks: String::new(),
        }
    }
}

/// The choices of when an app password ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expires {
    /// Not by itself.
    Never,
    /// In 30 days.
    Days30,
    /// In 90 days.
    Days90,
    /// In a year.
    Year,
    /// With the end of a day that is named.
    Date,
}

impl Expires {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 5] = [Self::Never, Self::Days30, Self::Days90, Self::Year, Self::Date];

    /// The value in the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Days30 => "30d",
            Self::Days90 => "90d",
            Self::Year => "1y",
            Self::Date => "date",
        }
    }

    /// Reads the value.
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|expires| expires.as_str() == value)
    }
}

/// What is wrong with a new app password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppPasswordProblem {
    /// The name.
    Name(NameFault),
    /// No protocol was chosen.
    NoProtocol,
    /// No date was given, or it is none.
    NoDate,
    /// The date has passed.
    ExpiryPast,
    /// This part of the networks is no address or network.
    Network(String),
    /// The account has as many as it may have.
    TooMany(usize),
}

/// `/app-passwords/{id}/created`. Form: `done`; link to `profile.mobileconfig` where [`Self::profile`], and to
/// `profile.mobileconfig?password=no` for one without the app password in it.
#[derive(Clone, Copy)]
pub struct AppPasswordCreated<'a> {
    /// The row.
    pub row: &'a AppPassword,
    /// The app password, as it is shown.
    pub secret: &'a Secret,
    /// The servers to type beside it.
    pub servers: &'a Servers,
    /// The user name to type beside it.
    pub user: &'a str,
    /// Whether a configuration profile can be made ([`crate::profile`]).
    pub profile: bool,
    /// Now.
    pub now: i64,
}

/// `/app-passwords/{id}/revoke` and `/app-passwords/revoke-all`. No fields.
#[derive(Clone, Copy)]
pub enum RevokeAppPassword<'a> {
    /// This one.
    One(&'a AppPassword),
    /// All that open something: so many.
    All(usize),
}

/// `/password`. Fields: `current`, `code` (where 2FA is on), `new`, `again`, `revoke_app_passwords` (checkbox, `yes`).
#[derive(Clone, Copy)]
pub struct Password<'a> {
    /// Who: for the password manager.
    pub name: &'a AccountName,
    /// Whether 2FA is on.
    pub two_factor: bool,
    /// Digits of a code.
    pub digits: u8,
    /// False: another system keeps the password, and it is changed there.
    pub keeps_password: bool,
    /// Least number of characters.
    pub min_length: usize,
    /// App passwords that open something.
    pub app_passwords: usize,
    /// Whether they were to be revoked, as it was sent.
    pub revoke: bool,
    /// What went wrong.
    pub problem: Option<PasswordProblem>,
}

/// Why the password was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// The password that it is now, or the code.
    Proof(Problem),
    /// The new password does not follow the rules.
    New(PasswordError),
    /// The new password was not typed alike twice.
    Again,
}

/// `/activity`. Forms: `/sessions/webmail/{id}/end`, `/sessions/panel/{id}/end`, `/sessions/end-others`.
#[derive(Clone, Copy)]
pub struct Activity<'a> {
    /// Newest first.
    pub entries: &'a [ActivityEntry],
    /// To name those that entries are about.
    pub app_passwords: &'a [AppPassword],
    /// Webmail sessions that are alive.
    pub webmail: &'a [Session],
    /// Panel sessions that are alive.
    pub panel: &'a [PanelSessionLine],
    /// Whether there are notices by mail (`/notices`).
    pub notices: bool,
    /// Now.
    pub now: i64,
}

/// `/notices`. Fields: `enabled` (`yes` or nothing), `address`.
#[derive(Clone, Copy)]
pub struct Notices<'a> {
    /// Whether notices are sent.
    pub enabled: bool,
    /// The second address, as it was typed; empty: none.
    pub address: &'a str,
    /// What is wrong with it.
    pub problem: Option<NoticeProblem>,
}

/// What is wrong with the second address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeProblem {
    /// It is no address for mail.
    Address,
    /// It is the mailbox itself.
    Mailbox,
}

/// A line of the list of panel sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelSessionLine {
    /// Its public id.
    pub id: String,
    /// Whether it is the one that looks at the page.
    pub this: bool,
    /// The browser, in words.
    pub agent: String,
    /// What opened it, as the log names it.
    pub method: String,
    /// When it was opened.
    pub opened_at: i64,
    /// From where.
    pub opened_from: String,
    /// When it was last used.
    pub used_at: i64,
    /// From where.
    pub used_from: String,
}

/// `/prove`. Fields: `code` (2FA on) or `password` (off), `next` (hidden).
#[derive(Clone, Copy)]
pub struct Prove<'a> {
    /// Whether 2FA is on.
    pub two_factor: bool,
    /// Digits of a code.
    pub digits: u8,
    /// Where it goes on.
    pub next: &'a str,
    /// What went wrong.
    pub problem: Option<Problem>,
}

/// A page that says one thing. The handler gives the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// 404
    NotFound,
    /// 403: the CSRF token is missing or another session's.
    FormExpired,
    /// 410 or 404: a secret that was shown once is not held any more.
    SecretGone,
    /// 429
    TooManyRequests,
    /// 503: store or keys cannot answer.
    OutOfService,
    /// 500
    Internal,
}

impl Message {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Self; 6] = [
        Self::NotFound,
        Self::FormExpired,
        Self::SecretGone,
        Self::TooManyRequests,
        Self::OutOfService,
        Self::Internal,
    ];
}
