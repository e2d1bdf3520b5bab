use mailkey::account::{AccountName, DEFAULT_NAME_SYMBOLS, NameRules};
use mailkey::config::MailVia;
use mailkey::locale::LANGUAGES;
use mailkey::notice::NoticeSettings;

use super::*;

/// 2026-11-22T13:05:07Z.
const AT: i64 = 1_795_352_707;

fn name(name: &str) -> AccountName {
    let rules = NameRules { default_domain: None, bare_names: true, symbols: DEFAULT_NAME_SYMBOLS.into() };
    AccountName::parse(name.as_bytes(), &rules).unwrap()
}

fn writer() -> Writer {
    let notices = Notices {
        from: "Example Mail <noreply@example.org>".into(),
        via: MailVia::Sendmail("/usr/sbin/sendmail".into()),
        panel: Some("https://panel.example.org/".into()),
        language: "en".into(),
    };
    Writer::new(&notices, "Example Mail").unwrap()
}

fn notice(kind: NoticeKind) -> Notice {
    Notice {
        id: 1,
        account: name("alice@example.org"),
        kind,
        at: AT,
        address: "192.0.2.7".into(),
        mode: "panel".into(),
        subject: "My phone".into(),
        codes_left: Some(3),
        tries: 0,
        error: String::new(),
        settings: NoticeSettings::default(),
    }
}

fn recipients(notice: &Notice) -> Vec<String> {
    writer().letter(notice).unwrap().to.iter().map(ToString::to_string).collect()
}

/// What stands in the letter's header and body as it is sent.
fn sent(notice: &Notice) -> String {
    String::from_utf8(writer().letter(notice).unwrap().message.formatted()).unwrap()
}

#[test]
fn every_kind_has_a_letter_in_every_language_and_it_says_whose_and_when() {
    for language in LANGUAGES {
        let mut subjects = std::collections::BTreeSet::new();
        for kind in NoticeKind::ALL {
            let settings = NoticeSettings { language: Some(language.tag.into()), ..NoticeSettings::default() };
            let subject = match kind {
                NoticeKind::NoticesChanged => "",
                NoticeKind::EnrolmentDue => "1795953507",
                _ => "My phone",
            };
            let told = Notice { settings, subject: subject.into(), ..notice(kind) };
            let letter = writer().letter(&told).unwrap();
            assert!(letter.text.contains("alice@example.org") && letter.text.contains("192.0.2.7"), "{}", letter.text);
            assert!(letter.text.contains("https://panel.example.org/"), "{}", letter.text);
            assert!(letter.text.contains("2026"), "{}", letter.text);
            assert!(letter.subject.starts_with("[Example Mail] "), "{}", letter.subject);
            assert!(subjects.insert(letter.subject.clone()), "{} stands twice", letter.subject);
            let named = [NoticeKind::AppPasswordCreated, NoticeKind::AuthenticatorAdded];
            assert_eq!(letter.text.replace('\n', " ").contains("My phone"), named.contains(&kind), "{}", letter.text);
        }
    }
}

#[test]
fn a_letter_reads_like_this() {
    let text = writer().letter(&notice(NoticeKind::AppPasswordCreated)).unwrap().text;
    let text = text.replace('\u{202f}', " ");
    let time = text.lines().find(|line| line.starts_with("When: ")).unwrap().to_string();
    assert_eq!(
        text.replace(&time, "When: then"),
        "\
An app password was made for your mailbox: My phone.

Mailbox: alice@example.org
When: then
From: 192.0.2.7
Where: the self-service panel

If that was you, there is nothing to do.
If it was not you: change the password of your mailbox now, sign out all
other sessions, revoke the app passwords that you do not know, and tell
your administrator.

The self-service panel: https://panel.example.org/

-- 
This letter was sent because something about the security of your
mailbox changed. Which letters you get, you choose in the self-service
panel. Nobody will ever ask you for a password or a code by mail.
"
    );
}

#[test]
fn few_recovery_codes_left_are_told_with_what_to_do() {
    let text = |left| {
        let notice = Notice { codes_left: Some(left), ..notice(NoticeKind::RecoveryCodeUsed) };
        writer().letter(&notice).unwrap().text.replace('\n', " ")
    };
    assert!(text(0).contains("It was the last one: make new ones now."));
    assert!(text(1).contains("One is left: make new ones soon."));
    assert!(text(7).contains("7 are left."));
}

#[test]
fn the_mailbox_is_told_and_beside_it_the_address_that_its_owner_has_set() {
    let other = NoticeSettings { address: Some("alice@elsewhere.example".into()), ..NoticeSettings::default() };
    let both = ["alice@example.org", "alice@elsewhere.example"];
    let told = Notice { settings: other.clone(), ..notice(NoticeKind::TwoFactorOff) };
    assert_eq!(recipients(&told), both);
    assert!(!sent(&told).contains("elsewhere"), "who reads the mailbox does not learn of it");
    assert_eq!(recipients(&notice(NoticeKind::TwoFactorOff)), both[..1]);
    let bare = Notice { account: name("alice"), ..notice(NoticeKind::TwoFactorOff) };
    assert_eq!(recipients(&bare), both[..1], "at the sender's domain");
}

#[test]
fn what_happened_before_notices_were_turned_off_is_told_all_the_same() {
    let off = NoticeSettings { enabled: false, address: None, language: None };
    let told = Notice { settings: off.clone(), ..notice(NoticeKind::NewNetwork) };
    assert_eq!(recipients(&told), ["alice@example.org"]);
    // That they were turned off goes to where they went before.
    let off = NoticeSettings { address: Some("mallory@evil.example".into()), ..off };
    let subject = "alice@elsewhere.example".to_string();
    let changed = Notice { settings: off, subject, ..notice(NoticeKind::NoticesChanged) };
    assert_eq!(recipients(&changed), ["alice@example.org", "alice@elsewhere.example"]);
}

#[test]
fn an_address_that_is_none_keeps_nothing_from_the_mailbox() {
    let settings = NoticeSettings { address: Some("alice@elsewhere..example".into()), ..NoticeSettings::default() };
    assert_eq!(recipients(&Notice { settings, ..notice(NoticeKind::TwoFactorOff) }), ["alice@example.org"]);
}

#[test]
fn a_letter_is_answered_by_no_holiday_message_and_read_by_every_program() {
    let settings = NoticeSettings { language: Some("ja".into()), ..NoticeSettings::default() };
    let letter = sent(&Notice { settings, ..notice(NoticeKind::TwoFactorOn) });
    let (head, body) = letter.split_once("\r\n\r\n").unwrap();
    for line in ["Auto-Submitted: auto-generated", "Content-Language: ja", "To: alice@example.org"] {
        assert!(head.lines().any(|found| found == line), "{head}");
    }
    for field in [
        "From: ",
        "Date: ",
        "Message-ID: <mailkey.1.1795352707@example.org>",
        "Subject: [Example Mail] =?utf-8?",
        "MIME-Version: 1.0",
        "Content-Type: text/plain",
    ] {
        assert!(head.lines().any(|found| found.starts_with(field)), "{field}: {head}");
    }
    assert!(letter.is_ascii() && letter.lines().all(|line| line.len() <= 998), "{letter}");
    assert!(!body.is_empty());
}

#[test]
fn what_somebody_typed_becomes_no_header_and_no_line_of_its_own() {
    // Names of app passwords have no line breaks; a row that was written by others might.
    let subject = "Phone\r\nBcc: mallory@evil.example".to_string();
    let letter = sent(&Notice { subject, ..notice(NoticeKind::AppPasswordCreated) });
    let (head, _) = letter.split_once("\r\n\r\n").unwrap();
    assert!(!head.contains("mallory"), "{head}");
}

#[test]
fn a_sender_or_a_language_that_is_none_is_named() {
    let with = |from: &str, language: &str| {
        let via = MailVia::Sendmail("/usr/sbin/sendmail".into());
        Writer::new(&Notices { from: from.into(), via, panel: None, language: language.into() }, "Mail").is_ok()
    };
    assert!(with("noreply@example.org", "pt-BR"));
    assert!(!with("noreply@", "en") && !with("noreply@example.org", "tlh"));
}

#[test]
fn lines_are_short_where_words_allow_it() {
    let text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen";
    assert!(wrapped(text).lines().all(|line| line.len() <= 72));
    assert_eq!(wrapped(text).split_whitespace().collect::<Vec<_>>().join(" "), text);
    assert_eq!(wrapped("a\nb"), "a\nb");
}
