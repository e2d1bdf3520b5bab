use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::*;

fn locales() -> Locales {
    Locales::new(Some("Europe/Berlin")).unwrap()
}

#[test]
fn languages_are_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Locales>();
}

/// What a text says without its arguments, and the arguments that it has.
#[derive(Default)]
struct Text {
    words: String,
    arguments: BTreeSet<String>,
}

impl Text {
    fn of(pattern: &Pattern<&str>) -> Self {
        let mut text = Self::default();
        text.read(pattern);
        text
    }

    fn read(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.words.push_str(value),
                PatternElement::Placeable { expression } => self.read_expression(expression),
            }
        }
    }

    fn read_expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.read_inline(inline),
            Expression::Select { selector, variants } => {
                self.read_inline(selector);
                variants.iter().for_each(|variant| self.read(&variant.value));
            }
        }
    }

    fn read_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.arguments.insert(id.name.to_string());
            }
            InlineExpression::StringLiteral { .. } => {}
            _ => panic!("only arguments and literals stand in messages"),
        }
    }
}

/// The messages of a language: `id`, and `id.attribute`.
fn messages(language: &Language) -> BTreeMap<String, Text> {
    let resource = FluentResource::try_new(language.messages.to_string()).unwrap_or_else(|(_, errors)| {
        panic!("locales/{}.ftl: {errors:?}", language.tag);
    });
    let mut all = BTreeMap::new();
    let mut add = |id: String, pattern: &Pattern<&str>| {
        let twice = all.insert(id.clone(), Text::of(pattern));
        assert!(twice.is_none(), "locales/{}.ftl: {id} stands twice", language.tag);
    };
    for entry in resource.entries() {
        match entry {
            Entry::Message(message) => {
                add(message.id.name.to_string(), message.value.as_ref().expect("a message has a text"));
                for attribute in &message.attributes {
                    add(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
                }
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            _ => panic!("locales/{}.ftl: only messages and comments are read", language.tag),
        }
    }
    all
}

#[test]
fn every_language_has_every_message_with_the_same_arguments() {
    let english = messages(&LANGUAGES[0]);
    assert!(english.len() > 250);
    for language in &LANGUAGES[1..] {
        let own = messages(language);
        let ids = |of: &BTreeMap<String, Text>| of.keys().cloned().collect::<BTreeSet<_>>();
        let (lacks, has_more) = (&ids(&english) - &ids(&own), &ids(&own) - &ids(&english));
        assert!(lacks.is_empty() && has_more.is_empty(), "{}: lacks {lacks:?}, has more {has_more:?}", language.tag);
        for (id, text) in &own {
            assert_eq!(text.arguments, english[id].arguments, "{}: {id}", language.tag);
        }
    }
}

/// Words that a language has in common with English, beside names of protocols.
const COMMON: &[(&str, &[&str])] = &[
    ("de", &["name", "app-password-name", "settings-port", "settings-host", "session-webmail", "code"]),
    ("es", &["wrong-prefix"]),
    ("fr", &["code", "enrol-secret", "settings-port", "session-webmail"]),
    (
        "it",
        &[
            "nav-password",
            "sign-in-password",
            "settings-password",
            "password-title",
            "settings-host",
            "session-webmail",
        ],
    ),
    (
        "nl",
        &["code", "settings-host", "session-webmail", "authenticators-title", "protocol-sieve-for", "settings-sieve"],
    ),
    ("pl", &["settings-port"]),
    ("pt-BR", &["session-webmail"]),
];

#[test]
fn no_language_says_anything_in_english_by_accident() {
    let english = messages(&LANGUAGES[0]);
    let universal = |id: &str| {
        ["protocol-imap", "protocol-pop3", "protocol-smtp", "protocol-sieve", "settings-tls", "settings-starttls"]
            .contains(&id)
    };
    let mut left_over = Vec::new();
    for language in &LANGUAGES[1..] {
        let common = COMMON.iter().find(|(tag, _)| *tag == language.tag).map_or(&[][..], |(_, ids)| ids);
        for (id, text) in messages(language) {
            let same = text.words == english[&id].words && text.words.chars().any(char::is_alphabetic);
            if same && !universal(&id) && !common.contains(&id.as_str()) {
                left_over.push(format!("{}: {id} = {}", language.tag, text.words));
            }
        }
    }
    assert!(left_over.is_empty(), "{left_over:#?}");
}

#[test]
fn every_message_is_used() {
    let sources = [
        include_str!("mod.rs"),
        include_str!("../view/activity.rs"),
        include_str!("../view/app_passwords.rs"),
        include_str!("../view/layout.rs"),
        include_str!("../view/message.rs"),
        include_str!("../view/overview.rs"),
        include_str!("../view/parts.rs"),
        include_str!("../view/password.rs"),
        include_str!("../view/sign_in.rs"),
        include_str!("../view/two_factor.rs"),
        include_str!("../view/words.rs"),
    ];
    // Names that are put together.
    let made = ["notice-", "event-", "reason-", "protocol-", "expires-", "settings-", "message-"];
    for id in messages(&LANGUAGES[0]).into_keys().filter(|id| !id.contains('.')) {
        let used = sources.iter().any(|source| source.contains(&format!("\"{id}\"")));
        assert!(used || made.iter().any(|start| id.starts_with(start)), "{id} is not used");
    }
}

#[test]
fn every_reason_and_every_event_has_a_sentence_and_only_those_have() {
    use mailkey::admin::Event;
    use mailkey::auth::Reason;
    let known: BTreeSet<String> = Reason::ALL
        .iter()
        .map(|reason| format!("reason-{}", reason.as_str().replace('_', "-")))
        .chain(Event::ALL.iter().map(|event| format!("event-{}", event.as_str().replace('_', "-"))))
        .collect();
    let said: BTreeSet<String> = messages(&LANGUAGES[0])
        .into_keys()
        .filter(|id| !id.contains('.') && (id.starts_with("reason-") || id.starts_with("event-")))
        .collect();
    assert_eq!(known, said);
}

#[test]
fn a_visitor_gets_the_language_that_was_chosen_else_what_the_browser_likes_best_else_english() {
    let locales = locales();
    let choose = |cookie, header| locales.choose(cookie, header).language().tag;
    for (header, expected) in [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.1, fr;q=0.7, de ; q=0.9", "de"),
        ("sv, pt-PT;q=0.8, en;q=0.5", "pt-BR"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("JA", "ja"),
        ("sv,*;q=0.5", "en"),
        ("de;q=0,it;q=0.1", "it"),
        ("de;q=much,it", "it"),
        ("sv", "en"),
        ("", "en"),
        (";;,,=;q", "en"),
    ] {
        assert_eq!(choose(None, Some(header)), expected, "{header}");
    }
    assert_eq!(choose(Some("pl"), Some("de")), "pl");
    assert_eq!(choose(Some("klingon"), Some("de")), "de");
    assert_eq!(choose(None, None), "en");
}

/// 2026-11-22T13:05:07Z.
const NOW: i64 = 1_795_352_707;

#[test]
fn dates_are_those_of_the_language_and_of_the_time_zone() {
    let locales = locales();
    let date_time = |tag| locales.get(tag).unwrap().date_time(NOW).replace(['\u{a0}', '\u{202f}'], " ");
    let mut wrong = Vec::new();
    for (tag, expected) in [
        ("en", "22 Nov 2026, 14:05"),
        ("de", "22.11.2026, 14:05"),
        ("es", "22 nov 2026, 14:05"),
        ("fr", "22 nov. 2026, 14:05"),
        ("it", "22 nov 2026, 14:05"),
        ("ja", "2026/11/22 14:05"),
        ("nl", "22 nov 2026, 14:05"),
        ("pl", "22 lis 2026, 14:05"),
        ("pt-BR", "22 de nov. de 2026, 14:05"),
        ("zh-Hans", "2026年11月22日 14:05"),
    ] {
        if date_time(tag) != expected {
            wrong.push((tag, date_time(tag), expected));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let tokyo = Locales::new(Some("Asia/Tokyo")).unwrap();
    let english = tokyo.get("en").unwrap();
    assert_eq!(
        (english.date(NOW + 7 * 3600), english.form_date(NOW + 7 * 3600)),
        ("23 Nov 2026".into(), "2026-11-23".into())
    );
    assert!(Locales::new(Some("Mars/Base")).is_err());
}

#[test]
fn what_is_not_long_ago_is_said_in_words() {
    let locales = locales();
    let (english, polish) = (locales.get("en").unwrap(), locales.get("pl").unwrap());
    let ago = |locale: &Locale, seconds| locale.ago(NOW - seconds, NOW);
    assert_eq!(ago(english, 59), "just now");
    assert_eq!((ago(english, 60), ago(english, 3599)), ("1 minute ago".into(), "59 minutes ago".into()));
    assert_eq!((ago(english, 3600), ago(english, 86_399)), ("1 hour ago".into(), "23 hours ago".into()));
    assert_eq!(ago(english, 86_400), "21 Nov 2026, 14:05");
    assert_eq!(ago(english, -60), "22 Nov 2026, 14:06");
    assert_eq!((ago(polish, 120), ago(polish, 300)), ("2 minuty temu".into(), "5 minut temu".into()));
}

#[test]
fn a_day_ends_with_the_first_moment_of_the_next() {
    let locales = locales();
    let english = locales.get("en").unwrap();
    // Summer time ends on 25 October 2026 in Berlin: that day has 25 hours.
    let day = |date| english.end_of(date).unwrap();
    assert_eq!(day("2026-10-25") - day("2026-10-24"), 25 * 3600);
    assert_eq!(english.form_date(day("2026-10-25") - 1), "2026-10-25");
    for wrong in ["", "soon", "2026-02-30", "25.10.2026", "2026-13-01"] {
        assert_eq!(english.end_of(wrong), None, "{wrong}");
    }
}

#[test]
fn what_people_typed_cannot_turn_the_sentence_around_it() {
    assert_eq!(isolated("My phone"), "My phone");
    assert_eq!(isolated("הטלפון"), "\u{2068}הטלפון\u{2069}");
}
