//! A file of vectors and its cases.

use serde_json::Value;

use super::fault::Fault;
use super::fields::Fields;
use super::unit::Unit;

/// A file of vectors.
#[derive(Debug)]
pub(crate) struct VectorFile {
    pub(crate) name: String,
    pub(crate) cases: Vec<Case>,
}

impl VectorFile {
    /// Reads the text of a file. Its cases are its own matter: one that makes no sense fails when it is run.
    pub(crate) fn parse(stem: String, text: &str) -> Result<Self, String> {
        let file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let Some(cases) = file.get("cases").and_then(Value::as_array) else {
            return Err("it has no list of `cases`; give the directory of the vector files".into());
        };
        let unit = Unit::of(file.get("units").and_then(Value::as_str).unwrap_or_default());
        let name = file.get("name").and_then(Value::as_str).map_or(stem, str::to_owned);
        let cases = cases.iter().enumerate().map(|(at, body)| Case::new(at, body.clone(), unit)).collect();
        Ok(Self { name, cases })
    }
}

/// One case.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) op: String,
    pub(crate) unit: Unit,
    body: Value,
}

impl Case {
    fn new(at: usize, body: Value, unit: Unit) -> Self {
        let text = |key| body.get(key).and_then(Value::as_str).map(str::to_owned);
        let id = text("id").unwrap_or_else(|| format!("case {at}"));
        Self { id, op: text("op").unwrap_or_default(), unit, body }
    }

    /// All of it.
    pub(crate) fn all(&self) -> Fields<'_> {
        Fields::of(&self.body, self.unit)
    }

    /// What is put in: `input`, or `given`.
    pub(crate) fn input(&self) -> Fields<'_> {
        let all = self.all();
        all.object(if all.get("input").is_some() { "input" } else { "given" })
    }

    /// What should come out, as it is written.
    pub(crate) fn expect(&self) -> Result<&Value, Fault> {
        // `null` can be what is expected.
        self.body.get("expect").ok_or_else(|| Fault::unreadable("`expect` is missing"))
    }

    /// How far ours may be from an expected number: as the case says.
    pub(crate) fn tolerance(&self, expected: f64) -> Result<f64, Fault> {
        let absolute = self.all().number("tolerance_abs")?.unwrap_or(0.0);
        let relative = self.all().number("tolerance_rel")?.unwrap_or(0.0);
        // A float has 15 digits.
        Ok(absolute + expected.abs() * relative.max(1e-15))
    }
}
