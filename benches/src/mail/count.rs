//! System calls, counted by strace.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::net::SocketAddr;
use std::process::{Command, Stdio, id};

use super::client::Client;
use super::setting::Setting;
use crate::callgrind::Failure;

/// Two run lengths: what happens once (start-up, connecting, a thread that looks up the name) is in both and cancels.
const FEW: u32 = 5;
const MANY: u32 = 25;

/// Whether strace can trace here: it may be missing, or forbidden.
#[must_use]
pub fn is_possible() -> bool {
    let traced = Command::new("strace").args(["-c", "-f", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    traced.is_ok_and(|status| status.success())
}

/// System calls a message, by name; those that are less than one in a hundred messages are left out.
///
/// # Errors
/// Where the traced process fails.
pub fn a_message(client: Client, server: SocketAddr, setting: Setting) -> Result<BTreeMap<String, f64>, Failure> {
    let few = traced(client, server, setting, FEW)?;
    let many = traced(client, server, setting, MANY)?;
    let messages = f64::from(MANY - FEW) * f64::from(u32::try_from(setting.connections)?);
    let more = many.into_iter().map(|(name, calls)| {
        let before = few.get(&name).copied().unwrap_or_default();
        (name, (calls - before) / messages)
    });
    Ok(more.filter(|(_, calls)| *calls >= 0.01).collect())
}

/// Runs this very program under strace, as `measure`.
fn traced(
    client: Client,
    server: SocketAddr,
    setting: Setting,
    messages: u32,
) -> Result<BTreeMap<String, f64>, Failure> {
    let file = env::temp_dir().join(format!("smtp-bench-{}.strace", id()));
    let output = Command::new("strace")
        .args(["-c", "-f", "-U", "calls,name", "-o"])
        .arg(&file)
        .arg(env::current_exe()?)
        .args(["measure", client.name(), &server.to_string(), "--messages", &messages.to_string()])
        .args(["--connections", &setting.connections.to_string(), "--recipients", &setting.recipients.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()?;
    let summary = fs::read_to_string(&file);
    let _ = fs::remove_file(&file);
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} under strace: {}: {said}", client.name(), output.status).into());
    }
    Ok(calls(&summary?))
}

/// The lines of strace's summary: a number and a name.
fn calls(summary: &str) -> BTreeMap<String, f64> {
    let line = |line: &str| {
        let (calls, name) = line.trim().split_once(char::is_whitespace)?;
        Some((name.trim().to_owned(), calls.parse().ok()?))
    };
    summary.lines().filter_map(line).filter(|(name, _)| name != "total").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_read() {
        let summary = "    calls syscall\n--------- ----------------\n      120 sendto\n        3 futex\n--------- ------\n      123 total\n";
        assert_eq!(calls(summary), BTreeMap::from([("sendto".to_owned(), 120.0), ("futex".to_owned(), 3.0)]));
    }
}
