//! Recovery codes: `ab2c-de3f-gh4j`, 12 symbols in three groups of four, each good for one sign-in.
//!
//! The first two symbols are the code's index within its set; the other ten carry 50 random bits.

use zeroize::Zeroize;

use super::{RandomError, Secret, symbols};
use crate::account::RecoveryIndex;

/// How many codes make a set.
pub const SET: usize = 10;

const SYMBOLS: usize = 12;
const GROUP: usize = 4;
const INDEX: usize = 2;
/// Length as shown, with the dashes.
const SHOWN: usize = SYMBOLS + SYMBOLS / GROUP - 1;

/// A recovery code as it was presented or just made.
#[derive(Clone)]
pub struct PresentedRecoveryCode {
    /// Which one it claims to be.
    pub index: RecoveryIndex,
    /// The ten symbols that prove it, in canonical form.
    pub secret: Secret,
}

/// Makes a set of codes with distinct indexes.
pub fn generate_set() -> Result<Vec<PresentedRecoveryCode>, RandomError> {
    let mut set: Vec<PresentedRecoveryCode> = Vec::with_capacity(SET);
    while set.len() < SET {
        let index = RecoveryIndex(symbols::random::<INDEX>()?);
        if set.iter().any(|code| code.index == index) {
            continue;
        }
        let mut secret = symbols::random::<{ SYMBOLS - INDEX }>()?;
        set.push(PresentedRecoveryCode { index, secret: Secret::copy(&secret) });
        secret.zeroize();
    }
    Ok(set)
}

impl PresentedRecoveryCode {
    /// The code that these symbols are.
    fn of(symbols: &[u8; SYMBOLS]) -> Self {
        Self { index: RecoveryIndex([symbols[0], symbols[1]]), secret: Secret::copy(&symbols[INDEX..]) }
    }

    /// The form in which it is shown, once.
    pub fn shown(&self) -> Secret {
        let mut text = Vec::with_capacity(SHOWN);
        for (at, symbol) in self.index.as_str().bytes().chain(self.secret.as_bytes().iter().copied()).enumerate() {
            if at > 0 && at % GROUP == 0 {
                text.push(b'-');
            }
            text.push(symbol);
        }
        Secret::new(text)
    }
}

/// Takes a recovery code off the end of `presented`, if it ends in the shape of one, dashes included; returns what
/// stands before it, and the code.
pub fn split(presented: &[u8]) -> Option<(&[u8], PresentedRecoveryCode)> {
    let (before, end) = presented.split_at_checked(presented.len().checked_sub(SHOWN)?)?;
    let grouped = end.iter().enumerate().all(|(at, byte)| (*byte == b'-') == (at % (GROUP + 1) == GROUP));
    if grouped { Some((before, read(end)?)) } else { None }
}

/// Reads a recovery code that stands in a field of its own, where the dashes may be missing.
pub fn read(typed: &[u8]) -> Option<PresentedRecoveryCode> {
    symbols::read(typed, |byte| byte == b'-').map(|symbols| PresentedRecoveryCode::of(&symbols))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_ten_codes_that_read_back_with_distinct_indexes() {
        let set = generate_set().unwrap();
        assert_eq!(set.len(), SET);
        for (at, code) in set.iter().enumerate() {
            let shown = code.shown();
            let (before, read) = split(shown.as_bytes()).unwrap();
            assert!(before.is_empty() && read.index == code.index && read.secret == code.secret);
            assert!(set[..at].iter().all(|other| other.index != code.index));
        }
    }

    #[test]
    fn a_code_is_taken_off_the_end_with_its_dashes_only() {
        let (before, code) = split(b"hunter2AB2C-DE3F-GHOJ").unwrap();
        assert!(before == b"hunter2" && code.index.as_str() == "ab" && code.secret.as_bytes() == b"2cde3fgh0j");
        assert!(split(b"hunter2ab2cde3fghoj").is_none());
        assert!(split(b"hunter2ab2c-de3f-gh4u").is_none());
        assert!(split(b"2c-de3f-ghoj").is_none());
    }
}
