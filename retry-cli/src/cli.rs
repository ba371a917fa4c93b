//! The command line.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::exit::{Exit, Failure};
use crate::{classify, demo, plan, send, simulate};

const EXAMPLES: &str = "\
Examples:
  retry demo                     a bundled message survives a bad mail server
  retry demo --eml message.eml   the same with a message of yours
  retry plan postfix             when a policy would try again
  retry classify smtp            what SMTP replies mean: one a line on stdin
  retry classify http --jsonl    what answers and errors of HTTP mean, a JSON object a line
  retry send -t --smtp HOST FILE a message of yours, with retries and failover
  retry simulate metastable      what policies do to a service that is overloaded
  retry help demo                all about one command

Exit codes:
  0 done, 64 usage, 65 bad message or input, 66 no such file, 71 system, 73 cannot write a file, 75 failed for now;
  see 'retry send --help' for those of mail";

/// Retry policies at work.
///
/// Wraps what may fail for a while, and tries again: by schedule, with jitter, and only where that helps.
#[derive(Debug, Parser)]
#[command(name = "retry", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Classify(classify::Options),
    Demo(demo::Options),
    Plan(plan::Options),
    Send(send::Options),
    Simulate(simulate::Options),
}

/// Does what the arguments say.
pub(crate) fn run(args: impl IntoIterator<Item = OsString>) -> Result<(), Failure> {
    match Cli::try_parse_from(args) {
        Ok(cli) => match cli.command {
            Command::Classify(options) => classify::run(&options),
            Command::Demo(options) => demo::run(&options),
            Command::Plan(options) => plan::run(&options),
            Command::Send(options) => send::run(&options),
            Command::Simulate(options) => simulate::run(&options),
        },
        // `--help` and `--version`; a closed stdout is no reason to complain.
        Err(error) if !error.use_stderr() => {
            let _ = error.print();
            Ok(())
        }
        Err(error) => Err(Failure::new(Exit::Usage, one_line(&error))),
    }
}

/// What clap says over several lines, and where there is more.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = || text.lines().map(str::trim);
    let usage = lines().find_map(|line| line.strip_prefix("Usage: ")).unwrap_or("retry");
    let command: Vec<_> = usage.split(' ').take_while(|word| !word.starts_with(['<', '[', '-'])).collect();
    let said = match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            String::from("no command given")
        }
        _ => {
            let said = lines().filter(|line| {
                !(line.is_empty() || line.starts_with("Usage: ") || line.starts_with("For more information"))
            });
            let said: Vec<_> = said.map(|line| line.trim_start_matches("error: ")).collect();
            // What ends with a colon goes on in the next line.
            said.join(", ").replace(":, ", ": ")
        }
    };
    format!("{said}; see '{} --help'", command.join(" "))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
