//! One sign-in through libpam, as a program: what the panel's worker does.
//!
//! Every prompt without echo is answered with the credential, as mail daemons do; a prompt with echo with the user name.
//! Messages for people are dropped. What the program has of the credential is wiped; libpam wipes its own copies.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull};

use pam_sys::raw::{
    pam_acct_mgmt, pam_authenticate, pam_end, pam_get_item, pam_getenv, pam_putenv, pam_set_item, pam_start,
    pam_strerror,
};
use pam_sys::{
    PamConversation, PamFlag, PamHandle, PamItemType, PamMessage, PamMessageStyle, PamResponse, PamReturnCode,
};
use zeroize::{Zeroize, Zeroizing};

use crate::credential::Secret;

/// PAM_MAX_NUM_MSG of _pam_types.h: the messages of one call, and here also the prompts of one sign-in.
const MOST_MESSAGES: usize = 32;

/// A sign-in that is to be tried.
pub struct SignIn<'a> {
    /// PAM_SERVICE.
    pub service: &'a str,
    /// PAM_USER.
    pub user: &'a [u8],
    /// PAM_RHOST; not set where it is empty.
    pub remote_host: &'a [u8],
    /// PAM_TTY.
    pub terminal: &'a str,
    /// What every prompt without echo is answered with.
    pub credential: &'a Secret,
    /// The credential is the password, and no code stands behind it.
    pub password_alone: bool,
}

/// What libpam answered, and what mailkey left in its environment (see include/pam_mailkey.h).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How it ended.
    pub end: End,
    /// What libpam calls that.
    pub text: String,
    /// MAILKEY_ACCOUNT.
    pub account: Option<Vec<u8>>,
    /// MAILKEY_METHOD.
    pub method: Option<Vec<u8>>,
    /// MAILKEY_ENROLMENT_ONLY is there.
    pub enrolment_only: bool,
    /// MAILKEY_REASON.
    pub reason: Option<Vec<u8>>,
    /// PAM_USER, which a module may have changed.
    pub user: Vec<u8>,
}

/// How a sign-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Both calls succeeded.
    Accepted,
    /// The credential or the account was refused.
    Refused,
    /// The account has expired.
    AccountExpired,
    /// The password has expired and must be changed elsewhere.
    PasswordExpired,
    /// A module or its configuration does not work.
    Broken,
}

impl End {
    /// What a return code of pam_authenticate(3) or pam_acct_mgmt(3) means.
    fn of(code: c_int) -> Self {
        const REFUSALS: [PamReturnCode; 4] =
            [PamReturnCode::AUTH_ERR, PamReturnCode::USER_UNKNOWN, PamReturnCode::MAXTRIES, PamReturnCode::PERM_DENIED];
        const STALE: [PamReturnCode; 2] = [PamReturnCode::NEW_AUTHTOK_REQD, PamReturnCode::AUTHTOK_EXPIRED];
        let is = |known: &PamReturnCode| *known as c_int == code;
        if is(&PamReturnCode::SUCCESS) {
            Self::Accepted
        } else if REFUSALS.iter().any(is) {
            Self::Refused
        } else if is(&PamReturnCode::ACCT_EXPIRED) {
            Self::AccountExpired
        } else if STALE.iter().any(is) {
            Self::PasswordExpired
        } else {
            Self::Broken
        }
    }
}

/// The sign-in could not be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientError(String);

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ClientError {}

/// Tries it: pam_authenticate(3), and pam_acct_mgmt(3) where that succeeded.
pub fn sign_in(sign_in: &SignIn<'_>) -> Result<Answer, ClientError> {
    let script = Script {
        user: c_bytes("the user name", sign_in.user)?,
        credential: c_bytes("the credential", sign_in.credential.as_bytes())?,
        prompts: Cell::new(0),
    };
    let service = c_bytes("the service", sign_in.service.as_bytes())?;
    let conversation = PamConversation { conv: Some(converse), data_ptr: ptr::from_ref(&script).cast_mut().cast() };
    let mut transaction = Transaction::start(&service, &script.user, &conversation)?;
    transaction.set(PamItemType::TTY, sign_in.terminal.as_bytes())?;
    if !sign_in.remote_host.is_empty() {
        transaction.set(PamItemType::RHOST, sign_in.remote_host)?;
    }
    if sign_in.password_alone {
        transaction.set_environment(c"MAILKEY_PRESENTED=password")?;
    }
    transaction.take_no_delay()?;
    let flags = PamFlag::SILENT as c_int | PamFlag::DISALLOW_NULL_AUTHTOK as c_int;
    // SAFETY: the handle is live until `transaction` is dropped, and used by this thread alone (pam_authenticate(3)).
    transaction.last = unsafe { pam_authenticate(transaction.raw.as_ptr(), flags) };
    if End::of(transaction.last) == End::Accepted {
        // SAFETY: as above (pam_acct_mgmt(3)).
        transaction.last = unsafe { pam_acct_mgmt(transaction.raw.as_ptr(), flags) };
    }
    Ok(Answer {
        end: End::of(transaction.last),
        text: transaction.error_text(),
        account: transaction.environment(c"MAILKEY_ACCOUNT"),
        method: transaction.environment(c"MAILKEY_METHOD"),
        enrolment_only: transaction.environment(c"MAILKEY_ENROLMENT_ONLY").is_some(),
        reason: transaction.environment(c"MAILKEY_REASON"),
        user: transaction.user(),
    })
}

/// A handle of our own, which ends when it is dropped.
struct Transaction {
    raw: NonNull<PamHandle>,
    /// The return code of the last call, which pam_end(3) passes to the modules' cleanup.
    last: c_int,
}

impl Transaction {
    /// pam_start(3). `conversation`, and what it points to, must outlive the result: both are locals of [`sign_in`] that
    /// were made before it, so that they are dropped after it.
    fn start(service: &[u8], user: &[u8], conversation: &PamConversation) -> Result<Self, ClientError> {
        let mut raw: *const PamHandle = ptr::null();
        // SAFETY: both strings are NUL-terminated (`c_bytes`), the conversation and its data live as long as the handle
        // (see above), and `raw` is a live pointer variable (pam_start(3)).
        let code = unsafe { pam_start(service.as_ptr().cast(), user.as_ptr().cast(), conversation, &mut raw) };
        match NonNull::new(raw.cast_mut()) {
            Some(raw) if code == SUCCESS => Ok(Self { raw, last: SUCCESS }),
            _ => Err(ClientError(format!("libpam did not start (PAM error {code}): is there a file for the service?"))),
        }
    }

    fn set(&mut self, item: PamItemType, value: &[u8]) -> Result<(), ClientError> {
        let value = c_bytes("a PAM item", value)?;
        // SAFETY: the handle is live; libpam copies the NUL-terminated string (pam_set_item(3)).
        let code = unsafe { pam_set_item(self.raw.as_ptr(), item as c_int, value.as_ptr().cast()) };
        check(code, "pam_set_item")
    }

    /// Modules ask libpam to sleep after a failure (pam_fail_delay(3)), which would hold a place among the few sign-ins
    /// that run at once: the panel waits by itself, where waiting costs nothing.
    fn take_no_delay(&mut self) -> Result<(), ClientError> {
        let function: FailDelay = no_delay;
        // SAFETY: the handle is live; for PAM_FAIL_DELAY the item is the function pointer itself (pam_fail_delay(3)).
        let code =
            unsafe { pam_set_item(self.raw.as_ptr(), PamItemType::FAIL_DELAY as c_int, function as *const c_void) };
        check(code, "pam_set_item")
    }

    fn set_environment(&mut self, setting: &CStr) -> Result<(), ClientError> {
        // SAFETY: the handle is live; libpam copies the NUL-terminated string (pam_putenv(3)).
        let code = unsafe { pam_putenv(self.raw.as_ptr(), setting.as_ptr()) };
        check(code, "pam_putenv")
    }

    fn environment(&self, name: &CStr) -> Option<Vec<u8>> {
        // SAFETY: the handle is live, the name NUL-terminated (pam_getenv(3)).
        let value = unsafe { pam_getenv(self.raw.as_ptr(), name.as_ptr()) };
        // SAFETY: what is not null is a NUL-terminated string that libpam owns; it is copied at once.
        (!value.is_null()).then(|| unsafe { CStr::from_ptr(value) }.to_bytes().to_vec())
    }

    fn user(&self) -> Vec<u8> {
        let mut value: *const c_void = ptr::null();
        // SAFETY: the handle is live, and `value` a live pointer variable (pam_get_item(3)).
        let code = unsafe { pam_get_item(self.raw.as_ptr(), PamItemType::USER as c_int, &mut value) };
        if code != SUCCESS || value.is_null() {
            return Vec::new();
        }
        // SAFETY: a string item that is set points to a NUL-terminated string that libpam owns; it is copied at once.
        unsafe { CStr::from_ptr(value.cast()) }.to_bytes().to_vec()
    }

    fn error_text(&self) -> String {
        // SAFETY: the handle is live; the result is null or a NUL-terminated static string (pam_strerror(3)).
        let text = unsafe { pam_strerror(self.raw.as_ptr(), self.last) };
        if text.is_null() {
            return format!("PAM error {}", self.last);
        }
        // SAFETY: see above.
        unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // SAFETY: the handle came from pam_start(3) and is ended once. A failure leaves nothing that could be done.
        unsafe { pam_end(self.raw.as_ptr(), self.last) };
    }
}

const SUCCESS: c_int = PamReturnCode::SUCCESS as c_int;

fn check(code: c_int, what: &str) -> Result<(), ClientError> {
    if code == SUCCESS { Ok(()) } else { Err(ClientError(format!("{what} (PAM error {code})"))) }
}

type FailDelay = extern "C" fn(c_int, c_uint, *mut c_void);

extern "C" fn no_delay(_: c_int, _: c_uint, _: *mut c_void) {}

/// The bytes with a NUL behind them, in a buffer that is wiped.
fn c_bytes(what: &str, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, ClientError> {
    if bytes.contains(&0) {
        return Err(ClientError(format!("a NUL byte in {what}")));
    }
    let mut owned = Zeroizing::new(Vec::with_capacity(bytes.len() + 1));
    owned.extend_from_slice(bytes);
    owned.push(0);
    Ok(owned)
}

/// What the conversation answers; NUL-terminated bytes.
struct Script {
    user: Zeroizing<Vec<u8>>,
    credential: Zeroizing<Vec<u8>>,
    prompts: Cell<usize>,
}

impl Script {
    /// The answer to a message: none where nothing is asked; an error where a program must not answer.
    fn answer(&self, style: c_int) -> Result<Option<&[u8]>, PamReturnCode> {
        let answer: &[u8] = match style {
            _ if style == PamMessageStyle::PROMPT_ECHO_OFF as c_int => &self.credential,
            _ if style == PamMessageStyle::PROMPT_ECHO_ON as c_int => &self.user,
            _ if style == PamMessageStyle::ERROR_MSG as c_int || style == PamMessageStyle::TEXT_INFO as c_int => {
                return Ok(None);
            }
            // Binary prompts and whatever else: not for us.
            _ => return Err(PamReturnCode::CONV_ERR),
        };
        // A module that asks for ever would never end.
        if self.prompts.replace(self.prompts.get() + 1) >= MOST_MESSAGES {
            return Err(PamReturnCode::CONV_ERR);
        }
        Ok(Some(answer))
    }
}

/// The responses to a call while they are being made: one array that malloc(3) made, freed with its texts unless it is
/// handed over.
struct Responses {
    array: NonNull<PamResponse>,
    count: usize,
}

impl Responses {
    fn new(count: usize) -> Option<Self> {
        // SAFETY: calloc(3) takes any two numbers. Zero is a valid PamResponse: a null pointer and 0.
        let array = unsafe { libc::calloc(count, size_of::<PamResponse>()) };
        NonNull::new(array.cast()).map(|array| Self { array, count })
    }

    /// Sets the response at `at` to a copy of `text`, which ends in NUL; false where there is no memory for it.
    fn set(&mut self, at: usize, text: &[u8]) -> bool {
        debug_assert!(at < self.count && text.last() == Some(&0));
        // SAFETY: malloc(3) takes any number.
        let copy = unsafe { libc::malloc(text.len()) }.cast::<u8>();
        if copy.is_null() {
            return false;
        }
        // SAFETY: `copy` has room for text.len() bytes, and is new: the two do not overlap.
        unsafe { ptr::copy_nonoverlapping(text.as_ptr(), copy, text.len()) };
        // SAFETY: the array has `count` responses, of which `at` is one; all were initialised by calloc(3).
        unsafe { (*self.array.as_ptr().add(at)).resp = copy.cast::<c_char>() };
        true
    }

    /// Hands them over to whoever frees them.
    fn release(self) -> *mut PamResponse {
        let array = self.array.as_ptr();
        std::mem::forget(self);
        array
    }
}

impl Drop for Responses {
    fn drop(&mut self) {
        for at in 0..self.count {
            // SAFETY: the array has `count` initialised responses; a text is null or a NUL-terminated string of malloc(3)
            // that nobody else has.
            unsafe {
                let text = (*self.array.as_ptr().add(at)).resp;
                if !text.is_null() {
                    std::slice::from_raw_parts_mut(text.cast::<u8>(), libc::strlen(text)).zeroize();
                    libc::free(text.cast());
                }
            }
        }
        // SAFETY: it came from calloc(3), and is freed once.
        unsafe { libc::free(self.array.as_ptr().cast()) };
    }
}

/// The conversation function (pam_conv(3)).
extern "C" fn converse(
    count: c_int,
    messages: *mut *mut PamMessage,
    responses: *mut *mut PamResponse,
    data: *mut c_void,
) -> c_int {
    let ended = catch_unwind(AssertUnwindSafe(|| {
        let count = usize::try_from(count).ok().filter(|count| (1..=MOST_MESSAGES).contains(count));
        let (Some(count), false) = (count, messages.is_null() || responses.is_null() || data.is_null()) else {
            return Err(PamReturnCode::CONV_ERR);
        };
        // SAFETY: libpam passes on the data pointer of pam_start(3): the Script of `sign_in`, which outlives the handle,
        // and is only read.
        let script = unsafe { &*data.cast::<Script>() };
        let mut made = Responses::new(count).ok_or(PamReturnCode::BUF_ERR)?;
        for at in 0..count {
            // SAFETY: an array of `count` pointers to messages (pam_conv(3)); Linux-PAM's form of it.
            let message = unsafe { *messages.add(at) };
            if message.is_null() {
                return Err(PamReturnCode::CONV_ERR);
            }
            // SAFETY: a live message of libpam's.
            let style = unsafe { (*message).msg_style };
            if let Some(answer) = script.answer(style)?
                && !made.set(at, answer)
            {
                return Err(PamReturnCode::BUF_ERR);
            }
        }
        // SAFETY: a live pointer variable of the caller's; the responses are now his to free (pam_conv(3)).
        unsafe { *responses = made.release() };
        Ok(())
    }));
    let code = match ended {
        Ok(Ok(())) => PamReturnCode::SUCCESS,
        Ok(Err(code)) => code,
        Err(_) => PamReturnCode::CONV_ERR,
    };
    code as c_int
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script() -> Script {
        Script {
            user: c_bytes("", b"alice").unwrap(),
            credential: c_bytes("", b"correct horse").unwrap(),
            prompts: Cell::new(0),
        }
    }

    /// Asks as libpam does; the texts of the answers, or the code of the refusal.
    fn ask(script: &Script, styles: &[PamMessageStyle]) -> Result<Vec<Option<String>>, c_int> {
        let mut messages: Vec<PamMessage> =
            styles.iter().map(|style| PamMessage { msg_style: *style as c_int, msg: c"?".as_ptr() }).collect();
        let mut pointers: Vec<*mut PamMessage> = messages.iter_mut().map(ptr::from_mut).collect();
        let mut responses: *mut PamResponse = ptr::null_mut();
        let data = ptr::from_ref(script).cast_mut().cast();
        let code = converse(styles.len() as c_int, pointers.as_mut_ptr(), &mut responses, data);
        if code != SUCCESS {
            assert!(responses.is_null());
            return Err(code);
        }
        let array = Responses { array: NonNull::new(responses).unwrap(), count: styles.len() };
        Ok((0..styles.len())
            .map(|at| {
                // SAFETY: what `converse` has just made.
                let text = unsafe { (*array.array.as_ptr().add(at)).resp };
                // SAFETY: null, or NUL-terminated.
                (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_string())
            })
            .collect())
    }

    #[test]
    fn prompts_are_answered_and_messages_are_not() {
        use PamMessageStyle::{ERROR_MSG, PROMPT_ECHO_OFF, PROMPT_ECHO_ON, TEXT_INFO};
        let answers = ask(&script(), &[TEXT_INFO, PROMPT_ECHO_OFF, ERROR_MSG, PROMPT_ECHO_ON]).unwrap();
        assert_eq!(answers, [None, Some("correct horse".into()), None, Some("alice".into())]);
    }

    #[test]
    fn a_module_that_asks_for_ever_is_stopped() {
        let script = script();
        for _ in 0..MOST_MESSAGES {
            ask(&script, &[PamMessageStyle::PROMPT_ECHO_OFF]).unwrap();
        }
        assert_eq!(ask(&script, &[PamMessageStyle::PROMPT_ECHO_OFF]), Err(PamReturnCode::CONV_ERR as c_int));
        let many = [PamMessageStyle::TEXT_INFO; MOST_MESSAGES + 1];
        assert_eq!(ask(&self::script(), &many), Err(PamReturnCode::CONV_ERR as c_int));
    }

    #[test]
    fn a_call_without_messages_or_data_is_an_error_and_no_crash() {
        let mut responses: *mut PamResponse = ptr::null_mut();
        for count in [-1, 0, 1] {
            let code = converse(count, ptr::null_mut(), &mut responses, ptr::null_mut());
            assert_eq!((code, responses.is_null()), (PamReturnCode::CONV_ERR as c_int, true));
        }
    }

    #[test]
    fn a_nul_byte_never_reaches_libpam() {
        let attempt = SignIn {
            service: "mailkey-test",
            user: b"alice",
            remote_host: b"",
            terminal: "test",
            credential: &Secret::copy(b"right\0wrong"),
            password_alone: false,
        };
        assert_eq!(sign_in(&attempt), Err(ClientError("a NUL byte in the credential".into())));
    }

    #[test]
    fn refusals_and_faults_are_told_apart() {
        for (code, end) in [
            (PamReturnCode::SUCCESS, End::Accepted),
            (PamReturnCode::AUTH_ERR, End::Refused),
            (PamReturnCode::USER_UNKNOWN, End::Refused),
            (PamReturnCode::MAXTRIES, End::Refused),
            (PamReturnCode::PERM_DENIED, End::Refused),
            (PamReturnCode::ACCT_EXPIRED, End::AccountExpired),
            (PamReturnCode::NEW_AUTHTOK_REQD, End::PasswordExpired),
            (PamReturnCode::AUTHTOK_EXPIRED, End::PasswordExpired),
            (PamReturnCode::AUTHINFO_UNAVAIL, End::Broken),
            (PamReturnCode::SYSTEM_ERR, End::Broken),
            (PamReturnCode::MODULE_UNKNOWN, End::Broken),
            (PamReturnCode::IGNORE, End::Broken),
        ] {
            assert_eq!(End::of(code as c_int), end, "{code:?}");
        }
        assert_eq!(End::of(12345), End::Broken);
    }
}
