//! What one call costs: time, instructions, allocations and bytes, for the engine's doors and its peers.

use std::process::ExitCode;

use benches::callgrind::Failure;
use benches::figures::{Figures, GuardFigures};
use benches::mode::Mode;
use benches::progress::Progress;
use benches::row::Row;
use benches::table::{Form, Table, cell};
use benches::{allocations, callgrind, gate, machine, rows};
use clap::{Parser, Subcommand};

/// Measures the cost of a call that succeeds at once (happy) or after three failures (f3), side by side with other
/// retry crates. Exits with 1 if a gate is not met and instructions were counted.
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Args {
    /// One JSON object a line for each row, instead of tables
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Markdown tables
    #[arg(long)]
    markdown: bool,
    /// Only rows whose name contains this (may be given more than once)
    #[arg(long = "row", value_name = "FILTER")]
    filters: Vec<String>,
    /// Leave out the instruction counts, and with them most gates
    #[arg(long)]
    no_instructions: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs one loop of one row, for callgrind or a profiler
    Measure { row: String, mode: Mode, iterations: u64 },
    /// Prints the names of the rows
    List,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.command {
        Some(Command::Measure { row, mode, iterations }) => measure(row, *mode, *iterations),
        Some(Command::List) => {
            rows().iter().for_each(|row| println!("{}", row.name));
            Ok(ExitCode::SUCCESS)
        }
        None => compare(&args),
    };
    // 1 says that a gate is missed.
    done.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(2)
    })
}

fn measure(name: &str, mode: Mode, iterations: u64) -> Result<ExitCode, Failure> {
    let rows = rows();
    let row = rows.iter().find(|row| row.name == name).ok_or("no row has this name; `overhead list` prints them")?;
    let run = mode.of(row).ok_or("the row has no such loop")?;
    allocations::uncounted(|| run(iterations));
    Ok(ExitCode::SUCCESS)
}

fn compare(args: &Args) -> Result<ExitCode, Failure> {
    let mut rows = rows();
    rows.retain(|row| args.filters.is_empty() || args.filters.iter().any(|filter| row.name.contains(filter.as_str())));
    if rows.is_empty() {
        return Err("no row has such a name; `overhead list` prints them".into());
    }
    // Nothing else runs while time is taken.
    let mut figures = timed(&rows);
    let counts = !args.no_instructions && callgrind::is_installed();
    if counts {
        callgrind::count(&rows, &mut figures)?;
    } else if !args.no_instructions {
        eprintln!("WARNING: valgrind is missing. Instructions are null, and the gates on them are NOT checked.");
    }
    if args.json {
        for figures in &figures {
            println!("{}", serde_json::to_string(figures)?);
        }
        eprintln!("{}\n\n{}", machine::described(), gate::table(Form::Text, &figures));
    } else {
        let form = if args.markdown { Form::Markdown } else { Form::Text };
        println!("{}\n\n{}", machine::described(), table(form, &figures));
        println!("{}", guards(form, &figures));
        println!("{}", gate::table(form, &figures));
    }
    Ok(if gate::all_met(&figures) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn timed(rows: &[Row]) -> Vec<Figures> {
    let progress = Progress::of("timing rows", rows.len());
    let measured = |row: &Row| {
        progress.step(row.name);
        Figures::measured(row)
    };
    rows.iter().map(measured).collect()
}

/// A heading, and what stands under it.
type Column = (&'static str, fn(&Figures) -> String);

const COLUMNS: [Column; 13] = [
    ("row", |f| f.row.to_owned()),
    ("happy ns", |f| cell(f.happy_ns)),
    ("instr", |f| cell(f.happy_instructions)),
    ("allocs", |f| cell(f.happy_allocs)),
    ("f3 ns", |f| cell(f.f3_ns)),
    ("instr", |f| cell(f.f3_instructions)),
    ("allocs", |f| cell(f.f3_allocs)),
    ("f3 tokio instr", |f| cell(f.f3_tokio_instructions)),
    ("allocs", |f| cell(f.f3_tokio_allocs)),
    ("future B", |f| cell(f.future_bytes_noop)),
    ("with Sleep", |f| cell(f.future_bytes_tokio)),
    ("delay ns", |f| cell(f.delay_ns)),
    ("instr", |f| cell(f.delay_instructions)),
];

/// The rows that make calls or compute delays.
fn table(form: Form, figures: &[Figures]) -> Table {
    let mut table = Table::new(form, &COLUMNS.map(|(heading, _)| heading));
    for row in figures.iter().filter(|row| row.happy_ns.is_some() || row.delay_ns.is_some()) {
        table.push(COLUMNS.iter().map(|(_, figure)| figure(row)).collect());
    }
    table
}

/// Each guard of each row, the peers of a kind beside ours.
fn guards(form: Form, figures: &[Figures]) -> Table {
    let heading = ["guard", "row", "ns", "instr", "allocs", "ns, two threads"];
    let mut table = Table::new(form, &heading);
    for mode in Mode::GUARDS {
        for row in figures {
            let guard = row.guard(mode);
            if guard.ns.is_some() {
                let GuardFigures { ns, instructions, allocs, two_threads_ns } = guard;
                let figures = [ns, instructions, allocs, two_threads_ns].map(cell);
                table.push([mode.name().to_owned(), row.row.to_owned()].into_iter().chain(figures).collect());
            }
        }
    }
    table
}
