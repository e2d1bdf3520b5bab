//! QR codes, as SVG within the page.

use mailkey::credential::Secret;
use maud::{Markup, PreEscaped, html};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;
use zeroize::Zeroizing;

/// Light modules around the symbol (ISO/IEC 18004 wants four).
const QUIET: usize = 4;

/// Draws it, black on white in the dark as well: cameras want it so. None when the text is longer than any symbol holds.
pub(super) fn draw(text: &Secret, label: &str) -> Option<Markup> {
    // A screen has no stains: the lowest error correction makes the largest modules.
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::L).ok()?;
    let width = code.width();
    let size = width + 2 * QUIET;
    // Room for everything, so that the growing text leaves no copy of the secret behind.
    let mut path = Zeroizing::new(String::with_capacity(width * width * 16));
    for row in 0..width {
        let mut column = 0;
        while column < width {
            let run = (column..width).take_while(|&column| code[(column, row)] == Color::Dark).count();
            if run > 0 {
                // Writing to a String does not fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", column + QUIET, row + QUIET);
            }
            column += run.max(1);
        }
    }
    Some(html! {
        svg class="qr" role="img" aria-label=(label) viewBox={ "0 0 " (size) " " (size) } shape-rendering="crispEdges" {
            (PreEscaped(format_args!("<path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/>").to_string()))
            (PreEscaped("<path fill=\"#000\" d=\""))
            (PreEscaped(path.as_str()))
            (PreEscaped("\"/>"))
        }
    })
}
