//! Plans for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use retry_core::Plan;
use serde::Serialize;

use super::subject::Subject;
use crate::exit::{Exit, Failure};

/// A policy and its plan; those of its classes below.
#[derive(Serialize)]
struct Object<'a> {
    /// As it was given.
    spec: &'a str,
    /// The canonical text.
    policy: &'a str,
    #[serde(flatten)]
    plan: &'a Plan,
    /// After how long an attempt is cut.
    timeout_s: Option<f64>,
    classes: BTreeMap<&'static str, Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    policy: &'a str,
    #[serde(flatten)]
    plan: &'a Plan,
}

/// An object a line.
pub(super) fn print(subjects: &[Subject]) -> Result<(), Failure> {
    for subject in subjects {
        let [default, classes @ ..] = subject.parts() else { continue };
        let object = Object {
            spec: &subject.label,
            policy: &subject.whole,
            plan: &default.plan,
            timeout_s: subject.limited.timeout_limit().map(|timeout| timeout.as_secs_f64()),
            classes: classes.iter().map(|part| (part.name(), Part { policy: &part.text, plan: &part.plan })).collect(),
        };
        let line = serde_json::to_string(&object).map_err(|error| {
            Failure::new(Exit::Software, format!("cannot write as JSON: {error}; please report it"))
        })?;
        // Whoever closes stdout has read enough.
        let _ = writeln!(io::stdout(), "{line}");
    }
    Ok(())
}
