//! crypt(3) of libxcrypt, for password hashes that other programs have made.
//!
//! The library is loaded when the first such hash is met: a process that meets none never has it. It is not closed
//! again.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::OnceLock;

use zeroize::Zeroizing;

use crate::credential::{HashError, Secret};

/// The names under which Debian, and Fedora and its like, install libxcrypt.
const LIBRARIES: [&CStr; 2] = [c"libcrypt.so.1", c"libcrypt.so.2"];

/// `sizeof (struct crypt_data)` of libxcrypt, which keeps it (crypt(3)).
const DATA_BYTES: usize = 32_768;

/// crypt_rn(3): `char *crypt_rn(const char *phrase, const char *setting, void *data, int size)`. libxcrypt has it, and
/// the older libcrypt of glibc, whose data are larger, has it not.
type CryptRn = unsafe extern "C" fn(*const c_char, *const c_char, *mut c_void, c_int) -> *mut c_char;

static CRYPT_RN: OnceLock<CryptRn> = OnceLock::new();

/// Hashes `phrase` as `setting` says, which may be a whole hash. A phrase that this hash cannot be of, because it holds
/// a NUL or is longer than crypt(3) takes (511 bytes), is none.
pub(crate) fn crypt(phrase: &Secret, setting: &str) -> Result<Option<Secret>, HashError> {
    let crypt_rn = load()?;
    if phrase.as_bytes().contains(&0) || phrase.as_bytes().len() > 511 {
        return Ok(None);
    }
    let mut with_end = Zeroizing::new(Vec::with_capacity(phrase.as_bytes().len() + 1));
    with_end.extend_from_slice(phrase.as_bytes());
    with_end.push(0);
    let phrase = CStr::from_bytes_with_nul(&with_end).map_err(|_| HashError::Stored)?;
    let setting = CString::new(setting).map_err(|_| HashError::Stored)?;
    let mut data = Zeroizing::new(vec![0_u64; DATA_BYTES / size_of::<u64>()]);
    // SAFETY: crypt_rn(3). Both strings end in NUL and outlive the call; `data` is DATA_BYTES writable bytes, zeroed as
    // it asks for, and nobody else's.
    let hashed =
        unsafe { crypt_rn(phrase.as_ptr(), setting.as_ptr(), data.as_mut_ptr().cast::<c_void>(), DATA_BYTES as c_int) };
    if hashed.is_null() {
        let error = std::io::Error::last_os_error().raw_os_error();
        return Err(if error == Some(libc::ENOMEM) { HashError::Memory } else { HashError::Stored });
    }
    // SAFETY: crypt_rn(3) returns a pointer to a string with its NUL inside `data`, which is still alive.
    Ok(Some(Secret::copy(unsafe { CStr::from_ptr(hashed) }.to_bytes())))
}

fn load() -> Result<CryptRn, HashError> {
    if let Some(loaded) = CRYPT_RN.get() {
        return Ok(*loaded);
    }
    let found = LIBRARIES.into_iter().find_map(find).ok_or(HashError::NoCrypt)?;
    Ok(*CRYPT_RN.get_or_init(|| found))
}

fn find(library: &CStr) -> Option<CryptRn> {
    // SAFETY: dlopen(3) takes a string with its NUL. What the library runs when it is loaded is libxcrypt's own, which
    // every program that signs people in has in it.
    let handle = unsafe { libc::dlopen(library.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
    if handle.is_null() {
        return None;
    }
    // SAFETY: dlsym(3) takes a live handle and a string with its NUL.
    let symbol = unsafe { libc::dlsym(handle, c"crypt_rn".as_ptr()) };
    if symbol.is_null() {
        return None;
    }
    // SAFETY: this is the function of that name in libxcrypt, and CryptRn is its type (crypt_rn(3)). The library is
    // never closed, so that the pointer stays good.
    Some(unsafe { std::mem::transmute::<*mut c_void, CryptRn>(symbol) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_phrase_is_none_and_what_cannot_be_a_setting_is_an_error() {
        let setting = "$6$saltsaltsalt$";
        assert!(crypt(&Secret::copy(b"x"), setting).is_ok_and(|hashed| hashed.is_some()));
        assert!(crypt(&Secret::copy(b"x\0y"), setting).is_ok_and(|hashed| hashed.is_none()));
        assert!(crypt(&Secret::copy(&[b'x'; 512]), setting).is_ok_and(|hashed| hashed.is_none()));
        assert_eq!(crypt(&Secret::copy(b"x"), "$nothing$").err(), Some(HashError::Stored));
    }
}
