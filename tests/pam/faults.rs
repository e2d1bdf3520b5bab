//! Faults: what is broken refuses, says so once, is never "not enrolled", and is forgotten when it is gone.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::harness::*;

/// Both primaries: with a permissive stacked module an account that counted as not enrolled would open.
fn prepared() -> Option<(Site, Factors, String)> {
    let site = Site::new()?;
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let app = site.add_app_password(ALICE);
    let lines = site.stack_file("[success=done ignore=ignore default=die]", "requisite pam_permit.so", "required", "")
        + &site.account_line("");
    site.pam_file("mailkey-pop3", &lines);
    Some((site, factors, app))
}

macro_rules! prepared {
    () => {
        match prepared() {
            Some(made) => made,
            None => return,
        }
    };
}

/// Every kind of attempt is refused as unavailable, with one LOG_ERR line.
#[track_caller]
fn all_unavailable(site: &Site, client: &mut Client, factors: &Factors, app: &str, reason: &str) -> String {
    let code = format!("{PASSWORD}{}", factors.code(0));
    let mut last = String::new();
    for (service, presented) in [
        ("mailkey-imap", app),
        ("mailkey-imap", PASSWORD),
        ("mailkey-webmail", code.as_str()),
        ("mailkey-pop3", PASSWORD),
    ] {
        let answer = client.login(service, ALICE, presented);
        assert_eq!((answer.auth, answer.account), (UNAVAIL, None), "{service}");
        last = site.log_line();
        assert!(last.starts_with("<83>") && field(&last, "reason") == reason, "{last}");
    }
    last
}

#[test]
fn a_missing_database_refuses_all_and_a_returned_one_opens_again() {
    let (site, factors, app) = prepared!();
    let mut client = site.client();
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
    site.log_lines();
    let (path, away) = (site.config.database.clone(), site.path("away"));
    std::fs::rename(&path, &away).unwrap();
    let line = all_unavailable(&site, &mut client, &factors, &app, "store_unavailable");
    assert!(line.contains("mailkey init"), "{line}");
    std::fs::rename(&away, &path).unwrap();
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
}

#[test]
fn an_empty_or_corrupt_database_refuses_all() {
    let (site, factors, app) = prepared!();
    let path = site.config.database.clone();
    let backup = site.path("backup.db");
    let status = Command::new("sqlite3").arg(&path).arg(format!(".backup {}", backup.display())).status();
    assert!(status.is_ok_and(|status| status.success()), "sqlite3 is needed");
    let remove = || {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
        }
    };
    let put = |bytes: &[u8]| {
        remove();
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o660)).unwrap();
    };
    let mut client = site.client();
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
    site.log_lines();
    let mut torn = std::fs::read(&backup).unwrap();
    let length = torn.len();
    torn[4096..length].fill(0xa5);
    for bytes in [&b""[..], b"this is no database, it is a line of text", &torn] {
        put(bytes);
        all_unavailable(&site, &mut client, &factors, &app, "store_unavailable");
    }
    put(&std::fs::read(&backup).unwrap());
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
}

#[test]
fn a_locked_database_refuses_what_must_be_written_and_lets_app_passwords_in() {
    let (site, factors, app) = prepared!();
    let mut client = site.client();
    let mut locker = Command::new("sqlite3")
        .arg(&site.config.database)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    use std::io::{BufRead, BufReader, Write};
    writeln!(locker.stdin.as_mut().unwrap(), "BEGIN IMMEDIATE; SELECT 'locked';").unwrap();
    let mut line = String::new();
    BufReader::new(locker.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "locked");
    wait_for_room_in_step();
    let code = format!("{PASSWORD}{}", factors.code(0));
    let began = std::time::Instant::now();
    let answer = client.login("mailkey-webmail", ALICE, &code);
    assert_eq!(answer.auth, UNAVAIL);
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    assert_eq!(field(&site.log_line(), "reason"), "store_unavailable");
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
    site.log_lines();
    drop(locker.stdin.take());
    locker.wait().unwrap();
    assert!(client.login("mailkey-webmail", ALICE, &code).opened());
}

#[test]
fn a_missing_or_other_key_is_broken_and_not_wrong() {
    let (site, factors, app) = prepared!();
    let mut client = site.client();
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
    site.log_lines();
    let (path, away) = (site.path("key"), site.path("away"));
    std::fs::rename(&path, &away).unwrap();
    all_unavailable(&site, &mut client, &factors, &app, "bad_config");
    let put = |text: &str| {
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    };
    put("no key\n");
    all_unavailable(&site, &mut client, &factors, &app, "bad_config");
    let other = mailkey::credential::Keyring::generate().unwrap();
    put(&other.replace("\n1 ", "\n2 "));
    let line = all_unavailable(&site, &mut client, &factors, &app, "bad_config");
    assert!(line.contains("key 1, which the database was used with, is missing"), "{line}");
    put(&other);
    let line = all_unavailable(&site, &mut client, &factors, &app, "bad_config");
    assert!(line.contains("key 1 is not the one that the database was used with"), "{line}");
    std::fs::remove_file(&path).unwrap();
    std::fs::rename(&away, &path).unwrap();
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
}

#[test]
fn a_database_configuration_or_key_put_in_its_place_is_noticed_at_the_next_login() {
    let (site, _, app) = prepared!();
    let Some(other) = Site::new() else { return };
    other.add_account(ALICE, "the other password");
    let other_app = other.add_app_password(ALICE);
    let mut client = site.client();
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
    // A restore: database, its -wal and -shm, and key come from elsewhere.
    for suffix in ["", "-wal", "-shm"] {
        let from = format!("{}{suffix}", other.config.database.display());
        let to = format!("{}{suffix}", site.config.database.display());
        let _ = std::fs::remove_file(&to);
        if std::path::Path::new(&from).exists() {
            std::fs::rename(&from, &to).unwrap();
        }
    }
    std::fs::rename(other.path("key"), site.path("key")).unwrap();
    assert!(!client.login("mailkey-imap", ALICE, &app).opened());
    assert!(client.login("mailkey-imap", ALICE, &other_app).opened());
    assert!(client.login("mailkey-imap", ALICE, "the other password").opened());
}

#[test]
fn credentials_of_any_length_and_bytes_are_refused_with_a_reason() {
    let (site, _, app) = prepared!();
    let mut client = site.client();
    let long = vec![b'x'; 10_000];
    for (presented, reason) in [
        (&b""[..], "conversation_failed"),
        (&long, "credential_too_long"),
        (b"\xff\xfe\x80 not utf-8", "wrong_password"),
        (b"\x01\x02\x1b[31m\n\t", "wrong_password"),
    ] {
        let answer = client.send("auth", "mailkey-imap", &[ALICE.as_bytes(), b"192.0.2.1", presented]);
        assert!(!answer.opened());
        assert_eq!(field(&site.log_line(), "reason"), reason);
    }
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
}

#[test]
fn a_fork_of_a_process_that_has_signed_in_opens_its_own_database_and_memory() {
    let (site, _, app) = prepared!();
    let mut client = site.client();
    for _ in 0..3 {
        for presented in [app.as_str(), PASSWORD] {
            let opened = client.login("mailkey-imap", ALICE, presented).opened();
            let answer = client.send("fork", "mailkey-imap", &[ALICE.as_bytes(), b"192.0.2.1", presented.as_bytes()]);
            assert_eq!(answer.opened(), opened);
        }
        site.log_lines();
    }
}

#[test]
fn processes_killed_in_the_middle_of_logins_leave_no_used_code_open_and_lose_no_app_password() {
    let (site, factors, app) = prepared!();
    let (mut used, mut round) = (Vec::new(), 0);
    let ((), _) = site.lines_during(|| {
        for recovery in &factors.recovery_codes {
            let presented = format!("{PASSWORD}{recovery}");
            let mut client = site.client();
            if round % 2 == 0 {
                // Accepted, then killed at once.
                if client.login("mailkey-webmail", ALICE, &presented).opened() {
                    used.push(presented);
                }
                client.kill();
            } else {
                // Killed at some moment of a stream of logins.
                let victim = client.id();
                std::thread::scope(|scope| {
                    scope.spawn(move || {
                        #[allow(clippy::disallowed_methods)] // a test may wait
                        std::thread::sleep(std::time::Duration::from_millis(5 + 3 * round));
                        let _ = Command::new("kill").args(["-9", &victim.to_string()]).status();
                    });
                    for _ in 0..2000 {
                        if !client.login_survives("mailkey-imap", ALICE, &app) {
                            break;
                        }
                    }
                });
            }
            round += 1;
        }
    });
    assert!(used.len() >= 5);
    let mut client = site.client();
    for presented in used {
        assert!(!client.login("mailkey-webmail", ALICE, &presented).opened());
        site.log_lines();
    }
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
}

#[test]
fn a_full_disk_lets_app_passwords_in_and_refuses_codes_until_there_is_room() {
    let (site, factors, app) = prepared!();
    // The data directory on a small file system of its own, which only the client's namespace sees.
    let data = site.path("data");
    let setup = format!(
        "cp -a {0} {0}.copy; mount -t tmpfs -o size=512k,mode=2770 tmpfs {0}; cp -a {0}.copy/. {0}/",
        data.display()
    );
    let mut client = Client::start_with(&site, &setup, "");
    assert!(client.login("mailkey-imap", ALICE, &app).opened());
    let filler = client.path(&data.join("filler"));
    let fill = || {
        use std::io::Write;
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&filler).unwrap();
        for size in [65536, 4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    };
    fill();
    site.log_lines();
    wait_for_room_in_step();
    let code = format!("{PASSWORD}{}", factors.code(0));
    for _ in 0..3 {
        let answer = client.login("mailkey-webmail", ALICE, &code);
        let line = site.log_line();
        if answer.opened() {
            // There was still room in the write-ahead log for this one; the code is used up.
            fill();
            break;
        }
        assert_eq!((answer.auth, field(&line, "reason").as_str()), (UNAVAIL, "store_unavailable"), "{line}");
        assert!(line.contains("full"), "{line}");
    }
    for number in 0..20 {
        assert!(client.login("mailkey-imap", ALICE, &app).opened(), "{number}");
        client.login("mailkey-imap", ALICE, &format!("guess {number}"));
        let presented = format!("{PASSWORD}{}", factors.recovery_codes[0]);
        assert!(!client.login("mailkey-webmail", ALICE, &presented).opened(), "{number}");
        site.log_lines();
    }
    std::fs::remove_file(&filler).unwrap();
    let presented = format!("{PASSWORD}{}", factors.recovery_codes[0]);
    assert!(client.login("mailkey-webmail", ALICE, &presented).opened());
}

#[test]
fn a_clock_that_is_set_back_opens_no_used_code_again() {
    let (site, factors, app) = prepared!();
    wait_for_room_in_step();
    let mut client = site.client();
    let code = format!("{PASSWORD}{}", factors.code(0));
    assert!(client.login("mailkey-webmail", ALICE, &code).opened());
    site.log_lines();
    let earlier = format!("{PASSWORD}{}", factors.code(-4));
    let mut back = Client::start_with(&site, "", "faketime -f -120s");
    assert!(!back.login("mailkey-webmail", ALICE, &earlier).opened());
    assert_eq!(field(&site.log_line(), "reason"), "code_used");
    assert!(back.login("mailkey-imap", ALICE, &app).opened());
}
