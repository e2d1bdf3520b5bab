//! webmail_session = "exchange", and our plugin in Roundcube.

mod pages;

use serde_json::json;

use crate::account::Account;
use crate::browser::Screen;
use crate::clients::{ELSEWHERE, HERE, accepted};
use crate::log;
use crate::roundcube::{CODE_FIELD, STORAGE_ERROR, Webmail, arrived, sieve_script};
use crate::stage::test;

const LOGIN_FAILED: &str = "Login failed.";
const ENDED: &str = "Your sign-in has ended";

// --- A day at the webmail ---------------------------------------------------------------------------

#[test]
fn with_a_code_one_signs_in_writes_reads_and_searches() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.browser.picture("elastic-form").await;
        webmail.sign_in_with_code(&mut account).await;
        let since = log::mark();
        webmail.compose(&account.address, "Minutes of the meeting", "We met and parted.").await;
        webmail.send().await;
        let smtp = log::wait_for(since, &account, "SMTP login", |attempt| attempt.get("protocol") == "smtp").await;
        assert_eq!((smtp.get("result"), smtp.get("method"), smtp.get("mode")), ("accepted", "session", "client"));
        arrived(&account, "Minutes of the meeting").await;

        webmail.open_mailbox().await;
        webmail.lists("Minutes of the meeting").await;
        webmail.search("minutes").await;
        webmail.lists("Minutes of the meeting").await;
        webmail.open_message("Minutes of the meeting").await;
        webmail.browser.shows("We met and parted.").await;
        let attempts = log::attempts(since, &account);
        assert!(
            attempts.iter().all(|attempt| attempt.accepted() && attempt.get("method") == "session"),
            "{attempts:?}"
        );
    });
}

#[test]
fn a_filter_is_made_through_managesieve() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.sign_in_with_code(&mut account).await;
        let since = log::mark();
        webmail.create_filter("Lists", "[list]").await;
        assert!(sieve_script(&account).contains("[list]"));
        let sieve = log::wait_for(since, &account, "sieve login", |attempt| attempt.get("protocol") == "sieve").await;
        assert_eq!((sieve.get("result"), sieve.get("method"), sieve.get("mode")), ("accepted", "session", "client"));
    });
}

#[test]
fn it_goes_on_when_the_code_is_long_over() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        let since = log::mark();
        webmail.sign_in_with_code(&mut account).await;
        account.phone.as_ref().unwrap().codes_are_over().await;
        webmail.compose(&account.address, "Much later", "Still here.").await;
        webmail.send().await;
        arrived(&account, "Much later").await;
        webmail.open_mailbox().await;
        webmail.lists("Much later").await;
        let attempts = log::attempts(since, &account);
        assert!(attempts.iter().all(log::Attempt::accepted), "{attempts:?}");
        let codes = attempts.iter().filter(|attempt| attempt.get("method") == "totp").count();
        assert_eq!(codes, 1, "one login with the code, all others with the session: {attempts:?}");
    });
}

#[test]
fn pages_fetched_at_once_right_after_the_sign_in_all_come() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        let code = account.code().await;
        webmail.browser.fill("#rcmloginuser", &account.address).await;
        webmail.browser.fill("#rcmloginpwd", &account.password).await;
        webmail.browser.fill(CODE_FIELD, &code).await;
        let script = "return (async () => {
            const form = document.querySelector('#login-form');
            await fetch(form.action, {method: 'POST', body: new FormData(form), redirect: 'manual'});
            const pages = ['_task=mail', '_task=mail&_mbox=INBOX', '_task=mail&_action=compose', '_task=settings',
                           '_task=settings&_action=folders', '_task=settings&_action=plugin.managesieve',
                           '_task=mail&_mbox=INBOX', '_task=settings&_action=folders'];
            const answers = await Promise.all(pages.map(page => fetch('?' + page)));
            const texts = await Promise.all(answers.map(answer => answer.text()));
            return answers.map((answer, number) => answer.status + (texts[number].includes('rcmloginpwd') ? ' form' : ''));
        })()";
        let answers = webmail.browser.js(script, vec![]).await;
        assert_eq!(answers, json!(vec!["200"; 8]));
        webmail.open_mailbox().await;
        assert_eq!(account.sessions().len(), 1);
    });
}

#[test]
fn the_form_suits_a_phone_and_one_signs_in_at_its_width() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open_with(&stage, "elastic", Screen::Phone).await;
        let attribute = async |name| webmail.browser.attribute(CODE_FIELD, name).await;
        assert_eq!(attribute("inputmode").await.as_deref(), Some("numeric"));
        assert_eq!(attribute("autocomplete").await.as_deref(), Some("one-time-code"));
        webmail.browser.picture("elastic-phone-form").await;
        webmail.sign_in_with_code(&mut account).await;
        webmail.browser.picture("elastic-phone-mailbox").await;
        let wide = webmail.browser.js("return document.documentElement.scrollWidth", vec![]).await;
        assert_eq!(wide, json!(390), "nothing sticks out of the screen");

        // Larry was made before phones: it signs in, and is wider than the screen.
        let larry = Webmail::open_with(&stage, "larry", Screen::Phone).await;
        larry.browser.picture("larry-phone-form").await;
        larry.sign_in_with_code(&mut account).await;
        larry.browser.picture("larry-phone-mailbox").await;
    });
}

#[test]
fn one_signs_in_with_the_skin_larry() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "larry").await;
        webmail.browser.picture("larry-form").await;
        webmail.sign_in_with_code(&mut account).await;
        webmail.compose(&account.address, "From an old skin", "It works.").await;
        webmail.send().await;
        arrived(&account, "From an old skin").await;
        webmail.open_mailbox().await;
        webmail.lists("From an old skin").await;
        webmail.browser.picture("larry-mailbox").await;
        webmail.create_filter("Lists", "[list]").await;
        webmail.sign_out().await;
        assert!(account.sessions().is_empty());
    });
}

#[test]
fn the_form_speaks_japanese() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "japanese").await;
        webmail.browser.picture("japanese-form").await;
        let wrong = webmail.browser.text().await;
        assert!(!wrong.contains("Code (if 2FA is on)"), "the form is not translated: {wrong}");
        webmail.sign_in_with_code(&mut account).await;
    });
}

#[test]
fn the_panel_is_linked_in_the_settings() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.sign_in_with_code(&mut account).await;
        webmail.open_page("_task=settings").await;
        assert!(webmail.browser.has("a[href*='plugin.mailkey']").await);
        webmail.open_page("_task=settings&_action=plugin.mailkey").await;
        assert!(webmail.browser.has("a[href='https://panel.example.test/']").await);
        webmail.browser.picture("elastic-panel-page").await;
    });
}

// --- What is refused --------------------------------------------------------------------------------

#[test]
fn a_wrong_code_opens_nothing_and_a_right_one_then_does() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        let since = log::mark();
        // Right for nobody: the phone's own codes have six digits.
        webmail.submit(&account.address, &account.password, "00000").await;
        webmail.at_the_form_with(LOGIN_FAILED).await;
        webmail.browser.picture("elastic-wrong-code").await;
        let code = account.code().await;
        webmail.submit(&account.address, &account.password, &wrong(&code)).await;
        webmail.at_the_form_with(LOGIN_FAILED).await;
        let attempt =
            log::wait_for(since, &account, "wrong code", |attempt| attempt.get("reason") == "wrong_code").await;
        assert_eq!(attempt.get("password"), "right");
        assert!(account.sessions().is_empty());
        webmail.sign_in(&account, &code).await;
    });
}

#[test]
fn without_its_code_an_account_with_2fa_stays_closed() {
    test(async |stage| {
        let account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        let since = log::mark();
        webmail.submit(&account.address, &account.password, "").await;
        webmail.at_the_form_with(LOGIN_FAILED).await;
        log::wait_for(since, &account, "missing code", |attempt| attempt.get("reason") == "code_required").await;
        assert!(account.sessions().is_empty());
    });
}

#[test]
fn a_code_opens_one_browser_only() {
    test(async |stage| {
        let mut account = Account::new().await;
        let code = account.code().await;
        let first = Webmail::open(&stage, "elastic").await;
        first.sign_in(&account, &code).await;
        let second = Webmail::open(&stage, "elastic").await;
        let since = log::mark();
        second.submit(&account.address, &account.password, &code).await;
        second.at_the_form_with(LOGIN_FAILED).await;
        log::wait_for(since, &account, "used code", |attempt| attempt.get("reason") == "code_used").await;
        first.open_mailbox().await;
    });
}

#[test]
fn the_session_credential_opens_no_mail_app_and_nothing_from_elsewhere() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.sign_in_with_code(&mut account).await;
        let credential = webmail.held_credential(&account);
        for port in ["imap", "smtp", "sieve"] {
            let since = log::mark();
            assert!(!accepted(port, &account.address, &credential, ELSEWHERE).await, "{port}");
            let attempt = log::wait_for(since, &account, port, |attempt| attempt.get("protocol") == port).await;
            assert_eq!(attempt.get("reason"), "session_not_allowed_here", "{attempt:?}");
        }
        webmail.open_mailbox().await;
    });
}

// --- Recovery codes ---------------------------------------------------------------------------------

#[test]
fn a_recovery_code_signs_in_however_it_is_typed_and_the_person_is_told() {
    test(async |stage| {
        let account = Account::new().await;
        let [first, second] = [&account.recovery_codes[0], &account.recovery_codes[1]];
        let webmail = Webmail::open(&stage, "elastic").await;
        let since = log::mark();
        webmail.browser.click("#mailkey-switch").await;
        webmail.browser.picture("elastic-recovery-form").await;
        webmail.sign_in(&account, &first.replace('-', "").to_uppercase()).await;
        webmail.browser.shows("It is used up").await;
        webmail.browser.picture("elastic-recovery-notice").await;
        let attempt =
            log::wait_for(since, &account, "recovery code", |attempt| attempt.get("method") == "recovery_code").await;
        assert_eq!((attempt.get("result"), attempt.get("left")), ("accepted", "9"));
        webmail.open_mailbox().await;
        assert!(!webmail.browser.text().await.contains("It is used up"), "told once");
        webmail.sign_out().await;

        webmail.submit(&account.address, &account.password, first).await;
        webmail.at_the_form_with(LOGIN_FAILED).await;
        webmail.sign_in(&account, second).await;
        webmail.browser.shows("It is used up").await;
        assert!(webmail.held_credential(&account).starts_with("mks-"));
    });
}

// --- The end of a session ---------------------------------------------------------------------------

#[test]
fn what_roundcube_held_is_worthless_after_sign_out() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.sign_in_with_code(&mut account).await;
        let credential = webmail.held_credential(&account);
        assert!(credential.starts_with("mks-") && credential.len() == 56);
        for port in ["webmail", "smtp", "sieve"] {
            assert!(accepted(port, &account.address, &credential, HERE).await, "{port} while the session lives");
        }
        webmail.sign_out().await;
        for port in ["webmail", "imap", "smtp", "sieve"] {
            let since = log::mark();
            assert!(!accepted(port, &account.address, &credential, HERE).await, "{port} after sign-out");
            let attempts = log::attempts(since, &account);
            assert_eq!(attempts[0].get("reason"), "session_ended", "{attempts:?}");
        }
        assert!(account.sessions().is_empty());
    });
}

#[test]
fn signing_in_again_in_the_same_browser_leaves_one_session() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.sign_in_with_code(&mut account).await;
        let old = webmail.held_credential(&account);
        webmail.sign_out().await;
        webmail.sign_in_with_code(&mut account).await;
        assert_ne!(webmail.held_credential(&account), old);
        assert_eq!(account.sessions().len(), 1);
        assert!(!accepted("webmail", &account.address, &old, HERE).await);
    });
}

#[test]
fn of_two_browsers_one_is_revoked_and_the_other_goes_on() {
    test(async |stage| {
        let mut account = Account::new().await;
        let stolen = Webmail::open(&stage, "elastic").await;
        stolen.sign_in_with_code(&mut account).await;
        let id = account.sessions()[0]["id"].as_str().unwrap().to_string();
        let own = Webmail::open(&stage, "elastic").await;
        own.sign_in_with_code(&mut account).await;
        assert_eq!(account.sessions().len(), 2);

        account.revoke_session(&id);
        stolen.open_page("_task=mail&_mbox=INBOX").await;
        stolen.at_the_form_with(ENDED).await;
        assert!(!stolen.browser.text().await.contains(STORAGE_ERROR));
        stolen.browser.picture("elastic-ended").await;
        own.open_mailbox().await;
        own.compose(&account.address, "Mine goes on", "Yes.").await;
        own.send().await;
        arrived(&account, "Mine goes on").await;
    });
}

// --- What is kept -----------------------------------------------------------------------------------

#[test]
fn neither_password_nor_code_stays_anywhere_with_2fa() {
    test(async |stage| {
        let mut account = Account::new().await;
        let webmail = Webmail::open(&stage, "elastic").await;
        let code = account.code().await;
        webmail.submit(&account.address, &account.password, &wrong(&code)).await;
        webmail.at_the_form_with(LOGIN_FAILED).await;
        webmail.sign_in(&account, &code).await;
        use_everything(&webmail, &account).await;
        nothing_kept(&webmail, &account, &[&code, &wrong(&code)]);
        webmail.sign_out().await;
        nothing_kept(&webmail, &account, &[&code, &wrong(&code)]);
    });
}

#[test]
fn an_account_without_2fa_signs_in_with_an_empty_code_and_its_password_is_not_kept() {
    test(async |stage| {
        let account = Account::without_2fa();
        let webmail = Webmail::open(&stage, "elastic").await;
        webmail.sign_in(&account, "").await;
        use_everything(&webmail, &account).await;
        assert!(webmail.held_credential(&account).starts_with("mks-"));
        nothing_kept(&webmail, &account, &[]);
        webmail.sign_out().await;
        assert!(account.sessions().is_empty());
        nothing_kept(&webmail, &account, &[]);
    });
}

/// Sends a message and makes a filter.
async fn use_everything(webmail: &Webmail, account: &Account) {
    webmail.compose(&account.address, "Everything", "All of it.").await;
    webmail.send().await;
    arrived(account, "Everything").await;
    webmail.create_filter("Lists", "[list]").await;
}

/// No file of the webmail or the mail server has the account's password, one of these codes, or the line that opens a
/// session; and no log has a session credential.
#[track_caller]
fn nothing_kept(webmail: &Webmail, account: &Account, codes: &[&str]) {
    for secret in codes.iter().copied().chain([account.password.as_str(), "mkopen:mks-", "mkclose:mks-"]) {
        let places = webmail.places_of(secret);
        assert!(places.is_empty(), "{secret:?} is in {places:?}");
    }
    let places = webmail.places_of("mks-");
    let expected = format!("the session of Some({:?})", account.address);
    let unexpected: Vec<_> =
        places.iter().filter(|place| place.contains(&account.address) && **place != expected).collect();
    assert!(unexpected.is_empty(), "a session credential is in {unexpected:?}");
    let files: Vec<_> = places.iter().filter(|place| !place.starts_with("the session of")).collect();
    assert!(files.iter().all(|file| file.ends_with("mailkey.php")), "a session credential is in {files:?}");
}

/// Another code of the same length.
fn wrong(code: &str) -> String {
    code.bytes().map(|digit| char::from(b'0' + (digit - b'0' + 5) % 10)).collect()
}
