//! The command `mailkey`, at work on the instance of this world.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::world::world;

/// Runs a verb of the command on the instance of this world; it must succeed.
pub fn run(arguments: &[&str], input: &str) -> String {
    let mut child = Command::new(&world().command)
        .arg("--config")
        .arg(&world().config)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input ends before it is written.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success(), "mailkey {}: {err}{out}", arguments.join(" "));
    out
}

/// The same with `--json`; returns what it printed.
pub fn json(arguments: &[&str], input: &str) -> Value {
    let out = run(&[arguments, &["--json"]].concat(), input);
    serde_json::from_str(&out).unwrap()
}
