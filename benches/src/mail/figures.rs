//! All that is measured of a client in a setting; the keys of the JSON form.

use std::collections::BTreeMap;
use std::env;
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use serde::Serialize;

use super::client::Client;
use super::lane::{Limits, Taken};
use super::setting::Setting;
use crate::callgrind::Failure;
use crate::table::{Form, Table, cell};

/// The figures of one client in one setting. `None`, null in JSON, where it was not measured.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// The client.
    pub row: &'static str,
    /// How it was used.
    #[serde(flatten)]
    pub setting: Setting,
    /// Messages a second on the loopback, all connections together.
    pub loopback_messages_s: Option<f64>,
    /// Microseconds on a core for a message there, in the program and in the system.
    pub loopback_cpu_us: Option<f64>,
    /// System calls a message there.
    pub loopback_syscalls: Option<f64>,
    /// Messages a second and connection where a round trip takes 20 ms.
    pub distant_messages_s: Option<f64>,
    /// The system calls by name.
    pub syscalls: BTreeMap<String, f64>,
}

impl Figures {
    /// Nothing is measured yet.
    #[must_use]
    pub const fn of(client: Client, setting: Setting) -> Self {
        Self {
            row: client.row(),
            setting,
            loopback_messages_s: None,
            loopback_cpu_us: None,
            loopback_syscalls: None,
            distant_messages_s: None,
            syscalls: BTreeMap::new(),
        }
    }

    /// Enters a run on the loopback; of several the least disturbed counts.
    pub fn enter_loopback(&mut self, taken: Taken) {
        let messages = f64::from(taken.messages);
        let (rate, cpu) = (messages * 1e9 / taken.wall_ns, taken.cpu_ns / messages / 1e3);
        self.loopback_messages_s = Some(rounded(self.loopback_messages_s.map_or(rate, |best| best.max(rate)), 1.0));
        self.loopback_cpu_us = Some(rounded(self.loopback_cpu_us.map_or(cpu, |best| best.min(cpu)), 10.0));
    }

    /// Enters a run at a distance; of several the least disturbed counts.
    pub fn enter_distant(&mut self, taken: Taken) {
        let connections = u32::try_from(self.setting.connections).map_or(f64::NAN, f64::from);
        let rate = f64::from(taken.messages) * 1e9 / taken.wall_ns / connections;
        self.distant_messages_s = Some(rounded(self.distant_messages_s.map_or(rate, |best| best.max(rate)), 100.0));
    }

    /// Enters what strace counted.
    pub fn enter_syscalls(&mut self, calls: BTreeMap<String, f64>) {
        self.loopback_syscalls = Some(rounded(calls.values().sum(), 100.0));
        self.syscalls = calls.into_iter().map(|(name, calls)| (name, rounded(calls, 100.0))).collect();
    }
}

/// Runs this very program as `measure`, so that a client's processor time is its own.
///
/// # Errors
/// Where the process fails.
pub fn child(client: Client, server: SocketAddr, setting: Setting, limits: Limits) -> Result<Taken, Failure> {
    let numbers = [limits.messages.to_string(), limits.time.as_millis().to_string()];
    let shape = [setting.connections.to_string(), setting.recipients.to_string()];
    let output = Command::new(env::current_exe()?)
        .args(["measure", client.name(), &server.to_string()])
        .args(["--messages", &numbers[0], "--milliseconds", &numbers[1]])
        .args(["--connections", &shape[0], "--recipients", &shape[1]])
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} with {setting:?}: {}: {said}", client.name(), output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// All that fits into `time`.
#[must_use]
pub const fn within(time: Duration) -> Limits {
    Limits { messages: u32::MAX, time }
}

/// A line for each client and setting.
#[must_use]
pub fn table(form: Form, figures: &[Figures]) -> Table {
    let heading = ["client", "connections", "recipients", "messages/s", "CPU us", "syscalls", "20 ms: messages/s"];
    let mut table = Table::new(form, &heading);
    for f in figures {
        let shape = [f.setting.connections.to_string(), f.setting.recipients.to_string()];
        let measured = [f.loopback_messages_s, f.loopback_cpu_us, f.loopback_syscalls, f.distant_messages_s].map(cell);
        table.push([vec![f.row.to_owned()], shape.to_vec(), measured.to_vec()].concat());
    }
    table
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
