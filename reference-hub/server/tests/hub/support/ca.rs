//! A CA of the tests' own: it lives in memory and marks what it issues as fake.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use axum::{
    Json, Router,
    extract::{Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use careplan_protocol::{Clock, Problem, ProblemKind, UserId, ca};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams,
    SerialNumber,
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub(crate) const PASSWORD: &str = "himitsu-2025";
pub(crate) const TEMPORARY_PASSWORD: &str = "kari-2025";

/// A root, an issuing CA, accounts, and the service that the hub asks.
pub(crate) struct Ca {
    root: CertifiedIssuer<'static, KeyPair>,
    issuing: CertifiedIssuer<'static, KeyPair>,
    address: SocketAddr,
    serials: AtomicU64,
    revoked: Mutex<BTreeSet<u64>>,
    is_away: AtomicBool,
}

/// A certificate with its chain and key.
pub(crate) struct Issued {
    pub(crate) chain_pem: String,
    pub(crate) key_pem: String,
    pub(crate) serial: u64,
}

impl Ca {
    /// Starts the service. It ends with the test's runtime.
    pub(crate) async fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        // The port makes the names differ from those of any other CA.
        let named = |role: &str| ca_params(&format!("{role} {}", address.port()));
        let root = CertifiedIssuer::self_signed(named("root"), key()).expect("signs");
        let issuing = CertifiedIssuer::signed_by(named("issuing"), key(), &root).expect("signs");
        let ca = Arc::new(Self {
            root,
            issuing,
            address,
            serials: AtomicU64::new(1000),
            revoked: Mutex::default(),
            is_away: AtomicBool::new(false),
        });
        let router = Router::new()
            .route("/v1/crl.pem", get(crl))
            .route("/v1/login", post(log_in))
            .layer(middleware::from_fn_with_state(Arc::clone(&ca), fail_while_away))
            .with_state(Arc::clone(&ca));
        tokio::spawn(serve(listener, ca.server(), router));
        ca
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    pub(crate) fn root_pem(&self) -> String {
        self.root.pem()
    }

    /// The certificate of a server on loopback.
    pub(crate) fn server(&self) -> Issued {
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.not_after = now() + Duration::days(3650);
        self.issue(params)
    }

    /// A client certificate for 30 days, with whatever it is to say.
    pub(crate) fn client(&self, office: &str, kind: &str) -> Issued {
        let mut params = CertificateParams::default();
        params.distinguished_name.remove(DnType::CommonName);
        if !office.is_empty() {
            params.distinguished_name.push(DnType::CommonName, office);
        }
        params.distinguished_name.push(DnType::OrganizationalUnitName, kind);
        params.distinguished_name.push(DnType::OrganizationName, ca::FAKE_MARK);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.not_after = now() + Duration::days(30);
        self.issue(params)
    }

    fn issue(&self, mut params: CertificateParams) -> Issued {
        let serial = self.serials.fetch_add(1, Ordering::SeqCst);
        params.not_before = now() - Duration::days(1);
        params.serial_number = Some(serial.into());
        let key = key();
        let certificate = params.signed_by(&key, &self.issuing).expect("signs");
        let chain_pem = certificate.pem() + &self.issuing.pem();
        Issued { chain_pem, key_pem: key.serialize_pem(), serial }
    }

    /// From now on the list names this certificate.
    pub(crate) fn revoke(&self, issued: &Issued) {
        self.revoked.lock().expect("no test panics here").insert(issued.serial);
    }

    /// From now on the service fails, or no longer does.
    pub(crate) fn set_away(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::SeqCst);
    }

    /// The account of an office.
    pub(crate) fn account(&self, office: &str) -> UserId {
        UserId::parse(&format!("KJ00{office}")).expect("a user ID")
    }

    fn crl_pem(&self) -> String {
        let revoked = self.revoked.lock().expect("no test panics here");
        let entry = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: now(),
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: now(),
            next_update: now() + Duration::days(1),
            crl_number: SerialNumber::from(revoked.len() as u64 + 1),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuing).expect("signs").pem().expect("writes")
    }
}

async fn fail_while_away(State(ca): State<Arc<Ca>>, request: Request, next: Next) -> Response {
    match ca.is_away.load(Ordering::SeqCst) {
        true => StatusCode::BAD_GATEWAY.into_response(),
        false => next.run(request).await,
    }
}

async fn crl(State(ca): State<Arc<Ca>>) -> String {
    ca.crl_pem()
}

/// Every account has the same password, and the same temporary one.
async fn log_in(Json(login): Json<ca::Login>) -> Response {
    let refuse = |kind: ProblemKind| {
        let status = StatusCode::from_u16(kind.status()).expect("a status");
        (status, Json(Problem::new(kind))).into_response()
    };
    match login.password.as_str() {
        PASSWORD => {}
        TEMPORARY_PASSWORD => return refuse(ProblemKind::PasswordTemporary),
        _ => return refuse(ProblemKind::LoginFailed),
    }
    let office = login.user_id.as_str()[4..].parse().expect("an office number");
    Json(ca::LoggedIn { token: "t".to_owned(), office, office_name: String::new() }).into_response()
}

async fn serve(listener: TcpListener, identity: Issued, router: Router) {
    let chain = CertificateDer::pem_slice_iter(identity.chain_pem.as_bytes());
    let chain: Vec<_> = chain.collect::<Result<_, _>>().expect("a chain");
    let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .expect("TLS 1.3")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("an identity");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, service) = (acceptor.clone(), TowerToHyperService::new(router.clone()));
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let http = hyper::server::conn::http1::Builder::new();
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

fn ca_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, format!("{name} ({})", ca::FAKE_MARK));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = now() - Duration::days(1);
    params.not_after = now() + Duration::days(3650);
    params
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

fn now() -> OffsetDateTime {
    Clock::system().now()
}
