//! A store copied to another place.

use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use crate::lab::{ALICE, Lab, PASSWORD, code, mode};
use crate::server::Database;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A database with many accounts, made by Alice's.
fn many(lab: &Lab, accounts: u32) -> PathBuf {
    let path = lab.path("data/mailkey.db");
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute_batch(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {accounts})
             INSERT INTO account (uid, name, password, created_at)
                 SELECT randomblob(16), 'user' || i || '@example.org', password, created_at FROM n, account
                 WHERE account.name = '{ALICE}';
             INSERT INTO app_password (account, id, name, hash, protocols, created_at)
                 SELECT id, 'k7m2', 'Phone', 'hash', 15, created_at FROM account"
        ))
        .unwrap();
    path
}

fn configure(lab: &Lab, store: &Path) {
    let config = std::fs::read_to_string(lab.config()).unwrap();
    let former = config.lines().find(|line| line.starts_with("database = ")).unwrap().to_owned();
    std::fs::write(lab.config(), config.replace(&former, &format!("database = {:?}", text(store)))).unwrap();
}

/// Begins to copy, and is killed when it has written something; says whether it was still at it.
fn killed(lab: &Lab, from: &Path, to: &Path) -> bool {
    let mut command = lab.command(["store", "copy", text(from), text(to)]);
    let mut copying: Child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let before = to.metadata().map_or(0, |file| file.len());
    let wal = PathBuf::from(format!("{}-wal", text(to)));
    while copying.try_wait().unwrap().is_none() {
        let written = to.metadata().map_or(0, |file| file.len());
        if written > before + 1_000_000 && wal.metadata().is_ok_and(|wal| wal.len() > 100_000) {
            break;
        }
        std::thread::yield_now();
    }
    copying.kill().unwrap();
    let mut out = String::new();
    copying.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    copying.wait().unwrap();
    out.is_empty()
}

#[test]
fn a_copy_opens_for_those_for_whom_the_store_opened() {
    let lab = Lab::with_alice();
    let (secret, codes) = lab.enrol();
    let made = lab.json(["app-password", "add", ALICE, "--name", "Phone"]);
    let (from, to) = (lab.path("data/mailkey.db"), lab.path("data/second.db"));
    let dry = lab.run(["store", "copy", text(&from), text(&to), "--dry-run"]).done();
    assert!(dry.out.contains("would be copied") && dry.out.contains("account  "), "{}", dry.out);
    assert!(!to.exists());
    let run = lab.run(["store", "copy", &format!("sqlite:{}", text(&from)), text(&to)]).done();
    assert!(run.out.contains("hold the same: ") && run.out.contains("next: name"), "{}", run.out);
    let file = to.metadata().unwrap();
    assert_eq!((mode(&to), file.uid()), (0o660, from.metadata().unwrap().uid()));
    configure(&lab, &to);
    let opens = |credential: &str, service: &str| lab.run_with(["check", ALICE, "--service", service], credential).code;
    assert_eq!(opens(made["password"].as_str().unwrap(), "imap"), 0);
    assert_eq!(opens(&format!("{PASSWORD}{}", code(&secret, 1)), "webmail"), 0);
    assert_eq!(opens(&format!("{PASSWORD}{}", codes[0]), "webmail"), 0);
    // What was changed in the copy is not written over.
    lab.run(["app-password", "revoke", ALICE, "--all"]).done();
    let again = lab.run(["store", "copy", text(&from), text(&to)]);
    again.failed(5, "is a store already, and holds something else");
}

#[test]
fn a_copy_that_was_killed_opens_nothing_and_the_same_command_completes_it() {
    let lab = Lab::with_alice();
    let (from, to) = (many(&lab, 60_000), lab.path("data/second.db"));
    assert!(killed(&lab, &from, &to), "it was too quick");
    configure(&lab, &to);
    lab.run(["user", "show", ALICE]).failed(1, "is a copy that is not complete");
    lab.run(["init"]).failed(1, "is a copy that is not complete");
    lab.run_with(["check", ALICE, "--service", "imap"], PASSWORD).failed(1, "is a copy that is not complete");
    let other = lab.path("data/other.db");
    lab.run(["store", "copy", text(&to), text(&other)]).failed(1, "is a copy that is not complete");
    assert!(!other.exists());
    let done = lab.json(["store", "copy", text(&from), text(&to)]);
    assert_eq!((&done["found"], &done["complete"]), (&"unfinished".into(), &true.into()), "{done}");
    let account = |field: &str| {
        let tables = done["tables"].as_array().unwrap();
        tables.iter().find(|table| table["table"] == "account").unwrap()[field].as_u64().unwrap()
    };
    assert!(account("rows") == 60_001 && account("added") < 60_000, "{done}");
    assert_eq!(lab.run_with(["check", ALICE, "--service", "imap"], PASSWORD).code, 0);
    let again = lab.run(["store", "copy", text(&from), text(&to)]);
    assert!(again.code == 0 || again.err.contains("holds something else"), "{}", again.err);
}

#[test]
fn what_was_copied_ahead_is_completed_later() {
    let lab = Lab::with_alice();
    let (from, to) = (lab.path("data/mailkey.db"), lab.path("data/second.db"));
    let ahead = lab.run(["store", "copy", text(&from), text(&to), "--ahead"]).done();
    assert!(ahead.out.contains("no login may use yet"), "{}", ahead.out);
    lab.add("bob@example.org");
    let done = lab.run(["store", "copy", text(&from), text(&to)]).done();
    let table = done.out.lines().find(|line| line.starts_with("account")).unwrap();
    assert!(table.contains("1 added") && table.contains(" 2 rows"), "{}", done.out);
    configure(&lab, &to);
    lab.run(["user", "show", "bob@example.org"]).done();
}

#[test]
fn what_cannot_be_a_store_is_said() {
    let lab = Lab::with_alice();
    let database = lab.path("data/mailkey.db");
    let copy = |from: &str, to: &str, more: &[&str]| lab.run([&["store", "copy", from, to], more].concat());
    copy(text(&database), "mysql://db/m", &[]).failed(2, "is no store");
    copy(text(&database), "postgresql://u:sesame@db/m", &[]).failed(2, "--to-password-file");
    copy(text(&database), "/tmp/x", &["--to-password-file", "/tmp/p"]).failed(2, "is a file");
    copy(text(&database), text(&database), &[]).failed(2, "where it is");
    copy("/nonexistent/mailkey.db", text(&lab.path("x.db")), &[]).failed(1, "is missing");
    assert!(!lab.path("x.db").exists());
    let server = "postgresql://mailkey@127.0.0.1:1/m?sslmode=disable";
    copy(text(&database), server, &[]).failed(1, "cannot be reached");
    copy(text(&database), server, &["--to-password-file", "/nonexistent"]).failed(1, "/nonexistent is missing");
}

/// From now on the store is on a server.
fn configure_server(lab: &Lab, url: &str) {
    let config = std::fs::read_to_string(lab.config()).unwrap();
    let former = config.lines().find(|line| line.starts_with("database = ")).unwrap().to_owned();
    std::fs::write(lab.config(), config.replace(&former, &format!("store = {url:?}"))).unwrap();
}

#[test]
fn a_store_moves_to_a_server_and_back_and_everything_goes_on_to_open() {
    let lab = Lab::with_alice();
    let (_, codes) = lab.enrol();
    let made = lab.json(["app-password", "add", ALICE, "--name", "Phone"]);
    let phone = made["password"].as_str().unwrap();
    let made = lab.json(["app-password", "add", ALICE, "--name", "Scanner"]);
    let scanner = made["password"].as_str().unwrap();
    let (file, back) = (lab.path("data/mailkey.db"), lab.path("data/back.db"));
    let database = Database::new();
    let url = database.url("mailkey");
    let moved = lab.json(["store", "copy", text(&file), &url]);
    assert_eq!((&moved["found"], &moved["complete"]), (&"empty".into(), &true.into()), "{moved}");
    configure_server(&lab, &url);
    lab.run(["init"]).done();
    assert_eq!(lab.run_with(["check", ALICE, "--service", "imap"], phone).code, 0);
    assert_eq!(lab.run_with(["check", ALICE, "--service", "webmail"], format!("{PASSWORD}{}", codes[0])).code, 0);
    lab.run(["app-password", "revoke", ALICE, &phone[..4]]).done();
    lab.run(["backup", text(&lab.path("x.db"))]).failed(1, "pg_dump");
    lab.run(["restore", text(&file), "--yes"]).failed(1, "pg_restore");
    lab.run(["store", "copy", &url, text(&back)]).done();
    let config = std::fs::read_to_string(lab.config()).unwrap();
    std::fs::write(lab.config(), config.replace(&format!("store = {url:?}"), &format!("database = {:?}", text(&back))))
        .unwrap();
    // What was revoked on the server is revoked here.
    assert_eq!(lab.run_with(["check", ALICE, "--service", "imap"], phone).code, 3);
    assert_eq!(lab.run_with(["check", ALICE, "--service", "imap"], scanner).code, 0);
    assert_eq!(lab.run_with(["check", ALICE, "--service", "webmail"], format!("{PASSWORD}{}", codes[0])).code, 0);
}

#[test]
fn a_copy_to_a_server_that_was_killed_is_completed_by_the_same_command() {
    let lab = Lab::with_alice();
    let (file, database) = (many(&lab, 60_000), Database::new());
    let url = database.url("mailkey");
    let mut copying = lab.command(["store", "copy", text(&file), &url]).stdout(Stdio::null()).spawn().unwrap();
    let there = "SELECT to_regclass('copy_under_way') IS NOT NULL";
    while database.run(there) == "f" || database.run("SELECT count(*) > 20000 FROM account") == "f" {
        assert!(copying.try_wait().unwrap().is_none(), "it was too quick");
    }
    copying.kill().unwrap();
    copying.wait().unwrap();
    assert_eq!(database.run(there), "t");
    configure_server(&lab, &url);
    lab.run_with(["check", ALICE, "--service", "imap"], PASSWORD).failed(1, "is a copy that is not complete");
    lab.run(["init"]).failed(1, "is a copy that is not complete");
    let done = lab.json(["store", "copy", text(&file), &url]);
    assert_eq!((&done["found"], &done["complete"]), (&"unfinished".into(), &true.into()), "{done}");
    assert_eq!(lab.run_with(["check", ALICE, "--service", "imap"], PASSWORD).code, 0);
    assert_eq!(database.run("SELECT count(*) FROM account"), "60001");
}
