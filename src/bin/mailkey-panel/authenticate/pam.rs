//! Sign-ins through libpam: a worker process for each ([`mailkey::pam_worker`]), a few at once, none for ever.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;

use mailkey::account::{AccountName, MAX_NAME, NameRules};
use mailkey::credential::{Secret, random};
use mailkey::pam_worker;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::{Instant, timeout};

use super::places::{Limits, Places};
use super::{Accepted, Answer, Method, Refused, Trouble, join, read_code, tell};
use mailkey::pam_worker::wire::{LONGEST, Reply, Report, Request};

/// The panel's own program, also where a newer one was installed meanwhile: both sides speak the same.
pub const OWN_PROGRAM: &str = "/proc/self/exe";

/// What an administrator does about a service that is not mailkey's.
const ADVICE: &str = "its file in /etc/pam.d must hold the lines of pam_mailkey.so, in the mode panel";

/// Whoever asks libpam.
pub struct Authenticator {
    service: String,
    names: NameRules,
    program: PathBuf,
    warn: Warn,
    places: Places,
}

/// Tells the administrator of what looks wrong and stops nothing.
pub type Warn = fn(fmt::Arguments<'_>);

impl Authenticator {
    /// With the PAM service `service`; `names` are those of mailkey's configuration; `program` is called with the argument
    /// `pam-worker` for each sign-in.
    pub fn new(service: &str, names: NameRules, program: PathBuf, limits: Limits, warn: Warn) -> Self {
        Self { service: service.into(), names, program, warn, places: Places::new(limits) }
    }

    /// Asks about `name` with a password and, once that was found to be right, the code as it was typed; `from` is the
    /// visitor's address.
    pub async fn authenticate(
        &self,
        name: &str,
        password: &Secret,
        code: Option<&Secret>,
        from: Option<IpAddr>,
    ) -> Result<Answer, Trouble> {
        let since = Instant::now();
        let code = match code.map(read_code) {
            Some(None) => return Ok(Answer::Refused(Refused::WrongCode)),
            Some(code) => code,
            None => None,
        };
        let answer = match join(password, code.as_ref()) {
            Some(credential) if !name.is_empty() && name.len() <= MAX_NAME && !name.contains('\0') => {
                self.ask(name, credential, code.is_none(), from).await?
            }
            _ => Answer::Refused(Refused::WrongCredential),
        };
        Ok(tell(answer, since).await)
    }

    async fn ask(
        &self,
        name: &str,
        credential: Secret,
        password_alone: bool,
        from: Option<IpAddr>,
    ) -> Result<Answer, Trouble> {
        let request = Request {
            service: self.service.clone(),
            user: name.as_bytes().to_vec(),
            remote_host: from.map(|from| from.to_canonical().to_string().into_bytes()).unwrap_or_default(),
            credential,
            password_alone,
        };
        let _place = self.places.enter().await?;
        let reply = timeout(self.places.run(), self.run(request)).await.map_err(|_| Trouble::TimedOut)?;
        self.judge(reply.map_err(|error| Trouble::Unavailable(format!("a sign-in cannot be tried: {error}")))?)
    }

    /// One worker, from its request to its answer. Whoever drops the future ends the worker, and what that has started.
    async fn run(&self, request: Request) -> io::Result<Reply> {
        let nonce = random().map_err(io::Error::other)?;
        let command = pam_worker::command(&self.program, "mailkey-panel");
        let child = Command::from(command).kill_on_drop(true).spawn()?;
        let mut worker = Worker(child);
        let (Some(mut input), Some(output)) = (worker.0.stdin.take(), worker.0.stdout.take()) else {
            return Err(io::Error::other("the worker has no pipes"));
        };
        let bytes = request.write(&nonce);
        drop(request);
        input.write_all(bytes.as_bytes()).await?;
        drop((input, bytes));
        let mut answer = Vec::new();
        output.take(LONGEST as u64 + 1).read_to_end(&mut answer).await?;
        let status = worker.0.wait().await?;
        match Reply::read(&answer, &nonce) {
            Some(reply) if status.success() => Ok(reply),
            _ => Err(io::Error::other(format!("the worker gave no answer ({status})"))),
        }
    }

    /// What a reply means. Whatever is not mailkey's own yes is none.
    fn judge(&self, reply: Reply) -> Result<Answer, Trouble> {
        Ok(match reply {
            Reply::Accepted(report) => Answer::Accepted(self.accepted(&report)?),
            Reply::Refused(report) => return self.refused(&report),
            Reply::AccountExpired(_) => Answer::Refused(Refused::AccountDisabled),
            Reply::PasswordExpired(_) => Answer::Refused(Refused::PasswordExpired),
            Reply::Broken(report) if report.reason == b"busy" => return Err(Trouble::Busy),
            Reply::Broken(report) => {
                let (text, reason) = (String::from_utf8_lossy(&report.text), String::from_utf8_lossy(&report.reason));
                let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
                return Err(self.unavailable(format_args!("cannot tell: {text}{reason}: its log says more")));
            }
        })
    }

    fn accepted(&self, report: &Report) -> Result<Accepted, Trouble> {
        let method = match &report.method[..] {
            b"password" => Method::Password,
            b"totp" => Method::Totp,
            b"recovery_code" => Method::RecoveryCode,
            b"" => return Err(self.unavailable(format_args!("accepted without pam_mailkey: {ADVICE}"))),
            _ => return Err(self.unavailable(format_args!("accepted what opens mail only: {ADVICE}"))),
        };
        // Normalised by the module; where the panel's rules make another name of it, the two read different files.
        let account = AccountName::parse(&report.account, &self.names)
            .ok()
            .filter(|account| account.as_str().as_bytes() == report.account)
            .ok_or_else(|| {
                let advice = "the panel and its PAM file must name the same configuration of mailkey";
                self.unavailable(format_args!("named an account that cannot be here: {advice}"))
            })?;
        Ok(Accepted { account, method, enrolment_only: report.enrolment_only })
    }

    fn refused(&self, report: &Report) -> Result<Answer, Trouble> {
        Ok(Answer::Refused(match &report.reason[..] {
            b"code_required" => return Ok(Answer::CodeRequired),
            b"throttled" => Refused::Throttled,
            b"wrong_code" | b"wrong_recovery_code" => Refused::WrongCode,
            b"code_used" | b"recovery_code_used" => Refused::CodeUsed,
            b"account_disabled" => Refused::AccountDisabled,
            b"account_changed" => Refused::Changed,
            b"app_password_not_allowed_here" | b"session_not_allowed_here" | b"session_malformed" => {
                Refused::NotAllowedHere
            }
            b"wrong_password" | b"unknown_account" | b"invalid_name" | b"empty_credential" | b"credential_too_long" => {
                Refused::WrongCredential
            }
            // A module before ours, or no module of ours at all: the visitor is not told, the administrator is.
            b"" => {
                let text = String::from_utf8_lossy(&report.text);
                (self.warn)(format_args!(
                    "the PAM service {} refused without pam_mailkey: {text}; {ADVICE}",
                    self.service
                ));
                Refused::WrongCredential
            }
            reason => {
                let reason = String::from_utf8_lossy(reason);
                return Err(self.unavailable(format_args!("refused with {reason}: {ADVICE}")));
            }
        }))
    }

    fn unavailable(&self, what: fmt::Arguments<'_>) -> Trouble {
        Trouble::Unavailable(format!("the PAM service {} {what}", self.service))
    }
}

/// A worker, which ends with everything it has started: a module's helper that hangs would outlive it.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        // An id only as long as the process has not been waited for, so that it is nobody else's.
        let id = self.0.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(group) = id {
            // It may have ended by itself.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authenticator() -> Authenticator {
        let names = NameRules { default_domain: None, bare_names: false, symbols: "._+-".into() };
        Authenticator::new("mailkey-panel", names, OWN_PROGRAM.into(), Limits::default(), |_| ())
    }

    fn report(account: &str, method: &str, reason: &str) -> Report {
        let bytes = |text: &str| text.as_bytes().to_vec();
        Report { account: bytes(account), method: bytes(method), reason: bytes(reason), ..Report::default() }
    }

    #[test]
    fn an_acceptance_counts_only_with_an_account_and_a_method_that_open_the_panel() {
        let judge = |account, method| authenticator().judge(Reply::Accepted(report(account, method, "")));
        for method in ["password", "totp", "recovery_code"] {
            assert!(matches!(judge("alice@example.org", method), Ok(Answer::Accepted(_))), "{method}");
        }
        for (account, method) in [
            ("", ""),
            ("alice@example.org", ""),
            ("alice@example.org", "app_password"),
            ("alice@example.org", "session"),
            ("alice@example.org", "none"),
            ("", "totp"),
            ("Alice@example.org", "totp"),
            ("alice", "totp"),
            ("alice@example.org ", "totp"),
        ] {
            let judged = judge(account, method);
            assert!(matches!(&judged, Err(Trouble::Unavailable(_))), "{account:?} {method:?}: {judged:?}");
        }
    }

    #[test]
    fn every_reason_of_the_module_has_an_answer_and_only_one_asks_for_a_code() {
        let mut asks = Vec::new();
        for reason in mailkey::auth::Reason::ALL.map(mailkey::auth::Reason::as_str) {
            match authenticator().judge(Reply::Refused(report("", "", reason))) {
                Ok(Answer::CodeRequired) => asks.push(reason),
                Ok(Answer::Refused(_)) => {}
                // What the panel never presents, or what only a wrong PAM file says.
                Err(Trouble::Unavailable(text)) => assert!(text.contains(reason) && text.contains(ADVICE), "{text}"),
                other => panic!("{reason}: {other:?}"),
            }
        }
        assert_eq!(asks, ["code_required"]);
    }

    #[test]
    fn a_name_without_account_a_wrong_password_and_a_foreign_no_look_the_same() {
        for reason in ["wrong_password", "unknown_account", "invalid_name", ""] {
            let judged = authenticator().judge(Reply::Refused(report("", "", reason)));
            assert_eq!(judged, Ok(Answer::Refused(Refused::WrongCredential)), "{reason}");
        }
    }

    #[test]
    fn what_is_broken_is_no_refusal() {
        let judge = |reason| authenticator().judge(Reply::Broken(report("", "", reason)));
        assert_eq!(judge("busy"), Err(Trouble::Busy));
        assert!(
            matches!(judge("store_unavailable"), Err(Trouble::Unavailable(text)) if text.contains("store_unavailable"))
        );
        assert!(matches!(judge(""), Err(Trouble::Unavailable(_))));
    }
}
