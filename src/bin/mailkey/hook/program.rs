//! Running the hook's program: whether it may be run at all, and then without a shell, in an empty environment, for a
//! limited time, as a process group of its own.

use std::fs::Metadata;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, geteuid, kill_process_group};

/// How long one program may take.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// How long its output is waited for when it has ended: something that it has left running may hold it open.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Bytes of its output that are kept.
const MOST_OUTPUT: usize = 4096;

/// Characters of its output that go into a log line.
const LONGEST_SAID: usize = 300;

/// What a program that came to its end has left.
pub struct Ran {
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    status: ExitStatus,
    /// What it wrote to standard output and standard error, on one line.
    pub said: String,
}

impl Ran {
    /// How it ended, with what it said.
    pub fn describe(&self) -> String {
        if self.said.is_empty() { self.status.to_string() } else { format!("{}: {}", self.status, self.said) }
    }
}

/// Runs a program that [`check`] has nothing against. An error says what happened instead.
pub fn run(program: &Path, arguments: &[&str], timeout: Duration) -> Result<Ran, String> {
    check(program)?;
    let cannot = |error: std::io::Error| format!("{} cannot be run: {error}", program.display());
    let (mut output, input) = std::io::pipe().map_err(cannot)?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs([("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), ("LC_ALL", "C")])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(input.try_clone().map_err(cannot)?)
        .stderr(input)
        .process_group(0);
    let mut child = command.spawn().map_err(cannot)?;
    // It holds our ends of the pipe.
    drop(command);

    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let said = Arc::new(Mutex::new(Vec::new()));
    let (closed, output_ended) = mpsc::channel();
    let kept = Arc::clone(&said);
    thread::spawn(move || {
        let mut chunk = [0; 1024];
        while let Ok(read @ 1..) = output.read(&mut chunk) {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            let room = MOST_OUTPUT.saturating_sub(kept.len());
            kept.extend_from_slice(&chunk[..read.min(room)]);
        }
        // Nobody listens any more where it was held open for too long.
        let _ = closed.send(());
    });
    let (ended, end) = mpsc::channel();
    thread::spawn(move || ended.send(child.wait()));
    let status = end.recv_timeout(timeout);
    if status.is_err()
        && let Some(group) = group
    {
        // Gone already, at the worst.
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = output_ended.recv_timeout(LAST_WORDS);
    let said = one_line(&said.lock().unwrap_or_else(PoisonError::into_inner));
    match status {
        Ok(status) => status.map_err(cannot).map(|status| Ran { code: status.code(), status, said }),
        Err(_) => {
            let seconds = timeout.as_secs();
            let said = if said.is_empty() { said } else { format!(": {said}") };
            Err(format!("{} took longer than {seconds} s and was ended{said}", program.display()))
        }
    }
}

/// Says why a program may not be run: it, and each directory above it, must be root's (or the user's who runs it), and
/// nobody else may be able to write it or put another one in its place.
pub fn check(program: &Path) -> Result<(), String> {
    let shown = program.display();
    let real = program.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => format!("{shown} is missing: install it, or correct revocation_hook"),
        _ => format!("{shown} cannot be looked at: {error}"),
    })?;
    if real != program {
        return Err(format!("{shown} is, without symbolic links, {}: name that in revocation_hook", real.display()));
    }
    for place in program.ancestors() {
        let metadata = place.metadata().map_err(|error| format!("{} cannot be looked at: {error}", place.display()))?;
        if let Some(problem) = problem(&metadata) {
            let place = place.display();
            return Err(format!("{place} {problem}, so that {shown} is not run: {}", problem.mend(&place.to_string())));
        }
    }
    let metadata = program.metadata().map_err(|error| format!("{shown} cannot be looked at: {error}"))?;
    if !metadata.is_file() || metadata.mode() & 0o111 == 0 {
        return Err(format!("{shown} is no program: run `chmod 0755 {shown}`, or correct revocation_hook"));
    }
    Ok(())
}

/// Who else could decide what is run.
#[derive(Clone, Copy)]
enum Problem {
    Owner,
    Writable,
}

impl Problem {
    fn mend(self, place: &str) -> String {
        match self {
            Self::Owner => format!("run `chown root {place}`"),
            Self::Writable => format!("run `chmod go-w {place}`"),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Owner => "belongs neither to root nor to the user that runs this",
            Self::Writable => "may be written by its group or by others",
        })
    }
}

fn problem(metadata: &Metadata) -> Option<Problem> {
    let owned = metadata.uid() == 0 || metadata.uid() == geteuid().as_raw();
    // In a directory with the sticky bit, such as /tmp, nobody can move away what is somebody else's.
    let sticky = metadata.is_dir() && metadata.mode() & 0o1000 != 0;
    match owned {
        false => Some(Problem::Owner),
        true if metadata.mode() & 0o022 != 0 && !sticky => Some(Problem::Writable),
        true => None,
    }
}

/// What a program said, for a log: one line without control characters.
fn one_line(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let visible = |symbol: char| if symbol.is_control() { '?' } else { symbol };
    lines.join("; ").chars().map(visible).take(LONGEST_SAID).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::PathBuf;
    use std::time::Instant;

    use super::*;

    struct Script {
        directory: tempfile::TempDir,
        path: PathBuf,
    }

    fn script(text: &str) -> Script {
        let directory = tempfile::tempdir().unwrap();
        // /tmp itself may be a link.
        let path = directory.path().canonicalize().unwrap().join("hook");
        std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        set_mode(&path, 0o755);
        Script { directory, path }
    }

    fn set_mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn arguments_arrive_as_they_are_and_nothing_of_the_environment_does() {
        let script = script("printf '<%s>' \"$@\"; echo; env | grep -v -E '^(PWD|SHLVL|_|OLDPWD)=' | sort; pwd");
        let ran = run(&script.path, &["--", "a b;$(id)`id`&|'\""], TIMEOUT).unwrap();
        assert_eq!(ran.code, Some(0));
        assert_eq!(ran.said, "<--><a b;$(id)`id`&|'\">; LC_ALL=C; PATH=/usr/sbin:/usr/bin:/sbin:/bin; /");
    }

    #[test]
    fn a_failure_says_how_it_ended_and_what_was_said() {
        let script = script("echo out; printf 'bad\\033[31m\\n' >&2; exit 75");
        let ran = run(&script.path, &[], TIMEOUT).unwrap();
        assert_eq!((ran.code, ran.describe().as_str()), (Some(75), "exit status: 75: out; bad?[31m"));
    }

    #[test]
    fn what_takes_too_long_is_ended_with_all_that_it_started() {
        let script = script("sleep 60 & echo begun $!; wait");
        let since = Instant::now();
        let error = run(&script.path, &[], Duration::from_millis(300)).err().unwrap();
        let (said, started) = error.rsplit_once(' ').unwrap();
        assert!(error.contains("took longer") && said.ends_with(": begun"), "{error}");
        // Gone, or dead and not yet looked at by whoever has inherited it; a signal takes a moment.
        let lives = || {
            let state = std::fs::read_to_string(format!("/proc/{started}/stat")).unwrap_or_default();
            !(state.is_empty() || state.contains(") Z "))
        };
        while lives() {
            assert!(since.elapsed() < Duration::from_secs(10), "{started} goes on");
            thread::yield_now();
        }
        assert!(since.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn what_is_left_running_holds_nobody_up() {
        let script = script("sleep 60 & exit 0");
        let since = Instant::now();
        assert_eq!(run(&script.path, &[], TIMEOUT).unwrap().code, Some(0));
        assert!(since.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn much_output_is_cut_and_read_to_its_end() {
        let script = script("yes 0123456789 | head -c 1000000");
        let ran = run(&script.path, &[], TIMEOUT).unwrap();
        assert_eq!((ran.code, ran.said.len()), (Some(0), LONGEST_SAID));
    }

    #[test]
    fn what_others_could_have_written_is_not_run() {
        let script = script("exit 0");
        let refused = |expected: &str| {
            let error = run(&script.path, &[], TIMEOUT).err().unwrap();
            assert!(error.contains(expected), "{expected}: {error}");
        };
        assert!(check(&script.path).is_ok());
        for mode in [0o775, 0o757, 0o777] {
            set_mode(&script.path, mode);
            refused("may be written by its group or by others");
        }
        set_mode(&script.path, 0o644);
        refused("is no program");
        set_mode(&script.path, 0o755);
        set_mode(script.directory.path(), 0o777);
        refused("chmod go-w");
        set_mode(script.directory.path(), 0o1777);
        assert!(check(&script.path).is_ok());
        // Only root can give a file away.
        if geteuid().is_root() {
            std::os::unix::fs::chown(&script.path, Some(12_345), None).unwrap();
            refused("belongs neither to root nor to the user that runs this");
        }
    }

    #[test]
    fn links_directories_and_what_is_missing_are_not_run() {
        let script = script("exit 0");
        let link = script.path.with_file_name("link");
        symlink(&script.path, &link).unwrap();
        assert!(check(&link).unwrap_err().contains("without symbolic links"));
        assert!(check(link.parent().unwrap()).unwrap_err().contains("is no program"));
        assert!(check(&script.path.with_file_name("none")).unwrap_err().contains("is missing"));
    }
}
