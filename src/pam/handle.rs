//! A PAM handle as a safe [`Transaction`].

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use pam_sys::raw::{pam_get_data, pam_get_item, pam_getenv, pam_putenv, pam_set_data, pam_set_item};
use pam_sys::{PamConversation, PamHandle, PamItemType, PamMessage, PamMessageStyle, PamResponse, PamReturnCode};
use zeroize::Zeroizing;

use crate::credential::Secret;
use crate::module::{ConversationError, State, Transaction, abandoned};

#[link(name = "pam")]
unsafe extern "C" {
    /// pam_get_authtok(3); pam-sys does not declare it.
    fn pam_get_authtok(pamh: *mut PamHandle, item: c_int, authtok: *mut *const c_char, prompt: *const c_char) -> c_int;
}

/// PAM_SILENT of _pam_types.h.
pub(super) const SILENT: c_int = 0x8000;
/// PAM_DATA_SILENT of _pam_types.h: the cleanup runs in a child that must not act.
const DATA_SILENT: c_int = 0x4000_0000;

/// The name of our pam_set_data(3) entry.
const DATA: &CStr = c"pam_mailkey.transaction";

/// A handle that libpam passed to an entry point, for as long as that call lasts.
pub(super) struct Handle {
    raw: *mut PamHandle,
    silent: bool,
}

impl Handle {
    /// Wraps the handle of an entry point; None if it is null.
    ///
    /// # Safety
    /// `raw` is null, or the handle that libpam passed to the entry point that is running.
    pub(super) unsafe fn new(raw: *mut PamHandle, flags: c_int) -> Option<Self> {
        (!raw.is_null()).then_some(Self { raw, silent: flags & SILENT != 0 })
    }

    /// A string item as bytes; empty if it is not set.
    fn text(&self, item: PamItemType) -> Vec<u8> {
        let mut value: *const c_void = ptr::null();
        // SAFETY: the handle is libpam's (see `new`), and `value` is a live pointer variable (pam_get_item(3)).
        let code = unsafe { pam_get_item(self.raw, item as c_int, &mut value) };
        if code != SUCCESS || value.is_null() {
            return Vec::new();
        }
        // SAFETY: a string item that is set points to a NUL-terminated string that libpam owns; it is copied at once.
        unsafe { CStr::from_ptr(value.cast()) }.to_bytes().to_vec()
    }

    fn set_text(&mut self, item: PamItemType, value: &[u8]) -> Result<(), ConversationError> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(value.len() + 1));
        bytes.extend_from_slice(value);
        bytes.push(0);
        let value = CStr::from_bytes_with_nul(&bytes).map_err(|_| failed("a NUL byte in a PAM item"))?;
        // SAFETY: libpam copies the NUL-terminated string (pam_set_item(3)).
        let code = unsafe { pam_set_item(self.raw, item as c_int, value.as_ptr().cast()) };
        check(code, "pam_set_item")
    }

    fn token(&mut self, item: PamItemType) -> Result<Secret, ConversationError> {
        let mut value: *const c_char = ptr::null();
        // SAFETY: the handle is libpam's, `value` a live pointer variable; a null prompt asks for the default one, which
        // is asked without echo (pam_get_authtok(3)).
        let code = unsafe { pam_get_authtok(self.raw, item as c_int, &mut value, ptr::null()) };
        check(code, "pam_get_authtok: the program gave no password")?;
        if value.is_null() {
            return Err(failed("pam_get_authtok: the program gave no password"));
        }
        // SAFETY: on success it points to a NUL-terminated string that libpam owns and wipes; it is copied at once.
        Ok(Secret::copy(unsafe { CStr::from_ptr(value) }.to_bytes()))
    }

    /// The cell that [`leave`](Self::leave) left in the handle.
    fn cell(&self) -> Option<&RefCell<Option<State>>> {
        let mut data: *const c_void = ptr::null();
        // SAFETY: the handle is libpam's, the name NUL-terminated, `data` a live pointer variable (pam_get_data(3)).
        let code = unsafe { pam_get_data(self.raw, DATA.as_ptr(), &mut data) };
        if code != SUCCESS || data.is_null() {
            return None;
        }
        // SAFETY: only `leave` sets data of this name: a Box of this type, which lives until libpam calls `cleanup`, in
        // pam_end or when it is replaced, which `put_state` never does. A handle is used by one thread at a time.
        Some(unsafe { &*data.cast::<RefCell<Option<State>>>() })
    }

    fn leave(&mut self, state: State) -> Result<(), ConversationError> {
        let data = Box::into_raw(Box::new(RefCell::new(Some(state))));
        // SAFETY: the name is NUL-terminated; libpam keeps `data` and passes it once to `cleanup`, which takes it back.
        let code = unsafe { pam_set_data(self.raw, DATA.as_ptr(), data.cast(), Some(cleanup)) };
        if code != SUCCESS {
            // SAFETY: libpam has not taken it (pam_set_data(3)); it came from Box::into_raw above.
            drop(unsafe { Box::from_raw(data) });
        }
        check(code, "pam_set_data")
    }
}

impl Transaction for Handle {
    fn service(&self) -> Vec<u8> {
        self.text(PamItemType::SERVICE)
    }

    fn user(&self) -> Vec<u8> {
        // Not pam_get_user(3): without a name it would ask for one with echo.
        self.text(PamItemType::USER)
    }

    fn set_user(&mut self, user: &str) -> Result<(), ConversationError> {
        self.set_text(PamItemType::USER, user.as_bytes())
    }

    fn remote_host(&self) -> Vec<u8> {
        self.text(PamItemType::RHOST)
    }

    fn terminal(&self) -> Vec<u8> {
        self.text(PamItemType::TTY)
    }

    fn password(&mut self) -> Result<Secret, ConversationError> {
        self.token(PamItemType::AUTHTOK)
    }

    fn old_password(&mut self) -> Result<Secret, ConversationError> {
        self.token(PamItemType::OLDAUTHTOK)
    }

    fn set_password(&mut self, password: &Secret) -> Result<(), ConversationError> {
        self.set_text(PamItemType::AUTHTOK, password.as_bytes())
    }

    fn env(&self, name: &str) -> Vec<u8> {
        let Ok(name) = CString::new(name) else { return Vec::new() };
        // SAFETY: the handle is libpam's, the name NUL-terminated (pam_getenv(3)).
        let value = unsafe { pam_getenv(self.raw, name.as_ptr()) };
        if value.is_null() {
            return Vec::new();
        }
        // SAFETY: what is not null is a NUL-terminated string that libpam owns; it is copied at once.
        unsafe { CStr::from_ptr(value) }.to_bytes().to_vec()
    }

    fn set_env(&mut self, name: &str, value: &str) -> Result<(), ConversationError> {
        let nul = |_| failed("a NUL byte in the PAM environment");
        let setting = if value.is_empty() {
            let variable = CString::new(name).map_err(nul)?;
            // SAFETY: the handle is libpam's, the name NUL-terminated; the result is only compared with null.
            if unsafe { pam_getenv(self.raw, variable.as_ptr()) }.is_null() {
                // libpam complains in the log where something is removed that is not there.
                return Ok(());
            }
            variable
        } else {
            CString::new(format!("{name}={value}")).map_err(nul)?
        };
        // SAFETY: libpam copies the NUL-terminated string; `NAME` alone removes the variable (pam_putenv(3)).
        let code = unsafe { pam_putenv(self.raw, setting.as_ptr()) };
        check(code, "pam_putenv")
    }

    fn tell(&mut self, text: &str) {
        if self.silent {
            return;
        }
        let Ok(text) = CString::new(text) else { return };
        let mut conversation: *const c_void = ptr::null();
        // SAFETY: as in `text`; the item is a pointer to a PamConversation.
        let code = unsafe { pam_get_item(self.raw, PamItemType::CONV as c_int, &mut conversation) };
        if code != SUCCESS || conversation.is_null() {
            return;
        }
        // SAFETY: PAM_CONV is set by pam_start(3) to a structure that lives as long as the handle.
        let conversation = unsafe { &*conversation.cast::<PamConversation>() };
        let Some(converse) = conversation.conv else { return };
        let mut message = PamMessage { msg_style: PamMessageStyle::ERROR_MSG as c_int, msg: text.as_ptr() };
        let mut messages: [*mut PamMessage; 1] = [&mut message];
        let mut responses: *mut PamResponse = ptr::null_mut();
        // SAFETY: one message, an array of one pointer to it, a live variable for the responses, and the program's own
        // data pointer (pam_conv(3)).
        converse(1, messages.as_mut_ptr(), &mut responses, conversation.data_ptr);
        if !responses.is_null() {
            // SAFETY: the responses are one malloc'ed structure which now is ours to free, with its text (pam_conv(3));
            // free(3) takes a null pointer.
            unsafe {
                libc::free((*responses).resp.cast());
                libc::free(responses.cast());
            }
        }
    }

    fn unix_refused(&self, user: &str) -> bool {
        // pam_unix counts the wrong passwords of a transaction under this name, and clears it on success. Only its
        // presence is looked at, never what it points to.
        let Ok(name) = CString::new(format!("-UN*X-FAIL-{user}")) else { return false };
        let mut data: *const c_void = ptr::null();
        // SAFETY: as in `cell`.
        let code = unsafe { pam_get_data(self.raw, name.as_ptr(), &mut data) };
        code == SUCCESS && !data.is_null()
    }

    fn take_state(&mut self) -> Option<State> {
        self.cell()?.try_borrow_mut().ok()?.take()
    }

    fn put_state(&mut self, state: State) -> Result<(), ConversationError> {
        let Some(cell) = self.cell() else { return self.leave(state) };
        cell.try_borrow_mut().map_err(|_| failed("the transaction is in use"))?.replace(state);
        Ok(())
    }
}

const SUCCESS: c_int = PamReturnCode::SUCCESS as c_int;

fn check(code: c_int, what: &str) -> Result<(), ConversationError> {
    if code == SUCCESS { Ok(()) } else { Err(failed(&format!("{what} (PAM error {code})"))) }
}

fn failed(what: &str) -> ConversationError {
    ConversationError(what.to_string())
}

/// Takes back what `leave` left; libpam calls it in pam_end(3).
extern "C" fn cleanup(_: *mut PamHandle, data: *mut c_void, status: c_int) {
    if data.is_null() {
        return;
    }
    // SAFETY: libpam passes what `leave` has set, once.
    let cell = unsafe { Box::from_raw(data.cast::<RefCell<Option<State>>>()) };
    let ended = catch_unwind(AssertUnwindSafe(|| {
        if let Some(state) = cell.into_inner()
            && status & DATA_SILENT == 0
        {
            abandoned(state);
        }
    }));
    if ended.is_err() {
        super::panics::report("pam_end");
    }
}
