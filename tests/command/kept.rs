//! What people see, kept as files beside this one.

use std::path::Path;

use crate::lab::{ALICE, Lab, PASSWORD, Run, code, mailkey, run};

/// What differs from run to run, by its shape: `9` stands for a digit, `x` for a lower-case letter or digit.
const SHAPES: [(&str, &str); 4] = [
    ("9999-99-99 99:99", "YYYY-MM-DD HH:MM"),
    ("9999-99-99T99:99:99Z", "YYYY-MM-DDTHH:MM:SSZ"),
    ("xxxx-xxxx-xxxx-xxxx-xxxx", "iiii-ssss-ssss-ssss-ssss"),
    ("xxxx-xxxx-xxxx", "iiss-ssss-ssss"),
];

/// A dialogue with the command, written down.
struct Session<'a> {
    lab: &'a Lab,
    text: String,
    named: Vec<(String, String)>,
}

impl<'a> Session<'a> {
    fn new(lab: &'a Lab) -> Self {
        let place = lab.directory.path().to_str().unwrap().to_string();
        Self { lab, text: String::new(), named: vec![(place, "/lab".into())] }
    }

    /// Runs a verb and writes it down with what it said.
    fn run(&mut self, arguments: &[&str], input: &str) -> Run {
        let run = self.lab.run_with(arguments, input);
        self.write(arguments, &run);
        run
    }

    fn write(&mut self, arguments: &[&str], run: &Run) {
        let quoted =
            arguments.iter().map(|word| if word.contains(' ') { format!("'{word}'") } else { word.to_string() });
        self.text.push_str(&format!("$ mailkey {}\n{}{}", quoted.collect::<Vec<_>>().join(" "), run.out, run.err));
        if run.code != 0 {
            self.text.push_str(&format!("[{}]\n", run.code));
        }
        self.text.push('\n');
    }

    /// From now on `value` stands in the file as `name`.
    fn name(&mut self, value: &str, name: &str) {
        self.named.push((value.into(), name.into()));
    }

    /// Compares with the file `name`, or writes it.
    fn compare(self, name: &str) {
        let mut text = self.text;
        for (value, name) in self.named {
            text = text.replace(&value, &name);
        }
        for (shape, placeholder) in SHAPES {
            text = masked(&text, shape, placeholder);
        }
        compare(name, &without_qr(&text));
    }
}

fn compare(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command").join(name);
    if std::env::var_os("UPDATE_OUTPUT").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "{name} differs (UPDATE_OUTPUT=1 writes it anew); it is now:\n{text}");
}

/// Replaces every word of a shape.
fn masked(text: &str, shape: &str, placeholder: &str) -> String {
    let symbols: Vec<char> = text.chars().collect();
    let shape: Vec<char> = shape.chars().collect();
    let fits = |at: usize| {
        let bounded = |at: Option<usize>| {
            at.and_then(|at| symbols.get(at)).is_none_or(|symbol| !symbol.is_ascii_alphanumeric() && *symbol != '-')
        };
        symbols.len() - at >= shape.len()
            && bounded(at.checked_sub(1))
            && bounded(Some(at + shape.len()))
            && symbols[at..].iter().zip(&shape).all(|(symbol, shape)| match shape {
                '9' => symbol.is_ascii_digit(),
                'x' => symbol.is_ascii_digit() || symbol.is_ascii_lowercase(),
                other => symbol == other,
            })
    };
    let mut out = String::new();
    let mut at = 0;
    while at < symbols.len() {
        if fits(at) {
            out.push_str(placeholder);
            at += shape.len();
        } else {
            out.push(symbols[at]);
            at += 1;
        }
    }
    out
}

/// A QR code becomes one line.
fn without_qr(text: &str) -> String {
    let is_qr = |line: &str| !line.is_empty() && line.chars().all(|symbol| " ▀▄█".contains(symbol));
    let mut out = String::new();
    let mut before = false;
    for line in text.lines() {
        let qr = is_qr(line);
        if !qr {
            out.push_str(line);
            out.push('\n');
        } else if !before {
            out.push_str("<QR code>\n");
        }
        before = qr;
    }
    out
}

#[test]
fn the_life_of_an_account_reads_as_kept() {
    let lab = Lab::new();
    let mut session = Session::new(&lab);
    session.run(&["user", "list"], "");
    session.run(&["user", "add", ALICE, "--password-stdin"], PASSWORD);
    session.run(&["user", "add", ALICE, "--password-stdin"], PASSWORD);
    session.run(&["user", "show", ALICE], "");
    session.run(&["user", "add", "bob@example.org", "--no-password"], "");
    session.run(&["user", "disable", "bob@example.org"], "");
    session.run(&["user", "passwd", ALICE, "--password-stdin"], "another horse");
    session.run(&["user", "list"], "");
    session.run(&["user", "enable", "bob@example.org"], "");
    session.run(&["user", "enable", "bob@example.org"], "");
    session.run(&["user", "remove", "bob@example.org"], "");
    session.run(&["user", "remove", "bob@example.org", "--yes"], "");
    session.run(&["user", "show", "bob@example.org"], "");
    session.compare("user.txt");
}

#[test]
fn what_mail_servers_get_to_know_reads_as_kept() {
    let lab = Lab::new();
    let mut session = Session::new(&lab);
    for address in [ALICE, "bob@example.org"] {
        session.run(&["user", "add", address, "--no-password"], "");
    }
    session.run(&["user", "disable", "bob@example.org"], "");
    session.run(&["user", "export", "--format", "dovecot"], "");
    session.run(&["user", "export", "--format", "postfix", "--enabled-only"], "");
    let file = lab.path("recipients.txt");
    session.run(&["user", "export", "--format", "postfix", "--output", file.to_str().unwrap()], "");
    session.run(&["user", "export", "--format", "postfix", "--json"], "");
    crate::recipients::configure(&lab);
    session.run(&["user", "add", "carol@example.org", "--no-password"], "");
    session.run(&["init"], "");
    session.run(&["user", "disable", "carol@example.org"], "");
    let database = rusqlite::Connection::open(crate::recipients::file(&lab)).unwrap();
    database.execute("DELETE FROM account", []).unwrap();
    session.run(&["init"], "");
    session.run(&["init", "--quiet"], "");
    crate::lab::set_mode(&lab.path("data"), 0o700);
    session.run(&["init", "--quiet"], "");
    session.text = without_users(&session.text);
    session.compare("recipients.txt");
}

/// Who can use it depends on who runs the tests, and whether there is a group.
fn without_users(text: &str) -> String {
    let hidden = |line: &str| if line.contains(" can use it") { "<who can use it>".into() } else { line.to_string() };
    text.lines().map(hidden).map(|line| format!("{line}\n")).collect()
}

#[test]
fn turning_2fa_on_and_off_reads_as_kept() {
    let lab = Lab::with_alice();
    let mut session = Session::new(&lab);
    session.run(&["totp", "status", ALICE], "");
    let enrolled = session.run(&["totp", "enroll", ALICE], "123\n");
    let (_, secret) = enrolled.out.split_once("into it:  ").unwrap();
    let secret = &secret[..39];
    session.name(secret, "SSSS SSSS SSSS SSSS SSSS SSSS SSSS SSSS");
    session.run(&["totp", "status", ALICE], "");
    session.run(&["totp", "confirm", ALICE], "000000 ");
    session.run(&["totp", "confirm", ALICE], &code(&secret.replace(' ', ""), 0));
    session.run(&["totp", "confirm", ALICE], "123456");
    session.run(&["totp", "status", ALICE], "");
    session.run(&["user", "show", ALICE], "");
    session.run(&["recovery-codes", "new", ALICE], "");
    session.run(&["totp", "disable", ALICE], "");
    session.run(&["totp", "disable", ALICE], "");
    session.run(&["recovery-codes", "new", ALICE], "");
    session.compare("totp.txt");
}

#[test]
fn app_passwords_read_as_kept() {
    let lab = Lab::with_alice();
    let mut session = Session::new(&lab);
    session.run(&["app-password", "list", ALICE], "");
    let add = |session: &mut Session<'_>, more: &[&str], id: &str| {
        let made = session.run(&[&["app-password", "add", ALICE, "--name"], more].concat(), "");
        let (_, password) = made.out.split_once(":  ").unwrap();
        session.name(&password[..24], "iiii-ssss-ssss-ssss-ssss");
        session.name(&password[..4], id);
        password[..24].to_string()
    };
    let phone = add(&mut session, &["Alice's phone"], "aaaa");
    // Lists are in the order of the seconds in which they were made.
    let database = rusqlite::Connection::open(lab.path("data/mailkey.db")).unwrap();
    database.execute("UPDATE app_password SET created_at = created_at - 60", []).unwrap();
    let scanner = ["Scanner", "--protocol", "smtp", "--from", "192.0.2.0/24,2001:db8::1", "--expires", "90d"];
    add(&mut session, &scanner, "bbbb");
    session.run(&["app-password", "list", ALICE], "");
    session.run(&["check", ALICE, "--service", "imap", "--from", "192.0.2.7"], &phone);
    session.run(&["app-password", "revoke", ALICE, &phone[..4]], "");
    session.run(&["app-password", "revoke", ALICE, &phone[..4]], "");
    session.run(&["app-password", "list", ALICE], "");
    session.run(&["app-password", "list", ALICE, "--revoked"], "");
    session.run(&["check", ALICE, "--service", "imap"], &phone);
    session.run(&["app-password", "revoke", ALICE, "--all"], "");
    session.run(&["app-password", "revoke", ALICE, "--all"], "");
    session.run(&["log", ALICE], "");
    session.run(&["log", "bob@example.org"], "");
    session.compare("app-password.txt");
}

#[test]
fn sessions_read_as_kept() {
    let lab = Lab::with_alice();
    let mut session = Session::new(&lab);
    session.run(&["session", "list", ALICE], "");
    session.run(&["session", "list", "bob@example.org"], "");
    let credentials = [1, 2].map(|number| format!("mks-{number:052}"));
    let opening = format!("mkopen:{}::{PASSWORD}", credentials[0]);
    session.run(&["check", ALICE, "--service", "webmail"], &opening);
    // Lists are in the order of the seconds in which they were opened.
    let ids = [
        lab.open_session(ALICE, &credentials[0], 60, "192.0.2.7", "smtp"),
        lab.open_session(ALICE, &credentials[1], 0, "", ""),
    ];
    let panel = [
        lab.open_panel_session(ALICE, 1, 30, "Firefox on Linux"),
        lab.open_panel_session(ALICE, 2, 20, ""),
        lab.open_panel_session(ALICE, 3, 700, "Safari on iPhone"),
    ];
    session.name(&ids[0], "aaaaaa");
    session.name(&ids[1], "bbbbbb");
    session.name(&panel[0], "cccccc");
    session.name(&panel[1], "dddddd");
    session.name(&panel[2], "eeeeee");
    session.run(&["session", "list", ALICE], "");
    session.run(&["check", ALICE, "--service", "webmail"], &credentials[0]);
    session.run(&["check", ALICE, "--service", "webmail"], &format!("mkclose:{}", credentials[0]));
    session.run(&["session", "revoke", ALICE, &ids[0]], "");
    session.run(&["session", "revoke", ALICE, &ids[0]], "");
    session.run(&["check", ALICE, "--service", "webmail"], &credentials[0]);
    session.run(&["check", ALICE, "--service", "smtp"], &credentials[1]);
    session.run(&["session", "revoke", ALICE, "u"], "");
    session.run(&["session", "revoke", ALICE, &panel[0]], "");
    session.run(&["session", "revoke", ALICE, &panel[0]], "");
    session.run(&["session", "list", ALICE], "");
    session.run(&["session", "revoke", ALICE, "--all"], "");
    session.run(&["session", "revoke", ALICE, "--all"], "");
    session.run(&["log", ALICE], "");
    session.compare("session.txt");
}

#[test]
fn init_reads_as_kept() {
    let lab = Lab::empty();
    let mut session = Session::new(&lab);
    let data = lab.path("data");
    session.run(&["init"], "");
    session.run(&["init", "--data-dir", data.to_str().unwrap()], "");
    crate::lab::set_mode(&data, 0o700);
    session.run(&["init"], "");
    session.run(&["init", "--data-dir", lab.path("other").to_str().unwrap()], "");
    session.text = without_users(&session.text);
    session.compare("init.txt");
}

#[test]
fn the_help_reads_as_kept() {
    let mut text = String::new();
    let mut pages = vec![vec![]];
    pages.extend(crate::generated::verbs());
    for verb in pages {
        let mut command = mailkey();
        command.args(&verb).arg("--help");
        let help = run(command, b"").done().out;
        text.push_str(&format!(
            "$ mailkey {}--help\n{help}\n",
            verb.iter().map(|word| format!("{word} ")).collect::<String>()
        ));
    }
    compare("help.txt", &text);
}
