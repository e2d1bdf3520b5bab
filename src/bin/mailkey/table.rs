//! Aligned columns.

use std::io;

use crate::output::{Output, Style};

/// A cell.
pub struct Cell {
    text: String,
    style: Option<Style>,
    right: bool,
}

impl Cell {
    /// In a style.
    pub fn styled(self, style: Style) -> Self {
        Self { style: Some(style), ..self }
    }

    /// A number, aligned to the right.
    pub fn number(number: impl std::fmt::Display) -> Self {
        Self { right: true, ..Self::from(number.to_string()) }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), style: None, right: false }
    }
}

/// Rows below a line of headings. Each part that is shown widens the columns for what follows and never narrows them.
pub struct Table<const COLUMNS: usize> {
    headings: [&'static str; COLUMNS],
    widths: [usize; COLUMNS],
    rows: Vec<[Cell; COLUMNS]>,
    headed: bool,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    /// An empty table.
    pub fn new(headings: [&'static str; COLUMNS]) -> Self {
        Self { headings, widths: headings.map(width), rows: Vec::new(), headed: false }
    }

    /// Adds a row.
    pub fn push(&mut self, row: [Cell; COLUMNS]) {
        for (most, cell) in self.widths.iter_mut().zip(&row) {
            *most = width(&cell.text).max(*most);
        }
        self.rows.push(row);
    }

    /// Shows the rows that were added since the last time, below the headings the first time.
    pub fn show(&mut self, output: &Output) -> io::Result<()> {
        let mut text = String::new();
        let rows = std::mem::take(&mut self.rows);
        if !std::mem::replace(&mut self.headed, true) {
            let mut headings = self.headings.map(|heading| Cell::from(heading).styled(Style::Dim));
            if let Some(first) = rows.first() {
                headings.iter_mut().zip(first).for_each(|(heading, cell)| heading.right = cell.right);
            }
            self.line(&headings, output, &mut text);
        }
        rows.iter().for_each(|row| self.line(row, output, &mut text));
        output.raw(text.as_bytes())
    }

    fn line(&self, row: &[Cell; COLUMNS], output: &Output, text: &mut String) {
        let mut gap = 0;
        for (cell, width_of_column) in row.iter().zip(self.widths) {
            let pad = width_of_column - width(&cell.text).min(width_of_column);
            text.extend(std::iter::repeat_n(' ', gap + if cell.right { pad } else { 0 }));
            match cell.style {
                Some(style) => text.push_str(&output.style(style, &cell.text)),
                None => text.push_str(&cell.text),
            }
            gap = 2 + if cell.right { 0 } else { pad };
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
}

/// Columns that a text takes, where every character takes one.
fn width(text: &str) -> usize {
    text.chars().count()
}
