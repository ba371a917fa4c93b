//! A server on the loopback interface that speaks TLS by a certificate made for the test, and takes down what it hears.

use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use retry_email::rustls::crypto::ring::default_provider;
use retry_email::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use retry_email::rustls::{ServerConfig, SupportedProtocolVersion, version};
use retry_email::{Endpoint, Tls, TlsConfig};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A private authority.
pub(crate) struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// Trust in this authority and no other.
    pub(crate) fn trust(&self) -> TlsConfig {
        TlsConfig::roots_pem(self.pem.as_bytes()).unwrap()
    }

    pub(crate) fn certify(&self, name: &str) -> Certificate {
        self.certify_until(name, 4000)
    }

    pub(crate) fn certify_until(&self, name: &str, year: i32) -> Certificate {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Certificate {
            chain: vec![certificate.der().clone()],
            key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            version: &version::TLS13,
        }
    }
}

pub(crate) struct Certificate {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    version: Version,
}

type Version = &'static SupportedProtocolVersion;

impl Certificate {
    /// At this version of TLS alone; else 1.3.
    pub(crate) fn at(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    fn acceptor(self) -> TlsAcceptor {
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
        let builder = builder.with_protocol_versions(&[self.version]).unwrap().with_no_client_auth();
        TlsAcceptor::from(Arc::new(builder.with_single_cert(self.chain, self.key).unwrap()))
    }
}

/// When it encrypts.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum When {
    Asked,
    AtOnce,
}

pub(crate) struct Server {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Offers the extensions, `STARTTLS` only in the clear.
    pub(crate) async fn start(certificate: Certificate, when: When, extensions: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), heard: Arc::default() };
        let (acceptor, heard) = (certificate.acceptor(), Arc::clone(&server.heard));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, acceptor.clone(), when, extensions, Arc::clone(&heard)));
            }
        });
        server
    }

    pub(crate) fn endpoint(&self, tls: Tls) -> Endpoint {
        Endpoint::new("127.0.0.1", self.port).tls(tls)
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }

    /// The commands' first words; what came under TLS has the version before it.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, when: When, offers: &str, heard: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufStream::new(stream);
    if when == When::Asked {
        let asked = converse(&mut stream, true, offers, "", &heard).await;
        if !asked {
            return;
        }
    }
    let Ok(stream) = acceptor.accept(stream.into_inner()).await else { return };
    let version = format!("{:?} ", stream.get_ref().1.protocol_version().unwrap());
    let offers = offers.replace("STARTTLS", "SIZE 1000");
    converse(&mut BufStream::new(stream), when == When::AtOnce, &offers, &version, &heard).await;
}

/// Whether it ended by STARTTLS.
async fn converse<T: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufStream<T>,
    greets: bool,
    offers: &str,
    prefix: &str,
    heard: &Mutex<Vec<String>>,
) -> bool {
    let mut reply = if greets { "220 hi\r\n".to_owned() } else { String::new() };
    let mut in_body = false;
    loop {
        if stream.write_all(reply.as_bytes()).await.is_err() || stream.flush().await.is_err() {
            return false;
        }
        reply.clear();
        let mut line = String::new();
        if !matches!(stream.read_line(&mut line).await, Ok(1..)) {
            return false;
        }
        let line = line.trim_end();
        if in_body {
            in_body = line != ".";
            reply = if in_body { String::new() } else { "250 taken\r\n".to_owned() };
            continue;
        }
        let verb = line.split(' ').next().unwrap();
        heard.lock().unwrap().push(format!("{prefix}{verb}"));
        in_body = verb == "DATA";
        reply = match verb {
            "EHLO" => format!("250-mx\r\n250 {offers}\r\n"),
            "STARTTLS" | "AUTH" => "235 go on\r\n".to_owned(),
            "DATA" => "354 go on\r\n".to_owned(),
            _ => "250 ok\r\n".to_owned(),
        };
        if verb == "AUTH" {
            heard.lock().unwrap().push(line.to_owned());
        }
        if verb == "STARTTLS" {
            return stream.write_all(reply.as_bytes()).await.is_ok() && stream.flush().await.is_ok();
        }
    }
}
