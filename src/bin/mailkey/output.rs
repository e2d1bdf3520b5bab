//! Standard output: text for people, or JSON for programs.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use mailkey::account::AccountName;
use serde_json::Value;

/// Colours of text on a terminal (ECMA-48 SGR).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// What matters: a secret, the title of a page.
    Bold,
    /// What is said by the way.
    Dim,
    /// Good.
    Green,
    /// Bad.
    Red,
    /// Wants attention.
    Yellow,
    /// Black on white, which QR readers need.
    Paper,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Green => "32",
            Self::Red => "31",
            Self::Yellow => "33",
            Self::Paper => "38;5;16;48;5;231",
        }
    }
}

/// The way out. Everything that a verb prints goes through here.
pub struct Output {
    json: bool,
    colour: bool,
}

impl Output {
    /// Colours only on a terminal, and not where NO_COLOR is set.
    pub fn new(json: bool) -> Self {
        let unwanted = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        Self { json, colour: io::stdout().is_terminal() && !unwanted("NO_COLOR") && !dumb }
    }

    /// Whether JSON is wanted.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether text has colours.
    pub fn is_coloured(&self) -> bool {
        self.colour
    }

    /// `text` in a style, where there are colours.
    pub fn style(&self, style: Style, text: impl Display) -> String {
        if self.colour { format!("\x1b[{}m{text}\x1b[0m", style.code()) } else { text.to_string() }
    }

    /// A line of text.
    pub fn line(&self, text: impl Display) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{text}")?;
        stdout.flush()
    }

    /// What of an account was ended just now, by id: as JSON, or as `done` with each, or as `none`.
    pub fn ended(&self, name: &AccountName, ids: &[&str], done: &str, none: &str) -> io::Result<()> {
        if self.json {
            return self.json(&serde_json::json!({"account": name.as_str(), "revoked": ids}));
        }
        if ids.is_empty() {
            return self.line(format_args!("{name} has no {none}"));
        }
        ids.iter().try_for_each(|id| self.line(format_args!("{done} {id} of {name}")))
    }

    /// A line of text with bytes that are shown as they are.
    pub fn secret(&self, before: &str, secret: &mailkey::credential::Secret) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(before.as_bytes())?;
        if self.colour {
            stdout.write_all(b"\x1b[1m")?;
        }
        stdout.write_all(secret.as_bytes())?;
        stdout.write_all(if self.colour { b"\x1b[0m\n" } else { b"\n" })?;
        stdout.flush()
    }

    /// Raw bytes: what was generated.
    pub fn raw(&self, bytes: &[u8]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        stdout.flush()
    }

    /// One JSON value on a line.
    pub fn json(&self, value: &Value) -> io::Result<()> {
        self.line(value)
    }

    /// A JSON array, an element on each line.
    pub fn json_array(&self, elements: impl IntoIterator<Item = Value>) -> io::Result<()> {
        let mut array = JsonArray::begin(self);
        for element in elements {
            array.push(&element)?;
        }
        array.end()
    }
}

/// A JSON array that is written while it is read, however long it is.
pub struct JsonArray<'a> {
    output: &'a Output,
    unwritten: Vec<u8>,
    empty: bool,
}

impl<'a> JsonArray<'a> {
    /// An array without elements yet.
    pub fn begin(output: &'a Output) -> Self {
        Self { output, unwritten: Vec::new(), empty: true }
    }

    /// Adds an element; it is written with those around it.
    pub fn push(&mut self, element: &Value) -> io::Result<()> {
        write!(self.unwritten, "{}{element}", if self.empty { "[\n" } else { ",\n" })?;
        self.empty = false;
        if self.unwritten.len() >= 64 * 1024 {
            self.output.raw(&self.unwritten)?;
            self.unwritten.clear();
        }
        Ok(())
    }

    /// Closes it.
    pub fn end(mut self) -> io::Result<()> {
        self.unwritten.extend_from_slice(if self.empty { b"[]\n" } else { b"\n]\n" });
        self.output.raw(&self.unwritten)
    }
}
