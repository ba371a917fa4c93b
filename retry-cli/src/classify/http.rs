//! `retry classify http`: what answers and errors of HTTP mean.

use std::io::{self, BufRead, Write};

use retry_http::{HttpClassifier, Methods, Provider, Rules};

use crate::exit::{Exit, Failure};

mod curl;
mod paste;
mod record;

const EXAMPLES: &str = "\
Examples:
  curl -si https://api.example.org/ | retry classify http
  curl -sv -d @mail.json https://api.resend.com/emails 2>&1 | retry classify http --host api.resend.com
  echo '{\"method\":\"POST\",\"status\":429,\"headers\":{\"Retry-After\":\"30\"}}' | retry classify http --jsonl
  echo '{\"method\":\"POST\",\"error\":\"connection refused\"}' | retry classify http --jsonl

Without --jsonl: status lines with their headers and bodies, as curl shows them with -i or -v, or error messages, \
a line each. Of a request that -v shows, its method, host and idempotency key count.

With --jsonl: one object a line, with
  method           required
  status, headers  the answer; a header's value is a string, a number, or a list of them
  error            what went wrong where there is no answer: refused, connect_timeout, dns, dns_nxdomain, tls, \
bad_certificate, refused_stream, goaway, timeout, connection_closed, body, protocol, or a client's message
  idempotency_key  the key, or true
  now              for dates in headers: RFC 3339, an HTTP date, or seconds since 1970; the present by default
  host or url      what a provider is recognised by
  code, body       its error code, the answer's body
The same object comes out with class, action, reason, scope, effect, retry_after_s, confidence and rule; class is null \
where nothing failed. A line that cannot be read comes out with error, and the exit code is 65 in the end.";

/// What an answer or an error of HTTP means
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Read and write one JSON object a line
    #[arg(long)]
    jsonl: bool,
    /// The request's method, where the input does not say it
    #[arg(long, value_name = "METHOD", default_value = "GET")]
    method: String,
    /// The request carried an idempotency key
    #[arg(long)]
    keyed: bool,
    /// The host that was asked, by which an email provider is recognised
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Take the answers for those of this email provider, whatever the host
    #[arg(long, value_name = "NAME", value_parser = provider)]
    provider: Option<&'static Provider>,
    /// Whose rules say what is retried
    #[arg(long, value_name = "NAME", default_value = "standard")]
    rules: RuleSet,
    /// Repeat every method, also those that are not idempotent
    #[arg(long)]
    any_method: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum RuleSet {
    Standard,
    Urllib3,
    Aws,
    Dotnet,
    Hashicorp,
}

fn provider(name: &str) -> Result<&'static Provider, String> {
    Provider::named(name).ok_or_else(|| {
        let known: Vec<_> = Provider::all().map(Provider::name).collect();
        format!("no such provider; known are {}", known.join(", "))
    })
}

impl Options {
    fn classifier(&self) -> HttpClassifier {
        let rules = match self.rules {
            RuleSet::Standard => Rules::standard(),
            RuleSet::Urllib3 => Rules::urllib3(),
            RuleSet::Aws => Rules::aws(),
            RuleSet::Dotnet => Rules::dotnet(),
            RuleSet::Hashicorp => Rules::hashicorp(),
        };
        let rules = if self.any_method { rules.methods(Methods::ANY) } else { rules };
        let classifier = HttpClassifier::new().rules(rules);
        match self.provider {
            Some(provider) => classifier.provider(provider),
            None => classifier,
        }
    }
}

/// Classifies stdin, line by line or paste by paste.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let (input, output) = (io::stdin().lock(), io::stdout().lock());
    let classified =
        if options.jsonl { record::classify(options, input, output) } else { paste::classify(options, input, output) };
    match classified {
        Ok(Tally { bad: 0, .. }) => Ok(()),
        Ok(Tally { bad, all }) => {
            let line = format!("{bad} of {all} inputs cannot be read; see what is written in their place");
            Err(Failure::new(Exit::BadData, line))
        }
        // Whoever read the output has had enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            let line = format!("cannot read stdin or write stdout: {error}; try with files");
            Err(Failure::new(Exit::System, line))
        }
    }
}

/// How many inputs there were, and how many could not be read.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    all: u64,
    bad: u64,
}

/// The next line without its end, as text: what is no UTF-8 is replaced. `None` at the end of the input.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    if input.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(line.trim_ascii_end()).into_owned()))
}

/// Writes a line at once, for whoever waits for it at the other end of a pipe.
fn say(output: &mut impl Write, line: impl std::fmt::Display) -> io::Result<()> {
    writeln!(output, "{line}")?;
    output.flush()
}
