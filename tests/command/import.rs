//! Accounts from the files of other programs.

use std::path::PathBuf;

use mailkey::store::{self, Lookup};

use crate::lab::{ALICE, Lab, Run, code, set_mode};

/// Made elsewhere (`doveadm pw`, crypt(3)) of the password "correct horse battery", which [`Lab::add`] uses too.
const BCRYPT: &str = "$2y$05$Oseg8FHBVCvINyoC7eZUgeTVG3Cj2bQg3oOIODlK/T28ygdQozxDa";
const SHA512: &str =
    "$6$Gq4b7mX5N7BpxE1q$llE809gQmNouDMki4yWXza6GaZl1dE0PDrnQq2bO3czCeDoBsCnG/ldsQvIAHROycK05QKNWqp3.LbqjLa2VJ.";
const SHA256: &str = "$5$WRu4FVi5.V.AxTz9$tO6NZMP5Guqmx1cIsI9h2xlKNeU3y1UqVoarg0FlHz4";
const YESCRYPT: &str = "$y$j9T$abcdefghijklmnop$F7kfVk.oOhV81K9PnQ5GcZ31QaSOFBtNI3Y3euDcm9C";
const ARGON2ID: &str =
    "$argon2id$v=19$m=65536,t=3,p=1$x5zVkqz201JdnwbYmpgiJg$Ui1YQHiOCDz825ln8l227DAsEt/RC0a3NWBTBqpCJUU";
const PASSWORD: &str = crate::lab::PASSWORD;
const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

fn file(lab: &Lab, name: &str, text: &str) -> PathBuf {
    let path = lab.path(name);
    std::fs::write(&path, text).unwrap();
    set_mode(&path, 0o600);
    path
}

fn import(lab: &Lab, format: &str, file: &std::path::Path, more: &[&str]) -> Run {
    let mut arguments = vec!["import", format, file.to_str().unwrap()];
    arguments.extend(more);
    lab.run(arguments)
}

/// The stored hash of an account's password.
fn stored(lab: &Lab, name: &str) -> Option<String> {
    let mut store = store::open(&lab.path("data/mailkey.db"), std::time::Duration::from_secs(5)).unwrap();
    let rules = mailkey::account::NameRules { default_domain: None, bare_names: false, symbols: "._+-=".into() };
    let name = mailkey::account::AccountName::parse(name.as_bytes(), &rules).unwrap();
    store.load(&Lookup::account(&name)).unwrap().account.and_then(|account| account.password)
}

/// Whether an account's password opens its mail app.
fn opens(lab: &Lab, account: &str, password: &str) -> bool {
    let run = lab.run_with(["check", account, "--service", "mailkey-imap"], password);
    assert!(matches!(run.code, 0 | 3), "{}{}", run.out, run.err);
    run.code == 0
}

fn webmail(lab: &Lab, account: &str, credential: &str) -> bool {
    let run = lab.run_with(["check", account, "--service", "mailkey-webmail"], credential);
    assert!(matches!(run.code, 0 | 3), "{}{}", run.out, run.err);
    run.code == 0
}

#[test]
fn without_apply_everything_is_said_and_nothing_is_made() {
    let lab = Lab::new();
    let users = file(
        &lab,
        "users",
        &format!(
            "# mail\n\nalice@example.org:{{BLF-CRYPT}}{BCRYPT}:1000:1000::/home/alice::\n\
             bob@example.org:{{MD5-CRYPT}}$1$abcdefgh$irWbblnpmw.5z7wgBnprh0\nb ob@example.org:{SHA512}\n\
             ALICE@example.org:{SHA512}\ndora@example.org:\nemil@example.org:{{PLAIN}}secret\n"
        ),
    );
    let run = import(&lab, "passwd-file", &users, &[]);
    assert_eq!((run.code, run.err.as_str()), (3, ""));
    let shown = run.out.replace(users.to_str().unwrap(), "users");
    for line in [
        "would make alice@example.org: an account, with its password hash\n",
        "not taken users, line 4: bob@example.org: the password is kept as MD5, which is too weak: set a new one\n",
        "not taken users, line 5: b ob@example.org: the name contains a space\n",
        "not taken users, line 6: ALICE@example.org: the account stands in line 3 of users already\n",
        "not taken users, line 7: dora@example.org: there is no password",
        "not taken users, line 8: emil@example.org: the password is kept as plain text",
        "1 account can be imported, 5 lines were not taken; nothing was written: --apply does it\n",
    ] {
        assert!(shown.contains(line), "{line} is not in:\n{shown}");
    }
    assert!(!shown.contains("secret") && !shown.contains("$1$"));
    lab.run(["user", "show", ALICE]).failed(4, "there is no account");
}

#[test]
fn with_one_line_that_is_not_taken_nothing_is_made_unless_that_is_wanted() {
    let lab = Lab::new();
    let users = file(&lab, "users", &format!("{ALICE}:{SHA512}\nbob@example.org:{{PLAIN}}x\n"));
    let run = import(&lab, "passwd-file", &users, &["--apply"]);
    assert_eq!(run.code, 3);
    assert!(
        run.out.ends_with(
            "nothing was written, 1 line was not taken: mend them, or leave them out with --skip-rejected\n"
        )
    );
    lab.run(["user", "show", ALICE]).failed(4, "there is no account");
    let run = import(&lab, "passwd-file", &users, &["--apply", "--skip-rejected"]).done();
    assert!(run.out.ends_with("1 account imported, 1 line was not taken\n"), "{}", run.out);
    lab.run(["user", "show", ALICE]).done();
    // Once more: it is there.
    let run = import(&lab, "passwd-file", &users, &["--apply"]);
    assert!(run.code == 3 && run.out.contains("the account exists already"), "{}", run.out);
}

#[test]
fn hashes_of_every_scheme_open_and_wrong_passwords_do_not() {
    let lab = Lab::new();
    let schemes = [
        ("bcrypt", format!("{{BLF-CRYPT}}{BCRYPT}")),
        ("sha512", format!("{{SHA512-CRYPT}}{SHA512}")),
        ("sha256", format!("{{SHA256-CRYPT}}{SHA256}")),
        ("yescrypt", format!("{{CRYPT}}{YESCRYPT}")),
        ("plain-crypt", SHA512.into()),
        ("argon2id", format!("{{ARGON2ID}}{ARGON2ID}")),
    ];
    let lines: String = schemes.iter().map(|(name, hash)| format!("{name}@example.org:{hash}\n")).collect();
    import(&lab, "passwd-file", &file(&lab, "users", &lines), &["--apply"]).done();
    for (name, _) in &schemes {
        let account = format!("{name}@example.org");
        assert!(stored(&lab, &account).unwrap().starts_with('{'));
        assert!(opens(&lab, &account, PASSWORD), "{name}");
        assert!(!opens(&lab, &account, "correct horse batterx"), "{name}");
    }
    // To set a password ends it.
    lab.run_with(["user", "passwd", "bcrypt@example.org", "--password-stdin"], "another one entirely\n").done();
    assert!(stored(&lab, "bcrypt@example.org").unwrap().starts_with("$argon2id$"));
    assert!(opens(&lab, "bcrypt@example.org", "another one entirely") && !opens(&lab, "bcrypt@example.org", PASSWORD));
}

#[test]
fn what_limits_an_entry_of_dovecot_is_named_and_who_may_not_sign_in_is_disabled() {
    let lab = Lab::new();
    let users = file(
        &lab,
        "users",
        &format!("alice:{SHA512}:::::allow_nets=192.0.2.0/24\nbob:{SHA512}::::::userdb_quota=1G nologin\n"),
    );
    let mut arguments = vec!["import", "passwd-file", users.to_str().unwrap(), "--domain", "example.org", "--apply"];
    // alice's extra fields stand one field too early: that is her shell.
    let made = lab.json(arguments.drain(..));
    assert_eq!(made["accounts"][0]["left_out"], serde_json::json!([]));
    assert_eq!(
        (made["accounts"][1]["account"].as_str(), &made["accounts"][1]["enabled"]),
        (Some("bob@example.org"), &false.into())
    );
    assert!(!opens(&lab, "bob@example.org", PASSWORD) && opens(&lab, ALICE, PASSWORD));
    let users = file(&lab, "more", &format!("carol@example.org:{SHA512}::::::allow_nets=192.0.2.0/24,2001:db8::/32\n"));
    let seen = lab.json(["import", "passwd-file", users.to_str().unwrap()]);
    assert_eq!(seen["accounts"][0]["left_out"], serde_json::json!(["allow_nets"]));
    assert_eq!((&seen["applied"], &made["applied"]), (&false.into(), &true.into()));
}

#[test]
fn a_table_of_ones_own_has_passwords_hashes_and_secrets() {
    let lab = Lab::new();
    let table = format!(
        "account,password,hash,totp_secret,totp_digits,enabled\n\
         alice@example.org,\"correct horse, battery\",,,,\n\
         bob@example.org,,{SHA512},{SECRET},,\n\
         carol@example.org,,,,,no\n\
         dora@example.org,short,,,,\n\
         emil@example.org,long enough this,{SHA512},,,\n\
         fred@example.org,,{SHA512},{SECRET},7,\n\
         gina@example.org,,{SHA512},not base32!,,\n\
         hugo@example.org,,{SHA512},GEZDGNBV,,\n"
    );
    let table = file(&lab, "table.csv", &table);
    let run = import(&lab, "csv", &table, &["--apply", "--skip-rejected"]).done();
    for reason in [
        "line 5: dora@example.org: the password is too short",
        "line 6: emil@example.org: there are both a password and a hash",
        "line 7: fred@example.org: codes of 7 digits are not taken",
        "line 8: gina@example.org: the TOTP secret is not base32",
        "line 9: hugo@example.org: the TOTP secret has 5 bytes",
    ] {
        assert!(run.out.contains(reason), "{reason} is not in:\n{}", run.out);
    }
    assert!(opens(&lab, ALICE, "correct horse, battery"));
    assert!(stored(&lab, ALICE).unwrap().starts_with("$argon2id$"));
    assert!(stored(&lab, "carol@example.org").is_none());
    // The code of the next step: what was shown before the import opens nothing.
    let bob = "bob@example.org";
    assert!(!webmail(&lab, bob, PASSWORD) && !opens(&lab, bob, PASSWORD));
    assert!(webmail(&lab, bob, &format!("{PASSWORD}{}", code(SECRET, 1))));
    let used = lab.run_with(["check", bob, "--service", "mailkey-webmail"], format!("{PASSWORD}{}", code(SECRET, -1)));
    assert_eq!(used.code, 3);
}

#[test]
fn a_table_with_an_unknown_column_or_without_accounts_is_refused_whole() {
    let lab = Lab::new();
    let refused = |text: &str, what: &str| {
        import(&lab, "csv", &file(&lab, "table.csv", text), &[]).failed(1, what);
    };
    refused("account,pasword\nalice@example.org,x\n", "no column is called \"pasword\"");
    refused("password\nx\n", "the column \"account\" is missing");
    refused("", "is empty");
    let run = import(&lab, "csv", &file(&lab, "table.csv", "account,password\nalice@example.org\n"), &[]);
    assert!(run.code == 3 && run.out.contains("line 2: alice@example.org: the line has 1 fields and the header 2"));
    lab.run(["import", "csv", "/nonexistent"]).failed(1, "cannot be read");
}

#[test]
fn what_is_no_table_as_it_is_meant_shows_no_password() {
    let lab = Lab::new();
    for (number, text) in [
        "account,password\nalice@example.org;correct horse battery\n",
        "account,password\n\"alice@example.org,correct horse battery\nbob@example.org,correct horse battery\n",
        "account;password\nalice@example.org\tcorrect horse battery\n",
    ]
    .into_iter()
    .enumerate()
    {
        let run = import(&lab, "csv", &file(&lab, &format!("table{number}"), text), &[]);
        assert!(run.code == 3 && run.out.contains("line 2: alice@example.org: the line has 1 fields"), "{}", run.out);
        assert!(!format!("{}{}", run.out, run.err).contains("horse"), "{}{}", run.out, run.err);
    }
    let long = import(&lab, "csv", &file(&lab, "long", &"a".repeat(1_000_000)), &[]);
    assert!(long.code == 1 && long.err.len() < 300, "{}", long.err.len());
    import(&lab, "csv", &file(&lab, "twice", "account,account\na@example.org,b@example.org\n"), &[])
        .failed(1, "the column \"account\" stands twice");
}

#[test]
fn a_file_s_name_is_shown_without_control_characters() {
    let lab = Lab::new();
    std::fs::create_dir(lab.path("secrets")).unwrap();
    file(&lab, "secrets/e\u{1b}[31mvil", "no secret");
    let run = import(&lab, "google-authenticator", &lab.path("secrets"), &[]);
    assert!(run.code == 3 && run.out.contains("secrets/e?[31mvil, line 1: e[31mvil: "), "{:?}", run.out);
    assert!(!format!("{}{}", run.out, run.err).contains('\u{1b}'), "{:?}{:?}", run.out, run.err);
}

#[test]
fn a_file_that_everybody_may_read_is_warned_of() {
    let lab = Lab::new();
    let users = file(&lab, "users", &format!("{ALICE}:{SHA512}\n"));
    set_mode(&users, 0o644);
    let run = import(&lab, "passwd-file", &users, &[]);
    assert!(run.code == 0 && run.err.contains("everybody may read it: chmod o-r"), "{}", run.err);
}

#[test]
fn standard_input_is_read_where_a_dash_stands() {
    let lab = Lab::new();
    let run = lab.run_with(["import", "passwd-file", "-", "--apply"], format!("{ALICE}:{SHA512}\n")).done();
    assert!(run.out.ends_with("1 account imported\n"));
    assert!(opens(&lab, ALICE, PASSWORD));
}

fn google(options: &str) -> String {
    format!("{SECRET}\n{options}\" TOTP_AUTH\n12345678\n87654321\n")
}

#[test]
fn an_authenticator_of_google_authenticator_turns_two_factor_on() {
    let lab = Lab::with_alice();
    let step = code_step();
    let text = google(&format!(
        "\" RATE_LIMIT 3 30 1732770000\n\" WINDOW_SIZE 17\n\" DISALLOW_REUSE {} {}\n",
        step - 9,
        step + 1
    ));
    let path = file(&lab, "google_authenticator", &text);
    import(&lab, "google-authenticator", &path, &[]).failed(2, "does not say whose it is");
    let run = import(&lab, "google-authenticator", &path, &["--account", ALICE, "--apply"]).done();
    assert!(run.out.contains("made alice@example.org: an authenticator, without 2 scratch codes"), "{}", run.out);
    // The step that was used there is used here, too; the codes of ten steps from now are nobody's yet.
    assert!(!webmail(&lab, ALICE, &format!("{PASSWORD}{}", code(SECRET, 0))));
    let again = import(&lab, "google-authenticator", &path, &["--account", ALICE]);
    assert!(again.code == 3 && again.out.contains("2FA is on already"));
    let other = import(&lab, "google-authenticator", &path, &["--account", "bob@example.org"]);
    assert!(other.code == 3 && other.out.contains("there is no such account"));
    import(&lab, "google-authenticator", &path, &["--account", "bob@example.org", "--create", "--apply"]).done();
    assert_eq!(lab.json(["user", "show", "bob@example.org"])["two_factor"], true);
}

#[allow(clippy::disallowed_methods)] // a test has a clock
fn code_step() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64 / 30
}

#[test]
fn the_files_of_a_directory_are_named_like_their_accounts() {
    let lab = Lab::with_alice();
    lab.add("bob@example.org");
    std::fs::create_dir(lab.path("ga")).unwrap();
    file(&lab, "ga/alice", &google("\" STEP_SIZE 60\n"));
    file(&lab, "ga/bob", &format!("{SECRET}\n\" HOTP_COUNTER 3\n"));
    file(&lab, "ga/carol", "\" TOTP_AUTH\n");
    let run = import(
        &lab,
        "google-authenticator",
        &lab.path("ga"),
        &["--domain", "example.org", "--apply", "--skip-rejected"],
    )
    .done();
    assert!(run.out.contains("made alice@example.org: an authenticator"), "{}", run.out);
    assert!(run.out.contains("line 2: bob: codes that are counted (HOTP) are not taken"), "{}", run.out);
    assert!(run.out.contains("line 1: carol: the TOTP secret is not base32"), "{}", run.out);
}

#[test]
fn the_totp_entries_of_oath_toolkit_come_along_and_counted_ones_do_not() {
    let lab = Lab::with_alice();
    let hex = "48656c6c6f21deadbeef48656c6c6f21deadbeef";
    let users = file(
        &lab,
        "users.oath",
        &format!(
            "# users\nHOTP/T30/6 {ALICE} - {hex} 0 328482 2009-12-07T23:23:49L\nHOTP bob@example.org - {hex} 5\n\
             HOTP/T30/7 carol@example.org - {hex}\nHOTP/T30 dora@example.org 1234 nothex\nTOTP x\n"
        ),
    );
    let run = import(&lab, "oath", &users, &["--apply", "--skip-rejected"]).done();
    for line in [
        "made alice@example.org: an authenticator\n",
        "line 3: bob@example.org: codes that are counted (HOTP) are not taken",
        "line 4: carol@example.org: codes of 7 digits are not taken",
        "line 5: dora@example.org: the secret is not hexadecimal",
        "line 6: the line is no entry",
    ] {
        assert!(run.out.contains(line), "{line} is not in:\n{}", run.out);
    }
    // The secret above in base32.
    assert!(webmail(&lab, ALICE, &format!("{PASSWORD}{}", code(SECRET, 1))));
}

const MAILCOW: &str = "\
-- MariaDB dump 10.19  Distrib 10.5.23-MariaDB, for debian-linux-gnu (x86_64)
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
DROP TABLE IF EXISTS `app_passwd`;
CREATE TABLE `app_passwd` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL,
  `mailbox` varchar(255) NOT NULL,
  `password` varchar(255) NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `fk` FOREIGN KEY (`mailbox`) REFERENCES `mailbox` (`username`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=DYNAMIC;
INSERT INTO `app_passwd` VALUES (1,'phone','alice@example.org','{BLF-CRYPT}x'),(2,'it''s \\'old\\'; -- not','alice@example.org','y');
/*!40101 SET character_set_client = utf8 */;
CREATE TABLE `mailbox` (
  `username` varchar(255) NOT NULL,
  `password` varchar(255) NOT NULL,
  `name` varchar(255) DEFAULT NULL,
  `quota` bigint(20) NOT NULL DEFAULT 102400,
  `attributes` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`attributes`)),
  `kind` varchar(100) NOT NULL DEFAULT '',
  `multiple_bookings` int(11) NOT NULL DEFAULT -1,
  `created` datetime NOT NULL DEFAULT current_timestamp(),
  `active` tinyint(1) NOT NULL DEFAULT 1,
  PRIMARY KEY (`username`),
  KEY `domain` (`domain`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=DYNAMIC;
CREATE TABLE `quota` (`mailbox` varchar(255), `bytes` bigint(20));
LOCK TABLES `mailbox` WRITE;
/*!40000 ALTER TABLE `mailbox` DISABLE KEYS */;
INSERT INTO `mailbox` VALUES
('alice@example.org','@ALICE@','Alice O\\'Hara; yes','102400','{\\\"a\\\": \\\"b\\\"}','',-1,'2024-01-01 00:00:00',1),
('bob@example.org','{SSHA256}abc=',NULL,102400,NULL,'',-1,'2024-01-01 00:00:00',1),
('room@example.org','{SSHA256}abc=','Room',0,NULL,'location',-1,'2024-01-01 00:00:00',1),
('carol@example.org','@ALICE@','Carol',0,NULL,'',-1,'2024-01-01 00:00:00',2);
UNLOCK TABLES;
CREATE TABLE `tfa` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `key_id` varchar(255) NOT NULL,
  `username` varchar(255) NOT NULL,
  `authmech` enum('yubi_otp','u2f','hotp','totp','webauthn') DEFAULT NULL,
  `secret` varchar(255) DEFAULT NULL,
  `publicKey` varchar(4096) DEFAULT NULL,
  `active` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB;
INSERT INTO `tfa` VALUES (1,'my phone','alice@example.org','totp','JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',NULL,1),(2,'key','alice@example.org','webauthn',NULL,'x',1),(3,'off','carol@example.org','totp','JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',NULL,0);
";

#[test]
fn mailcows_tables_come_from_a_dump() {
    let lab = Lab::new();
    let dump = file(&lab, "mailcow.sql", &MAILCOW.replace("@ALICE@", &format!("{{BLF-CRYPT}}{BCRYPT}")));
    let run = import(&lab, "mailcow", &dump, &["--apply", "--skip-rejected"]).done();
    for line in [
        "made alice@example.org: an account, with its password hash, an authenticator, without a security key, 2 app passwords\n",
        "made carol@example.org: a disabled account, with its password hash\n",
        "line 32: bob@example.org: the password is kept as a fast digest",
        "line 33: room@example.org: this is a resource and nobody's mailbox",
        "2 accounts imported, 2 lines were not taken\n",
    ] {
        assert!(run.out.contains(line), "{line} is not in:\n{}", run.out);
    }
    assert!(webmail(&lab, ALICE, &format!("{PASSWORD}{}", code(SECRET, 1))));
    assert_eq!(lab.json(["totp", "status", ALICE])["authenticators"][0]["name"], "my phone");
}

#[test]
fn postfixadmins_tables_come_from_csv_files_and_from_either_databases_dump() {
    let header = "username,password,name,active,totp_secret";
    let rows =
        format!("{header}\n{ALICE},{{SHA512-CRYPT}}{SHA512},Alice,1,{SECRET}\nbob@example.org,{SHA256},NULL,0,\\N\n");
    let csv = |lab: &Lab| {
        let mailbox = file(lab, "mailbox.csv", &rows);
        let more = file(lab, "more.csv", &format!("id,username,description,password_hash\n1,{ALICE},Phone,x\n"));
        lab.run(["import", "postfixadmin", mailbox.to_str().unwrap(), more.to_str().unwrap(), "--apply"])
    };
    let postgres = |lab: &Lab| {
        let dump = format!(
            "--\n-- PostgreSQL database dump\n--\nSET statement_timeout = 0;\n\
             CREATE TABLE public.mailbox (\n    username character varying(255) NOT NULL,\n    active boolean DEFAULT true NOT NULL\n);\n\
             INSERT INTO public.mailbox (username, password, name, active, totp_secret) VALUES ('{ALICE}', '{SHA512}', 'Al''ice', true, '{SECRET}');\n\
             INSERT INTO public.mailbox (username, password, name, active, totp_secret) VALUES ('bob@example.org', '{SHA256}', '', false, NULL);\n\
             INSERT INTO public.mailbox_app_password VALUES (1, '{ALICE}', 'Phone', 'x');\n"
        )
        .replace("public.mailbox_app_password VALUES", "public.mailbox_app_password (id, username, description, password_hash) VALUES");
        let dump = file(lab, "postfix.sql", &dump);
        lab.run(["import", "postfixadmin", dump.to_str().unwrap(), "--apply"])
    };
    for (name, run) in [("csv", &csv as &dyn Fn(&Lab) -> Run), ("postgres", &postgres)] {
        let lab = Lab::new();
        let run = run(&lab).done();
        assert!(
            run.out.contains(
                "made alice@example.org: an account, with its password hash, an authenticator, without 1 app password\n"
            ),
            "{name}: {}",
            run.out
        );
        assert!(
            run.out.contains("made bob@example.org: a disabled account, with its password hash\n"),
            "{name}: {}",
            run.out
        );
        assert!(webmail(&lab, ALICE, &format!("{PASSWORD}{}", code(SECRET, 1))), "{name}");
    }
}

#[test]
fn a_dump_that_cannot_be_read_says_what_can() {
    let lab = Lab::new();
    let dump = |text: &str| import(&lab, "postfixadmin", &file(&lab, "dump.sql", text), &[]);
    dump("-- x\nCOPY public.mailbox (username) FROM stdin;\n").failed(1, "pg_dump --inserts");
    dump("-- x\nINSERT INTO mailbox (username, password) VALUES ('a\n").failed(1, "this is no SQL");
    let run = dump("-- x\nINSERT INTO mailbox VALUES ('alice@example.org', 'x');\n");
    assert!(run.code == 3 && run.out.contains("line 2: neither this INSERT nor a CREATE TABLE"), "{}", run.out);
    let run = dump("-- x\nINSERT INTO mailbox (username, password) SELECT 1, 2;\n");
    assert!(run.code == 3 && run.out.contains("line 2: this INSERT has no VALUES"), "{}", run.out);
}

#[test]
fn the_recipients_database_follows_an_import() {
    let lab = Lab::new();
    let text = std::fs::read_to_string(lab.config()).unwrap();
    let recipients = lab.path("recipients/recipients.db");
    // Before the first table.
    let setting = format!("recipients = {:?}\n", recipients);
    std::fs::write(lab.config(), format!("{setting}{text}")).unwrap();
    lab.init().done();
    import(&lab, "passwd-file", &file(&lab, "users", &format!("{ALICE}:{SHA512}\n")), &["--apply"]).done();
    let bytes = std::fs::read(&recipients).unwrap();
    let wal = std::fs::read(lab.path("recipients/recipients.db-wal")).unwrap_or_default();
    let there = |bytes: &[u8]| bytes.windows(ALICE.len()).any(|window| window == ALICE.as_bytes());
    assert!(there(&bytes) || there(&wal));
}
