//! With a scripted server; tests/daemons/test_panel.py has the real one.

use tokio::net::TcpListener;

use super::*;

const ALICE: &str = "alice@example.org";

fn names() -> NameRules {
    NameRules { default_domain: None, bare_names: false, symbols: "._+-".into() }
}

fn at(url: &str) -> Authenticator {
    Authenticator::new(url, None, names(), Limits::default()).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::copy(text.as_bytes())
}

fn known(two_factor: bool, version: i64, step: i64, recovery_codes: u32) -> Known {
    let steps = if two_factor { vec![(1, step)] } else { Vec::new() };
    Known { account: Some(Claims { two_factor, version, steps, recovery_codes }), ..unknown() }
}

fn unknown() -> Known {
    Known { must_enrol: false, app_password: false, account: None }
}

fn judge(before: &Known, after: &Known, with_code: bool) -> Result<Answer, Trouble> {
    let account = AccountName::parse(ALICE.as_bytes(), &names()).unwrap();
    at("imap://127.0.0.1:1").judge(account, before, after, with_code)
}

fn accepted(method: Method) -> Result<Answer, Trouble> {
    let account = AccountName::parse(ALICE.as_bytes(), &names()).unwrap();
    Ok(Answer::Accepted(Accepted { account, method, enrolment_only: false }))
}

/// A server that says its greeting and then, for each line that it reads, the next of `says`; what it read comes back.
async fn against(greeting: &'static str, says: Vec<&'static str>) -> (Result<Answer, Trouble>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        let mut heard = String::new();
        stream.write_all(greeting.as_bytes()).await.unwrap();
        for say in says {
            // Who hangs up with something unread resets the connection.
            if stream.read_line(&mut heard).await.unwrap_or(0) == 0 {
                break;
            }
            stream.write_all(say.as_bytes()).await.unwrap();
        }
        heard
    };
    let authenticator = at(&format!("imap://127.0.0.1:{port}"));
    let (password, code) = (secret("pass word"), None);
    let ask = authenticator.authenticate(ALICE, &password, code, async |_, _| Ok(unknown()));
    tokio::join!(ask, server)
}

const GREETING: &str = "* OK [CAPABILITY IMAP4rev1] ready\r\n";

#[tokio::test]
async fn name_and_password_are_sent_whole_and_the_session_is_left() {
    let says = vec!["+ \r\n", "* CAPABILITY X\r\na OK [CAPABILITY Y] Logged in\r\n", "* BYE\r\nz OK\r\n"];
    let (answer, heard) = against(GREETING, says).await;
    assert_eq!(answer, accepted(Method::Password));
    let message = BASE64.encode(b"\0alice@example.org\0pass word");
    assert_eq!(heard, format!("a AUTHENTICATE PLAIN\r\n{message}\r\nz LOGOUT\r\n"));
}

#[tokio::test]
async fn only_a_no_about_the_password_is_a_no() {
    for (says, expected) in [
        ("a NO [AUTHENTICATIONFAILED] no\r\n", Some(Refused::WrongCredential)),
        ("a NO wrong\r\n", Some(Refused::WrongCredential)),
        ("a no [EXPIRED] old\r\n", Some(Refused::PasswordExpired)),
        ("a NO [UNAVAILABLE] later\r\n", None),
        ("a NO [unavailable] later\r\n", None),
        ("a NO [PRIVACYREQUIRED] TLS first\r\n", None),
        ("a NO [LIMIT] too many\r\n", None),
        ("a BAD what\r\n", None),
        ("* BYE\r\n", None),
        ("b OK not this one\r\n", None),
        ("", None),
    ] {
        let (answer, _) = against(GREETING, vec!["+ \r\n", says]).await;
        match expected {
            Some(refused) => assert_eq!(answer, Ok(Answer::Refused(refused)), "{says}"),
            None => assert!(matches!(&answer, Err(Trouble::Unavailable(_))), "{says}: {answer:?}"),
        }
    }
}

#[tokio::test]
async fn a_server_that_knows_everybody_already_or_speaks_something_else_is_none() {
    let endless = Box::leak(format!("* OK {}", "x".repeat(10_000)).into_boxed_str());
    for greeting in ["* PREAUTH you are root\r\n", "* BYE\r\n", "220 mail ESMTP\r\n", "\r\n", endless] {
        let (answer, heard) = against(greeting, vec!["+ \r\n"]).await;
        assert!(matches!(&answer, Err(Trouble::Unavailable(_))) && heard.is_empty(), "{greeting:.20}: {answer:?}");
    }
}

#[tokio::test]
async fn a_server_that_wants_no_password_never_gets_it() {
    let (answer, heard) = against(GREETING, vec!["a NO [CANNOT] no PLAIN here\r\n"]).await;
    assert!(matches!(&answer, Err(Trouble::Unavailable(text)) if text.contains("no PLAIN here")), "{answer:?}");
    assert_eq!(heard, "a AUTHENTICATE PLAIN\r\n");
}

#[tokio::test]
async fn what_opens_mail_only_is_refused_before_anybody_is_asked() {
    // Nobody listens there.
    let authenticator = at("imap://127.0.0.1:1");
    let session = format!("mks-{}", "0a".repeat(26));
    let has_it = |_, id: Option<AppPasswordId>| async move { Ok(Known { app_password: id.is_some(), ..unknown() }) };
    for (password, code) in [
        ("k7m2-9xqd-0011-abcd-efgh", None),
        ("K7M2 9XQD 0011 ABCD EFGH", None),
        ("k7m29xqd0011abcdefgh", None),
        ("k7m2-9xqd-", Some("0011-abcd-efgh")),
        ("k7m29xqd", Some("0011abcdefgh")),
        (session.as_str(), None),
        ("mkopen:whatever", None),
        ("mkclose:whatever", Some("123456")),
    ] {
        let code = code.map(secret);
        let answer = authenticator.authenticate(ALICE, &secret(password), code.as_ref(), has_it).await;
        assert_eq!(answer, Ok(Answer::Refused(Refused::NotAllowedHere)), "{password}");
    }
}

#[tokio::test]
async fn a_password_of_twenty_letters_is_no_app_password_where_the_account_has_none() {
    let authenticator = at("imap://127.0.0.1:1");
    let ask = async |password: &str| {
        authenticator.authenticate(ALICE, &secret(password), None, async |_, _| Ok(unknown())).await
    };
    let asked = ask("system password of anna").await;
    assert!(matches!(&asked, Err(Trouble::Unavailable(text)) if text.contains("refused")), "{asked:?}");
    // As an app password is shown, nothing else is likely to look.
    assert_eq!(ask("k7m2-9xqd-0011-abcd-efgh").await, Ok(Answer::Refused(Refused::NotAllowedHere)));
}

#[tokio::test]
async fn what_is_no_name_no_password_and_no_code_is_wrong_without_asking() {
    let authenticator = at("imap://127.0.0.1:1");
    for (name, password, code) in [
        ("alice*root@example.org", "pass word", None),
        ("alice", "pass word", None),
        (ALICE, "", None),
        (ALICE, "a\0b", None),
        (ALICE, "pass word", Some("12345")),
    ] {
        let code = code.map(secret);
        let answer =
            authenticator.authenticate(name, &secret(password), code.as_ref(), async |_, _| Ok(unknown())).await;
        assert_eq!(answer, Ok(Answer::Refused(Refused::WrongCredential)), "{name} {password:?}");
    }
    let answer = authenticator.authenticate(ALICE, &secret("pass word"), None, async |_, _| Ok(unknown())).await;
    assert!(matches!(&answer, Err(Trouble::Unavailable(text)) if text.contains("imap://127.0.0.1:1")), "{answer:?}");
}

#[test]
fn a_yes_counts_with_2fa_on_only_where_something_was_used_up() {
    let before = known(true, 7, 100, 10);
    assert_eq!(judge(&before, &known(true, 7, 101, 10), true), accepted(Method::Totp));
    assert_eq!(judge(&before, &known(true, 7, 100, 9), true), accepted(Method::RecoveryCode));
    assert_eq!(judge(&before, &before, true), Ok(Answer::Refused(Refused::CodeUsed)));
    assert!(matches!(judge(&before, &before, false), Err(Trouble::Unavailable(_))));
    // Time does not run backwards, and codes do not grow back.
    assert_eq!(judge(&before, &known(true, 7, 99, 11), true), Ok(Answer::Refused(Refused::CodeUsed)));
}

#[test]
fn a_yes_about_an_account_that_changed_meanwhile_is_none() {
    let changed = Ok(Answer::Refused(Refused::Changed));
    assert_eq!(judge(&known(true, 7, 100, 10), &known(true, 8, 101, 10), true), changed);
    assert_eq!(judge(&known(false, 7, 0, 0), &known(true, 8, 0, 10), false), changed);
    assert_eq!(judge(&known(true, 7, 0, 0), &unknown(), true), changed);
    assert_eq!(judge(&unknown(), &known(false, 1, 0, 0), false), changed);
    assert_eq!(judge(&unknown(), &Known { app_password: true, ..unknown() }, false), changed);
}

#[test]
fn without_2fa_the_password_is_enough_and_a_code_is_too_much() {
    for known in [unknown(), known(false, 1, 0, 0)] {
        assert_eq!(judge(&known, &known, false), accepted(Method::Password));
        assert_eq!(judge(&known, &known, true), Ok(Answer::Refused(Refused::WrongCredential)));
        let strict = Known { must_enrol: true, ..known };
        let answer = judge(&strict, &strict, false);
        assert!(matches!(answer, Ok(Answer::Accepted(Accepted { enrolment_only: true, .. }))), "{answer:?}");
    }
}

#[test]
fn the_address_is_read_or_the_mistake_is_named() {
    let read = |url| Endpoint::parse(url).map(|endpoint| endpoint.to_string());
    for (url, same) in [
        ("imap://127.0.0.1:10143", "imap://127.0.0.1:10143"),
        ("imap://localhost/", "imap://localhost:143"),
        ("imaps://mail.example.org", "imaps://mail.example.org:993"),
        ("imap://[::1]:143", "imap://[::1]:143"),
        ("imaps://[2001:db8::1]", "imaps://[2001:db8::1]:993"),
    ] {
        assert_eq!(read(url).as_deref(), Ok(same));
    }
    for url in [
        "mail.example.org",
        "http://mail.example.org",
        "imap://",
        "imap://:143",
        "imap://mail.example.org:",
        "imap://mail.example.org:0",
        "imap://mail.example.org:99999",
        "imap://mail.example.org/inbox",
        "imap://user@mail.example.org",
        "imap://[::1]143",
    ] {
        assert!(read(url).is_err_and(|error| error.0.contains(url)), "{url}");
    }
}
