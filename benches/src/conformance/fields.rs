//! The fields of a JSON object of a case, by type. A field that is `null` is absent.

use std::time::Duration;

use serde_json::{Map, Value};

use super::fault::Fault;
use super::quantity;
use super::unit::Unit;

/// An object of a case, and the unit in which it writes time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a> {
    object: Option<&'a Map<String, Value>>,
    unit: Unit,
}

impl<'a> Fields<'a> {
    /// Of `value`; it has no fields if it is no object.
    pub(crate) fn of(value: &'a Value, unit: Unit) -> Self {
        Self { object: value.as_object(), unit }
    }

    pub(crate) fn get(self, key: &str) -> Option<&'a Value> {
        self.object?.get(key).filter(|value| !value.is_null())
    }

    pub(crate) fn need(self, key: &str) -> Result<&'a Value, Fault> {
        self.get(key).ok_or_else(|| missing(key))
    }

    pub(crate) fn keys(self) -> impl Iterator<Item = &'a str> {
        self.object.into_iter().flat_map(|object| object.keys().map(String::as_str))
    }

    /// Refuses an object that says more than the op knows: a setting must not be ignored.
    pub(crate) fn only(self, known: &[&str]) -> Result<(), Fault> {
        match self.keys().find(|key| !known.contains(key)) {
            Some(key) => Err(Fault::unreadable(format!("the runner does not know `{key}` here"))),
            None => Ok(()),
        }
    }

    pub(crate) fn number(self, key: &str) -> Result<Option<f64>, Fault> {
        self.get(key).map(|value| value.as_f64().ok_or_else(|| wrong(key, value, "a number"))).transpose()
    }

    pub(crate) fn need_number(self, key: &str) -> Result<f64, Fault> {
        self.number(key)?.ok_or_else(|| missing(key))
    }

    pub(crate) fn integer(self, key: &str) -> Result<Option<i64>, Fault> {
        self.get(key).map(|value| value.as_i64().ok_or_else(|| wrong(key, value, "a whole number"))).transpose()
    }

    pub(crate) fn need_integer(self, key: &str) -> Result<i64, Fault> {
        self.integer(key)?.ok_or_else(|| missing(key))
    }

    pub(crate) fn whole(self, key: &str) -> Result<Option<u64>, Fault> {
        self.get(key).map(|value| value.as_u64().ok_or_else(|| wrong(key, value, "a whole number"))).transpose()
    }

    pub(crate) fn need_whole(self, key: &str) -> Result<u64, Fault> {
        self.whole(key)?.ok_or_else(|| missing(key))
    }

    /// A whole number; more than fits counts as the most that does.
    pub(crate) fn count(self, key: &str) -> Result<Option<u32>, Fault> {
        Ok(self.whole(key)?.map(|count| u32::try_from(count).unwrap_or(u32::MAX)))
    }

    pub(crate) fn need_count(self, key: &str) -> Result<u32, Fault> {
        self.count(key)?.ok_or_else(|| missing(key))
    }

    /// False where absent.
    pub(crate) fn flag(self, key: &str) -> Result<bool, Fault> {
        self.get(key).map_or(Ok(false), |value| value.as_bool().ok_or_else(|| wrong(key, value, "true or false")))
    }

    pub(crate) fn text(self, key: &str) -> Result<Option<&'a str>, Fault> {
        self.get(key).map(|value| value.as_str().ok_or_else(|| wrong(key, value, "a text"))).transpose()
    }

    pub(crate) fn need_text(self, key: &str) -> Result<&'a str, Fault> {
        self.text(key)?.ok_or_else(|| missing(key))
    }

    pub(crate) fn list(self, key: &str) -> Result<Option<&'a [Value]>, Fault> {
        self.get(key)
            .map(|value| value.as_array().map(Vec::as_slice).ok_or_else(|| wrong(key, value, "a list")))
            .transpose()
    }

    pub(crate) fn need_list(self, key: &str) -> Result<&'a [Value], Fault> {
        self.list(key)?.ok_or_else(|| missing(key))
    }

    /// The object under `key`; empty where absent.
    pub(crate) fn object(self, key: &str) -> Self {
        Self { object: self.get(key).and_then(Value::as_object), unit: self.unit }
    }

    /// The object that `value`, a part of this one, is.
    pub(crate) fn within(self, value: &'a Value) -> Self {
        Self::of(value, self.unit)
    }

    /// A time under `key` in the file's unit, or under `key_s`, `key_ms`, `key_us` or `key_ns`. A negative one is refused: where
    /// a peer gives it a meaning, its shim looks at the [`amount`](Self::amount).
    pub(crate) fn duration(self, key: &str) -> Result<Option<Duration>, Fault> {
        let Some((name, unit)) = self.timed(key) else { return Ok(None) };
        let Some(value) = self.get(&name) else { return Ok(None) };
        quantity::duration(value, unit).map(Some).ok_or_else(|| wrong(&name, value, "a time"))
    }

    pub(crate) fn need_duration(self, key: &str) -> Result<Duration, Fault> {
        self.duration(key)?.ok_or_else(|| missing(key))
    }

    /// As [`duration`](Self::duration), but the bare number in seconds, with its sign.
    pub(crate) fn amount(self, key: &str) -> Result<Option<f64>, Fault> {
        let Some((name, unit)) = self.timed(key) else { return Ok(None) };
        Ok(self.number(&name)?.map(|value| value * unit.tick() / Unit::Seconds.tick()))
    }

    /// Several times under one key, as [`duration`](Self::duration) finds it.
    pub(crate) fn durations(self, key: &str) -> Result<Option<Vec<Duration>>, Fault> {
        let Some((name, unit)) = self.timed(key) else { return Ok(None) };
        let Some(values) = self.list(&name)? else { return Ok(None) };
        let one = |value| quantity::duration(value, unit).ok_or_else(|| wrong(&name, value, "a time"));
        values.iter().map(one).collect::<Result<_, _>>().map(Some)
    }

    /// The key under which a time stands, and its unit.
    pub(crate) fn timed(self, key: &str) -> Option<(String, Unit)> {
        if self.get(key).is_some() {
            return Some((key.into(), self.unit));
        }
        let suffixed = Unit::SUFFIXES.map(|(suffix, unit)| (format!("{key}{suffix}"), unit));
        suffixed.into_iter().find(|(name, _)| self.get(name).is_some())
    }
}

fn missing(key: &str) -> Fault {
    Fault::unreadable(format!("`{key}` is missing"))
}

fn wrong(key: &str, value: &Value, what: &str) -> Fault {
    Fault::unreadable(format!("`{key}` is {value}, and not {what}"))
}
