use std::io;
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{self, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::Io;

/// Whom a connection trusts in TLS.
///
/// ```
/// use retry_email::TlsConfig;
///
/// assert!(TlsConfig::web().is_ok());
/// assert!(TlsConfig::roots_pem(b"no certificate").is_err());
/// ```
#[derive(Clone, Debug)]
pub struct TlsConfig {
    config: Arc<ClientConfig>,
}

/// Why there is no TLS configuration.
///
/// ```
/// use retry_email::{TlsConfig, TlsConfigError};
///
/// assert!(matches!(TlsConfig::roots_pem(b""), Err(TlsConfigError::NoCertificate)));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsConfigError {
    /// No certificate between BEGIN and END lines.
    #[error("there is no certificate in PEM form; it begins with -----BEGIN CERTIFICATE-----")]
    NoCertificate,
    /// A certificate that cannot be read.
    #[error("a certificate is damaged, or no authority's")]
    BadCertificate,
    /// The cryptography does not support the protocol versions.
    #[error("TLS is not available")]
    Unavailable,
}

impl TlsConfig {
    /// Trusts the authorities that the web trusts (Mozilla's list, as of the build).
    ///
    /// # Errors
    /// [`TlsConfigError::Unavailable`].
    ///
    /// ```
    /// # use retry_email::TlsConfig;
    /// assert!(TlsConfig::web().is_ok());
    /// ```
    pub fn web() -> Result<Self, TlsConfigError> {
        Self::trusting(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    }

    /// Trusts the authorities in these PEM certificates, and no others: for a private one.
    ///
    /// # Errors
    /// [`TlsConfigError`]: no certificate, or a damaged one.
    ///
    /// ```
    /// # use retry_email::{TlsConfig, TlsConfigError};
    /// let damaged = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    /// assert!(matches!(TlsConfig::roots_pem(damaged), Err(TlsConfigError::BadCertificate)));
    /// ```
    pub fn roots_pem(pem: &[u8]) -> Result<Self, TlsConfigError> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| TlsConfigError::BadCertificate)?;
            roots.add(certificate).map_err(|_| TlsConfigError::BadCertificate)?;
        }
        if roots.is_empty() { Err(TlsConfigError::NoCertificate) } else { Self::trusting(roots) }
    }

    /// A configuration of rustls as it stands: client certificates, other verifiers.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use retry_email::{TlsConfig, rustls};
    /// # fn config(config: rustls::ClientConfig) -> TlsConfig {
    /// TlsConfig::rustls(Arc::new(config))
    /// # }
    /// ```
    #[must_use]
    pub const fn rustls(config: Arc<ClientConfig>) -> Self {
        Self { config }
    }

    /// Trusts anybody: for opportunistic TLS, which would speak in the clear otherwise (RFC 7435). Keeps listeners out, not
    /// somebody who answers in the server's stead.
    ///
    /// # Errors
    /// [`TlsConfigError::Unavailable`].
    ///
    /// ```
    /// # use retry_email::TlsConfig;
    /// assert!(TlsConfig::unverified().is_ok());
    /// ```
    pub fn unverified() -> Result<Self, TlsConfigError> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().map_err(|_| TlsConfigError::Unavailable)?;
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(Anybody { provider }));
        Ok(Self::rustls(Arc::new(builder.with_no_client_auth())))
    }

    fn trusting(roots: RootCertStore) -> Result<Self, TlsConfigError> {
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(|_| TlsConfigError::Unavailable)?;
        Ok(Self::rustls(Arc::new(builder.with_root_certificates(roots).with_no_client_auth())))
    }

    pub(super) async fn connect(&self, host: &str, plain: Box<dyn Io>) -> io::Result<Box<dyn Io>> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        Ok(Box::new(TlsConnector::from(Arc::clone(&self.config)).connect(name, plain).await?))
    }
}

/// Takes any certificate; that the peer has its key is verified all the same.
#[derive(Debug)]
struct Anybody {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
