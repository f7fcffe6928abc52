//! The check of client certificates, with a name for every refusal in the log.
//!
//! The library decides. The peer hears no more than an alert; whoever runs the hub reads here which
//! flaw it was.

use std::sync::Arc;

use careplan_protocol::{
    Clock, Lang,
    certificate::{CertificateFlaw, diagnose},
};
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    pki_types::{CertificateDer, UnixTime},
    server::danger::{ClientCertVerified, ClientCertVerifier},
};

/// Decides as the verifier inside does.
#[derive(Debug)]
pub(crate) struct NamingVerifier {
    inner: Arc<dyn ClientCertVerifier>,
    roots: Vec<CertificateDer<'static>>,
    clock: Clock,
}

impl NamingVerifier {
    /// Names what `inner` refuses for those who trust these roots.
    pub(crate) fn new(
        inner: Arc<dyn ClientCertVerifier>,
        roots: &[CertificateDer<'static>],
        clock: &Clock,
    ) -> Self {
        Self { inner, roots: roots.to_vec(), clock: clock.clone() }
    }

    fn note(&self, chain: &[&CertificateDer<'_>], error: &Error) {
        match diagnose(chain, &self.roots, self.clock.now()) {
            Err(CertificateFlaw { kind, detail }) => {
                let title = kind.title(Lang::Ja);
                tracing::info!(problem = kind.id(), detail, "certificate refused: {title}");
            }
            Ok(()) => tracing::info!(%error, "certificate refused"),
        }
    }
}

impl ClientCertVerifier for NamingVerifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self.inner.verify_client_cert(end_entity, intermediates, now);
        verified.inspect_err(|error| {
            let chain: Vec<_> = std::iter::once(end_entity).chain(intermediates).collect();
            self.note(&chain, error);
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
