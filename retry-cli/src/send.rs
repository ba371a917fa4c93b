//! `retry send`: a message, through hosts that fail, to everybody's end.

mod end;
mod message;
mod route;

use std::io::{self, Write};
use std::path::PathBuf;

use retry_email::{Envelope, HostRule, Recipient, Sender, Sent, SmtpHost, Tried, WhenInDoubt};

use crate::exit::{Exit, Failure, printable};
use message::Message;

const HELP: &str = "\
Examples:
  retry send --from a@example.org --to b@example.net --smtp mx.example.net:25 message.eml
  retry send -t --smtp smtps://user:password@smtp.example.org - < message.eml
  retry send -t --smtp 10.0.0.1 --smtp 10.0.0.2 --schedule 'exp 1s..5m full, 10 attempts' message.eml

A host is HOST[:PORT] (port 25, TLS where it is offered), or a URL: smtp:// (STARTTLS demanded, port 587), smtps:// (port 465),
lmtp:// (port 24), with ?tls=off|opportunistic|required, priority=N, weight=N, name=HOST. The first --smtp is tried first, unless
URLs give priorities.

Exit codes:
  0 delivered to all, 75 to some not yet, or nobody knows; else the worst refusal: 67 unknown user, 69 unavailable,
  77 refused, 78 configuration, 65 bad message; 64 usage, 66 no such file";

/// Send a message, with retries and failover, and say what became of each recipient
///
/// Each recipient is sent to until a server takes the mail, refuses it for good, or the schedule ends (after 60 s unless it says
/// otherwise). A mail that may have arrived is not sent again unless told to.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Options {
    /// The envelope's sender; <> for none. From the Sender or From header if not given
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// A recipient; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<String>,
    /// Read recipients from the To, Cc and Bcc headers. Bcc is taken out in any case
    #[arg(short = 't', long = "read-recipients")]
    read_recipients: bool,
    /// A host to hand the mail in at; may be repeated
    #[arg(long, value_name = "HOST[:PORT]|URL", required = true)]
    smtp: Vec<String>,
    /// When to try again: a policy's text, or a preset's name
    #[arg(long, value_name = "SPEC", default_value = "exp 1s..20s full")]
    schedule: String,
    /// What to do with a mail that may have arrived: hold, resend, or assume it was sent
    #[arg(long, value_name = "WHAT", default_value = "hold", value_parser = ["hold", "resend", "assume-sent"])]
    in_doubt: String,
    /// One JSON object a line for each recipient at the end, on stdout
    #[arg(long)]
    json: bool,
    /// Say nothing but errors
    #[arg(short, long)]
    quiet: bool,
    /// The message (RFC 5322); - for stdin
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
}

/// Sends, reports, and fails with the code of the worst end.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let policy = route::schedule(&options.schedule)?;
    let hosts: Vec<SmtpHost> = options.smtp.iter().enumerate().map(route::host).collect::<Result<_, _>>()?;
    let message = Message::read(&options.file)?;
    let envelope = envelope(options, &message)?;
    // The schedule was asked for, and a budget that lives as long as one message protects nobody.
    let rule = HostRule::default().without_budget();
    let mut sender = Sender::new(policy).host_rule(rule).in_doubt(match options.in_doubt.as_str() {
        "resend" => WhenInDoubt::Resend,
        "assume-sent" => WhenInDoubt::AssumeSent,
        _ => WhenInDoubt::Hold,
    });
    for host in hosts {
        sender = sender.host(host);
    }
    let bytes = message.identified(envelope.sender());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(Exit::System, format!("cannot start: {error}")))?;
    let sent = runtime.block_on(async {
        let observe = |n: usize, tried: &Tried| {
            if !options.quiet {
                progress(&envelope, n, tried);
            }
        };
        let sent = sender.send_observed(&envelope, &bytes, observe).await;
        sender.close().await;
        sent
    });
    report(options, &sent);
    end::of(&sent)
}

fn envelope(options: &Options, message: &Message) -> Result<Envelope, Failure> {
    let parsed = |text: &str| {
        let usage = |error| Failure::new(Exit::Usage, format!("{text:?}: {error}"));
        text.trim().parse::<retry_email::Address>().map_err(usage)
    };
    let mut envelope = match options.from.as_deref().map(str::trim) {
        Some("" | "<>") => Envelope::from_nobody(),
        Some(from) => Envelope::new(parsed(from)?),
        None => Envelope::new(message.sender()?),
    };
    let mut recipients = Vec::new();
    for to in &options.to {
        recipients.push(parsed(to)?);
    }
    if options.read_recipients {
        recipients.extend(message.recipients()?);
    }
    for (n, recipient) in recipients.iter().enumerate() {
        if !recipients.iter().take(n).any(|before| before == recipient) {
            envelope = envelope.with(Recipient::new(recipient.clone()));
        }
    }
    if envelope.recipients().is_empty() {
        return Err(Failure::new(Exit::Usage, "no recipient; give --to ADDRESS, or -t to read them from the headers"));
    }
    Ok(envelope)
}

/// A line on stderr for each try, as it ends.
fn progress(envelope: &Envelope, n: usize, tried: &Tried) {
    let address = envelope.recipients().get(n).map_or("", |recipient| recipient.address().as_str());
    let Tried { attempt, host, stage, class, text, .. } = tried;
    let what = class.map_or("delivered", |class| class.as_str());
    let line = format!("{address}: attempt {attempt} at {host}, {stage}: {what}: {text}");
    // A closed stderr is no reason to stop.
    let _ = writeln!(io::stderr(), "{}", printable(&line));
}

fn report(options: &Options, sent: &Sent) {
    let mut out = io::stdout().lock();
    for recipient in &sent.recipients {
        let last = recipient.attempts.last();
        let attempts = last.map_or(0, |tried| tried.attempt);
        let line = if options.json {
            serde_json::json!({
                "recipient": recipient.address.as_str(),
                "state": recipient.state.as_str(),
                "attempts": attempts,
                "host": last.map(|tried| tried.host.as_str()),
                "reply": last.map(|tried| tried.text.as_str()),
                "reason": last.filter(|tried| tried.class.is_some()).map(|tried| tried.reason.as_str()),
            })
            .to_string()
        } else if options.quiet {
            continue;
        } else {
            let reply = last.map_or("never tried", |tried| tried.text.as_str());
            let (address, state) = (&recipient.address, recipient.state.as_str());
            printable(&format!(
                "{address}: {state} after {attempts} attempt{}: {reply}",
                if attempts == 1 { "" } else { "s" }
            ))
        };
        // Whoever closed stdout has the exit code.
        let _ = writeln!(out, "{line}");
    }
}
