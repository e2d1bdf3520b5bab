//! A notice as a letter: plain text in its reader's language, to the mailbox and, where there is one, to the address
//! beside it. Nothing in it is secret, and nothing in it signs anybody in.

use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, SinglePart};
use mailkey::config::Notices;
use mailkey::locale::{Locale, Locales, isolated};
use mailkey::notice::{Notice, NoticeKind};

use crate::failure::{Exit, Failure};

/// Writes letters.
pub struct Writer {
    locales: Locales,
    sender: Mailbox,
    issuer: String,
    panel: Option<String>,
    language: String,
}

/// A letter that is ready to be sent.
pub struct Letter {
    /// Everybody who gets it, the mailbox first. The header names that one alone: who reads the mailbox need not learn
    /// which other address there is.
    pub to: Vec<Address>,
    /// Its subject.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// All of it.
    pub message: Message,
}

impl Writer {
    /// In the name of `notices.from`; `issuer` is what authenticator apps show.
    pub fn new(notices: &Notices, issuer: &str) -> Result<Self, Failure> {
        let sender = notices.from.parse().map_err(|error| {
            Failure::new(Exit::Failed, format_args!("notices.from = {:?} is no sender: {error}", notices.from))
                .next("for example: from = \"Example Mail <noreply@example.org>\"")
        })?;
        let locales = super::locales()?;
        if locales.get(&notices.language).is_none() {
            let known: Vec<_> = mailkey::locale::LANGUAGES.iter().map(|language| language.tag).collect();
            let failure = format!("notices.language = {:?} is not spoken", notices.language);
            return Err(Failure::new(Exit::Failed, failure).next(format_args!("one of {}", known.join(", "))));
        }
        Ok(Self {
            locales,
            sender,
            issuer: issuer.to_string(),
            panel: notices.panel.clone(),
            language: notices.language.clone(),
        })
    }

    /// The letter about a notice.
    pub fn letter(&self, notice: &Notice) -> Result<Letter, String> {
        let mailbox = self.mailbox(notice)?;
        let to = std::iter::once(mailbox.clone()).chain(other_of(notice)).collect();
        let locale = self.locale(notice);
        let id = notice.kind.as_str().replace('_', "-");
        let subject = format!("[{}] {}", self.issuer, locale.text(&format!("{id}-subject")));
        let text = self.text(notice, locale, &id);
        let header = |name, value: &str| {
            let name = HeaderName::new_from_ascii_str(name);
            HeaderValue::new(name, value.to_string())
        };
        let message = Message::builder()
            .from(self.sender.clone())
            .to(Mailbox::new(None, mailbox))
            .subject(&subject)
            .message_id(Some(id_of(notice, self.sender.email.domain())))
            .date_now()
            // RFC 3834 section 5: nobody's holiday message answers it.
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", locale.language().tag))
            .singlepart(SinglePart::plain(text.clone()))
            .map_err(|error| format!("the letter cannot be written: {error}"))?;
        Ok(Letter { to, subject, text, message })
    }

    /// The mailbox that it is about.
    fn mailbox(&self, notice: &Notice) -> Result<Address, String> {
        let name = notice.account.as_str();
        // An account without a domain is a user of the machine that the sender is at.
        let mailbox =
            if name.contains('@') { name.to_string() } else { format!("{name}@{}", self.sender.email.domain()) };
        mailbox.parse().map_err(|error| format!("{mailbox:?} is no address for mail: {error}"))
    }

    fn locale(&self, notice: &Notice) -> &Locale {
        let chosen = notice.settings.language.as_deref().and_then(|tag| self.locales.get(tag));
        chosen.unwrap_or_else(|| self.locales.choose(Some(&self.language), None))
    }

    fn text(&self, notice: &Notice, locale: &Locale, id: &str) -> String {
        let subject = isolated(&notice.subject);
        let what = match notice.kind {
            NoticeKind::AppPasswordCreated | NoticeKind::AuthenticatorAdded => {
                locale.with(id, &[("subject", subject.into())])
            }
            NoticeKind::EnrolmentDue => {
                let time = notice.subject.parse().unwrap_or(notice.at);
                locale.with(id, &[("date", locale.date_time(time).into())])
            }
            NoticeKind::RecoveryCodeUsed => locale.with(id, &[("left", notice.codes_left.unwrap_or_default().into())]),
            _ => locale.text(id).into_owned(),
        };
        let mut facts = vec![locale.with("account", &[("account", notice.account.as_str().into())])];
        if notice.kind != NoticeKind::EnrolmentDue {
            facts.push(locale.with("when", &[("time", locale.date_time(notice.at).into())]));
        }
        if !notice.address.is_empty() {
            facts.push(locale.with("from", &[("address", notice.address.as_str().into())]));
        }
        if let "command" | "panel" | "webmail" = notice.mode.as_str() {
            facts.push(locale.text(&format!("via-{}", notice.mode)).into_owned());
        }
        let next = match notice.kind {
            NoticeKind::EnrolmentDue => vec!["next-enrol"],
            NoticeKind::CodeGuessing => vec!["next-guessing"],
            _ => vec!["next-harmless", "next-alarm"],
        };
        let next: Vec<_> = next.into_iter().map(|id| locale.text(id)).collect();
        let panel = self.panel.as_ref().map(|url| locale.with("panel", &[("url", url.as_str().into())]));
        let paragraphs = [what, facts.join("\n"), next.join("\n")].into_iter().chain(panel);
        let body = paragraphs.map(|paragraph| wrapped(&paragraph)).collect::<Vec<_>>().join("\n\n");
        format!("{body}\n\n-- \n{}\n", wrapped(&locale.text("footer")))
    }
}

/// The address beside the mailbox, where there is one. One that is none keeps nothing from the mailbox.
///
/// Security: a notice was queued while its owner wanted notices. Who has turned them off since then may be the one whom it
/// is about, so that it is sent all the same.
fn other_of(notice: &Notice) -> Option<Address> {
    let other = match notice.kind {
        // To where they went until then.
        NoticeKind::NoticesChanged => Some(notice.subject.as_str()),
        _ => notice.settings.address.as_deref(),
    };
    other.and_then(|address| address.parse().ok())
}

/// The same each time that it is tried: what came twice is known as one letter (RFC 5322 section 3.6.4).
fn id_of(notice: &Notice, domain: &str) -> String {
    format!("<mailkey.{}.{}@{domain}>", notice.id, notice.at)
}

/// Lines of at most 72 columns where words allow it. A letter without hard breaks would be one long line for those who
/// read it in a terminal.
fn wrapped(text: &str) -> String {
    text.lines().map(wrapped_line).collect::<Vec<_>>().join("\n")
}

fn wrapped_line(line: &str) -> String {
    const WIDTH: usize = 72;
    let mut text = String::new();
    let mut width = 0;
    for word in line.split(' ') {
        let long = word.chars().count();
        if width > 0 && width + 1 + long > WIDTH {
            text.push('\n');
            width = 0;
        } else if width > 0 {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += long;
    }
    text
}

#[cfg(test)]
#[path = "letter_tests.rs"]
mod tests;
