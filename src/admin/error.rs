//! Why an administrative change was not made, in sentences that say what to do.

use std::fmt;

use super::app_passwords::MAX_APP_PASSWORD_NAME;
use crate::account::{AccountName, AppPasswordId, DomainName};
use crate::auth::ProofError;
use crate::credential::RandomError;
use crate::credential::hash::HashError;
use crate::credential::password::PasswordError;
use crate::credential::totp::SealError;
use crate::invitation::InvitationFault;
use crate::locale::LANGUAGES;
use crate::recipients::RecipientsError;
use crate::session::SessionId;
use crate::shared::passwords::Failed;
use crate::store::{DomainRename, StoreError};

/// What is wrong with the name of an app password or authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// Nothing but spaces.
    Empty,
    /// More than [`MAX_APP_PASSWORD_NAME`] characters.
    TooLong,
    /// A control character, or one that changes the order or the lines of the text around it.
    Unprintable,
}

/// What is wrong with how somebody wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeFault {
    /// That is no address for mail.
    Address(String),
    /// The second address is the mailbox itself.
    Mailbox,
    /// No letters are written in this language.
    Language(String),
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdminError {
    /// The store or the keys cannot answer. Nothing is known about the account.
    Unavailable(String),
    /// No account has this name.
    NoAccount(AccountName),
    /// An account has this name already.
    AccountExists(AccountName),
    /// A domain was to be renamed, and some of its accounts have no place in the new one; or something else is set for
    /// that. Nothing was done.
    DomainConflict(DomainName, DomainRename),
    /// The domain has no accounts.
    NoDomain(DomainName),
    /// The old and the new name are the same.
    SameName,
    /// The account is not what it was when the visitor signed in: somebody changed it meanwhile. Nothing was done.
    Changed(AccountName),
    /// Another PAM module keeps the account's primary password.
    PasswordElsewhere(AccountName),
    /// The new primary password does not follow the rules.
    Password(PasswordError),
    /// No enrolment waits for a code.
    NoEnrolment(AccountName),
    /// The invitation to turn 2FA on that was shown, or not shown.
    Invitation(AccountName, InvitationFault),
    /// There is no invitation that could be revoked.
    NoInvitation(AccountName),
    /// 2FA is on, so there is nothing to be invited to.
    TwoFactorOn(AccountName),
    /// 2FA is off, so there is nothing that recovery codes could recover.
    TwoFactorOff(AccountName),
    /// The account has no such authenticator, or it waits for its first code.
    NoAuthenticator(AccountName, i64),
    /// It is the last authenticator: without it 2FA is off.
    LastAuthenticator(AccountName),
    /// The code does not have the shape of this authenticator's: so many digits.
    CodeShape(u8),
    /// The code is not the authenticator's.
    WrongCode,
    /// The name of an app password or an authenticator.
    Name(NameFault),
    /// How its owner wants to be told.
    Notice(NoticeFault),
    /// An app password without a protocol would open nothing.
    NoProtocol,
    /// The app password would have expired before it was made.
    ExpiryPast,
    /// The account has no such app password, or it was revoked before.
    NoAppPassword(AccountName, AppPasswordId),
    /// The account has no such session, or it ended before.
    NoSession(AccountName, SessionId),
    /// The change **was made**, and the recipients database does not know of it.
    RecipientsBehind {
        /// What was done: "alice@example.org was created".
        done: String,
        /// Why the recipients database could not follow.
        why: RecipientsError,
    },
}

impl fmt::Display for AdminError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(what) => f.write_str(what),
            Self::NoAccount(name) => write!(f, "there is no account {name}"),
            Self::AccountExists(name) => write!(f, "the account {name} exists already"),
            Self::DomainConflict(new, rename) if rename.requirements_differ => {
                write!(
                    f,
                    "different answers are set for the two domains by `mailkey require`: clear one of them first"
                )?;
                conflicts(f, new, rename)
            }
            Self::DomainConflict(new, rename) => {
                f.write_str("nothing was renamed")?;
                conflicts(f, new, rename)
            }
            Self::NoDomain(domain) => write!(f, "no account has a name in @{domain}"),
            Self::SameName => f.write_str("the old and the new name are the same"),
            Self::Changed(name) => write!(f, "the account {name} was changed meanwhile: sign in again"),
            Self::PasswordElsewhere(name) => {
                write!(f, "the password of {name} is kept elsewhere: change it where it is kept")
            }
            Self::Password(error) => error.fmt(f),
            Self::NoEnrolment(name) => write!(f, "no enrolment of {name} waits for a code: begin one first"),
            Self::Invitation(name, fault) => match fault {
                InvitationFault::Missing => write!(f, "{name} turns 2FA on with an invitation only: show one"),
                InvitationFault::Shape => f.write_str("that is no invitation: it has 16 letters and digits"),
                InvitationFault::Wrong => {
                    write!(f, "the invitation of {name} is wrong, or was used, revoked or replaced: make another one")
                }
                InvitationFault::Expired => write!(f, "the invitation of {name} has expired: make another one"),
                InvitationFault::Throttled => f.write_str("there were too many wrong ones: wait some minutes"),
            },
            Self::NoInvitation(name) => write!(f, "{name} has no invitation"),
            Self::TwoFactorOn(name) => {
                write!(
                    f,
                    "2FA of {name} is on: an invitation is for turning it on, and a further authenticator needs none"
                )
            }
            Self::TwoFactorOff(name) => write!(f, "2FA is off for {name}: turn it on first"),
            Self::NoAuthenticator(name, id) => {
                write!(f, "{name} has no authenticator {id} that can be removed: look at the list")
            }
            Self::LastAuthenticator(name) => {
                write!(f, "that is the last authenticator of {name}: add another one first, or turn 2FA off")
            }
            Self::CodeShape(digits) => {
                write!(f, "that is no code: type the {digits} digits that the authenticator app shows now")
            }
            Self::WrongCode => f.write_str("the code is wrong: check the clock of the phone and of this machine"),
            Self::Name(NameFault::Empty) => f.write_str("the name is empty: say which device it is for"),
            Self::Name(NameFault::TooLong) => {
                write!(f, "the name is too long: use at most {MAX_APP_PASSWORD_NAME} characters")
            }
            Self::Name(NameFault::Unprintable) => {
                f.write_str("the name contains a character that cannot be shown: use letters, digits, symbols, spaces")
            }
            Self::Notice(NoticeFault::Address(address)) => {
                write!(f, "{address:?} is no address for mail: write it as alice@elsewhere.example")
            }
            Self::Notice(NoticeFault::Mailbox) => {
                f.write_str("the mailbox itself is told in any case: name an address outside of it")
            }
            Self::Notice(NoticeFault::Language(tag)) => {
                write!(f, "{tag:?} is no language that letters are written in: choose one of")?;
                LANGUAGES.iter().try_for_each(|language| write!(f, " {}", language.tag))
            }
            Self::NoProtocol => f.write_str("without a protocol the app password opens nothing: name at least one"),
            Self::ExpiryPast => f.write_str("the expiry lies in the past: choose a later one"),
            Self::NoAppPassword(name, id) => {
                write!(f, "{name} has no app password {id}, or it was revoked before: look at the list")
            }
            Self::NoSession(name, id) => {
                write!(f, "{name} has no session {id}, or it ended before: look at the list")
            }
            Self::RecipientsBehind { done, why } => {
                write!(f, "{done}, but Dovecot and Postfix do not see that yet: {why}")
            }
        }
    }
}

/// Whose new names are taken or too long, as the rest of a sentence.
fn conflicts(f: &mut fmt::Formatter<'_>, new: &DomainName, rename: &DomainRename) -> fmt::Result {
    if rename.conflicts.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = rename.conflicts.iter().map(AccountName::as_str).collect();
    let more = if names.len() == DomainRename::MOST_SHOWN { ", and perhaps more" } else { "" };
    write!(f, "; in @{new} there is an account already, or the name is too long, for {}{more}", names.join(", "))
}

impl std::error::Error for AdminError {}

impl From<StoreError> for AdminError {
    /// For operations that name nothing; where an account or an id is named, the caller says which.
    fn from(error: StoreError) -> Self {
        Self::Unavailable(match error {
            StoreError::Unavailable(what) => what,
            StoreError::NotFound | StoreError::Exists => "the account was changed meanwhile: try again".into(),
        })
    }
}

impl From<PasswordError> for AdminError {
    fn from(error: PasswordError) -> Self {
        Self::Password(error)
    }
}

impl From<HashError> for AdminError {
    fn from(error: HashError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<Failed> for AdminError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Store(error) => error.into(),
            Failed::Hash(error) => error.into(),
        }
    }
}

impl From<SealError> for AdminError {
    fn from(error: SealError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<ProofError> for AdminError {
    fn from(error: ProofError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<RandomError> for AdminError {
    fn from(error: RandomError) -> Self {
        Self::Unavailable(error.to_string())
    }
}
