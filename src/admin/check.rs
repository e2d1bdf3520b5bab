//! A dry run of a login: what the module would answer, and why. Nothing is claimed, charged or noted.

use std::net::IpAddr;

use super::{Admin, Result};
use crate::account::{Account, AccountName, Protocol, Requirement};
use crate::auth::{
    Acceptance, Answer, Attempt, Memo, Method, Mode, Presented, PrimarySource, Prover, Reason, after_password, decide,
};
use crate::credential::Secret;

/// A login to be tried out.
pub struct CheckRequest<'a> {
    /// Whose.
    pub name: &'a AccountName,
    /// What kind of program asks, as the PAM service says; an IMAP login from a webmail host is the webmail's all the
    /// same.
    pub mode: Mode,
    /// What it speaks.
    pub protocol: Option<Protocol>,
    /// From where.
    pub remote: Option<IpAddr>,
    /// Who checks the primary password. For a stacked module its word is taken to be good.
    pub primary: PrimarySource,
    /// What is presented.
    pub credential: Secret,
}

/// What the module would answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckOutcome {
    /// How it would be accepted, or why refused.
    pub answer: std::result::Result<Acceptance, Reason>,
    /// The mode that counts.
    pub mode: Mode,
    /// What was presented.
    pub method: Method,
    /// Id of the app password or session, or index of the recovery code.
    pub credential: Option<String>,
    /// When what is accepted here without 2FA will be no more, because 2FA is required from then on.
    pub required_from: Option<i64>,
    /// Whether the stacked module must take the password for this to be the answer.
    pub stack_decides: bool,
}

impl CheckOutcome {
    /// Refused without a look at anything but its length.
    fn unread(reason: Reason, mode: Mode) -> Self {
        Self {
            answer: Err(reason),
            mode,
            method: Method::None,
            credential: None,
            required_from: None,
            stack_decides: false,
        }
    }
}

impl Admin<'_> {
    /// Decides about a login without making it.
    pub fn check(&mut self, request: CheckRequest<'_>, now: i64) -> Result<CheckOutcome> {
        let remote = request.remote.map(|address| address.to_canonical());
        let mode = self.config.mode_from(request.mode, request.protocol, remote);
        let presented = match Presented::read(request.credential) {
            Ok(presented) => presented,
            Err(reason) => return Ok(CheckOutcome::unread(reason, mode)),
        };
        let attempt = Attempt {
            name: request.name.clone(),
            mode,
            protocol: request.protocol,
            remote,
            webmail_host: self.config.is_webmail_host(remote),
            primary: request.primary,
            presented,
        };
        let throttle = attempt.throttle_keys(self.keys);
        let session = attempt.session(self.keys, self.config.policy.webmail_session);
        let loaded = self.store.load(&attempt.lookup(&throttle, session))?;
        let mut memo = Memo::new()?;
        let mut prover = Prover { keys: self.keys, memory: &mut self.memory, memo: &mut memo };
        let policy = &self.config.policy;
        let mut verdict = decide(&attempt, &loaded, policy, &mut prover, now)?;
        let stack_decides = matches!(verdict.answer, Answer::AskStack(_));
        if stack_decides {
            verdict = after_password(&attempt, &loaded, policy, &mut prover, now)?;
        }
        let answer = match verdict.answer {
            Answer::Accept(acceptance) => Ok(acceptance),
            Answer::Refuse(reason) => Err(reason),
            Answer::AskStack(_) => Err(Reason::NotAuthenticated),
        };
        let without = !loaded.account.as_ref().is_some_and(Account::two_factor);
        let required_from = match policy.two_factor_at(&loaded.requirements, now) {
            // App passwords go on to open.
            Requirement::From(time) if without && answer.is_ok() && verdict.method != Method::AppPassword => Some(time),
            Requirement::From(_) | Requirement::Never | Requirement::Now => None,
        };
        let (method, credential) = (verdict.method, verdict.credential);
        Ok(CheckOutcome { answer, mode, method, credential, required_from, stack_decides })
    }
}
