//! The six entry points that libpam looks up.

use std::ffi::{CStr, c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pam_sys::{PamHandle, PamReturnCode};

use super::handle::Handle;
use super::panics;
use crate::module::{self, ChangePhase, Code, Transaction};

/// PAM_PRELIM_CHECK of pam_modules.h.
const PRELIM_CHECK: c_int = 0x4000;

/// pam_sm_authenticate(3).
///
/// # Safety
/// Called by libpam: `pamh` is its handle, `argv` an array of `argc` NUL-terminated strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pam_sm_authenticate(
    pamh: *mut PamHandle,
    flags: c_int,
    argc: c_int,
    argv: *const *const c_char,
) -> c_int {
    // SAFETY: passed on from libpam.
    unsafe { call("pam_sm_authenticate", pamh, flags, argc, argv, module::authenticate) }
}

/// pam_sm_setcred(3): there is nothing to set, which is a success, because a stack of which every module says "ignore"
/// fails.
#[unsafe(no_mangle)]
pub extern "C" fn pam_sm_setcred(_: *mut PamHandle, _: c_int, _: c_int, _: *const *const c_char) -> c_int {
    PamReturnCode::SUCCESS as c_int
}

/// pam_sm_acct_mgmt(3).
///
/// # Safety
/// As [`pam_sm_authenticate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pam_sm_acct_mgmt(
    pamh: *mut PamHandle,
    flags: c_int,
    argc: c_int,
    argv: *const *const c_char,
) -> c_int {
    // SAFETY: passed on from libpam.
    unsafe { call("pam_sm_acct_mgmt", pamh, flags, argc, argv, module::account) }
}

/// pam_sm_open_session(3): nothing to do, see [`pam_sm_setcred`].
#[unsafe(no_mangle)]
pub extern "C" fn pam_sm_open_session(_: *mut PamHandle, _: c_int, _: c_int, _: *const *const c_char) -> c_int {
    PamReturnCode::SUCCESS as c_int
}

/// pam_sm_close_session(3): nothing to do, see [`pam_sm_setcred`].
#[unsafe(no_mangle)]
pub extern "C" fn pam_sm_close_session(_: *mut PamHandle, _: c_int, _: c_int, _: *const *const c_char) -> c_int {
    PamReturnCode::SUCCESS as c_int
}

/// pam_sm_chauthtok(3).
///
/// # Safety
/// As [`pam_sm_authenticate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pam_sm_chauthtok(
    pamh: *mut PamHandle,
    flags: c_int,
    argc: c_int,
    argv: *const *const c_char,
) -> c_int {
    let phase = if flags & PRELIM_CHECK != 0 { ChangePhase::Check } else { ChangePhase::Update };
    // SAFETY: passed on from libpam.
    unsafe {
        call("pam_sm_chauthtok", pamh, flags, argc, argv, |transaction, arguments| {
            module::change_password(transaction, arguments, phase)
        })
    }
}

/// Runs one call: the handle wrapped, the arguments copied, a panic stopped.
///
/// # Safety
/// As [`pam_sm_authenticate`].
unsafe fn call(
    entry: &'static str,
    pamh: *mut PamHandle,
    flags: c_int,
    argc: c_int,
    argv: *const *const c_char,
    run: impl FnOnce(&mut dyn Transaction, &[Vec<u8>]) -> Code,
) -> c_int {
    panics::silence();
    let ended = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: passed on from libpam, and used during this call only.
        let (handle, arguments) = unsafe { (Handle::new(pamh, flags), copy_arguments(argc, argv)) };
        match handle {
            Some(mut handle) => run(&mut handle, &arguments),
            None => Code::SystemErr,
        }
    }));
    let code = ended.unwrap_or_else(|_| {
        panics::report(entry);
        Code::SystemErr
    });
    if code == Code::EndProcess {
        // SAFETY: it ends the process at once. Nothing of it is left half done: the store's locks and transactions end with
        // it, and nothing that runs at an ordinary exit is the module's business in a worker of somebody else.
        unsafe { libc::_exit(0) }
    }
    c_int::from(code)
}

/// Copies the arguments of a line in a PAM file.
///
/// # Safety
/// `argv` is null or an array of `argc` pointers, each null or to a NUL-terminated string.
unsafe fn copy_arguments(argc: c_int, argv: *const *const c_char) -> Vec<Vec<u8>> {
    let count = if argv.is_null() { 0 } else { usize::try_from(argc).unwrap_or(0) };
    (0..count)
        .filter_map(|at| {
            // SAFETY: `at` < argc, so the pointer lies within the array.
            let argument = unsafe { *argv.add(at) };
            // SAFETY: libpam's arguments are NUL-terminated strings.
            (!argument.is_null()).then(|| unsafe { CStr::from_ptr(argument) }.to_bytes().to_vec())
        })
        .collect()
}

impl From<Code> for c_int {
    fn from(code: Code) -> Self {
        (match code {
            Code::Success => PamReturnCode::SUCCESS,
            Code::Ignore => PamReturnCode::IGNORE,
            Code::AuthErr => PamReturnCode::AUTH_ERR,
            Code::PermDenied => PamReturnCode::PERM_DENIED,
            Code::AuthInfoUnavail | Code::EndProcess => PamReturnCode::AUTHINFO_UNAVAIL,
            Code::AuthtokErr => PamReturnCode::AUTHTOK_ERR,
            Code::SystemErr => PamReturnCode::SYSTEM_ERR,
        }) as Self
    }
}
