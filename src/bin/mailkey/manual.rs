//! Manual pages (man(7)) from the definitions of the arguments.
//!
//! clap_mangen writes what clap knows. The text below the options is ours to lay out: lines in capitals are headings,
//! indented lines stay as they are, everything else is prose.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::Man;

/// The page of one verb.
pub fn page(command: &Command) -> io::Result<Vec<u8>> {
    // Nothing on a page may depend on the day it was made.
    let source = concat!("mailkey ", env!("CARGO_PKG_VERSION"));
    let page = Man::new(command.clone()).section("8").date("").source(source).manual("mailkey");
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let (prose, sections) = lines.split_at(lines.iter().position(|line| is_heading(line)).unwrap_or(lines.len()));
    let mut out = Vec::new();
    page.render_title(&mut out)?;
    page.render_name_section(&mut out)?;
    page.render_synopsis_section(&mut out)?;
    page.render_description_section(&mut out)?;
    out.extend_from_slice(b".PP\n");
    body(prose, &mut out)?;
    page.render_options_section(&mut out)?;
    if command.get_subcommands().next().is_some() {
        page.render_subcommands_section(&mut out)?;
    }
    body(sections, &mut out)?;
    Ok(out)
}

/// Lays out lines of help text.
fn body(lines: &[&str], out: &mut Vec<u8>) -> io::Result<()> {
    let mut kept = false;
    for line in lines {
        let indented = line.starts_with(' ');
        if indented != kept {
            // After .nf lines stay as they are, until .fi.
            writeln!(out, "{}", if indented { ".nf" } else { ".fi" })?;
            kept = indented;
        }
        match *line {
            "" => writeln!(out, ".PP")?,
            line if is_heading(line) => writeln!(out, ".SH \"{line}\"")?,
            line => writeln!(out, "{}", escaped(line))?,
        }
    }
    if kept { writeln!(out, ".fi") } else { Ok(()) }
}

fn is_heading(line: &str) -> bool {
    line.starts_with(|first: char| first.is_ascii_uppercase())
        && line.chars().all(|symbol| symbol.is_ascii_uppercase() || symbol == ' ')
}

/// A line that means nothing to roff: no requests at its start, no escapes, no typographic hyphens.
fn escaped(line: &str) -> String {
    let text = line.replace('\\', "\\e").replace('-', "\\-");
    if line.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}
