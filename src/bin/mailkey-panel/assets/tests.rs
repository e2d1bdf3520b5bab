use super::*;
use crate::config::Logo;

fn text(assets: &Assets, name: &str) -> String {
    String::from_utf8(assets.get(name).unwrap().bytes.clone()).unwrap()
}

#[test]
fn a_link_changes_with_what_it_leads_to() {
    let plain = Assets::new(&Brand::default());
    let logo = Logo { bytes: b"picture".to_vec(), media_type: "image/png" };
    let branded = Assets::new(&Brand { logo: Some(logo), accent: Some(Colour([0x8a, 0, 0x3c])), ..Brand::default() });
    for (name, same) in [("panel.css", true), ("panel.js", true), ("brand.css", false), ("logo", false)] {
        assert_eq!(plain.link("/panel", name) == branded.link("/panel", name), same, "{name}");
        assert!(plain.link("/panel", name).starts_with(&format!("/panel/assets/{name}?v=")), "{name}");
    }
    assert_eq!(branded.get("logo").unwrap().media_type, "image/png");
    assert!(plain.get("../panel.css").is_none() && plain.get("").is_none());
}

#[test]
fn the_brand_has_its_colour_on_light_and_on_dark_ground_with_text_that_can_be_read_on_it() {
    let accent = Some(Colour([0x8a, 0, 0x3c]));
    let both = Assets::new(&Brand { accent, accent_dark: Some(Colour([0xff, 0xb0, 0xc8])), ..Brand::default() });
    let css = text(&both, "brand.css");
    assert!(
        css.contains("@media not (prefers-color-scheme:dark){:root{--accent:#8a003c;--on-accent:#ffffff}}"),
        "{css}"
    );
    assert!(css.contains("@media (prefers-color-scheme:dark){:root{--accent:#ffb0c8;--on-accent:#000000}}"), "{css}");
    let light = text(&Assets::new(&Brand { accent, ..Brand::default() }), "brand.css");
    assert!(!light.contains("@media (prefers-color-scheme:dark)"), "{light}");
    assert_eq!(text(&Assets::new(&Brand::default()), "brand.css").trim(), "");
    // Whatever colour it is, one of the two can be read on it.
    for red in (0..=255).step_by(15) {
        for green in (0..=255).step_by(15) {
            let colour = Colour([red, green, red ^ green]);
            assert!(on(colour).contrast(colour) >= Colour::READABLE, "{colour}");
        }
    }
}

#[test]
fn the_style_sheet_has_the_grounds_that_colours_are_checked_against() {
    let css = text(&Assets::new(&Brand::default()), "panel.css");
    assert!(css.contains(&format!("--ground: {}", Colour::LIGHT_GROUND)));
    assert!(css.contains(&format!("--card: {}", Colour::DARK_GROUND)));
    assert!(!css.contains("url(") && !css.contains("@import"));
}
