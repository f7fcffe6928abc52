//! HTTP/1.1 over TLS 1.3, with as little work as can be: who measures shares the processor with
//! whom it measures.
//!
//! Requests are bytes that stand ready; of an answer the status, the length and the body are read.
//! The server is known by its certificate, byte for byte, so that no signature of it is checked.

use std::{fmt::Write as _, io, net::SocketAddr, sync::Arc};

use rustls::{
    ClientConfig, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
    version::TLS13,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// How large the head of an answer may be.
const HEAD_BYTES_MAX: usize = 8 * 1024;

/// What a client shows, and whom it trusts.
pub(super) struct Identity<'a> {
    /// Its certificate, then the issuing CA's, PEM.
    pub(super) chain_pem: &'a str,
    /// Its key, PEM.
    pub(super) key_pem: &'a str,
    /// The one server that it speaks to, PEM.
    pub(super) server_pem: &'a str,
}

impl Identity<'_> {
    /// One cipher suite and one curve, so that every server does the same work.
    pub(super) fn config(&self) -> io::Result<Arc<ClientConfig>> {
        let provider = CryptoProvider {
            cipher_suites: vec![ring::cipher_suite::TLS13_AES_256_GCM_SHA384],
            kx_groups: vec![ring::kx_group::SECP256R1],
            ..ring::default_provider()
        };
        let server = CertificateDer::from_pem_slice(self.server_pem.as_bytes());
        let server = Arc::new(Pinned(server.map_err(io::Error::other)?));
        let chain = CertificateDer::pem_slice_iter(self.chain_pem.as_bytes());
        let chain = chain.collect::<Result<_, _>>().map_err(io::Error::other)?;
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes());
        let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(&[&TLS13])
            .map_err(io::Error::other)?
            .dangerous()
            .with_custom_certificate_verifier(server)
            .with_client_auth_cert(chain, key.map_err(io::Error::other)?)
            .map_err(io::Error::other)?;
        config.resumption = rustls::client::Resumption::disabled();
        Ok(Arc::new(config))
    }
}

/// A connection that asks and waits for the answer.
pub(super) struct Connection {
    stream: TlsStream<TcpStream>,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// What came back.
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) body: &'a [u8],
}

impl Connection {
    /// A full handshake.
    pub(super) async fn open(address: SocketAddr, who: &Arc<ClientConfig>) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        // Closed ports are free again at once: there are fewer than a minute's connections.
        stream.set_zero_linger()?;
        let name = ServerName::IpAddress(address.ip().into());
        let stream = TlsConnector::from(Arc::clone(who)).connect(name, stream).await?;
        Ok(Self { stream, request: vec![], answer: vec![] })
    }

    /// Sends a request, `head` without its last empty line and its length, and reads the answer.
    pub(super) async fn ask(&mut self, head: &str, body: &[u8]) -> io::Result<Answer<'_>> {
        self.request.clear();
        self.request.extend_from_slice(head.as_bytes());
        let mut rest = String::new();
        let _ = write!(rest, "content-length: {}\r\n\r\n", body.len());
        self.request.extend_from_slice(rest.as_bytes());
        self.request.extend_from_slice(body);
        self.stream.write_all(&self.request).await?;
        self.stream.flush().await?;
        self.read().await
    }

    async fn read(&mut self) -> io::Result<Answer<'_>> {
        self.answer.clear();
        let start = loop {
            self.more().await?;
            if let Some(end) = self.answer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if HEAD_BYTES_MAX < self.answer.len() {
                return Err(io::Error::other("the head of an answer does not end"));
            }
        };
        let (status, length) = head(&self.answer[..start]).ok_or_else(|| {
            io::Error::other(String::from_utf8_lossy(&self.answer[..start]).into_owned())
        })?;
        while self.answer.len() < start + length {
            self.more().await?;
        }
        Ok(Answer { status, body: &self.answer[start..start + length] })
    }

    async fn more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.answer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Status and length; an answer without a length has no body.
fn head(bytes: &[u8]) -> Option<(u16, usize)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Some((status, length.unwrap_or(0)))
}

/// Takes one certificate and no other.
#[derive(Debug)]
struct Pinned(CertificateDer<'static>);

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match *end_entity == self.0 {
            true => Ok(ServerCertVerified::assertion()),
            false => Err(rustls::Error::General("another server".to_owned())),
        }
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.3 alone is spoken".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_length_are_read_from_a_head() {
        let created = b"HTTP/1.1 201 Created\r\nContent-Length: 12\r\nx: y\r\n\r\n";
        assert_eq!(head(created), Some((201, 12)));
        assert_eq!(head(b"HTTP/1.1 204 No Content\r\n\r\n"), Some((204, 0)));
        assert_eq!(head(b"SSH-2.0\r\n\r\n"), None);
    }
}
