//! Other programs, asked for what they know. None of them is waited for without end: a mail server that is ill is when
//! doctor is needed.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use super::Finding;

/// Where programs of the system are, whatever the caller's environment says: doctor runs as root.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// How long one program may take. Each of them answers within a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long its output is waited for when it has ended: something that it has left running may hold it open.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What a program answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is not here.
    Missing,
    /// What it printed.
    Said(String),
    /// It failed, and said this.
    Failed(String),
    /// It did not come to its end in time, and was ended.
    Hangs,
}

/// The programs that hang: each is waited for once.
static HANGING: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Runs a program in a plain environment, with nothing on its standard input.
pub fn ask(program: &str, arguments: &[&str]) -> Answer {
    let found = PATH.split(':').map(|place| Path::new(place).join(program)).find(|path| path.is_file());
    let Some(path) = found else { return Answer::Missing };
    let hanging = || HANGING.lock().unwrap_or_else(PoisonError::into_inner);
    if hanging().iter().any(|known| known == program) {
        return Answer::Hangs;
    }
    let answer = run(&path, arguments, PATIENCE);
    if answer == Answer::Hangs {
        hanging().push(program.into());
    }
    answer
}

/// That a program does not answer.
pub fn hangs(program: &str) -> Finding {
    Finding::warning(
        "program_hangs",
        format!("{program} did not answer within {} seconds: what it knows was not looked at", PATIENCE.as_secs()),
        format!("Run it yourself, and see what it waits for: {program}"),
    )
}

fn run(program: &Path, arguments: &[&str], patience: Duration) -> Answer {
    let child = Command::new(program)
        .args(arguments)
        .env_clear()
        .env("PATH", PATH)
        .env("LC_ALL", "C")
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // What it starts ends with it.
        .process_group(0)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return Answer::Failed(error.to_string()),
    };
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let (stdout, stderr) = (listen(child.stdout.take()), listen(child.stderr.take()));
    let (ended, end) = mpsc::channel();
    // Nobody listens any more where it took too long; it is waited for all the same.
    std::thread::spawn(move || ended.send(child.wait()));
    let Ok(status) = end.recv_timeout(patience) else {
        if let Some(group) = group {
            // Gone already, at the worst.
            let _ = kill_process_group(group, Signal::KILL);
        }
        return Answer::Hangs;
    };
    match status {
        Err(error) => Answer::Failed(error.to_string()),
        Ok(status) if status.success() => match stdout.recv_timeout(LAST_WORDS) {
            Ok(said) => Answer::Said(String::from_utf8_lossy(&said).into_owned()),
            Err(_) => Answer::Hangs,
        },
        Ok(_) => {
            let said = stderr.recv_timeout(LAST_WORDS).unwrap_or_default();
            let said = String::from_utf8_lossy(&said);
            Answer::Failed(said.lines().next().unwrap_or("it said nothing").to_string())
        }
    }
}

/// Reads all that comes, beside whatever else is done.
fn listen(from: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (told, hears) = mpsc::channel();
    if let Some(mut from) = from {
        std::thread::spawn(move || {
            let mut said = Vec::new();
            // What was read before an error is what there is.
            let _ = from.read_to_end(&mut said);
            // Nobody listens any more where it took too long.
            let _ = told.send(said);
        });
    }
    hears
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn sh(script: &str, patience: Duration) -> Answer {
        run(Path::new("/bin/sh"), &["-c", script], patience)
    }

    #[test]
    fn what_a_program_prints_is_its_answer_however_long_it_is() {
        let Answer::Said(said) = sh("echo 'for nobody' >&2; yes 0123456789 | head -c 1000000", PATIENCE) else {
            panic!("it said nothing")
        };
        assert_eq!(said.len(), 1_000_000);
        assert_eq!(sh("echo first >&2; echo second >&2; exit 3", PATIENCE), Answer::Failed("first".into()));
        assert_eq!(sh("exit 1", PATIENCE), Answer::Failed("it said nothing".into()));
        assert_eq!(ask("no-such-program-anywhere", &[]), Answer::Missing);
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_all_that_it_started() {
        let directory = tempfile::tempdir().unwrap();
        let pid = directory.path().join("pid");
        let since = Instant::now();
        let script = format!("sleep 60 & echo $! >'{}'; wait", pid.display());
        assert_eq!(sh(&script, Duration::from_millis(500)), Answer::Hangs);
        assert!(since.elapsed() < Duration::from_secs(10));
        let sleeps = std::fs::read_to_string(pid).unwrap();
        let gone = || {
            !std::fs::read_to_string(format!("/proc/{}/cmdline", sleeps.trim())).unwrap_or_default().contains("sleep")
        };
        while !gone() {
            assert!(since.elapsed() < Duration::from_secs(10), "{sleeps} goes on");
            std::thread::yield_now();
        }
    }

    #[test]
    fn what_a_program_has_left_running_holds_nobody_up() {
        let since = Instant::now();
        assert_eq!(sh("sleep 5 & exit 0", PATIENCE), Answer::Hangs);
        assert_eq!(sh("sleep 5 & exit 1", PATIENCE), Answer::Failed("it said nothing".into()));
        assert!(since.elapsed() < Duration::from_secs(10));
    }
}
