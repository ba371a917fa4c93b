//! Tables for people: aligned text, or Markdown for the committed results.

use std::fmt::{self, Display, Write as _};

/// The form a table is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Columns aligned by spaces.
    Text,
    /// A Markdown table, aligned as well.
    Markdown,
}

/// A heading and rows of as many cells.
#[derive(Debug)]
pub struct Table {
    form: Form,
    lines: Vec<Vec<String>>,
}

impl Table {
    /// Has no rows yet. The first column is text and stands left, the others right.
    #[must_use]
    pub fn new(form: Form, heading: &[&str]) -> Self {
        Self { form, lines: vec![heading.iter().map(|&cell| cell.to_owned()).collect()] }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<String>) {
        self.lines.push(row);
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.lines[0].len();
        let width = |column: usize| self.lines.iter().map(|line| line[column].chars().count()).max();
        (0..columns).map(|column| width(column).unwrap_or(0)).collect()
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for (number, line) in self.lines.iter().enumerate() {
            let mut out = String::new();
            for (column, (cell, &width)) in line.iter().zip(&widths).enumerate() {
                match (self.form, column) {
                    (Form::Text, 0) => write!(out, "{cell:<width$}")?,
                    (Form::Text, _) => write!(out, "  {cell:>width$}")?,
                    (Form::Markdown, 0) => write!(out, "| {cell:<width$} |")?,
                    (Form::Markdown, _) => write!(out, " {cell:>width$} |")?,
                }
            }
            writeln!(f, "{}", out.trim_end())?;
            if number == 0 && self.form == Form::Markdown {
                let rules = widths.iter().enumerate().map(|(column, &width)| match column {
                    0 => format!("|:{}|", "-".repeat(width + 1)),
                    _ => format!("{}:|", "-".repeat(width + 1)),
                });
                writeln!(f, "{}", rules.collect::<String>())?;
            }
        }
        Ok(())
    }
}

/// A figure as a cell, `-` where there is none.
#[must_use]
pub fn cell<T: Display>(figure: Option<T>) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| figure.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(form: Form) -> String {
        let mut table = Table::new(form, &["row", "ns"]);
        table.push(vec!["loop".to_owned(), cell(Some(12.5))]);
        table.push(vec!["x".to_owned(), cell(None::<f64>)]);
        table.to_string()
    }

    #[test]
    fn text_is_aligned() {
        assert_eq!(table(Form::Text), "row     ns\nloop  12.5\nx        -\n");
    }

    #[test]
    fn markdown_is_aligned_too() {
        assert_eq!(table(Form::Markdown), "| row  |   ns |\n|:-----|-----:|\n| loop | 12.5 |\n| x    |    - |\n");
    }
}
