//! How many SMTP replies a core classifies in a second, and with how many instructions.

use std::process::ExitCode;

use benches::callgrind::{self, Failure};
use benches::replies::{Form, REPLIES};
use benches::table::{self, Table, cell};
use benches::{allocations, cpu_time, machine};
use clap::{Parser, Subcommand};
use serde::Serialize;

/// The most instructions that a reply may take: they do not depend on the machine's load, and gate. A core of the machine of
/// the committed run does so many 1.5 million times a second.
const MOST_INSTRUCTIONS: f64 = 12_000.0;
/// Replies a second on a core: a busy machine moves them, and they inform.
const LEAST_A_SECOND: f64 = 1e6;
/// The best of so many runs counts, each of so many turns.
const RUNS: usize = 15;
const TURNS: u32 = 4_000;

/// Classifies replies of every kind, from their text and parsed. Exits with 1 if a reply takes more instructions than it
/// may.
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Args {
    /// One JSON object a line, instead of a table
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// A Markdown table
    #[arg(long)]
    markdown: bool,
    #[command(subcommand)]
    command: Option<Sub>,
}

#[derive(Debug, Subcommand)]
enum Sub {
    /// Classifies all replies so many times: for callgrind, or a profiler
    Measure { form: Form, turns: u64 },
}

/// What a reply costs, in the mean.
#[derive(Debug, Serialize)]
struct Figures {
    form: &'static str,
    replies_s: f64,
    instructions: Option<f64>,
    allocs: f64,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.command {
        Some(Sub::Measure { form, turns }) => {
            allocations::uncounted(|| form.run(turns));
            Ok(ExitCode::SUCCESS)
        }
        None => measured(&args),
    };
    // 1 says that a gate is missed.
    done.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(2)
    })
}

fn measured(args: &Args) -> Result<ExitCode, Failure> {
    let counts = callgrind::is_installed();
    if !counts {
        eprintln!("WARNING: valgrind is missing. Instructions are null, and the gate on them is NOT checked.");
    }
    let figures = Form::ALL.into_iter().map(|form| figures(form, counts)).collect::<Result<Vec<_>, _>>()?;
    let verdict = verdict(&figures);
    if args.json {
        for figures in &figures {
            println!("{}", serde_json::to_string(figures)?);
        }
        eprintln!("{}\n\n{verdict}", machine::described());
    } else {
        let form = if args.markdown { table::Form::Markdown } else { table::Form::Text };
        println!("{}\n\n{}\n{verdict}", machine::described(), listed(form, &figures));
    }
    let is_missed = |figures: &Figures| figures.instructions.is_some_and(|count| count > MOST_INSTRUCTIONS);
    Ok(if figures.iter().any(is_missed) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn figures(form: Form, counts: bool) -> Result<Figures, Failure> {
    let replies = u32::try_from(REPLIES.len()).map(f64::from)?;
    let run = || cpu_time::of(|| allocations::uncounted(|| form.run(TURNS.into())));
    let best = (0..RUNS).map(|_| run()).min().unwrap_or_default().as_secs_f64();
    let instructions = if counts { Some(callgrind::a_turn(&["measure", form.name()])? / replies) } else { None };
    Ok(Figures {
        form: form.name(),
        replies_s: (f64::from(TURNS) * replies / best).round(),
        instructions: instructions.map(f64::round),
        allocs: allocations::an_iteration(&|turns| form.run(turns)) / replies,
    })
}

fn listed(form: table::Form, figures: &[Figures]) -> Table {
    let mut table = Table::new(form, &["from", "replies/s", "instructions", "allocs"]);
    for f in figures {
        table.push(vec![f.form.to_owned(), f.replies_s.to_string(), cell(f.instructions), f.allocs.to_string()]);
    }
    table
}

fn verdict(figures: &[Figures]) -> String {
    let words = |is_met| if is_met { "met" } else { "NOT met" };
    let line = |f: &Figures| {
        let speed = words(f.replies_s >= LEAST_A_SECOND);
        let count = f.instructions.map_or("not measured", |count| words(count <= MOST_INSTRUCTIONS));
        let least = LEAST_A_SECOND / 1e6;
        format!(
            "{}: at least {least} M replies/s (informs): {speed}; at most {MOST_INSTRUCTIONS} instructions: {count}",
            f.form
        )
    };
    figures.iter().map(line).collect::<Vec<_>>().join("\n")
}
