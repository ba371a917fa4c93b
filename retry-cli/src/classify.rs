//! `retry classify`: what an answer means.

mod http;
mod lines;
mod smtp;

use crate::exit::Failure;

/// Say what a server's answers mean: of what class, why, and what to do
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    protocol: Protocol,
}

#[derive(Debug, clap::Subcommand)]
enum Protocol {
    Http(http::Options),
    Smtp(smtp::Options),
}

/// Classifies what comes on stdin.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    match &options.protocol {
        Protocol::Http(options) => http::run(options),
        Protocol::Smtp(options) => smtp::run(options),
    }
}
