//! What a program and its worker say to each other: one request, one answer.
//!
//! Both begin with [`MAGIC`] and 16 random bytes of the program's, which the answer repeats; then come fields, each with
//! its length before it in four bytes. Whatever a PAM module may have written besides can therefore not be read as an
//! answer. The strings are bytes: PAM has no other.

use crate::credential::Secret;

const MAGIC: &[u8; 8] = b"mailkey1";

/// Longest request or answer.
pub const LONGEST: usize = 16 * 1024;

/// Random bytes that tie an answer to its request.
pub type Nonce = [u8; 16];

/// One sign-in.
pub struct Request {
    /// PAM service.
    pub service: String,
    /// PAM_USER.
    pub user: Vec<u8>,
    /// PAM_RHOST; empty where the address is unknown.
    pub remote_host: Vec<u8>,
    /// What is presented.
    pub credential: Secret,
    /// It is the password, without a code behind it.
    pub password_alone: bool,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// libpam accepted.
    Accepted(Report),
    /// libpam refused the credential or the account.
    Refused(Report),
    /// The account has expired.
    AccountExpired(Report),
    /// The password has expired.
    PasswordExpired(Report),
    /// Something does not work.
    Broken(Report),
}

/// What libpam said, and what mailkey left in its environment; empty where it left nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In words, for the log.
    pub text: Vec<u8>,
    /// MAILKEY_ACCOUNT.
    pub account: Vec<u8>,
    /// MAILKEY_METHOD.
    pub method: Vec<u8>,
    /// MAILKEY_REASON.
    pub reason: Vec<u8>,
    /// MAILKEY_ENROLMENT_ONLY.
    pub enrolment_only: bool,
}

impl Request {
    /// The bytes, which hold the credential.
    pub fn write(&self, nonce: &Nonce) -> Secret {
        let alone = flag(self.password_alone);
        write(nonce, &[self.service.as_bytes(), &self.user, &self.remote_host, self.credential.as_bytes(), alone])
    }

    /// Reads them; none where they are no request.
    pub fn read(bytes: &[u8]) -> Option<(Nonce, Self)> {
        let (nonce, [service, user, remote_host, credential, alone]) = read(bytes)?;
        let service = std::str::from_utf8(service).ok()?.to_string();
        let (user, remote_host) = (user.to_vec(), remote_host.to_vec());
        let (credential, password_alone) = (Secret::copy(credential), read_flag(alone)?);
        Some((nonce, Self { service, user, remote_host, credential, password_alone }))
    }
}

impl Reply {
    /// The bytes.
    pub fn write(&self, nonce: &Nonce) -> Secret {
        let (kind, report): (&[u8], _) = match self {
            Self::Accepted(report) => (b"accepted", report),
            Self::Refused(report) => (b"refused", report),
            Self::AccountExpired(report) => (b"account expired", report),
            Self::PasswordExpired(report) => (b"password expired", report),
            Self::Broken(report) => (b"broken", report),
        };
        let enrolment_only = flag(report.enrolment_only);
        write(nonce, &[kind, &report.text, &report.account, &report.method, &report.reason, enrolment_only])
    }

    /// Reads them; none where they do not answer the request of `nonce`.
    pub fn read(bytes: &[u8], nonce: &Nonce) -> Option<Self> {
        let (repeated, [kind, text, account, method, reason, enrolment_only]) = read(bytes)?;
        if repeated != *nonce {
            return None;
        }
        let report = Report {
            text: text.to_vec(),
            account: account.to_vec(),
            method: method.to_vec(),
            reason: reason.to_vec(),
            enrolment_only: read_flag(enrolment_only)?,
        };
        Some(match kind {
            b"accepted" => Self::Accepted(report),
            b"refused" => Self::Refused(report),
            b"account expired" => Self::AccountExpired(report),
            b"password expired" => Self::PasswordExpired(report),
            b"broken" => Self::Broken(report),
            _ => return None,
        })
    }
}

fn flag(set: bool) -> &'static [u8] {
    if set { b"1" } else { b"" }
}

fn read_flag(field: &[u8]) -> Option<bool> {
    match field {
        b"" => Some(false),
        b"1" => Some(true),
        _ => None,
    }
}

fn write(nonce: &Nonce, fields: &[&[u8]]) -> Secret {
    let length = MAGIC.len() + nonce.len() + fields.iter().map(|field| 4 + field.len()).sum::<usize>();
    let mut bytes = Vec::with_capacity(length);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(nonce);
    for field in fields {
        // Longer fields than any message may have are refused by whoever reads the message.
        bytes.extend_from_slice(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(field);
    }
    Secret::new(bytes)
}

/// The nonce and the fields, if there are exactly as many and nothing behind them.
fn read<const N: usize>(bytes: &[u8]) -> Option<(Nonce, [&[u8]; N])> {
    if bytes.len() > LONGEST {
        return None;
    }
    let (nonce, mut rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<16>()?;
    let mut fields = [&[][..]; N];
    for field in &mut fields {
        let (length, behind) = rest.split_first_chunk::<4>()?;
        (*field, rest) = behind.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    }
    rest.is_empty().then_some((*nonce, fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: Nonce = *b"0123456789abcdef";

    fn request() -> Secret {
        let request = Request {
            service: "mailkey-panel".into(),
            user: b"alice\n\0\xff".to_vec(),
            remote_host: b"192.0.2.1".to_vec(),
            credential: Secret::copy(&[0xa5; 1024]),
            password_alone: true,
        };
        request.write(&NONCE)
    }

    #[test]
    fn a_request_reads_back_with_every_byte() {
        let (nonce, read) = Request::read(request().as_bytes()).unwrap();
        assert_eq!((nonce, read.service.as_str(), &read.user[..]), (NONCE, "mailkey-panel", &b"alice\n\0\xff"[..]));
        assert!(read.credential.as_bytes() == [0xa5; 1024] && read.remote_host == b"192.0.2.1");
        assert!(read.password_alone);
    }

    #[test]
    fn every_reply_reads_back() {
        let report = Report {
            text: b"text".to_vec(),
            account: b"alice@example.org".to_vec(),
            method: b"totp".to_vec(),
            reason: Vec::new(),
            enrolment_only: true,
        };
        for make in [Reply::Accepted, Reply::Refused, Reply::AccountExpired, Reply::PasswordExpired, Reply::Broken] {
            for report in [report.clone(), Report::default()] {
                let reply = make(report);
                assert_eq!(Reply::read(reply.write(&NONCE).as_bytes(), &NONCE), Some(reply));
            }
        }
    }

    #[test]
    fn what_is_cut_off_or_lengthened_or_answers_another_request_is_no_reply() {
        let reply = Reply::Accepted(Report { account: b"alice".to_vec(), ..Report::default() }).write(&NONCE);
        let bytes = reply.as_bytes();
        for length in 0..bytes.len() {
            assert_eq!(Reply::read(&bytes[..length], &NONCE), None, "{length}");
        }
        assert_eq!(Reply::read(&[bytes, b"\n"].concat(), &NONCE), None);
        assert_eq!(Reply::read(&[b"hello\n", bytes].concat(), &NONCE), None);
        assert_eq!(Reply::read(&[bytes, bytes].concat(), &NONCE), None);
        assert_eq!(Reply::read(bytes, b"fedcba9876543210"), None);
        assert!(Request::read(bytes).is_none() && Reply::read(request().as_bytes(), &NONCE).is_none());
    }

    #[test]
    fn a_length_beyond_the_end_is_no_message() {
        let mut bytes = request().as_bytes().to_vec();
        bytes[24..28].fill(0xff);
        assert!(Request::read(&bytes).is_none());
        assert!(Request::read(&vec![b'm'; LONGEST + 1]).is_none());
    }
}
