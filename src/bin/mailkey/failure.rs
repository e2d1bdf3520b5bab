//! How a run ended: exit codes, and errors with their next step.

use std::io::{self, Write};
use std::process::ExitCode;

use mailkey::admin::AdminError;
use mailkey::admin::instance::InstanceError;
use mailkey::config::ConfigError;
use mailkey::store::StoreError;

/// The exit codes of `mailkey --help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Something is broken, or may not be used by this user.
    Failed = 1,
    /// The arguments are wrong.
    Usage = 2,
    /// Refused.
    Refused = 3,
    /// Not found.
    NotFound = 4,
    /// Exists already.
    Exists = 5,
    /// Done, and something wants attention.
    Warnings = 6,
    /// Done, and something is wrong.
    Errors = 7,
}

/// What went wrong, and what to do about it.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    what: String,
    next: Option<String>,
    silent: bool,
}

/// How a verb ended. [`Exit::Refused`] without a failure is an answer that was printed.
pub type Outcome = Result<Exit, Failure>;

impl Failure {
    /// A failure in one sentence.
    pub fn new(exit: Exit, what: impl std::fmt::Display) -> Self {
        Self { exit, what: what.to_string(), next: None, silent: false }
    }

    /// Wrong arguments; `example` shows right ones.
    pub fn usage(what: impl std::fmt::Display, example: impl std::fmt::Display) -> Self {
        Self::new(Exit::Usage, what).next(format_args!("for example: {example}"))
    }

    /// What went wrong, in one sentence.
    pub fn what(self) -> String {
        self.what
    }

    /// What went wrong, in words.
    pub fn into_text(self) -> String {
        self.what
    }

    /// With the next step, or an example.
    pub fn next(self, next: impl std::fmt::Display) -> Self {
        Self { next: Some(next.to_string()), ..self }
    }
}

impl From<AdminError> for Failure {
    fn from(error: AdminError) -> Self {
        let failure = |exit| Self::new(exit, &error);
        match &error {
            AdminError::Unavailable(_) => failure(Exit::Failed),
            AdminError::NoAccount(name) => failure(Exit::NotFound).next(format_args!(
                "`mailkey user list` shows the accounts; `mailkey user add {name}` creates this one"
            )),
            AdminError::AccountExists(name) => {
                failure(Exit::Exists).next(format_args!("`mailkey user show {name}` shows it"))
            }
            AdminError::DomainConflict(..) => {
                failure(Exit::Exists).next("`mailkey domain rename OLD NEW --dry-run` looks without changing anything")
            }
            AdminError::NoDomain(_) => failure(Exit::NotFound).next("`mailkey user list` shows the accounts"),
            AdminError::SameName => {
                failure(Exit::Usage).next("for example: mailkey user rename old@example.org new@example.org")
            }
            AdminError::Changed(_) | AdminError::PasswordElsewhere(_) => failure(Exit::Refused),
            AdminError::LastAuthenticator(name) => failure(Exit::Refused).next(format_args!(
                "`mailkey totp enroll {name}` adds another one, `mailkey totp disable {name}` turns 2FA off"
            )),
            AdminError::NoAuthenticator(name, _) => {
                failure(Exit::NotFound).next(format_args!("for example: mailkey totp status {name}"))
            }
            AdminError::Password(_) | AdminError::CodeShape(_) | AdminError::WrongCode => failure(Exit::Refused),
            AdminError::NoEnrolment(name) => {
                failure(Exit::NotFound).next(format_args!("for example: mailkey totp enroll {name}"))
            }
            AdminError::TwoFactorOff(name) => {
                failure(Exit::Refused).next(format_args!("for example: mailkey totp enroll {name}"))
            }
            AdminError::Invitation(name, _) => {
                failure(Exit::Refused).next(format_args!("for example: mailkey user invite {name}"))
            }
            AdminError::NoInvitation(name) => {
                failure(Exit::NotFound).next(format_args!("`mailkey user invite {name}` makes one"))
            }
            AdminError::TwoFactorOn(name) => {
                failure(Exit::Refused).next(format_args!("for a lost phone: mailkey user reset-2fa {name} --invite"))
            }
            AdminError::Name(_) => failure(Exit::Usage).next("for example: --name \"Alice's phone\""),
            AdminError::Notice(_) => {
                failure(Exit::Usage).next("for example: --also alice@elsewhere.example --language de")
            }
            AdminError::NoProtocol => failure(Exit::Usage).next("for example: --protocol imap,smtp"),
            AdminError::ExpiryPast => failure(Exit::Usage).next("for example: --expires 90d"),
            AdminError::NoAppPassword(name, _) => {
                failure(Exit::NotFound).next(format_args!("for example: mailkey app-password list {name} --revoked"))
            }
            AdminError::RecipientsBehind { .. } => {
                failure(Exit::Failed).next("then `mailkey init` brings all accounts into step")
            }
            AdminError::NoSession(name, _) => {
                failure(Exit::NotFound).next(format_args!("for example: mailkey session list {name}"))
            }
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(Exit::Failed, error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(Exit::Failed, error)
    }
}

impl From<InstanceError> for Failure {
    fn from(error: InstanceError) -> Self {
        let exit = match error {
            InstanceError::DataDirNeeded | InstanceError::OtherDatabase { .. } | InstanceError::Path(_) => Exit::Usage,
            _ => Exit::Failed,
        };
        let failure = Self::new(exit, &error);
        match error {
            InstanceError::DataDirNeeded => {
                failure.next("for example: mailkey --config /tmp/try/mailkey.toml init --data-dir /tmp/try/data")
            }
            _ => failure,
        }
    }
}

/// What could not be written to standard output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let failure = Self::new(Exit::Failed, format_args!("standard output cannot be written: {error}"));
        // Whoever read it (`head`, a pager) has seen enough and wants to hear no more.
        Self { silent: error.kind() == io::ErrorKind::BrokenPipe, ..failure }
    }
}

/// Says on standard error what went wrong; returns the exit code.
pub fn report(outcome: Outcome) -> ExitCode {
    let exit = outcome.unwrap_or_else(|failure| {
        if !failure.silent {
            say(&format!("mailkey: {}", failure.what));
            if let Some(next) = &failure.next {
                say(&format!("         {next}"));
            }
        }
        failure.exit
    });
    ExitCode::from(exit as u8)
}

/// A warning on standard error; the run goes on.
pub fn warn(what: impl std::fmt::Display) {
    say(&format!("mailkey: {what}"));
}

/// What clap has to say: help and version, or wrong arguments.
pub fn usage(message: &clap::Error) -> ExitCode {
    if !message.use_stderr() {
        let exit = match message.print() {
            Ok(()) => Exit::Done,
            Err(error) => return report(Err(error.into())),
        };
        return report(Ok(exit));
    }
    let text = message.render().to_string();
    say(text.strip_prefix("error: ").map_or(text.clone(), |rest| format!("mailkey: {rest}")).trim_end());
    report(Ok(Exit::Usage))
}

/// One line to standard error; where that is closed there is nobody to tell.
fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
