//! Notices by mail: queued by what changes an account, sent by `mailkey notify`.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::lab::{ALICE, Lab, PASSWORD, code};

/// An instance that sends its letters through a program which keeps them; while the file `away` is there, it takes none.
struct Office {
    lab: Lab,
    letters: PathBuf,
}

impl Office {
    fn new() -> Self {
        let lab = Lab::with_alice();
        let (letters, program) = (lab.path("letters"), lab.path("sendmail"));
        std::fs::create_dir(&letters).unwrap();
        let keep = format!(
            "#!/bin/sh\nif [ -e {away} ]; then cat > /dev/null; echo 'the queue is closed' >&2; exit 75; fi\n\
             case \"$*\" in *refused.example*) cat > /dev/null; echo 'no such domain' >&2; exit 67;; esac\n\
             letter=$(mktemp {letters}/XXXXXX)\n{{ echo \"$*\"; cat; }} > \"$letter\"\n",
            away = lab.path("away").display(),
            letters = letters.display(),
        );
        std::fs::write(&program, keep).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let office = Self { lab, letters };
        office.set(&format!("from = \"Mail <noreply@example.org>\"\nsendmail = \"{}\"", program.display()));
        office
    }

    fn set(&self, notices: &str) {
        let text = std::fs::read_to_string(self.lab.config()).unwrap();
        let before = text.split("\n[notices]\nfrom").next().unwrap();
        std::fs::write(self.lab.config(), format!("{before}\n[notices]\n{notices}\n")).unwrap();
    }

    /// Turns 2FA on; returns the secret.
    fn enrol(&self) -> String {
        let secret = self.lab.json(["totp", "enroll", ALICE])["secret"].as_str().unwrap().to_string();
        self.lab.json_with(["totp", "confirm", ALICE], &code(&secret, 0));
        secret
    }

    fn notify(&self) -> Value {
        self.lab.json(["notify"])
    }

    /// The letters so far, each with the arguments that sendmail got as its first line.
    fn letters(&self) -> Vec<String> {
        let files = std::fs::read_dir(&self.letters).unwrap();
        let mut letters: Vec<_> = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        letters.sort();
        letters
    }

    /// Lets time pass for what waits.
    fn sql(&self, statement: &str) {
        let database = rusqlite::Connection::open(self.lab.path("data/mailkey.db")).unwrap();
        assert_eq!(database.execute(statement, []).unwrap(), 1);
    }

    /// A date, so many days from now.
    fn in_days(&self, days: i64) -> String {
        let now = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC);
        now.checked_add(jiff::Span::new().days(days)).unwrap().date().to_string()
    }

    fn forget_the_last_look(&self) {
        std::fs::write(self.lab.path("data/notify.lock"), "").unwrap();
    }

    fn let_days_pass(&self, days: i64) {
        let database = rusqlite::Connection::open(self.lab.path("data/mailkey.db")).unwrap();
        database.execute("UPDATE notice SET at = at - ?1 * 86400", [days]).unwrap();
    }

    fn waiting(&self) -> Vec<String> {
        let waiting = self.lab.json(["notify", "--dry-run"]);
        waiting.as_array().unwrap().iter().map(|letter| letter["subject"].as_str().unwrap().to_string()).collect()
    }
}

#[test]
fn what_changes_an_account_is_told_by_mail_and_told_once() {
    let office = Office::new();
    office.enrol();
    office.lab.run(["app-password", "add", ALICE, "--name", "My phone"]).done();
    assert_eq!(office.waiting(), ["[Mail] Two-factor sign-in is on", "[Mail] New app password"]);
    assert_eq!(office.letters().len(), 0, "--dry-run sends nothing");
    assert_eq!(office.notify(), json!({"sent": 2, "failed": 0, "dropped": 0}));
    let letters = office.letters();
    assert_eq!(letters.len(), 2);
    let about = |word: &str| letters.iter().find(|letter| letter.contains(word)).unwrap();
    let phone = about("My phone");
    assert!(phone.starts_with("-i -f noreply@example.org -- alice@example.org\n"), "{phone}");
    assert!(phone.contains("By: your administrator"), "{phone}");
    assert_eq!(office.notify(), json!({"sent": 0, "failed": 0, "dropped": 0}));
    assert_eq!(office.letters().len(), 2);
}

#[test]
fn nothing_secret_is_in_a_letter() {
    let office = Office::new();
    let secret = office.enrol();
    let app_password = office.lab.json(["app-password", "add", ALICE, "--name", "Phone"]);
    let codes = office.lab.json(["recovery-codes", "new", ALICE]);
    office.lab.run_with(["user", "passwd", ALICE, "--password-stdin"], "another horse battery\n").done();
    office.lab.run(["totp", "disable", ALICE]).done();
    assert_eq!(office.notify()["sent"], 5);
    let all = office.letters().concat();
    let shown = app_password["password"].as_str().unwrap();
    let mut secrets = vec![PASSWORD, "another horse battery", &secret, shown, &shown[5..9]];
    secrets.extend(codes["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()));
    assert!(secrets.len() > 10);
    for secret in secrets {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[test]
fn what_cannot_be_sent_waits_and_says_so() {
    let office = Office::new();
    office.enrol();
    std::fs::write(office.lab.path("away"), "").unwrap();
    let run = office.lab.run(["notify"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("a notice for alice@example.org was not sent") && run.err.contains("the queue is closed"),
        "{}",
        run.err
    );
    std::fs::remove_file(office.lab.path("away")).unwrap();
    // Not at once: the mail system may need a while.
    assert_eq!(office.notify(), json!({"sent": 0, "failed": 0, "dropped": 0}));
    office.sql("UPDATE notice SET next_try = next_try - 61");
    assert_eq!(office.notify(), json!({"sent": 1, "failed": 0, "dropped": 0}));
}

#[test]
fn while_the_mail_system_is_away_not_every_letter_is_tried() {
    let office = Office::new();
    std::fs::write(office.lab.path("away"), "").unwrap();
    for number in 0..5 {
        office.lab.run(["app-password", "add", ALICE, "--name", &format!("Phone {number}")]).done();
    }
    let run = office.lab.run(["notify", "--json"]);
    assert_eq!(run.parsed(), json!({"sent": 0, "failed": 3, "dropped": 0}));
    assert!(run.err.contains("the rest waits for the next run"), "{}", run.err);
}

#[test]
fn an_address_that_the_mail_system_refuses_keeps_nothing_from_the_mailbox() {
    let office = Office::new();
    office.lab.run(["user", "notices", ALICE, "--also", "alice@refused.example"]).done();
    office.notify();
    office.lab.run(["app-password", "add", ALICE, "--name", "Phone"]).done();
    let run = office.lab.run(["notify", "--json"]);
    assert_eq!((run.code, run.parsed()), (0, json!({"sent": 1, "failed": 0, "dropped": 0})));
    assert!(
        run.err.contains("was not sent to alice@refused.example: ") && run.err.contains("no such domain"),
        "{}",
        run.err
    );
    assert!(office.letters().concat().contains("-- alice@example.org\n"), "{:?}", office.letters());
    assert_eq!(office.notify(), json!({"sent": 0, "failed": 0, "dropped": 0}), "and the mailbox gets it once");
}

#[test]
fn who_turns_notices_off_at_once_does_not_silence_what_he_did_before() {
    let office = Office::new();
    office.lab.run(["app-password", "add", ALICE, "--name", "Phone"]).done();
    office.lab.run(["user", "notices", ALICE, "--off"]).done();
    assert_eq!(office.waiting(), ["[Mail] New app password", "[Mail] Notices were changed"]);
    assert_eq!(office.notify(), json!({"sent": 2, "failed": 0, "dropped": 0}));
}

#[test]
fn a_password_for_the_mail_server_is_not_sent_as_clear_text() {
    let office = Office::new();
    office.enrol();
    office.set("from = \"noreply@example.org\"\nsmtp = \"smtp://mailkey:secret@192.0.2.25:587\"");
    let run = office.lab.run(["notify"]);
    assert!(run.code == 1 && run.err.contains("clear text") && !run.err.contains("secret@"), "{}", run.err);
    assert_eq!(office.waiting().len(), 1, "it waits");
}

#[test]
fn what_is_three_days_old_is_no_news_and_dropped() {
    let office = Office::new();
    office.enrol();
    office.sql("UPDATE notice SET at = at - 260000");
    assert_eq!(office.notify(), json!({"sent": 0, "failed": 0, "dropped": 1}));
    assert_eq!(office.letters().len(), 0);
}

#[test]
fn without_a_sender_nothing_is_queued_and_nothing_is_wrong() {
    let lab = Lab::with_alice();
    lab.run(["app-password", "add", ALICE, "--name", "Phone"]).done();
    let run = lab.run(["notify"]).done();
    assert!(run.out.contains("notices are off"), "{}", run.out);
    assert_eq!(lab.run(["notify", "--quiet"]).done().out, "");
    let office = Office::new();
    office.set("from = \"\"");
    office.lab.run(["app-password", "add", ALICE, "--name", "Phone"]).done();
    office.set("from = \"noreply@example.org\"");
    assert!(office.waiting().is_empty());
}

#[test]
fn notices_go_where_their_owner_wants_them_and_in_his_language() {
    let office = Office::new();
    let shown = office.lab.json(["user", "notices", ALICE]);
    assert_eq!(shown, json!({"account": ALICE, "notices": true, "also": null, "language": null}));
    office.lab.run(["user", "notices", ALICE, "--also", "alice@elsewhere.example", "--language", "de"]).done();
    office.lab.run(["app-password", "add", ALICE, "--name", "Telefon"]).done();
    assert_eq!(office.waiting(), ["[Mail] Benachrichtigungen geändert", "[Mail] Neues App-Passwort"]);
    office.notify();
    let both = "-- alice@example.org alice@elsewhere.example\n";
    assert_eq!(office.letters().iter().filter(|letter| letter.contains(both)).count(), 1, "{:?}", office.letters());
    let shown = office.lab.run(["user", "notices", ALICE]).done().out;
    assert!(shown.contains("notices go to alice@example.org and alice@elsewhere.example"), "{shown}");
}

#[test]
fn who_turns_notices_off_is_told_so_where_they_went_before() {
    let office = Office::new();
    office.lab.run(["user", "notices", ALICE, "--also", "alice@elsewhere.example"]).done();
    office.notify();
    office.lab.run(["user", "notices", ALICE, "--off", "--mailbox-only"]).done();
    office.lab.run(["app-password", "add", ALICE, "--name", "Phone"]).done();
    assert_eq!(office.waiting(), ["[Mail] Notices were changed"]);
    office.notify();
    assert!(office.letters().concat().contains("-- alice@example.org alice@elsewhere.example\n"));
    office.lab.run(["user", "notices", ALICE, "--on"]).done();
    assert!(office.waiting().is_empty(), "nobody needs to be told that they are on");
}

#[test]
fn an_address_that_is_none_the_mailbox_itself_and_an_unknown_language_are_refused() {
    let office = Office::new();
    for (arguments, complaint) in [
        (["--also", "nobody"], "no address for mail"),
        (["--also", "a b@example.org"], "no address for mail"),
        (["--also", "alice@elsewhere.example\nBcc: x@example.org"], "no address for mail"),
        (["--also", "Alice@Example.org"], "the mailbox itself"),
        (["--language", "tlh"], "no language"),
    ] {
        let run = office.lab.run(["user", "notices", ALICE].into_iter().chain(arguments));
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(complaint), "{arguments:?}: {}", run.err);
    }
    assert_eq!(office.lab.json(["user", "notices", ALICE])["also"], Value::Null);
    assert_eq!(office.lab.run(["user", "notices", "nobody@example.org"]).code, 4);
}

#[test]
fn a_configuration_that_names_no_sender_no_program_or_no_server_is_refused_and_says_what_to_write() {
    let office = Office::new();
    for (wrong, complaint) in [
        ("from = \"Mail\"", "notices.from"),
        ("from = \"a@example.org\"\nsmtp = \"localhost\"", "notices.smtp"),
        ("from = \"a@example.org\"\nsendmail = \"sendmail\"", "notices.sendmail"),
        ("from = \"a@example.org\"\npanel = \"panel.example.org\"", "notices.panel"),
        ("from = \"a@example.org\"\nlanguage = \"d e\"", "notices.language"),
        ("from = \"a@example.org\"\nlanguage = \"tlh\"", "notices.language"),
        ("from = \"a@b@c\"", "notices.from"),
        ("from = \"a@example.org\"\nto = \"b\"", "unknown field"),
    ] {
        office.set(wrong);
        let run = office.lab.run(["notify"]);
        assert!(run.code == 1 && run.err.contains(complaint), "{wrong}: {}", run.err);
    }
}

#[test]
fn two_at_once_send_nothing_twice() {
    let office = Office::new();
    office.enrol();
    let mut runs: Vec<_> = (0..4).map(|_| office.lab.command(["notify", "--quiet"]).spawn().unwrap()).collect();
    for run in &mut runs {
        run.wait().unwrap();
    }
    assert_eq!(office.letters().len(), 1);
}

#[test]
fn before_2fa_is_required_people_without_it_are_told_twice_and_nobody_else_is() {
    let office = Office::new();
    office.enrol();
    for name in ["bob", "carol", "dave", "erin"] {
        office.lab.add(&format!("{name}@example.org"));
    }
    office.lab.run(["user", "disable", "dave@example.org"]).done();
    office.lab.run(["require", "set", "erin@example.org", "never"]).done();
    office.notify();
    let before = office.letters().len();
    office.lab.run(["require", "set", "@example.org", &office.in_days(40)]).done();
    office.forget_the_last_look();
    assert_eq!(office.notify()["sent"], 0, "not yet");
    office.lab.run(["require", "set", "@example.org", &office.in_days(10)]).done();
    assert_eq!(office.notify()["sent"], 0, "a look every six hours is enough");
    office.forget_the_last_look();
    assert_eq!(office.notify()["sent"], 2);
    let letters = office.letters();
    assert_eq!(letters.len(), before + 2);
    for name in ["bob", "carol"] {
        let to = format!("-- {name}@example.org\n");
        let letter = letters.iter().find(|letter| letter.contains(&to)).unwrap();
        assert!(letter.contains("Two-factor sign-in will be required"), "{letter}");
    }
    office.forget_the_last_look();
    assert_eq!(office.notify()["sent"], 0, "told a moment ago");
    office.let_days_pass(11);
    office.lab.run(["require", "set", "@example.org", &office.in_days(2)]).done();
    office.forget_the_last_look();
    assert_eq!(office.notify()["sent"], 2, "once more");
}
