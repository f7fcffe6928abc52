//! Steps at the hub's door: connections of every kind, made with bare sockets, because a proper
//! client would not make them.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use careplan_protocol::{Lang, Problem, ProblemKind, ca::CertificateKind};
use careplan_sandbox::fake_ca::{FakeCa, IssuedCertificate, Keep};
use rustls::{
    AlertDescription, ClientConfig, RootCertStore, SupportedProtocolVersion,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    version::{TLS12, TLS13},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};
use tokio_rustls::TlsConnector;

use super::{Arguments, Step, StepResult};
use crate::{
    Exchange, Failure, redact,
    world::{Attempt, World},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}が{入り方}で基盤に接続する",
        example: "「見本居宅介護支援センター」が「証明書なし」で基盤に接続する",
        help: "入り方は 正しい証明書・平文のHTTP・TLS1.2・証明書なし・別の認証局の証明書・失効した証明書・代理人証明書",
        run: |world, arguments| Box::pin(knock(world, arguments)),
    },
    Step {
        keyword: "ならば",
        pattern: "基盤に入れる",
        example: "基盤に入れる",
        help: "直前の接続が断られていないことを確かめる（ログインを求められるところまで進む）",
        run: |world, _| Box::pin(async { got_in(world) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{断り}として断られる",
        example: "「certificate-missing」として断られる",
        help: "直前の接続や送信が、この識別子の問題（careplan problems）またはTLSの警告（alert:…）で断られたことを確かめる",
        run: |world, arguments| Box::pin(async move { refused_as(world, &arguments) }),
    },
];

/// What is asked of the hub: one's own office, which needs a log-in behind the door.
const ASK: &[u8] =
    b"GET /v1/office HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\nconnection: close\r\n\r\n";

/// What the hub answers to those who stand inside its door without having logged in.
const INSIDE: &str = "session-missing";

/// The visitor whom the hub lets in.
const PROPER: &str = "正しい証明書";

/// The visitor whom the hub may still let in for a moment, until it has asked for the list again.
const REVOKED: &str = "失効した証明書";

/// How long the hub may take to hear of a revocation.
const REVOCATION_WAIT: Duration = Duration::from_secs(10);
const REVOCATION_PAUSE: Duration = Duration::from_millis(100);

/// How often somebody knocks where the hub misbehaves for a moment, and how long between.
const KNOCKS_MAX: usize = 20;
const KNOCK_PAUSE: Duration = Duration::from_millis(20);

/// How somebody comes to the door over TLS.
struct Visitor {
    version: &'static SupportedProtocolVersion,
    certificate: Option<IssuedCertificate>,
}

async fn knock(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, way) = (arguments.text(0), arguments.text(1));
    let config = match way {
        "平文のHTTP" => None,
        _ => Some(tls(&visitor(world, office, way)?, world.sandbox()?.root_pem())?),
    };
    let by = format!("{office}（{way}）");
    let mut attempt = knock_until_heard(world, &by, config.as_ref()).await?;
    if way == REVOKED {
        let patience = Instant::now() + REVOCATION_WAIT;
        while attempt == Attempt::Accepted && Instant::now() < patience {
            sleep(REVOCATION_PAUSE).await;
            attempt = knock_until_heard(world, &by, config.as_ref()).await?;
        }
        // Whoever was at the door while the list changed is refused inside; from now on, at the door.
        attempt = knock_until_heard(world, &by, config.as_ref()).await?;
    }
    world.attempt = Some(attempt);
    Ok(())
}

/// Knocks, and knocks again where the run makes the hub misbehave and it does so just now.
async fn knock_until_heard(
    world: &World,
    by: &str,
    config: Option<&ClientConfig>,
) -> Result<Attempt, Failure> {
    let knocks = if world.meets_faults() { KNOCKS_MAX } else { 1 };
    for _ in 1..knocks {
        match knock_once(world, by, config).await {
            Ok(attempt) if !may_pass(&attempt) => return Ok(attempt),
            _ => sleep(KNOCK_PAUSE).await,
        }
    }
    knock_once(world, by, config).await
}

/// Whether the hub says that it is in trouble itself, and nothing of who knocks.
fn may_pass(attempt: &Attempt) -> bool {
    let Attempt::Refused { id, .. } = attempt else { return false };
    let status = ProblemKind::from_id(id).map(ProblemKind::status);
    id == "alert:internal_error" || status.is_some_and(|status| status == 429 || 500 <= status)
}

async fn knock_once(
    world: &World,
    by: &str,
    config: Option<&ClientConfig>,
) -> Result<Attempt, Failure> {
    let hub = world.sandbox()?.hub_address();
    let answer = match config {
        None => talk_plainly(hub).await,
        Some(config) => talk(hub, config.clone(), ASK).await,
    };
    world.note_exchange(shown((by, "GET /v1/office"), hub, &answer));
    match answer {
        Ok(answer) => judge(world, &answer),
        Err(error) => Ok(Attempt::Refused { id: alert(&error)?, rules: Vec::new() }),
    }
}

/// How somebody comes to the door who has all that it takes.
pub(super) fn proper(world: &World, office: &str) -> Result<ClientConfig, Failure> {
    tls(&visitor(world, office, PROPER)?, world.sandbox()?.root_pem())
}

/// How somebody comes to a door that asks for no certificate.
pub(super) fn stranger(world: &World) -> Result<ClientConfig, Failure> {
    tls(&Visitor { version: &TLS13, certificate: None }, world.sandbox()?.root_pem())
}

/// A request with a body of JSON, over a connection of its own. `head` are further lines of the
/// header.
pub(super) fn request(request: &str, head: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{request} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nconnection: close\r\n{head}\r\n{body}"
    )
}

fn visitor(world: &World, office: &str, way: &str) -> Result<Visitor, Failure> {
    let number = world.office(office)?.number;
    let ca = world.sandbox()?.ca();
    let ours = |error: careplan_sandbox::fake_ca::CaFault| Failure::ours(error.to_string());
    let issue = |ca: &FakeCa, kind| ca.issue_client(number, kind).map_err(ours);
    let with = |certificate| Visitor { version: &TLS13, certificate: Some(certificate) };
    Ok(match way {
        PROPER => with(issue(ca, CertificateKind::CareInsurance)?),
        "TLS1.2" => Visitor { version: &TLS12, ..with(issue(ca, CertificateKind::CareInsurance)?) },
        "証明書なし" => Visitor { version: &TLS13, certificate: None },
        "代理人証明書" => with(issue(ca, CertificateKind::Agent)?),
        REVOKED => {
            let certificate = issue(ca, CertificateKind::CareInsurance)?;
            ca.revoke(&certificate.info.serial).map_err(ours)?;
            with(certificate)
        }
        "別の認証局の証明書" => {
            let other = FakeCa::open(Keep::Memory, world.sandbox()?.clock()).map_err(ours)?;
            with(issue(&other, CertificateKind::CareInsurance)?)
        }
        other => return Err(Failure::setup("手順の説明にある入り方", other)),
    })
}

fn tls(visitor: &Visitor, root_pem: &str) -> Result<ClientConfig, Failure> {
    let ours = |error: &dyn std::fmt::Display| Failure::ours(error.to_string());
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(root_pem.as_bytes()) {
        roots.add(root.map_err(|e| ours(&e))?).map_err(|e| ours(&e))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[visitor.version])
        .map_err(|e| ours(&e))?
        .with_root_certificates(roots);
    let Some(certificate) = &visitor.certificate else {
        return Ok(builder.with_no_client_auth());
    };
    let chain = CertificateDer::pem_slice_iter(certificate.chain_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| ours(&e))?;
    let key =
        PrivateKeyDer::from_pem_slice(certificate.key_pem.as_bytes()).map_err(|e| ours(&e))?;
    builder.with_client_auth_cert(chain, key).map_err(|e| ours(&e))
}

async fn talk_plainly(hub: SocketAddr) -> std::io::Result<Vec<u8>> {
    converse(TcpStream::connect(hub).await?, ASK).await
}

/// One request over a connection of its own, and all that comes back.
pub(super) async fn talk(
    hub: SocketAddr,
    config: ClientConfig,
    ask: &[u8],
) -> std::io::Result<Vec<u8>> {
    let name = ServerName::try_from("localhost").map_err(std::io::Error::other)?;
    let stream = TcpStream::connect(hub).await?;
    converse(TlsConnector::from(Arc::new(config)).connect(name, stream).await?, ask).await
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    ask: &[u8],
) -> std::io::Result<Vec<u8>> {
    stream.write_all(ask).await?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer).await {
        // What was answered before the connection was cut short still counts.
        Err(_) if !answer.is_empty() => Ok(answer),
        read => read.map(|_| answer),
    }
}

/// What an answer over HTTP means.
pub(super) fn judge(world: &World, answer: &[u8]) -> Result<Attempt, Failure> {
    if is_good(answer) {
        return Ok(Attempt::Accepted);
    }
    let problem = problem_in(answer)?;
    Ok(if id_of(&problem) == INSIDE { Attempt::Accepted } else { world.refused(&problem) })
}

/// Whether an answer over HTTP is a yes.
pub(super) fn is_good(answer: &[u8]) -> bool {
    status(answer).starts_with('2')
}

/// Whether whoever should answer is in trouble, and has done nothing.
pub(super) fn is_in_trouble(answer: &[u8]) -> bool {
    let status = status(answer).parse::<u16>();
    answer.is_empty() || status.is_ok_and(|status| status == 429 || 500 <= status)
}

/// The problem that an answer over HTTP is.
pub(super) fn problem_in(answer: &[u8]) -> Result<Problem, Failure> {
    serde_json::from_slice(json(answer))
        .map_err(|_| Failure::unlike("application/problem+json の応答", head(answer)))
}

fn id_of(problem: &Problem) -> &str {
    problem.kind.rsplit(':').next().unwrap_or_default()
}

/// The JSON in an answer's body. A body may be sent in chunks: it is what stands between the
/// outermost braces.
pub(super) fn json(answer: &[u8]) -> &[u8] {
    let body = body(answer);
    let end = |brace: u8| body.iter().rposition(|byte| *byte == brace);
    let from = body.iter().position(|byte| *byte == b'{');
    from.zip(end(b'}')).map_or(&[], |(from, to)| &body[from..=to])
}

fn body(answer: &[u8]) -> &[u8] {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    end.map_or(&[], |end| &answer[end + 4..])
}

/// The TLS alert behind a failure, in the words of RFC 8446.
fn alert(error: &std::io::Error) -> Result<String, Failure> {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let Some(rustls::Error::AlertReceived(alert)) = inner else {
        return Err(Failure::unlike("問題の応答またはTLSの警告", error.to_string()));
    };
    Ok(format!("alert:{}", alert_word(*alert)))
}

fn alert_word(alert: AlertDescription) -> String {
    let mut word = String::new();
    let mut after_small = false;
    for char in format!("{alert:?}").chars() {
        if char.is_ascii_uppercase() && after_small {
            word.push('_');
        }
        after_small = char.is_ascii_lowercase();
        word.push(char.to_ascii_lowercase());
    }
    word
}

/// What somebody asked, and what came back.
pub(super) fn shown(
    (by, request): (&str, &str),
    hub: SocketAddr,
    answer: &std::io::Result<Vec<u8>>,
) -> Exchange {
    let (method, path) = request.split_once(' ').unwrap_or(("GET", request));
    Exchange {
        by: by.to_owned(),
        request: format!("{method} {hub}{path}"),
        request_headers: Vec::new(),
        request_body: String::new(),
        answer: match answer {
            Ok(bytes) => status(bytes),
            Err(error) => error.to_string(),
        },
        answer_headers: Vec::new(),
        answer_body: answer.as_deref().map(body).map_or_else(|_| String::new(), redact::body),
    }
}

/// The status, as a terminal notes it; the whole line if there is none in it.
fn status(answer: &[u8]) -> String {
    let head = head(answer);
    head.split(' ').nth(1).map_or_else(|| head.clone(), str::to_owned)
}

/// The status line.
pub(super) fn head(answer: &[u8]) -> String {
    let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    if line.is_empty() {
        "（応答なし）".to_owned()
    } else {
        String::from_utf8_lossy(line).into()
    }
}

fn got_in(world: &World) -> StepResult {
    match &world.attempt {
        Some(Attempt::Accepted) => Ok(()),
        other => Err(Failure::unlike("断られない", told(other.as_ref()))),
    }
}

fn refused_as(world: &World, arguments: &Arguments) -> StepResult {
    let wanted = arguments.text(0);
    match &world.attempt {
        Some(Attempt::Refused { id, .. }) if id == wanted => Ok(()),
        other => Err(Failure::unlike(titled(wanted), told(other.as_ref()))),
    }
}

/// A problem's identifier with its title beside it, in both languages; a TLS alert as it is.
fn titled(id: &str) -> String {
    let Some(kind) = ProblemKind::from_id(id) else { return id.to_owned() };
    format!("{id}（{} / {}）", kind.title(Lang::Ja), kind.title(Lang::En))
}

/// An attempt in words.
pub(super) fn told(attempt: Option<&Attempt>) -> String {
    match attempt {
        None => "まだ何も試していません".to_owned(),
        Some(Attempt::Accepted) => "受け付けられた".to_owned(),
        Some(Attempt::Refused { id, rules }) if rules.is_empty() => titled(id),
        Some(Attempt::Refused { id, rules }) => {
            format!("{}（規則 {}）", titled(id), rules.join("、"))
        }
        Some(Attempt::Checked(rules)) => {
            format!("端末の検査で断られた（規則 {}）", rules.join("、"))
        }
        Some(Attempt::CutOff) => "途中で途切れた".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(kind: ProblemKind) -> Vec<u8> {
        let json = serde_json::to_string(&Problem::new(kind)).expect("serializes");
        format!("HTTP/1.1 {} X\r\nx: y\r\n\r\n1f\r\n{json}\r\n0\r\n\r\n", kind.status())
            .into_bytes()
    }

    #[test]
    fn a_problem_is_read_out_of_an_answer_in_chunks() {
        let refused = problem_in(&answer(ProblemKind::CertificateMissing)).expect("a problem");
        assert_eq!(refused, Problem::new(ProblemKind::CertificateMissing));
        assert_eq!(id_of(&problem_in(&answer(ProblemKind::SessionMissing)).expect("one")), INSIDE);
    }

    #[test]
    fn a_problem_is_told_with_its_title_in_both_languages() {
        let refused = Attempt::of(&Problem::new(ProblemKind::CertificateMissing));
        let said = told(Some(&refused));
        assert!(said.starts_with("certificate-missing（"), "{said}");
        for lang in [Lang::Ja, Lang::En] {
            assert!(said.contains(ProblemKind::CertificateMissing.title(lang)), "{said}");
        }
        assert_eq!(titled("alert:unknown_ca"), "alert:unknown_ca");
    }

    #[test]
    fn an_answer_is_noted_by_its_status_as_a_terminal_notes_it() {
        let hub = "127.0.0.1:1".parse().expect("an address");
        for (answer, noted) in
            [("HTTP/1.1 200 OK\r\n\r\n{}", "200"), ("", "（応答なし）"), ("junk\r\n", "junk")]
        {
            let answer = Ok(answer.as_bytes().to_vec());
            assert_eq!(shown(("甲", "GET /v1/office"), hub, &answer).answer, noted);
        }
    }

    #[test]
    fn an_answer_that_is_no_problem_fails_the_step() {
        let failure = problem_in(b"HTTP/1.1 200 OK\r\n\r\nhello").expect_err("no problem");
        assert_eq!(failure.found, "HTTP/1.1 200 OK");
    }

    #[test]
    fn a_hub_in_trouble_is_knocked_at_again_and_a_refusal_stands() {
        let refused = |id: &str| Attempt::Refused { id: id.to_owned(), rules: Vec::new() };
        for passing in ["unavailable", "too-many-requests", "storage-full", "alert:internal_error"]
        {
            assert!(may_pass(&refused(passing)), "{passing}");
        }
        for lasting in ["certificate-kind", "alert:certificate_required", "tls-required"] {
            assert!(!may_pass(&refused(lasting)), "{lasting}");
        }
        assert!(!may_pass(&Attempt::Accepted));
    }

    #[test]
    fn alerts_are_named_as_the_rfc_names_them() {
        assert_eq!(alert_word(AlertDescription::CertificateRequired), "certificate_required");
        assert_eq!(alert_word(AlertDescription::UnknownCA), "unknown_ca");
    }
}
