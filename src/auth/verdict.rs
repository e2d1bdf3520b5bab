//! What a decision says: the answer, and what follows from it. Plain data.

use super::reason::Reason;
use crate::credential::{Profile, Secret};
use crate::record::{Claimable, Fault, HashOf};
use crate::session::{SessionDigest, SessionKind};

/// What was presented, as log and activity name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// An app password.
    AppPassword,
    /// The primary password alone.
    Password,
    /// The primary password and a TOTP code.
    Totp,
    /// The primary password and a recovery code.
    RecoveryCode,
    /// A session credential.
    Session,
    /// It was not looked at.
    None,
}

impl Method {
    /// The name used in log, activity and the PAM environment.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AppPassword => "app_password",
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Session => "session",
            Self::None => "none",
        }
    }
}

/// How an acceptance goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Acceptance {
    /// What must be claimed first; without it the attempt is refused.
    pub claim: Option<Claimable>,
    /// What becomes of a session. One that opens is claimed, too.
    pub session: Option<SessionChange>,
    /// Only for turning 2FA on (panel).
    pub enrolment_only: bool,
}

/// What becomes of a session when an attempt is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionChange {
    /// It is opened, together with what is claimed.
    Open(SessionDigest, SessionKind),
    /// It was opened a moment ago by the same sign-in, sent twice, which is not confirmed yet.
    Repeat(SessionDigest),
    /// It is used.
    Use(SessionDigest),
    /// It is ended.
    Close(SessionDigest),
}

/// The answer of a decision.
#[must_use]
pub enum Answer {
    /// Accepted, once what must be claimed was claimed.
    Accept(Acceptance),
    /// The stacked PAM module must say whether this is the primary password; then [`super::after_password`] decides.
    AskStack(Secret),
    /// Refused.
    Refuse(Reason),
}

/// A failure that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultFound {
    /// What was wrong.
    pub fault: Fault,
    /// The time step at which a code was wrong, so that one code tried at every step counts each time.
    pub step: i64,
}

/// A stored hash that new settings would make otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rehash {
    /// Which one.
    pub of: HashOf,
    /// How it should be made.
    pub profile: Profile,
}

/// What was decided, and what follows from it.
#[must_use]
pub struct Verdict {
    /// The answer.
    pub answer: Answer,
    /// What was presented.
    pub method: Method,
    /// Id of the app password or session, or index of the recovery code.
    pub credential: Option<String>,
    /// The session that it is about.
    pub session: Option<SessionDigest>,
    /// Whether the primary password was right, where it was looked at.
    pub password_right: Option<bool>,
    /// What counts against the account and the network.
    pub fault: Option<FaultFound>,
    /// What should be hashed anew with the secret that was just right.
    pub rehash: Option<Rehash>,
}

impl Verdict {
    pub(super) fn accept(method: Method, acceptance: Acceptance) -> Self {
        Self { answer: Answer::Accept(acceptance), ..Self::refuse(method, Reason::NotAuthenticated) }
    }

    pub(super) fn refuse(method: Method, reason: Reason) -> Self {
        let answer = Answer::Refuse(reason);
        Self { answer, method, credential: None, session: None, password_right: None, fault: None, rehash: None }
    }

    /// About this session, which was presented.
    pub(super) fn about(self, session: Option<SessionDigest>) -> Self {
        Self { credential: session.map(|session| session.id().to_string()), session, ..self }
    }

    pub(super) fn of(self, credential: &str) -> Self {
        Self { credential: Some(credential.to_string()), ..self }
    }

    pub(super) fn with_fault(self, fault: Fault, step: i64) -> Self {
        Self { fault: Some(FaultFound { fault, step }), ..self }
    }
}
