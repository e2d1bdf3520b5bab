//! App passwords: `k7m2-9xqd-…`, 20 symbols in five groups of four.
//!
//! The first group is the public id, which lists and logs show; the other 16 symbols carry 80 random bits.

use zeroize::Zeroize;

use super::{RandomError, Secret, symbols};
use crate::account::AppPasswordId;

const SYMBOLS: usize = 20;
const GROUP: usize = 4;

/// An app password as it was presented or just made.
#[derive(Clone)]
pub struct PresentedAppPassword {
    /// Which one it claims to be.
    pub id: AppPasswordId,
    /// The 16 symbols that prove it, in canonical form.
    pub secret: Secret,
    /// Whether it was written in groups, exactly as it is shown: nothing else is likely to look like that.
    pub grouped: bool,
}

/// Makes an app password.
pub fn generate() -> Result<PresentedAppPassword, RandomError> {
    let id = symbols::random::<GROUP>()?;
    let mut secret = symbols::random::<{ SYMBOLS - GROUP }>()?;
    let made = PresentedAppPassword { id: AppPasswordId(id), secret: Secret::copy(&secret), grouped: true };
    secret.zeroize();
    Ok(made)
}

impl PresentedAppPassword {
    /// The form in which it is shown, once.
    pub fn shown(&self) -> Secret {
        let mut text = Vec::with_capacity(SYMBOLS + SYMBOLS / GROUP - 1);
        text.extend_from_slice(self.id.as_str().as_bytes());
        for group in self.secret.as_bytes().chunks(GROUP) {
            text.push(b'-');
            text.extend_from_slice(group);
        }
        Secret::new(text)
    }
}

/// Reads `presented` if it has the shape of an app password: 20 symbols, spaces and dashes ignored.
pub fn read(presented: &[u8]) -> Option<PresentedAppPassword> {
    let symbols = symbols::read::<SYMBOLS>(presented, |byte| matches!(byte, b' ' | b'-'))?;
    let (id, secret) = symbols.split_first_chunk::<GROUP>()?;
    Some(PresentedAppPassword { id: AppPasswordId(*id), secret: Secret::copy(secret), grouped: is_grouped(presented) })
}

/// Reads the id of an app password.
pub fn read_id(text: &str) -> Option<AppPasswordId> {
    symbols::read(text.as_bytes(), |_| false).map(|id| AppPasswordId(*id))
}

fn is_grouped(presented: &[u8]) -> bool {
    presented.len() == SYMBOLS + SYMBOLS / GROUP - 1
        && presented.iter().enumerate().all(|(at, byte)| (*byte == b'-') == (at % (GROUP + 1) == GROUP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_reads_back_as_itself() {
        let made = generate().unwrap();
        let shown = made.shown();
        let read = read(shown.as_bytes()).unwrap();
        assert_eq!(shown.as_bytes().len(), 24);
        assert!(read.id == made.id && read.secret == made.secret && read.grouped);
    }

    #[test]
    fn case_spaces_dashes_and_look_alike_letters_do_not_matter() {
        let strict = read(b"k7m2-9xqd-0011-abcd-efgh").unwrap();
        for spelling in ["K7M2 9XQD OOIL ABCD EFGH", "k7m29xqd0011abcdefgh", " k7m2-9xqdoo1lab-cdefgh-"] {
            let read = read(spelling.as_bytes()).unwrap();
            assert!(read.id == strict.id && read.secret == strict.secret && !read.grouped, "{spelling}");
        }
    }

    #[test]
    fn other_lengths_and_symbols_are_no_app_password() {
        for text in
            ["", "k7m2-9xqd-0011-abcd-efg", "k7m2-9xqd-0011-abcd-efghj", "u7m2-9xqd-0011-abcd-efgh", "k7m2_9xqd"]
        {
            assert!(read(text.as_bytes()).is_none(), "{text}");
        }
    }
}
