//! QR codes (ISO/IEC 18004): on the terminal, and as files.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use image::{ImageFormat, Luma};
use mailkey::credential::Secret;
use qrcode::render::{svg, unicode};
use qrcode::{EcLevel, QrCode};

use crate::failure::{Exit, Failure};
use crate::output::{Output, Style};

/// Least width of the picture in pixels.
const WIDTH: u32 = 400;

/// The QR code of an `otpauth:` URI.
pub struct Qr(QrCode);

impl Qr {
    /// Draws it.
    pub fn new(uri: &Secret) -> Result<Self, Failure> {
        // A screen has no stains: the lowest error correction makes the largest modules.
        let drawn = QrCode::with_error_correction_level(uri.as_bytes(), EcLevel::L);
        drawn.map(Self).map_err(|error| Failure::new(Exit::Failed, format_args!("no QR code can be drawn: {error}")))
    }

    /// Two rows of modules in each line of text. With colours it is black on white; without them, what is light is a
    /// block, since most terminals are dark.
    pub fn text(&self, output: &Output) -> String {
        use unicode::Dense1x2::{Dark, Light};
        let mut renderer = self.0.render::<unicode::Dense1x2>();
        let (dark, light) = if output.is_coloured() { (Dark, Light) } else { (Light, Dark) };
        let text = renderer.dark_color(dark).light_color(light).build();
        text.lines().map(|line| output.style(Style::Paper, line)).collect::<Vec<_>>().join("\n")
    }

    fn png(&self) -> Result<Vec<u8>, Failure> {
        let image = self.0.render::<Luma<u8>>().min_dimensions(WIDTH, WIDTH).build();
        let mut bytes = io::Cursor::new(Vec::new());
        let written = image.write_to(&mut bytes, ImageFormat::Png);
        written.map_err(|error| Failure::new(Exit::Failed, format_args!("no PNG can be made: {error}")))?;
        Ok(bytes.into_inner())
    }

    fn svg(&self) -> Vec<u8> {
        self.0.render::<svg::Color>().min_dimensions(WIDTH, WIDTH).build().into_bytes()
    }
}

/// Files for the QR code, made before the secret is: whoever cannot get them keeps the enrolment as it was. Dropped
/// before they are written, they go again.
pub struct Files {
    png: Option<Reserved>,
    svg: Option<Reserved>,
}

impl Files {
    /// Makes them, empty. One that is there is never written over.
    pub fn reserve(png: Option<&Path>, svg: Option<&Path>) -> Result<Self, Failure> {
        let reserve = |path: Option<&Path>| path.map(Reserved::new).transpose();
        Ok(Self { png: reserve(png)?, svg: reserve(svg)? })
    }

    /// Writes the QR code into them.
    pub fn write(self, qr: &Qr) -> Result<(), Failure> {
        if let Some(file) = self.png {
            file.write(&qr.png()?)?;
        }
        if let Some(file) = self.svg {
            file.write(&qr.svg())?;
        }
        Ok(())
    }
}

struct Reserved {
    file: File,
    path: PathBuf,
    written: bool,
}

impl Reserved {
    fn new(path: &Path) -> Result<Self, Failure> {
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let file = opened.map_err(|error| {
            let path = path.display();
            match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    Failure::new(Exit::Exists, format_args!("{path} exists already and is not written over"))
                        .next("remove it, or choose another name")
                }
                _ => Failure::new(Exit::Failed, format_args!("{path} cannot be made: {error}")),
            }
        })?;
        Ok(Self { file, path: path.to_path_buf(), written: false })
    }

    fn write(mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.file.write_all(bytes);
        written.map_err(|error| {
            Failure::new(Exit::Failed, format_args!("{} cannot be written: {error}", self.path.display()))
        })?;
        self.written = true;
        Ok(())
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if !self.written {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
