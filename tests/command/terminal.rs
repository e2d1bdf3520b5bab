//! At a terminal: a pseudo-terminal that script(1) of util-linux makes.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::lab::{ALICE, Lab, PASSWORD, code};

/// A command at a terminal.
struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    screen: Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    fn start(lab: &Lab, arguments: &str) -> Self {
        let line = format!("{} --config {} {arguments}", env!("CARGO_BIN_EXE_mailkey"), lab.config().display());
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        command.env("TZ", "UTC").env("TERM", "xterm").env_remove("NO_COLOR");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let keyboard = child.stdin.take().unwrap();
        let mut output = child.stdout.take().unwrap();
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, keyboard, screen, seen: String::new() }
    }

    /// Waits until `text` is on the screen; returns what came up to there.
    #[track_caller]
    fn expect(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.seen.find(text) {
                let rest = self.seen.split_off(at + text.len());
                return std::mem::replace(&mut self.seen, rest);
            }
            match self.screen.recv_timeout(Duration::from_secs(20)) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("{text:?} did not come; on the screen is: {}", self.seen),
            }
        }
    }

    fn type_line(&mut self, line: &str) {
        self.keyboard.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Waits for the end; returns what was on the screen since, and the exit code.
    fn end(mut self) -> (String, i32) {
        while let Ok(bytes) = self.screen.recv_timeout(Duration::from_secs(20)) {
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
        (self.seen, self.child.wait().unwrap().code().unwrap_or(-1))
    }
}

#[test]
fn a_new_password_is_asked_for_twice_and_never_shown() {
    let lab = Lab::new();
    let mut terminal = Terminal::start(&lab, &format!("user add {ALICE}"));
    terminal.expect("New password for alice@example.org: ");
    terminal.type_line(PASSWORD);
    terminal.expect("The same again: ");
    terminal.type_line(PASSWORD);
    let (screen, exit) = terminal.end();
    assert!(exit == 0 && screen.contains("created alice@example.org"), "{screen}");
    assert!(!screen.contains(PASSWORD), "{screen}");
    lab.run_with(["check", ALICE, "--service", "imap"], PASSWORD).done();
}

#[test]
fn two_passwords_that_differ_make_no_account() {
    let lab = Lab::new();
    let mut terminal = Terminal::start(&lab, &format!("user add {ALICE}"));
    terminal.expect("New password for alice@example.org: ");
    terminal.type_line(PASSWORD);
    terminal.expect("The same again: ");
    terminal.type_line("another password");
    let (screen, exit) = terminal.end();
    assert!(exit == 3 && screen.contains("the two passwords differ"), "{screen}");
    lab.run(["user", "show", ALICE]).failed(4, "there is no account");
}

#[test]
fn enrolment_shows_the_code_in_black_on_white_asks_again_and_shows_recovery_codes() {
    let lab = Lab::with_alice();
    let mut terminal = Terminal::start(&lab, &format!("totp enroll {ALICE}"));
    let screen = terminal.expect("The 6 digits that the app shows now: ");
    assert!(screen.contains("\u{1b}[38;5;16;48;5;231m"), "{screen}");
    let (_, secret) = screen.split_once("type this secret into it:  ").unwrap();
    let secret: String = secret.chars().skip_while(|symbol| *symbol != 'm').skip(1).take(39).collect();
    let secret = secret.replace(' ', "");
    terminal.type_line("12345");
    terminal.expect("two more tries");
    terminal.expect("The 6 digits that the app shows now: ");
    terminal.type_line(&code(&secret, 0));
    let (screen, exit) = terminal.end();
    assert!(exit == 0 && screen.contains("2FA is on"), "{screen}");
    assert!(screen.contains("recovery codes"), "{screen}");
}

#[test]
fn removing_an_account_is_asked_about() {
    let lab = Lab::with_alice();
    for (answer, code) in [("", 3), ("n", 3), ("y", 0)] {
        let mut terminal = Terminal::start(&lab, &format!("user remove {ALICE}"));
        terminal.expect("[y/N] ");
        terminal.type_line(answer);
        assert_eq!(terminal.end().1, code, "{answer:?}");
    }
    lab.run(["user", "show", ALICE]).failed(4, "there is no account");
}

#[test]
fn check_reads_a_credential_without_showing_it() {
    let lab = Lab::with_alice();
    let mut terminal = Terminal::start(&lab, &format!("check {ALICE} --service imap"));
    terminal.expect("What would be typed as the password of alice@example.org: ");
    terminal.type_line(PASSWORD);
    let (screen, exit) = terminal.end();
    assert!(exit == 0 && screen.contains("accepted") && !screen.contains(PASSWORD), "{screen}");
    // Colours on a terminal.
    assert!(screen.contains("\u{1b}[32m"), "{screen:?}");
}
