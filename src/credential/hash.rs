//! Argon2id (RFC 9106) for passwords, recovery codes and app passwords.
//!
//! Stored as PHC strings, `$argon2id$v=19$m=…,t=…,p=…,keyid=…$salt$hash`; `keyid` is the number of the key whose pepper
//! was the secret input, as four big-endian bytes in base64. The associated data binds a hash to its account and row and
//! is not stored: a hash that was copied to another row verifies nothing.
//!
//! A primary password may also be stored as another program hashed it: [`foreign`].

use std::fmt;

use argon2::{Algorithm, Argon2, AssociatedData, Block, Params, ParamsBuilder, Version};
use phc::{Ident, Output, ParamsString, PasswordHash, Salt};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use super::{Keyring, Secret, foreign};
use crate::account::{AccountUid, AppPasswordId, RecoveryIndex};

const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// Most memory that a profile may ask for, in KiB: Dovecot's auth worker has an address space of 256 MiB.
pub const MAX_MEMORY_KIB: u32 = 128 * 1024;
const MAX_ITERATIONS: u32 = 64;
const MAX_PARALLELISM: u32 = 16;

/// Cost of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

impl Profile {
    /// For primary passwords and recovery codes (OWASP's minimum for Argon2id).
    pub const PASSWORD: Self = Self { memory_kib: 19456, iterations: 2, parallelism: 1 };
    /// For app passwords, which carry 80 random bits.
    pub const APP_PASSWORD: Self = Self { memory_kib: 4096, iterations: 1, parallelism: 1 };

    /// Whether a hash of this cost may be made here.
    pub fn is_sound(self) -> bool {
        (8 * self.parallelism.max(1)..=MAX_MEMORY_KIB).contains(&self.memory_kib)
            && (1..=MAX_ITERATIONS).contains(&self.iterations)
            && (1..=MAX_PARALLELISM).contains(&self.parallelism)
    }
}

/// What a hash belongs to; bound to it as associated data.
#[derive(Clone, Copy)]
pub enum Owner {
    /// The primary password of the account.
    Password(AccountUid),
    /// One app password of the account.
    AppPassword(AccountUid, AppPasswordId),
    /// One recovery code of the account.
    RecoveryCode(AccountUid, RecoveryIndex),
}

impl Owner {
    fn associated_data(self) -> Result<AssociatedData, HashError> {
        let mut data = Vec::with_capacity(21);
        match self {
            Self::Password(AccountUid(uid)) => {
                data.push(1);
                data.extend_from_slice(&uid);
            }
            Self::AppPassword(AccountUid(uid), id) => {
                data.push(2);
                data.extend_from_slice(&uid);
                data.extend_from_slice(&id.0);
            }
            Self::RecoveryCode(AccountUid(uid), index) => {
                data.push(3);
                data.extend_from_slice(&uid);
                data.extend_from_slice(&index.0);
            }
        }
        AssociatedData::new(&data).map_err(|_| HashError::Stored)
    }
}

/// Why a hash could not be computed. None of these means "wrong".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashError {
    /// No memory for it.
    Memory,
    /// The stored string is damaged or of another kind.
    Stored,
    /// It was made with a key that the key file does not have.
    Key(u32),
    /// The kernel gave no random bytes.
    Random,
    /// Too many hashes are being computed already.
    Busy,
    /// An imported hash needs crypt(3), and this machine has no libxcrypt.
    NoCrypt,
}

impl fmt::Display for HashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("no memory for a password hash"),
            Self::Stored => f.write_str("a stored password hash is damaged: set that password anew"),
            Self::Key(number) => write!(f, "key {number} is missing from the key file: restore it"),
            Self::Random => f.write_str("the kernel gave no random bytes"),
            Self::NoCrypt => {
                f.write_str("an imported password hash needs libxcrypt: install libcrypt1 (Debian) or libxcrypt")
            }
            Self::Busy => f.write_str(
                "too many password hashes at once: is somebody guessing? (concurrent_hashes in the configuration)",
            ),
        }
    }
}

impl std::error::Error for HashError {}

/// Where Argon2's blocks live while a hash is computed.
pub trait Memory {
    /// Lends `count` blocks to `work` and wipes them afterwards.
    fn lend(&mut self, count: usize, work: &mut dyn FnMut(&mut [Block])) -> Result<(), HashError>;

    /// Does slow work that has memory of its own.
    fn queue(&mut self, work: &mut dyn FnMut()) -> Result<(), HashError> {
        work();
        Ok(())
    }
}

/// Blocks from the heap: for the command and for tests. The module has a mapping of its own.
#[derive(Default)]
pub struct HeapMemory(Vec<Block>);

impl Memory for HeapMemory {
    fn lend(&mut self, count: usize, work: &mut dyn FnMut(&mut [Block])) -> Result<(), HashError> {
        let more = count.saturating_sub(self.0.len());
        self.0.try_reserve_exact(more).map_err(|_| HashError::Memory)?;
        self.0.resize(count.max(self.0.len()), Block::new());
        work(&mut self.0[..count]);
        self.0[..count].iter_mut().for_each(Zeroize::zeroize);
        Ok(())
    }
}

/// Hashes `secret` with a new salt.
pub fn create(
    memory: &mut dyn Memory,
    keys: &Keyring,
    profile: Profile,
    owner: Owner,
    secret: &Secret,
) -> Result<String, HashError> {
    let number = keys.current();
    let salt = super::random::<SALT_BYTES>().map_err(|_| HashError::Random)?;
    let hash = compute(memory, keys, profile, owner, number, &salt, secret)?;
    let stored = || -> Result<String, phc::Error> {
        let mut params = ParamsString::new();
        params.add_decimal("m", profile.memory_kib)?;
        params.add_decimal("t", profile.iterations)?;
        params.add_decimal("p", profile.parallelism)?;
        params.add_b64_bytes("keyid", &number.to_be_bytes())?;
        let phc = PasswordHash {
            algorithm: Ident::new("argon2id")?,
            version: Some(Version::V0x13.into()),
            params,
            salt: Some(Salt::new(&salt)?),
            hash: Some(Output::new(&*hash)?),
        };
        Ok(phc.to_string())
    };
    stored().map_err(|_| HashError::Stored)
}

/// Whether `secret` is the one that `stored` was made from.
pub fn verify(
    memory: &mut dyn Memory,
    keys: &Keyring,
    owner: Owner,
    stored: &str,
    secret: &Secret,
) -> Result<bool, HashError> {
    if foreign::is_foreign(stored) {
        return match owner {
            Owner::Password(_) => foreign::verify(memory, stored, secret),
            Owner::AppPassword(..) | Owner::RecoveryCode(..) => Err(HashError::Stored),
        };
    }
    let parsed = Parsed::read(stored)?;
    let hash = compute(memory, keys, parsed.profile, owner, parsed.key, &parsed.salt, secret)?;
    Ok(hash.ct_eq(&parsed.hash).into())
}

/// The work of one [`verify`] for something that is not there.
pub fn verify_nothing(
    memory: &mut dyn Memory,
    keys: &Keyring,
    profile: Profile,
    secret: &Secret,
) -> Result<(), HashError> {
    let owner = Owner::Password(AccountUid([0; 16]));
    compute(memory, keys, profile, owner, keys.current(), &[0; SALT_BYTES], secret).map(drop)
}

/// Whether `stored` was made with another cost or an older key than new hashes are, or by another program.
pub fn is_outdated(stored: &str, keys: &Keyring, profile: Profile) -> bool {
    foreign::is_foreign(stored)
        || Parsed::read(stored).is_ok_and(|parsed| parsed.profile != profile || parsed.key != keys.current())
}

/// The number of the key that a stored hash was made with; none where another program made it.
pub fn key_of(stored: &str) -> Result<Option<u32>, HashError> {
    if foreign::is_foreign(stored) { Ok(None) } else { Parsed::read(stored).map(|parsed| Some(parsed.key)) }
}

/// The parts of a stored hash.
struct Parsed {
    profile: Profile,
    key: u32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Parsed {
    fn read(stored: &str) -> Result<Self, HashError> {
        let phc = PasswordHash::new(stored).map_err(|_| HashError::Stored)?;
        let number = |name: &str| phc.params.get_decimal(name).ok_or(HashError::Stored);
        let mut key = [0; 4];
        phc.params
            .get("keyid")
            .and_then(|value| value.b64_decode(&mut key).ok().map(<[u8]>::len))
            .filter(|length| *length == key.len())
            .ok_or(HashError::Stored)?;
        let profile = Profile { memory_kib: number("m")?, iterations: number("t")?, parallelism: number("p")? };
        let (Some(salt), Some(hash)) = (&phc.salt, &phc.hash) else { return Err(HashError::Stored) };
        let sound = phc.algorithm.as_str() == "argon2id"
            && phc.version == Some(Version::V0x13.into())
            && profile.is_sound()
            && hash.as_bytes().len() == HASH_BYTES;
        if !sound {
            return Err(HashError::Stored);
        }
        Ok(Self { profile, key: u32::from_be_bytes(key), salt: salt.as_ref().to_vec(), hash: hash.as_bytes().to_vec() })
    }
}

fn compute(
    memory: &mut dyn Memory,
    keys: &Keyring,
    profile: Profile,
    owner: Owner,
    key: u32,
    salt: &[u8],
    secret: &Secret,
) -> Result<Zeroizing<[u8; HASH_BYTES]>, HashError> {
    let pepper = keys.pepper(key).ok_or(HashError::Key(key))?;
    let params: Params = ParamsBuilder::new()
        .m_cost(profile.memory_kib)
        .t_cost(profile.iterations)
        .p_cost(profile.parallelism)
        .data(owner.associated_data()?)
        .output_len(HASH_BYTES)
        .build()
        .map_err(|_| HashError::Stored)?;
    let count = params.block_count();
    let argon2 =
        Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params).map_err(|_| HashError::Stored)?;
    let mut hash = Zeroizing::new([0; HASH_BYTES]);
    let mut done = Err(HashError::Memory);
    memory.lend(count, &mut |blocks| {
        done = argon2
            .hash_password_into_with_memory(secret.as_bytes(), salt, &mut *hash, blocks)
            .map_err(|_| HashError::Stored);
    })?;
    done?;
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Profile = Profile { memory_kib: 8, iterations: 1, parallelism: 1 };
    const ALICE: Owner = Owner::Password(AccountUid([1; 16]));

    fn keys(lines: &[(u32, u8)]) -> Keyring {
        let text: String = lines
            .iter()
            .map(|(number, byte)| format!("{number} {}\n", data_encoding::BASE64.encode(&[*byte; 32])))
            .collect();
        Keyring::parse(&text).unwrap()
    }

    fn secret(text: &str) -> Secret {
        Secret::from(text.to_string())
    }

    #[test]
    fn a_hash_verifies_its_secret_and_no_other() {
        let (keys, mut memory) = (keys(&[(1, 1)]), HeapMemory::default());
        let stored = create(&mut memory, &keys, Profile::PASSWORD, ALICE, &secret("right")).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1,keyid="), "{stored}");
        assert_eq!(verify(&mut memory, &keys, ALICE, &stored, &secret("right")), Ok(true));
        assert_eq!(verify(&mut memory, &keys, ALICE, &stored, &secret("wrong")), Ok(false));
    }

    #[test]
    fn a_hash_that_was_moved_to_another_row_or_account_verifies_nothing() {
        let (keys, mut memory) = (keys(&[(1, 1)]), HeapMemory::default());
        let id = AppPasswordId(*b"k7m2");
        let owner = Owner::AppPassword(AccountUid([1; 16]), id);
        let stored = create(&mut memory, &keys, CHEAP, owner, &secret("x")).unwrap();
        assert_eq!(verify(&mut memory, &keys, owner, &stored, &secret("x")), Ok(true));
        for other in [
            Owner::AppPassword(AccountUid([2; 16]), id),
            Owner::AppPassword(AccountUid([1; 16]), AppPasswordId(*b"k7m3")),
            ALICE,
        ] {
            assert_eq!(verify(&mut memory, &keys, other, &stored, &secret("x")), Ok(false));
        }
    }

    #[test]
    fn without_its_key_a_hash_is_an_error_and_not_wrong() {
        let mut memory = HeapMemory::default();
        let stored = create(&mut memory, &keys(&[(1, 1)]), CHEAP, ALICE, &secret("x")).unwrap();
        assert_eq!(verify(&mut memory, &keys(&[(2, 1)]), ALICE, &stored, &secret("x")), Err(HashError::Key(1)));
        assert_eq!(verify(&mut memory, &keys(&[(1, 9)]), ALICE, &stored, &secret("x")), Ok(false));
        let both = keys(&[(1, 1), (2, 2)]);
        assert_eq!(verify(&mut memory, &both, ALICE, &stored, &secret("x")), Ok(true));
        assert!(is_outdated(&stored, &both, CHEAP) && !is_outdated(&stored, &keys(&[(1, 1)]), CHEAP));
    }

    #[test]
    fn a_foreign_hash_is_outdated_and_for_primary_passwords_alone_and_without_the_code_for_it_damaged() {
        let (keys, mut memory) = (keys(&[(1, 1)]), HeapMemory::default());
        let foreign = "{CRYPT}$5$WRu4FVi5.V.AxTz9$tO6NZMP5Guqmx1cIsI9h2xlKNeU3y1UqVoarg0FlHz4";
        assert!(is_outdated(foreign, &keys, CHEAP) && key_of(foreign) == Ok(None));
        assert_eq!(verify(&mut memory, &keys, ALICE, foreign, &secret("correct horse battery")), Ok(true));
        let owner = Owner::AppPassword(AccountUid([1; 16]), AppPasswordId(*b"k7m2"));
        let as_app_password = verify(&mut memory, &keys, owner, foreign, &secret("correct horse battery"));
        assert_eq!(as_app_password, Err(HashError::Stored));
        // What reads only our own, as the code before foreign hashes does.
        assert_eq!(Parsed::read(foreign).err(), Some(HashError::Stored));
    }

    #[test]
    fn damaged_and_oversized_hashes_are_errors() {
        let (keys, mut memory) = (keys(&[(1, 1)]), HeapMemory::default());
        let stored = create(&mut memory, &keys, CHEAP, ALICE, &secret("x")).unwrap();
        for damaged in [
            String::new(),
            "plain".into(),
            stored[..stored.len() - 4].into(),
            stored.replace("m=8,", "m=4000000,"),
            stored.replace("argon2id", "argon2i"),
            stored.replace("keyid=", "other="),
        ] {
            assert_eq!(verify(&mut memory, &keys, ALICE, &damaged, &secret("x")), Err(HashError::Stored), "{damaged}");
        }
    }
}
