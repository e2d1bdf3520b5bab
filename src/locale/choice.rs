//! Which language a browser likes best: the header `Accept-Language` (RFC 9110 section 12.5.4).

use super::{LANGUAGES, Language};

/// More entries than any browser sends are not looked at.
const MOST: usize = 32;

/// The best of our languages. None where the header names none of them.
pub(super) fn best(header: &str) -> Option<&'static Language> {
    let mut accepted: Vec<(f32, &'static Language)> = header
        .split(',')
        .take(MOST)
        .filter_map(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let language = find(parts.next()?)?;
            let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            let quality = quality.map_or(Some(1.0), |text| text.trim().parse::<f32>().ok())?;
            (quality > 0.0 && quality <= 1.0).then_some((quality, language))
        })
        .collect();
    // The sort is stable: of equally liked ones the first counts.
    accepted.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    accepted.first().map(|(_, language)| *language)
}

/// Ours for a tag: what is spoken decides, so that de-AT gets German and pt-PT Brazilian Portuguese. `*` is English.
fn find(tag: &str) -> Option<&'static Language> {
    let spoken = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if tag == "*" {
        return LANGUAGES.first();
    }
    LANGUAGES.iter().find(|language| spoken(language.tag) == spoken(tag))
}
