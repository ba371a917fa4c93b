//! What the tests share.

use std::io::Write;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use testkit::smtp::{Dialogue, Script, SmtpServer};

pub(crate) const MESSAGE: &str = "From: a@test.invalid\r\nSubject: hello\r\n\r\nHello\r\n";

/// Runs `retry send ARGS -` with `message` on stdin.
pub(crate) fn send(args: &[&str], message: &str) -> Output {
    begin(args, message).wait_with_output().unwrap()
}

pub(crate) fn begin(args: &[&str], message: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_retry"));
    command.arg("send").args(args).arg("-");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that refuses its arguments reads nothing: the pipe may be closed.
    let _ = child.stdin.take().unwrap().write_all(message.as_bytes());
    child
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn stdout(output: &Output) -> Vec<String> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(str::to_owned).collect()
}

pub(crate) fn stderr(output: &Output) -> Vec<String> {
    String::from_utf8(output.stderr.clone()).unwrap().lines().map(str::to_owned).collect()
}

pub(crate) fn rows(output: &Output) -> Vec<Value> {
    stdout(output).iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A server whose every connection goes so.
pub(crate) fn server(dialogue: Dialogue) -> SmtpServer {
    SmtpServer::start(Script::new().otherwise(dialogue)).unwrap()
}

pub(crate) fn host(server: &SmtpServer) -> String {
    format!("{}:{}", server.host(), server.port())
}

/// Nobody listens there: port 1 is for the superuser, and out of use.
pub(crate) const DEAD: &str = "127.0.0.1:1";

/// What a script passes for one recipient.
pub(crate) fn to_b(host: &str) -> Vec<&str> {
    vec!["--from", "a@test.invalid", "--to", "b@test.invalid", "--smtp", host]
}
