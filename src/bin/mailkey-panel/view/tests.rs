use std::collections::BTreeSet;
use std::path::Path;

use super::samples::{NASTY, Samples};
use crate::locale::{LANGUAGES, Locale, Locales, TEXTS};

fn in_all_languages(mut with: impl FnMut(&Locale)) {
    let locales = Locales::new(&TEXTS, Some("Europe/Berlin")).unwrap();
    for locale in locales.all() {
        with(locale);
    }
}

/// Every page of every language: language, file, HTML.
fn all_pages(samples: &Samples) -> Vec<(String, &'static str, String)> {
    let mut pages = Vec::new();
    in_all_languages(|locale| {
        let tag = locale.language().tag;
        pages.extend(
            samples.pages(locale).into_iter().map(|page| (tag.to_string(), page.file, page.markup.into_string())),
        );
    });
    pages
}

/// The tags of a page, without what stands between them.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).filter_map(|rest| rest.split('>').next()).collect()
}

/// Names and values; a value is empty where there is none.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut rest = tag.split_once(' ').map_or("", |(_, rest)| rest);
    let mut found = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(after) => after.split_once('"').expect("maud quotes every value"),
            None => ("", after),
        };
        found.push((name, value));
        rest = after.trim_start();
    }
    found
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    attributes(tag).into_iter().find(|(at, _)| *at == name).map(|(_, value)| value)
}

#[test]
fn every_page_is_drawn_in_every_language_with_usual_and_with_nasty_content() {
    // A missing message or argument panics (`locale`).
    let usual = all_pages(&Samples::usual());
    let nasty = all_pages(&Samples::nasty());
    assert!(usual.len() > 40 * LANGUAGES.len() && nasty.len() > usual.len());
    for (language, file, html) in usual.iter().chain(&nasty) {
        assert!(html.contains(&format!("<html lang=\"{language}\"")), "{language} {file}");
        assert_eq!(html.matches("<h1>").count(), 1, "{language} {file}");
        assert!(!html.contains("{ $"), "{language} {file}");
    }
}

#[test]
fn what_people_typed_is_never_html() {
    for (language, file, html) in all_pages(&Samples::nasty()) {
        for name in [NASTY[0], NASTY[3], "office <b>", "<Sons>"] {
            assert!(!html.contains(name), "{language} {file}: {name}");
        }
        assert!(tags(&html).iter().all(|tag| !tag.starts_with("script") || tag.contains("src=")), "{language} {file}");
    }
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    for (language, file, html) in all_pages(&Samples::usual()) {
        for tag in tags(&html) {
            let name = tag.split(' ').next().unwrap_or_default();
            let inline = |(name, _): &(&str, &str)| *name == "style" || name.starts_with("on");
            assert!(name != "style" && !attributes(tag).iter().any(inline), "{language} {file}: {tag}");
            for loaded in ["src"]
                .iter()
                .filter_map(|name| attribute(tag, name))
                .chain((name == "link").then(|| attribute(tag, "href")).flatten())
            {
                assert!(loaded.starts_with("/assets/") && loaded.contains("?v="), "{language} {file}: {tag}");
            }
        }
    }
}

#[test]
fn every_form_that_changes_something_carries_its_token() {
    for (language, file, html) in all_pages(&Samples::usual()) {
        for form in html.split("<form ").skip(1) {
            assert!(form.starts_with("method=\"post\" action=\"/"), "{language} {file}");
            let inside = form.split("</form>").next().unwrap_or_default();
            assert!(
                inside.contains("<input type=\"hidden\" name=\"csrf\" value=\"0123456789abcdef\">"),
                "{language} {file}"
            );
        }
    }
}

#[test]
fn every_field_has_a_label_and_every_reference_leads_somewhere() {
    for (language, file, html) in all_pages(&Samples::usual()) {
        let tags = tags(&html);
        let ids: Vec<&str> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{language} {file}: an id stands twice");
        for tag in &tags {
            let refers = attribute(tag, "aria-describedby").unwrap_or_default().split(' ').filter(|id| !id.is_empty());
            let link = attribute(tag, "href").and_then(|href| href.strip_prefix('#'));
            for id in refers.chain(link).chain(attribute(tag, "for")).chain(attribute(tag, "data-copy")) {
                assert!(unique.contains(id), "{language} {file}: {tag}");
            }
            if tag.starts_with("input ") && !tag.contains("type=\"hidden\"") && !tag.contains("aria-hidden") {
                let id = attribute(tag, "id").unwrap_or_else(|| panic!("{language} {file}: {tag}"));
                let labelled = html.contains(&format!("<label for=\"{id}\"")) || tag.contains("aria-label=");
                assert!(labelled, "{language} {file}: {tag}");
            }
        }
    }
}

#[test]
fn what_was_wrong_is_said_at_the_top_and_at_its_field() {
    let locales = Locales::new(&TEXTS, Some("UTC")).unwrap();
    for page in Samples::usual().pages(locales.get("en").unwrap()) {
        let html = page.markup.into_string();
        let alerts = html.matches("role=\"alert\"").count();
        let title = html.contains("<title>Error: ");
        assert_eq!(alerts == 1, title, "{}", page.file);
        if html.contains("aria-invalid") {
            assert_eq!(alerts, 1, "{}", page.file);
        }
    }
}

#[test]
fn below_a_path_every_link_stays_below_it() {
    let locales = Locales::new(&TEXTS, Some("UTC")).unwrap();
    for page in Samples::usual().below("/panel").pages(locales.get("en").unwrap()) {
        for tag in tags(&page.markup.0) {
            for link in ["href", "action", "src"].iter().filter_map(|name| attribute(tag, name)) {
                let elsewhere =
                    ["#", "otpauth:", "https://example.org/help"].iter().any(|start| link.starts_with(start));
                assert!(elsewhere || link.starts_with("/panel/"), "{}: {tag}", page.file);
            }
        }
    }
}

/// With MAILKEY_GALLERY=DIR: writes every page of every language with its files there, for a browser.
#[test]
fn the_gallery_is_written_where_it_is_asked_for() {
    let Some(directory) = std::env::var_os("MAILKEY_GALLERY") else { return };
    let directory = Path::new(&directory);
    let samples = Samples::usual();
    let assets = directory.join("assets");
    std::fs::create_dir_all(&assets).unwrap();
    for name in ["panel.css", "brand.css", "panel.js", "logo"] {
        std::fs::write(assets.join(name), &samples.assets.get(name).unwrap().bytes).unwrap();
    }
    for (kind, samples) in [("usual", samples), ("nasty", Samples::nasty())] {
        for (language, file, html) in all_pages(&samples) {
            if file.is_empty() {
                continue;
            }
            let directory = directory.join(kind).join(language);
            std::fs::create_dir_all(&directory).unwrap();
            std::fs::write(directory.join(format!("{file}.html")), html).unwrap();
        }
    }
}

/// The QR code of a page as a camera sees it: eight pixels a module.
fn qr_pixels(html: &str) -> (usize, Vec<bool>) {
    const SCALE: usize = 8;
    let drawn = html.split("class=\"qr\"").nth(1).expect("a QR code");
    let size: usize = drawn.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let path = drawn.split("<path fill=\"#000\" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let width = size * SCALE;
    let mut dark = vec![false; width * width];
    for run in path.split('M').skip(1) {
        let (start, length) = run.split_once('h').unwrap();
        let (column, row) = start.split_once(' ').unwrap();
        let (column, row): (usize, usize) = (column.parse().unwrap(), row.parse().unwrap());
        let length: usize = length.split('v').next().unwrap().parse().unwrap();
        for y in row * SCALE..(row + 1) * SCALE {
            dark[y * width + column * SCALE..y * width + (column + length) * SCALE].fill(true);
        }
    }
    (width, dark)
}

#[test]
fn the_qr_codes_read_as_the_secrets_that_they_stand_for() {
    let locales = Locales::new(&TEXTS, Some("UTC")).unwrap();
    let pages = Samples::usual().pages(locales.get("en").unwrap());
    for (file, expected) in [
        ("enrol", "otpauth://totp/Example:alice@example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example"),
        ("app-password-created", "k7m2-9xqd-0011-abcd-efgh"),
    ] {
        let page = pages.iter().find(|page| page.file == file).unwrap();
        let (width, dark) = qr_pixels(&page.markup.0);
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(width, width, |x, y| if dark[y * width + x] { 0 } else { 255 });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1, "{file}");
        assert_eq!(grids[0].decode().unwrap().1, expected);
        let quiet = 4 * 8;
        assert!((0..width).all(|x| (0..quiet).all(|y| !dark[y * width + x] && !dark[x * width + y])), "{file}");
    }
}

#[test]
fn the_file_of_recovery_codes_holds_each_on_a_line_and_says_whose_they_are() {
    let locales = Locales::new(&TEXTS, Some("UTC")).unwrap();
    let text = Samples::usual().recovery_codes_text(locales.get("en").unwrap());
    let lines: Vec<&str> = text.as_str().unwrap().lines().collect();
    assert_eq!(lines[0], "Mail sign-in – alice@example.org");
    assert_eq!(lines[3..13].join(" "), (0..10).map(|at| format!("{at}b2c-de3f-gh{at}j")).collect::<Vec<_>>().join(" "));
}
