use super::*;

/// What stands in place of a program's texts.
const TEXTS: Texts = Texts { of: [AGO; LANGUAGES.len()], strict: true };

const AGO: &str = "
ago-now = just now
ago-minutes = { $n ->
    [one] { $n } minute ago
    [few] { $n } minutes ago, as in Polish
   *[other] { $n } minutes ago
}
ago-hours = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
";

fn locales() -> Locales {
    Locales::new(&TEXTS, Some("Europe/Berlin")).unwrap()
}

#[test]
fn languages_are_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Locales>();
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
    let tokyo = Locales::new(&TEXTS, Some("Asia/Tokyo")).unwrap();
    let english = tokyo.get("en").unwrap();
    assert_eq!(
        (english.date(NOW + 7 * 3600), english.form_date(NOW + 7 * 3600)),
        ("23 Nov 2026".into(), "2026-11-23".into())
    );
    assert!(Locales::new(&TEXTS, Some("Mars/Base")).is_err());
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
    assert_eq!((ago(polish, 120), ago(polish, 300)), ("2 minutes ago, as in Polish".into(), "5 minutes ago".into()));
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
