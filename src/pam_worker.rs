//! One sign-in through libpam, in a process of its own: `mailkey-panel pam-worker`, `mailkey pam-worker`.
//!
//! A process, because PAM modules hang, crash, print, change the process they run in and keep what they know of it; and
//! because SQLite's locks belong to a process: the module opens mailkey's database with its own copy of SQLite, which in
//! the caller's process would undo the locks of the caller's.
//!
//! The request comes on standard input, the answer leaves on what was standard output, and modules find nothing but
//! /dev/null there. Nothing of the request is in the arguments, the environment or the log.

pub mod wire;

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::credential::Secret;
use crate::pam::client::{Answer, End, SignIn, sign_in};
use wire::{LONGEST, Reply, Report, Request};

/// How a worker is started: `program`, by the name `called`, in a process group of its own, so that whoever waits no
/// longer ends with it what a module has started ([`rustix::process::kill_process_group`]), and what is typed at a
/// terminal ends no sign-in half-way.
pub fn command(program: &Path, called: &str) -> Command {
    let mut command = Command::new(program);
    command.arg0(called).arg("pam-worker").env_clear().current_dir("/").process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Answers one request. `terminal` is PAM_TTY: some modules want one, and the log of others shows it.
pub fn run(terminal: &str) -> ExitCode {
    match answer(terminal) {
        Ok(()) => ExitCode::SUCCESS,
        // Nobody would read it: the caller sees that there is no answer, and which exit code there is.
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer(terminal: &str) -> io::Result<()> {
    let bytes = read_request()?;
    let mut out = keep_for_ourselves()?;
    let (nonce, request) = Request::read(bytes.as_bytes()).ok_or(io::ErrorKind::InvalidData)?;
    drop(bytes);
    out.write_all(reply(&request, terminal).write(&nonce).as_bytes())
}

/// All of standard input.
fn read_request() -> io::Result<Secret> {
    // One allocation, so that no copy is left behind; one byte more than allowed, so that more is noticed.
    let mut bytes = zeroize::Zeroizing::new(vec![0; LONGEST + 1]);
    let mut length = 0;
    let mut input = unbuffered_stdin()?;
    while length < bytes.len() {
        match input.read(&mut bytes[length..])? {
            0 => break,
            read => length += read,
        }
    }
    Ok(Secret::copy(&bytes[..length]))
}

/// Standard input without the buffer of the standard library, which would not be wiped.
fn unbuffered_stdin() -> io::Result<File> {
    Ok(File::from(rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?))
}

/// Takes standard output away from the modules and from what they start, and gives them /dev/null for all three.
fn keep_for_ourselves() -> io::Result<File> {
    let out = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?;
    let nothing = File::options().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&nothing)?;
    rustix::stdio::dup2_stdout(&nothing)?;
    rustix::stdio::dup2_stderr(&nothing)?;
    Ok(File::from(out))
}

fn reply(request: &Request, terminal: &str) -> Reply {
    let tried = sign_in(&SignIn {
        service: &request.service,
        user: &request.user,
        remote_host: &request.remote_host,
        terminal,
        credential: &request.credential,
        password_alone: request.password_alone,
    });
    match tried {
        Ok(Answer { end, text, account, method, enrolment_only, reason, user: _ }) => {
            let report = Report {
                text: text.into_bytes(),
                account: account.unwrap_or_default(),
                method: method.unwrap_or_default(),
                reason: reason.unwrap_or_default(),
                enrolment_only,
            };
            match end {
                End::Accepted => Reply::Accepted(report),
                End::Refused => Reply::Refused(report),
                End::AccountExpired => Reply::AccountExpired(report),
                End::PasswordExpired => Reply::PasswordExpired(report),
                End::Broken => Reply::Broken(report),
            }
        }
        Err(error) => Reply::Broken(Report { text: error.to_string().into_bytes(), ..Report::default() }),
    }
}
