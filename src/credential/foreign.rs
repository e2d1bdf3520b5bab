//! Password hashes that other programs have made, and that came here with an import.
//!
//! Stored as `{CRYPT}` and a crypt(5) string (bcrypt `$2a$` `$2b$` `$2y$`, SHA-crypt `$5$` `$6$`, yescrypt `$y$`), or as
//! `{ARGON2ID}` and a PHC string without our key. They are as good as what they were made with: neither bound to their
//! account nor to a key. So each is hashed anew, as our own, at its first success.
//!
//! One that has the shape of an app password (a password manager's 20 letters and digits) could not be set here: it stays
//! as it came, which says that it is none.
//!
//! Security: what is weaker than these is refused. Who can write the table that was imported must not be able to stop a
//! mail server: the work of a hash is bounded when it is imported, and again before each comparison. An account with a
//! foreign hash takes another time to refuse than one that does not exist, which takes our own: until its first success
//! it can be told from one.

use std::fmt;

use argon2::{Algorithm, Argon2, ParamsBuilder, Version};
use phc::PasswordHash;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::Secret;
use super::hash::{HashError, Memory, Profile};
use crate::pam::crypt;

/// Most rounds of SHA-crypt: about 0.6 s. (Without a number it is 5,000.)
pub const MAX_SHA_ROUNDS: u32 = 1_000_000;
/// Highest cost of bcrypt: about a second.
pub const MAX_BCRYPT_COST: u32 = 14;
/// Most memory of yescrypt in KiB. It is beside that of Argon2 in the address space of Dovecot's auth worker, 256 MiB.
pub const MAX_YESCRYPT_KIB: u64 = 64 * 1024;
/// Most memory of Argon2id, in KiB, times its passes: about 0.7 s.
pub const MAX_ARGON2_WORK_KIB: u64 = 2 * 1024 * 1024;

/// Why a foreign hash is not taken. Never holds a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The scheme can be guessed at once, or is no hash at all.
    Weak(&'static str),
    /// A scheme that is not known here.
    Unknown,
    /// It does not have the form of its scheme.
    Damaged(&'static str),
    /// It would take too much work or memory.
    Costly(&'static str),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weak(scheme) => write!(f, "the password is kept as {scheme}, which is too weak: set a new one"),
            Self::Unknown => f.write_str(
                "the password's scheme is not known here: there are ARGON2ID, BLF-CRYPT, SHA512-CRYPT, SHA256-CRYPT \
                 and CRYPT with one of these or yescrypt",
            ),
            Self::Damaged(scheme) => write!(f, "the password hash is no whole {scheme} hash"),
            Self::Costly(scheme) => write!(
                f,
                "the {scheme} hash takes too much work or memory to compare (bcrypt: cost {MAX_BCRYPT_COST}; SHA-crypt: \
                 {MAX_SHA_ROUNDS} rounds; yescrypt: {} MiB; Argon2id: {} MiB, and with its passes {} MiB)",
                MAX_YESCRYPT_KIB / 1024,
                super::hash::MAX_MEMORY_KIB / 1024,
                MAX_ARGON2_WORK_KIB / 1024
            ),
        }
    }
}

impl std::error::Error for Unusable {}

/// A foreign hash that may be compared with.
#[derive(Clone, PartialEq, Eq)]
pub struct Foreign {
    text: String,
    kind: Kind,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Crypt,
    Argon2id { profile: Profile, salt: Vec<u8>, hash: Vec<u8> },
}

/// Whether a stored hash is a foreign one.
pub fn is_foreign(stored: &str) -> bool {
    stored.starts_with('{')
}

impl Foreign {
    /// Reads a password field as Dovecot's passdbs have it: `{SCHEME}` and the hash, or the hash alone (`{CRYPT}`).
    pub fn read(field: &str) -> Result<Self, Unusable> {
        let (scheme, text) = match field.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((scheme, text)) => (scheme.to_ascii_uppercase(), text),
            None => ("CRYPT".to_string(), field),
        };
        match scheme.as_str() {
            "CRYPT" | "BLF-CRYPT" | "SHA512-CRYPT" | "SHA256-CRYPT" | "ARGON2ID" => Self::parse(text),
            "DES-CRYPT" => Err(Unusable::Weak("DES")),
            "MD5" | "MD5-CRYPT" => Err(Unusable::Weak("MD5")),
            "PLAIN" | "CLEAR" | "CLEARTEXT" | "PLAIN-TRUNC" => Err(Unusable::Weak("plain text")),
            "PLAIN-MD4" | "PLAIN-MD5" | "LDAP-MD5" | "SMD5" | "CRAM-MD5" | "HMAC-MD5" | "DIGEST-MD5" | "LANMAN"
            | "NTLM" | "RPA" | "OTP" | "SKEY" => Err(Unusable::Weak("a digest of MD5's kind")),
            "SHA" | "SHA1" | "SSHA" | "SHA256" | "SSHA256" | "SHA512" | "SSHA512" | "SCRAM-SHA-1" | "SCRAM-SHA-256" => {
                Err(Unusable::Weak("a fast digest (SHA, SSHA, SCRAM)"))
            }
            _ => Err(Unusable::Unknown),
        }
    }

    /// The form that is stored.
    pub fn stored(&self) -> String {
        let scheme = match self.kind {
            Kind::Crypt => "{CRYPT}",
            Kind::Argon2id { .. } => "{ARGON2ID}",
        };
        format!("{scheme}{}", self.text)
    }

    fn parse(text: &str) -> Result<Self, Unusable> {
        let kind = if text.starts_with("$argon2id$") {
            argon2id(text)?
        } else {
            check_crypt(text)?;
            Kind::Crypt
        };
        Ok(Self { text: text.to_string(), kind })
    }
}

/// Whether `secret` is the one that the foreign hash `stored` was made from.
pub(super) fn verify(memory: &mut dyn Memory, stored: &str, secret: &Secret) -> Result<bool, HashError> {
    let foreign = Foreign::read(stored).map_err(|_| HashError::Stored)?;
    match foreign.kind {
        Kind::Crypt => {
            let mut hashed = Err(HashError::Stored);
            memory.queue(&mut || hashed = crypt(secret, &foreign.text))?;
            Ok(hashed?.is_some_and(|hashed| hashed.as_bytes().ct_eq(foreign.text.as_bytes()).into()))
        }
        Kind::Argon2id { profile, salt, hash } => {
            let params = ParamsBuilder::new()
                .m_cost(profile.memory_kib)
                .t_cost(profile.iterations)
                .p_cost(profile.parallelism)
                .output_len(hash.len())
                .build()
                .map_err(|_| HashError::Stored)?;
            let count = params.block_count();
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let mut computed = Zeroizing::new(vec![0; hash.len()]);
            let mut done = Err(HashError::Memory);
            memory.lend(count, &mut |blocks| {
                done = argon2
                    .hash_password_into_with_memory(secret.as_bytes(), &salt, &mut computed, blocks)
                    .map_err(|_| HashError::Stored);
            })?;
            done?;
            Ok(computed.ct_eq(&hash).into())
        }
    }
}

/// Reads `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
fn argon2id(text: &str) -> Result<Kind, Unusable> {
    const SCHEME: &str = "Argon2id";
    let damaged = || Unusable::Damaged(SCHEME);
    let phc = PasswordHash::new(text).map_err(|_| damaged())?;
    let number = |name: &str| phc.params.get_decimal(name).ok_or_else(damaged);
    let profile = Profile { memory_kib: number("m")?, iterations: number("t")?, parallelism: number("p")? };
    let (Some(salt), Some(hash)) = (&phc.salt, &phc.hash) else { return Err(damaged()) };
    // With a key, a secret input of its own or associated data nothing here could compare it.
    if phc.version != Some(Version::V0x13.into()) || phc.params.iter().count() != 3 {
        return Err(damaged());
    }
    let work = u64::from(profile.memory_kib) * u64::from(profile.iterations);
    if !profile.is_sound() || work > MAX_ARGON2_WORK_KIB {
        return Err(Unusable::Costly(SCHEME));
    }
    Ok(Kind::Argon2id { profile, salt: salt.as_ref().to_vec(), hash: hash.as_bytes().to_vec() })
}

/// Whether `text` is a whole hash of a form of crypt(5) that is taken here, and no more work than is allowed.
fn check_crypt(text: &str) -> Result<(), Unusable> {
    let Some((prefix, rest)) = text.strip_prefix('$').and_then(|rest| rest.split_once('$')) else {
        return Err(if text.len() == 13 && is_crypt64(text) { Unusable::Weak("DES") } else { Unusable::Unknown });
    };
    match prefix {
        "1" | "apr1" | "md5" => Err(Unusable::Weak("MD5")),
        "2a" | "2b" | "2y" => bcrypt(rest),
        "5" => sha_crypt(rest, 43),
        "6" => sha_crypt(rest, 86),
        "y" => yescrypt(rest),
        _ => Err(Unusable::Unknown),
    }
}

/// `CC$`, the cost, and 22 symbols of salt and 31 of hash.
fn bcrypt(rest: &str) -> Result<(), Unusable> {
    const SCHEME: &str = "bcrypt";
    let (cost, symbols) = rest.split_once('$').ok_or(Unusable::Damaged(SCHEME))?;
    let digits = cost.len() == 2 && cost.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || symbols.len() != 53 || !is_crypt64(symbols) {
        return Err(Unusable::Damaged(SCHEME));
    }
    match cost.parse() {
        Ok(4..=MAX_BCRYPT_COST) => Ok(()),
        Ok(15..=31) => Err(Unusable::Costly(SCHEME)),
        _ => Err(Unusable::Damaged(SCHEME)),
    }
}

/// `rounds=N$` where it is not 5,000, the salt, and `length` symbols of hash.
fn sha_crypt(rest: &str, length: usize) -> Result<(), Unusable> {
    const SCHEME: &str = "SHA-crypt";
    let damaged = Unusable::Damaged(SCHEME);
    let mut parts = rest.split('$');
    let mut salt = parts.next().ok_or(damaged)?;
    if let Some(rounds) = salt.strip_prefix("rounds=") {
        let digits = !rounds.starts_with('0') && rounds.bytes().all(|byte| byte.is_ascii_digit());
        match rounds.parse::<u64>() {
            // The smallest and the largest that crypt(5) knows.
            Ok(1000..=999_999_999) if digits => {}
            _ => return Err(damaged),
        }
        if rounds.parse::<u32>().is_ok_and(|rounds| rounds > MAX_SHA_ROUNDS) {
            return Err(Unusable::Costly(SCHEME));
        }
        salt = parts.next().ok_or(damaged)?;
    }
    let hash = parts.next().ok_or(damaged)?;
    let sound = salt.len() <= 16
        && salt.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b':' | b'*' | b'!' | b';' | b'\\'))
        && hash.len() == length
        && is_crypt64(hash)
        && parts.next().is_none();
    if sound { Ok(()) } else { Err(damaged) }
}

/// The parameters (flavour, log2 of N, and r, in the variable-length numbers of yescrypt), the salt, and 43 symbols of hash.
fn yescrypt(rest: &str) -> Result<(), Unusable> {
    const SCHEME: &str = "yescrypt";
    let damaged = Unusable::Damaged(SCHEME);
    let mut parts = rest.split('$');
    let (Some(params), Some(salt), Some(hash), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(damaged);
    };
    if salt.len() > 86 || !is_crypt64(salt) || hash.len() != 43 || !is_crypt64(hash) {
        return Err(damaged);
    }
    let mut symbols = params.bytes();
    let mut number = |least| yescrypt_number(&mut symbols, least).ok_or(damaged);
    let (_flavour, log2_n, r) = (number(0)?, number(1)?, number(1)?);
    // More parameters (parallelism, time, ROM) are nothing that mkpasswd, passwd or Dovecot make.
    if symbols.next().is_some() {
        return Err(Unusable::Costly(SCHEME));
    }
    // 128 · r · N bytes.
    let kib = 1_u64.checked_shl(log2_n).filter(|_| log2_n < 40).and_then(|n| n.checked_mul(u64::from(r)));
    match kib.map(|blocks| blocks / 8) {
        Some(kib) if kib <= MAX_YESCRYPT_KIB => Ok(()),
        _ => Err(Unusable::Costly(SCHEME)),
    }
}

/// A number of yescrypt's parameters, at least `least`: small ones take one symbol, larger ones more.
fn yescrypt_number(symbols: &mut impl Iterator<Item = u8>, least: u32) -> Option<u32> {
    let mut digit = || symbols.next().and_then(crypt64);
    let first = digit()?;
    let (mut value, mut start, mut end, mut more, mut bits) = (least, 0_u32, 47_u32, 0, 0_u32);
    while first > end {
        value = value.checked_add((end + 1 - start).checked_shl(bits)?)?;
        start = end + 1;
        end = start + (62 - end) / 2;
        more += 1;
        bits += 6;
    }
    value = value.checked_add((first - start).checked_shl(bits)?)?;
    for _ in 0..more {
        bits -= 6;
        value = value.checked_add(digit()?.checked_shl(bits)?)?;
    }
    Some(value)
}

/// The value of a symbol of crypt(3)'s base64.
fn crypt64(symbol: u8) -> Option<u32> {
    Some(match symbol {
        b'.' => 0,
        b'/' => 1,
        b'0'..=b'9' => u32::from(symbol - b'0') + 2,
        b'A'..=b'Z' => u32::from(symbol - b'A') + 12,
        b'a'..=b'z' => u32::from(symbol - b'a') + 38,
        _ => return None,
    })
}

fn is_crypt64(text: &str) -> bool {
    text.bytes().all(|symbol| crypt64(symbol).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::hash::HeapMemory;

    /// Made by `doveadm pw` of Dovecot 2.3.19 and crypt(3) of libxcrypt 4.4.33.
    const MADE_ELSEWHERE: [&str; 8] = [
        "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$x5zVkqz201JdnwbYmpgiJg$Ui1YQHiOCDz825ln8l227DAsEt/RC0a3NWBTBqpCJUU",
        "{BLF-CRYPT}$2y$05$Oseg8FHBVCvINyoC7eZUgeTVG3Cj2bQg3oOIODlK/T28ygdQozxDa",
        "{SHA512-CRYPT}$6$Gq4b7mX5N7BpxE1q$llE809gQmNouDMki4yWXza6GaZl1dE0PDrnQq2bO3czCeDoBsCnG/ldsQvIAHROycK05QKNWqp3.LbqjLa2VJ.",
        "{SHA256-CRYPT}$5$WRu4FVi5.V.AxTz9$tO6NZMP5Guqmx1cIsI9h2xlKNeU3y1UqVoarg0FlHz4",
        "{CRYPT}$2y$05$MueiSW3Uq5229ODfIObOzOEQc8kMpZGmDxdeXGyUtTatbg2sRy6jy",
        "{crypt}$y$j9T$abcdefghijklmnop$F7kfVk.oOhV81K9PnQ5GcZ31QaSOFBtNI3Y3euDcm9C",
        "$y$j75$abcdefghijklmnop$nV.iR3BaEQ7YCde0cPPwjq87psdEdo5Atjf2l7oW1m2",
        "$argon2id$v=19$m=65536,t=3,p=1$x5zVkqz201JdnwbYmpgiJg$Ui1YQHiOCDz825ln8l227DAsEt/RC0a3NWBTBqpCJUU",
    ];

    fn verifies(stored: &str, password: &[u8]) -> Result<bool, HashError> {
        verify(&mut HeapMemory::default(), stored, &Secret::copy(password))
    }

    #[test]
    fn what_other_programs_made_verifies_its_password_and_no_other() {
        for field in MADE_ELSEWHERE {
            let stored = Foreign::read(field).map_err(|error| error.to_string()).unwrap().stored();
            assert!(is_foreign(&stored), "{stored}");
            assert_eq!(verifies(&stored, b"correct horse battery"), Ok(true), "{stored}");
            assert_eq!(verifies(&stored, b"correct horse batterx"), Ok(false), "{stored}");
            assert_eq!(verifies(&stored, b""), Ok(false), "{stored}");
        }
    }

    #[test]
    fn a_hash_that_was_changed_in_one_place_verifies_nothing() {
        for field in MADE_ELSEWHERE {
            let stored = Foreign::read(field).map_err(|error| error.to_string()).unwrap().stored();
            let at = stored.len() - 3;
            let other = if stored.as_bytes()[at] == b'a' { 'b' } else { 'a' };
            let changed = format!("{}{other}{}", &stored[..at], &stored[at + 1..]);
            assert_eq!(verifies(&changed, b"correct horse battery"), Ok(false), "{changed}");
            assert!(matches!(verifies(&stored[..stored.len() - 1], b"correct horse battery"), Err(HashError::Stored)));
        }
    }

    #[test]
    fn weak_schemes_are_refused() {
        for field in [
            "{DES-CRYPT}abJnggxhB/yWI",
            "{CRYPT}abJnggxhB/yWI",
            "abJnggxhB/yWI",
            "{MD5-CRYPT}$1$abcdefgh$irWbblnpmw.5z7wgBnprh0",
            "$1$abcdefgh$irWbblnpmw.5z7wgBnprh0",
            "$apr1$abcdefgh$irWbblnpmw.5z7wgBnprh0",
            "{PLAIN}secret",
            "{CLEARTEXT}secret",
            "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
            "{SSHA}dGVzdA==",
            "{SSHA512}dGVzdA==",
            "{CRAM-MD5}4e24650823fd8a3eb76efab2a30",
        ] {
            assert!(matches!(Foreign::read(field), Err(Unusable::Weak(_))), "{field}");
        }
        for field in
            ["", "secret", "{}", "{NOTHING}x", "$7$x", "$gy$j9T$x$y", "$2x$05$x", "{SHA512-CRYPT.HEX}2436", "*", "!!"]
        {
            assert_eq!(Foreign::read(field).err(), Some(Unusable::Unknown), "{field}");
        }
    }

    #[test]
    fn a_hash_that_would_take_too_long_is_refused_before_it_is_computed() {
        let costly = |field: &str| {
            assert!(matches!(Foreign::read(field), Err(Unusable::Costly(_))), "{field}");
            assert_eq!(verifies(field, b"x"), Err(HashError::Stored), "{field}");
        };
        for cost in 15..=31 {
            costly(&format!("{{CRYPT}}$2y${cost}$Oseg8FHBVCvINyoC7eZUgeTVG3Cj2bQg3oOIODlK/T28ygdQozxDa"));
        }
        for rounds in ["1000001", "999999999"] {
            costly(&format!("{{CRYPT}}$6$rounds={rounds}$Gq4b7mX5N7BpxE1q${}", "a".repeat(86)));
        }
        // N = 2^15 and r = 32: 128 MiB. And the largest that can be written.
        for params in ["jCT", "jzzzzzzzz", "jTzzzzz", "j9T/", "j9T0."] {
            let field = format!("{{CRYPT}}$y${params}$abcdefghijklmnop${}", "a".repeat(43));
            assert!(Foreign::read(&field).is_err(), "{field}");
            assert_eq!(verifies(&field, b"x"), Err(HashError::Stored), "{field}");
        }
        costly(&format!("{{CRYPT}}$y$jCT$abcdefghijklmnop${}", "a".repeat(43)));
        assert!(Foreign::read(&format!("$y$jBT$abcdefghijklmnop${}", "a".repeat(43))).is_ok());
        for params in ["m=262144,t=1,p=1", "m=65536,t=33,p=1", "m=65536,t=1,p=17", "m=8,t=65,p=1"] {
            let rest = "$x5zVkqz201JdnwbYmpgiJg$Ui1YQHiOCDz825ln8l227DAsEt/RC0a3NWBTBqpCJUU";
            costly(&format!("{{ARGON2ID}}$argon2id$v=19${params}{rest}"));
        }
    }

    #[test]
    fn half_a_hash_is_refused() {
        let (a53, a86) = ("a".repeat(53), "a".repeat(86));
        for field in [
            format!("$2y$5${a53}"),
            format!("$2y$03${a53}"),
            format!("$2y$32${a53}"),
            format!("$2y$+5${a53}"),
            format!("$2y$05${}", &a53[1..]),
            format!("$2y$05${}!", &a53[1..]),
            format!("$6${a86}"),
            format!("$6$salt${}", &a86[1..]),
            format!("$6$salt${a86}$"),
            format!("$6$rounds=999$salt${a86}"),
            format!("$6$rounds=05000$salt${a86}"),
            format!("$6$rounds=+5000$salt${a86}"),
            format!("$6$sixteensymbolsand1${a86}"),
            format!("$6$sa lt${a86}"),
            "$y$j9T$salt".into(),
            format!("$y$$salt${}", &a86[..43]),
            format!("$y$j9$salt${}", &a86[..43]),
            "$argon2id$v=19$m=65536,t=3,p=1$x5zVkqz201JdnwbYmpgiJg".into(),
            "$argon2id$v=16$m=65536,t=3,p=1$x5zVkqz201JdnwbYmpgiJg$Ui1YQHiOCDz825ln8l227DAsEt/RC0a3NWBTBqpCJUU".into(),
            "$argon2id$v=19$m=65536,t=3,p=1,keyid=AAAAAQ$x5zVkqz201JdnwbYmpgiJg$Ui1YQHiOCDz825ln8l227DAsEt/RC0a3NWBTBqpCJUU"
                .into(),
        ] {
            assert!(matches!(Foreign::read(&field), Err(Unusable::Damaged(_))), "{field}");
        }
    }
}
