//! The server that mail is sent to.

use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use retry_core::{Policy, retry_blocking};
use testkit::smtp::Sink;

use crate::callgrind::Failure;

/// Takes every message and keeps none.
#[derive(Debug)]
#[non_exhaustive]
pub enum Server {
    /// Postfix's own, a process.
    SmtpSink(Child, SocketAddr),
    /// testkit's, on threads of this process.
    Testkit(Sink),
}

impl Server {
    /// Starts `smtp-sink` where it is installed, else testkit's sink.
    ///
    /// # Errors
    /// Where neither comes up.
    pub fn start() -> Result<Self, Failure> {
        match smtp_sink() {
            Some(program) => Self::start_smtp_sink(program),
            None => Ok(Self::Testkit(Sink::start()?)),
        }
    }

    fn start_smtp_sink(program: &str) -> Result<Self, Failure> {
        // Free now, and most likely still free when the sink takes it.
        let addr = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut sink = Command::new(program);
        if rustix::process::geteuid().is_root() {
            sink.args(["-u", "nobody"]);
        }
        let child = sink.args([&addr.to_string(), "128"]).stdin(Stdio::null()).spawn()?;
        let server = Self::SmtpSink(child, addr);
        let soon = Policy::constant(Duration::from_millis(20)).attempts(500);
        retry_blocking(soon, || greeting(addr)).map_err(|_| "smtp-sink does not answer")?;
        Ok(server)
    }

    /// Where clients connect to.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        match self {
            Self::SmtpSink(_, addr) => *addr,
            Self::Testkit(sink) => sink.addr(),
        }
    }

    /// What it is, for the line above the tables.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SmtpSink(..) => "smtp-sink of Postfix",
            Self::Testkit(_) => "the sink of testkit",
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Self::SmtpSink(child, _) = self {
            // It may be gone already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Debian puts it where only root's search path leads.
fn smtp_sink() -> Option<&'static str> {
    ["/usr/sbin/smtp-sink", "/usr/bin/smtp-sink", "/usr/local/sbin/smtp-sink"]
        .into_iter()
        .find(|path| Path::new(path).exists())
}

fn greeting(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.read_exact(&mut [0; 4])
}
