//! Languages: texts (Fluent, one file a language), and dates as people write them. The panel and the notices by mail have
//! texts of their own in the same languages.
//!
//! A message that a language lacks is shown in English, and logged.

mod choice;
mod dates;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use dates::Dates;

/// A language that mailkey speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// BCP 47 tag: the `lang` of pages, and the value of the cookie.
    pub tag: &'static str,
    /// What the language calls itself.
    pub name: &'static str,
    /// Whose dates it has, where its tag does not say so.
    dates: &'static str,
}

impl Language {
    const fn new(tag: &'static str, name: &'static str, dates: &'static str) -> Self {
        Self { tag, name, dates }
    }
}

/// The languages, English first; then by tag.
pub const LANGUAGES: [Language; 10] = [
    // English of everywhere: dates that nobody misreads. Browsers with JavaScript show their own.
    Language::new("en", "English", "en-GB"),
    Language::new("de", "Deutsch", "de"),
    Language::new("es", "Español", "es"),
    Language::new("fr", "Français", "fr"),
    Language::new("it", "Italiano", "it"),
    Language::new("ja", "日本語", "ja"),
    Language::new("nl", "Nederlands", "nl"),
    Language::new("pl", "Polski", "pl"),
    Language::new("pt-BR", "Português (Brasil)", "pt-BR"),
    Language::new("zh-Hans", "简体中文", "zh-Hans"),
];

/// A program's texts: Fluent sources, in the order of [`LANGUAGES`].
pub struct Texts {
    /// Each language's file, whole.
    pub of: [&'static str; LANGUAGES.len()],
    /// Whether a message that is missing is a panic: in tests.
    pub strict: bool,
}

/// The texts `$directory/en.ftl` and so on, beside the file that says it.
#[macro_export]
macro_rules! texts {
    ($directory:literal) => {
        $crate::locale::Texts {
            of: [
                include_str!(concat!($directory, "/en.ftl")),
                include_str!(concat!($directory, "/de.ftl")),
                include_str!(concat!($directory, "/es.ftl")),
                include_str!(concat!($directory, "/fr.ftl")),
                include_str!(concat!($directory, "/it.ftl")),
                include_str!(concat!($directory, "/ja.ftl")),
                include_str!(concat!($directory, "/nl.ftl")),
                include_str!(concat!($directory, "/pl.ftl")),
                include_str!(concat!($directory, "/pt-BR.ftl")),
                include_str!(concat!($directory, "/zh-Hans.ftl")),
            ],
            strict: cfg!(test),
        }
    };
}

/// What stands in the place of `{ $name }` in a message.
pub type Argument<'a> = (&'static str, FluentValue<'a>);

/// A program's texts in all languages. Made once.
pub struct Locales {
    all: Vec<Locale>,
}

/// A program's texts in one language.
pub struct Locale {
    language: Language,
    messages: Arc<Messages>,
    english: Arc<Messages>,
    dates: Dates,
    strict: bool,
}

type Messages = FluentBundle<FluentResource>;

/// Why the languages cannot be used. The files are part of the program, so that tests find all but the time zone.
#[derive(Debug, PartialEq, Eq)]
pub struct LocaleError(String);

impl fmt::Display for LocaleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LocaleError {}

impl Locales {
    /// Reads all languages. Dates are those of `time_zone` (an IANA name); none: the system's.
    pub fn new(texts: &Texts, time_zone: Option<&str>) -> Result<Self, LocaleError> {
        let zone = dates::zone(time_zone)?;
        let english = Arc::new(read(&LANGUAGES[0], texts.of[0])?);
        let mut all = Vec::with_capacity(LANGUAGES.len());
        for (language, text) in LANGUAGES.into_iter().zip(texts.of) {
            let messages = if all.is_empty() { english.clone() } else { Arc::new(read(&language, text)?) };
            let dates = Dates::new(language.dates, zone.clone())?;
            all.push(Locale { language, messages, english: english.clone(), dates, strict: texts.strict });
        }
        Ok(Self { all })
    }

    /// The language of a visitor: the one of the cookie `lang`, else what the browser likes best, else English.
    pub fn choose(&self, cookie: Option<&str>, accept_language: Option<&str>) -> &Locale {
        let chosen = cookie.and_then(|tag| self.get(tag));
        let accepted = || accept_language.and_then(choice::best).and_then(|language| self.get(language.tag));
        chosen.or_else(accepted).unwrap_or(&self.all[0])
    }

    /// The language with exactly this tag.
    pub fn get(&self, tag: &str) -> Option<&Locale> {
        self.all.iter().find(|locale| locale.language.tag == tag)
    }

    /// All of them, in the order of [`LANGUAGES`].
    pub fn all(&self) -> &[Locale] {
        &self.all
    }
}

fn read(language: &Language, text: &str) -> Result<Messages, LocaleError> {
    let within = |what: &dyn fmt::Debug| LocaleError(format!("{}.ftl: {what:?}", language.tag));
    let resource = FluentResource::try_new(text.to_string()).map_err(|(_, errors)| within(&errors.first()))?;
    let tag = language.tag.parse().map_err(|error| within(&error))?;
    let mut messages = FluentBundle::new_concurrent(vec![tag]);
    // What people typed is isolated where it is put in (`isolated`); around numbers and dates the marks would only
    // get into what is copied.
    messages.set_use_isolating(false);
    messages.add_resource(resource).map_err(|errors| within(&errors.first()))?;
    Ok(messages)
}

impl Locale {
    /// The language.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// A message.
    pub fn text(&self, id: &str) -> Cow<'_, str> {
        self.message(id, None)
    }

    /// A message with arguments.
    pub fn with(&self, id: &str, arguments: &[Argument<'_>]) -> String {
        let arguments: FluentArgs<'_> = arguments.iter().cloned().collect();
        self.message(id, Some(&arguments)).into_owned()
    }

    /// The step that a message names beside its sentence (its attribute `step`), where it does.
    pub fn step(&self, id: &str) -> Option<String> {
        let attribute = |messages: &Messages| {
            let pattern = messages.get_message(id)?.get_attribute("step")?.value();
            let mut errors = Vec::new();
            let text = messages.format_pattern(pattern, None, &mut errors).into_owned();
            errors.is_empty().then_some(text)
        };
        attribute(&self.messages)
    }

    fn message(&self, id: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'_, str> {
        if let Some(text) = format(&self.messages, id, arguments) {
            return text;
        }
        assert!(!self.strict, "{}.ftl lacks {id}, or one of its arguments", self.language.tag);
        log::error!("{}.ftl lacks {id}, or one of its arguments: please report this", self.language.tag);
        format(&self.english, id, arguments).unwrap_or_else(|| Cow::Owned(id.to_string()))
    }

    /// A day: "20 Nov 2026".
    pub fn date(&self, time: i64) -> String {
        self.dates.date(time)
    }

    /// A day and the time of the day: "20 Nov 2026, 13:05".
    pub fn date_time(&self, time: i64) -> String {
        self.dates.date_time(time)
    }

    /// How long ago: "5 minutes ago"; beyond a day, the date and time.
    pub fn ago(&self, time: i64, now: i64) -> String {
        let minutes = now.saturating_sub(time).div_euclid(60);
        match minutes {
            ..0 => self.date_time(time),
            0 => self.text("ago-now").into_owned(),
            1..60 => self.with("ago-minutes", &[("n", minutes.into())]),
            60..1440 => self.with("ago-hours", &[("n", (minutes / 60).into())]),
            _ => self.date_time(time),
        }
    }

    /// The first moment after a day that is written `2027-01-31`.
    pub fn end_of(&self, date: &str) -> Option<i64> {
        self.dates.end_of(date)
    }

    /// The day of a time, as forms write it: `2027-01-31`.
    pub fn form_date(&self, time: i64) -> String {
        self.dates.form_date(time)
    }
}

fn format<'a>(messages: &'a Messages, id: &str, arguments: Option<&FluentArgs<'_>>) -> Option<Cow<'a, str>> {
    let pattern = messages.get_message(id)?.value()?;
    let mut errors = Vec::new();
    // The text may borrow from the arguments, which do not live as long as the messages.
    let text = match arguments {
        None => messages.format_pattern(pattern, None, &mut errors),
        Some(arguments) => Cow::Owned(messages.format_pattern(pattern, Some(arguments), &mut errors).into_owned()),
    };
    errors.is_empty().then_some(text)
}

/// Text that somebody typed, between marks that keep its direction from turning the sentence around it (Unicode's
/// FIRST STRONG ISOLATE), where it has anything that could.
pub fn isolated(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(format!("\u{2068}{text}\u{2069}")) }
}
