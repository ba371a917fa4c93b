//! What our `Sender` must reach beside lettre's pooled transport, in the same run.

use super::client::Client;
use super::figures::Figures;
use super::setting::{SETTINGS, Setting};
use crate::table::{Form, Table, cell};

/// Which figure of a client.
type Figure = fn(&Figures) -> Option<f64>;

/// Ours against lettre's.
#[derive(Clone, Copy, Debug)]
struct Gate {
    what: &'static str,
    figure: Figure,
    /// Of ours / lettre's.
    bound: Bound,
    /// Whether missing it fails the run; else it informs.
    gates: bool,
}

#[derive(Clone, Copy, Debug)]
enum Bound {
    Least(f64),
    Most(f64),
}

const GATES: [Gate; 3] = [
    Gate { what: "20 ms: messages/s", figure: |f| f.distant_messages_s, bound: Bound::Least(2.0), gates: true },
    Gate { what: "loopback: syscalls", figure: |f| f.loopback_syscalls, bound: Bound::Most(0.8), gates: true },
    // A busy machine moves it.
    Gate { what: "loopback: CPU us", figure: |f| f.loopback_cpu_us, bound: Bound::Most(0.8), gates: false },
];

impl Gate {
    fn of(&self, client: Client, setting: Setting, figures: &[Figures]) -> Option<f64> {
        let figures = figures.iter().find(|one| one.row == client.row() && one.setting == setting);
        figures.and_then(self.figure)
    }

    fn ratio(&self, setting: Setting, figures: &[Figures]) -> Option<f64> {
        Some(self.of(Client::Sender, setting, figures)? / self.of(Client::Lettre, setting, figures)?)
    }

    fn is_met(&self, setting: Setting, figures: &[Figures]) -> Option<bool> {
        self.ratio(setting, figures).map(|ratio| match self.bound {
            Bound::Least(least) => ratio >= least,
            Bound::Most(most) => ratio <= most,
        })
    }
}

/// Whether none of the gates that were measured is missed.
#[must_use]
pub fn all_met(figures: &[Figures]) -> bool {
    let met = |gate: &Gate| SETTINGS.iter().all(|setting| gate.is_met(*setting, figures) != Some(false));
    GATES.iter().filter(|gate| gate.gates).all(met)
}

/// Every gate in every setting.
#[must_use]
pub fn table(form: Form, figures: &[Figures]) -> Table {
    let heading = ["gate", "connections", "recipients", "ours", "lettre's", "ours / lettre's", "must be", ""];
    let mut table = Table::new(form, &heading);
    for gate in &GATES {
        for setting in SETTINGS {
            let verdict = match (gate.is_met(setting, figures), gate.gates) {
                (None, _) => "not measured",
                (Some(true), _) => "met",
                (Some(false), true) => "NOT met",
                (Some(false), false) => "not met (informs)",
            };
            let bound = match gate.bound {
                Bound::Least(least) => format!("at least {least}"),
                Bound::Most(most) => format!("at most {most}"),
            };
            table.push(vec![
                gate.what.to_owned(),
                setting.connections.to_string(),
                setting.recipients.to_string(),
                cell(gate.of(Client::Sender, setting, figures)),
                cell(gate.of(Client::Lettre, setting, figures)),
                cell(gate.ratio(setting, figures).map(|ratio| format!("{ratio:.2}"))),
                bound,
                verdict.to_owned(),
            ]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(client: Client, distant: f64, syscalls: f64, cpu: f64) -> Figures {
        let mut figures = Figures::of(client, SETTINGS[1]);
        figures.distant_messages_s = Some(distant);
        figures.loopback_syscalls = Some(syscalls);
        figures.loopback_cpu_us = Some(cpu);
        figures
    }

    #[test]
    fn one_ratio_beyond_its_bound_misses() {
        let lettre = figures(Client::Lettre, 10.0, 10.0, 10.0);
        assert!(all_met(&[lettre.clone(), figures(Client::Sender, 20.0, 8.0, 8.0)]));
        assert!(!all_met(&[lettre.clone(), figures(Client::Sender, 19.9, 8.0, 8.0)]));
        assert!(!all_met(&[lettre, figures(Client::Sender, 20.0, 8.1, 8.0)]));
    }

    #[test]
    fn processor_time_informs() {
        let both = [figures(Client::Lettre, 10.0, 10.0, 10.0), figures(Client::Sender, 20.0, 8.0, 80.0)];
        assert!(all_met(&both));
        assert!(table(Form::Text, &both).to_string().contains("not met (informs)"));
    }

    #[test]
    fn what_was_not_measured_misses_nothing() {
        assert!(all_met(&[]));
        assert!(all_met(&[figures(Client::Sender, 1.0, 1.0, 1.0)]));
    }
}
