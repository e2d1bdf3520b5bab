//! The calls of libpam, read top-down: options → attempt → case → answer and one line.

use std::net::IpAddr;

use super::case::{self, Case, Settled};
use super::line::{Line, Outcome};
use super::options::{Options, StackUser};
use super::transaction::{Accepted, Code, Identity, Pending, Stage, State, Transaction};
use super::{Trouble, TroubleKind, clock, worker};
use crate::account::{AccountName, Protocol};
use crate::auth::{Answer, Attempt, Method, Mode, Presented, PrimarySource, Reason, Verdict};
use crate::config::Config;
use crate::credential::session::PresentedSession;
use crate::credential::{Secret, random};
use crate::shared::passwords::Set;

/// The variable of the PAM environment that says in panel mode why an attempt was refused.
const REASON: &str = "MAILKEY_REASON";

/// The variable in which the panel says what it presents: it asks for the code on a page of its own, and digits at the
/// end of the password that comes before are the password's.
const PRESENTED: &str = "MAILKEY_PRESENTED";

/// How a call ended, before it is logged.
enum End {
    /// With the outcome of the attempt.
    Outcome(Outcome),
    /// With this answer; the attempt's line is written by another call.
    Unlogged(Code),
}

impl From<Reason> for End {
    fn from(reason: Reason) -> Self {
        Self::Outcome(Outcome::Refused(reason))
    }
}

/// `pam_sm_authenticate`: the deciding line, and the `finish` line behind a stacked module.
pub fn authenticate(transaction: &mut dyn Transaction, arguments: &[Vec<u8>]) -> Code {
    let mut line = Line::of(transaction);
    let options = read_options(arguments, &line);
    let panel = options.as_ref().is_ok_and(|options| options.is_panel(&line));
    let end = options.and_then(|options| {
        if options.finish { finish(transaction, &options, &mut line) } else { begin(transaction, &options, &mut line) }
    });
    conclude(transaction, &line, end, panel)
}

/// `pam_sm_acct_mgmt`: success only where this very transaction was accepted, finished and claimed for this PAM_USER. A
/// program asks for it when the authentication as a whole has succeeded, so that a session which waited for that counts
/// from here on.
pub fn account(transaction: &mut dyn Transaction, arguments: &[Vec<u8>]) -> Code {
    let line = Line::of(transaction);
    let options = read_options(arguments, &line);
    let panel = options.as_ref().is_ok_and(|options| options.is_panel(&line));
    let outcome = match options.and_then(|options| confirm(transaction, &options)) {
        Ok(Confirmation::Accepted) => return Code::Success,
        // That attempt's line is its own.
        Ok(Confirmation::Pending) => return Code::PermDenied,
        Ok(Confirmation::Refused(reason)) => Outcome::Refused(reason),
        Err(trouble) => Outcome::Unavailable(trouble),
    };
    line.log(&outcome);
    tell_reason(transaction, &outcome, panel);
    if ends_process(transaction, &outcome) { Code::EndProcess } else { Code::PermDenied }
}

/// What the account line finds in its transaction.
enum Confirmation {
    Accepted,
    Pending,
    Refused(Reason),
}

fn confirm(transaction: &mut dyn Transaction, options: &Options) -> Result<Confirmation, Trouble> {
    // The stacked module may have said yes, and the finish line is missing.
    if close_pending(transaction, Some(Reason::NotAuthenticated)) {
        return Ok(Confirmation::Pending);
    }
    let user = transaction.user();
    match transaction.take_state().filter(State::is_here) {
        Some(State { stage: Stage::Accepted(Accepted { identity, unconfirmed }), .. }) if identity.is(&user) => {
            if let Some((config, digest)) = unconfirmed
                && !worker::with(&config, |desk| Ok(desk.store.confirm_session(digest)?))?
            {
                return Ok(Confirmation::Refused(Reason::AccountChanged));
            }
            if options.finish {
                transaction.set_user(identity.name.as_str())?;
            }
            transaction.put_state(State::new(Stage::Accepted(Accepted { identity, unconfirmed: None })))?;
            Ok(Confirmation::Accepted)
        }
        _ => Ok(Confirmation::Refused(Reason::NotAuthenticated)),
    }
}

/// The phases of `pam_sm_chauthtok`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangePhase {
    /// PAM_PRELIM_CHECK: is everything there, and is the current password right?
    Check,
    /// PAM_UPDATE_AUTHTOK: set the new one.
    Update,
}

/// `pam_sm_chauthtok`: changes the primary password that mailkey keeps. With 2FA on, the current password is followed
/// by a code, as at a sign-in to the panel.
pub fn change_password(transaction: &mut dyn Transaction, arguments: &[Vec<u8>], phase: ChangePhase) -> Code {
    let mut line = Line { operation: Some("password_change"), ..Line::of(transaction) };
    let end = read_options(arguments, &line).and_then(|options| match (options.primary, phase) {
        (PrimarySource::Stack { .. }, _) => Ok(End::Unlogged(Code::Ignore)),
        (PrimarySource::Store, ChangePhase::Check) => check_current(transaction, &options, &mut line),
        (PrimarySource::Store, ChangePhase::Update) => set_new(transaction, &options, &mut line),
    });
    match conclude(transaction, &line, end, false) {
        Code::AuthErr if phase == ChangePhase::Update => Code::AuthtokErr,
        code => code,
    }
}

/// What libpam's cleanup finds in a transaction that ended: an attempt that never came to its `finish` line counts as a
/// wrong password, since the stacked module did not let it through.
pub fn abandoned(state: State) {
    end_pending(state, None);
}

/// Charges a pending attempt as a wrong password, and logs it with `reason`, or as one.
fn end_pending(state: State, reason: Option<Reason>) {
    if !state.is_here() {
        return;
    }
    let Stage::Pending(pending) = state.stage else { return };
    let Pending { attempt, config, mut line, .. } = *pending;
    let settled = worker::with(&config, |desk| {
        let case = Case::load(&attempt, desk, clock::now())?;
        let verdict = case.wrong_password();
        let verdict = match reason {
            Some(reason) => Verdict { answer: Answer::Refuse(reason), password_right: None, ..verdict },
            None => verdict,
        };
        case.settle(verdict, &mut line)
    });
    line.log(&settled.map_or_else(Outcome::Unavailable, |settled| settled.outcome));
}

/// Ends an attempt that is still pending when something else begins in its transaction: it was not let through.
fn close_pending(transaction: &mut dyn Transaction, reason: Option<Reason>) -> bool {
    let Some(state) = transaction.take_state() else { return false };
    if matches!(state.stage, Stage::Pending(_)) {
        end_pending(state, reason);
        return true;
    }
    // It stays what it was; that this cannot fail where it was just taken, the account line does not rely on.
    let _ = transaction.put_state(state);
    false
}

/// Logs a panic that an entry point stopped, and forgets what it may have left half done.
pub fn panicked(entry: &str) {
    worker::reset();
    let trouble = Trouble::new(TroubleKind::Internal, format_args!("a panic in {entry} was stopped: please report it"));
    Line::default().log(&Outcome::Unavailable(trouble));
}

fn read_options(arguments: &[Vec<u8>], line: &Line) -> Result<Options, Trouble> {
    let options = Options::read(arguments).map_err(|error| Trouble::new(TroubleKind::BadOption, error))?;
    if options.debug {
        line.log_debug(&options);
    }
    Ok(options)
}

/// The deciding line.
fn begin(transaction: &mut dyn Transaction, options: &Options, line: &mut Line) -> Result<End, Trouble> {
    // An attempt that was pending when the next one begins in the same transaction was not let through.
    close_pending(transaction, None);
    // Asked for before anything is opened: a program may take its time to answer.
    let presented = transaction.password()?;
    worker::with(&options.config, |desk| {
        let mut attempt = match read_attempt(presented, options, line, desk.config) {
            Ok(attempt) => attempt,
            Err(reason) => return Ok(reason.into()),
        };
        if attempt.mode == Mode::Panel && transaction.env(PRESENTED) == b"password" {
            attempt.presented = attempt.presented.without_code();
        }
        if options.stack_user == StackUser::Local && !is_sole_local(&attempt.name, desk.config)? {
            return Ok(Reason::InvalidName.into());
        }
        let identity = Identity::of(&attempt.name, options.stack_user);
        let (case, mut verdict) = Case::decided(&attempt, desk, clock::now())?;
        if let Answer::AskStack(password) = &mut verdict.answer {
            let password = std::mem::take(password);
            line.method = Some(verdict.method);
            return ask_stack(transaction, password, attempt, identity, options, line);
        }
        let settled = case.settle(verdict, line)?;
        answer(transaction, settled, &identity, options, line)
    })
}

/// Hands the bare password to the stacked module.
fn ask_stack(
    transaction: &mut dyn Transaction,
    password: Secret,
    attempt: Attempt,
    identity: Identity,
    options: &Options,
    line: &Line,
) -> Result<End, Trouble> {
    transaction.set_user(&identity.stacked)?;
    transaction.set_password(&password)?;
    if attempt.mode == Mode::Panel {
        // Where the stack ends before our finish line, it was this.
        transaction.set_env(REASON, Reason::WrongPassword.as_str())?;
    }
    let pending = Pending { attempt, identity, config: options.config.clone(), line: line.clone() };
    transaction.put_state(State::new(Stage::Pending(Box::new(pending))))?;
    Ok(End::Unlogged(Code::Ignore))
}

/// The line behind the stacked module: it runs only when that has accepted the password.
fn finish(transaction: &mut dyn Transaction, options: &Options, line: &mut Line) -> Result<End, Trouble> {
    let user = transaction.user();
    let Some(state) = transaction.take_state().filter(State::is_here) else {
        return Ok(Reason::NotAuthenticated.into());
    };
    let pending = match state.stage {
        Stage::Pending(pending) if pending.config == options.config && pending.identity.is(&user) => pending,
        // The deciding line has accepted an app password, and the stack went on all the same.
        Stage::Accepted(accepted) if accepted.identity.is(&user) => {
            transaction.put_state(State::new(Stage::Accepted(accepted)))?;
            return Ok(End::Unlogged(Code::Success));
        }
        // The deciding line has refused, and logged it.
        Stage::Refused => return Ok(End::Unlogged(Code::AuthErr)),
        // Another account or configuration than the deciding line's: what is pending counts there.
        Stage::Pending(pending) => {
            abandoned(State::new(Stage::Pending(pending)));
            return Ok(End::Unlogged(Code::AuthErr));
        }
        Stage::Accepted(_) | Stage::MayChange { .. } => return Ok(Reason::NotAuthenticated.into()),
    };
    let Pending { attempt, identity, line: begun, .. } = *pending;
    *line = begun;
    let unix_refused = transaction.unix_refused(&identity.stacked);
    worker::with(&options.config, |desk| {
        let mut case = Case::load(&attempt, desk, clock::now())?;
        // pam_unix said no, and a wrong control word let the stack come here.
        let verdict = if unix_refused { case.wrong_password() } else { case.after_password()? };
        let settled = case.settle(verdict, line)?;
        answer(transaction, settled, &identity, options, line)
    })
}

/// Marks the transaction as accepted where it was.
fn answer(
    transaction: &mut dyn Transaction,
    settled: Settled,
    identity: &Identity,
    options: &Options,
    line: &Line,
) -> Result<End, Trouble> {
    if settled.outcome == Outcome::Accepted {
        let user = if options.primary == PrimarySource::Store { identity.name.as_str() } else { &identity.stacked };
        transaction.set_user(user)?;
        transaction.set_env("MAILKEY_ACCOUNT", identity.name.as_str())?;
        transaction.set_env("MAILKEY_METHOD", line.method.unwrap_or(Method::None).as_str())?;
        transaction.set_env("MAILKEY_CREDENTIAL_ID", line.credential.as_deref().unwrap_or_default())?;
        transaction.set_env("MAILKEY_ENROLMENT_ONLY", if settled.enrolment_only { "1" } else { "" })?;
        if line.mode == Some(Mode::Panel) {
            transaction.set_env(REASON, "")?;
        }
        let unconfirmed = settled.unconfirmed.map(|digest| (options.config.clone(), digest));
        transaction.put_state(State::new(Stage::Accepted(Accepted { identity: identity.clone(), unconfirmed })))?;
    }
    Ok(End::Outcome(settled.outcome))
}

/// Writes the line, and makes a refusal stick: what follows in the stack finds neither a usable password nor a state
/// that our account line would accept.
fn conclude(transaction: &mut dyn Transaction, line: &Line, end: Result<End, Trouble>, panel: bool) -> Code {
    let outcome = match end {
        Ok(End::Unlogged(code)) => return code,
        Ok(End::Outcome(outcome)) => outcome,
        Err(trouble) => Outcome::Unavailable(trouble),
    };
    line.log(&outcome);
    if outcome != Outcome::Accepted {
        // Where even these two fail, the code below still refuses.
        let _ = transaction.put_state(State::new(Stage::Refused));
        let unusable = random::<16>().map(|bytes| data_encoding::HEXLOWER.encode(&bytes));
        let _ = transaction.set_password(&Secret::from(unusable.unwrap_or_else(|_| "\u{1}refused".into())));
    }
    tell_reason(transaction, &outcome, panel);
    if ends_process(transaction, &outcome) { Code::EndProcess } else { outcome.code() }
}

/// Whether no answer is better than a refusal: Dovecot takes every answer of PAM for a wrong password, and clients then ask
/// for another one. Only its workers may end; each works for one login at a time.
fn ends_process(transaction: &dyn Transaction, outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Unavailable(trouble) if trouble.ends_worker) && transaction.terminal() == b"dovecot"
}

/// The panel, and nobody else, is told why: it asks for a code where the password was right.
fn tell_reason(transaction: &mut dyn Transaction, outcome: &Outcome, panel: bool) {
    if let (true, Some(reason)) = (panel, outcome.reason()) {
        // Without it the panel says less, and lets nobody in.
        let _ = transaction.set_env(REASON, reason);
    }
}

/// The attempt that is made by presenting `presented`; a reason where that can be none.
fn read_attempt(presented: Secret, options: &Options, line: &mut Line, config: &Config) -> Result<Attempt, Reason> {
    let remote = read_address(&line.rhost);
    let (mode, protocol) = options.mode_and_protocol(&String::from_utf8_lossy(&line.service));
    let mode = if options.mode.is_some() { mode } else { config.mode_from(mode, protocol, remote) };
    line.mode = Some(mode);
    line.protocol = protocol.map(Protocol::as_str);
    let name = AccountName::parse(&line.user, &config.names).map_err(|_| Reason::InvalidName)?;
    line.user = name.as_str().as_bytes().to_vec();
    let presented = Presented::read(presented)?;
    match presented.session() {
        Some(PresentedSession::Open(_)) => line.operation = Some("session_open"),
        Some(PresentedSession::Close(_)) => line.operation = Some("session_close"),
        Some(PresentedSession::Use(_) | PresentedSession::Malformed) | None => {}
    }
    let webmail_host = config.is_webmail_host(remote);
    Ok(Attempt { name, mode, protocol, remote, webmail_host, primary: options.primary, presented })
}

/// With `stack_user=local` the stacked module and the daemon get the local part alone: a name of another domain would be
/// the same person to them, under a record of its own or none.
fn is_sole_local(name: &AccountName, config: &Config) -> Result<bool, Trouble> {
    if config.names.default_domain.is_none() && !config.names.bare_names {
        let detail = "stack_user=local is for the accounts of one domain: set default_domain (or bare_names) in the configuration";
        return Err(Trouble::new(TroubleKind::BadOption, detail));
    }
    Ok(name.is_sole_local(&config.names))
}

/// PAM_RHOST, where it is an address; an IPv4 address mapped to IPv6 is an IPv4 address.
fn read_address(rhost: &[u8]) -> Option<IpAddr> {
    std::str::from_utf8(rhost).ok()?.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

fn check_current(transaction: &mut dyn Transaction, options: &Options, line: &mut Line) -> Result<End, Trouble> {
    close_pending(transaction, None);
    let presented = transaction.old_password()?;
    let options = Options { mode: Some(Mode::Panel), ..options.clone() };
    worker::with(&options.config, |desk| {
        let attempt = match read_attempt(presented, &options, line, desk.config) {
            Ok(attempt) => attempt,
            Err(reason) => return Ok(reason.into()),
        };
        let (case, verdict) = Case::decided(&attempt, desk, clock::now())?;
        let settled = case.settle(verdict, line)?;
        let account = match (&settled.outcome, settled.account) {
            (Outcome::Accepted, _) if settled.enrolment_only => return Ok(Reason::EnrolmentRequired.into()),
            (Outcome::Accepted, Some(account)) => account,
            _ => return Ok(End::Outcome(settled.outcome)),
        };
        let identity = Identity::of(&attempt.name, StackUser::Full);
        transaction.set_user(identity.name.as_str())?;
        let line = Box::new(line.clone());
        transaction.put_state(State::new(Stage::MayChange { identity, account, line }))?;
        Ok(End::Unlogged(Code::Success))
    })
}

fn set_new(transaction: &mut dyn Transaction, options: &Options, line: &mut Line) -> Result<End, Trouble> {
    let user = transaction.user();
    let Some(State { stage: Stage::MayChange { identity, account, line: begun }, .. }) =
        transaction.take_state().filter(State::is_here)
    else {
        return Ok(Reason::NotAuthenticated.into());
    };
    *line = *begun;
    if !identity.is(&user) {
        return Ok(Reason::NotAuthenticated.into());
    }
    let new = transaction.password()?;
    let set =
        worker::with(&options.config, |desk| case::set_password(&identity.name, account, &new, desk, clock::now()))?;
    Ok(match set {
        Set::Done(_) => End::Outcome(Outcome::Accepted),
        Set::Changed => Reason::AccountChanged.into(),
        Set::Refused(error) => {
            transaction.tell(&format!("mailkey: {error}"));
            Reason::PasswordRefused.into()
        }
    })
}

impl Options {
    /// Whether the panel asks; no address makes another program of it.
    fn is_panel(&self, line: &Line) -> bool {
        self.mode_and_protocol(&String::from_utf8_lossy(&line.service)).0 == Mode::Panel
    }
}

impl Line {
    fn of(transaction: &dyn Transaction) -> Self {
        Self {
            service: transaction.service(),
            user: transaction.user(),
            rhost: transaction.remote_host(),
            ..Self::default()
        }
    }
}

impl Identity {
    fn of(name: &AccountName, form: StackUser) -> Self {
        let stacked = match form {
            StackUser::Full => name.as_str(),
            StackUser::Local => name.local(),
        };
        Self { name: name.clone(), stacked: stacked.to_string() }
    }
}
