//! What sending mail costs, and how fast it goes: ours beside lettre and mail-send.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use benches::callgrind::Failure;
use benches::machine;
use benches::mail::client::Client;
use benches::mail::figures::{self, Figures, child, within};
use benches::mail::lane::{Limits, Taken};
use benches::mail::server::Server;
use benches::mail::setting::{SETTINGS, Setting};
use benches::mail::{count, gate};
use benches::progress::Progress;
use benches::table::Form;
use clap::{Parser, Subcommand};
use testkit::proxy::DelayProxy;

/// A round trip takes twice this.
const ONE_WAY: Duration = Duration::from_millis(10);
/// How long a client sends in a run, far and near, beside what its last message takes.
const FAR: Duration = Duration::from_secs(2);
const NEAR: Duration = Duration::from_millis(150);
/// Near, the least disturbed of so many runs counts.
const ROUNDS: usize = 3;

/// Sends the same messages by our sender, by lettre's pooled transport and by mail-send, over the loopback and where a
/// round trip takes 20 ms. Exits with 1 if a gate is not met.
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Args {
    /// One JSON object a line for each client and setting, instead of tables
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Markdown tables
    #[arg(long)]
    markdown: bool,
    /// Only these clients (may be given more than once); the gates need lettre and sender
    #[arg(long = "client", value_name = "CLIENT")]
    clients: Vec<Client>,
    #[command(subcommand)]
    command: Option<Sub>,
}

#[derive(Debug, Subcommand)]
enum Sub {
    /// Sends by one client and prints what it took: for strace, or a profiler
    Measure {
        client: Client,
        /// Address and port of the server
        server: SocketAddr,
        #[command(flatten)]
        setting: Setting,
        /// Messages on each connection at the most
        #[arg(long, default_value_t = u32::MAX)]
        messages: u32,
        /// No message is begun after this time
        #[arg(long, default_value_t = 60_000)]
        milliseconds: u64,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.command {
        Some(Sub::Measure { client, server, setting, messages, milliseconds }) => {
            let limits = Limits { messages, time: Duration::from_millis(milliseconds) };
            measure(client, server, setting, limits)
        }
        None => compare(&args),
    };
    // 1 says that a gate is missed.
    done.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(2)
    })
}

fn measure(client: Client, server: SocketAddr, setting: Setting, limits: Limits) -> Result<ExitCode, Failure> {
    println!("{}", serde_json::to_string(&client.run(server, setting, limits)?)?);
    Ok(ExitCode::SUCCESS)
}

fn compare(args: &Args) -> Result<ExitCode, Failure> {
    let server = Server::start()?;
    if matches!(server, Server::Testkit(_)) {
        eprintln!(
            "WARNING: smtp-sink is missing (on Debian: apt-get install postfix). The mail goes to testkit's own sink, \
             which is not what the committed figures are of."
        );
    }
    let counts = count::is_possible();
    if !counts {
        eprintln!(
            "WARNING: strace is missing or may not trace (on Debian: apt-get install strace). System calls are null, and \
             the gate on them is NOT checked."
        );
    }
    let chosen = |client: &Client| args.clients.is_empty() || args.clients.contains(client);
    let clients: Vec<Client> = Client::ALL.into_iter().filter(chosen).collect();
    let figures = measured(&server, &clients, counts)?;
    let conditions = format!("{}; mail to {}, {} bytes each", machine::described(), server.name(), size());
    let form = if args.markdown { Form::Markdown } else { Form::Text };
    let gates = gate::table(form, &figures);
    if args.json {
        for figures in &figures {
            println!("{}", serde_json::to_string(figures)?);
        }
        eprintln!("{conditions}\n\n{gates}");
    } else {
        println!("{conditions}\n\n{}\n{gates}", figures::table(form, &figures));
    }
    Ok(if gate::all_met(&figures) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn size() -> usize {
    benches::mail::setting::message().len()
}

/// Setting by setting, and in each round by round: a busy moment of the machine hits every client.
fn measured(server: &Server, clients: &[Client], counts: bool) -> Result<Vec<Figures>, Failure> {
    let proxy = DelayProxy::start(server.addr(), ONE_WAY)?;
    let progress = Progress::of("sending mail, runs", clients.len() * SETTINGS.len());
    let mut all = Vec::new();
    for setting in SETTINGS {
        let mut figures: Vec<Figures> = clients.iter().map(|client| Figures::of(*client, setting)).collect();
        for _ in 0..ROUNDS {
            for (client, figures) in clients.iter().zip(&mut figures) {
                figures.enter_loopback(child(*client, server.addr(), setting, within(NEAR))?);
            }
        }
        for (taken, figures) in far(&proxy, clients, setting).into_iter().zip(&mut figures) {
            figures.enter_distant(taken?);
        }
        for (client, figures) in clients.iter().zip(&mut figures) {
            progress.step(client.row());
            if counts {
                figures.enter_syscalls(count::a_message(*client, server.addr(), setting)?);
            }
        }
        all.extend(figures);
    }
    Ok(all)
}

/// All clients at the same time: they hardly do anything but wait, and what disturbs one disturbs the others.
fn far(proxy: &DelayProxy, clients: &[Client], setting: Setting) -> Vec<Result<Taken, Failure>> {
    thread::scope(|scope| {
        let run = |client: &Client| {
            let client = *client;
            scope.spawn(move || child(client, proxy.addr(), setting, within(FAR)))
        };
        let running: Vec<_> = clients.iter().map(run).collect();
        running.into_iter().map(|client| client.join().unwrap_or_else(|_| Err("a thread panicked".into()))).collect()
    })
}
