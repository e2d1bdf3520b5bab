//! Dates as people write them (CLDR's forms, by ICU4X), in one time zone.

use icu_calendar::Date;
use icu_datetime::fieldsets::{YMD, YMDT};
use icu_datetime::input::{DateTime, Time};
use icu_datetime::{DateTimeFormatter, DateTimeFormatterPreferences};
use icu_locale_core::Locale as IcuLocale;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned, civil};

use super::LocaleError;

/// Dates of one language.
pub(super) struct Dates {
    zone: TimeZone,
    date: DateTimeFormatter<YMD>,
    date_time: DateTimeFormatter<YMDT>,
}

/// The time zone with that IANA name, or the system's.
pub(super) fn zone(name: Option<&str>) -> Result<TimeZone, LocaleError> {
    name.map_or_else(
        || Ok(TimeZone::system()),
        |name| TimeZone::get(name).map_err(|error| LocaleError(format!("time_zone = {name:?}: {error}"))),
    )
}

impl Dates {
    pub(super) fn new(tag: &str, zone: TimeZone) -> Result<Self, LocaleError> {
        let within = |what: &dyn std::fmt::Display| LocaleError(format!("dates of {tag}: {what}"));
        let locale = IcuLocale::try_from_str(tag).map_err(|error| within(&error))?;
        let preferences = DateTimeFormatterPreferences::from(locale);
        let date = DateTimeFormatter::try_new(preferences, YMD::medium()).map_err(|error| within(&error))?;
        let minutes = YMD::medium().with_time_hm();
        let date_time = DateTimeFormatter::try_new(preferences, minutes).map_err(|error| within(&error))?;
        Ok(Self { zone, date, date_time })
    }

    fn zoned(&self, time: i64) -> Option<Zoned> {
        Timestamp::from_second(time).ok().map(|time| time.to_zoned(self.zone.clone()))
    }

    pub(super) fn date(&self, time: i64) -> String {
        let shown = self.zoned(time).and_then(|zoned| {
            let date = day(&zoned)?;
            Some(self.date.format(&date).to_string())
        });
        shown.unwrap_or_else(unknown)
    }

    pub(super) fn date_time(&self, time: i64) -> String {
        let shown = self.zoned(time).and_then(|zoned| {
            let (hour, minute) = (u8::try_from(zoned.hour()).ok()?, u8::try_from(zoned.minute()).ok()?);
            let moment = DateTime { date: day(&zoned)?, time: Time::try_new(hour, minute, 0, 0).ok()? };
            Some(self.date_time.format(&moment).to_string())
        });
        shown.unwrap_or_else(unknown)
    }

    pub(super) fn end_of(&self, date: &str) -> Option<i64> {
        let date: civil::Date = date.trim().parse().ok()?;
        let next = date.checked_add(1.day()).ok()?.to_zoned(self.zone.clone()).ok()?;
        Some(next.timestamp().as_second())
    }

    pub(super) fn form_date(&self, time: i64) -> String {
        self.zoned(time).map_or_else(String::new, |zoned| zoned.date().to_string())
    }
}

fn day(zoned: &Zoned) -> Option<Date<icu_calendar::Iso>> {
    let (month, day) = (u8::try_from(zoned.month()).ok()?, u8::try_from(zoned.day()).ok()?);
    Date::try_new_iso(i32::from(zoned.year()), month, day).ok()
}

/// For times that no calendar has (a damaged row).
fn unknown() -> String {
    "–".to_string()
}
