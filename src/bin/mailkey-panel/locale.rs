//! The texts of the panel, in `locales/`: one file a language.

#[cfg(test)]
#[path = "locale_tests.rs"]
mod tests;

pub use mailkey::locale::{Argument, LANGUAGES, Locale, Locales, isolated};

/// The texts.
pub const TEXTS: mailkey::locale::Texts = mailkey::texts!("locales");
