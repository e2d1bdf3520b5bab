//! Who is it? The panel asks libpam ([`pam`]) or the mail server ([`imap`]), and never judges a password by itself.
//!
//! What is wrong ([`Answer::Refused`]) and what does not work ([`Trouble`]) are different types all the way; only an
//! [`Answer::Accepted`] opens anything.

pub mod imap;
pub mod pam;
mod places;

use std::fmt;
use std::time::Duration;

use mailkey::account::AccountName;
use mailkey::credential::{Secret, password, recovery_code};

pub use places::Limits;

/// A wrong password is told no sooner than this after it was sent: how long it took to find out is nobody's business,
/// and what guesses is slowed down without holding a place.
const WRONG_NO_SOONER: Duration = Duration::from_secs(1);

/// What became of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was accepted, and what can be used once is used up.
    Accepted(Accepted),
    /// The password was right, and 2FA is on: the code is missing.
    CodeRequired,
    /// It was refused.
    Refused(Refused),
}

/// Who was accepted, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The account.
    pub account: AccountName,
    /// How it was proved.
    pub method: Method,
    /// For turning 2FA on, and nothing else.
    pub enrolment_only: bool,
}

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// With the password alone.
    Password,
    /// With password and TOTP code.
    Totp,
    /// With password and recovery code.
    RecoveryCode,
}

/// Why somebody was refused, as far as a page can say something helpful about it. Anybody may be told
/// [`Self::WrongCredential`], [`Self::Throttled`] and [`Self::NotAllowedHere`]; the others say that the password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Name or password is wrong; which of the two, nobody is told.
    WrongCredential,
    /// Too many failures: wait before the next try.
    Throttled,
    /// The code is wrong; or no code at all, which says nothing about the password.
    WrongCode,
    /// The code, or recovery code, was right and had been used before.
    CodeUsed,
    /// The account is disabled or has expired.
    AccountDisabled,
    /// The password has expired, and must be changed where it is kept.
    PasswordExpired,
    /// The account was changed meanwhile: try again.
    Changed,
    /// An app password, or what a webmail presents: neither opens the panel.
    NotAllowedHere,
}

/// Why nobody knows whether somebody is who he says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Too many sign-ins at once: try again in a moment.
    Busy,
    /// It took too long.
    TimedOut,
    /// Something does not work; the text, for the log, says what, and what to do.
    Unavailable(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("too many sign-ins at once"),
            Self::TimedOut => {
                f.write_str("a sign-in took too long and was ended: look at the modules of the PAM service")
            }
            Self::Unavailable(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Trouble {}

/// A code as it was typed into a field of its own, in the form that goes behind the password: spaces and dashes do not
/// matter. None for what can be no code; asking anybody about that would only make a password out of the half of it.
pub fn read_code(typed: &Secret) -> Option<Secret> {
    let mut bytes = Vec::with_capacity(typed.as_bytes().len());
    bytes.extend(typed.as_bytes().iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b'-'));
    let code = Secret::new(bytes);
    let digits = matches!(code.as_bytes().len(), 6 | 8) && code.as_bytes().iter().all(u8::is_ascii_digit);
    if digits { Some(code) } else { recovery_code::read(code.as_bytes()).map(|code| code.shown()) }
}

/// What is presented as one: the password, and the code behind it. None where it cannot be right: nothing, a NUL byte,
/// or more than any password has.
fn join(password: &Secret, code: Option<&Secret>) -> Option<Secret> {
    let password = password.as_bytes();
    if password.is_empty() || password.len() > password::MAX_BYTES || password.contains(&0) {
        return None;
    }
    let code = code.map_or(&b""[..], Secret::as_bytes);
    let mut whole = Vec::with_capacity(password.len() + code.len());
    whole.extend_from_slice(password);
    whole.extend_from_slice(code);
    Some(Secret::new(whole))
}

/// Holds a wrong password back until it is time to tell.
async fn tell(answer: Answer, since: tokio::time::Instant) -> Answer {
    if answer == Answer::Refused(Refused::WrongCredential) {
        tokio::time::sleep_until(since + WRONG_NO_SOONER).await;
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(typed: &str) -> Option<String> {
        read_code(&Secret::copy(typed.as_bytes())).map(|code| code.as_str().unwrap().to_string())
    }

    #[test]
    fn a_code_is_read_however_people_type_it() {
        for (typed, read) in [
            ("123456", "123456"),
            (" 123 456 ", "123456"),
            ("1234 5678", "12345678"),
            ("123-456", "123456"),
            ("AB2C-DE3F-GHOJ", "ab2c-de3f-gh0j"),
            ("ab2cde3fgh4j", "ab2c-de3f-gh4j"),
            ("ab2c de3f gh4j", "ab2c-de3f-gh4j"),
        ] {
            assert_eq!(code(typed).as_deref(), Some(read), "{typed}");
        }
    }

    #[test]
    fn what_can_be_no_code_is_none() {
        for typed in ["", " ", "12345", "1234567", "123456789", "abcdef", "12345a", "ab2c-de3f-gh4", "\u{661}23456"] {
            assert_eq!(code(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn only_what_may_be_a_password_is_presented() {
        let secret = |bytes: &[u8]| Secret::copy(bytes);
        assert!(join(&secret(b"hunter2"), Some(&secret(b"123456"))) == Some(secret(b"hunter2123456")));
        assert!(join(&secret(&[0xff; 1024]), None) == Some(secret(&[0xff; 1024])));
        for wrong in [&b""[..], b"a\0b", &[b'a'; 1025]] {
            assert!(join(&secret(wrong), None).is_none());
        }
    }
}
