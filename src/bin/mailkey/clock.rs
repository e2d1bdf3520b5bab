//! Times: the clock, and how times are read and shown.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, civil};

use crate::failure::Failure;

/// Seconds since the Unix epoch; negative before it.
#[allow(clippy::disallowed_methods)] // the one place where the command reads the clock
pub fn now() -> i64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    let seconds = |duration: std::time::Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => seconds(since),
        Err(before) => -seconds(before.duration()),
    }
}

/// Milliseconds since the Unix epoch.
pub fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// RFC 3339 in UTC, for programs: `2026-11-22T13:05:00Z`.
pub fn rfc3339(time: i64) -> Option<String> {
    Timestamp::from_second(time).ok().map(|time| time.to_string())
}

/// For names of files, in UTC: `20261122T130500Z`.
pub fn stamp(time: i64) -> String {
    rfc3339(time).unwrap_or_default().replace(['-', ':'], "")
}

/// Local time to the minute, for people: `2026-11-22 13:05`.
pub fn local(time: i64) -> String {
    Timestamp::from_second(time).map_or_else(
        |_| "?".to_string(),
        |time| time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

/// The day in UTC, for people: `2027-01-15`.
pub fn utc_day(time: i64) -> String {
    Timestamp::from_second(time)
        .map_or_else(|_| "?".to_string(), |time| time.to_zoned(TimeZone::UTC).date().to_string())
}

/// The first moment in UTC of a date that is written `2027-01-15`; none where it is no date.
pub fn midnight(text: &str) -> Option<i64> {
    let midnight = text.parse::<civil::Date>().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(midnight.timestamp().as_second())
}

/// When something expires: a duration from now (`12h`, `90d`, `2w`, `1y`), or a date, which means its first moment in
/// UTC.
pub fn expiry(text: &str, now: i64) -> Result<i64, Failure> {
    let wrong = || {
        Failure::usage(
            format_args!("{text:?} is no duration or date"),
            "--expires 90d (also 12h, 2w, 1y), or --expires 2027-01-31 (until that day begins in UTC)",
        )
    };
    if let Some(midnight) = midnight(text) {
        return Ok(midnight);
    }
    let unit = text.char_indices().next_back().ok_or_else(wrong)?;
    let (number, unit) = (&text[..unit.0], unit.1);
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let number: i64 = number.parse().map_err(|_| wrong())?;
    let span = match unit {
        'h' => Span::new().try_hours(number),
        'd' => Span::new().try_days(number),
        'w' => Span::new().try_weeks(number),
        'y' => Span::new().try_years(number),
        _ => return Err(wrong()),
    };
    let now = Timestamp::from_second(now).map_err(|_| wrong())?.to_zoned(TimeZone::UTC);
    let then = span.and_then(|span| now.checked_add(span)).map_err(|_| wrong())?;
    Ok(then.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22T13:05:07Z.
    const NOW: i64 = 1_795_352_707;

    #[test]
    fn durations_count_from_now_and_dates_mean_their_first_moment_in_utc() {
        for (text, expected) in [
            ("12h", "2026-11-23T01:05:07Z"),
            ("90d", "2027-02-20T13:05:07Z"),
            ("2w", "2026-12-06T13:05:07Z"),
            ("1y", "2027-11-22T13:05:07Z"),
            ("2027-01-31", "2027-01-31T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(expiry(text, NOW).unwrap()).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "d",
            "90",
            "-1d",
            "+1d",
            "90m",
            "1.5y",
            "90 d",
            "9999999999999999999y",
            "99999y",
            "2027-02-30",
            "31.1.2027",
            "tomorrow",
            "1ä",
        ] {
            assert!(expiry(text, NOW).is_err(), "{text}");
        }
    }
}
