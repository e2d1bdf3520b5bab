//! `mailkey user export`.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown, symlink};

use serde_json::json;

use crate::lab::{ALICE, Lab, mode, set_mode};

const BOB: &str = "bob@example.org";

fn with_alice_and_a_disabled_bob() -> Lab {
    let lab = Lab::new();
    for address in [BOB, ALICE] {
        lab.run(["user", "add", address, "--no-password"]).done();
    }
    lab.run(["user", "disable", BOB]).done();
    lab
}

fn export(format: &str) -> [&str; 4] {
    ["user", "export", "--format", format]
}

/// Makes an account as the command would not.
fn insert(lab: &Lab, names: impl IntoIterator<Item = String>) {
    let mut connection = rusqlite::Connection::open(lab.path("data/mailkey.db")).unwrap();
    let transaction = connection.transaction().unwrap();
    for name in names {
        let insert = "INSERT INTO account (uid, name, created_at) VALUES (randomblob(16), ?1, 1700000000)";
        transaction.execute(insert, [name]).unwrap();
    }
    transaction.commit().unwrap();
}

#[test]
fn every_account_is_a_line_also_a_disabled_one() {
    let lab = with_alice_and_a_disabled_bob();
    let dovecot = lab.run(export("dovecot")).done().out;
    assert_eq!(dovecot, "alice@example.org::::::\nbob@example.org::::::\n");
    assert_eq!(
        lab.run(export("postfix")).done().out,
        "alice@example.org alice@example.org\nbob@example.org bob@example.org\n"
    );
    let enabled = lab.run(export("postfix").into_iter().chain(["--enabled-only"])).done().out;
    assert_eq!(enabled, "alice@example.org alice@example.org\n");
    assert_eq!(Lab::new().run(export("dovecot")).done().out, "");
    lab.run(["user", "export"]).failed(2, "--format");
    lab.run(export("sendmail")).failed(2, "sendmail");
}

#[test]
fn as_json_it_says_what_it_wrote_and_where() {
    let lab = with_alice_and_a_disabled_bob();
    assert_eq!(
        lab.json(export("postfix")),
        json!({"format": "postfix", "accounts": 2, "output": null, "text": "alice@example.org alice@example.org\nbob@example.org bob@example.org\n"})
    );
    let file = lab.path("users");
    let to_file = export("dovecot").into_iter().chain(["--output", file.to_str().unwrap()]);
    assert_eq!(
        lab.json(to_file),
        json!({"format": "dovecot", "accounts": 2, "output": file.to_str().unwrap(), "text": null})
    );
    assert_eq!(fs::read_to_string(file).unwrap().lines().count(), 2);
}

#[test]
fn a_new_file_is_for_everybody_to_read_and_a_former_one_keeps_owner_and_mode() {
    let lab = with_alice_and_a_disabled_bob();
    let file = lab.path("out/recipients");
    fs::create_dir(lab.path("out")).unwrap();
    let write = || {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "umask 077; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_mailkey"), "--config"]);
        command.arg(lab.config()).args(export("postfix")).arg("--output").arg(&file);
        crate::lab::run(command, b"").done()
    };
    assert_eq!(write().out, format!("wrote 2 accounts to {}\n", file.display()));
    assert_eq!(mode(&file), 0o644);
    set_mode(&file, 0o640);
    let owned = chown(&file, Some(12_345), Some(12_346)).is_ok();
    fs::write(&file, "a former, much longer list\n".repeat(100)).unwrap();
    write();
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "alice@example.org alice@example.org\nbob@example.org bob@example.org\n"
    );
    assert_eq!(mode(&file), 0o640);
    let found = fs::metadata(&file).unwrap();
    assert!(!owned || (found.uid(), found.gid()) == (12_345, 12_346));
    assert_eq!(fs::read_dir(lab.path("out")).unwrap().count(), 1, "something was left beside it");
}

#[test]
fn a_reader_has_the_former_file_or_the_new_one() {
    let lab = with_alice_and_a_disabled_bob();
    let (file, link) = (lab.path("recipients"), lab.path("link"));
    let write = |to: &str| lab.run(export("postfix").into_iter().chain(["--output", to])).done();
    write(file.to_str().unwrap());
    let reader = fs::File::open(&file).unwrap();
    let former = reader.metadata().unwrap().ino();
    lab.run(["user", "remove", BOB, "--yes"]).done();
    symlink(&file, &link).unwrap();
    write(link.to_str().unwrap());
    assert!(link.is_symlink() && fs::metadata(&file).unwrap().ino() != former);
    assert_eq!(std::io::read_to_string(reader).unwrap().lines().count(), 2);
    assert_eq!(fs::read_to_string(&file).unwrap(), "alice@example.org alice@example.org\n");
}

#[test]
fn what_cannot_be_written_is_an_error_and_leaves_what_was_there() {
    let lab = with_alice_and_a_disabled_bob();
    let to = |path: &str| lab.run(export("postfix").into_iter().chain(["--output", path]));
    to("/dev/null").failed(1, "is no regular file");
    to(lab.path("data").to_str().unwrap()).failed(1, "is no regular file");
    to(lab.path("no/such/directory").to_str().unwrap()).failed(1, "cannot be written");
    symlink("nowhere", lab.path("dangling")).unwrap();
    to(lab.path("dangling").to_str().unwrap()).failed(1, "cannot be written");
}

#[test]
fn a_link_that_somebody_else_may_have_planted_is_not_followed() {
    let lab = with_alice_and_a_disabled_bob();
    let victim = lab.path("victim");
    fs::write(&victim, "root's own").unwrap();
    let open = lab.path("open");
    fs::create_dir(&open).unwrap();
    set_mode(&open, 0o1777);
    symlink(&victim, open.join("list")).unwrap();
    let to =
        |path: &std::path::Path| lab.run(export("postfix").into_iter().chain(["--output", path.to_str().unwrap()]));
    to(&open.join("list")).failed(1, "is a directory that others may write");
    to(&open.join("new")).failed(1, "name a file in a directory that only you may write");
    assert_eq!(
        (fs::read_to_string(&victim).unwrap().as_str(), fs::read_dir(&open).unwrap().count()),
        ("root's own", 1)
    );
    let foreign = lab.path("foreign");
    symlink(&victim, &foreign).unwrap();
    if std::os::unix::fs::lchown(&foreign, Some(12_345), None).is_ok() {
        to(&foreign).failed(1, "is a link of user 12345");
    }
    assert_eq!(fs::read_to_string(&victim).unwrap(), "root's own");
}

#[test]
fn a_name_that_cannot_stand_in_the_format_is_an_error_and_nothing_is_written() {
    for (name, dovecot, postfix) in [
        ("#alice@example.org", false, false),
        ("al:ice@example.org", false, false),
        ("al ice@example.org", false, false),
        ("al\nroot::0:0@example.org", false, false),
        ("al,ice@example.org", true, false),
        ("<alice>@example.org", true, false),
        ("al#ice@example.org", true, true),
        ("alice's+mail=1@example.org", true, true),
    ] {
        let lab = Lab::new();
        insert(&lab, [name.to_string(), BOB.to_string()]);
        let file = lab.path("recipients");
        fs::write(&file, "former\n").unwrap();
        for (format, fits) in [("dovecot", dovecot), ("postfix", postfix)] {
            let output = ["--output", file.to_str().unwrap()];
            let (plain, to_file) = (export(format).to_vec(), export(format).into_iter().chain(output));
            if fits {
                assert!(lab.run(plain).done().out.contains(name));
                lab.run(to_file).done();
                fs::write(&file, "former\n").unwrap();
            } else {
                lab.run(plain).failed(1, "nothing was written");
                lab.run(to_file).failed(1, "cannot stand in");
            }
            assert_eq!(fs::read_to_string(&file).unwrap(), "former\n", "{name:?}");
            let beside = fs::read_dir(lab.directory.path()).unwrap();
            assert!(beside.flatten().all(|entry| !entry.file_name().to_string_lossy().starts_with('.')), "{name:?}");
        }
    }
}

#[test]
fn more_accounts_than_one_page_are_complete_and_in_order() {
    let lab = Lab::new();
    insert(&lab, (0..10_001).rev().map(|number| format!("u{number:05}@example.org")));
    let text = lab.run(export("postfix")).done().out;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() == 10_001 && lines.is_sorted());
    assert_eq!(
        (lines[0], lines[10_000]),
        ("u00000@example.org u00000@example.org", "u10000@example.org u10000@example.org")
    );
}
