//! What people and programs present, and how it is kept.
//!
//! Each kind of credential has its own shape, so that the shape alone says what was presented:
//! [`app_password`], [`invitation`], [`recovery_code`], [`session`], [`totp`]; everything else is a primary [`password`].

pub mod app_password;
pub mod foreign;
pub mod hash;
pub mod invitation;
pub mod keyring;
pub mod panel_cookie;
pub mod password;
pub mod recovery_code;
mod secret;
pub mod session;
mod symbols;
pub mod totp;

pub use hash::{HashError, Memory, Profile};
pub use keyring::Keyring;
pub use secret::Secret;

/// Fills an array with random bytes from the kernel (getrandom(2)).
pub fn random<const N: usize>() -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| RandomError)?;
    Ok(bytes)
}

/// The kernel gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RandomError;

impl std::fmt::Display for RandomError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the kernel gave no random bytes (getrandom)")
    }
}

impl std::error::Error for RandomError {}
