//! What a preview says before a run.

mod closed_forms;
mod cuts;
mod options;
mod properties;
mod runs;
mod stored;
