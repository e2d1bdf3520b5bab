//! The numbered keys of `/etc/mailkey/key`, and what is derived from them.
//!
//! ```text
//! # comment
//! 1 q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=
//! ```
//!
//! One key a line: its number (1 to 4294967295), a space, 32 random bytes in base64 (RFC 4648 section 4). The highest
//! number is used for what is written; the others still open what was written with them. What each key is used for is
//! separated by deriving HMAC-SHA-256(key, label).

use std::collections::BTreeMap;
use std::fmt;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::RandomError;
use crate::record::KeyCheck;

/// Why a key file is not usable. Never holds a part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// No key in it.
    Empty,
    /// The line is not a number and 32 bytes in base64.
    Line(usize),
    /// The number stands there twice.
    Twice(u32),
    /// The database was used with a key of this number, and it is not there.
    Missing(u32),
    /// The database was used with another key of this number.
    Other(u32),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no key in it"),
            Self::Line(line) => write!(f, "line {line} is not a key number and 32 bytes in base64"),
            Self::Twice(number) => write!(f, "key {number} stands there twice"),
            Self::Missing(number) => write!(f, "key {number}, which the database was used with, is missing"),
            Self::Other(number) => write!(f, "key {number} is not the one that the database was used with"),
        }
    }
}

impl std::error::Error for KeyError {}

/// Why no key was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnotherKeyError {
    /// The file is not usable as it is.
    Key(KeyError),
    /// The highest number is taken.
    Full,
    /// The kernel gave no random bytes.
    Random(RandomError),
}

impl fmt::Display for AnotherKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(error) => error.fmt(f),
            Self::Full => f.write_str("the highest number that a key may have is taken"),
            Self::Random(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for AnotherKeyError {}

impl From<KeyError> for AnotherKeyError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<RandomError> for AnotherKeyError {
    fn from(error: RandomError) -> Self {
        Self::Random(error)
    }
}

/// One key's derivatives.
struct Derived {
    pepper: [u8; 32],
    sealing: [u8; 32],
    check: [u8; 16],
}

impl Derived {
    fn of(key: &[u8; 32]) -> Self {
        let mut check = [0; 16];
        check.copy_from_slice(&derive(key, b"mailkey check")[..16]);
        Self { pepper: derive(key, b"mailkey pepper"), sealing: derive(key, b"mailkey sealing"), check }
    }
}

impl Drop for Derived {
    fn drop(&mut self) {
        self.pepper.zeroize();
        self.sealing.zeroize();
    }
}

/// The keys, derived and ready. Wiped when dropped.
pub struct Keyring {
    keys: BTreeMap<u32, Derived>,
    current: u32,
    digest: Zeroizing<[u8; 32]>,
}

impl Keyring {
    /// Reads the text of a key file.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut keys = BTreeMap::new();
        // The digest key comes from the lowest number, so that adding a key forgets no counted failure.
        let mut digest: Option<(u32, Zeroizing<[u8; 32]>)> = None;
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (number, key) = parse_line(line).ok_or(KeyError::Line(at + 1))?;
            let derived = Derived::of(&key);
            if keys.insert(number, derived).is_some() {
                return Err(KeyError::Twice(number));
            }
            if digest.as_ref().is_none_or(|(lowest, _)| number < *lowest) {
                digest = Some((number, Zeroizing::new(derive(&key, b"mailkey digest"))));
            }
        }
        let current = *keys.keys().next_back().ok_or(KeyError::Empty)?;
        let (_, digest) = digest.ok_or(KeyError::Empty)?;
        Ok(Self { keys, current, digest })
    }

    /// The text of a key file with one new key.
    pub fn generate() -> Result<Zeroizing<String>, RandomError> {
        let key = Zeroizing::new(super::random::<32>()?);
        Ok(Zeroizing::new(format!(
            "# mailkey: whoever has this file and the database can try passwords. Keep a copy apart from the database.\n\
             # A number, then 32 random bytes in base64; the highest number is used for what is written.\n\
             1 {}\n",
            BASE64.encode(&*key)
        )))
    }

    /// The text of a key file with one key more, which is used for what is written from then on; and its number. What
    /// stands there stays as it is.
    pub fn with_another_key(text: &str) -> Result<(Zeroizing<String>, u32), AnotherKeyError> {
        let number = Self::parse(text)?.current().checked_add(1).ok_or(AnotherKeyError::Full)?;
        let key = Zeroizing::new(super::random::<32>()?);
        let encoded = Zeroizing::new(BASE64.encode(&*key));
        // One allocation: none that grows leaves a part of it behind.
        let mut more = Zeroizing::new(String::with_capacity(text.len() + 80));
        more.push_str(text);
        if !text.ends_with('\n') {
            more.push('\n');
        }
        more.push_str(&number.to_string());
        more.push(' ');
        more.push_str(&encoded);
        more.push('\n');
        Ok((more, number))
    }

    /// The text of a key file without key `number`; none where it has none of that number, or nothing else.
    pub fn without_key(text: &str, number: u32) -> Option<Zeroizing<String>> {
        let mut less = Zeroizing::new(String::with_capacity(text.len()));
        for line in text.split_inclusive('\n') {
            if parse_line(line.trim()).is_none_or(|(found, _)| found != number) {
                less.push_str(line);
            }
        }
        (less.len() < text.len() && Self::parse(&less).is_ok()).then_some(less)
    }

    /// The numbers of the keys, from the lowest.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.keys.keys().copied()
    }

    /// The number of the key that is used for what is written.
    pub fn current(&self) -> u32 {
        self.current
    }

    /// What a store remembers of these keys.
    pub fn checks(&self) -> impl Iterator<Item = KeyCheck> {
        self.keys.iter().map(|(&number, derived)| KeyCheck { number, digest: derived.check })
    }

    /// Whether these are the keys that a store remembers: each of them must be here and be the same. Another key would
    /// make every right password look wrong.
    pub fn agree(&self, remembered: &[KeyCheck]) -> Result<(), KeyError> {
        for check in remembered {
            match self.keys.get(&check.number) {
                None => return Err(KeyError::Missing(check.number)),
                Some(derived) if derived.check != check.digest => return Err(KeyError::Other(check.number)),
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// The secret input of password hashes made with key `number`.
    pub fn pepper(&self, number: u32) -> Option<&[u8; 32]> {
        self.keys.get(&number).map(|derived| &derived.pepper)
    }

    /// The encryption key of secrets sealed with key `number`.
    pub fn sealing(&self, number: u32) -> Option<&[u8; 32]> {
        self.keys.get(&number).map(|derived| &derived.sealing)
    }

    /// A keyed digest of `parts`, which are told apart by their lengths: the first `N` bytes, at most 32, of an
    /// HMAC-SHA-256.
    pub fn digest<const N: usize>(&self, label: &str, parts: &[&[u8]]) -> [u8; N] {
        const { assert!(N <= 32) };
        let mut mac = mac(&self.digest);
        for part in std::iter::once(&label.as_bytes()).chain(parts) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        let mut digest = [0; N];
        digest.copy_from_slice(&mac.finalize().into_bytes()[..N]);
        digest
    }
}

fn parse_line(line: &str) -> Option<(u32, Zeroizing<[u8; 32]>)> {
    let (number, key) = line.split_once(char::is_whitespace)?;
    let number: u32 = number.parse().ok().filter(|number| *number > 0)?;
    let bytes = Zeroizing::new(BASE64.decode(key.trim().as_bytes()).ok()?);
    let mut key = Zeroizing::new([0; 32]);
    if bytes.len() != key.len() {
        return None;
    }
    key.copy_from_slice(&bytes);
    Some((number, key))
}

fn derive(key: &[u8; 32], label: &[u8]) -> [u8; 32] {
    let mut mac = mac(key);
    mac.update(label);
    mac.finalize().into_bytes().into()
}

/// HMAC pads a short key with zeros to the block length (RFC 2104 section 2), so that making one cannot fail.
pub(crate) fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = Zeroizing::new([0; 64]);
    block[..key.len()].copy_from_slice(key);
    Hmac::<Sha256>::new(&(*block).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u32, byte: u8) -> String {
        format!("{number} {}\n", BASE64.encode(&[byte; 32]))
    }

    #[test]
    fn a_generated_key_file_reads_back() {
        let keys = Keyring::parse(&Keyring::generate().unwrap()).unwrap();
        assert_eq!(keys.current(), 1);
        assert!(keys.pepper(1).is_some() && keys.pepper(2).is_none());
        assert_ne!(keys.pepper(1), keys.sealing(1));
    }

    #[test]
    fn the_highest_number_is_current_and_digests_outlive_a_new_key() {
        let one = Keyring::parse(&line(1, 7)).unwrap();
        let two = Keyring::parse(&format!("{}\n# next\n{}", line(2, 9), line(1, 7))).unwrap();
        assert_eq!((one.current(), two.current()), (1, 2));
        assert_eq!(one.digest::<32>("x", &[b"a", b"b"]), two.digest("x", &[b"a", b"b"]));
        assert_ne!(one.digest::<16>("x", &[b"a", b"b"]), one.digest("x", &[b"ab", b""]));
        assert_eq!(one.pepper(1), two.pepper(1));
    }

    #[test]
    fn another_key_under_a_number_that_was_used_is_noticed() {
        let one = Keyring::parse(&line(1, 7)).unwrap();
        let remembered: Vec<KeyCheck> = one.checks().collect();
        let keys = |text: String| Keyring::parse(&text).unwrap();
        assert_eq!(one.agree(&remembered), Ok(()));
        assert_eq!(keys(line(1, 7) + &line(2, 8)).agree(&remembered), Ok(()));
        assert_eq!(keys(line(1, 8)).agree(&remembered), Err(KeyError::Other(1)));
        assert_eq!(keys(line(2, 7)).agree(&remembered), Err(KeyError::Missing(1)));
    }

    #[test]
    fn a_key_is_added_above_the_others_and_taken_away_alone() {
        let text = Keyring::generate().unwrap();
        let (more, number) = Keyring::with_another_key(text.trim_end()).unwrap();
        assert!(number == 2 && more.starts_with(text.as_str()));
        let keys = Keyring::parse(&more).unwrap();
        assert_eq!((keys.current(), keys.numbers().collect::<Vec<_>>()), (2, vec![1, 2]));
        assert_eq!(keys.pepper(1), Keyring::parse(&text).unwrap().pepper(1));
        let less = Keyring::without_key(&more, 1).unwrap();
        assert!(less.starts_with('#'));
        assert_eq!(Keyring::parse(&less).unwrap().numbers().collect::<Vec<_>>(), [2]);
        assert!(Keyring::without_key(&more, 3).is_none() && Keyring::without_key(&less, 2).is_none());
        assert_eq!(Keyring::with_another_key(&line(u32::MAX, 1)).err(), Some(AnotherKeyError::Full));
    }

    #[test]
    fn a_bad_key_file_is_refused_with_the_line_and_without_its_content() {
        let error = |text: &str| Keyring::parse(text).err();
        assert_eq!(error(""), Some(KeyError::Empty));
        assert_eq!(error("# nothing\n"), Some(KeyError::Empty));
        assert_eq!(error("\n1 abc"), Some(KeyError::Line(2)));
        assert_eq!(error("0 q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="), Some(KeyError::Line(1)));
        assert_eq!(error(&format!("{}{}", line(3, 1), line(3, 2))), Some(KeyError::Twice(3)));
    }
}
