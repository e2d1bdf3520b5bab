//! The timing loop: arms in turn, in one process that lives through all of them, as a Dovecot auth worker does.
//!
//! ```text
//! LABEL=login,SERVICE,GROUP,home|alternate|fresh   a right credential of the group; from one address, from two in
//!                                                  turn, from a new one each time
//! LABEL=wrong,SERVICE,GROUP,KIND                   KIND: password, unknown, secret, unknown-id, unknown-app, session,
//!                                                  unknown-session
//! LABEL=raw,PROFILE,MEMORY,SERVICE,GROUP           Argon2 alone, then such a login; PROFILE: password, app;
//!                                                  MEMORY: released, kept, fresh
//! ```
//!
//! Each round runs every arm once, in an order that is shuffled anew. An arm's line of output is its label, then for
//! each round nanoseconds of time and of processor time; the last line has the process's memory in KiB.

use std::ffi::{CStr, CString};
use std::hint::black_box;
use std::time::Instant;

use mailkey::credential::{Profile, app_password};

use super::credentials::{self, Credential};
use super::pam::{self, Login};
use super::provision::session_credential;
use super::raw::{Place, Raw};

const AUTH_ERR: i32 = 7;

pub fn run(directory: &str, credentials: &str, rounds: usize, arms: &[&str]) {
    let directory = CString::new(directory).unwrap();
    let mut arms: Vec<Arm> = arms.iter().map(|text| Arm::read(text, credentials)).collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut order: Vec<usize> = (0..arms.len()).collect();
    for round in 0..rounds / 10 + 3 + rounds {
        random.shuffle(&mut order);
        for &at in &order {
            let times = arms[at].once(&directory, &mut random);
            if round >= rounds / 10 + 3 {
                arms[at].times.push(times);
            }
        }
    }
    for arm in &arms {
        let times: Vec<String> = arm.times.iter().map(|(wall, processor)| format!("{wall}/{processor}")).collect();
        println!("{} {}", arm.label, times.join(" "));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let kib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim_matches(|symbol: char| !symbol.is_ascii_digit()).to_string()
    };
    println!("memory {} {} {}", kib("VmRSS:"), kib("VmHWM:"), kib("RssAnon:"));
}

struct Arm {
    label: String,
    service: CString,
    work: Work,
    raw: Option<Raw>,
    credentials: Vec<Credential>,
    next: usize,
    times: Vec<(u64, u64)>,
}

enum Work {
    Login(Address),
    Wrong(Wrong),
}

#[derive(Clone, Copy)]
enum Address {
    Home,
    Alternate,
    Fresh,
}

#[derive(Clone, Copy)]
enum Wrong {
    Password,
    UnknownAccount,
    AppPassword,
    UnknownId,
    UnknownAccountApp,
    Session,
    UnknownAccountSession,
}

impl Arm {
    fn read(text: &str, credentials: &str) -> Self {
        let (label, what) = text.split_once('=').expect("LABEL=…");
        let words: Vec<&str> = what.split(',').collect();
        let (service, group, work, raw) = match words[..] {
            ["login", service, group, address] => {
                let address = match address {
                    "home" => Address::Home,
                    "alternate" => Address::Alternate,
                    "fresh" => Address::Fresh,
                    _ => panic!("{text}"),
                };
                (service, group, Work::Login(address), None)
            }
            ["wrong", service, group, kind] => {
                let kind = match kind {
                    "password" => Wrong::Password,
                    "unknown" => Wrong::UnknownAccount,
                    "secret" => Wrong::AppPassword,
                    "unknown-id" => Wrong::UnknownId,
                    "unknown-app" => Wrong::UnknownAccountApp,
                    "session" => Wrong::Session,
                    "unknown-session" => Wrong::UnknownAccountSession,
                    _ => panic!("{text}"),
                };
                (service, group, Work::Wrong(kind), None)
            }
            ["raw", profile, memory, service, group] => {
                let profile = if profile == "app" { Profile::APP_PASSWORD } else { Profile::PASSWORD };
                let place = match memory {
                    "released" => Place::Released,
                    "kept" => Place::Kept,
                    "fresh" => Place::Fresh,
                    _ => panic!("{text}"),
                };
                (service, group, Work::Login(Address::Home), Some(Raw::new(profile, place)))
            }
            _ => panic!("{text}"),
        };
        Self {
            label: label.into(),
            service: CString::new(service).unwrap(),
            work,
            raw,
            credentials: credentials::read(credentials, group),
            next: 0,
            times: Vec::new(),
        }
    }

    /// One login; nanoseconds of time and of processor time.
    fn once(&mut self, directory: &CStr, random: &mut Random) -> (u64, u64) {
        let (login, expected) = self.login(random);
        let (began, processor) = (Instant::now(), processor_time());
        if let Some(raw) = &mut self.raw {
            black_box(raw.hash(login.password.as_bytes()));
        }
        let code = pam::sign_in(directory, &login);
        let times = (began.elapsed().as_nanos() as u64, processor_time() - processor);
        assert_eq!(code, expected, "{}: the answer to {:?}", self.label, login.user);
        times
    }

    fn login(&mut self, random: &mut Random) -> (Login, i32) {
        self.next += 1;
        let (user, rhost, password, expected) = match self.work {
            Work::Login(address) => {
                let (user, password) = self.fresh_credential();
                let rhost = match address {
                    Address::Home => "192.0.2.1".to_string(),
                    Address::Alternate => format!("192.0.2.{}", 2 + self.next % 2),
                    Address::Fresh => random.address(),
                };
                (user, rhost, password, 0)
            }
            Work::Wrong(kind) => {
                let known = &self.credentials[self.next % self.credentials.len()];
                let unknown = format!("nobody{}@example.org", self.next % self.credentials.len());
                let other = app_password::generate().unwrap().shown().as_str().unwrap().to_string();
                let guess = format!("a wrong password {:016x}", random.next());
                let (user, password) = match kind {
                    Wrong::Password => (known.user.clone(), guess),
                    Wrong::UnknownAccount => (unknown, guess),
                    Wrong::AppPassword => (known.user.clone(), format!("{}{}", &known.secret[..4], &other[4..])),
                    Wrong::UnknownId => (known.user.clone(), other),
                    Wrong::UnknownAccountApp => (unknown, other),
                    Wrong::Session => (known.user.clone(), session_credential()),
                    Wrong::UnknownAccountSession => (unknown, session_credential()),
                };
                // A new address each time, or the throttle would refuse without looking.
                (user, random.address(), password, AUTH_ERR)
            }
        };
        let text = |text: String| CString::new(text).unwrap();
        let login =
            Login { service: self.service.clone(), user: text(user), rhost: text(rhost), password: text(password) };
        (login, expected)
    }

    fn fresh_credential(&mut self) -> (String, String) {
        for offset in 0..self.credentials.len() {
            let at = (self.next + offset) % self.credentials.len();
            let credential = &mut self.credentials[at];
            if let Some(secret) = credential.present() {
                return (credential.user.clone(), secret);
            }
        }
        panic!("{}: every code was used; more accounts are needed", self.label)
    }
}

fn processor_time() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a live variable of the right type (clock_gettime(2)).
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for end in (1..order.len()).rev() {
            order.swap(end, self.next() as usize % (end + 1));
        }
    }

    /// An address of 198.18.0.0/15, which RFC 2544 keeps for benchmarks.
    fn address(&mut self) -> String {
        let bits = self.next();
        format!("198.{}.{}.{}", 18 + (bits & 1), bits >> 8 & 0xff, bits >> 16 & 0xff)
    }
}
