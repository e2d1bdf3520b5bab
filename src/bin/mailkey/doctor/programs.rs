//! Other programs, asked for what they know.

use std::process::{Command, Stdio};

/// Where programs of the system are, whatever the caller's environment says: doctor runs as root.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What a program answered.
pub enum Answer {
    /// It is not here.
    Missing,
    /// What it printed.
    Said(String),
    /// It failed, and said this.
    Failed(String),
}

/// Runs a program in a plain environment, with nothing on its standard input.
pub fn ask(program: &str, arguments: &[&str]) -> Answer {
    let found = PATH.split(':').map(|place| std::path::Path::new(place).join(program)).find(|path| path.is_file());
    let Some(path) = found else { return Answer::Missing };
    let run = Command::new(path)
        .args(arguments)
        .env_clear()
        .env("PATH", PATH)
        .env("LC_ALL", "C")
        .current_dir("/")
        .stdin(Stdio::null())
        .output();
    match run {
        Err(error) => Answer::Failed(error.to_string()),
        Ok(output) if output.status.success() => Answer::Said(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Answer::Failed(said.lines().next().unwrap_or("it said nothing").to_string())
        }
    }
}
