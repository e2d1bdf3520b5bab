//! Languages: the texts of the panel (Fluent, one file a language in `locales/`), and dates as people write them.
//!
//! A message that a language lacks is shown in English, and logged; in tests it is a panic.

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

/// A language that the panel speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// BCP 47 tag: the `lang` of pages, and the value of the cookie.
    pub tag: &'static str,
    /// What the language calls itself.
    pub name: &'static str,
    /// Whose dates it has, where its tag does not say so.
    dates: &'static str,
    messages: &'static str,
}

macro_rules! language {
    ($tag:literal, $name:literal, $dates:literal) => {
        Language { tag: $tag, name: $name, dates: $dates, messages: include_str!(concat!("../locales/", $tag, ".ftl")) }
    };
}

/// The languages, English first; then by tag.
pub const LANGUAGES: [Language; 10] = [
    // English of everywhere: dates that nobody misreads. Browsers with JavaScript show their own.
    language!("en", "English", "en-GB"),
    language!("de", "Deutsch", "de"),
    language!("es", "Español", "es"),
    language!("fr", "Français", "fr"),
    language!("it", "Italiano", "it"),
    language!("ja", "日本語", "ja"),
    language!("nl", "Nederlands", "nl"),
    language!("pl", "Polski", "pl"),
    language!("pt-BR", "Português (Brasil)", "pt-BR"),
    language!("zh-Hans", "简体中文", "zh-Hans"),
];

/// What stands in the place of `{ $name }` in a message.
pub type Argument<'a> = (&'static str, FluentValue<'a>);

/// The panel in all its languages. Made once.
pub struct Locales {
    all: Vec<Locale>,
}

/// The panel in one language.
pub struct Locale {
    language: Language,
    messages: Arc<Messages>,
    english: Arc<Messages>,
    dates: Dates,
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
    pub fn new(time_zone: Option<&str>) -> Result<Self, LocaleError> {
        let zone = dates::zone(time_zone)?;
        let english = Arc::new(read(&LANGUAGES[0])?);
        let mut all = Vec::with_capacity(LANGUAGES.len());
        for language in LANGUAGES {
            let messages = if all.is_empty() { english.clone() } else { Arc::new(read(&language)?) };
            let dates = Dates::new(language.dates, zone.clone())?;
            all.push(Locale { language, messages, english: english.clone(), dates });
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
    #[cfg(test)]
    pub fn all(&self) -> &[Locale] {
        &self.all
    }
}

fn read(language: &Language) -> Result<Messages, LocaleError> {
    let within = |what: &dyn fmt::Debug| LocaleError(format!("locales/{}.ftl: {what:?}", language.tag));
    let resource =
        FluentResource::try_new(language.messages.to_string()).map_err(|(_, errors)| within(&errors.first()))?;
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
        if cfg!(test) {
            panic!("locales/{}.ftl lacks {id}, or one of its arguments", self.language.tag);
        }
        log::error!("locales/{}.ftl lacks {id}, or one of its arguments: please report this", self.language.tag);
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
