//! What retrying costs an HTTP request: instructions, allocations and time beyond the bare client, beside the peers.

use std::process::ExitCode;

use benches::callgrind::{self, Failure};
use benches::http::figures::{Figures, measure};
use benches::http::{gate, ways};
use benches::table::{Form, Table, cell};
use benches::{allocations, machine};
use clap::{Parser, Subcommand};

/// Measures what retry adds to a request that succeeds at once, side by side with other crates. Exits with 1 if a gate is
/// not met and instructions were counted.
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Args {
    /// One JSON object a line for each row, instead of tables
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Markdown tables
    #[arg(long)]
    markdown: bool,
    /// Leave out the instruction counts, and with them most gates
    #[arg(long)]
    no_instructions: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the loop of one row, for callgrind or a profiler
    Measure { row: String, iterations: u64 },
    /// Prints the names of the rows
    List,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.command {
        Some(Command::Measure { row, iterations }) => run(row, *iterations),
        Some(Command::List) => {
            ways().iter().for_each(|way| println!("{}", way.name));
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

fn run(name: &str, iterations: u64) -> Result<ExitCode, Failure> {
    let ways = ways();
    let way = ways.iter().find(|way| way.name == name).ok_or("no row has this name; `http list` prints them")?;
    allocations::uncounted(|| (way.run)(iterations));
    Ok(ExitCode::SUCCESS)
}

fn compare(args: &Args) -> Result<ExitCode, Failure> {
    let counts = !args.no_instructions && callgrind::is_installed();
    if !counts && !args.no_instructions {
        eprintln!("WARNING: valgrind is missing. Instructions are null, and the gates on them are NOT checked.");
    }
    let figures = measure(&ways(), counts)?;
    if args.json {
        for figures in &figures {
            println!("{}", serde_json::to_string(figures)?);
        }
        eprintln!("{}\n\n{}", machine::described(), gate::table(Form::Text, &figures));
    } else {
        let form = if args.markdown { Form::Markdown } else { Form::Text };
        println!("{}\n\n{}", machine::described(), table(form, &figures));
        println!("{}", gate::table(form, &figures));
    }
    Ok(if gate::all_met(&figures) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A heading, and what stands under it.
type Column = (&'static str, fn(&Figures) -> String);

const COLUMNS: [Column; 9] = [
    ("row", |f| f.row.to_owned()),
    ("over", |f| f.transport.to_owned()),
    ("ns", |f| f.ns.to_string()),
    ("instr", |f| cell(f.instructions)),
    ("allocs", |f| f.allocs.to_string()),
    ("instr beyond bare", |f| cell(f.added_instructions)),
    ("allocs", |f| cell(f.added_allocs)),
    ("instr beyond the copy", |f| cell(f.own_instructions)),
    ("allocs", |f| cell(f.own_allocs)),
];

fn table(form: Form, figures: &[Figures]) -> Table {
    let mut table = Table::new(form, &COLUMNS.map(|(heading, _)| heading));
    for row in figures {
        table.push(COLUMNS.iter().map(|(_, figure)| figure(row)).collect());
    }
    table
}
