//! `retry send`: a message, through hosts that fail, to everybody's end.

mod end;
mod message;
mod progress;
mod report;
mod route;
mod until;

use std::path::PathBuf;

use retry_email::{Address, Envelope, HostRule, Recipient, Sender, SmtpHost, WhenInDoubt};

use crate::exit::{Exit, Failure};
use message::Message;
use progress::Progress;
use until::Until;

const HELP: &str = "\
Examples:
  retry send --from a@example.org --to b@example.net --smtp mx.example.net:25 message.eml
  retry send -t --smtp smtps://user:password@smtp.example.org - < message.eml
  retry send -t --smtp 10.0.0.1 --smtp 10.0.0.2 --schedule 'exp 1s..5m full, 10 attempts' message.eml

A host is HOST[:PORT] (port 25, TLS where it is offered), or a URL: smtp:// (STARTTLS demanded, port 587), smtps:// (port 465),
lmtp:// (port 24), with ?tls=off|opportunistic|required, priority=N, weight=N, name=HOST. The first --smtp is tried first, unless
URLs give priorities.

It ends after 60 s unless the schedule says otherwise ('exp 1s..20s full, within 5m'). What is deferred then is yours again: there is
no queue. In cron, --quiet: nothing is said of what was delivered.

Exit codes:
  0 delivered to all, 75 to some not yet, or nobody knows; else the worst refusal: 67 unknown user, 69 unavailable,
  77 refused, 78 configuration, 65 bad message; 64 usage, 66 no such file";

/// Send a message, with retries and failover, and say what became of each recipient
///
/// Each recipient is sent to until a server takes the mail, refuses it for good, or the schedule ends. A mail that may have arrived
/// is not sent again unless told to. On stdout a line for each recipient at the end; on stderr a line for each try that is not the
/// last word.
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
    /// Say nothing but errors: of each recipient who was not delivered to, and at the end
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
    let bytes = message.identified(envelope.sender());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(Exit::System, format!("cannot start: {error}")))?;
    let sent = runtime.block_on(async {
        let until = Until::after(policy.time_limit().unwrap_or(route::LIMIT));
        // The schedule was asked for, and a budget that lives as long as one message protects nobody.
        let rule = HostRule::default().without_budget();
        let mut sender =
            Sender::with_sleeper(policy, until).host_rule(rule).in_doubt(match options.in_doubt.as_str() {
                "resend" => WhenInDoubt::Resend,
                "assume-sent" => WhenInDoubt::AssumeSent,
                _ => WhenInDoubt::Hold,
            });
        for host in hosts {
            sender = sender.host(host);
        }
        let progress = Progress::new(&envelope, options.quiet);
        let sent = sender.send_observed(&envelope, &bytes, |n, tried| progress.tried(n, tried)).await;
        sender.close().await;
        progress.finish();
        sent
    });
    // A name that is still being looked up cannot be stopped, and is not waited for.
    runtime.shutdown_background();
    report::ends(&sent, options.json, options.quiet);
    end::of(&sent)
}

fn envelope(options: &Options, message: &Message) -> Result<Envelope, Failure> {
    let parsed = |text: &str| {
        let usage = |error| Failure::new(Exit::Usage, format!("{text:?}: {error}"));
        text.trim().parse::<Address>().map_err(usage)
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
        // The case of a domain is nothing, that of a mailbox may be something (RFC 5321 section 2.4).
        let is_same = |before: &Address| {
            before.local() == recipient.local() && before.domain().eq_ignore_ascii_case(recipient.domain())
        };
        if !recipients.iter().take(n).any(is_same) {
            envelope = envelope.with(Recipient::new(recipient.clone()));
        }
    }
    if envelope.recipients().is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            if options.read_recipients {
                "no recipient: To, Cc and Bcc name nobody; give --to ADDRESS"
            } else {
                "no recipient; give --to ADDRESS, or -t to read them from the headers"
            },
        ));
    }
    Ok(envelope)
}
