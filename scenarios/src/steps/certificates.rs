//! Steps of a certificate's life: which kind, applied for, opened with its password, installed.

use std::{fs, path::Path};

use careplan_protocol::ca::{
    Application, Applied, CertificateKind, CertificatePem, Certificates, IssuePassword,
};
use careplan_sandbox::reference_client::{
    CertificateSource, Credentials, Enrolment, Settings, Terminal,
};
use tokio::task::spawn_blocking;

use super::{
    Arguments, Step, StepResult,
    accounts::password,
    ca_door::{AtCa, Said, body, granted, note},
    transport::{outcome, refusal},
};
use crate::{Failure, clerk::Clerk, world::World};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}が{種類}を端末に入れてログインする",
        example: "「見本居宅介護支援センター」が「代理人証明書」を端末に入れてログインする",
        help: "この種類の証明書を持つ端末をもう1台用意し、ログインしてみる。種類は証明書の名称、または「証明書なし」。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(log_in_with(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が証明書の{手続き}を申請する",
        example: "「見本居宅介護支援センター」が証明書の「再発行」を申請する",
        help: "いまのパスワードで認証局にログインし、発行・更新・再発行のどれかを申請する。再発行では、前の証明書はすぐに失効する。断られてもよく、結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(apply(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が違う証明書発行用パスワードを{数}回入力する",
        example: "「見本居宅介護支援センター」が違う証明書発行用パスワードを6回入力する",
        help: "申請した証明書を、違うパスワードで受け取ろうとする。最後の結果を次の手順で確かめる",
        run: |world, arguments| Box::pin(mistype(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}に証明書発行用パスワードが再発行される",
        example: "「見本居宅介護支援センター」に証明書発行用パスワードが再発行される",
        help: "申請した証明書を受け取るための、新しい証明書発行用パスワードを受ける。前のものは使えなくなる",
        run: |world, arguments| Box::pin(reissue_password(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が証明書を受け取り、端末に入れ直す",
        example: "「見本居宅介護支援センター」が証明書を受け取り、端末に入れ直す",
        help: "申請した証明書を証明書発行用パスワードで受け取り、最初の端末に入れ直す",
        run: |world, arguments| Box::pin(install(world, arguments)),
    },
];

async fn log_in_with(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let number = world.office(office)?.number;
    let source = match CertificateKind::ALL.into_iter().find(|kind| kind.name_ja() == name) {
        Some(kind) => {
            let ca = world.sandbox()?.ca().clone();
            let issued = spawn_blocking(move || ca.issue_client(number, kind)).await;
            let issued = issued.map_err(|error| Failure::ours(error.to_string()))?;
            let issued = issued.map_err(|error| Failure::ours(error.to_string()))?;
            let credentials = Credentials::from_pem(&issued.chain_pem, &issued.key_pem);
            CertificateSource::Installed(credentials.map_err(refusal)?)
        }
        None if name == "証明書なし" => CertificateSource::None,
        None => {
            let known: Vec<_> = CertificateKind::ALL.iter().map(|kind| kind.name_ja()).collect();
            return Err(Failure::setup(format!("{}、証明書なし", known.join("、")), name));
        }
    };
    let folder = world.office(office)?.folder.join("another").join(name);
    let mut terminal = enrol(world, office, &folder, source).await?;
    let password = password(world, office)?;
    world.attempt = Some(outcome(terminal.login(&password).await)?);
    Ok(())
}

async fn apply(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, what) = (arguments.text(0), arguments.text(1));
    if !["発行", "更新", "再発行"].contains(&what) {
        return Err(Failure::setup("発行・更新・再発行", what));
    }
    let said = match AtCa::log_in(world, office).await? {
        Ok(ca) => apply_for(world, &ca, what).await?,
        Err(problem) => Err(problem),
    };
    if let Ok(applied) = &said {
        world.applications.insert(office.to_owned(), applied.clone());
    }
    note(world, said)
}

async fn apply_for(world: &World, ca: &AtCa, what: &str) -> Result<Said<Applied>, Failure> {
    if what == "発行" {
        let wanted = body(&Application { kind: CertificateKind::CareInsurance })?;
        return ca.ask(world, "POST /v1/applications", &wanted).await;
    }
    let own: Certificates = granted(ca.ask(world, "GET /v1/certificates", "").await?)?;
    let last = own.certificates.last();
    let last = &last.ok_or_else(|| Failure::unlike("証明書がある", "1枚もない"))?.serial;
    let how = if what == "更新" { "renew" } else { "reissue" };
    ca.ask(world, &format!("POST /v1/certificates/{last}/{how}"), "").await
}

async fn mistype(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, times) = (arguments.text(0), arguments.number(1)?);
    let applied = applied(world, office)?;
    let ca = granted(AtCa::log_in(world, office).await?)?;
    let wrong = Applied { issue_password: "違うパスワード".to_owned(), ..applied };
    for _ in 0..times {
        let said = download(world, &ca, &wrong).await?;
        note(world, said)?;
    }
    Ok(())
}

async fn reissue_password(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let request = format!("POST /v1/applications/{}/issue-password", applied(world, office)?.id);
    let ca = granted(AtCa::log_in(world, office).await?)?;
    let anew = granted(ca.ask(world, &request, "").await?)?;
    world.applications.insert(office.to_owned(), anew);
    Ok(())
}

async fn install(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let ca = granted(AtCa::log_in(world, office).await?)?;
    let issued = granted(download(world, &ca, &applied(world, office)?).await?)?;
    let credentials = Credentials::from_pem(&issued.certificate_chain, &issued.private_key);
    let source = CertificateSource::Installed(credentials.map_err(refusal)?);
    let home = world.office(office)?.terminal().map(|terminal| terminal.folder.clone());
    let home = home.ok_or_else(|| Failure::ours("端末のない事業所"))?;
    enrol(world, office, &home, source).await.map(drop)
}

/// Opens what was applied for with its 証明書発行用パスワード.
async fn download(
    world: &World,
    ca: &AtCa,
    applied: &Applied,
) -> Result<Said<CertificatePem>, Failure> {
    let opening = body(&IssuePassword { issue_password: applied.issue_password.clone() })?;
    let request = format!("POST /v1/applications/{}/certificate.pem", applied.id);
    ca.ask(world, &request, &opening).await
}

/// Makes this folder a terminal of the office, or gives the terminal there another certificate.
pub(super) async fn enrol(
    world: &World,
    office: &str,
    folder: &Path,
    certificate: CertificateSource,
) -> Result<Clerk, Failure> {
    let sandbox = world.sandbox()?;
    let enrolment = Enrolment {
        hub_url: format!("https://{}", sandbox.hub_address()),
        root_pem: sandbox.root_pem().to_owned(),
        user_id: world.office(office)?.user_id.clone(),
        certificate,
    };
    let (clock, observer) = (sandbox.clock(), world.watcher(office));
    let settings = Settings { clock, observer, ..Settings::default() };
    fs::create_dir_all(folder).map_err(|error| Failure::ours(error.to_string()))?;
    Ok(world.clerk(Terminal::enrol(folder, enrolment, settings).await.map_err(refusal)?))
}

fn applied(world: &World, office: &str) -> Result<Applied, Failure> {
    let applied = world.applications.get(office).cloned();
    applied.ok_or_else(|| Failure::setup("先に証明書を申請する手順", office))
}
