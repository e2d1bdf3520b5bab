//! The one line that an attempt leaves in the log.
//!
//! ```text
//! result=refused reason=wrong_password mode=client protocol=imap service=mailkey-imap rhost=192.0.2.7 method=password
//!   id=- ban=yes user=alice@example.org
//! ```
//!
//! `key=value` separated by spaces, always these keys in this order; what is not known is `-`. `password=right|wrong`
//! follows where the primary password was looked at, `session=ID` where a webmail session is opened, used or ended,
//! `left=N` (recovery codes) where one was used, `replica=SECONDS` (how far behind it may have been) where a replica of the
//! store let in, with `store=gone` where the store itself did not answer, `detail="…"` where something is broken. Values that came from
//! outside keep letters, digits and `@._+-:/`; every other byte is written `%XX`, so that none can look like another
//! key; they are cut at 128 bytes. Never a secret, never what was presented.

use std::fmt::{self, Write};

use super::{Code, Trouble, TroubleKind};
use crate::auth::{Method, Mode, Reason};
use crate::session::SessionId;

const LONGEST: usize = 128;
const LONGEST_DETAIL: usize = 400;

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Accepted.
    Accepted,
    /// Refused.
    Refused(Reason),
    /// Something is broken.
    Unavailable(Trouble),
}

impl Outcome {
    /// The name of the reason, for everything but an acceptance.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Accepted => None,
            Self::Refused(reason) => Some(reason.as_str()),
            Self::Unavailable(trouble) => Some(trouble.kind.as_str()),
        }
    }

    /// The answer to libpam of an authentication.
    pub fn code(&self) -> Code {
        match self {
            Self::Accepted => Code::Success,
            Self::Refused(_) => Code::AuthErr,
            Self::Unavailable(Trouble { kind: TroubleKind::Internal, .. }) => Code::SystemErr,
            Self::Unavailable(_) => Code::AuthInfoUnavail,
        }
    }
}

/// Where what an attempt was decided by was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// In the store.
    #[default]
    Store,
    /// In a replica of it.
    Replica {
        /// How far behind it may have been, in seconds.
        behind: i64,
        /// Whether the store did not answer.
        store_is_gone: bool,
    },
}

/// What is known about an attempt.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// PAM_SERVICE.
    pub service: Vec<u8>,
    /// PAM_USER: as it came, or the canonical name.
    pub user: Vec<u8>,
    /// PAM_RHOST as it came.
    pub rhost: Vec<u8>,
    /// `password_change`, `session_open` or `session_close`: what is done beside signing in.
    pub operation: Option<&'static str>,
    /// The mode.
    pub mode: Option<Mode>,
    /// The protocol's name.
    pub protocol: Option<&'static str>,
    /// What was presented.
    pub method: Option<Method>,
    /// Id of the app password or session, or index of the recovery code.
    pub credential: Option<String>,
    /// The webmail session that is opened, used or ended.
    pub session: Option<SessionId>,
    /// Recovery codes left after one was used.
    pub codes_left: Option<u32>,
    /// Whether the primary password was right.
    pub password_right: Option<bool>,
    /// Where the account was read.
    pub source: Source,
    /// Whether the address may be banned for this: it is one person's, and it failed with what it had not failed with
    /// before.
    pub ban: bool,
}

impl Line {
    /// The line for an outcome.
    pub fn text(&self, outcome: &Outcome) -> String {
        let mut text = String::with_capacity(256);
        // Writing to a String does not fail.
        let _ = self.write(&mut text, outcome);
        text
    }

    fn write(&self, text: &mut String, outcome: &Outcome) -> fmt::Result {
        let result = match outcome {
            Outcome::Accepted => "accepted",
            Outcome::Refused(_) => "refused",
            Outcome::Unavailable(_) => "unavailable",
        };
        write!(text, "result={result} reason={}", outcome.reason().unwrap_or("-"))?;
        if let Some(operation) = self.operation {
            write!(text, " operation={operation}")?;
        }
        write!(text, " mode={}", self.mode.map_or("-", Mode::as_str))?;
        write!(text, " protocol={}", self.protocol.unwrap_or("-"))?;
        write!(text, " service=")?;
        sanitise(text, &self.service, LONGEST);
        write!(text, " rhost=")?;
        sanitise(text, &self.rhost, LONGEST);
        write!(text, " method={}", self.method.map_or("-", Method::as_str))?;
        write!(text, " id={}", self.credential.as_deref().unwrap_or("-"))?;
        write!(text, " ban={}", if self.ban { "yes" } else { "no" })?;
        write!(text, " user=")?;
        sanitise(text, &self.user, LONGEST);
        if let Some(right) = self.password_right {
            write!(text, " password={}", if right { "right" } else { "wrong" })?;
        }
        if let Some(session) = self.session {
            write!(text, " session={session}")?;
        }
        if let Some(left) = self.codes_left {
            write!(text, " left={left}")?;
        }
        if let Source::Replica { behind, store_is_gone } = self.source {
            write!(text, " replica={behind}")?;
            if store_is_gone {
                write!(text, " store=gone")?;
            }
        }
        if let Outcome::Unavailable(trouble) = outcome {
            let detail: String = trouble
                .detail
                .chars()
                .map(|symbol| if symbol.is_control() || symbol == '"' { '\'' } else { symbol })
                .take(LONGEST_DETAIL)
                .collect();
            write!(text, " detail=\"{detail}\"")?;
        }
        Ok(())
    }

    /// Says at LOG_DEBUG how a line of the PAM file was read.
    pub(super) fn log_debug(&self, options: &super::Options) {
        let (mut service, mut user) = (String::new(), String::new());
        sanitise(&mut service, &self.service, LONGEST);
        sanitise(&mut user, &self.user, LONGEST);
        super::syslog::install();
        log::debug!("debug service={service} user={user} options={options:?}");
    }

    /// Writes the line to the log.
    pub fn log(&self, outcome: &Outcome) {
        let level = match outcome {
            Outcome::Accepted => log::Level::Info,
            Outcome::Refused(_) => log::Level::Warn,
            Outcome::Unavailable(_) => log::Level::Error,
        };
        super::syslog::install();
        log::log!(level, "{}", self.text(outcome));
    }
}

fn sanitise(text: &mut String, value: &[u8], longest: usize) {
    if value.is_empty() {
        text.push('-');
        return;
    }
    for (at, &byte) in value.iter().enumerate() {
        if at == longest {
            text.push_str("...");
            return;
        }
        if byte.is_ascii_alphanumeric() || b"@._+-:/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_its_keys_in_order() {
        let line = Line {
            service: b"mailkey-imap".to_vec(),
            user: b"alice@example.org".to_vec(),
            rhost: b"192.0.2.7".to_vec(),
            mode: Some(Mode::Client),
            protocol: Some("imap"),
            method: Some(Method::Password),
            password_right: Some(false),
            ban: true,
            ..Line::default()
        };
        assert_eq!(
            line.text(&Outcome::Refused(Reason::WrongPassword)),
            "result=refused reason=wrong_password mode=client protocol=imap service=mailkey-imap rhost=192.0.2.7 \
             method=password id=- ban=yes user=alice@example.org password=wrong"
        );
    }

    #[test]
    fn a_name_cannot_forge_a_key_a_quote_or_a_line() {
        let user = b"x rhost=198.51.100.1\nresult=accepted\"\xff%".to_vec();
        let text = Line { user, ..Line::default() }.text(&Outcome::Refused(Reason::InvalidName));
        assert!(text.ends_with("user=x%20rhost%3D198.51.100.1%0Aresult%3Daccepted%22%FF%25"), "{text}");
        let long = Line { user: vec![b'a'; 10_000], ..Line::default() }.text(&Outcome::Accepted);
        assert!(long.len() < 400 && long.ends_with("..."), "{long}");
    }

    #[test]
    fn what_is_broken_is_told_on_one_line() {
        let trouble = Trouble::new(TroubleKind::Store, "a\nb \"c\"");
        let text = Line::default().text(&Outcome::Unavailable(trouble));
        assert!(text.contains("result=unavailable reason=store_unavailable") && text.ends_with("detail=\"a'b 'c'\""));
    }
}
