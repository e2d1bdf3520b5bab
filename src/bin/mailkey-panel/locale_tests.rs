use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use mailkey::locale::{LANGUAGES, Language};

use super::TEXTS;

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
    let number = LANGUAGES.iter().position(|known| known == language).unwrap();
    let resource = FluentResource::try_new(TEXTS.of[number].to_string()).unwrap_or_else(|(_, errors)| {
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
    ("fr", &["code", "enrol-secret", "invitation", "settings-port", "session-webmail"]),
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
        include_str!("../../locale/mod.rs"),
        include_str!("view/activity.rs"),
        include_str!("view/app_passwords.rs"),
        include_str!("view/attention.rs"),
        include_str!("view/layout.rs"),
        include_str!("view/message.rs"),
        include_str!("view/notices.rs"),
        include_str!("view/overview.rs"),
        include_str!("view/parts.rs"),
        include_str!("view/password.rs"),
        include_str!("view/sign_in.rs"),
        include_str!("view/two_factor.rs"),
        include_str!("view/words.rs"),
    ];
    // Names that are put together.
    let made = ["notice-", "event-", "finding-", "reason-", "protocol-", "expires-", "settings-", "message-"];
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
