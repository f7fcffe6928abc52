//! TLS 1.3 with the given root and no other, and what its alerts mean to an office.
//!
//! Where the hub refuses a certificate, TLS ends before it can say why: the alert is all there is.
//! In TLS 1.3 it arrives with the first read, after the handshake has ended well for the client.

use std::{error::Error, io, sync::Arc};

use careplan_protocol::{Clock, Problem, ProblemKind, certificate::CertificateFlaw};
use rustls::{
    AlertDescription, ClientConfig, RootCertStore,
    pki_types::{CertificateDer, UnixTime, pem::PemObject},
    time_provider::TimeProvider,
};
use time::OffsetDateTime;

use crate::{ClientError, Credentials};

/// TLS as a terminal speaks it; without credentials it shows no certificate.
pub(crate) fn config(
    root_pem: &str,
    credentials: Option<&Credentials>,
    clock: &Clock,
) -> Result<ClientConfig, ClientError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_details(provider, Arc::new(Time(clock.clone())))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| ClientError::Ours(error.to_string()))?
        .with_root_certificates(roots(root_pem)?);
    let Some(credentials) = credentials else { return Ok(builder.with_no_client_auth()) };
    builder.with_client_auth_cert(credentials.chain()?, credentials.key()?).map_err(|error| {
        ClientError::input(
            format!("証明書と秘密鍵が使えません（{error}）。対になるファイルを選び直してください"),
            format!(
                "certificate and key cannot be used ({error}); choose the two that belong together"
            ),
        )
    })
}

/// The fault of TLS behind an error, if there is one.
pub(crate) fn fault<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(fault) = error.downcast_ref() {
            return Some(fault);
        }
        // An I/O error leaves out of its sources the error that it wraps.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(fault) = wrapped.and_then(|wrapped| fault(wrapped)) {
            return Some(fault);
        }
        next = error.source();
    }
    None
}

/// Whether the other side says that it has trouble of its own, which may be over soon.
pub(crate) fn may_pass(fault: &rustls::Error) -> bool {
    matches!(fault, rustls::Error::AlertReceived(AlertDescription::InternalError))
}

/// What a fault of TLS with `url` means. Where an alert says no more than that the certificate was
/// refused, `diagnose` looks at it for the flaw.
pub(crate) fn explain(
    fault: &rustls::Error,
    url: &str,
    diagnose: impl FnOnce() -> Option<CertificateFlaw>,
) -> ClientError {
    let refusal = match fault {
        rustls::Error::AlertReceived(alert) => refusal(*alert).map(|kind| (kind, alert)),
        _ => None,
    };
    let Some((kind, alert)) = refusal else {
        return ClientError::Untrusted { url: url.to_owned(), reason: reason(fault) };
    };
    let is_told = matches!(kind, ProblemKind::CertificateRevoked | ProblemKind::CertificateMissing);
    if let Some(flaw) = Some(diagnose).filter(|_| !is_told).and_then(|diagnose| diagnose()) {
        return Problem::from(flaw).into();
    }
    Problem::new(kind).with_detail(format!("TLS: {alert:?}")).into()
}

/// Problems with which the hub, or TLS for it, refuses a connection rather than its content.
pub(crate) fn is_about_the_connection(kind: ProblemKind) -> bool {
    kind.id().starts_with("certificate-")
}

fn refusal(alert: AlertDescription) -> Option<ProblemKind> {
    match alert {
        AlertDescription::CertificateRequired | AlertDescription::NoCertificate => {
            Some(ProblemKind::CertificateMissing)
        }
        // A signature that does not hold: our key fits our certificate, so it is the issuer's, from
        // an authority of the same name.
        AlertDescription::UnknownCA | AlertDescription::DecryptError => {
            Some(ProblemKind::CertificateUnknownIssuer)
        }
        AlertDescription::CertificateRevoked => Some(ProblemKind::CertificateRevoked),
        AlertDescription::CertificateExpired => Some(ProblemKind::CertificateExpired),
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::AccessDenied => Some(ProblemKind::CertificateRefused),
        _ => None,
    }
}

fn reason(fault: &rustls::Error) -> String {
    match fault {
        rustls::Error::InvalidMessage(_) => "TLSではない応答 / not an answer of TLS".to_owned(),
        fault => fault.to_string(),
    }
}

/// The roots in a PEM text, at least one.
pub(crate) fn roots(root_pem: &str) -> Result<RootCertStore, ClientError> {
    let unreadable = || {
        ClientError::input(
            "ルート証明書を読めません。認証局のルート証明書（PEM）を選び直してください",
            "the root certificate cannot be read; choose the CA's root certificate (PEM)",
        )
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(root_pem.as_bytes()) {
        let certificate = certificate.map_err(|_| unreadable())?;
        roots.add(certificate).map_err(|_| unreadable())?;
    }
    if roots.is_empty() { Err(unreadable()) } else { Ok(roots) }
}

/// Certificates are judged by the terminal's clock.
#[derive(Debug)]
struct Time(Clock);

impl TimeProvider for Time {
    fn current_time(&self) -> Option<UnixTime> {
        let since_epoch = self.0.now() - OffsetDateTime::UNIX_EPOCH;
        since_epoch.try_into().ok().map(UnixTime::since_unix_epoch)
    }
}

#[cfg(test)]
mod tests {
    use careplan_protocol::Lang;

    use super::*;

    #[test]
    fn an_alert_is_found_however_deep_it_is_wrapped() {
        let alert = rustls::Error::AlertReceived(AlertDescription::CertificateRevoked);
        let wrapped = io::Error::other(io::Error::other(alert.clone()));
        assert_eq!(fault(&wrapped), Some(&alert));
        assert_eq!(fault(&io::Error::other("something else")), None);
    }

    #[test]
    fn alerts_become_problems_in_plain_words() {
        for (alert, kind) in [
            (AlertDescription::CertificateRequired, ProblemKind::CertificateMissing),
            (AlertDescription::UnknownCA, ProblemKind::CertificateUnknownIssuer),
            (AlertDescription::CertificateRevoked, ProblemKind::CertificateRevoked),
            (AlertDescription::CertificateExpired, ProblemKind::CertificateExpired),
            (AlertDescription::BadCertificate, ProblemKind::CertificateRefused),
        ] {
            let fault = rustls::Error::AlertReceived(alert);
            let error = explain(&fault, "https://hub/", || None);
            assert_eq!(error.problem_kind(), Some(kind));
            assert!(is_about_the_connection(kind));
        }
    }

    #[test]
    fn a_diagnosis_says_more_than_an_alert_unless_the_alert_says_it_all() {
        let told = |alert| {
            let fault = rustls::Error::AlertReceived(alert);
            let diagnosis = || Some(ProblemKind::CertificateUsage.into());
            explain(&fault, "https://hub/", diagnosis).problem_kind()
        };
        let vague = told(AlertDescription::UnsupportedCertificate);
        assert_eq!(vague, Some(ProblemKind::CertificateUsage));
        let clear = told(AlertDescription::CertificateRevoked);
        assert_eq!(clear, Some(ProblemKind::CertificateRevoked));
    }

    #[test]
    fn what_is_not_about_our_certificate_is_about_the_other_side() {
        for fault in [
            rustls::Error::AlertReceived(AlertDescription::ProtocolVersion),
            rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer),
        ] {
            let error = explain(&fault, "https://hub/", || None);
            assert!(matches!(error, ClientError::Untrusted { .. }), "{error:?}");
            assert!(error.line(Lang::En).contains("https://hub/"), "{error}");
        }
    }

    #[test]
    fn a_root_that_is_none_is_refused() {
        assert!(config("no PEM at all", None, &Clock::system()).is_err());
    }
}
