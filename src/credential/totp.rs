//! TOTP (RFC 6238): secrets, codes, and which time step a code belongs to.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE32_NOPAD;
use subtle::{ConditionallySelectable, ConstantTimeEq};
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use super::{Keyring, RandomError, Secret};
use crate::account::{AccountUid, Sealed, TotpAlgorithm, TotpForm};

/// Bytes of a new secret (RFC 4226 section 4 recommends 160 bits).
pub const SECRET_BYTES: usize = 20;
const NONCE_BYTES: usize = 24;

/// Makes a secret.
pub fn generate() -> Result<Secret, RandomError> {
    let bytes = Zeroizing::new(super::random::<SECRET_BYTES>()?);
    Ok(Secret::copy(&*bytes))
}

/// The secret as people type it: base32 without padding (RFC 4648 section 6).
pub fn base32(secret: &Secret) -> Secret {
    Secret::from(BASE32_NOPAD.encode(secret.as_bytes()))
}

/// Why a sealed secret does not open. None of these means "wrong code".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// It was sealed with a key that the key file does not have.
    Key(u32),
    /// It is damaged, was moved to another account, or the key with its number is another one.
    Damaged,
    /// The kernel gave no random bytes.
    Random,
}

impl std::fmt::Display for SealError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(number) => write!(f, "key {number} is missing from the key file: restore it"),
            Self::Damaged => f.write_str(
                "a TOTP secret does not open: the key file is not the one it was sealed with; restore that one",
            ),
            Self::Random => f.write_str("the kernel gave no random bytes"),
        }
    }
}

impl std::error::Error for SealError {}

/// Encrypts `secret` for `account` with the current key.
pub fn seal(keys: &Keyring, account: AccountUid, secret: &Secret) -> Result<Sealed, SealError> {
    let number = keys.current();
    let cipher = cipher(keys, number)?;
    let nonce = super::random::<NONCE_BYTES>().map_err(|RandomError| SealError::Random)?;
    let payload = Payload { msg: secret.as_bytes(), aad: &associated_data(account) };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Damaged)?;
    Ok(Sealed { key: number, bytes: [&nonce[..], &sealed].concat() })
}

/// Decrypts what [`seal`] made for `account`.
pub fn open(keys: &Keyring, account: AccountUid, sealed: &Sealed) -> Result<Secret, SealError> {
    let cipher = cipher(keys, sealed.key)?;
    let (nonce, bytes) = sealed.bytes.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Damaged)?;
    let payload = Payload { msg: bytes, aad: &associated_data(account) };
    cipher.decrypt(&XNonce::from(*nonce), payload).map(Secret::new).map_err(|_| SealError::Damaged)
}

fn cipher(keys: &Keyring, number: u32) -> Result<XChaCha20Poly1305, SealError> {
    let key = keys.sealing(number).ok_or(SealError::Key(number))?;
    Ok(XChaCha20Poly1305::new(&(*key).into()))
}

fn associated_data(account: AccountUid) -> [u8; 17] {
    let mut data = [b't'; 17];
    data[1..].copy_from_slice(&account.0);
    data
}

/// The time step (RFC 6238 T) of a time.
pub fn step_at(form: TotpForm, now: i64) -> i64 {
    now.div_euclid(i64::from(form.period.max(1)))
}

/// The code of one time step.
pub fn code_at(secret: &Secret, form: TotpForm, step: i64) -> Option<Secret> {
    let time = u64::try_from(step).ok()?.checked_mul(u64::from(form.period))?;
    Some(Secret::from(generator(secret, form).generate(time).to_string()))
}

fn generator(secret: &Secret, form: TotpForm) -> Totp {
    let algorithm = match form.algorithm {
        TotpAlgorithm::Sha1 => Algorithm::SHA1,
        TotpAlgorithm::Sha256 => Algorithm::SHA256,
        TotpAlgorithm::Sha512 => Algorithm::SHA512,
    };
    Builder::new()
        .with_algorithm(algorithm)
        .with_digits(form.digits)
        .with_step_duration(u64::from(form.period.max(1)))
        .with_secret(secret.as_bytes().to_vec())
        .build_noncompliant()
}

/// Which time step a code was found to belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// A step that may still be claimed.
    Fresh(i64),
    /// A step that was accepted before, or an earlier one.
    Used,
    /// No step within the skew.
    None,
}

/// Finds the time step of `code` among the one of `now` and `skew` steps before and after it. Every step is computed
/// and compared, whichever matches; of several matches the latest counts.
pub fn find_step(secret: &Secret, form: TotpForm, code: &Secret, now: i64, skew: u32, last_step: i64) -> Match {
    let current = step_at(form, now);
    let skew = i64::from(skew);
    let mut found = i64::MIN;
    for step in current.saturating_sub(skew)..=current.saturating_add(skew) {
        let Some(expected) = code_at(secret, form, step) else { continue };
        let same = expected.as_bytes().ct_eq(code.as_bytes());
        found.conditional_assign(&step, same);
    }
    match found {
        i64::MIN => Match::None,
        step if step > last_step => Match::Fresh(step),
        _ => Match::Used,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(algorithm: TotpAlgorithm, digits: u8) -> TotpForm {
        TotpForm { algorithm, digits, period: 30 }
    }

    #[test]
    fn the_vectors_of_rfc_6238_appendix_b_hold() {
        let seed = |length: usize| Secret::new(b"1234567890".iter().copied().cycle().take(length).collect());
        let vectors = [
            (59, "94287082", "46119246", "90693936"),
            (1111111109, "07081804", "68084774", "25091201"),
            (1111111111, "14050471", "67062674", "99943326"),
            (1234567890, "89005924", "91819424", "93441116"),
            (2000000000, "69279037", "90698825", "38618901"),
            (20000000000, "65353130", "77737706", "47863826"),
        ];
        for (time, sha1, sha256, sha512) in vectors {
            for (algorithm, length, expected) in [
                (TotpAlgorithm::Sha1, 20, sha1),
                (TotpAlgorithm::Sha256, 32, sha256),
                (TotpAlgorithm::Sha512, 64, sha512),
            ] {
                let form = form(algorithm, 8);
                let code = code_at(&seed(length), form, step_at(form, time)).unwrap();
                assert_eq!(code.as_str().unwrap(), expected, "{time} {algorithm:?}");
            }
        }
    }

    #[test]
    fn a_code_is_found_one_step_around_now_and_only_after_the_last_one() {
        let (secret, form) = (Secret::new(vec![7; 20]), form(TotpAlgorithm::Sha1, 6));
        let now = 1_700_000_000;
        let step = step_at(form, now);
        for offset in -3..=3 {
            let code = code_at(&secret, form, step + offset).unwrap();
            let expected = if offset.abs() <= 1 { Match::Fresh(step + offset) } else { Match::None };
            assert_eq!(find_step(&secret, form, &code, now, 1, 0), expected, "{offset}");
        }
        let code = code_at(&secret, form, step).unwrap();
        assert_eq!(find_step(&secret, form, &code, now, 1, step), Match::Used);
        assert_eq!(find_step(&secret, form, &code, now, 1, step - 1), Match::Fresh(step));
        assert_eq!(find_step(&secret, form, &Secret::copy(b"00000"), now, 1, 0), Match::None);
    }

    #[test]
    fn a_sealed_secret_opens_for_its_account_and_key_only() {
        let keys = Keyring::parse(&Keyring::generate().unwrap()).unwrap();
        let others = Keyring::parse(&Keyring::generate().unwrap()).unwrap();
        let (alice, bob) = (AccountUid([1; 16]), AccountUid([2; 16]));
        let secret = generate().unwrap();
        let sealed = seal(&keys, alice, &secret).unwrap();
        assert!(open(&keys, alice, &sealed).is_ok_and(|opened| opened == secret));
        assert_eq!(open(&keys, bob, &sealed).err(), Some(SealError::Damaged));
        assert_eq!(open(&others, alice, &sealed).err(), Some(SealError::Damaged));
        let unknown = Sealed { key: 9, ..sealed };
        assert_eq!(open(&keys, alice, &unknown).err(), Some(SealError::Key(9)));
    }
}
