//! Primary passwords: raw bytes, never normalised.

use std::fmt;

use super::{Secret, app_password, recovery_code, session};
use crate::account::AccountName;

/// Longest primary password in bytes (what Roundcube's password field takes).
pub const MAX_BYTES: usize = 1024;

/// Longest credential that is looked at, in bytes; it holds a password with a code, or what opens a session.
pub const MAX_PRESENTED: usize = MAX_BYTES + 256;

/// Why a new primary password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordError {
    /// Fewer characters than the configured minimum.
    TooShort(usize),
    /// More than [`MAX_BYTES`].
    TooLong,
    /// A NUL byte, a line end or another control character, which login protocols cannot carry.
    Control,
    /// It has the shape of an app password, a recovery code or a session credential and would be taken for one.
    LooksLikeCredential,
    /// It is the account's name, or the part before the `@`.
    IsName,
    /// It is the password that it should replace.
    Unchanged,
}

impl fmt::Display for PasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort(least) => write!(f, "the password is too short: use at least {least} characters"),
            Self::TooLong => write!(f, "the password is too long: use at most {MAX_BYTES} bytes"),
            Self::Control => {
                f.write_str("the password contains a control character: use letters, digits, symbols, spaces")
            }
            Self::LooksLikeCredential => f.write_str(
                "the password looks like an app password or a recovery code and would be taken for one: choose another",
            ),
            Self::IsName => f.write_str("the password is the account's name: choose another"),
            Self::Unchanged => f.write_str("the password is the same as before: choose another"),
        }
    }
}

impl std::error::Error for PasswordError {}

/// Checks a new primary password. `min_length` counts characters (bytes where it is not UTF-8).
pub fn check_new(password: &Secret, name: &AccountName, min_length: usize) -> Result<(), PasswordError> {
    let bytes = password.as_bytes();
    if bytes.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    if bytes.iter().any(|byte| byte.is_ascii_control()) {
        return Err(PasswordError::Control);
    }
    let length = password.as_str().map_or(bytes.len(), |text| text.chars().count());
    if length < min_length.max(1) {
        return Err(PasswordError::TooShort(min_length.max(1)));
    }
    if app_password::read(bytes).is_some() || recovery_code::split(bytes).is_some() || session::read(bytes).is_some() {
        return Err(PasswordError::LooksLikeCredential);
    }
    if [name.as_str(), name.local()].iter().any(|name| bytes.eq_ignore_ascii_case(name.as_bytes())) {
        return Err(PasswordError::IsName);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{DEFAULT_NAME_SYMBOLS, NameRules};

    fn check(password: &[u8]) -> Result<(), PasswordError> {
        let rules = NameRules { default_domain: None, bare_names: false, symbols: DEFAULT_NAME_SYMBOLS.into() };
        let name = AccountName::parse(b"alice.anderson@example.org", &rules).unwrap();
        check_new(&Secret::copy(password), &name, 8)
    }

    #[test]
    fn a_password_that_would_be_taken_for_another_credential_is_refused_when_it_is_set() {
        assert_eq!(check(b"k7m2-9xqd-0011-abcd-efgh"), Err(PasswordError::LooksLikeCredential));
        assert_eq!(check(b"abcdefghjk1234567890"), Err(PasswordError::LooksLikeCredential));
        assert_eq!(check(b"long enough ab2c-de3f-gh4j"), Err(PasswordError::LooksLikeCredential));
        assert_eq!(check(b"mkopen:what follows"), Err(PasswordError::LooksLikeCredential));
    }

    #[test]
    fn length_counts_characters_and_the_name_is_no_password() {
        assert_eq!(check("äöüäöüä".as_bytes()), Err(PasswordError::TooShort(8)));
        assert_eq!(check("äöüäöüäö".as_bytes()), Ok(()));
        assert_eq!(check(&[b'x'; 1025]), Err(PasswordError::TooLong));
        assert_eq!(check(b"with\0nul and more"), Err(PasswordError::Control));
        assert_eq!(check(b"Alice.Anderson"), Err(PasswordError::IsName));
        assert_eq!(check(b"\xff\xfe\xfd raw bytes"), Ok(()));
    }
}
