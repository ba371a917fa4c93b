use retry_core::simulate::{Disturbance, Scenario};
use std::time::Duration;

use serde_json::Value;

use crate::conformance::fault::Fault;
use crate::conformance::fields::Fields;

/// What befalls the server, and what it is asked: in the words and with the defaults of the cases.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    clients: u32,
    rate: f64,
    capacity: f64,
    timeout: f64,
    queue: f64,
    end: f64,
    /// From, to, and the part of the capacity that is left.
    trigger: Option<(f64, f64, f64)>,
    down: Option<(f64, f64)>,
    errors: f64,
}

const TRIGGER: (f64, f64, f64) = (30.0, 40.0, 0.1);

impl Setting {
    const DEFAULT: Self = Self {
        clients: 100,
        rate: 8.0,
        capacity: 1000.0,
        timeout: 1.0,
        queue: 2.0,
        end: 180.0,
        trigger: Some(TRIGGER),
        down: None,
        errors: 0.0,
    };

    /// From `params` where there are some, else from what the scenario's label begins with.
    pub(super) fn of(case: Fields<'_>) -> Result<Self, Fault> {
        if case.get("params").is_some() {
            return Self::params(case.object("params"));
        }
        let mut setting = match case.text("scenario")? {
            Some(label) => Self::labelled(label)?,
            None => Self { end: 90.0, ..Self::DEFAULT },
        };
        setting.clients = case.count("clients")?.unwrap_or(setting.clients);
        setting.rate = case.number("rps_per_client")?.unwrap_or(setting.rate);
        Ok(setting)
    }

    fn params(params: Fields<'_>) -> Result<Self, Fault> {
        params.only(&["N", "rps", "mu", "T", "Qs", "end", "trig", "down", "errp"])?;
        let default = Self::DEFAULT;
        let number = |key, default| Ok::<_, Fault>(params.number(key)?.unwrap_or(default));
        // `null` says that there is none; what is not said has its default.
        let trigger = match (params.get("trig"), params.keys().any(|key| key == "trig")) {
            (Some(list), _) => Some(numbers::<3>(list)?.into()),
            (None, true) => None,
            (None, false) => default.trigger,
        };
        Ok(Self {
            clients: params.count("N")?.unwrap_or(default.clients),
            rate: number("rps", default.rate)?,
            capacity: number("mu", default.capacity)?,
            timeout: number("T", default.timeout)?,
            queue: number("Qs", default.queue)?,
            end: number("end", default.end)?,
            trigger,
            down: params.get("down").map(numbers::<2>).transpose()?.map(Into::into),
            errors: number("errp", default.errors)?,
        })
    }

    fn labelled(label: &str) -> Result<Self, Fault> {
        // The runs whose label is a sentence are the long ones.
        let long = if label.contains(' ') { 30.0 } else { 0.0 };
        let large = Self { end: 90.0 + long, ..Self::DEFAULT };
        let small = |rate| Self { clients: 2000, rate, ..large };
        let errors = |errors, base: Self| Self { trigger: None, errors, end: 40.0, ..base };
        let down = |base: Self| Self { trigger: None, down: Some((20.0, 50.0)), end: 80.0, ..base };
        Ok(match label.split_whitespace().next().unwrap_or_default() {
            "S1" => large,
            "S2" => errors(0.05, large),
            "S3" => down(large),
            "S4" => errors(0.5, large),
            "S5" => small(0.4),
            "S6" => Self { rate: 9.2, end: 90.0 + 2.0 * long, ..large },
            "S7" => errors(0.2, large),
            "S8" => Self { trigger: Some((30.0, 60.0, 0.5)), queue: 0.5, end: 90.0, ..large },
            "S9" => Self { trigger: Some((30.0, 60.0, 0.6)), rate: 9.2, end: 120.0, ..large },
            "S2s" => errors(0.05, small(0.4)),
            "S3s" => down(small(0.4)),
            "S4s" => errors(0.5, small(0.4)),
            "S6s" => small(0.46),
            "S7s" => errors(0.2, small(0.4)),
            _ => return Err(Fault::unreadable(format!("no scenario begins as `{label}` does"))),
        })
    }

    pub(super) fn scenario(&self) -> Scenario {
        let span = |(from, to): (f64, f64)| (seconds(from), seconds(to));
        let mut scenario = Scenario::new()
            .clients(self.clients, self.rate)
            .capacity(self.capacity)
            .timeout(seconds(self.timeout))
            .queue(seconds(self.queue))
            .errors(self.errors)
            .duration(seconds(self.end));
        if let Some((from, to, factor)) = self.trigger {
            let (from, to) = span((from, to));
            scenario = scenario.disturb(Disturbance::slow(from, to, factor));
        }
        if let Some(down) = self.down {
            let (from, to) = span(down);
            scenario = scenario.disturb(Disturbance::down(from, to));
        }
        scenario
    }

    pub(super) const fn is_disturbed(&self) -> bool {
        self.trigger.is_some() || self.down.is_some()
    }

    /// When the disturbance is over, in seconds.
    pub(super) fn settled(&self) -> f64 {
        self.trigger.map(|(_, to, _)| to).or_else(|| self.down.map(|(_, to)| to)).unwrap_or(30.0)
    }

    /// When the run is, in seconds.
    pub(super) const fn end(&self) -> f64 {
        self.end
    }
}

/// Time in whole microseconds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
pub(super) fn seconds(s: f64) -> Duration {
    Duration::from_micros((s * 1e6).round() as u64)
}

fn numbers<const N: usize>(list: &Value) -> Result<[f64; N], Fault> {
    let numbers: Option<Vec<f64>> = list.as_array().map(|list| list.iter().filter_map(Value::as_f64).collect());
    let numbers = numbers.and_then(|numbers| numbers.try_into().ok());
    numbers.ok_or_else(|| Fault::unreadable(format!("{list} is no list of {N} numbers")))
}
