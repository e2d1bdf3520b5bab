//! The cookie of a panel session: 256 random bits in base64url, 43 characters.
//!
//! It never leaves the browser and the panel's memory; the store keeps the SHA-256 digest of the bits. They are random
//! and as many as the digest has, so that no slow hash is needed.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use super::{RandomError, Secret, random};
use crate::session::SessionDigest;

/// Random bytes of a cookie.
const BYTES: usize = 32;

/// Makes a cookie's value; returns it with what stands for it in the store.
pub fn generate() -> Result<(Secret, SessionDigest), RandomError> {
    let mut bytes = random::<BYTES>()?;
    let value = Secret::from(BASE64URL_NOPAD.encode(&bytes));
    let digest = digest_of(&bytes);
    bytes.zeroize();
    Ok((value, digest))
}

/// What stands in the store for a cookie with this value; none for what is no such cookie.
pub fn read(value: &[u8]) -> Option<SessionDigest> {
    let mut bytes = [0; BYTES];
    // Checked before it is decoded, which needs a buffer of the right length.
    let shaped = BASE64URL_NOPAD.decode_len(value.len()) == Ok(BYTES);
    let digest = (shaped && BASE64URL_NOPAD.decode_mut(value, &mut bytes).is_ok()).then(|| digest_of(&bytes));
    bytes.zeroize();
    digest
}

fn digest_of(bytes: &[u8; BYTES]) -> SessionDigest {
    SessionDigest(Sha256::digest(bytes).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_reads_back_as_what_was_made_and_each_is_another() {
        let (value, digest) = generate().unwrap();
        assert_eq!(value.as_bytes().len(), 43);
        assert_eq!(read(value.as_bytes()), Some(digest));
        let bits = BASE64URL_NOPAD.decode(value.as_bytes()).unwrap();
        assert_eq!(digest.0, <[u8; 32]>::from(Sha256::digest(bits)));
        assert_ne!(generate().unwrap().1, digest);
    }

    #[test]
    fn what_is_no_cookie_stands_for_nothing() {
        let (value, _) = generate().unwrap();
        let good = value.as_str().unwrap();
        // The last character carries four bits, so that some of its spellings are not canonical.
        let padded = format!("{good}=");
        for bad in ["", "A", &good[1..], &format!("{good}A"), &padded, &format!("+{}", &good[1..]), &"é".repeat(21)] {
            assert_eq!(read(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(read(format!("{}B", "A".repeat(42)).as_bytes()), None);
    }
}
