//! The list of presets.

use std::io::{self, Write};

use console::style;
use retry_email::preset::Preset;

/// One a line: name, what it does, where it comes from.
pub(super) fn list() {
    let width = Preset::all().iter().map(|preset| preset.name().len()).max().unwrap_or(0);
    let about = Preset::all().iter().map(|preset| preset.about().chars().count()).max().unwrap_or(0);
    for preset in Preset::all() {
        let name = format!("{:width$}", preset.name());
        let source = style(preset.source()).dim();
        let _ = writeln!(io::stdout(), "{}  {:about$}  {source}", style(name).bold(), preset.about());
    }
}
