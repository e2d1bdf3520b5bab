//! Who takes the letters: sendmail(1), or a mail server.

use std::time::Duration;

use lettre::address::Envelope;
use lettre::{Address, SendmailTransport, SmtpTransport, Transport};
use mailkey::config::MailVia;

use super::Letter;
use crate::failure::{Exit, Failure};

/// How long a mail server may take for each answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way out.
pub enum Post {
    /// By the program.
    Sendmail(SendmailTransport),
    /// By a connection of our own.
    Smtp(Box<SmtpTransport>),
}

impl Post {
    /// Opens nothing yet.
    pub fn new(via: &MailVia) -> Result<Self, Failure> {
        Ok(match via {
            MailVia::Sendmail(program) => Self::Sendmail(SendmailTransport::new_with_command(program)),
            MailVia::Smtp(url) => {
                if tells_a_password(url) {
                    let failure = Failure::new(Exit::Failed, "notices.smtp would send its password as clear text");
                    return Err(failure.next("smtps://…, or ?tls=required at its end"));
                }
                let transport = SmtpTransport::from_url(url).map_err(|error| {
                    Failure::new(Exit::Failed, format_args!("notices.smtp names no mail server: {error}"))
                        .next("for example: smtp = \"smtp://127.0.0.1:25\"")
                })?;
                Self::Smtp(Box::new(transport.timeout(Some(PATIENCE)).build()))
            }
        })
    }

    /// Hands a letter over, to one or more of those who are to get it.
    pub fn send(&self, letter: &Letter, to: &[Address]) -> Result<(), Unsent> {
        let refused = |why: String| Unsent { why, refusal: Some(Refusal::ForGood) };
        let sender = letter.message.envelope().from().cloned();
        let envelope = Envelope::new(sender, to.to_vec()).map_err(|error| refused(error.to_string()))?;
        let whole = letter.message.formatted();
        match self {
            Self::Sendmail(transport) => {
                transport.send_raw(&envelope, &whole).map_err(|error| refused(on_one_line(&error)))
            }
            Self::Smtp(transport) => transport.send_raw(&envelope, &whole).map(drop).map_err(|error| Unsent {
                why: on_one_line(&error),
                refusal: if error.is_permanent() || error.is_client() {
                    Some(Refusal::ForGood)
                } else {
                    error.is_transient().then_some(Refusal::ForNow)
                },
            }),
        }
    }
}

/// Why a letter was not taken.
pub struct Unsent {
    /// One line, for log and store.
    pub why: String,
    /// Whether it may have been about one of those who were to get it; none: nobody answers there.
    pub refusal: Option<Refusal>,
}

/// Whether it is worth another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It may be taken later.
    ForNow,
    /// It will not be.
    ForGood,
}

fn on_one_line(error: &dyn std::error::Error) -> String {
    causes(error).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a password in the address of a mail server could be read on the way to it.
fn tells_a_password(url: &str) -> bool {
    let Some((rest, options)) = url.strip_prefix("smtp://").map(|rest| rest.split_once('?').unwrap_or((rest, "")))
    else {
        return false;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let Some((_, host)) = authority.rsplit_once('@') else { return false };
    let local = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|local| host.strip_prefix(local).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')));
    !local && !options.split('&').any(|option| option == "tls=required")
}

/// An error with what is behind it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_goes_to_another_machine_by_tls_alone() {
        for url in [
            "smtp://mail.example.org:25",
            "smtps://mailkey:secret@mail.example.org",
            "smtp://mailkey:secret@mail.example.org?tls=required",
            "smtp://mailkey:secret@mail.example.org/host.example.org?tls=required",
            "smtp://mailkey:secret@127.0.0.1:587",
            "smtp://mailkey:secret@localhost",
            "smtp://mailkey:secret@[::1]:587",
        ] {
            assert!(!tells_a_password(url), "{url}");
        }
        for url in [
            "smtp://mailkey:secret@mail.example.org",
            "smtp://mailkey:se@cret@mail.example.org:587",
            "smtp://mailkey:secret@mail.example.org?tls=opportunistic",
            "smtp://mailkey:secret@127.0.0.1.example.org",
        ] {
            assert!(tells_a_password(url), "{url}");
        }
    }
}
