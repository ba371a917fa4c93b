//! `retry classify`: what a failure means.

use crate::exit::Failure;

mod http;

/// Say what a failure means: what kind it is, whether to try again, when, and why we think so
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    protocol: Protocol,
}

#[derive(Debug, clap::Subcommand)]
enum Protocol {
    Http(http::Options),
}

/// Classifies what stands on stdin.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    match &options.protocol {
        Protocol::Http(options) => http::run(options),
    }
}
