//! `mailkey check`: what the module would answer.

use std::net::IpAddr;

use clap::{Args, ValueEnum};
use mailkey::account::Protocol;
use mailkey::admin::{CheckOutcome, CheckRequest};
use mailkey::auth::{Method, Mode, PrimarySource, Reason, SessionChange};
use mailkey::store::Claimable;
use serde_json::json;

use crate::clock::{local, now, rfc3339};
use crate::failure::{Exit, Failure, Outcome};
use crate::input;
use crate::output::{Output, Style};
use crate::site::Site;
use crate::user::Address;

const AFTER_HELP: &str = "\
Reads what would be typed as the password (a password, a password with its code, an app password) from the terminal or \
from standard input, and says what the module would answer, and why. Nothing changes: no code is used up, no failure \
counts, nothing is noted.

Exits with 0 when it would be accepted and with 3 when it would be refused.

JSON OUTPUT
  {\"account\", \"accepted\", \"reason\", \"advice\", \"mode\", \"protocol\", \"from\",
   \"method\", \"credential\", \"session\", \"uses_up\", \"enrolment_only\",
   \"two_factor_required_from\"}
  reason, advice: null when accepted
  method: app_password, password, totp, recovery_code, session, none
  credential: id of the app password or session, or index of the recovery code
  session: what a login would do to a webmail session: open, use, close or null
  uses_up: code, recovery_code or null
  two_factor_required_from: when this will be refused, because 2FA is off and
  the configuration requires it from then on; else null

EXAMPLES
  mailkey check alice@example.org --service imap --from 192.0.2.7
  mailkey check alice@example.org --service webmail";

/// Say what the module would answer to a login, and why
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Check {
    #[command(flatten)]
    account: Address,
    /// The PAM service: imap, pop3, smtp, sieve, webmail or panel, with or without mailkey- before it.
    #[arg(long)]
    service: String,
    /// The address that the login comes from.
    #[arg(long, value_name = "IP")]
    from: Option<String>,
    /// Who checks the password: mailkey's store, or a PAM module whose word is then taken to be good.
    #[arg(long, value_enum, default_value_t = Primary::Store)]
    primary: Primary,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Primary {
    Store,
    Stack,
}

impl Check {
    /// Decides, and says so.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let name = site.name(&self.account.address)?;
        let (mode, protocol) = self.mode_and_protocol()?;
        let remote = self.from.as_deref().map(address).transpose()?;
        let credential = if input::is_terminal() {
            input::typed(&format!("What would be typed as the password of {name}: "))?
        } else {
            input::secret()?
        };
        let primary = match self.primary {
            Primary::Store => PrimarySource::Store,
            Primary::Stack => PrimarySource::Stack { reject_unknown: false },
        };
        let request = CheckRequest { name: &name, mode, protocol, remote, primary, credential };
        let outcome = site.admin().check(request, now())?;
        if output.is_json() {
            let accepted = outcome.answer.ok();
            let reason = outcome.answer.err();
            output.json(&json!({
                "account": name.as_str(),
                "accepted": accepted.is_some(),
                "reason": reason.map(Reason::as_str),
                "advice": reason.map(Reason::advice),
                "mode": outcome.mode.as_str(),
                "protocol": protocol.map(Protocol::as_str),
                "from": remote.map(|remote| remote.to_string()),
                "method": outcome.method.as_str(),
                "credential": outcome.credential,
                "session": accepted.and_then(|accepted| accepted.session).map(|change| match change {
                    SessionChange::Open(..) => "open",
                    SessionChange::Use(_) | SessionChange::Repeat(_) => "use",
                    SessionChange::Close(_) => "close",
                }),
                "uses_up": accepted.and_then(|accepted| accepted.claim).map(|claim| match claim {
                    Claimable::TotpStep { .. } => "code",
                    Claimable::RecoveryCode(_) => "recovery_code",
                }),
                "enrolment_only": accepted.is_some_and(|accepted| accepted.enrolment_only),
                "two_factor_required_from": outcome.required_from.map(rfc3339),
            }))?;
        } else {
            self.show(&outcome, output)?;
            let mut keeps_none = || site.admin().account(&name).is_ok_and(|account| account.password.is_none());
            if outcome.answer == Err(Reason::WrongPassword) && self.primary == Primary::Store && keeps_none() {
                output.line(
                    "  The account has no password here: where another PAM module keeps it, add --primary stack.",
                )?;
            }
        }
        Ok(if outcome.answer.is_ok() { Exit::Done } else { Exit::Refused })
    }

    fn mode_and_protocol(&self) -> Result<(Mode, Option<Protocol>), Failure> {
        let service = self.service.to_ascii_lowercase();
        match mailkey::module::Options::default().mode_and_protocol(&service) {
            (Mode::Client, None) => Err(Failure::usage(
                format_args!(
                    "{:?} is no service that mailkey knows: imap, pop3, smtp, sieve, webmail, panel",
                    self.service
                ),
                "--service imap",
            )),
            known => Ok(known),
        }
    }

    fn show(&self, outcome: &CheckOutcome, output: &Output) -> std::io::Result<()> {
        match outcome.answer {
            Ok(acceptance) => {
                output.line(format_args!("{}: {}", output.style(Style::Green, "accepted"), presented(outcome)))?;
                if acceptance.enrolment_only {
                    output.line("  For turning 2FA on, and nothing else.")?;
                }
                if let Some(time) = outcome.required_from {
                    let from = local(time);
                    output
                        .line(format_args!("  From {from} on 2FA is required: the account must turn it on by then."))?;
                }
                match acceptance.claim {
                    Some(Claimable::TotpStep { .. }) => {
                        output.line("  A login would use the code up; this did not.")?
                    }
                    Some(Claimable::RecoveryCode(_)) => {
                        output.line("  A login would use the recovery code up; this did not.")?;
                    }
                    None => {}
                }
                match acceptance.session {
                    Some(SessionChange::Open(..)) => {
                        output.line("  A login would open a webmail session; this did not.")?;
                    }
                    Some(SessionChange::Close(_)) => {
                        output.line("  A login would end the webmail session; this did not.")?;
                    }
                    Some(SessionChange::Use(_) | SessionChange::Repeat(_)) | None => {}
                }
            }
            Err(reason) => {
                output.line(format_args!("{}: {}", output.style(Style::Red, "refused"), reason.as_str()))?;
                output.line(format_args!("  {}", reason.advice()))?;
                if outcome.method != Method::None {
                    output.line(format_args!("  It was read as {}.", presented(outcome)))?;
                }
            }
        }
        if outcome.stack_decides {
            output.line("  That is, if the other PAM module accepts the password.")?;
        }
        if outcome.mode == Mode::Webmail && !self.service.ends_with("webmail") {
            output.line("  The address is one of webmail_hosts, so this is the webmail's login.")?;
        }
        Ok(())
    }
}

/// What was presented, in words.
fn presented(outcome: &CheckOutcome) -> String {
    let what = match outcome.method {
        Method::AppPassword => "the app password",
        Method::Password => "the account's password",
        Method::Totp => "the account's password with a code",
        Method::RecoveryCode => "the account's password with the recovery code",
        Method::Session => "a session credential",
        Method::None => "nothing",
    };
    match &outcome.credential {
        Some(credential) if outcome.method == Method::RecoveryCode => format!("{what} {credential}…"),
        Some(credential) => format!("{what} {credential}"),
        None => what.to_string(),
    }
}

fn address(text: &str) -> Result<IpAddr, Failure> {
    text.parse().map_err(|_| Failure::usage(format_args!("{text:?} is no address"), "--from 192.0.2.7"))
}
