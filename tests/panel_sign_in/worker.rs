//! The worker's own process: what it gives away, and to whom.

use std::io::Write;
use std::process::{Command, Stdio};

/// Runs the worker with these bytes on its standard input.
fn run(input: &[u8]) -> std::process::Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mailkey-panel"))
        .arg("pam-worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

#[test]
fn what_is_no_request_is_answered_with_nothing() {
    for input in [&b""[..], b"hello", b"mailkey1", &[b'm'; 100_000]] {
        let output = run(input);
        assert_eq!((output.status.code(), output.stdout.len(), output.stderr.len()), (Some(1), 0, 0));
    }
}

#[test]
fn the_worker_is_not_in_the_help() {
    let output = Command::new(env!("CARGO_BIN_EXE_mailkey-panel")).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && !help.contains("pam-worker"), "{help}");
}
