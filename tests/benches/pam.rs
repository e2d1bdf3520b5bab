//! One login through the real libpam, with the calls and items of Dovecot's auth worker (passdb-pam.c).

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;

const PROMPT_ECHO_OFF: c_int = 1;
const ITEM_TTY: c_int = 3;
const ITEM_RHOST: c_int = 4;
const ITEM_RUSER: c_int = 8;

#[repr(C)]
struct Message {
    style: c_int,
    text: *const c_char,
}

#[repr(C)]
struct Response {
    text: *mut c_char,
    code: c_int,
}

#[repr(C)]
struct Conversation {
    converse: extern "C" fn(c_int, *const *const Message, *mut *mut Response, *mut c_void) -> c_int,
    data: *mut c_void,
}

#[link(name = "pam")]
unsafe extern "C" {
    fn pam_start_confdir(
        service: *const c_char,
        user: *const c_char,
        conversation: *const Conversation,
        directory: *const c_char,
        handle: *mut *mut c_void,
    ) -> c_int;
    fn pam_set_item(handle: *mut c_void, item: c_int, value: *const c_void) -> c_int;
    fn pam_authenticate(handle: *mut c_void, flags: c_int) -> c_int;
    fn pam_acct_mgmt(handle: *mut c_void, flags: c_int) -> c_int;
    fn pam_end(handle: *mut c_void, status: c_int) -> c_int;
}

/// What is presented, where and from where.
pub struct Login {
    pub service: CString,
    pub user: CString,
    pub rhost: CString,
    pub password: CString,
}

/// Signs in; the answer is that of the last call that was made.
pub fn sign_in(directory: &CStr, login: &Login) -> c_int {
    let conversation = Conversation { converse, data: login.password.as_ptr() as *mut c_void };
    let mut handle = ptr::null_mut();
    // SAFETY: NUL-terminated strings, and a conversation whose data is one, all of which outlive pam_end (pam(3)).
    unsafe {
        let started = pam_start_confdir(
            login.service.as_ptr(),
            login.user.as_ptr(),
            &conversation,
            directory.as_ptr(),
            &mut handle,
        );
        assert_eq!(started, 0, "pam_start_confdir");
        pam_set_item(handle, ITEM_RHOST, login.rhost.as_ptr().cast());
        pam_set_item(handle, ITEM_RUSER, login.user.as_ptr().cast());
        pam_set_item(handle, ITEM_TTY, c"dovecot".as_ptr().cast());
        let mut code = pam_authenticate(handle, 0);
        if code == 0 {
            code = pam_acct_mgmt(handle, 0);
        }
        pam_end(handle, code);
        code
    }
}

/// Answers every prompt without echo with the password.
extern "C" fn converse(
    count: c_int,
    messages: *const *const Message,
    responses: *mut *mut Response,
    data: *mut c_void,
) -> c_int {
    let count = usize::try_from(count).unwrap_or(0);
    // SAFETY: libpam passes `count` messages and takes over an array of as many responses, allocated with malloc, and
    // their texts (pam_conv(3)); `data` is the password of `sign_in`.
    unsafe {
        let answers = libc::calloc(count, size_of::<Response>()).cast::<Response>();
        for at in 0..count {
            if (**messages.add(at)).style == PROMPT_ECHO_OFF {
                (*answers.add(at)).text = libc::strdup(data.cast());
            }
        }
        *responses = answers;
    }
    0
}
