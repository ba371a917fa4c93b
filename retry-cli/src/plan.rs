//! `retry plan`: what a policy will do, before it is run.

use std::path::PathBuf;
use std::time::Duration;

use retry_core::{Hint, HintSource, Preview};

use crate::exit::{Exit, Failure};
use axis::Axis;
use subject::Subject;

mod axis;
mod axis_ticks;
mod json;
mod picture;
mod presets;
mod span;
mod spec;
mod subject;
mod summary;
mod table;
mod terminal;

const EXAMPLES: &str = "\
Examples:
  retry plan default                                     the schedule for mail, class by class
  retry plan \"exp 1s..1h x2 full, 8 attempts\"            a policy of yours
  retry plan postfix exim \"exp 5m..4h +-15%, within 5d\"  several on one scale of time
  retry plan \"F,2h,15m; G,16h,1h,1.5; F,4d,6h\"           a retry rule of Exim's
  retry plan postfix --attempts 112                      every row
  retry plan default --attempt-takes 2m --hint 10m       slow attempts, and a server that wants time
  retry plan postfix exim --svg plan.svg                 a picture of it
  retry plan postfix --json | jq .max_total_delay_s      for programs
  retry plan --presets                                   the names there are

A policy is a schedule, its jitter, and limits:
  SCHEDULE  exp 1s..1h [x2]  const 5m  linear 5m..1h  fib 1s..1h  poly 15s n^4  decorrelated 1s..1h
            5m, 5m, 10m, 30m, 1h  [5m 5m*2 30m 1h+]  or a preset
  JITTER    full  equal  +-15%  +20%  +30s  none
  LIMITS    8 attempts  7 retries  within 72h  timeout 30s  hint at-least max 24h
  CLASSES   DEFAULT; throttled: POLICY; persistent: POLICY

In the table a delay that is left to chance has a least, a mean and a most; starts are means. The bars go from the earliest \
start to the latest, with a mark on the mean. Figures are exact where a closed form is known; else they come from runs that are \
drawn from the seed.

With --json, each policy is one object on one line: spec, policy (the canonical text), max_attempts, max_total_delay_s, attempts \
(each with number, at_s and delay_s, and these with min, mean, p50, p95 and max), and more. Times are in seconds, null is \
without end. Attempts are all of a policy that ends, up to 1,000, and the first 20 of one that does not.";

/// Show when each attempt of a policy would start
///
/// Lists the attempts of one or several policies, if every attempt fails: the delay before each, when it starts, and the
/// bounds of the whole. Nothing is sent and nothing is waited for.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// A policy, a preset's name, or a retry rule of Exim's
    #[arg(value_name = "SPEC|PRESET", required_unless_present = "presets")]
    specs: Vec<String>,

    /// The seed of what is drawn at random; the same one gives the same figures
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,

    /// Print an object a line, for programs
    #[arg(long)]
    json: bool,

    /// Also draw the attempts on a scale of time, into this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// How many attempts to list at most: 1 to 1000
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    attempts: Option<u32>,

    /// How long each attempt takes before it fails, such as 30s
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = span::parse)]
    attempt_takes: Duration,

    /// Every failure asks to wait as long, such as 10m
    #[arg(long, value_name = "DURATION", value_parser = span::parse)]
    hint: Option<Duration>,

    /// List the presets and what they are
    #[arg(long, conflicts_with_all = ["specs", "json", "svg", "attempts", "hint"])]
    presets: bool,
}

/// Shows the plans.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    if options.presets {
        presets::list();
        return Ok(());
    }
    let preview = options.preview();
    let subjects: Vec<_> =
        options.specs.iter().map(|spec| Subject::new(spec, preview, options.attempts)).collect::<Result<_, _>>()?;
    let axis = Axis::over(&subjects);
    if let Some(path) = &options.svg {
        let drawing = picture::draw(&subjects, &axis, options.attempt_takes)
            .ok_or_else(|| Failure::new(Exit::Software, "cannot draw this picture; please report the command"))?;
        std::fs::write(path, drawing).map_err(|error| {
            let file = path.display();
            Failure::new(Exit::CannotCreate, format!("cannot write {file}: {error}; give another file to --svg"))
        })?;
    }
    if options.json { json::print(&subjects) } else { terminal::print(&subjects, &axis) }
}

impl Options {
    fn preview(&self) -> Preview {
        let preview = Preview::new().seed(self.seed).attempts_take(self.attempt_takes);
        self.hint.map_or(preview, |hint| preview.hint(Hint::new(hint, HintSource::RetryAfter)))
    }
}
