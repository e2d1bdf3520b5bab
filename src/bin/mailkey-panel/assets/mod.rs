//! What pages load: style sheets, script, logo. Nothing comes from anywhere else.
//!
//! Every link carries a digest of the content (`?v=…`), so that browsers may keep the file for a year.

#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};

use crate::config::{Brand, Colour};

/// A file to be served as `/assets/{name}`.
pub struct Asset {
    /// Its name.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The `v` of its links: it changes with the content.
    pub version: String,
}

/// All of them. Made once.
pub struct Assets {
    all: [Asset; 4],
}

impl Assets {
    /// The files, with the colours and the logo of the brand.
    pub fn new(brand: &Brand) -> Self {
        let logo = brand.logo.as_ref().map(|logo| (logo.media_type, logo.bytes.clone()));
        let (logo_type, logo) = logo.unwrap_or_else(|| ("image/svg+xml", include_bytes!("logo.svg").to_vec()));
        let css = "text/css; charset=utf-8";
        Self {
            all: [
                asset("panel.css", css, include_bytes!("panel.css").to_vec()),
                asset("brand.css", css, brand_css(brand).into_bytes()),
                asset("panel.js", "text/javascript; charset=utf-8", include_bytes!("panel.js").to_vec()),
                asset("logo", logo_type, logo),
            ],
        }
    }

    /// The file with that name.
    pub fn get(&self, name: &str) -> Option<&Asset> {
        self.all.iter().find(|asset| asset.name == name)
    }

    /// The link to a file; `base` is what stands before every path.
    pub fn link(&self, base: &str, name: &str) -> String {
        let version = self.get(name).map_or("", |asset| &asset.version);
        format!("{base}/assets/{name}?v={version}")
    }
}

fn asset(name: &'static str, media_type: &'static str, bytes: Vec<u8>) -> Asset {
    let digest = Sha256::digest(&bytes);
    let version = data_encoding::HEXLOWER.encode(&digest[..8]);
    Asset { name, media_type, bytes, version }
}

/// The colours of the brand, as a style sheet that comes after `panel.css`.
fn brand_css(brand: &Brand) -> String {
    let rule = |colour: Option<Colour>| {
        colour.map(|colour| format!(":root{{--accent:{colour};--on-accent:{}}}", on(colour))).unwrap_or_default()
    };
    let dark = rule(brand.accent_dark);
    let dark = if dark.is_empty() { dark } else { format!("@media (prefers-color-scheme:dark){{{dark}}}") };
    let light = rule(brand.accent);
    let light = if light.is_empty() { light } else { format!("@media not (prefers-color-scheme:dark){{{light}}}") };
    format!("{light}\n{dark}\n")
}

/// The colour of text on a button of that colour: one of the two always has a contrast of 4.5 and more.
fn on(colour: Colour) -> Colour {
    let (white, black) = (Colour([255; 3]), Colour([0; 3]));
    if colour.contrast(white) >= colour.contrast(black) { white } else { black }
}
