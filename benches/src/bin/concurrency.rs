//! What many calls at the same time cost: wall time and resident memory, each row in a process of its own.

use std::env;
use std::error::Error;
use std::process::{Command, ExitCode};

use benches::crowd::{Crowd, Outcome};
use benches::progress::Progress;
use benches::row::Row;
use benches::table::{Form, Table};
use benches::{machine, ours, rows};
use clap::{Parser, Subcommand};

/// The most our `call` may have resident, and the crowd this is about.
const MOST_MIB: f64 = 61.0;
const GATED_TASKS: u32 = 100_000;
/// The best of so many runs counts.
const ROUNDS: usize = 3;

/// Runs many tasks on one thread, each a call that fails twice and then succeeds, side by side with other retry crates.
/// Exits with 1 if ours needs more memory than it may.
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Args {
    /// One JSON object a line for each row, instead of a table
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// A Markdown table
    #[arg(long)]
    markdown: bool,
    /// Tasks at the same time; the gate is about the default
    #[arg(long, default_value_t = GATED_TASKS, value_parser = clap::value_parser!(u32).range(1..))]
    tasks: u32,
    #[command(subcommand)]
    command: Option<Sub>,
}

#[derive(Debug, Subcommand)]
enum Sub {
    /// Runs one row once and prints what it needed
    Measure { row: String, tasks: u32 },
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.command {
        Some(Sub::Measure { row, tasks }) => measure(row, *tasks),
        None => compare(&args),
    };
    // 1 says that the gate is missed.
    done.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(2)
    })
}

fn measure(name: &str, tasks: u32) -> Result<ExitCode, Box<dyn Error>> {
    let rows = rows();
    let row = rows.iter().find(|row| row.name == name).ok_or("no row has this name")?;
    let crowd = row.crowd.as_ref().ok_or("the row cannot be spawned")?;
    println!("{}", serde_json::to_string(&crowd(tasks))?);
    Ok(ExitCode::SUCCESS)
}

fn compare(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let outcomes = outcomes(args.tasks)?;
    let (missed, verdict) = verdict(&outcomes);
    if args.json {
        for outcome in &outcomes {
            println!("{}", serde_json::to_string(outcome)?);
        }
        eprintln!("{}\n\n{verdict}", machine::described());
    } else {
        let form = if args.markdown { Form::Markdown } else { Form::Text };
        println!("{}\n\n{}\n{verdict}", machine::described(), table(form, &outcomes));
    }
    Ok(if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Of the peers and of `call`: our other doors differ by the size of their futures alone.
fn outcomes(tasks: u32) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let chosen = |row: &Row| row.crowd.is_some() && (row.name == ours::CALL || !row.name.starts_with("retry-core"));
    let names: Vec<_> = rows().iter().filter(|row| chosen(row)).map(|row| row.name).collect();
    let progress = Progress::of("running crowds", names.len() * ROUNDS);
    let mut crowds: Vec<Vec<Crowd>> = vec![Vec::new(); names.len()];
    // Round by round, so that a busy minute of the machine hits every row.
    for _ in 0..ROUNDS {
        for (name, crowds) in names.iter().zip(&mut crowds) {
            progress.step(name);
            crowds.push(child(name, tasks)?);
        }
    }
    let best = |(name, crowds): (_, Vec<Crowd>)| Outcome::best(name, tasks, &crowds);
    Ok(names.into_iter().zip(crowds).map(best).collect())
}

fn child(row: &str, tasks: u32) -> Result<Crowd, Box<dyn Error>> {
    let arguments = ["measure", row, &tasks.to_string()];
    let output = Command::new(env::current_exe()?).args(arguments).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{arguments:?}: {}: {said}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn table(form: Form, outcomes: &[Outcome]) -> Table {
    let mut table = Table::new(form, &["row", "tasks", "wall ms", "peak MiB", "bytes a task"]);
    for o in outcomes {
        let figures = [f64::from(o.tasks), o.wall_ms, o.peak_mib, o.bytes_a_task].map(|figure| figure.to_string());
        table.push([vec![o.row.to_owned()], figures.to_vec()].concat());
    }
    table
}

/// Whether the gate is missed, and what to say about it.
fn verdict(outcomes: &[Outcome]) -> (bool, String) {
    let Some(ours) = outcomes.iter().find(|outcome| outcome.row == ours::CALL) else {
        return (false, "gate: not measured".to_owned());
    };
    let peers = outcomes.iter().filter(|peer| peer.row != ours::CALL && peer.row != "hand loop");
    let best = peers.min_by(|a, b| a.peak_mib.total_cmp(&b.peak_mib));
    let best = best.map_or_else(String::new, |peer| {
        format!("; best peer {} {} MiB, ours / its {:.2}", peer.row, peer.peak_mib, ours.peak_mib / peer.peak_mib)
    });
    let missed = ours.tasks == GATED_TASKS && ours.peak_mib > MOST_MIB;
    let word = match missed {
        true => "NOT met",
        false if ours.tasks == GATED_TASKS => "met",
        false => "not checked with another number of tasks",
    };
    (missed, format!("gate: {} peaks at {} MiB, at most {MOST_MIB}: {word}{best}", ours.row, ours.peak_mib))
}
