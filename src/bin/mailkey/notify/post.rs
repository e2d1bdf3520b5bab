//! Who takes the letters: sendmail(1), or a mail server.

use std::time::Duration;

use lettre::address::Envelope;
use lettre::{SendmailTransport, SmtpTransport, Transport};
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
                let transport = SmtpTransport::from_url(url).map_err(|error| {
                    Failure::new(Exit::Failed, format_args!("notices.smtp names no mail server: {error}"))
                        .next("for example: smtp = \"smtp://127.0.0.1:25\"")
                })?;
                Self::Smtp(Box::new(transport.timeout(Some(PATIENCE)).build()))
            }
        })
    }

    /// Hands a letter over. The error is one line, for log and store.
    pub fn send(&self, letter: &Letter) -> Result<(), String> {
        let sender = letter.message.envelope().from().cloned();
        let envelope = Envelope::new(sender, letter.to.clone()).map_err(|error| error.to_string())?;
        let whole = letter.message.formatted();
        let sent = match self {
            Self::Sendmail(transport) => transport.send_raw(&envelope, &whole).map_err(|error| causes(&error)),
            Self::Smtp(transport) => transport.send_raw(&envelope, &whole).map(drop).map_err(|error| causes(&error)),
        };
        sent.map_err(|error| error.split_whitespace().collect::<Vec<_>>().join(" "))
    }
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
