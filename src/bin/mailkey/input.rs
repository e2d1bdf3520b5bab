//! What is read: secrets from a terminal without echo or from standard input, and answers to questions.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;

use mailkey::credential::Secret;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::failure::{Exit, Failure};

/// Most bytes that are read from standard input; more than any credential has.
const MOST: usize = 8192;

/// Whether somebody sits in front of standard input.
pub fn is_terminal() -> bool {
    io::stdin().is_terminal()
}

/// All of standard input, without the line end at its end. It must be one line.
pub fn secret() -> Result<Secret, Failure> {
    let mut bytes = Vec::with_capacity(MOST + 1);
    let read = unbuffered().and_then(|input| input.take(MOST as u64 + 1).read_to_end(&mut bytes));
    let secret = stripped(bytes);
    read.map_err(unreadable)?;
    if secret.as_bytes().len() >= MOST {
        return Err(too_long());
    }
    if secret.as_bytes().contains(&b'\n') {
        let failure = Failure::new(Exit::Refused, "standard input has more than one line");
        return Err(failure.next("give the secret alone, on one line"));
    }
    Ok(secret)
}

/// One line, read byte by byte so that what follows stays there; none at the end of input.
pub fn line(prompt: &str) -> Result<Option<Secret>, Failure> {
    ask(prompt);
    let mut input = unbuffered().map_err(unreadable)?;
    let mut line = Vec::with_capacity(MOST);
    let mut byte = [0];
    while line.len() < MOST {
        match input.read(&mut byte) {
            Ok(0) if line.is_empty() => return Ok(None),
            Ok(0) => return Ok(Some(stripped(line))),
            Ok(_) if byte[0] == b'\n' => return Ok(Some(stripped(line))),
            Ok(_) => line.push(byte[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    drop(Secret::new(line));
    Err(too_long())
}

/// A secret typed at a terminal, without echo.
pub fn typed(prompt: &str) -> Result<Secret, Failure> {
    // Before the prompt: whoever types at once is not shown either.
    let silence = Silence::begin()?;
    let typed = line(prompt);
    drop(silence);
    typed?.ok_or_else(|| Failure::new(Exit::Refused, "nothing was typed"))
}

/// A new password: typed twice at a terminal, or one line of standard input.
pub fn new_password(from_stdin: bool, account: &str) -> Result<Secret, Failure> {
    if from_stdin {
        return secret();
    }
    if !is_terminal() {
        let failure = Failure::new(Exit::Usage, "there is no terminal to ask for the password");
        return Err(
            failure.next("for example: pass show mail/alice | mailkey user add alice@example.org --password-stdin")
        );
    }
    let first = typed(&format!("New password for {account}: "))?;
    let again = typed("The same again: ")?;
    if first == again { Ok(first) } else { Err(Failure::new(Exit::Refused, "the two passwords differ: try again")) }
}

/// Asks a yes-or-no question at a terminal.
pub fn confirm(question: &str) -> Result<bool, Failure> {
    confirm_or(question, false)
}

/// The same, where an empty answer means `proposed`. Anything else that is not yes is no.
pub fn confirm_or(question: &str, proposed: bool) -> Result<bool, Failure> {
    let answer = line(&format!("{question} {} ", if proposed { "[Y/n]" } else { "[y/N]" }))?;
    Ok(match answer.as_ref().map(Secret::as_bytes) {
        Some(b"") => proposed,
        Some(answer) => matches!(answer, b"y" | b"Y" | b"yes" | b"Yes"),
        None => false,
    })
}

/// A prompt goes to standard error, so that standard output holds only results; without a terminal there is none.
fn ask(prompt: &str) {
    if is_terminal() {
        let mut stderr = io::stderr().lock();
        let _ = stderr.write_all(prompt.as_bytes());
        let _ = stderr.flush();
    }
}

/// The terminal echoes nothing but line ends until this is dropped.
struct Silence(Termios);

impl Silence {
    fn begin() -> Result<Self, Failure> {
        let unusable = |error| Failure::new(Exit::Failed, format_args!("the terminal cannot be silenced: {error}"));
        let before = tcgetattr(io::stdin()).map_err(unusable)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        silent.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(io::stdin(), OptionalActions::Drain, &silent).map_err(unusable)?;
        Ok(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.0);
    }
}

/// Standard input without std's buffer, which nobody would wipe.
fn unbuffered() -> io::Result<File> {
    io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

/// `bytes` without one line end at the end.
fn stripped(mut bytes: Vec<u8>) -> Secret {
    for end in [b'\n', b'\r'] {
        if bytes.last() == Some(&end) {
            bytes.pop();
        }
    }
    Secret::new(bytes)
}

fn unreadable(error: io::Error) -> Failure {
    Failure::new(Exit::Failed, format_args!("standard input cannot be read: {error}"))
}

fn too_long() -> Failure {
    Failure::new(Exit::Refused, format_args!("standard input is longer than any password here can be ({MOST} bytes)"))
}
